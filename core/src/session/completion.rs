//! Tab for kubectl: what `kubectl __complete` offers for the words so far, each with a few words about it. Never: which
//! words those are (the verb decides).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::host::Machine;
use crate::kubectl::cx::Globals;
use crate::kubectl::{self, Cx, tree};
use crate::object::pod_summary::summary;
use crate::text::fs::FileSystem;

/// The most words that are offered.
const MAX_OFFERS: usize = 1_000;

/// The words that may come next after `words` (the program first, the word being typed last), each followed by a tab and
/// what it is, where that is known.
pub fn kubectl(machine: &mut Machine, words: &[String], cwd: &str) -> Vec<String> {
    let mut asked: Vec<String> = Vec::from(["__complete".to_string()]);
    asked.extend(words.iter().skip(1).cloned());
    let mut said = String::new();
    let timing = machine.timing;
    let mut sink = |error: bool, text: &str| {
        if !error {
            said.push_str(text);
        }
    };
    let mut cx = Cx {
        server: &mut machine.cluster,
        files: &mut FileSystem::new(),
        cwd,
        env: &|_| None,
        stdin: Some(String::new()),
        terminal: false,
        sink: &mut sink,
        ports: &mut machine.ports,
        owner: 0,
        line: None,
        child: None,
        timing,
        words: &asked,
        globals: Globals::default(),
    };
    let _ = kubectl::run(&asked, &mut cx);
    let before = asked.get(1..asked.len().saturating_sub(1)).unwrap_or_default();
    let offers = said.lines().take_while(|line| !line.starts_with(':')).take(MAX_OFFERS);
    offers.map(|word| described(machine, before, word)).collect()
}

/// A word with a tab and what it is: a command's or a flag's help, an object's state.
fn described(machine: &Machine, before: &[String], word: &str) -> String {
    if word.contains('\t') {
        return word.to_string();
    }
    let (command, _, rest) = tree::find(before);
    let about = if let Some(name) = word.strip_prefix("--") {
        let flag = command.all_flags().chain(tree::GLOBAL_FLAGS).find(|flag| flag.name == name.trim_end_matches('='));
        flag.map(|flag| flag.help.to_string())
    } else if let Some(child) = command.children.iter().find(|child| child.name == word) {
        Some(child.short.to_string())
    } else {
        let name = word.rsplit('/').next().unwrap_or(word);
        let pods = matches!(command.name, "logs" | "exec" | "attach" | "port-forward")
            || rest.iter().any(|w| matches!(w.as_str(), "pod" | "pods" | "po"))
            || word.starts_with("po");
        let pod = || machine.cluster.api.list("pods", None).find(|pod| pod.name() == name);
        pods.then(pod).flatten().map(|pod| summary(pod).status)
    };
    match about.filter(|about| !about.is_empty()) {
        Some(about) => [word, "\t", &about].concat(),
        None => word.to_string(),
    }
}
