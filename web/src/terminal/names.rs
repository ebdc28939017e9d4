//! Names of objects in what was printed: where they stand in a line and which object they mean. Never: links themselves.

use std::rc::Rc;

use kubepie_core::session::View;

use super::about::About;

/// An object that a name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: Rc<str>,
    /// Its kind: `Pod`, `Node`, `Deployment`, `Service`.
    pub kind: Rc<str>,
    /// Its namespace; empty for a node.
    pub namespace: Rc<str>,
    /// Its UID.
    pub uid: Rc<str>,
}

/// All names of a view.
#[derive(Debug, Default)]
pub struct Names {
    version: Option<u64>,
    /// In the order of names.
    known: Vec<Target>,
}

impl Names {
    /// Learns the names of a view, unless they are known.
    pub fn learn(&mut self, view: &View) {
        if self.version == Some(view.version) {
            return;
        }
        self.version = Some(view.version);
        let [pod, node, service]: [Rc<str>; 3] = ["Pod".into(), "Node".into(), "Service".into()];
        let none: Rc<str> = "".into();
        self.known.clear();
        self.known.extend(view.pods.iter().map(|p| target(&pod, &p.namespace, &p.name, &p.uid)));
        self.known.extend(view.nodes.iter().map(|n| target(&node, &none, &n.name, &n.uid)));
        self.known.extend(view.workloads.iter().map(|w| target(&w.kind, &w.namespace, &w.name, &w.uid)));
        self.known.extend(view.services.iter().map(|s| target(&service, &s.namespace, &s.name, &s.uid)));
        self.known.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// The names in a line that a command printed: from and to which byte, and the object.
    pub fn in_line(&self, line: &str, about: &About) -> Vec<(usize, usize, Target)> {
        if let Some((namespace, name, at)) = about.row(line) {
            let target = Target { name: name.into(), kind: about.list.as_str().into(), namespace: namespace.into(), uid: "".into() };
            return vec![(at, at + name.len(), target)];
        }
        let mut found = Vec::new();
        let first = line.split_whitespace().next().unwrap_or_default();
        let mut from = 0;
        while let Some(start) = line.get(from..).and_then(|rest| rest.find(is_name)).map(|at| from + at) {
            let rest = line.get(start..).unwrap_or_default();
            let word = rest.get(..rest.find(|c| !is_name(c)).unwrap_or(rest.len())).unwrap_or_default();
            from = start + word.len();
            let word = word.trim_end_matches(['.', '-', '/']);
            let (before, name) = word.rsplit_once('/').map_or(("", word), |(before, name)| (before, name));
            if let Some(target) = self.find(name, before, first, about.kind) {
                let end = start + word.len();
                found.push((end - name.len(), end, target.clone()));
            }
        }
        found
    }

    /// The object that a name means: what stands before its slash and what begins the line may tell the kind or the namespace,
    /// and so may what was asked for.
    fn find(&self, name: &str, before: &str, first: &str, asked: &str) -> Option<&Target> {
        let all = self.known.get(self.known.partition_point(|t| *t.name < *name)..)?;
        let all = all.get(..all.partition_point(|t| *t.name == *name)).filter(|all| !all.is_empty())?;
        let kind = before.split('.').next().unwrap_or_default().trim_end_matches('s');
        let of_kind = |t: &&Target| !kind.is_empty() && t.kind.eq_ignore_ascii_case(kind);
        let as_asked = |t: &&Target| *t.kind == *asked;
        let here = |t: &&Target| *t.namespace == *before || *t.namespace == *first;
        let usual = |t: &&Target| t.namespace.is_empty() || &*t.namespace == "default";
        let all = || all.iter();
        let best = all().find(of_kind).or_else(|| all().filter(as_asked).find(here)).or_else(|| all().filter(as_asked).find(usual));
        best.or_else(|| all().find(here)).or_else(|| all().find(usual)).or_else(|| all().next())
    }
}

fn target(kind: &Rc<str>, namespace: &Rc<str>, name: &Rc<str>, uid: &Rc<str>) -> Target {
    Target { name: name.clone(), kind: kind.clone(), namespace: namespace.clone(), uid: uid.clone() }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let all = [
            ("Deployment", "default", "web", "u4"),
            ("Node", "", "w3-k8s", "u3"),
            ("Pod", "default", "web-1", "u1"),
            ("Pod", "kube-system", "web-1", "u2"),
            ("Service", "default", "web", "u5"),
        ];
        let mut known: Vec<Target> =
            all.map(|(kind, namespace, name, uid)| target(&kind.into(), &namespace.into(), &name.into(), &uid.into())).into();
        known.sort_by(|a, b| a.name.cmp(&b.name));
        Names { version: None, known }
    }

    fn found(line: &str) -> Vec<(String, String)> {
        found_of("", line)
    }

    fn found_of(command: &str, line: &str) -> Vec<(String, String)> {
        let names = names();
        names.in_line(line, &About::of(command)).into_iter().map(|(from, to, t)| (line[from..to].to_string(), t.uid.to_string())).collect()
    }

    fn pair(name: &str, uid: &str) -> (String, String) {
        (name.to_string(), uid.to_string())
    }

    #[test]
    fn a_name_is_what_was_asked_for() {
        assert_eq!(found_of("kubectl get svc", "web   ClusterIP   10.96.0.9"), [pair("web", "u5")]);
        assert_eq!(found_of("kubectl get deploy", "web   3/3   3   3"), [pair("web", "u4")]);
        assert_eq!(found_of("kubectl get pods -A", "kube-system   web-1   1/1"), [pair("web-1", "u2")]);
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
