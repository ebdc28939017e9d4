//! Validation against texts that a real cluster gave.

use super::*;
use crate::api::defaults;
use crate::api::registry::Registry;
use crate::object::decode::{self, Dialect};
use alloc::string::{String, ToString};
use serde_json::json;

/// Decodes and fills in an object as the API server does.
fn ready(resource: &Resource, body: &Value) -> Value {
    let mut object = decode::typed(resource.def().unwrap(), body, Dialect::Json).unwrap().value;
    defaults::apply(resource, &mut object);
    if resource.namespaced {
        crate::object::value::set(&mut object, "/metadata/namespace", "default");
    }
    object
}

fn resource_of(registry: &Registry, body: &Value) -> alloc::rc::Rc<Resource> {
    registry.by_api_version(body["apiVersion"].as_str().unwrap(), body["kind"].as_str().unwrap()).unwrap().clone()
}

fn texts(errors: &[FieldError]) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

fn created(body: Value) -> Vec<String> {
    let registry = Registry::builtin();
    let resource = resource_of(&registry, &body);
    texts(&validate_create(&resource, &ready(&resource, &body)))
}

fn updated(old: Value, new: Value) -> Vec<String> {
    let registry = Registry::builtin();
    let resource = resource_of(&registry, &old);
    texts(&validate_update(&resource, &ready(&resource, &new), &ready(&resource, &old)))
}

fn deployment(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {
        "selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{"name": "nginx", "image": "nginx"}]}}}});
    change(&mut body);
    body
}

fn pod(change: impl FnOnce(&mut Value)) -> Value {
    let mut body =
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}});
    change(&mut body);
    body
}

#[test]
fn deployments() {
    assert_eq!(created(deployment(|_| {})), Vec::<String>::new());
    const MISMATCH: &str = "spec.template.metadata.labels: Invalid value: {\"app\":\"web\"}: `selector` does not match template `labels`";
    let none = deployment(|d| {
        d["spec"].as_object_mut().unwrap().remove("selector");
    });
    assert_eq!(created(none), ["spec.selector: Required value", MISMATCH]);
    assert_eq!(created(deployment(|d| d["spec"]["selector"]["matchLabels"]["app"] = "x".into())), [MISMATCH]);
    let bare = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x"}});
    let wanted = [
        "spec.selector: Required value",
        "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
        "spec.template.spec.containers: Required value",
    ];
    assert_eq!(created(bare), wanted);
    assert_eq!(
        created(deployment(|d| d["spec"]["replicas"] = (-2).into())),
        ["spec.replicas: Invalid value: -2: must be greater than or equal to 0"]
    );
    let zero = json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}});
    let text = "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0";
    assert_eq!(created(deployment(|d| d["spec"]["strategy"] = zero)), [text]);
    let moved = deployment(|d| {
        d["spec"]["selector"]["matchLabels"]["app"] = "web2".into();
        d["spec"]["template"]["metadata"]["labels"]["app"] = "web2".into();
    });
    assert_eq!(
        updated(deployment(|_| {}), moved),
        ["spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"web2\"}}: field is immutable"]
    );
}

#[test]
fn pods() {
    let port = created(pod(|p| p["spec"]["containers"][0]["ports"] = json!([{"containerPort": 99999}])));
    assert_eq!(port, ["spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive"]);
    let mount = created(pod(|p| p["spec"]["containers"][0]["volumeMounts"] = json!([{"name": "nope", "mountPath": "/x"}])));
    assert_eq!(mount, ["spec.containers[0].volumeMounts[0].name: Not found: \"nope\""]);
    let twice = created(pod(|p| p["spec"]["containers"] = json!([{"name": "c", "image": "a"}, {"name": "c", "image": "b"}])));
    assert_eq!(twice, ["spec.containers[1].name: Duplicate value: \"c\""]);
    let resources = json!({"limits": {"cpu": "1"}, "requests": {"cpu": "2"}});
    let more = created(pod(|p| p["spec"]["containers"][0]["resources"] = resources));
    assert_eq!(more, ["spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1"]);
    assert_eq!(created(pod(|p| p["metadata"] = json!({}))), ["metadata.name: Required value: name or generateName is required"]);
}

