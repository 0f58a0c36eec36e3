# SPDX-License-Identifier: MIT
# fish completion for taskscope. Names (jobs, themes, panes) are asked of the program itself; the options are checked
# against its table by tests/style/tables.sh.

function __taskscope_names
	taskscope list $argv[1] 2>/dev/null | cut -f 1,2
end

complete -c taskscope -f
complete -c taskscope -n __fish_use_subcommand -a live -d 'the lab: both crews side by side'
complete -c taskscope -n __fish_use_subcommand -a tour -d 'guided scenes'
complete -c taskscope -n __fish_use_subcommand -a quiz -d 'predict, run, see, explain'
complete -c taskscope -n __fish_use_subcommand -a replay -d 'a recording, in the same screen'
complete -c taskscope -n __fish_use_subcommand -a list -d 'jobs, panes, views, keys, facts, orders, scenes, themes or options'
complete -c taskscope -n __fish_use_subcommand -a doctor -d 'what this machine lets us see'
complete -c taskscope -n '__fish_seen_subcommand_from list' -a 'facts jobs keys options orders panes scenes themes views'
complete -c taskscope -n '__fish_seen_subcommand_from replay' -F
complete -c taskscope -n '__fish_seen_subcommand_from tour' -a 'all (taskscope list scenes 2>/dev/null | cut -f 2)'
complete -c taskscope -s p -l processes -x -d 'worker processes on the left'
complete -c taskscope -s t -l threads -x -d 'worker threads on the right'
complete -c taskscope -s j -l job -x -a '(__taskscope_names jobs)' -d 'what the workers do'
complete -c taskscope -l cpu -x -d 'pin all workers to this CPU'
complete -c taskscope -l arena -x -d 'memory that hosts write before they make workers (default 4, up to 1024)'
complete -c taskscope -l long -d 'tour: every scene'
complete -c taskscope -l short -d 'tour: the clip of three minutes'
complete -c taskscope -l auto -d 'tour: plays itself'
complete -c taskscope -l seed -x -d 'quiz: the same order for a class'
complete -c taskscope -l level -x -a '1 2 3' -d 'quiz: questions of this level'
complete -c taskscope -l claim -x -a '1 2 3 4 5 6 7 8 9' -d 'quiz: questions about this claim'
complete -c taskscope -l timer -x -d 'quiz: seconds for a question'
complete -c taskscope -l results -r -F -d 'quiz: every answer as CSV or JSON'
complete -c taskscope -s i -l interval -x -d 'milliseconds between samples'
complete -c taskscope -l for -x -d 'end after this many seconds'
complete -c taskscope -l speed -x -d 'pace of a replay'
complete -c taskscope -l plain -d 'text frames on standard output'
complete -c taskscope -l json -d 'one JSON object an interval on standard output'
complete -c taskscope -l svg -r -F -d 'the last frame as a picture'
complete -c taskscope -l record -r -F -d 'every sample, to be replayed'
complete -c taskscope -l force -d 'let --record, --svg and --results replace a file'
complete -c taskscope -l size -x -a '60x16 80x24 120x36 200x60' -d 'size of a frame without a screen'
complete -c taskscope -l keys -x -d 'press keys'
complete -c taskscope -l mask-ids -d 'stable made-up ids'
complete -c taskscope -l theme -x -a '(__taskscope_names themes)' -d 'colours'
complete -c taskscope -l pane -x -a '(__taskscope_names panes)' -d 'this pane alone'
complete -c taskscope -l ascii -d 'no character beyond ASCII'
complete -c taskscope -l color -x -a 'auto always never' -d 'use colour'
complete -c taskscope -l mouse -d 'a click selects'
complete -c taskscope -l check -r -d 'list scenes: say what is wrong with this scene file'
complete -c taskscope -l no-sync -d 'no synchronized output'
complete -c taskscope -s h -l help -d 'show help'
complete -c taskscope -s V -l version -d 'show the version'
