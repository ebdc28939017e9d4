//! What a command asked for, so that a name in what it printed leads to that: `web` of `kubectl get svc` is the Service and not
//! the Deployment. Never: where names stand (`names`).

/// Resources as they are typed whose objects the map shows, and their kinds.
const KINDS: &[(&str, &str)] = &[
    ("po pod pods", "Pod"),
    ("no node nodes", "Node"),
    ("svc service services ep endpoints endpointslice endpointslices", "Service"),
    ("deploy deployment deployments", "Deployment"),
    ("rs replicaset replicasets", "ReplicaSet"),
    ("sts statefulset statefulsets", "StatefulSet"),
    ("ds daemonset daemonsets", "DaemonSet"),
    ("job jobs", "Job"),
    ("cj cronjob cronjobs", "CronJob"),
    ("rc replicationcontroller replicationcontrollers", "ReplicationController"),
];

/// Flags of kubectl whose value is a word of its own.
const VALUED: &[&str] = &["-n", "--namespace", "-l", "--selector", "-o", "--output", "--sort-by", "--field-selector", "-L", "--context"];

/// What a command asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The kind, of an object that the map shows; else empty.
    pub kind: &'static str,
    /// The resource as it was typed, of a list of objects that the map does not show; else empty.
    pub list: String,
    /// The namespace that was asked; nothing where all were.
    pub namespace: Option<String>,
}

impl About {
    /// Of a command.
    pub fn of(line: &str) -> About {
        let mut words = line.split_whitespace().peekable();
        let (mut plain, mut about, mut table) = (Vec::new(), About { namespace: Some("default".into()), ..About::default() }, true);
        while let Some(word) = words.next() {
            if matches!(word, "|" | ";" | "&&" | "||" | ">" | "<<EOF") {
                table &= word != "|";
                break;
            }
            let (flag, value) = word.split_once('=').map_or((word, None), |(flag, value)| (flag, Some(value)));
            if !flag.starts_with('-') {
                plain.push(word);
                continue;
            }
            let value = value.or_else(|| VALUED.contains(&flag).then(|| words.next()).flatten()).unwrap_or_default();
            match flag {
                "-n" | "--namespace" => about.namespace = Some(value.to_string()),
                "-A" | "--all-namespaces" => about.namespace = None,
                "-o" | "--output" => table &= matches!(value, "wide"),
                _ => table &= !flag.starts_with("-o") || flag == "-owide",
            }
        }
        let ["kubectl" | "k", verb @ ("get" | "describe"), what, ..] = plain.as_slice() else { return about };
        let word = what.split('.').next().unwrap_or_default();
        about.kind = KINDS.iter().find(|(words, _)| words.split(' ').any(|one| one == word)).map_or("", |(_, kind)| *kind);
        if about.kind.is_empty() && table && *verb == "get" && !what.contains([',', '/']) && *what != "all" {
            about.list = (*what).to_string();
        }
        about
    }

    /// The object that a row of such a list begins with: its namespace, its name, and where in the row that is.
    pub fn row<'a>(&self, line: &'a str) -> Option<(String, &'a str, usize)> {
        let mut words = line.split_whitespace();
        let first = words.next().filter(|_| !self.list.is_empty() && line.contains("   ") && !line.starts_with(' '))?;
        let (namespace, name) = match &self.namespace {
            Some(namespace) => (namespace.clone(), first),
            None => (first.to_string(), words.next()?),
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | ':');
        (name.chars().all(plain) && namespace.chars().all(plain)).then(|| (namespace, name, line.find(name).unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_known() {
        assert_eq!(About::of("kubectl get svc web").kind, "Service");
        assert_eq!(About::of("kubectl -n shop describe deployments.apps web").kind, "Deployment");
        assert_eq!(About::of("kubectl get cm -n shop").row("settings   1      5s"), Some(("shop".into(), "settings", 0)));
        assert_eq!(About::of("k get pvc -A").row("shop   data   Bound"), Some(("shop".into(), "data", 7)));
        for line in ["kubectl get cm -o yaml", "kubectl get cm | sort", "echo kubectl get cm", "kubectl get cm,pvc", "kubectl get all"] {
            assert_eq!(About::of(line).list, "", "{line}");
        }
        assert_eq!(About::of("kubectl get cm").row("NAME   DATA   AGE"), None);
    }
}
