//! Faults as inputs: what can befall nodes, containers and registries, and the words for it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::cluster::Cluster;
use crate::kubelet::Kubelet;
use crate::object::Key;
use crate::object::resources::{NAMESPACES, NODES, PODS};
use crate::object::value::text_at;

/// How to call `fault`.
pub const USAGE: &str = "\
fault makes something go wrong, or puts it right again.

Usage:
  fault node stop NODE            switch a node off; everything on it ends
  fault node start NODE           switch it on again
  fault node cut NODE             take its network away; what runs there goes on
  fault node join NODE            give its network back
  fault disk fill NODE            fill its disk
  fault disk free NODE            make room on it
  fault pod crash POD             end a container with an error
  fault pod hang POD              let a container answer nothing any more
  fault pod leak POD              let a container take more and more memory
  fault registry down|up          stop or start all image registries
  fault list                      what is wrong at present

A POD may be followed by the name of one of its CONTAINERs and by -n NAMESPACE.

Examples:
  fault node stop w3-k8s
  fault pod crash web-0 nginx -n shop
";

/// The words that may follow `fault`, each with those that may follow it.
const WORDS: &[(&str, &[&str])] = &[
    ("node", &["stop", "start", "cut", "join"]),
    ("disk", &["fill", "free"]),
    ("pod", &["crash", "hang", "leak"]),
    ("registry", &["down", "up"]),
    ("list", &[]),
];

/// What `fault` with these words says, and whether it went well.
pub struct Told {
    /// The text, with its newline.
    pub text: String,
    /// Whether it is an answer and not a complaint.
    pub well: bool,
}

/// Something that befalls the cluster, or its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A node is switched off (`true`) or on.
    NodeOff(String, bool),
    /// A node's network is cut (`true`) or joined.
    NodeCut(String, bool),
    /// A node's disk is full (`true`) or has room.
    DiskFull(String, bool),
    /// A container crashes.
    Crash(Target),
    /// A container stops answering.
    Hang(Target),
    /// A container takes more and more memory.
    Leak(Target),
    /// No image registry answers (`true`), or all do.
    RegistryDown(bool),
}

/// A container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its Pod's namespace.
    pub namespace: String,
    /// Its Pod.
    pub pod: String,
    /// Its name; empty for the first.
    pub container: String,
}

impl Fault {
    /// Reads the words after `fault`.
    ///
    /// # Errors
    /// What to tell the person.
    pub fn parse(text: &str) -> Result<Fault, String> {
        let mut words = text.split_whitespace().filter(|w| *w != "fault");
        let (what, how) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let Some((_, verbs)) = WORDS.iter().find(|(word, _)| *word == what) else {
            return Err(alloc::format!("unknown fault {what:?}: see fault --help"));
        };
        if !verbs.contains(&how) {
            return Err(alloc::format!("fault {what} wants one of {}: see fault --help", verbs.join(", ")));
        }
        let mut names = Vec::new();
        let mut namespace = "default".to_string();
        while let Some(word) = words.next() {
            match word {
                "-n" | "--namespace" => namespace = words.next().unwrap_or("default").to_string(),
                word => match word.strip_prefix("--namespace=").or(word.strip_prefix("-n")) {
                    Some(name) => namespace = name.to_string(),
                    None => names.push(word.to_string()),
                },
            }
        }
        let first = names.first().map_or("", |n| n.rsplit('/').next().unwrap_or_default()).to_string();
        if what != "registry" && first.is_empty() {
            return Err(alloc::format!("fault {what} {how} wants the name of a {}", if what == "pod" { "pod" } else { "node" }));
        }
        let pod = first.clone();
        let target = || Target { namespace: namespace.clone(), pod: pod.clone(), container: names.get(1).cloned().unwrap_or_default() };
        Ok(match (what, how) {
            ("node", "stop") => Fault::NodeOff(first, true),
            ("node", "start") => Fault::NodeOff(first, false),
            ("node", "cut") => Fault::NodeCut(first, true),
            ("node", "join") => Fault::NodeCut(first, false),
            ("disk", "fill") => Fault::DiskFull(first, true),
            ("disk", "free") => Fault::DiskFull(first, false),
            ("pod", "crash") => Fault::Crash(target()),
            ("pod", "hang") => Fault::Hang(target()),
            ("pod", "leak") => Fault::Leak(target()),
            ("registry", "down") => Fault::RegistryDown(true),
            ("registry", "up") => Fault::RegistryDown(false),
            _ => return Err(USAGE.to_string()),
        })
    }

    /// One line that says what has been done.
    fn done(&self) -> String {
        let pod = |t: &Target, how: &str| alloc::format!("pod/{} {how}\n", t.pod);
        match self {
            Fault::NodeOff(node, off) => alloc::format!("node/{node} {}\n", if *off { "stopped" } else { "started" }),
            Fault::NodeCut(node, cut) => alloc::format!("node/{node} {}\n", if *cut { "cut off" } else { "joined" }),
            Fault::DiskFull(node, full) => alloc::format!("node/{node} {}\n", if *full { "disk filled" } else { "disk freed" }),
            Fault::Crash(t) => pod(t, "crashed"),
            Fault::Hang(t) => pod(t, "hangs"),
            Fault::Leak(t) => pod(t, "leaks"),
            Fault::RegistryDown(down) => ["registry ", if *down { "down" } else { "up" }, "\n"].concat(),
        }
    }
}

