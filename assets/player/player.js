/* Plays a film of taskscope: what a terminal was sent, with captions, chapters and questions. film.cast is the header
 * of an asciicast, film.events are [seconds, kind, data]: o output, r a resize, m a chapter, c what is told, q a question
 * and a its answer, both as JSON. */
function play(film) {
	"use strict";
	film.events = film.events.filter(Array.isArray);
	const { width: cols, height: rows, title, theme: { fg: ink, bg: paper } } = film.cast;
	const palette = film.cast.theme.palette.split(":");
	const light = parseInt(paper.slice(1, 3), 16) > 127;
	const $ = id => document.getElementById(id);
	const of = kind => film.events.filter(e => e[1] === kind);
	const marks = of("m").map(e => ({ at: e[0], name: e[2] }));
	const told = of("c"), answers = of("a");
	const asked = of("q").map(e => ({ at: e[0], ...JSON.parse(e[2]), answer: answers.find(a => a[0] >= e[0]) }));
	const end = film.events.length ? film.events[film.events.length - 1][0] : 0;

	/* --- a terminal: as much of one as a film needs --- */

	const BLANK = [" ", ""];
	const steps = [0, 95, 135, 175, 215, 255];
	function colour(n) {
		if (n < 16)
			return palette[n];
		if (n > 231)
			return `rgb(${[0, 0, 0].map(() => 8 + (n - 232) * 10)})`;
		n -= 16;
		return `rgb(${[n / 36 | 0, (n / 6 | 0) % 6, n % 6].map(i => steps[i])})`;
	}
	function look(codes) { /* each sequence says all, from a reset on */
		let fg = "", bg = "", css = "", turned = false;
		for (let i = 0; i < codes.length; i++) {
			const code = codes[i];
			if (code === 38 || code === 48) {
				if (code === 38)
					fg = colour(codes[i + 2]);
				else
					bg = colour(codes[i + 2]);
				i += 2;
			} else if (code >= 30 && code < 38) fg = colour(code - 30);
			else if (code >= 40 && code < 48) bg = colour(code - 40);
			else if (code === 1) css += "font-weight:bold;";
			else if (code === 2) css += "opacity:.7;";
			else if (code === 4) css += "text-decoration:underline;";
			else if (code === 7) turned = true;
			else if (code === 9) css += "text-decoration:line-through;";
		}
		if (turned)
			[fg, bg] = [bg || paper, fg || ink];
		return (fg && `color:${fg};`) + (bg && `background:${bg};`) + css;
	}
	const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
	const none = /[\p{Mn}\p{Me}\u200b-\u200d]/u;

	class Terminal {
		constructor(from) {
			Object.assign(this, from);
			this.cells = from.cells ? from.cells.slice() : new Array(this.cols * this.rows).fill(BLANK);
		}
		put(text) {
			for (const c of text) {
				const i = this.y * this.cols + this.x;
				if (none.test(c)) {
					this.cells[i - 1] = [this.cells[i - 1][0] + c, this.cells[i - 1][1]];
					continue;
				}
				this.cells[i] = [c, this.look];
				this.x++;
				if (wide.test(c)) {
					this.cells[i + 1] = ["", this.look];
					this.x++;
				}
			}
		}
		take(event) {
			if (event[1] === "r") {
				[this.cols, this.rows] = event[2].split("x").map(Number);
				this.cells = new Array(this.cols * this.rows).fill(BLANK);
			}
			if (event[1] !== "o")
				return;
			for (const part of event[2].matchAll(/\x1b\[([?\d;]*)([A-Za-z])|([^\x1b]+)/g)) {
				const codes = (part[1] || "").split(";").map(Number);
				if (part[3]) this.put(part[3]);
				else if (part[2] === "m") this.look = look(codes);
				else if (part[2] === "J") this.cells.fill(BLANK);
				else if (part[2] === "H") {
					this.y = (codes[0] || 1) - 1;
					this.x = (codes[1] || 1) - 1;
				}
			}
		}
		row(y) {
			return this.cells.slice(y * this.cols, (y + 1) * this.cols);
		}
		text() {
			const rows = [];
			for (let y = 0; y < this.rows; y++)
				rows.push(this.row(y).map(cell => cell[0]).join("").trimEnd());
			return rows.join("\n");
		}
	}

	/* --- seeking: what a terminal was like before every hundredth event is kept --- */

	const kept = [];
	let terminal, next = 0;
	function show(time) {
		if (!terminal || (next > 0 && film.events[next - 1][0] > time)) {
			let k = kept.length - 1;
			while (k > 0 && film.events[kept[k].next - 1][0] > time)
				k--;
			terminal = k >= 0 ? new Terminal(kept[k].terminal)
				: new Terminal({ cols, rows, x: 0, y: 0, look: "" });
			next = k >= 0 ? kept[k].next : 0;
		}
		for (; next < film.events.length && film.events[next][0] <= time; next++) {
			if (next % 100 === 0 && kept.length <= next / 100)
				kept.push({ next, terminal: new Terminal(terminal) });
			terminal.take(film.events[next]);
		}
		draw();
	}

	/* --- the screen: a line of runs a row; a row that did not change is not touched, so that a selection stays --- */

	let drawn = [];
	function run(text, style, width) {
		const span = document.createElement("span");
		span.textContent = text;
		span.style.cssText = style + `width:${width}ch`;
		return span;
	}
	function draw_row(line, cells) {
		let text = "", width = 0, style = null;
		line.textContent = "";
		cells.forEach((cell, x) => {
			if (cell[1] !== style && width) {
				line.append(run(text, style, width));
				text = "";
				width = 0;
			}
			style = cell[1];
			text += cell[0];
			width++;
		});
		line.append(run(text, style, width));
	}
	function draw() {
		const screen = $("screen");
		if (screen.children.length !== terminal.rows || drawn.cols !== terminal.cols) {
			screen.replaceChildren(...Array.from({ length: terminal.rows }, () => document.createElement("div")));
			drawn = [];
			drawn.cols = terminal.cols;
			fit();
		}
		for (let y = 0; y < terminal.rows; y++) {
			const cells = terminal.row(y), key = cells.map(cell => cell.join("\t")).join("\n");
			if (drawn[y] !== key)
				draw_row(screen.children[y], cells);
			drawn[y] = key;
		}
	}
	function fit() {
		const screen = $("screen"), probe = run("0".repeat(10), "", 10);
		probe.style.width = "auto";
		probe.style.fontSize = "100px";
		screen.append(probe);
		const em = probe.getBoundingClientRect().width / 1000 || .6;
		probe.remove();
		const wide = screen.parentElement.clientWidth - 34, high = innerHeight * .72;
		screen.style.fontSize = Math.min(wide / terminal.cols / em, high / terminal.rows / 1.17) + "px";
	}

	/* --- time --- */

	let now = 0, speed = 1, since = null, timer = 0, question = null;
	const clock = t => `${t / 60 | 0}:${String(t % 60 | 0).padStart(2, "0")}`;
	function last_of(list, at, time) {
		let found = -1;
		while (found + 1 < list.length && at(list[found + 1]) <= time)
			found++;
		return found;
	}
	function tell() {
		const t = told[last_of(told, e => e[0], now)], text = t ? t[2] : "";
		if ($("told").textContent !== text)
			$("told").textContent = text;
		$("seek").value = now;
		$("seek").setAttribute("aria-valuetext", clock(now));
		$("clock").textContent = `${clock(now)} / ${clock(end)}`;
		$("play").textContent = since === null ? "▶ play" : "⏸ pause";
		const chapter = last_of(marks, m => m.at, now);
		[...$("chapters").children].forEach((b, i) => b.setAttribute("aria-current", i === chapter));
	}
	function seek(time) {
		now = Math.max(0, Math.min(end, time));
		if (since !== null)
			since = performance.now();
		close_question();
		show(now);
		tell();
	}
	function pause() {
		since = null;
		tell();
	}
	function start() {
		close_question();
		if (now >= end)
			seek(0);
		since = performance.now();
		tell();
		clearTimeout(timer);
		timer = setTimeout(go, 30);
	}
	function go() {
		if (since === null)
			return;
		const before = now, at = performance.now();
		now = Math.min(end, now + (at - since) / 1000 * speed);
		since = at;
		const q = $("ask").checked && asked.find(q => q.at > before - .001 && q.at <= now && !q.done);
		if (q) {
			now = q.at;
			open_question(q);
		}
		show(now);
		tell();
		if (now >= end)
			pause();
		else if (since !== null)
			timer = setTimeout(go, 30);
	}

	/* --- questions --- */

	function button(text, act) {
		const b = document.createElement("button");
		b.type = "button";
		b.textContent = text;
		b.onclick = act;
		return b;
	}
	function open_question(q) {
		question = q;
		q.done = true;
		since = null;
		const head = document.createElement("p");
		head.textContent = q.ask;
		$("quiz").replaceChildren(head, ...q.options.map((text, i) => button(`${i + 1}  ${text}`, () => choose(i))),
			button("watch without an answer (Space)", start));
		$("quiz").hidden = false;
	}
	function close_question() {
		question = null;
		$("quiz").hidden = true;
	}
	function choose(i) {
		const a = question.answer && JSON.parse(question.answer[2]), right = a ? a.right : -1;
		const head = document.createElement("p"), why = document.createElement("div");
		if (right < 0)
			head.textContent = "It could not be decided on that machine.";
		else if (i === right)
			head.textContent = "✓ Right.";
		else
			head.textContent = `✗ Wrong. That machine showed: ${question.options[right]}`;
		why.textContent = (a && a.why && a.why[i]) || "";
		$("quiz").replaceChildren(head, why, button("see it happen (Space)", start));
		$("quiz").lastChild.focus();
		question = null;
	}

	/* --- keys --- */

	function chapter(i) {
		if (marks[i])
			seek(marks[i].at);
	}
	const keys = {
		" ": () => since === null ? start() : pause(),
		ArrowRight: () => seek(now + 5), ArrowLeft: () => seek(now - 5),
		Home: () => seek(0), End: () => seek(end),
		PageDown: () => chapter(last_of(marks, m => m.at, now) + 1),
		PageUp: () => chapter(Math.max(0, last_of(marks, m => m.at, now - 1))),
		".": () => seek(now + .1), ",": () => seek(now - .1),
		"+": () => faster(2), "-": () => faster(.5),
	};
	function faster(factor) {
		speed = Math.max(.25, Math.min(8, speed * factor));
		$("speed").textContent = `× ${speed}`;
	}
	addEventListener("keydown", event => {
		if (event.ctrlKey || event.altKey || event.metaKey)
			return;
		const digit = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
		if (event.key === " " && event.target.matches("button, input[type=checkbox]") && !question)
			return;
		if (digit >= 0 && question && digit < question.options.length)
			choose(digit);
		else if (digit >= 0)
			chapter(digit);
		else if (keys[event.key])
			keys[event.key]();
		else
			return;
		event.preventDefault();
	});

	/* --- all of it --- */

	document.title = title;
	document.documentElement.classList.toggle("light", light);
	document.querySelector("main").insertAdjacentHTML("beforeend", `
		<div id="screen" role="img" aria-label="the screen" style="color:${ink};background:${paper}"></div>
		<div id="told" aria-live="polite"></div>
		<div id="quiz" role="group" aria-label="question" hidden></div>
		<div id="ticks"></div>
		<input id="seek" type="range" min="0" step="0.1" aria-label="time">
		<div class="row"><button id="play" type="button"></button><button id="speed" type="button">× 1</button>
		<label id="asks"><input id="ask" type="checkbox" checked> ask me first</label><span id="clock"></span></div>
		<div class="row" id="chapters"></div>
		<p id="help">Space plays and pauses · ← → 5 seconds · , . a tenth · Home End · 1 to 9, PgUp PgDn chapters · + - speed ·
		text can be selected</p>`);
	$("screen").removeAttribute("role");
	$("seek").max = end;
	$("seek").oninput = () => seek(Number($("seek").value));
	$("play").onclick = keys[" "];
	$("speed").onclick = () => faster(speed >= 4 ? 1 / 8 : 2);
	$("asks").hidden = !asked.length;
	marks.forEach((m, i) => {
		$("chapters").append(button(`${i < 9 ? i + 1 + "  " : ""}${m.name}`, () => chapter(i)));
		const tick = document.createElement("i");
		tick.style.left = `${end ? m.at / end * 100 : 0}%`;
		tick.title = m.name;
		$("ticks").append(tick);
	});
	addEventListener("resize", fit);
	/* #t=12.5 shows that second, #play=12.5 plays from there. */
	const from = () => {
		const place = /^#(t|play)=([\d.]+)$/.exec(location.hash);
		if (place)
			pause();
		seek(place ? Number(place[2]) : now);
		if (place && place[1] === "play")
			start();
	};
	addEventListener("hashchange", from);
	from();
	return { seek, text: () => terminal.text(), questions: asked };
}