#[test]
fn pod_updates_show_what_changed() {
    let texts = updated(pod(|_| {}), pod(|p| p["spec"]["containers"][0]["command"] = json!(["sleep", "100"])));
    let text = texts.first().map(String::as_str).unwrap_or_default();
    let (head, diff) = text.split_once('\n').unwrap();
    assert!(head.starts_with("spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`"), "{head}");
    let wanted = "@@ -5,7 +5,10 @@\n   {\n    \"Name\": \"c\",\n    \"Image\": \"nginx\",\n-   \"Command\": null,\n+   \"Command\": [\n+    \"sleep\",\n+    \"100\"\n+   ],\n    \"Args\": null,\n    \"WorkingDir\": \"\",\n    \"Ports\": null,\n";
    assert_eq!(diff, wanted);
    assert_eq!(updated(pod(|_| {}), pod(|p| p["spec"]["containers"][0]["image"] = "nginx:latest".into())), Vec::<String>::new());
}

#[test]
fn jobs() {
    let job = |change: &dyn Fn(&mut Value)| {
        let mut body = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "one"}, "spec": {"template": {"spec":
            {"restartPolicy": "Never", "containers": [{"name": "one", "image": "busybox", "command": ["echo", "hi"]}]}}}});
        change(&mut body);
        body
    };
    let always = job(&|j| j["spec"]["template"]["spec"]["restartPolicy"] = "Always".into());
    assert_eq!(created(always), ["spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\""]);
    let more = updated(job(&|_| {}), job(&|j| j["spec"]["completions"] = 3.into()));
    assert_eq!(more, ["spec.completions: Invalid value: 3: field is immutable"]);
    let image = updated(job(&|_| {}), job(&|j| j["spec"]["template"]["spec"]["containers"][0]["image"] = "busybox:1.36".into()));
    let text = image.first().unwrap();
    assert!(text.starts_with("spec.template: Invalid value: {\"Spec\":{\"Volumes\":null,\"InitContainers\":null,\"Containers\":[{\"Name\":\"one\",\"Image\":\"busybox:1.36\",\"Command\":[\"echo\",\"hi\"],"), "{text}");
    assert!(
        text.ends_with(
            "\"ResourceClaims\":null,\"Resources\":null,\"HostnameOverride\":null,\"SchedulingGroup\":null}}: field is immutable"
        ),
        "{text}"
    );
}

#[test]
fn services() {
    let service = |spec: Value| json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": spec});
    assert_eq!(created(service(json!({"selector": {"app": "x"}}))), ["spec.ports: Required value"]);
    let texts = created(service(json!({"ports": [{"port": 99999}]})));
    let wanted = [
        "spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive",
        "spec.ports[0].targetPort: Invalid value: 99999: must be between 1 and 65535, inclusive",
    ];
    assert_eq!(texts, wanted);
    let kind = created(service(json!({"type": "Foo", "ports": [{"port": 80}]})));
    assert_eq!(
        kind,
        ["spec.type: Unsupported value: \"Foo\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\""]
    );
    let old = service(json!({"clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"], "ports": [{"port": 80}]}));
    let new = service(json!({"clusterIP": "10.96.0.5", "clusterIPs": ["10.96.0.5"], "ports": [{"port": 80}]}));
    assert_eq!(updated(old, new), ["spec.clusterIPs[0]: Invalid value: [\"10.96.0.5\"]: may not change once set"]);
}

