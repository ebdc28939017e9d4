//! Transcripts: what was typed at a cluster and what it answered. Reading them and their shape.
//!
//! Knows neither how they are compared (`compare`) nor how the engine answers (`replay`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A scenario: files, then commands with their answers, in order.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Transcript {
    /// Unique among transcripts; the stem of its file.
    pub name: String,
    /// The group under which scores are summed.
    #[serde(default)]
    pub topic: String,
    /// Files that lie in the learner's folder from the start, by path.
    #[serde(default, skip_serializing)]
    pub files: BTreeMap<String, String>,
    /// The commands in the order in which they were typed.
    pub steps: Vec<Step>,
}

/// One command and its answer.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Step {
    /// The line for the shell.
    pub run: String,
    /// What it printed on standard output.
    #[serde(default)]
    pub stdout: String,
    /// What it printed on standard error.
    #[serde(default)]
    pub stderr: String,
    /// Its exit code.
    #[serde(default)]
    pub code: i64,
    /// Whether the recorder let the cluster come to rest after it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub settle: bool,
    /// Whether the recorder gave up waiting for rest after its longest wait.
    #[serde(default, skip_serializing)]
    pub settle_timed_out: bool,
    /// Files written just before it.
    #[serde(default, skip_serializing)]
    pub files: BTreeMap<String, String>,
    /// Whether only fields, types, flags and usage count.
    #[serde(default, deserialize_with = "truth", skip_serializing)]
    pub shape: bool,
    /// Whether two recordings of the real one differ here, so that it is not judged.
    #[serde(default, deserialize_with = "truth", skip_serializing)]
    pub skip: bool,
}

/// A mark is true, or a sentence that says why.
fn truth<'de, D: serde::Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Ok(value.as_bool().unwrap_or(!value.is_null()))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this signature")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Reads a file that holds one value or a list of them.
///
/// # Errors
/// A sentence that names the file.
pub fn read_list<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let many = text.trim_start().starts_with('[');
    let read = if many { serde_json::from_str(&text) } else { serde_json::from_str(&text).map(|one| vec![one]) };
    read.map_err(|e| format!("{}: {e}", path.display()))
}

/// All that a folder of this package (`transcripts` or `traces`) holds, sorted by name.
///
/// # Errors
/// A sentence that names the file that cannot be read.
pub fn read_all<T: for<'de> Deserialize<'de>>(folder: &str) -> Result<Vec<T>, String> {
    let lists: Result<Vec<Vec<T>>, String> = recordings(folder).iter().map(|path| read_list(path)).collect();
    Ok(lists?.into_iter().flatten().collect())
}

/// The recordings of a folder of this package (`transcripts` or `traces`), sorted by name.
#[must_use]
pub fn recordings(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    paths.sort();
    paths
}
