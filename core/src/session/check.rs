//! What the API server would say about a manifest: a dry run in a clone of the world, each complaint led back to the line
//! it is about. Changes nothing, and knows no rule of its own.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::log::InputKind;
use super::world::{ShownKind, World};
use crate::text::outline;

/// The shell in which the dry run goes; it is in a clone and nobody sees it.
const UNSEEN_SHELL: u32 = u32::MAX;

/// Where the manifest lies meanwhile.
const PATH: &str = "/tmp/.checked.yaml";

/// Simulated time after which no more answer is waited for.
const PATIENCE_MS: u64 = 2_000;

/// The most documents that are looked at.
const MAX_DOCUMENTS: usize = 50;

/// Something that is wrong with a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line it is about, from 0.
    pub line: usize,
    /// What the server, or kubectl, says about it.
    pub message: String,
}

/// Everything that is wrong with a manifest, in order of its documents.
pub fn problems(world: &World, text: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    for (first, document) in documents(text).into_iter().take(MAX_DOCUMENTS) {
        let empty = document.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        if !empty {
            let said = dry_run(world, document);
            let rows = outline::rows(document);
            for (line, message) in complaints(&said, document, &rows) {
                found.push(Problem { line: first + line, message });
            }
        }
    }
    found
}

/// The documents of a text, each with the number of its first line.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut from, mut first, mut at) = (0, 0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if line.trim_end() == "---" || line.starts_with("--- ") {
            found.push((first, text.get(from..at).unwrap_or_default()));
            (from, first) = (at + line.len(), number + 1);
        }
        at += line.len();
    }
    found.push((first, text.get(from..).unwrap_or_default()));
    found
}

/// What `kubectl apply --dry-run=server` writes to standard error.
fn dry_run(world: &World, document: &str) -> String {
    let mut world = world.clone();
    let from = world.shown.end();
    let _ = world.files.make_dirs("/tmp", 0);
    let _ = world.files.write(PATH, document, 0);
    // Without a name there is nothing to look for, and so nothing to apply.
    let named = |row: &outline::Row| row.path == outline::path("metadata.name") && !row.value.is_empty();
    let verb = if outline::rows(document).iter().any(named) { "apply" } else { "create" };
    world.apply(UNSEEN_SHELL, &InputKind::Line { text: format!("command kubectl {verb} --dry-run=server -f {PATH}") });
    let end = world.now() + PATIENCE_MS;
    while !world.is_idle(UNSEEN_SHELL) && world.now() < end {
        let next = world.next_at().unwrap_or(end).min(end);
        world.advance(next, u32::MAX);
    }
    let said = world.shown.since(from).filter(|s| s.shell == UNSEEN_SHELL && s.what == ShownKind::Err);
    let said = said.fold(String::new(), |all, s| all + &s.text);
    // What apply says of the patch it tried goes before what is wrong.
    let wrong = said.rsplit_once(&format!("for: \"{PATH}\": ")).map(|(_, wrong)| wrong.to_string());
    wrong.unwrap_or(said)
}

/// The complaints in what was said, each with the line of the document that it is about.
fn complaints(said: &str, document: &str, rows: &[outline::Row]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let add = |found: &mut Vec<(usize, String)>, text: &str| {
        let line = yaml_line(text).unwrap_or_else(|| outline::line_of(rows, &outline::path(path_in(text))));
        let last = document.lines().count().saturating_sub(1);
        found.push((line.min(last), text.trim().to_string()));
    };
    for line in said.lines().filter(|line| !line.starts_with("Warning: ")) {
        let text = without_lead(line);
        if let Some((_, strict)) = text.split_once("strict decoding error: ") {
            strict.split(", ").for_each(|one| add(&mut found, one));
        } else if let Some(one) = line.strip_prefix("* ") {
            add(&mut found, one);
        } else if !text.is_empty() && !text.ends_with("is invalid:") {
            add(&mut found, text);
        }
    }
    found
}