#[test]
fn what_many_kinds_refuse() {
    let meta = json!({"name": "x"});
    let cases = [
        (
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": [{"name": "c", "image": "i",
                "env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "spec.foo"}}}], "envFrom": [{}]}]}}),
            &[
                "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"spec.foo\": error converting fieldPath: field label not supported: spec.foo",
                "spec.containers[0].envFrom: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`",
            ][..],
        ),
        (
            json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": meta, "spec": {"rules": [{"http": {"paths": [
                {"path": "x", "pathType": "Prefix", "backend": {}}]}}]}}),
            &[
                "spec.rules[0].http.paths[0].path: Invalid value: \"x\": must be an absolute path",
                "spec.rules[0].http.paths[0].backend: Invalid value: \"\": resource or service backend is required",
            ],
        ),
        (
            json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": meta, "spec": {"limits": [
                {"type": "Container", "min": {"cpu": "2"}, "max": {"cpu": "1"}}]}}),
            &[
                "spec.limits[0].min[cpu]: Invalid value: \"2\": min value 2 is greater than max value 1",
                "spec.limits[0].defaultRequest[cpu]: Invalid value: \"1\": min value 2 is greater than default request value 1",
                "spec.limits[0].default[cpu]: Invalid value: \"2\": min value 2 is greater than default value 1",
            ],
        ),
        (
            json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": meta, "spec": {"schedule": "x", "timeZone": "Mars/base",
                "jobTemplate": {"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}}}}}),
            &[
                "spec.schedule: Invalid value: \"x\": expected exactly 5 fields, found 1: [x]",
                "spec.timeZone: Invalid value: \"Mars/base\": unknown time zone Mars/base",
            ],
        ),
    ];
    for (body, wanted) in cases {
        assert_eq!(created(body), wanted);
    }
}

#[test]
fn what_a_pod_may_become() {
    let plain = || pod(|_| {});
    assert_eq!(updated(plain(), pod(|p| p["spec"]["containers"][0]["image"] = "".into())), ["spec.containers[0].image: Required value"]);
    let deadline = |seconds: i64| pod(|p| p["spec"]["activeDeadlineSeconds"] = seconds.into());
    assert_eq!(updated(plain(), deadline(50)), Vec::<String>::new());
    let text = "spec.activeDeadlineSeconds: Invalid value: 60: must be less than or equal to previous value";
    assert_eq!(updated(deadline(50), deadline(60)), [text]);
    let text = "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value";
    assert_eq!(updated(deadline(50), plain()), [text]);
    let gated = |name: &str| pod(|p| p["spec"]["schedulingGates"] = json!([{"name": name}]));
    let text = "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'";
    assert_eq!(updated(gated("a"), gated("b")), [text]);
    let bound = pod(|p| p["spec"]["nodeSelector"] = json!({"a": "b"}));
    assert_eq!(updated(gated("a"), bound), Vec::<String>::new());
    let tolerates = pod(|p| p["spec"]["tolerations"] = json!([{"key": "a", "operator": "Exists", "value": "b"}]));
    let text = "spec.tolerations[0].operator: Invalid value: \"b\": value must be empty when `operator` is 'Exists'";
    assert_eq!(updated(plain(), tolerates), [text]);
}

#[test]
fn autoscalers_and_failure_policies() {
    let scaler = json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "h"}, "spec": {
        "maxReplicas": 0, "scaleTargetRef": {"kind": "Deployment", "name": "a/b"},
        "metrics": [{"type": "Pods", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 0}}}],
        "behavior": {"scaleDown": {"stabilizationWindowSeconds": 4000, "policies": [{"type": "Some", "value": 0, "periodSeconds": 15}]}}}});
    let wanted = [
        "spec.maxReplicas: Required value: must be set and greater than 0",
        "spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`",
        "spec.scaleTargetRef.name: Invalid value: \"a/b\": may not contain '/'",
        "spec.scaleTargetRef.apiVersion: Invalid value: \"\": apiVersion must specify API group",
        "spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0",
        "spec.metrics[0].pods: Required value: must populate information for the given metric source",
        "spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600",
        "spec.behavior.scaleDown.policies[0].type: Unsupported value: \"Some\": supported values: \"Percent\", \"Pods\"",
        "spec.behavior.scaleDown.policies[0].value: Invalid value: 0: must be greater than zero",
    ];
    assert_eq!(created(scaler.clone()), wanted);
    // What stays as it was may stay.
    assert!(!updated(scaler.clone(), scaler).iter().any(|text| text.contains("apiVersion")));
    let job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {
        "podFailurePolicy": {"rules": [{"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [0]}}, {"action": "Count"}]},
        "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}}});
    let wanted = [
        "spec.podFailurePolicy.rules[0].action: Invalid value: \"FailIndex\": requires the backoffLimitPerIndex to be set",
        "spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator",
        "spec.podFailurePolicy.rules[1]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required",
    ];
    assert_eq!(created(job), wanted);
}

#[test]
fn internal_types_hold_selectors_as_they_are_written() {
    let budget = json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "b"}, "spec": {
        "minAvailable": 1, "maxUnavailable": "50%", "selector": {"matchLabels": {"a": "b"}}}});
    let text = "spec: Invalid value: {\"MinAvailable\":1,\"Selector\":{\"matchLabels\":{\"a\":\"b\"}},\"MaxUnavailable\":\"50%\",\"UnhealthyPodEvictionPolicy\":null}: minAvailable and maxUnavailable cannot be both set";
    assert_eq!(created(budget), [text]);
}

