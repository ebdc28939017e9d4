//! What kinds and fields are, in our own sentences: `Pod`, `PodSpec.containers`, and `.name` for a field of any struct.

use alloc::string::{String, ToString};

/// The sentences, by name.
const WORDS: &[(&str, &str)] = &[
    (".annotations", "Notes of tools and people; nothing is selected by them."),
    (".apiVersion", "The version of the API that this object is written in."),
    (".args", "Arguments of the program; they take the place of the image's CMD."),
    (".command", "The program to run; it takes the place of the image's ENTRYPOINT."),
    (".conditions", "What is true of the object now, one row for each thing worth knowing."),
    (".containers", "The containers that run side by side in the Pod. There must be one at least, and they cannot be changed in number."),
    (".env", "Variables in the environment of the container."),
    (".envFrom", "ConfigMaps and Secrets whose keys all become variables of the environment."),
    (".image", "The image to run: a name and a tag, as in nginx:1.27."),
    (".imagePullPolicy", "Whether the image is pulled before each start, only when the node lacks it, or never."),
    (".initContainers", "Containers that run one after another, each to its end, before the others start."),
    (".kind", "The kind of this object."),
    (".labels", "Names and values by which objects are selected."),
    (".livenessProbe", "Looks whether the container still lives; when it fails the container is restarted."),
    (".metadata", "Name, namespace, labels and other facts that all objects have."),
    (".name", "The name, which no other object of the kind in the namespace may have."),
    (".namespace", "The namespace that the object lives in."),
    (".nodeName", "The node that the Pod is bound to; the scheduler fills it in."),
    (".nodeSelector", "Labels that a node must have for the Pod to go there."),
    (".ports", "The ports that are listened on."),
    (".readinessProbe", "Looks whether the container can take requests; while it fails Services leave the Pod out."),
    (".replicas", "How many Pods there shall be; 1 if it is not said."),
    (".resources", "What is asked of the node, and how much may be used at most."),
    (".restartPolicy", "Whether containers are started again when they end."),
    (".selector", "Which objects this one is about, by their labels."),
    (".serviceAccountName", "The ServiceAccount in whose name the Pod talks to the API server."),
    (".spec", "What is wanted of the object."),
    (".startupProbe", "Holds the other probes back until the container has started."),
    (".status", "What is so at present; the cluster writes it."),
    (".strategy", "How Pods of the old template are replaced by those of the new one."),
    (".template", "What the Pods that are made look like."),
    (".terminationGracePeriodSeconds", "Seconds that containers get to end by themselves before they are killed."),
    (".tolerations", "Taints of nodes that do not keep the Pod away."),
    (".type", "Which of several ways is meant."),
    (".uid", "A number that no object before or after has."),
    (".volumeMounts", "Where volumes of the Pod appear among the container's files."),
    (".volumes", "Files that the containers of the Pod can share or be given."),
    ("ClusterRole", "What may be done in the whole cluster."),
    ("ConfigMap", "Settings that Pods read as variables or files."),
    ("CronJob", "Makes a Job again and again, by the clock."),
    ("DaemonSet", "Runs one Pod on every node."),
    ("Deployment", "Keeps a number of equal Pods, and brings a new version of them step by step."),
    ("HorizontalPodAutoscaler", "Changes the number of Pods by how busy they are."),
    ("Ingress", "Brings requests from outside to Services by host and path."),
    ("Job", "Runs Pods until enough of them have ended well."),
    ("Namespace", "A part of the cluster in which names are its own."),
    ("Node", "A machine on which Pods run."),
    ("PersistentVolume", "Storage that outlives Pods."),
    ("PersistentVolumeClaim", "Asks for storage and is bound to a PersistentVolume."),
    (
        "Pod",
        "One or more containers that run together on one node, with one address and volumes that they share. What you start ends up as one of these.",
    ),
    ("PodDisruptionBudget", "How many Pods may be missing at a time when nodes are emptied."),
    ("ReplicaSet", "Keeps a number of equal Pods; a Deployment makes one for each version."),
    ("Role", "What may be done in a namespace."),
    ("Secret", "As a ConfigMap, for what not everybody may read."),
    ("Service", "One name and address for a changing set of Pods."),
    ("ServiceAccount", "A name in which Pods talk to the API server."),
    ("ServicePort.targetPort", "The port of the Pods, by number or name."),
    ("StatefulSet", "Keeps Pods that have names and storage of their own, one after another."),
];

/// The sentence for a name.
pub(super) fn of(name: &str) -> Option<&'static str> {
    let at = WORDS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    WORDS.get(at).map(|(_, text)| *text)
}

/// A sentence made of the name of a field: `podAntiAffinity` becomes `The pod anti affinity.`
pub(super) fn spelt(name: &str) -> String {
    let mut text = "The ".to_string();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            text.push(' ');
        }
        let next = if before.is_ascii_uppercase() || !c.is_ascii_uppercase() { c } else { c.to_ascii_lowercase() };
        text.push(next);
        before = c;
    }
    text + "."
}

#[cfg(test)]
mod tests {
    #[test]
    fn sentences_are_found() {
        assert!(super::WORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(super::of("Pod").is_some() && super::of("Nope").is_none());
        assert_eq!(super::spelt("podAntiAffinity"), "The pod anti affinity.");
    }
}
