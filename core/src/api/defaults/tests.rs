//! Defaults against what a real cluster showed.

use super::*;
use crate::api::registry::Registry;
use serde_json::json;

fn filled(mut object: Value) -> Value {
    let registry = Registry::builtin();
    let api_version = object["apiVersion"].as_str().unwrap().to_string();
    let kind = object["kind"].as_str().unwrap().to_string();
    let resource = registry.by_api_version(&api_version, &kind).unwrap();
    apply(resource, &mut object);
    object
}

use alloc::string::ToString;

#[test]
fn a_deployment_is_filled_in() {
    let d = filled(json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": {"containers": [
        {"name": "nginx", "image": "nginx", "ports": [{"containerPort": 80}]}]}}}}));
    let wanted = json!({"progressDeadlineSeconds": 600, "replicas": 1, "revisionHistoryLimit": 10,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
        "template": {"spec": {"containers": [{"name": "nginx", "image": "nginx", "imagePullPolicy": "Always",
            "ports": [{"containerPort": 80, "protocol": "TCP"}], "resources": {},
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}],
            "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler",
            "securityContext": {}, "terminationGracePeriodSeconds": 30}}});
    assert_eq!(d["spec"], wanted);
}

#[test]
fn pull_policy_follows_the_tag() {
    for (image, policy) in [
        ("nginx", "Always"),
        ("nginx:latest", "Always"),
        ("nginx:1.27", "IfNotPresent"),
        ("localhost:5000/nginx", "Always"),
        ("nginx@sha256:00", "IfNotPresent"),
    ] {
        let pod = filled(json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": image}]}}));
        assert_eq!(pod["spec"]["containers"][0]["imagePullPolicy"], policy, "{image}");
    }
}

#[test]
fn jobs_and_services() {
    let job = filled(json!({"apiVersion": "batch/v1", "kind": "Job", "spec": {"parallelism": 2}}));
    assert_eq!(job["spec"]["completions"], Value::Null);
    let service = filled(json!({"apiVersion": "v1", "kind": "Service", "spec": {"type": "NodePort", "ports": [{"port": 80}]}}));
    assert_eq!(service["spec"]["ports"][0], json!({"port": 80, "protocol": "TCP", "targetPort": 80}));
    assert_eq!(service["spec"]["externalTrafficPolicy"], "Cluster");
}