#[test]
fn quotas_and_jobs_refuse_policies_that_contradict_themselves() {
    let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"}, "spec": {
        "hard": {"pods": "1"}, "scopeSelector": {"matchExpressions": [
            {"scopeName": "PriorityClass", "operator": "In"}, {"scopeName": "Terminating", "operator": "In", "values": ["a"]}]}}});
    let wanted = [
        "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
        "spec.scopeSelector.matchExpressions.operator: Invalid value: \"In\": must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
    ];
    assert_eq!(created(quota), wanted);
    let job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {
        "completions": 3, "completionMode": "Indexed", "managedBy": "me",
        "successPolicy": {"rules": [{"succeededIndexes": "0,2", "succeededCount": 3}, {"succeededIndexes": "2-1"}, {}]},
        "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}}});
    let wanted = [
        "spec.managedBy: Invalid value: \"me\": must be a domain-prefixed path (such as \"acme.io/foo\")",
        "spec.successPolicy.rules[0].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)",
        "spec.successPolicy.rules[1].succeededIndexes: Invalid value: \"2-1\": error parsing succeededIndexes: non-increasing order, previous: 2, current: 1",
        "spec.successPolicy.rules[2]: Required value: at least one of succeededCount or succeededIndexes must be specified",
    ];
    assert_eq!(created(job), wanted);
}

#[test]
fn pods_refuse_what_their_machine_cannot_do() {
    let pod = |spec: Value| {
        let mut spec = spec;
        let container = json!({"name": "c", "image": "i", "resources": {"requests": {"cpu": "200m"}}});
        spec["containers"] = json!([container]);
        created(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}))
    };
    let wanted = [
        "spec.resources.requests[cpu]: Invalid value: \"100m\": must be greater than or equal to aggregate container requests of 200m",
        "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
        "spec.securityContext.seccompProfile.localhostProfile: Invalid value: {\"Type\":\"Unconfined\",\"LocalhostProfile\":\"a\"}: can only be set when seccomp type is Localhost",
        "spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: \"{z, DoNotSchedule}\"",
        "spec.HostPID: Forbidden: when `hostUsers` is false",
        "spec.os: Unsupported value: \"mac\": supported values: \"linux\", \"windows\"",
    ];
    let spread = json!({"maxSkew": 1, "topologyKey": "z", "whenUnsatisfiable": "DoNotSchedule"});
    let refused = pod(json!({"hostPID": true, "hostUsers": false, "shareProcessNamespace": true, "os": {"name": "mac"},
        "resources": {"requests": {"cpu": "100m"}}, "topologySpreadConstraints": [spread, spread],
        "securityContext": {"seccompProfile": {"type": "Unconfined", "localhostProfile": "a"}}}));
    assert_eq!(refused, wanted);
    let refused = pod(json!({"os": {"name": "windows"}, "securityContext": {"runAsUser": 1}}));
    assert_eq!(refused, ["spec.securityContext.runAsUser: Forbidden: cannot be set for a windows pod"]);
}

