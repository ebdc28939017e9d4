//! The buttons of the inspector: each is a command that it types. A kind's buttons are rows of a table.

use super::card::Card;
use crate::map::Ref;

/// A button: the word on it, and its line.
pub type Button = (String, String);

/// Rows: resource, word, line. In a line `@` stands for `resource name -n namespace`, `#` for `name -n namespace`.
const ROWS: &[(&str, &str, &str)] = &[
    ("pods", "logs", "kubectl logs #"),
    ("pods", "shell", "kubectl exec -it # -- sh"),
    ("pods", "delete", "kubectl delete @"),
    ("deployments.apps", "restart", "kubectl rollout restart @"),
    ("deployments.apps", "status", "kubectl rollout status @"),
    ("deployments.apps", "history", "kubectl rollout history @"),
    ("deployments.apps", "undo", "kubectl rollout undo @"),
    ("deployments.apps", "delete", "kubectl delete @"),
    ("statefulsets.apps", "restart", "kubectl rollout restart @"),
    ("statefulsets.apps", "undo", "kubectl rollout undo @"),
    ("statefulsets.apps", "delete", "kubectl delete @"),
    ("daemonsets.apps", "restart", "kubectl rollout restart @"),
    ("daemonsets.apps", "undo", "kubectl rollout undo @"),
    ("daemonsets.apps", "delete", "kubectl delete @"),
    ("replicasets.apps", "delete", "kubectl delete @"),
    ("jobs.batch", "delete", "kubectl delete @"),
    ("cronjobs.batch", "run now", "kubectl create job %-now --from=cronjob/#"),
    ("cronjobs.batch", "delete", "kubectl delete @"),
    ("services", "delete", "kubectl delete @"),
];

/// Faults: resource, word, line.
const FAULTS: &[(&str, &str, &str)] = &[
    ("pods", "crash", "fault pod crash #"),
    ("pods", "hang", "fault pod hang #"),
    ("pods", "leak", "fault pod leak #"),
    ("nodes", "switch off", "fault node stop %"),
    ("nodes", "switch on", "fault node start %"),
    ("nodes", "cut network", "fault node cut %"),
    ("nodes", "join network", "fault node join %"),
    ("nodes", "fill disk", "fault disk fill %"),
    ("nodes", "free disk", "fault disk free %"),
];

/// The kinds that can be scaled.
const SCALED: [&str; 4] = ["deployments.apps", "statefulsets.apps", "replicasets.apps", "replicationcontrollers"];

fn line(template: &str, of: &Ref) -> String {
    let namespace = if of.namespace.is_empty() || &*of.namespace == "default" { String::new() } else { [" -n ", &of.namespace].concat() };
    let name = [&*of.name, &namespace].concat();
    let singular = of.plural().strip_suffix('s').unwrap_or(of.plural());
    template.replace('@', &[singular, " ", &name].concat()).replace('#', &name).replace('%', &of.name)
}

/// What can be done with an object.
pub fn buttons(card: &Card, cordoned: bool) -> Vec<Button> {
    let of = &card.of;
    let mut all: Vec<Button> = vec![("describe".into(), line("kubectl describe @", of))];
    if SCALED.contains(&&*of.resource) {
        let now = card.replicas.unwrap_or(1);
        for (word, n) in [("scale +1", now + 1), ("scale −1", now - 1)].into_iter().filter(|(_, n)| *n >= 0) {
            all.push((word.into(), line(&format!("kubectl scale @ --replicas={n}"), of)));
        }
    }
    if &*of.resource == "nodes" {
        let door = if cordoned { "uncordon" } else { "cordon" };
        all.push((door.into(), line(&["kubectl ", door, " %"].concat(), of)));
        all.push(("drain".into(), line("kubectl drain % --ignore-daemonsets --delete-emptydir-data", of)));
    }
    if &*of.resource == "deployments.apps" {
        let word = if card.paused { "resume" } else { "pause" };
        all.push((word.into(), line(&["kubectl rollout ", word, " @"].concat(), of)));
    }
    let own = ROWS.iter().filter(|(resource, ..)| *resource == &*of.resource);
    all.extend(own.map(|(_, word, template)| ((*word).into(), line(template, of))));
    if &*of.resource != "nodes" && !ROWS.iter().any(|(resource, ..)| *resource == &*of.resource) {
        all.push(("delete".into(), line("kubectl delete @", of)));
    }
    all
}

/// What can befall it.
pub fn faults(of: &Ref) -> Vec<Button> {
    FAULTS
        .iter()
        .filter(|(resource, ..)| *resource == &*of.resource)
        .map(|(_, word, template)| ((*word).into(), line(template, of)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::card::card;
    use super::*;
    use crate::map::fixture;

    #[test]
    fn every_button_types_a_command_that_works() {
        let mut session = fixture::session(&[
            "kubectl create deployment web --image=nginx --replicas=2",
            "kubectl set image deployment web nginx=nginx:1.25",
            "kubectl expose deployment web --port=80",
            "kubectl create namespace shop",
            "kubectl run lone --image=nginx -n shop",
        ]);
        let all = [
            Ref::new("deployments.apps", "default", "web"),
            Ref::new("pods", "shop", "lone"),
            Ref::new("nodes", "", "w1-k8s"),
            Ref::new("services", "default", "web"),
            Ref::new("configmaps", "shop", "kube-root-ca.crt"),
        ];
        for of in all {
            let view = session.view().clone();
            let card = card(&session, &view, &of).unwrap();
            for (word, line) in buttons(&card, false).into_iter().chain(faults(&of)) {
                if word == "shell" || word == "status" {
                    continue;
                }
                let printed = session.peek(&[line.as_str(), " || echo FAILED"].concat(), 1 << 16);
                assert!(!printed.contains("FAILED"), "{line}: {printed}");
            }
        }
    }

    #[test]
    fn lines_name_the_namespace_only_where_it_is_needed() {
        assert_eq!(line("kubectl delete @", &Ref::new("pods", "default", "a")), "kubectl delete pod a");
        assert_eq!(line("kubectl logs #", &Ref::new("pods", "shop", "a")), "kubectl logs a -n shop");
    }
}