impl Cluster {
    /// The `fault` command: help, the list of what is wrong, or a fault.
    pub fn fault(&mut self, words: &[String]) -> Told {
        match words.first().map_or("", String::as_str) {
            "" | "-h" | "--help" | "help" => return Told { text: USAGE.to_string(), well: true },
            "list" => return Told { text: self.what_is_wrong(), well: true },
            _ => {}
        }
        match Fault::parse(&words.join(" ")).and_then(|fault| self.befall(&fault).map(|()| fault.done())) {
            Ok(text) => Told { text, well: true },
            Err(why) => Told { text: ["fault: ", &why, "\n"].concat(), well: false },
        }
    }

    fn what_is_wrong(&self) -> String {
        let mut text = String::new();
        let Some(kubelet) = self.component::<Kubelet>() else { return text };
        for node in kubelet.nodes() {
            let plight = node.plight;
            for (is, what) in [(plight.off, "stopped"), (plight.cut_off, "cut off"), (plight.disk_full, "disk filled")] {
                if is {
                    text.push_str(&["node/", &node.name, " ", what, "\n"].concat());
                }
            }
        }
        if kubelet.registry_is_down() {
            text.push_str("registry down\n");
        }
        if text.is_empty() { "nothing\n".to_string() } else { text }
    }

    /// The words that may come next after these; the last is what is typed of it.
    pub fn complete_fault(&self, words: &[String]) -> Vec<String> {
        let (before, typed) = words.split_last().map_or((&[][..], ""), |(last, before)| (before, last.as_str()));
        let word = |i: usize| before.get(i).map_or("", String::as_str);
        let names = |resource: &str, namespace: Option<&str>| -> Vec<String> {
            self.api.list(resource, namespace).map(|o| o.name().to_string()).collect()
        };
        let namespace = before.iter().position(|w| w == "-n").and_then(|i| before.get(i + 1)).map_or("default", String::as_str);
        let all: Vec<String> = match before.len() {
            1 => WORDS.iter().map(|(w, _)| w.to_string()).collect(),
            2 => WORDS.iter().filter(|(w, _)| *w == word(1)).flat_map(|(_, verbs)| verbs.iter().map(|v| v.to_string())).collect(),
            n if word(n - 1) == "-n" => names(NAMESPACES, None),
            3 if matches!(word(1), "node" | "disk") => names(NODES, None),
            _ if typed.starts_with('-') => ["-n".to_string()].into(),
            3 if word(1) == "pod" => names(PODS, Some(namespace)),
            4 if word(1) == "pod" => {
                let pod = self.api.find(PODS, namespace, word(3));
                pod.map_or(&[][..], |p| p.items_at("/spec/containers")).iter().map(|c| text_at(c, "name").to_string()).collect()
            }
            _ => Vec::new(),
        };
        all.into_iter().filter(|w| w.starts_with(typed)).collect()
    }

    /// Lets a fault happen.
    ///
    /// # Errors
    /// When what it should befall is not there, or must not be befallen.
    pub fn befall(&mut self, fault: &Fault) -> Result<(), String> {
        if let Fault::NodeOff(node, true) | Fault::NodeCut(node, true) = fault
            && self.api.find(NODES, "", node).is_some_and(|n| n.meta.label("node-role.kubernetes.io/control-plane").is_some())
        {
            return Err(alloc::format!("{node} is where the control plane and this shell run: take another node"));
        }
        let done = self.with_component(|kubelet: &mut Kubelet, cx| match fault {
            Fault::NodeOff(node, false) if kubelet.register(node, cx) => Ok(()),
            Fault::NodeOff(node, off) => kubelet.change_plight(node, cx, |p| p.off = *off).then_some(()).ok_or_else(|| no_node(node)),
            Fault::NodeCut(node, cut) => kubelet.change_plight(node, cx, |p| p.cut_off = *cut).then_some(()).ok_or_else(|| no_node(node)),
            Fault::DiskFull(node, full) => {
                kubelet.change_plight(node, cx, |p| p.disk_full = *full).then_some(()).ok_or_else(|| no_node(node))
            }
            Fault::RegistryDown(down) => {
                kubelet.set_registry_down(*down);
                Ok(())
            }
            Fault::Crash(t) | Fault::Hang(t) | Fault::Leak(t) => {
                let key = Key::new(&t.namespace, &t.pod);
                let uid = cx.api.get(PODS, &key).map(|p| p.meta.uid.clone());
                let hit = uid.is_some_and(|uid| match fault {
                    Fault::Crash(_) => kubelet.crash(&uid, &t.container, cx),
                    Fault::Hang(_) => kubelet.hang(&uid, &t.container, cx),
                    _ => kubelet.leak(&uid, &t.container, cx),
                });
                hit.then_some(()).ok_or_else(|| no_container(t))
            }
        });
        done.unwrap_or(Ok(()))
    }
}

fn no_container(t: &Target) -> String {
    match t.container.as_str() {
        "" => alloc::format!("pod {:?} has no running container in namespace {:?}", t.pod, t.namespace),
        name => alloc::format!("pod {:?} has no running container {name:?} in namespace {:?}", t.pod, t.namespace),
    }
}

fn no_node(name: &str) -> String {
    alloc::format!("no node {name:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_faults() {
        assert_eq!(Fault::parse("node stop w1-k8s"), Ok(Fault::NodeOff("w1-k8s".into(), true)));
        assert_eq!(Fault::parse("registry up"), Ok(Fault::RegistryDown(false)));
        let target = Target { namespace: "a".into(), pod: "p".into(), container: "c".into() };
        assert_eq!(Fault::parse("pod leak p c -n a"), Ok(Fault::Leak(target)));
        assert!(Fault::parse("node melt w1-k8s").is_err());
        assert!(Fault::parse("").is_err());
    }
}
