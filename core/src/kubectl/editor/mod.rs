//! Editing objects as text: a temporary file, the editor that the environment names, and what becomes of the file
//! when it is closed. Used by `edit`, `apply edit-last-applied` and the verbs with `--edit`; what is edited is the
//! verb's affair. Models kubectl `pkg/cmd/util/editor`.

mod program;
mod round;
mod save;
mod text;

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::cx::Cx;
use super::failure::Failure;
use super::flags::Parsed;
use super::flow::{Flow, Pending};
use super::manifests::Manifest;
use crate::api::registry::Resource;
use crate::object::value::{remove, text_at};

/// What is edited, and what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Objects of the cluster, all in one file; changes go back as patches.
    Objects,
    /// The configurations that were applied last; they go back into the annotation.
    LastApplied,
    /// Objects that are not there yet, one file each; they are created.
    New,
}

/// One object in the editor.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its resource.
    pub row: Rc<Resource>,
    /// Its namespace; empty for cluster-scoped ones.
    pub namespace: String,
    /// Its name; empty when it has none yet.
    pub name: String,
    /// The object without what components own in it.
    pub body: Value,
}

impl Subject {
    /// An object as it is stored.
    pub fn new(row: &Rc<Resource>, mut body: Value) -> Subject {
        remove(&mut body, "/metadata/managedFields");
        Subject {
            row: row.clone(),
            namespace: text_at(&body, "metadata/namespace").into(),
            name: text_at(&body, "metadata/name").into(),
            body,
        }
    }
}

impl From<Manifest> for Subject {
    fn from(manifest: Manifest) -> Subject {
        Subject { row: manifest.row, namespace: manifest.namespace, name: manifest.name, body: manifest.body }
    }
}

/// Opens the editor on the subjects and goes on until the last of them has been dealt with; what was `wrong` before is
/// told at the end.
///
/// # Errors
/// A format that cannot be edited.
pub fn start(cx: &mut Cx<'_>, parsed: &Parsed, mode: Mode, subjects: Vec<Subject>, wrong: Vec<Failure>) -> Result<Flow, Failure> {
    let batches: VecDeque<Vec<Subject>> = match mode {
        Mode::New => subjects.into_iter().map(|one| alloc::vec![one]).collect(),
        Mode::Objects | Mode::LastApplied => VecDeque::from([subjects]),
    };
    let mut editing = Editing { parsed: parsed.clone(), mode, batches, round: None, wrong };
    Ok(editing.next(cx))
}

/// A verb whose objects are in the editor.
#[derive(Clone)]
struct Editing {
    parsed: Parsed,
    mode: Mode,
    /// What is still to be edited.
    batches: VecDeque<Vec<Subject>>,
    /// What is being edited.
    round: Option<round::Round>,
    wrong: Vec<Failure>,
}

/// How a round of editing has ended.
enum Outcome {
    /// The file is to be opened again.
    Again,
    /// These subjects have been dealt with.
    Over(Result<(), Failure>),
}

impl Editing {
    /// Opens the file of the next subjects, or ends.
    fn next(&mut self, cx: &mut Cx<'_>) -> Flow {
        while let Some(subjects) = self.batches.pop_front() {
            let mut round = round::Round::new(subjects);
            match round.open(cx, &self.parsed, self.mode) {
                Ok(argv) => {
                    self.round = Some(round);
                    return Flow::Program(argv, Box::new(self.clone()));
                }
                Err(failure) => self.wrong.push(failure),
            }
        }
        let Some(failure) = Failure::from_many(core::mem::take(&mut self.wrong)) else { return Flow::Done(0) };
        let (text, code) = failure.print(&self.parsed.path);
        cx.err(&text);
        Flow::Done(code)
    }
}

impl Pending for Editing {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        let Some(mut round) = self.round.take() else { return self.next(cx) };
        match round.closed(cx, &self.parsed, self.mode) {
            Outcome::Over(result) => self.wrong.extend(result.err()),
            Outcome::Again => match round.open(cx, &self.parsed, self.mode) {
                Ok(argv) => {
                    self.round = Some(round);
                    return Flow::Program(argv, Box::new(self.clone()));
                }
                Err(failure) => self.wrong.push(failure),
            },
        }
        self.next(cx)
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}

/// A path that does not exist yet, with ten digits between `prefix` and `suffix`. The digits come from the time, so
/// that the same log of inputs makes the same names.
pub fn temp_name(cx: &Cx<'_>, prefix: &str, suffix: &str) -> String {
    let which: u64 = prefix.bytes().map(u64::from).sum();
    let mut number = cx.now().as_ms().wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ which.wrapping_mul(0x5DEE_CE66);
    loop {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let digits = alloc::format!("{}", number >> 33);
        let path = [prefix, &digits, suffix].concat();
        if !cx.files.exists(&path) {
            return path;
        }
    }
}
