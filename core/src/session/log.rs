//! The log of inputs: what a scenario is, as data. Its JSON is what links and saved states carry.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::api::Timing;
use crate::bring::{self, Brought};
use crate::time::Instant;

/// The version of the log's form.
pub const LOG_VERSION: u32 = 1;

/// The most inputs a log may carry.
pub const MAX_INPUTS: usize = 5_000;

/// The most inputs that a log may have which this browser itself has kept.
pub const MAX_KEPT_INPUTS: usize = 200_000;

/// The longest simulated time a log may cover: thirty days.
pub const MAX_SPAN_MS: u64 = 30 * 86_400_000;

/// The longest text of one input, in bytes.
pub const MAX_INPUT_BYTES: usize = 1 << 20;

/// The same in a log that this browser itself has kept.
pub const MAX_KEPT_BYTES: usize = 4 << 20;

/// Why a scenario from outside is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be read: why.
    Unreadable(String),
    /// It is of another version.
    Version(u32),
    /// It has so many inputs, more than [`MAX_INPUTS`].
    Inputs(usize),
    /// Its inputs are not in order of time.
    Order,
    /// It covers too long a time, or one that cannot be.
    Span,
    /// It has no worker node, or too many.
    Workers,
    /// It has an input that is too long, or for a shell beyond number 64.
    Input,
    /// It tells too much of its end.
    Reaches,
    /// Its base is too large.
    Base,
    /// The cluster in it is not taken.
    Cluster(bring::Refusal),
}

/// What came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum InputKind {
    /// A line typed at a shell's prompt, or into what runs there.
    Line {
        /// The line without its newline.
        text: String,
    },
    /// A file saved from the page's editor.
    File {
        /// Its absolute path.
        path: String,
        /// Its whole content.
        text: String,
    },
    /// A fault: `node w3-k8s stop`.
    Fault {
        /// What happens to what, in the words of the `fault` command.
        text: String,
    },
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D: the end of standard input.
    Eof,
}

/// An input with its time and place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Simulated milliseconds since the scenario began.
    pub at_ms: u64,
    /// The shell it was for; shells come to be by being used.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shell: u32,
    /// What came in.
    #[serde(flatten)]
    pub kind: InputKind,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Input {
    /// When it came.
    pub fn at(&self) -> Instant {
        Instant(self.at_ms)
    }

    /// The input as JSON on one line, for a journal.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What a scenario starts from, beside the base cluster that is the same for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// Worker nodes; the base cluster's three when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workers: Option<u32>,
    /// Files in the learner's home, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// Manifests applied before instant 0 and settled.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub objects: String,
    /// Lines run before instant 0 and settled, unseen: `kubectl cordon w3-k8s`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// A cluster that was brought, in the place of the base cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<Brought>,
}

/// A scenario: everything needed to make the same world again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// [`LOG_VERSION`].
    pub version: u32,
    /// The engine that made it: the package's version.
    #[serde(default)]
    pub engine: String,
    /// Wall-clock milliseconds since 1970 that instant 0 stands for.
    pub epoch_ms: i64,
    /// The seed of every random choice.
    pub seed: u64,
    /// The pace: `life` or `recorded`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub timing: String,
    /// What it starts from.
    #[serde(default)]
    pub base: Base,
    /// The inputs in order of time.
    pub inputs: Vec<Input>,
    /// Where the log ends: simulated milliseconds.
    #[serde(default)]
    pub end_ms: u64,
    /// The hash of the state at the end, as hexadecimal digits; empty if not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
    /// What there is at the end, a line for each thing that a person would name; empty if not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reaches: Vec<String>,
}

impl Scenario {
    /// A scenario in which nothing has been typed yet.
    pub fn fresh(seed: u64, epoch_ms: i64, timing: Timing, base: Base) -> Scenario {
        Scenario {
            version: LOG_VERSION,
            engine: env!("CARGO_PKG_VERSION").to_string(),
            epoch_ms,
            seed,
            timing: timing.name.to_string(),
            base,
            inputs: Vec::new(),
            end_ms: 0,
            hash: String::new(),
            reaches: Vec::new(),
        }
    }

