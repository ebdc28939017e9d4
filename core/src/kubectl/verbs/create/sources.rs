//! Where `create configmap` and `create secret` take their data from: literals, files, folders, env files.
//! Models kubectl `pkg/cmd/create` handleConfigMapFrom… and `pkg/util`.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::kubectl::{Cx, Failure, Flag, FlagKind, Parsed};
use crate::text::fs;
use crate::text::quote::quote;

/// The flags that name sources.
pub const SOURCES: &[Flag] = &[
    Flag::switch("append-hash", "Append a hash of the data to the name."),
    Flag::text("from-env-file", "A file with lines of key=value.").kind(FlagKind::Slice, "[]"),
    Flag::text("from-file", "A file, a folder, or key=file.").kind(FlagKind::Slice, "[]"),
    Flag::text("from-literal", "A pair key=value.").kind(FlagKind::Array, "[]"),
];

/// The data of an object under construction; its kind and name are for messages.
pub struct Data<'a> {
    /// `ConfigMap` or `Secret`.
    pub kind: &'static str,
    /// Its name.
    pub name: &'a str,
    /// Keys and values so far.
    pub values: BTreeMap<String, String>,
}

fn fail<T>(text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Client(text.into()))
}

impl Data<'_> {
    /// Reads all sources that the flags name.
    ///
    /// # Errors
    /// A source that cannot be read, a bad or repeated key.
    pub fn collect(&mut self, cx: &Cx<'_>, parsed: &Parsed) -> Result<(), Failure> {
        if !parsed.all("from-env-file").is_empty() && (!parsed.all("from-file").is_empty() || !parsed.all("from-literal").is_empty()) {
            return fail("from-env-file cannot be combined with from-file or from-literal");
        }
        for source in parsed.all("from-literal") {
            match source.split_once('=') {
                Some((key, text)) if !key.is_empty() => self.put(key, text)?,
                _ => return fail(format!("invalid literal source {source}, expected key=value")),
            }
        }
        for source in parsed.all("from-file") {
            self.add_file(cx, source)?;
        }
        for source in parsed.all("from-env-file") {
            self.add_env_file(cx, source)?;
        }
        Ok(())
    }

    fn put(&mut self, key: &str, text: &str) -> Result<(), Failure> {
        let wrong = key_faults(key);
        if !wrong.is_empty() {
            let key = quote(key);
            return fail(match self.kind {
                "Secret" => format!("{key} is not valid key name for a Secret {}", wrong.join(";")),
                kind => format!("{key} is not a valid key name for a {kind}: {}", wrong.join(",")),
            });
        }
        if self.values.insert(key.to_string(), text.to_string()).is_some() {
            let (quoted, name) = (quote(key), quote(self.name));
            return fail(match self.kind {
                "Secret" => format!("cannot add key {key}, another key by that name already exists"),
                _ => format!("cannot add key {quoted}, another key by that name already exists in Data for ConfigMap {name}"),
            });
        }
        Ok(())
    }

    /// Takes `file`, `folder` or `key=file`.
    ///
    /// # Errors
    /// Files that cannot be read, and keys that are none or there already.
    pub fn add_file(&mut self, cx: &Cx<'_>, source: &str) -> Result<(), Failure> {
        let base = |path: &str| path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_string();
        let (key, path) = match (source.matches('=').count(), source.split_once('=')) {
            (0, _) => (base(source), source),
            (1, Some(("", path))) => return fail(format!("key name for file path {path} missing")),
            (1, Some((key, ""))) => return fail(format!("file path for key name {key} missing")),
            (1, Some((key, path))) => (key.to_string(), path),
            _ => return fail("key names or file paths cannot contain '='"),
        };
        let full = fs::resolve(cx.cwd, path);
        let stat = cx.files.stat(&full).or_else(|e| fail(format!("error reading {path}: {}", e.text().to_lowercase())))?;
        if !matches!(stat.kind, fs::NodeKind::Dir) {
            let text = cx.files.read(&full).or_else(|e| fail(format!("open {path}: {}", e.text().to_lowercase())))?;
            return self.put(&key, &text);
        }
        if source.contains('=') {
            return fail("cannot give a key name for a directory path");
        }
        for (name, stat) in cx.files.list(&full).unwrap_or_default() {
            if matches!(stat.kind, fs::NodeKind::File) {
                let text = cx.files.read(&format!("{full}/{name}")).or_else(|e| fail(e.text().to_lowercase()))?;
                self.put(&name, &text)?;
            }
        }
        Ok(())
    }

    /// Lines of `key=value`; a bare key takes its value from kubectl's environment.
    fn add_env_file(&mut self, cx: &Cx<'_>, path: &str) -> Result<(), Failure> {
        let full = fs::resolve(cx.cwd, path);
        let stat = cx.files.stat(&full).or_else(|e| fail(format!("error reading {path}: {}", e.text().to_lowercase())))?;
        if matches!(stat.kind, fs::NodeKind::Dir) {
            return fail("env config file cannot be a directory");
        }
        let text = cx.files.read(&full).or_else(|e| fail(format!("open {path}: {}", e.text().to_lowercase())))?;
        for (number, line) in text.lines().enumerate() {
            let line = line.strip_prefix('\u{feff}').filter(|_| number == 0).unwrap_or(line).trim_start();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, given) = line.split_once('=').map_or((line, None), |(k, v)| (k, Some(v.to_string())));
            let wrong = env_key_faults(key);
            if !wrong.is_empty() {
                return fail(format!("{} is not a valid key name: {}", quote(key), wrong.join(";")));
            }
            self.put(key, &given.or_else(|| (cx.env)(key)).unwrap_or_default())?;
        }
        Ok(())
    }
}

/// What is wrong with a key of a ConfigMap or Secret.
fn key_faults(key: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if key.len() > 253 {
        wrong.push("must be no more than 253 bytes".to_string());
    }
    if key.is_empty() || !key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        wrong.push("a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')".to_string());
    }
    if key == "." {
        wrong.push("must not be '.'".to_string());
    } else if key == ".." {
        wrong.push("must not be '..'".to_string());
    } else if key.starts_with("..") {
        wrong.push("must not start with '..'".to_string());
    }
    wrong
}

/// What is wrong with the name of an environment variable.
fn env_key_faults(key: &str) -> Vec<String> {
    let word = |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '_' | '.');
    let first = key.chars().next().is_some_and(word);
    let mut wrong = Vec::new();
    if !first || !key.chars().all(|c| word(c) || c.is_ascii_digit()) {
        wrong.push("a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')".to_string());
    }
    wrong
}
