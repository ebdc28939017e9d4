//! Names of objects in what was printed: where they stand in a line and which object they mean. Never: links themselves.

use std::collections::BTreeMap;

use kubepie_core::session::View;

/// An object that a name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its kind: `Pod`, `Node`, `Deployment`, `Service`.
    pub kind: String,
    /// Its namespace; empty for a node.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its UID.
    pub uid: String,
}

/// All names of a view.
#[derive(Debug, Default)]
pub struct Names {
    version: Option<u64>,
    known: BTreeMap<String, Vec<Target>>,
}

impl Names {
    /// Learns the names of a view, unless they are known.
    pub fn learn(&mut self, view: &View) {
        if self.version == Some(view.version) {
            return;
        }
        self.version = Some(view.version);
        self.known.clear();
        for pod in view.pods.iter() {
            self.add("Pod", &pod.namespace, &pod.name, &pod.uid);
        }
        for node in view.nodes.iter() {
            self.add("Node", "", &node.name, &node.uid);
        }
        for workload in view.workloads.iter() {
            self.add(&workload.kind, &workload.namespace, &workload.name, &workload.uid);
        }
        for service in view.services.iter() {
            self.add("Service", &service.namespace, &service.name, &service.uid);
        }
    }

    fn add(&mut self, kind: &str, namespace: &str, name: &str, uid: &str) {
        let target = Target { kind: kind.to_string(), namespace: namespace.to_string(), name: name.to_string(), uid: uid.to_string() };
        self.known.entry(name.to_string()).or_default().push(target);
    }

    /// The names in a line: from and to which byte, and the object.
    pub fn in_line(&self, line: &str) -> Vec<(usize, usize, &Target)> {
        let mut found = Vec::new();
        let first = line.split_whitespace().next().unwrap_or_default();
        let mut from = 0;
        while let Some(start) = line.get(from..).and_then(|rest| rest.find(is_name)).map(|at| from + at) {
            let rest = line.get(start..).unwrap_or_default();
            let word = rest.get(..rest.find(|c| !is_name(c)).unwrap_or(rest.len())).unwrap_or_default();
            from = start + word.len();
            let word = word.trim_end_matches(['.', '-', '/']);
            let (before, name) = word.rsplit_once('/').map_or(("", word), |(before, name)| (before, name));
            if let Some(target) = self.find(name, before, first) {
                let end = start + word.len();
                found.push((end - name.len(), end, target));
            }
        }
        found
    }

    /// The object that a name means: what stands before its slash and what begins the line may tell the kind or the namespace.
    fn find(&self, name: &str, before: &str, first: &str) -> Option<&Target> {
        let all = self.known.get(name)?;
        let kind = before.split('.').next().unwrap_or_default().trim_end_matches('s');
        let of_kind = |t: &&Target| !kind.is_empty() && t.kind.eq_ignore_ascii_case(kind);
        let here = |t: &&Target| t.namespace == before || t.namespace == first;
        let usual = |t: &&Target| t.namespace.is_empty() || t.namespace == "default";
        let best = all.iter().find(of_kind).or_else(|| all.iter().find(here)).or_else(|| all.iter().find(usual));
        best.or_else(|| all.first())
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let mut names = Names::default();
        names.add("Pod", "default", "web-1", "u1");
        names.add("Pod", "kube-system", "web-1", "u2");
        names.add("Node", "", "w3-k8s", "u3");
        names.add("Deployment", "default", "web", "u4");
        names.add("Service", "default", "web", "u5");
        names
    }

    fn found(line: &str) -> Vec<(String, String)> {
        let names = names();
        names.in_line(line).into_iter().map(|(from, to, t)| (line[from..to].to_string(), t.uid.clone())).collect()
    }

    fn pair(name: &str, uid: &str) -> (String, String) {
        (name.to_string(), uid.to_string())
    }

    #[test]
    fn names_are_found_wherever_they_stand() {
        assert_eq!(found("web-1   1/1   Running   0   5s   w3-k8s"), [pair("web-1", "u1"), pair("w3-k8s", "u3")]);
        assert_eq!(found("kube-system   web-1   1/1"), [pair("web-1", "u2")]);
        assert_eq!(found("pod/web-1 created"), [pair("web-1", "u1")]);
        assert_eq!(found("deployment.apps/web scaled"), [pair("web", "u4")]);
        assert_eq!(found("service/web exposed"), [pair("web", "u5")]);
        assert_eq!(found("evicting pod default/web-1"), [pair("web-1", "u1")]);
        assert_eq!(found("node \"w3-k8s\" drained."), [pair("w3-k8s", "u3")]);
        assert_eq!(found("파드 web-1."), [pair("web-1", "u1")]);
        assert_eq!(found("web-12 xweb-1 w3-k8s-1"), []);
    }
}
