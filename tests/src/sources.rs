//! The project's own sources, for the tests that hold them to the rules of ARCHITECTURE.md.

use std::path::{Path, PathBuf};

/// A file of the project.
pub struct Source {
    /// Its path from the workspace's folder, with `/` between the parts.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// Folders that are made by tools.
const MADE: [&str; 5] = ["target", "dist", "node_modules", ".git", "test-results"];

/// The workspace's folder.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// Every text file below `folder` (from the workspace's folder) whose name ends in one of `ends`,
/// sorted by path.
#[must_use]
pub fn below(folder: &str, ends: &[&str]) -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if !MADE.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if ends.iter().any(|end| name.ends_with(end))
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                let path = path.strip_prefix(&root).unwrap_or(&path);
                found.push(Source { path: path.to_string_lossy().replace('\\', "/"), text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}
