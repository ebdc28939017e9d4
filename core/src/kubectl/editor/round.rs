//! One file in the editor, from being written to what its closing means.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value, json};

use super::program::Editor;
use super::text::{self, Reason};
use super::{Mode, Outcome, Subject, save};
use crate::kubectl::cx::Cx;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::Parsed;
use crate::kubectl::manifests::{self, Manifest};
use crate::kubectl::output::{Options, OutputFormat};
use crate::kubectl::{change, editor};
use crate::text::quote::quote;
use crate::text::yaml;

/// How often a file is opened again; a script that never gets it right ends then.
const MAX_ROUNDS: u32 = 32;

/// What saving has come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Results {
    /// Why the file is to be opened again.
    pub reasons: Vec<Reason>,
    /// Objects that another attempt may save.
    pub retryable: bool,
    /// Objects that were no longer there.
    pub not_found: bool,
}

/// Subjects in one file.
#[derive(Clone)]
pub(super) struct Round {
    pub(super) subjects: Vec<Subject>,
    results: Results,
    /// The file is open because something was wrong with it.
    again: bool,
    original: String,
    edited: String,
    file: String,
    /// The file of the round before, kept until this one is closed.
    kept: String,
    rounds: u32,
}

impl Round {
    pub(super) fn new(subjects: Vec<Subject>) -> Round {
        let results = Results::default();
        let empty = String::new;
        Round { subjects, results, again: false, original: empty(), edited: empty(), file: empty(), kept: empty(), rounds: 0 }
    }

    /// Writes the file and says which program to run on it.
    pub(super) fn open(&mut self, cx: &mut Cx<'_>, parsed: &Parsed, mode: Mode) -> Result<Vec<String>, Failure> {
        let wanted = Some(parsed.text("output")).filter(|format| !format.is_empty()).unwrap_or("yaml");
        let as_json = wanted == "json";
        let mut whole = if as_json { String::new() } else { text::header(mode, &self.results.reasons) };
        if self.again {
            whole.push_str(&text::without_comments(&self.edited));
        } else {
            let options = Options { formats: &["json", "kyaml", "yaml"], ..Options::default() };
            let format = OutputFormat::parse(wanted, &options).map_err(Failure::Client)?;
            if let Some(format) = format {
                format.print(core::slice::from_ref(&self.shown()), false, &mut whole).map_err(Failure::Client)?;
            }
            self.original = whole.clone();
        }
        if parsed.on("windows-line-endings") {
            whole = text::crlf(&whole);
        }
        self.kept = core::mem::take(&mut self.file);
        self.file = temp_file(cx, if as_json { ".json" } else { ".yaml" });
        let now = i64::try_from(cx.now().as_ms()).unwrap_or(0);
        cx.files
            .write(&self.file, &whole, now)
            .map_err(|error| Failure::Client(format!("open {}: {}", self.file, error.text().to_lowercase())))?;
        Ok(Editor::of(cx).argv(&self.file))
    }

    /// The object that the file holds.
    fn shown(&self) -> Value {
        match self.subjects.as_slice() {
            [one] => one.body.clone(),
            many => {
                let items: Vec<Value> = many.iter().map(|one| one.body.clone()).collect();
                json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": Map::new()})
            }
        }
    }