    /// Reads and checks a scenario that came from outside.
    ///
    /// # Errors
    /// What is wrong.
    pub fn parse(json: &str) -> Result<Scenario, Refusal> {
        let scenario: Scenario = serde_json::from_str(json).map_err(|e| Refusal::Unreadable(alloc::format!("{e}")))?;
        scenario.check()?;
        Ok(scenario)
    }

    /// Reads and checks a scenario of one's own, which may be longer; where it only says that its cluster was brought, as a draft does, `cluster` is that one.
    ///
    /// # Errors
    /// What is wrong.
    pub fn parse_with(json: &str, cluster: Option<Brought>) -> Result<Scenario, Refusal> {
        let mut scenario: Scenario = serde_json::from_str(json).map_err(|e| Refusal::Unreadable(alloc::format!("{e}")))?;
        if scenario.base.cluster.as_ref().is_some_and(|c| c.objects.0.is_empty()) && cluster.is_some() {
            scenario.base.cluster = cluster;
        }
        scenario.check_for(MAX_KEPT_INPUTS, MAX_KEPT_BYTES)?;
        Ok(scenario)
    }

    /// The scenario as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Adds what a journal tells, an input as JSON on each line; inputs of the log that lie after one of them give way. What
    /// cannot be read, or breaks a bound, and all after it is left out.
    pub fn extend(&mut self, journal: &str) {
        for line in journal.lines() {
            let Ok(input) = serde_json::from_str::<Input>(line) else { return };
            let mut longer = self.clone();
            longer.inputs.retain(|other| other.at_ms <= input.at_ms);
            longer.end_ms = longer.end_ms.max(input.at_ms);
            longer.inputs.push(input);
            if longer.check_for(MAX_KEPT_INPUTS, MAX_KEPT_BYTES).is_err() {
                return;
            }
            *self = longer;
        }
    }

    /// Checks every bound.
    ///
    /// # Errors
    /// Which bound is broken.
    pub fn check(&self) -> Result<(), Refusal> {
        self.check_for(MAX_INPUTS, MAX_INPUT_BYTES)
    }

    fn check_for(&self, inputs: usize, bytes: usize) -> Result<(), Refusal> {
        if self.version != LOG_VERSION {
            return Err(Refusal::Version(self.version));
        }
        if self.inputs.len() > inputs {
            return Err(Refusal::Inputs(self.inputs.len()));
        }
        if self.inputs.iter().zip(self.inputs.iter().skip(1)).any(|(a, b)| a.at_ms > b.at_ms) {
            return Err(Refusal::Order);
        }
        let last = self.inputs.last().map_or(0, |i| i.at_ms).max(self.end_ms);
        if last > MAX_SPAN_MS || self.epoch_ms.unsigned_abs() > 8_000_000_000_000 {
            return Err(Refusal::Span);
        }
        if self.base.workers.is_some_and(|n| n == 0 || n > 1000) {
            return Err(Refusal::Workers);
        }
        let size = |kind: &InputKind| match kind {
            InputKind::Line { text } | InputKind::Fault { text } => text.len(),
            InputKind::File { path, text } => path.len() + text.len(),
            InputKind::Interrupt | InputKind::Eof => 0,
        };
        if self.inputs.iter().any(|i| size(&i.kind) > bytes || i.shell > 64) {
            return Err(Refusal::Input);
        }
        if self.reaches.len() > 200 || self.reaches.iter().any(|line| line.len() > 400) {
            return Err(Refusal::Reaches);
        }
        if self.base.files.len() > 200 || self.base.lines.len() > 200 || self.base.objects.len() > MAX_INPUT_BYTES {
            return Err(Refusal::Base);
        }
        self.base.cluster.as_ref().map_or(Ok(()), |cluster| cluster.check().map_err(Refusal::Cluster))
    }
}
