//! Bad objects and the very texts about them, kind by kind.

use super::*;
use crate::api::registry::Registry;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::json;

fn filled(mut body: Value) -> (Registry, Value) {
    let registry = Registry::builtin();
    let resource = registry.by_api_version(text_at(&body, "apiVersion"), text_at(&body, "kind")).unwrap().clone();
    crate::api::defaults::apply(&resource, &mut body);
    if resource.namespaced {
        body["metadata"]["namespace"] = "default".into();
    }
    (registry, body)
}

fn created(body: Value) -> Vec<String> {
    let (registry, body) = filled(body);
    let resource = registry.by_api_version(text_at(&body, "apiVersion"), text_at(&body, "kind")).unwrap();
    validate_create(resource, &body).iter().map(ToString::to_string).collect()
}

fn updated(old: Value, new: Value) -> Vec<String> {
    let ((registry, old), (_, new)) = (filled(old), filled(new));
    let resource = registry.by_api_version(text_at(&new, "apiVersion"), text_at(&new, "kind")).unwrap();
    validate_update(resource, &new, &old).iter().map(ToString::to_string).collect()
}

fn pod(spec: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})
}

#[test]
fn strategies_are_shown_whole() {
    let template = json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let selector = json!({"matchLabels": {"a": "b"}});
    let make = |kind: &str, field: &str| {
        let mut spec = json!({"selector": selector, "template": template});
        spec[field] = json!({"type": "Foo"});
        created(json!({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "x"}, "spec": spec}))
    };
    let text =
        "spec.strategy: Unsupported value: {\"Type\":\"Foo\",\"RollingUpdate\":null}: supported values: \"Recreate\", \"RollingUpdate\"";
    assert_eq!(make("Deployment", "strategy"), [text]);
    let text = "spec.updateStrategy: Unsupported value: {\"Type\":\"Foo\",\"RollingUpdate\":null}: supported values: \"RollingUpdate\", \"OnDelete\"";
    assert_eq!(make("DaemonSet", "updateStrategy"), [text]);
    let text = "spec.updateStrategy: Invalid value: {\"Type\":\"Foo\",\"RollingUpdate\":null}: must be 'RollingUpdate' or 'OnDelete'";
    assert_eq!(make("StatefulSet", "updateStrategy"), [text]);
}

#[test]
fn containers_are_looked_into() {
    let container = json!({"name": "c", "image": "i", "resources": {"limits": {"requests.a/b": "1", "hugepages-2Mi": "3Mi"}},
        "volumeMounts": [{"name": "a", "mountPath": "/a", "recursiveReadOnly": "Enabled"}],
        "volumeDevices": [{"name": "a", "devicePath": "/b"}], "securityContext": {"procMount": "Unmasked"}});
    let mut body = pod(json!({"volumes": [{"name": "a", "emptyDir": {}}], "containers": [container]}));
    body["metadata"]["annotations"] = json!({"controller.kubernetes.io/pod-deletion-cost": "+1"});
    let wanted = [
        "metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: \"+1\": must be a 32bit integer",
        "spec.containers[0].volumeMounts[0].name: Invalid value: \"a\": must not already exist in volumeDevices",
        "spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true",
        "spec.containers[0].volumeDevices[0].name: Invalid value: \"a\": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode",
        "spec.containers[0].volumeDevices[0].name: Invalid value: \"a\": must not already exist in volumeMounts",
        "spec.containers[0].resources.limits[hugepages-2Mi]: Invalid value: \"3Mi\": 3Mi is not positive integer multiple of hugepages-2Mi",
        "spec.containers[0].resources.limits[requests.a/b]: Invalid value: \"requests.a/b\": doesn't follow extended resource name standard",
        "spec.containers[0].resources.requests[hugepages-2Mi]: Invalid value: \"3Mi\": 3Mi is not positive integer multiple of hugepages-2Mi",
        "spec.containers[0].resources.requests[requests.a/b]: Invalid value: \"requests.a/b\": doesn't follow extended resource name standard",
        "spec.containers[0].resources: Forbidden: HugePages require cpu or memory",
        "spec.containers[0].securityContext.procMount: Invalid value: \"Unmasked\": `hostUsers` must be false to use `Unmasked`",
    ];
    assert_eq!(created(body), wanted);
    let two = json!([{"name": "a", "emptyDir": {}, "downwardAPI": {}}]);
    let body = pod(json!({"volumes": two, "containers": [{"name": "c", "image": "i"}]}));
    assert_eq!(created(body), ["spec.volumes[0].downwarAPI: Forbidden: may not specify more than 1 volume type"]);
}

