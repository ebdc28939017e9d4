//! What the containers of a cluster that was brought were seen to do, so that they go on doing it: nobody here has their
//! images. Never: how they do it (the kubelet).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};

use serde_json::Value;

use crate::object::value::{get, text_at};

/// What a container does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// How it ends by itself: after how many milliseconds and with which code.
    pub ends: Option<(u64, i32)>,
    /// Whether that is because it takes more memory than it may.
    pub out_of_memory: bool,
    /// Whether it answers when it is asked whether it is ready.
    pub ready: bool,
}

impl Act {
    /// Runs and serves.
    pub const RUNS: Act = Act { ends: None, out_of_memory: false, ready: true };
    /// Does its work and ends well, after a second.
    pub const ENDS: Act = Act { ends: Some((1_000, 0)), out_of_memory: false, ready: true };
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Images that could not be had, as the specs name them, and what the registry said.
    pub refused: BTreeMap<String, String>,
    /// What containers do of which others with the same command do something else: by UID of the Pod and name.
    pub by_pod: BTreeMap<(Rc<str>, String), Act>,
    /// What is done by image and command.
    pub by_command: BTreeMap<String, Act>,
    /// Namespace, name and command of containers that are there, whatever their image.
    pub places: BTreeSet<String>,
}

/// A container's command as one text.
fn words(container: &Value) -> String {
    let part = |key: &str| get(container, key).map(ToString::to_string).unwrap_or_default();
    [part("command").as_str(), "\n", &part("args")].concat()
}

/// A container's image and command as one text.
pub fn command(container: &Value) -> String {
    [text_at(container, "image"), "\n", &words(container)].concat()
}

/// A container's namespace, name and command as one text.
pub fn place(namespace: &str, container: &Value) -> String {
    [namespace, "\n", text_at(container, "name"), "\n", &words(container)].concat()
}

impl Seen {
    /// What the container of a Pod does; `None` if nothing was seen of it or of any that is like it.
    pub fn act(&self, uid: &Rc<str>, namespace: &str, container: &Value) -> Option<Act> {
        let by_pod = || self.by_pod.get(&(uid.clone(), text_at(container, "name").to_string())).copied();
        let by_place = || self.places.contains(&place(namespace, container)).then_some(Act::RUNS);
        by_pod().or_else(|| self.by_command.get(&command(container)).copied()).or_else(by_place)
    }
}
