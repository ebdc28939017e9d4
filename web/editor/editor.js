// The editor of the learner's files: CodeMirror with YAML, bundled into one file of its own that is loaded when a file is
// first opened. Knows nothing of the cluster: the page hands it what completes, what checks and what to compare with.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { linter, lintGutter, lintKeymap } from "@codemirror/lint";
import { unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Milliseconds of quiet after which a text is checked. */
const QUIET_MS = 300;

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--edit-key)" },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], color: "var(--edit-text)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--edit-value)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--edit-comment)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.meta, tags.squareBracket, tags.brace], color: "var(--edit-mark)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--termink)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "13px", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--edit-caret)", padding: "6px 0" },
  ".cm-cursor": { borderLeftColor: "var(--edit-caret)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--edit-mark)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--edit-line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--edit-selection)" },
  ".cm-selectionMatch": { backgroundColor: "var(--edit-line)" },
  ".cm-tooltip": { backgroundColor: "var(--edit-raised)", color: "var(--termink)", border: "1px solid var(--edit-border)", borderRadius: "8px", overflow: "hidden" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12.5px", maxHeight: "14em" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "3px 10px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--edit-selection)", color: "var(--termink)" },
  ".cm-tooltip-autocomplete li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionDetail": { color: "var(--edit-comment)", fontStyle: "normal", marginLeft: "1.2em" },
  ".cm-panels": { backgroundColor: "var(--edit-raised)", color: "var(--termink)", border: "none" },
  ".cm-panel input, .cm-panel button": { font: "inherit", color: "inherit", background: "transparent", border: "1px solid var(--edit-border)", borderRadius: "6px" },
  ".cm-panel button[name=close]": { border: "none" },
  ".cm-diagnostic": { padding: "6px 10px", fontFamily: "var(--mono)", fontSize: "12.5px", maxWidth: "60ch", whiteSpace: "pre-wrap" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--edit-bad)" },
  ".cm-changedLine": { backgroundColor: "var(--edit-added)" },
  ".cm-deletedChunk": { backgroundColor: "var(--edit-gone)" },
  ".cm-changedText": { background: "none", textDecoration: "underline", textUnderlineOffset: "3px" },
  ".cm-deletedText": { background: "none" },
  ".cm-foldPlaceholder": { background: "transparent", color: "inherit", border: "1px solid var(--edit-border)" },
}, { dark: true });

/** Puts a field in, and what must follow it: a list's first dash, the deeper line of an object; then offers what may come there. */
function putting(column) {
  return (view, { label, detail }, from, to) => {
    const deeper = "\n" + " ".repeat(column);
    const more = !label.endsWith(":") ? "" : detail.startsWith("<[]") ? deeper + "- " : deeper + "  ";
    const insert = label + more;
    view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input.complete" });
    if (/[: ]$/.test(insert)) setTimeout(() => startCompletion(view));
  };
}

/** Asks the page which words may stand at the cursor. */
function completing(offer) {
  return autocompletion({
    icons: false,
    override: [async (context) => {
      const line = context.state.doc.lineAt(context.pos);
      const typed = context.matchBefore(/[\w./-]+/);
      if (!typed && !context.explicit && !/(^\s*(- )?|: )$/.test(line.text.slice(0, context.pos - line.from))) return null;
      const found = await offer(context.state.doc.toString(), line.number - 1, context.pos - line.from);
      if (!found.options.length) return null;
      const options = found.options.map(([label, detail], place) => ({ label, detail, boost: -place, apply: putting(found.from) }));
      return { from: line.from + found.from, options, filter: true };
    }],
  });
}

/** Asks the page what is wrong with the text. */
function checking(check) {
  return linter(async (view) => {
    const { doc } = view.state;
    const problems = await check(doc.toString());
    return problems.map(([number, message]) => {
      const line = doc.line(Math.max(1, Math.min(doc.lines, number + 1)));
      const blank = line.text.length - line.text.trimStart().length;
      return { from: Math.min(line.from + blank, line.to), to: line.to, severity: "error", message };
    });
  }, { delay: QUIET_MS });
}

/** What people who know vi type to leave it, on a line of its own: it is taken out again, and done. */
const LEAVING = /^:(wq?|x|q)!?$/;

function leaving(page) {
  return (view) => {
    const line = view.state.doc.lineAt(view.state.selection.main.head);
    const typed = LEAVING.exec(line.text);
    if (!typed) return false;
    const from = line.from > 0 ? line.from - 1 : 0;
    const to = line.from > 0 ? line.to : Math.min(line.to + 1, view.state.doc.length);
    view.dispatch({ changes: { from, to } });
    if (typed[1] !== "q") page.save();
    if (typed[1] !== "w") page.done(typed[1] !== "q");
    return true;
  };
}

/**
 * Puts an editor into `parent`. `page` has `text`, `label`, `phrases`, `changed(text)`, `save()`, `done(saved)`,
 * `offer(text, line, column)` and `check(text)`, the last two promising an answer.
 */
function open(parent, page) {
  const compared = new Compartment();
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: page.text,
      extensions: [
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        highlightActiveLineGutter(),
        highlightActiveLine(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("  "),
        bracketMatching(),
        closeBrackets(),
        highlightSelectionMatches(),
        yaml(),
        syntaxHighlighting(colours),
        look,
        completing(page.offer),
        checking(page.check),
        compared.of([]),
        EditorState.phrases.of(page.phrases),
        EditorView.contentAttributes.of({ "aria-label": page.label, spellcheck: "false", autocapitalize: "none" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) page.changed(update.state.doc.toString());
        }),
        keymap.of([
          { key: "Enter", run: leaving(page) },
          { key: "Mod-s", preventDefault: true, run: () => { page.save(); return true; } },
          { key: "Mod-Enter", preventDefault: true, run: () => { page.apply(); return true; } },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...lintKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...defaultKeymap,
          // Escape, then Tab, leaves the editor.
          indentWithTab,
        ]),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    set(text) {
      if (text !== view.state.doc.toString()) {
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      }
    },
    /** Shows what differs from `original`, or ends that. */
    compare(original) {
      const shown = original === null || original === undefined ? [] : unifiedMergeView({ original, mergeControls: false, gutter: true });
      view.dispatch({ effects: compared.reconfigure(shown) });
    },
    close: () => view.destroy(),
  };
}

window.kubepieEditor = { open };
