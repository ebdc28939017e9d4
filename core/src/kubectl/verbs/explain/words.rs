//! What kinds and fields are, in our own sentences: `Pod`, `PodSpec.containers`, and `.name` for a field of any struct.

use alloc::string::String;

/// The sentences, by name.
const WORDS: &[(&str, &str)] = &[
    (".accessModes", "Who may use the volume at once, and whether to write: ReadWriteOnce, ReadOnlyMany, ReadWriteMany."),
    (".activeDeadlineSeconds", "Seconds after which it is ended, done or not."),
    (".affinity", "Wishes and demands on where the Pod goes."),
    (".annotations", "Notes of tools and people; nothing is selected by them."),
    (".apiVersion", "The version of the API that this object is written in."),
    (".args", "Arguments of the program; they take the place of the image's CMD."),
    (".automountServiceAccountToken", "Whether the ServiceAccount's token is put among the container's files."),
    (".backoffLimit", "How many failed Pods a Job bears before it fails itself."),
    (".binaryData", "As data, for bytes that are no text."),
    (".capacity", "How much there is."),
    (".claimName", "The PersistentVolumeClaim of the same namespace."),
    (".clusterIP", "The address inside the cluster; None for a Service without one."),
    (".command", "The program to run; it takes the place of the image's ENTRYPOINT."),
    (".completions", "How many Pods must end well."),
    (".concurrencyPolicy", "What happens when a run is due and the last one is not over."),
    (".conditions", "What is true of the object now, one row for each thing worth knowing."),
    (".containerPort", "The port that the container listens on."),
    (".containers", "The containers that run side by side in the Pod. There must be one at least, and they cannot be changed in number."),
    (".creationTimestamp", "When the server made the object."),
    (".data", "Keys and what they hold."),
    (".dnsPolicy", "Where names are looked up."),
    (".effect", "What a taint does to Pods that do not tolerate it."),
    (".emptyDir", "A folder that comes and goes with the Pod."),
    (".env", "Variables in the environment of the container."),
    (".envFrom", "ConfigMaps and Secrets whose keys all become variables of the environment."),
    (".exec", "A command whose exit code 0 means that all is well."),
    (".externalName", "The name outside of the cluster that a Service of type ExternalName stands for."),
    (".failureThreshold", "How often in a row a probe must fail to count."),
    (".finalizers", "What must be done before the object may go."),
    (".generateName", "The beginning of a name that the server makes unique."),
    (".generation", "Counts the changes of what is wanted."),
    (".hostNetwork", "Whether the Pod uses the node's own addresses and ports."),
    (".hostPath", "A file or folder of the node."),
    (".hostPort", "A port of the node that leads to the container."),
    (".httpGet", "A request whose answer says whether all is well."),
    (".image", "The image to run: a name and a tag, as in nginx:1.27."),
    (".imagePullPolicy", "Whether the image is pulled before each start, only when the node lacks it, or never."),
    (".immutable", "Whether the data may never be changed."),
    (".initContainers", "Containers that run one after another, each to its end, before the others start."),
    (".initialDelaySeconds", "Seconds before the first look."),
    (".key", "The key."),
    (".kind", "The kind of this object."),
    (".labels", "Names and values by which objects are selected."),
    (".lifecycle", "What to do after a container's start and before its end."),
    (".limits", "How much may be used at most."),
    (".livenessProbe", "Looks whether the container still lives; when it fails the container is restarted."),
    (".managedFields", "Who set which fields."),
    (".matchExpressions", "Conditions on labels, all of which must hold."),
    (".matchLabels", "Labels that must be there with these values."),
    (".maxSurge", "How many Pods there may be above the number wanted while they are replaced, as a number or in percent."),
    (".maxUnavailable", "How many Pods may be missing while they are replaced, as a number or in percent."),
    (".metadata", "Name, namespace, labels and other facts that all objects have."),
    (".minReadySeconds", "Seconds that a new Pod must be ready before it counts."),
    (".mountPath", "Where the volume appears."),
    (".name", "The name, which no other object of the kind in the namespace may have."),
    (".namespace", "The namespace that the object lives in."),
    (".nodeAffinity", "Which nodes the Pod may or would like to go to."),
    (".nodeName", "The node that the Pod is bound to; the scheduler fills it in."),
    (".nodePort", "The port of every node that leads to the Service."),
    (".nodeSelector", "Labels that a node must have for the Pod to go there."),
    (".operator", "How key and values are compared."),
    (".ownerReferences", "The objects that this one belongs to; it goes when they are gone."),
    (".parallelism", "How many Pods may run at a time."),
    (".paused", "Whether changes wait until it goes on."),
    (".periodSeconds", "Seconds between two looks."),
    (".persistentVolumeClaim", "Storage that a PersistentVolumeClaim has got."),
    (".podAffinity", "Near which other Pods the Pod shall be."),
    (".podAntiAffinity", "Away from which other Pods the Pod shall be."),
    (".port", "The port."),
    (".ports", "The ports that are listened on."),
    (".priorityClassName", "How important the Pod is."),
    (".progressDeadlineSeconds", "Seconds without progress after which a rollout counts as failed."),
    (".protocol", "TCP, UDP or SCTP."),
    (".readinessProbe", "Looks whether the container can take requests; while it fails Services leave the Pod out."),
    (".replicas", "How many Pods there shall be; 1 if it is not said."),
    (".requests", "How much is set aside on the node; the scheduler goes by it."),
    (".resourceVersion", "Changes with every change of the object, and tells whether somebody was faster."),
    (".resources", "What is asked of the node, and how much may be used at most."),
    (".restartPolicy", "Whether containers are started again when they end."),
    (".revisionHistoryLimit", "How many old versions are kept to go back to."),
    (".rollingUpdate", "The measures of a change that goes step by step."),
    (".schedule", "When, as crontab writes it: minute, hour, day, month, weekday."),
    (".schedulerName", "Who finds a node for the Pod."),
    (".securityContext", "As which user it runs, and what it may do."),
    (".selector", "Which objects this one is about, by their labels."),
    (".serviceAccountName", "The ServiceAccount in whose name the Pod talks to the API server."),
    (".serviceName", "The Service that gives the Pods their names."),
    (".sessionAffinity", "Whether requests of one client go to one Pod."),
    (".spec", "What is wanted of the object."),
    (".startupProbe", "Holds the other probes back until the container has started."),
    (".status", "What is so at present; the cluster writes it."),
    (".storage", "The size."),
    (".storageClassName", "The kind of storage."),
    (".strategy", "How Pods of the old template are replaced by those of the new one."),
    (".stringData", "As data, in plain text; the server encodes it."),
    (".successfulJobsHistoryLimit", "How many Jobs that ended well are kept."),
    (".suspend", "Whether nothing new is begun."),
    (".taints", "What keeps Pods away from the node."),
    (".targetPort", "The port of the Pods, by number or name."),
    (".tcpSocket", "A connection that can be opened when all is well."),
    (".template", "What the Pods that are made look like."),
    (".terminationGracePeriodSeconds", "Seconds that containers get to end by themselves before they are killed."),
    (".timeoutSeconds", "Seconds after which no answer is a failure."),
    (".tolerations", "Taints of nodes that do not keep the Pod away."),
    (".topologyKey", "The label whose values are the places."),
    (".topologySpreadConstraints", "How evenly Pods are spread over nodes and zones."),
    (".ttlSecondsAfterFinished", "Seconds after its end when a Job goes."),
    (".type", "Which of several ways is meant."),
    (".uid", "A number that no object before or after has."),
    (".updateStrategy", "How Pods of the old template are replaced by those of the new one."),
    (".value", "The value."),
    (".valueFrom", "Where the value comes from instead."),
    (".volumeClaimTemplates", "Claims that each Pod gets for itself."),
    (".volumeMounts", "Where volumes of the Pod appear among the container's files."),
    (".volumeName", "The PersistentVolume that the claim is bound to."),
    (".volumes", "Files that the containers of the Pod can share or be given."),
    (".workingDir", "The folder that the program starts in."),
    ("ClusterRole", "What may be done in the whole cluster."),
    ("ConfigMap", "Settings that Pods read as variables or files."),
    ("CronJob", "Makes a Job again and again, by the clock."),
    ("DaemonSet", "Runs one Pod on every node."),
    ("Deployment", "Keeps a number of equal Pods, and brings a new version of them step by step."),
    ("EndpointSlice", "Addresses behind a Service."),
    ("Endpoints", "The addresses behind a Service, in the older form."),
    ("Event", "Something that happened to an object."),
    ("HorizontalPodAutoscaler", "Changes the number of Pods by how busy they are."),
    ("Ingress", "Brings requests from outside to Services by host and path."),
    ("Job", "Runs Pods until enough of them have ended well."),
    ("LimitRange", "What containers of a namespace may ask for, and get when they say nothing."),
    ("Namespace", "A part of the cluster in which names are its own."),
    ("NetworkPolicy", "Who may talk to Pods, and to whom they may."),
    ("Node", "A machine on which Pods run."),
    ("PersistentVolume", "Storage that outlives Pods."),
    ("PersistentVolumeClaim", "Asks for storage and is bound to a PersistentVolume."),
    (
        "Pod",
        "One or more containers that run together on one node, with one address and volumes that they share. What you start ends up as one of these.",
    ),
    ("PodDisruptionBudget", "How many Pods may be missing at a time when nodes are emptied."),
    ("PriorityClass", "A name for how important Pods are."),
    ("ReplicaSet", "Keeps a number of equal Pods; a Deployment makes one for each version."),
    ("ReplicationController", "What a ReplicaSet was before."),
    ("ResourceQuota", "How much a namespace may have of everything."),
    ("Role", "What may be done in a namespace."),
    ("Secret", "As a ConfigMap, for what not everybody may read."),
    ("Service", "One name and address for a changing set of Pods."),
    ("ServiceAccount", "A name in which Pods talk to the API server."),
    ("StatefulSet", "Keeps Pods that have names and storage of their own, one after another."),
    ("StorageClass", "A kind of storage, and who makes it."),
];