#[test]
fn what_may_not_change_is_told_in_its_place() {
    let map = |immutable: bool, text: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "immutable": immutable, "data": {"a b": text}});
    let frozen = "field is immutable when `immutable` is set";
    let said = updated(map(true, "1"), map(false, "2"));
    assert_eq!(
        said.iter().take(2).cloned().collect::<Vec<_>>(),
        [["immutable: Forbidden: ", frozen].concat(), ["data: Forbidden: ", frozen].concat()]
    );
    assert!(said.last().unwrap().starts_with("data[a b]: Invalid value: \"a b\": a valid config key"));
    let binding = |role: &str| {
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": role}})
    };
    let text =
        "roleRef: Invalid value: {\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"Role\",\"Name\":\"y\"}: cannot change roleRef";
    assert_eq!(updated(binding("x"), binding("y")), [text]);
    let job = |labels: Value| {
        let mut body = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j", "uid": "u"}, "spec": {
            "template": {"metadata": {}, "spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}}});
        if !labels.is_null() {
            body["spec"]["selector"] = json!({"matchLabels": {"batch.kubernetes.io/controller-uid": "u"}});
            body["spec"]["template"]["metadata"]["labels"] = labels;
        }
        body
    };
    let own =
        json!({"controller-uid": "u", "job-name": "j", "batch.kubernetes.io/controller-uid": "u", "batch.kubernetes.io/job-name": "j"});
    let said = updated(job(own), job(Value::Null));
    assert_eq!(said.len(), 4);
    let text = "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`";
    assert_eq!(said[..3], ["spec.selector: Required value", text, "spec.selector: Invalid value: null: field is immutable"]);
}

#[test]
fn volumes_show_what_differs() {
    let volume = |path: &str| {
        json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "v"}, "spec": {"capacity": {"storage": "1Gi"},
            "accessModes": ["ReadWriteOnce"], "hostPath": {"path": path}}})
    };
    let text = "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -2,7 +2,7 @@\n  \"GCEPersistentDisk\": null,\n  \"AWSElasticBlockStore\": null,\n  \"HostPath\": {\n-  \"Path\": \"/a\",\n+  \"Path\": \"/b\",\n   \"Type\": \"\"\n  },\n  \"Glusterfs\": null,\n";
    assert_eq!(updated(volume("/a"), volume("/b")), [text]);
    let claim = |size: &str, mode: &str| {
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "c"}, "spec": {"accessModes": [mode],
            "resources": {"requests": {"storage": size}}, "volumeName": "v"}, "status": {"phase": "Bound", "capacity": {"storage": "1Gi"}}})
    };
    let one = "ReadWriteOnce";
    assert_eq!(updated(claim("1Gi", one), claim("2Gi", one)), Vec::<String>::new());
    let text = "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity";
    assert_eq!(updated(claim("2Gi", one), claim("1Gi", one)), [text]);
    let said = updated(claim("1Gi", one), claim("2Gi", "ReadOnlyMany"));
    assert!(said[0].ends_with("for bound claims\n@@ -1,6 +1,6 @@\n {\n  \"AccessModes\": [\n-  \"ReadWriteOnce\"\n+  \"ReadOnlyMany\"\n  ],\n  \"Selector\": null,\n  \"Resources\": {\n"), "{}", said[0]);
}

#[test]
fn services_say_what_does_not_go_together() {
    let service = |spec: Value| created(json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": spec}));
    let wanted = [
        "spec.ports[0].appProtocol: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
        "spec.LoadBalancerSourceRanges[0]: Invalid value: \"x\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
        "spec.healthCheckNodePort: Invalid value: 30001: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    ];
    let spec = json!({"ports": [{"port": 80, "appProtocol": "a b"}], "loadBalancerSourceRanges": ["x"], "healthCheckNodePort": 30001});
    assert_eq!(service(spec), wanted);
    let text = "spec.clusterIPs: Invalid value: [\"10.96.0.5\"]: must be empty when `clusterIP` is not specified";
    assert_eq!(service(json!({"ports": [{"port": 80}], "clusterIPs": ["10.96.0.5"]})), [text]);
}

#[test]
fn limits_are_of_what_containers_have() {
    let item =
        json!({"type": "Container", "max": {"cpu": "1", "storage": "1Gi"}, "min": {"cpu": "300m"}, "maxLimitRequestRatio": {"cpu": "4"}});
    let said = created(json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "l"}, "spec": {"limits": [item]}}));
    assert_eq!(said[0], "spec.limits[0].max[storage]: Invalid value: \"storage\": must be a standard resource for containers");
    let text = "spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: \"4\": ratio 4 is greater than max/min = 3.333333";
    assert_eq!(said.last().unwrap(), text);
}

