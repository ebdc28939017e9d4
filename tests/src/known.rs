//! The list of known differences: what does not match a recording yet, each with its reason.
//!
//! The list only gets shorter. Who is on it must differ; who matches must not be on it.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Known differences of one kind of recording: by name, by part, the reason.
///
/// The part of a transcript is the number of a step, counted from 1; that of a trace is `sizes`,
/// `pods` or `events`.
pub type Reasons = BTreeMap<String, BTreeMap<String, String>>;

/// The file `known-differences.json`.
#[derive(Debug, Default, Deserialize)]
pub struct Known {
    /// Of transcripts.
    #[serde(default)]
    pub transcripts: Reasons,
    /// Of traces.
    #[serde(default)]
    pub traces: Reasons,
    /// What a real cluster draws at random, of both: it may match or not, and some seed must bring what was recorded.
    #[serde(default)]
    pub drawn: Reasons,
}

/// Reads the list.
///
/// # Errors
/// A sentence where the file cannot be read.
pub fn read() -> Result<Known, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("known-differences.json");
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

/// Whether a list has a part of a recording.
#[must_use]
pub fn lists(reasons: &Reasons, name: &str, part: &str) -> bool {
    reasons.get(name).is_some_and(|parts| parts.contains_key(part))
}

/// Holds what differs (name, part, what is to be seen) against a list, chance left aside: what is wrong, or nothing.
#[must_use]
pub fn judge(known: &Reasons, drawn: &Reasons, differing: &[(String, String, Vec<String>)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, part, shown) in differing {
        if !lists(known, name, part) && !lists(drawn, name, part) {
            wrong.push(format!("{name}, {part}: differs\n    {}", shown.join("\n    ")));
        }
    }
    for (name, parts) in known {
        for (part, reason) in parts {
            if reason.trim().is_empty() {
                wrong.push(format!("{name}, {part}: is listed without a reason"));
            }
            if !differing.iter().any(|(n, p, _)| n == name && p == part) {
                wrong.push(format!("{name}, {part}: matches now, take it off known-differences.json ({reason})"));
            }
        }
    }
    wrong
}