/// The sentence for a name.
pub(super) fn of(name: &str) -> Option<&'static str> {
    let at = WORDS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    WORDS.get(at).map(|(_, text)| *text)
}

/// A sentence made of the name of a field and its type: `hostIPC` becomes `Whether host IPC.`
pub(super) fn spelt(name: &str, ty: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    let mut letters = name.chars().peekable();
    while let Some(c) = letters.next() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            words.push(' ');
        }
        let begins_word = c.is_ascii_uppercase() && letters.peek().is_some_and(char::is_ascii_lowercase);
        words.push(if begins_word { c.to_ascii_lowercase() } else { c });
        before = c;
    }
    match ty {
        "boolean" => ["Whether ", &words, "."].concat(),
        _ if ty.starts_with("[]") => ["A list of ", &words, "."].concat(),
        _ if ty.starts_with("map") => ["Names and values: ", &words, "."].concat(),
        _ => ["The ", &words, "."].concat(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sentences_are_found() {
        assert!(super::WORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(super::of("Pod").is_some() && super::of("Nope").is_none());
        assert_eq!(super::spelt("podAntiAffinity", "PodAntiAffinity"), "The pod anti affinity.");
        assert_eq!(super::spelt("shareProcessNamespace", "boolean"), "Whether share process namespace.");
        assert_eq!(super::spelt("hostIPC", "boolean"), "Whether host IPC.");
    }
}
