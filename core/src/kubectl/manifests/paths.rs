//! Which texts `-f` names: files, folders, patterns, standard input and addresses. Models cli-runtime `pkg/resource`
//! FilenameParam, Path and ExpandPathsToFileVisitors.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::kubectl::cx::Cx;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::Parsed;
use crate::kubectl::verbs::server::unknown_host;
use crate::text::fs;

/// What a file's name ends with for a folder to offer it.
const EXTENSIONS: [&str; 3] = [".json", ".yaml", ".yml"];

/// How deep `-R` goes into folders.
const MAX_FOLDERS: usize = 32;

/// A file by the name that messages give it, and its text or why it cannot be read.
pub(super) type Source = (String, Result<String, Failure>);

/// The contents of every source, by the name that messages give it.
///
/// # Errors
/// Paths that are not there; [`Failure::NeedStdin`] while standard input has not ended.
pub(super) fn texts(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Vec<Source>, Failure> {
    let recursive = parsed.on("recursive");
    let mut all: Vec<Source> = Vec::new();
    let mut wrong = Vec::new();
    let mut stdin = false;
    for path in parsed.all("filename") {
        if path == "-" {
            if stdin {
                wrong.push(Failure::Client("standard input cannot be used for multiple arguments".to_string()));
                continue;
            }
            stdin = true;
            let text = cx.stdin.clone().ok_or(Failure::NeedStdin)?;
            all.push(("STDIN".to_string(), Ok(text)));
        } else if path.starts_with("http://") || path.starts_with("https://") {
            let host = path.split('/').nth(2).unwrap_or_default();
            let place = host;
            let host = host.split(':').next().unwrap_or_default();
            let why = match unknown_host(cx, host, "") {
                None => format!("The connection to the server {place} was refused - did you specify the right host or port?"),
                Some(why) => ["Unable to connect to the server: dial tcp: ", &why].concat(),
            };
            all.push((path.clone(), Err(Failure::Plain(why))));
        } else {
            let mut files = Vec::new();
            for match_ in matches(cx, path) {
                match files_at(cx, &match_, recursive) {
                    Ok(found) => files.extend(found),
                    Err(failure) => wrong.push(failure),
                }
            }
            for file in files {
                let text = read_file(cx, &file);
                all.push((file, text));
            }
        }
    }
    Failure::from_many(wrong).map_or(Ok(all), Err)
}

/// The text of one file.
fn read_file(cx: &Cx<'_>, path: &str) -> Result<String, Failure> {
    let text = cx.files.read(&fs::resolve(cx.cwd, path));
    text.map(|text| (*text).clone()).map_err(|error| Failure::Client(format!("open {path}: {}", error.text().to_lowercase())))
}

/// The paths that a pattern stands for; the path itself when it is there or stands for nothing.
fn matches(cx: &Cx<'_>, path: &str) -> Vec<String> {
    let itself = || alloc::vec![path.to_string()];
    let (folder, pattern) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    if !pattern.contains(['*', '?']) || cx.files.exists(&fs::resolve(cx.cwd, path)) {
        return itself();
    }
    let place = if path.starts_with('/') && folder.is_empty() { "/" } else { folder };
    let Ok(entries) = cx.files.list(&fs::resolve(cx.cwd, place)) else { return itself() };
    let names = entries.iter().filter(|(name, _)| fits(pattern, name)).map(|(name, _)| match path.rsplit_once('/') {
        Some((folder, _)) => [folder, "/", name].concat(),
        None => name.to_string(),
    });
    let found: Vec<String> = names.collect();
    if found.is_empty() { itself() } else { found }
}

/// Whether a name fits a pattern of `*` and `?`.
fn fits(pattern: &str, name: &str) -> bool {
    let mut reached = alloc::vec![false; name.chars().count() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for p in pattern.chars() {
        let mut next = alloc::vec![false; reached.len()];
        let mut any = false;
        for (at, here) in reached.iter().enumerate() {
            any |= here;
            let step = at.checked_sub(1).and_then(|before| reached.get(before)).copied().unwrap_or(false);
            let same = at.checked_sub(1).and_then(|before| name.chars().nth(before)) == Some(p);
            if let Some(slot) = next.get_mut(at) {
                *slot = match p {
                    '*' => any,
                    '?' => step,
                    _ => step && same,
                };
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

/// The file at `path`, or the manifests in the folder there.
fn files_at(cx: &Cx<'_>, path: &str, recursive: bool) -> Result<Vec<String>, Failure> {
    let place = fs::resolve(cx.cwd, path);
    if !cx.files.exists(&place) {
        return Err(Failure::Client(format!("the path \"{path}\" does not exist")));
    }
    if !cx.files.is_dir(&place) {
        return Ok(alloc::vec![path.to_string()]);
    }
    let mut files = Vec::new();
    walk(cx, path, recursive, 0, &mut files);
    match files.is_empty() {
        true => Err(Failure::Client(format!("error reading [{path}]: recognized file extensions are [.json .yaml .yml]"))),
        false => Ok(files),
    }
}

fn walk(cx: &Cx<'_>, folder: &str, recursive: bool, depth: usize, files: &mut Vec<String>) {
    let Ok(entries) = cx.files.list(&fs::resolve(cx.cwd, folder)) else {
        return;
    };
    let prefix = match folder.trim_end_matches('/') {
        "" => folder,
        folder => folder.trim_start_matches("./"),
    };
    for (name, _) in entries {
        let path = match prefix {
            "" | "." => name.to_string(),
            "/" => ["/", &*name].concat(),
            prefix => [prefix, "/", &*name].concat(),
        };
        if cx.files.is_dir(&fs::resolve(cx.cwd, &path)) {
            if recursive && depth < MAX_FOLDERS {
                walk(cx, &path, recursive, depth + 1, files);
            }
        } else if EXTENSIONS.iter().any(|extension| path.ends_with(extension)) {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn patterns_fit_names() {
        for (pattern, name, fits) in
            [("*.yaml", "a.yaml", true), ("*.yaml", "a.yml", false), ("a?c*", "abc", true), ("a?c", "ac", false), ("*", "", true)]
        {
            assert_eq!(super::fits(pattern, name), fits, "{pattern} {name}");
        }
    }
}
