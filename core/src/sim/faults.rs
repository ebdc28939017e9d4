//! Faults as inputs: what can befall nodes, containers and registries, and the words for it.

use alloc::string::{String, ToString};

use super::cluster::Cluster;
use crate::kubelet::Kubelet;
use crate::object::Key;
use crate::object::resources::PODS;

/// How to call `fault`.
pub const USAGE: &str = "Usage:\n  fault node stop|start NODE       switch a node off or on\n  fault node cut|join NODE         take a node's network away or give it back\n  fault disk fill|free NODE        fill a node's disk or make room\n  fault pod crash|hang|leak POD [CONTAINER] [-n NAMESPACE]\n  fault registry down|up           stop or start all image registries\n";

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
        let mut names = alloc::vec::Vec::new();
        let mut namespace = "default".to_string();
        while let Some(word) = words.next() {
            match word {
                "-n" | "--namespace" => namespace = words.next().unwrap_or("default").to_string(),
                word => names.push(word.to_string()),
            }
        }
        let first = names.first().cloned().unwrap_or_default();
        let needs_name = what != "registry";
        if needs_name && first.is_empty() {
            return Err(USAGE.to_string());
        }
        let pod = first.trim_start_matches("pod/").to_string();
        let target = || Target { namespace: namespace.clone(), pod: pod.clone(), container: names.get(1).cloned().unwrap_or_default() };
        Ok(match (what, how) {
            ("node", "stop") => Fault::NodeOff(first, true),
            ("node", "start") => Fault::NodeOff(first, false),
            ("node", "cut") => Fault::NodeCut(first, true),
            ("node", "join") => Fault::NodeCut(first, false),
            ("disk", "fill") => Fault::DiskFull(first, true),
            ("disk", "free") => Fault::DiskFull(first, false),
            ("pod" | "container", "crash") => Fault::Crash(target()),
            ("pod" | "container", "hang") => Fault::Hang(target()),
            ("pod" | "container", "leak") => Fault::Leak(target()),
            ("registry", "down") => Fault::RegistryDown(true),
            ("registry", "up") => Fault::RegistryDown(false),
            _ => return Err(USAGE.to_string()),
        })
    }
}

impl Cluster {
    /// Lets a fault happen.
    ///
    /// # Errors
    /// When what it should befall is not there.
    pub fn befall(&mut self, fault: &Fault) -> Result<(), String> {
        let done = self.with_component(|kubelet: &mut Kubelet, cx| match fault {
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
                hit.then_some(()).ok_or_else(|| alloc::format!("no running container in pod {:?}", t.pod))
            }
        });
        done.unwrap_or(Ok(()))
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