#[test]
fn pods_at_gates_may_only_ask_more_of_their_node() {
    let gated = |values: Value| {
        let terms = json!([{"matchExpressions": [{"key": "a", "operator": "In", "values": values}]}]);
        pod(json!({"schedulingGates": [{"name": "g"}], "containers": [{"name": "c", "image": "i"}],
            "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}}))
    };
    let none = pod(json!({"schedulingGates": [{"name": "g"}], "containers": [{"name": "c", "image": "i"}]}));
    assert_eq!(updated(none, gated(json!(["x"]))), Vec::<String>::new());
    let text = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]: Invalid value: {\"MatchExpressions\":[{\"Key\":\"a\",\"Operator\":\"In\",\"Values\":[\"y\"]}],\"MatchFields\":null}: only additions are allowed (no mutations or deletions)";
    assert_eq!(updated(gated(json!(["x"])), gated(json!(["y"]))), [text]);
}

#[test]
fn devices_and_windows_are_looked_at() {
    let claims = json!([{"name": "x"}, {"name": "x", "resourceClaimName": "a"}]);
    let container = json!({"name": "c", "image": "i", "resources": {"claims": [{"name": "z"}, {"name": "x"}, {"name": "x"}]},
        "securityContext": {"windowsOptions": {"runAsUserName": "a\\b:", "hostProcess": true}}});
    let wanted = [
        "spec.resourceClaims[0]: Invalid value: {\"Name\":\"x\",\"ResourceClaimName\":null,\"ResourceClaimTemplateName\":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`",
        "spec.resourceClaims[1].name: Duplicate value: \"x\"",
        "spec.containers[0].resources.claims[0]: Not found: \"z\": must be one of the names in pod.spec.resourceClaims: x",
        "spec.containers[0].resources.claims[2]: Duplicate value: \"x\"",
        "spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: \"a\\\\b:\": runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]",
        "spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers",
    ];
    assert_eq!(created(pod(json!({"resourceClaims": claims, "containers": [container]}))), wanted);
}

#[test]
fn addresses_are_those_that_something_can_be_reached_at() {
    let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"type": "LoadBalancer",
        "ports": [{"port": 10250}], "externalIPs": ["169.254.1.1", "010.1.1.1"], "loadBalancerSourceRanges": ["10.0.0.1/8"]}});
    let wanted = [
        "spec.externalIPs[0]: Invalid value: \"169.254.1.1\": may not be in the link-local range (169.254.0.0/16, fe80::/10)",
        "spec.externalIPs[1]: Invalid value: \"010.1.1.1\": must not have leading 0s",
        "spec.LoadBalancerSourceRanges[0]: Invalid value: \"10.0.0.1/8\": must not have bits set beyond the prefix length",
    ];
    assert_eq!(created(service), wanted);
    let slice = json!({"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "e"}, "addressType": "FQDN",
        "endpoints": [{"addresses": ["web"], "hints": {"forZones": [{"name": "a"}, {"name": "a"}]}}], "ports": []});
    let wanted = [
        "endpoints[0].addresses[0]: Invalid value: \"web\": should be a domain with at least two segments separated by dots",
        "endpoints[0].hints.forZones[1].name: Duplicate value: \"a\"",
    ];
    assert_eq!(created(slice), wanted);
    let ends = json!({"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "e"}, "subsets": [{"addresses": [{"ip": "x"}]}]});
    let path = "subsets[0].addresses[0].ip: Invalid value: \"x\": must be a valid IP address";
    assert_eq!(created(ends), [[path, ", (e.g. 10.9.8.7 or 2001:db8::ffff)"].concat(), path.to_string()]);
    let node = |block: &str| json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "m"}, "spec": {"podCIDRs": [block]}});
    let text = "spec.podCIDRs: Forbidden: node updates may not change podCIDR except from \"\" to valid";
    assert_eq!(updated(node("10.0.0.0/24"), node("10.0.1.0/24")), [text]);
}

#[test]
fn stateful_sets_are_looked_into_when_they_are_made() {
    let set = |service: &str, mount: &str, modes: Value| {
        let container = json!({"name": "c", "image": "i", "volumeMounts": [{"name": mount, "mountPath": "/d"}]});
        json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "s"}, "spec": {"serviceName": service,
            "selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [container]}},
            "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": modes, "resources": {"requests": {"storage": "1Gi"}}}}]}})
    };
    let good = || set("s", "data", json!(["ReadWriteOnce"]));
    assert_eq!(created(good()), Vec::<String>::new());
    let said = created(set("A_", "date", json!([])));
    assert!(said[0].starts_with("spec.serviceName: Invalid value: \"A_\": a lowercase RFC 1123 label must consist of"));
    let wanted = [
        "spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"date\"",
        "spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required",
    ];
    assert_eq!(said[1..], wanted);
    // What was made before stays as it was; what is right now must stay right.
    let bad = || set("A_", "date", json!([]));
    assert_eq!(updated(bad(), bad()), Vec::<String>::new());
    let mut broken = good();
    broken["spec"]["template"]["spec"]["containers"] = json!([]);
    assert_eq!(updated(good(), broken), ["spec.template.spec.containers: Required value"]);
    let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r"}, "rules": [],
        "aggregationRule": {"clusterRoleSelectors": []}});
    let text =
        "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil";
    assert_eq!(created(role), [text]);
}