/// A line of kubectl's without what names the file or the object as a whole.
fn without_lead(line: &str) -> &str {
    let line = line.strip_prefix("error: ").unwrap_or(line);
    let line = match line.strip_prefix("Error from server (").and_then(|rest| rest.split_once("): ")) {
        Some((_, rest)) => rest,
        None => line,
    };
    let line = match line.split_once(PATH) {
        Some((before, after)) if before.starts_with("error") => after.trim_start_matches(['"', ':', ' ']),
        _ => line,
    };
    let line = line.strip_prefix("error converting YAML to JSON: ").unwrap_or(line);
    match line.split_once(" is invalid: ") {
        Some((lead, rest)) if lead.starts_with("The ") || lead.contains(" \"") => rest,
        _ => line,
    }
}

/// The line that `yaml: line 5: …` names, from 0.
fn yaml_line(text: &str) -> Option<usize> {
    let (_, rest) = text.split_once("line ")?;
    let digits = rest.split(':').next()?;
    text.starts_with("yaml: ").then(|| digits.parse::<usize>().ok()).flatten().map(|n| n.saturating_sub(1))
}

/// The path that a complaint begins with, or names in quotes after `unknown field`.
fn path_in(text: &str) -> &str {
    if let Some((_, rest)) = text.split_once("field \"") {
        return rest.split('"').next().unwrap_or_default();
    }
    let path = text.split(": ").next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-[]/\"".contains(c);
    if path.chars().all(plain) { path } else { "" }
}

#[cfg(test)]
mod tests {
    use crate::session::{Base, Session, Timing};
    use alloc::string::String;
    use alloc::vec::Vec;

    const GOOD: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: web\n  template:\n    metadata:\n      labels:\n        app: web\n    spec:\n      containers:\n      - name: web\n        image: nginx\n";

    fn said(text: &str) -> Vec<(usize, String)> {
        let session = Session::fresh(1, 0, Timing::LIFE, Base::default());
        session.check_manifest(text).into_iter().map(|p| (p.line, p.message)).collect()
    }

    #[test]
    fn a_good_manifest_has_no_problems() {
        assert_eq!(said(GOOD), []);
        assert_eq!(said(""), []);
        assert_eq!(said("# nothing yet\n---\n"), []);
    }

    #[test]
    fn what_is_there_already_is_checked_as_a_change() {
        let mut session = Session::fresh(1, 0, Timing::LIFE, Base::default());
        session.submit_line(0, "kubectl create deployment web --image=nginx");
        session.settle(60_000);
        let said = |text: &str| session.check_manifest(text).into_iter().map(|p| (p.line, p.message)).collect::<Vec<_>>();
        assert_eq!(said(GOOD), []);
        let all = said(&GOOD.replace("replicas: 2", "replica: 2"));
        assert_eq!(all, [(5, String::from("unknown field \"spec.replica\""))]);
        let all = said(&GOOD.replace("app: web", "app: other"));
        assert!(all.len() == 1 && all[0].1.contains("field is immutable"), "{all:?}");
    }

    #[test]
    fn complaints_lead_to_their_lines() {
        let all = said(&GOOD.replace("replicas: 2", "replica: 2").replace("image: nginx", "imag: nginx"));
        assert_eq!(all.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [5, 16], "{all:?}");
        assert_eq!(all[0].1, "unknown field \"spec.replica\"");
        let all = said(&GOOD.replace("        app: web", "        app: other"));
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(all[0].0, 11, "{all:?}");
        let all = said(&[GOOD, "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec: {}\n"].concat());
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(all[0].0, 22, "{all:?}");
        let all = said("apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n bad: b\n");
        assert_eq!(all.len(), 1, "{all:?}");
        assert!(all[0].0 >= 3, "{all:?}");
        let all = said(&GOOD.replace("name: web", "name: "));
        assert!(all.iter().any(|(line, text)| *line == 3 && text.contains("name or generateName is required")), "{all:?}");
        let all = said("apiVersion: v1\nkind: Pood\nmetadata:\n  name: a\n");
        assert!(all[0].1.contains("no matches for kind"), "{all:?}");
    }
}
