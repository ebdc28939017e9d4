//! Which program edits, and with which words it is called. Models kubectl `pkg/cmd/util/editor` editor.go.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::kubectl::cx::Cx;
use crate::text::quote::quote;

/// The editor that the environment names.
pub(super) struct Editor {
    words: Vec<String>,
    /// The last word is a line for a shell.
    shell: bool,
}

impl Editor {
    /// `KUBE_EDITOR`, else `EDITOR`, else `vi`. Words with quotes are left to the person's shell.
    pub(super) fn of(cx: &Cx<'_>) -> Editor {
        let named = ["KUBE_EDITOR", "EDITOR"].into_iter().filter_map(|name| (cx.env)(name)).find(|editor| !editor.is_empty());
        let editor = named.unwrap_or_else(|| "vi".to_string());
        if !editor.contains(' ') {
            return Editor { words: alloc::vec![editor], shell: false };
        }
        if !editor.contains(['"', '\'', '\\']) {
            return Editor { words: editor.split(' ').map(ToString::to_string).collect(), shell: false };
        }
        let shell = (cx.env)("SHELL").filter(|shell| !shell.is_empty()).unwrap_or_else(|| "/bin/bash".to_string());
        Editor { words: alloc::vec![shell, "-c".to_string(), editor], shell: true }
    }

    /// As messages name it.
    pub(super) fn name(&self) -> String {
        quote(&self.words.join(" "))
    }

    /// The program and its arguments for a file.
    pub(super) fn argv(&self, path: &str) -> Vec<String> {
        let mut words = self.words.clone();
        match words.last_mut() {
            Some(line) if self.shell => *line = [line.as_str(), " ", &quote(path)].concat(),
            _ => words.push(path.to_string()),
        }
        words
    }
}
