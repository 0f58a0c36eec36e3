# SPDX-License-Identifier: MIT
# bash completion for taskscope. Names (jobs, themes, panes) are asked of the program itself; the options are checked
# against its table by tests/style/tables.sh.

_taskscope_names() {
	taskscope list "$1" 2>/dev/null | cut -f 1
}

_taskscope() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local options='--processes --threads --right --job --cpu --spread --arena --example --shell --output --exit-code --isolate --no-children --wait --long --short --auto --pace --clean --presenter --srt --seed --level
		--claim --timer --interview --notes --export-c --results --names --no-state --interval --for --speed --plain --linear --json --svg --cast --html --csv --trace --record --force
		--size --keys --mask-ids --quick --rounds --cpus --working-set --ballast --workers --method --theme --pane --ascii
		--vertical
		--color --no-mouse --safe --no-sync --no-config --check --help --version'
	local commands='live run attach tour quiz notes replay measure list doctor class help version'
	local command=${COMP_WORDS[1]}
	COMPREPLY=()
	if [[ $previous == = ]]; then # --job=NAME comes as three words
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi

	case $previous in
	--right) COMPREPLY=($(compgen -W 'threads user' -- "$current")) ;;
	--job | -j) COMPREPLY=($(compgen -W "$(_taskscope_names jobs)" -- "$current")) ;;
	--theme) COMPREPLY=($(compgen -W "$(_taskscope_names themes)" -- "$current")) ;;
	--pane) COMPREPLY=($(compgen -W "$(_taskscope_names panes)" -- "$current")) ;;
	--color) COMPREPLY=($(compgen -W 'auto always never' -- "$current")) ;;
	--size) COMPREPLY=($(compgen -W '60x16 80x24 120x36 200x60' -- "$current")) ;;
	--processes | -p | --threads | -t | --cpu | --arena | --interval | -i | --for | --speed | --keys | --seed | --timer | \
		--rounds | --cpus | --working-set | --ballast | --workers | --method) ;;
	--level) COMPREPLY=($(compgen -W '1 2 3' -- "$current")) ;;
	--claim) COMPREPLY=($(compgen -W '1 2 3 4 5 6 7 8 9' -- "$current")) ;;
	tour | quiz) COMPREPLY=($(compgen -W "all $(taskscope list scenes 2>/dev/null | cut -f 2)" -- "$current")) ;;
	--svg | --cast | --html | --csv | --trace | --srt | --record | --results | --export-c | --notes | --output | --check | replay) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
	run) COMPREPLY=($(compgen -c -- "$current")) ;;
	--example) COMPREPLY=($(compgen -W "$(_taskscope_names examples)" -- "$current")) ;;
	help) COMPREPLY=($(compgen -W "$commands" -- "$current")) ;;
	measure) COMPREPLY=($(compgen -W 'switch create talk memory all' -- "$current")) ;;
	list) COMPREPLY=($(compgen -W 'duels examples facts jobs keys options orders panes scenes themes views' -- "$current")) ;;
	*)
		if [[ $current == -* ]]; then
			COMPREPLY=($(compgen -W "$options" -- "$current"))
		elif [[ $command == attach ]]; then
			COMPREPLY=($(compgen -W "$(ps -eo pid=,comm= 2>/dev/null)" -- "$current"))
		elif [[ $command == run ]]; then
			COMPREPLY=($(compgen -c -- "$current") $(compgen -f -- "$current"))
		else
			COMPREPLY=($(compgen -W "$commands" -- "$current"))
		fi
		;;
	esac
}

complete -F _taskscope taskscope
