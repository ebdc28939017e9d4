// The second half of the engine, and what is done on the page before it is there: the browser writes into the line, and
// all else is held and done in its order when that half has come. So nothing of the engine runs before all of it can.
// Never: what keys and clicks mean; only which of them the browser can do alone.

globalThis.kubepie = (() => {
  const url = document.documentElement.dataset.wasm;
  /** What the first half exports. */
  let first;
  const there = () => !url || first?.there.value === 1;
  let arrived;
  const whole = new Promise((done) => (arrived = done));
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  const say = (ko, en) => (document.documentElement.lang === "ko" ? ko : en);

  // --- The second half.

  function link(module) {
    if (there()) return;
    const imports = { ...first };
    for (let n = 0; n < first.own.length; n += 1) imports[`f${n}`] = first.own.get(n);
    new WebAssembly.Instance(module, { first: imports });
    first.there.value = 1;
    arrived();
  }

  async function load() {
    const response = await fetch(url, { priority: "low" });
    if (!response.ok) throw new Error(response.status);
    const copy = response.clone();
    globalThis.caches?.open("kubepie").then((cache) => cache.put(url, copy)).catch(() => {});
    const named = response.headers.get("content-type")?.startsWith("application/wasm");
    link(await (named ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer())));
  }

  /** Fetches the second half, as often as somebody asks for it, until it is there. */
  async function fetchRest() {
    while (!there()) {
      try {
        await load();
      } catch {
        await new Promise((again) => {
          note(say("엔진의 나머지를 받지 못했어요. 입력한 것은 그대로 있어요.", "The rest of the engine could not be fetched. What you typed is kept."), again);
          addEventListener("online", again, { once: true });
        });
      }
      note();
    }
  }

  /** A sentence above everything, with a button where something can be tried again; without a sentence it goes away. */
  function note(text, again) {
    const old = document.querySelector(".coming");
    if (old?.contains(document.activeElement)) document.querySelector(".line input")?.focus();
    old?.remove();
    if (!text) return;
    const box = Object.assign(document.createElement("div"), { className: "coming", role: again ? "alert" : "status" });
    box.append(text);
    if (again) {
      const button = Object.assign(document.createElement("button"), { className: "chip accent", textContent: say("다시 시도", "Try again") });
      button.addEventListener("click", again);
      box.append(button);
    }
    document.body.append(box);
  }

  // --- What is held.

  /** What was done, in order: functions that do it; those that answer something are waited for. */
  const held = [];
  /** What of the line, before and after its cursor, is in `held` already. */
  let before = "", after = "";
  /** What is held changes the line, so that the keys of this line wait too. */
  let strict = false;
  let composing = false, owed = false, committed = "";
  /** What is held is being done; and it is now that something of it is done. */
  let playing = false, doing = false;

  function hold(act) {
    held.push(act);
    const slow = () => held.length && !document.querySelector(".coming")
      && note(say("엔진의 나머지를 받고 있어요. 방금 한 것은 이어서 할게요.", "The rest of the engine is on its way. What you did comes right after."));
    if (held.length === 1) setTimeout(slow, 400);
  }

  function send(target, event) {
    doing = true;
    try {
      return target.dispatchEvent(event);
    } finally {
      doing = false;
    }
  }

  const repeat = (e) => hold(() => e.target.isConnected !== false && (send(e.target, new e.constructor(e.type, e)), true));
  /** What the browser tells by itself, and whom: told again, once, when all is done. */
  const news = new Map();
  const told = (e) => news.set(e.type, e.target);
  const changed = (line) => send(line, new InputEvent("input", { bubbles: true }));

  function press(line, key, more) {
    const [left] = ["keydown", "keyup"].map((type) => send(line, new KeyboardEvent(type, { key, bubbles: true, cancelable: true, ...more })));
    // What the engine leaves to the browser: of the keys that are held only this one.
    if (left && key === "f") line.selectionStart = Math.min(line.selectionStart + 1, line.value.length);
    return true;
  }

  /** Pastes a text into the line; its cursor ends so many characters before the end of it. */
  function paste(line, text, back) {
    const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "clipboardData", { value: { getData: () => text } });
    if (!send(line, event)) return true;
    line.setRangeText(text, line.selectionStart, line.selectionEnd, "end");
    if (back) line.setSelectionRange(line.selectionEnd - back, line.selectionEnd - back);
    changed(line);
  }

  /** Holds what the browser has written into the line. */
  function take(line) {
    if (playing) return;
    const { value, selectionEnd: at } = line;
    const end = value.length - after.length;
    if (before.length <= end && value.startsWith(before) && value.endsWith(after)) {
      const text = value.slice(before.length, end);
      if (text) hold(() => paste(line, text, end - at));
    } else {
      hold(() => {
        line.value = value;
        line.setSelectionRange(at, at);
        changed(line);
      });
    }
    [before, after] = [value.slice(0, at), value.slice(at)];
  }

  /** Holds something that is done to the line, which is then thought to hold this text. */
  function holdIn(line, act, text) {
    take(line);
    hold(act);
    if (playing) return;
    [line.value, before, after] = [text, text, ""];
    strict = text !== "";
  }

  const enter = (line) => holdIn(line, () => press(line, "Enter", { code: "Enter" }), "");

  /** Keys that the browser would do too early after others that are held, and what does the same on a terminal. */
  const CONTROL = { Backspace: "h", Delete: "d", Home: "a", End: "e", ArrowLeft: "b", ArrowRight: "f" };

  /** Whether a key in the line, which writes nothing, is for the engine. */
  function isForEngine(e, line) {
    const letter = /^[a-z]$/i.test(e.key) ? e.key.toLowerCase() : (/^Key(.)$/.exec(e.code)?.[1] ?? "").toLowerCase();
    if (e.metaKey || e.ctrlKey && (e.altKey || e.shiftKey)) return false;
    if (e.altKey) return /^(Key|Digit|Period|Backspace|Arrow)/.test(e.code);
    // What is selected is copied.
    if (e.ctrlKey && letter === "c") return line.selectionStart === line.selectionEnd && getSelection().isCollapsed;
    if (e.ctrlKey) return letter !== "" && !"vxz".includes(letter);
    if (e.key === "Tab") return line.value !== "" || strict;
    return /^(Escape|ArrowUp|ArrowDown|PageUp|PageDown)$/.test(e.key) || strict && e.key in CONTROL;
  }

  const deeds = {
    keydown(e) {
      const line = document.querySelector(".line input");
      if (!e.key) return;
      const writes = e.key.length === 1 && !e.ctrlKey && !e.altKey && !e.metaKey;
      if (e.target !== line) {
        if (e.target.matches?.(".out") && (writes || e.key === "Enter")) line?.focus();
        else if (e.key !== "Tab") repeat(e);
        return;
      }
      const method = e.isComposing || e.keyCode === 229;
      if (e.key === "Enter" || method && e.code.endsWith("Enter")) {
        owed = method;
        if (method) return;
        e.preventDefault();
        enter(line);
      } else if (!method) {
        [owed, committed] = [false, ""];
        const waits = writes ? strict || playing : isForEngine(e, line);
        if (!waits) return;
        e.preventDefault();
        take(line);
        if (writes) hold(() => paste(line, e.key));
        else {
          strict = true;
          const control = !e.ctrlKey && !e.altKey && CONTROL[e.key];
          hold(() => (control ? control === "d" && !line.value || press(line, control, { ctrlKey: true }) : press(line, e.key, {
            code: e.code, ctrlKey: e.ctrlKey, altKey: e.altKey, shiftKey: e.shiftKey })));
        }
      }
    },
    // The last syllable of a line and the Enter that ended it: see compose.rs.
    keyup(e) {
      if (e.key !== "Enter" || !owed || composing) return;
      owed = false;
      if (/^[ㄱ-ㆎ가-힣]+$/.test(committed)) enter(e.target);
    },
    compositionstart() { composing = true; },
    compositionend(e) { [composing, committed] = [false, e.data]; },
    paste(e) {
      const line = document.querySelector(".line input");
      if (e.target !== line) return;
      const text = e.clipboardData.getData("text");
      if (!/[\r\n]/.test(text) && !playing) return;
      e.preventDefault();
      const last = (line.value.slice(0, line.selectionStart) + text + line.value.slice(line.selectionEnd)).split(/\r\n?|\n/).pop();
      holdIn(line, () => paste(line, text), last);
    },
    click(e) {
      if (e.target.closest("a[href], input, select, textarea")) return;
      e.preventDefault();
      repeat(e);
    },
    // A key of the row for phones does not take the focus from the line.
    pointerdown(e) { if (e.target.closest(".keys")) e.preventDefault(); },
    input(e) { if (!e.target.matches(".line input")) repeat(e); },
    dblclick: repeat,
    change: repeat,
    resize: told,
    hashchange: told,
    visibilitychange: told,
  };

  /** Holds what is done from now on; answers a function that does it, and from then on the engine hears everything itself. */
  function guard() {
    const over = new AbortController();
    const ended = [];
    const types = [...Object.keys(deeds), "focusin", "focusout", "mouseover", "mouseleave", "pagehide", "scroll", "wheel"];
    for (const type of types) {
      addEventListener(type, (e) => {
        if (doing || e.target.closest?.(".coming")) return;
        e.stopImmediatePropagation();
        deeds[type]?.(e);
        if (type === "compositionend") setTimeout(() => ended.splice(0).forEach((go) => go()));
      }, { capture: true, signal: over.signal });
    }
    return async () => {
      const line = document.querySelector(".line input");
      while (held.length) {
        // A syllable is never taken from under the fingers.
        while (composing) await new Promise((go) => ended.push(go));
        if (!playing && line) {
          take(line);
          line.value = "";
        }
        playing = true;
        if (held.shift()?.()) await sleep(20);
      }
      over.abort();
      note();
      for (const [type, target] of news) target.dispatchEvent(new Event(type, { bubbles: true }));
      if (!line?.isConnected) return;
      if (composing) line.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
      changed(line);
    };
  }

  return {
    /** Takes what the first half exports and draws the page: at once on a first visit; who comes back needs all of it. */
    begin(exports, start) {
      first = exports;
      let back = location.hash.length > 1 || location.search.length > 1;
      try {
        back ||= Object.keys(localStorage).some((key) => key.startsWith("kubepie."));
      } catch {}
      if (there()) return start();
      fetchRest();
      if (back) return void whole.then(start);
      const go = guard();
      start();
      whole.then(go);
    },
    hasRest: there,
    /** If something of the second half is called before it is there, against all that is written above. */
    loadRest() {
      if (there()) return;
      performance.mark("kubepie-late");
      const request = new XMLHttpRequest();
      // Another address: a request for the same one would wait in the browser's cache for the one that is under way.
      request.open("GET", url + "?now", false);
      request.overrideMimeType("text/plain; charset=x-user-defined");
      request.send();
      link(new WebAssembly.Module(Uint8Array.from(request.responseText, (c) => c.charCodeAt(0))));
    },
  };
})();
// Without a network the page is what it was on the last visit.
addEventListener("load", () => navigator.serviceWorker?.register("./sw.js").catch(() => {}));