    /// The editor has been closed.
    pub(super) fn closed(&mut self, cx: &mut Cx<'_>, parsed: &Parsed, mode: Mode) -> Outcome {
        let child = cx.child.take();
        let ended = child.as_ref().is_some_and(|child| child.code == 0);
        if !ended {
            let editor = Editor::of(cx).name();
            let what = match child.is_some_and(|child| child.found) {
                true => format!("there was a problem with the editor {editor}"),
                false => format!("unable to launch the editor {editor}"),
            };
            let kept = core::mem::take(&mut self.kept);
            return self.stopped(cx, &kept, Failure::Client(what));
        }
        let before = core::mem::take(&mut self.edited);
        self.edited = cx.files.read(&self.file).map(|text| (*text).clone()).unwrap_or_default();
        self.rounds += 1;
        let file = self.file.clone();
        if self.again && (text::content(&before) == text::content(&self.edited) || self.rounds > MAX_ROUNDS) {
            return self.stopped(cx, &file, Failure::Client("Edit cancelled, no valid changes were saved.".to_string()));
        }
        self.discard(cx, &self.kept.clone());
        if let Some(why) = invalid(&self.edited).filter(|_| change::validation(parsed) != Ok("Ignore")) {
            return self.failed_validation(cx, &why);
        }
        if text::content(&self.original) == text::content(&self.edited) {
            self.discard(cx, &file);
            cx.err("Edit cancelled, no changes made.\n");
            return Outcome::Over(Ok(()));
        }
        if !text::has_lines(&self.edited) {
            self.discard(cx, &file);
            cx.err("Edit cancelled, saved file was empty.\n");
            return Outcome::Over(Ok(()));
        }
        self.results = Results::default();
        let edited = match read_back(cx, &self.edited) {
            Ok(edited) => edited,
            Err(text) => {
                self.again = true;
                let head = format!("The edited file had a syntax error: {text}");
                self.results.reasons.push(Reason { head, fields: Vec::new() });
                return Outcome::Again;
            }
        };
        self.again = false;
        if let Err(failure) = save::save(cx, parsed, mode, &self.subjects, edited, &mut self.results) {
            return self.stopped(cx, &file, failure);
        }
        self.told(cx, &file)
    }

    /// What is said after saving.
    fn told(&mut self, cx: &mut Cx<'_>, file: &str) -> Outcome {
        if self.results.retryable {
            cx.err(&format!("You can run `kubectl replace -f {file}` to try this update again.\n"));
            return Outcome::Over(Err(Failure::Exit(1)));
        }
        if self.results.not_found {
            cx.err(&format!("The edits you made on deleted resources have been saved to {}\n", quote(file)));
            return Outcome::Over(Err(Failure::Exit(1)));
        }
        if self.results.reasons.is_empty() {
            self.discard(cx, file);
            return Outcome::Over(Ok(()));
        }
        self.again = true;
        Outcome::Again
    }

    /// The file cannot be an object at all: it is opened again.
    fn failed_validation(&mut self, cx: &mut Cx<'_>, why: &str) -> Outcome {
        self.results = Results::default();
        self.again = true;
        let Some(first) = self.subjects.first() else { return Outcome::Over(Ok(())) };
        let what = format!("{} {}", first.row.key(), quote(&first.name));
        let field = format!("<nil>: Invalid value: \"The edited file failed validation\": {why}");
        self.results.reasons.push(Reason { head: format!("{what} was not valid"), fields: alloc::vec![field] });
        cx.err(&format!("error: {what} is invalid\n"));
        Outcome::Again
    }

    /// Ends with an error and says where the file is, if it is.
    fn stopped(&self, cx: &mut Cx<'_>, file: &str, failure: Failure) -> Outcome {
        if !file.is_empty() && cx.files.exists(file) {
            cx.err(&format!("A copy of your changes has been stored to {}\n", quote(file)));
        }
        Outcome::Over(Err(failure))
    }

    fn discard(&self, cx: &mut Cx<'_>, file: &str) {
        let now = i64::try_from(cx.now().as_ms()).unwrap_or(0);
        // There is no file in the first round.
        let _ = cx.files.remove(file, now);
    }
}

/// What client-side validation says of the file.
fn invalid(edited: &str) -> Option<String> {
    match yaml::parse(edited) {
        Err(error) => Some(error.to_string()),
        Ok(value) => manifests::kind_errors(&value),
    }
}

/// The objects in the edited file.
fn read_back(cx: &mut Cx<'_>, edited: &str) -> Result<Vec<Manifest>, String> {
    let mut all = Vec::new();
    let mut wrong = Vec::new();
    for one in manifests::of_text(cx, "edited-file", edited) {
        match one {
            Ok(manifest) => all.push(manifest),
            Err(failure) => wrong.push(failure.message()),
        }
    }
    match wrong.as_slice() {
        [] => Ok(all),
        [one] => Err(one.clone()),
        many => Err(format!("[{}]", many.join(", "))),
    }
}

/// A file that is not there yet: `/tmp/kubectl-edit-1234567890.yaml`.
fn temp_file(cx: &Cx<'_>, extension: &str) -> String {
    editor::temp_name(cx, "/tmp/kubectl-edit-", extension)
}