#[test]
fn classes_refuse_wrong_names_and_places() {
    let storage = json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "s"}, "provisioner": "a/b",
        "parameters": {"": "x"}, "allowedTopologies": [{"matchLabelExpressions": [{"key": "z", "values": ["a", "a"]}, {"key": "z"}]}]});
    let wanted = [
        "parameters: Invalid value: \"\": field can not be empty.",
        "allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: \"a\"",
        "allowedTopologies[0].matchLabelExpressions[1].values: Required value",
        "allowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: \"z\"",
    ];
    assert_eq!(created(storage), wanted);
    let priority = json!({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "system-x"}, "value": 1});
    let text = "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class";
    assert_eq!(created(priority), [text]);
    let volume = json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "v"}, "spec": {
        "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "local": {"path": "a/../b"}, "nodeAffinity": {}}});
    let wanted = [
        "spec.nodeAffinity.required: Required value: must specify required node constraints",
        "spec.local.path: Invalid value: \"a/../b\": must not contain '..'",
    ];
    assert_eq!(created(volume), wanted);
}

#[test]
fn volumes_are_looked_into() {
    let volumes = json!([{"name": "a", "gitRepo": {"directory": "../x"}}, {"name": "b", "iscsi": {"iqn": "foo", "lun": 300}},
        {"name": "c", "ephemeral": {}}, {"name": "d", "projected": {"sources": [{"serviceAccountToken": {"expirationSeconds": 5}}]}},
        {"name": "e", "ephemeral": {"volumeClaimTemplate": {"spec": {"accessModes": ["Foo"]}}}}]);
    let refused = created(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {
        "volumes": volumes, "ephemeralContainers": [{"name": "x", "image": "i"}], "containers": [{"name": "c", "image": "i"}]}}));
    let wanted = [
        "spec.volumes[0].gitRepo.repository: Required value",
        "spec.volumes[0].gitRepo.directory: Invalid value: \"../x\": must not contain '..'",
        "spec.volumes[1].iscsi.targetPortal: Required value",
        "spec.volumes[1].iscsi.iqn: Invalid value: \"foo\": must be valid format starting with iqn, eui, or naa",
        "spec.volumes[1].iscsi.lun: Invalid value: 300: must be between 0 and 255, inclusive",
        "spec.volumes[2].ephemeral.volumeClaimTemplate: Required value",
        "spec.volumes[3].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes",
        "spec.volumes[3].projected.path: Required value",
        "spec.volumes[4].ephemeral.volumeClaimTemplate.spec.accessModes: Unsupported value: \"Foo\": supported values: \"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\"",
        "spec.volumes[4].ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value",
        "spec.ephemeralContainers: Forbidden: cannot be set on create",
    ];
    assert_eq!(refused, wanted);
}

#[test]
fn controllers_of_old_need_a_template() {
    let controller =
        json!({"apiVersion": "v1", "kind": "ReplicationController", "metadata": {"name": "r"}, "spec": {"selector": {"a": "b"}}});
    assert_eq!(created(controller), ["spec.template: Required value"]);
}

#[test]
fn schemas_refuse_lists_without_keys_and_rules_without_words() {
    let schema = json!({"type": "object", "properties": {
        "l": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "map"},
        "v": {"type": "string", "x-kubernetes-map-type": "atomic", "x-kubernetes-validations": [{"rule": " "}, {"rule": "true", "reason": "No"}]}}});
    let definition = json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "as.ex.com"},
        "spec": {"group": "ex.com", "scope": "Namespaced", "names": {"plural": "as", "singular": "a", "kind": "A", "listKind": "AList"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}]},
        "status": {"storedVersions": ["v1"]}});
    let path = "spec.validation.openAPIV3Schema.properties";
    let wanted = [
        "[l].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map",
        "[l].items.type: Invalid value: \"string\": must be object if parent array's x-kubernetes-list-type is map",
        "[v].type: Invalid value: \"string\": must be object if x-kubernetes-map-type is specified",
        "[v].x-kubernetes-validations[0].rule: Required value: rule is not specified",
        "[v].x-kubernetes-validations[1].reason: Unsupported value: \"No\": supported values: \"FieldValueDuplicate\", \"FieldValueForbidden\", \"FieldValueInvalid\", \"FieldValueRequired\"",
    ]
    .map(|text| [path, text].concat());
    assert_eq!(created(definition), wanted);
}
