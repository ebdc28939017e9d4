//! Admission against what a real cluster added and refused.

use super::*;
use crate::object::Object;
use crate::object::resources::{LIMIT_RANGES, PRIORITY_CLASSES, RESOURCE_QUOTAS, SERVICE_ACCOUNTS};
use alloc::string::ToString;
use serde_json::{Value, json};

fn api() -> Api {
    let mut api = Api::new(1, 0);
    put(&mut api, NAMESPACES, "", "default", json!({}));
    put(&mut api, SERVICE_ACCOUNTS, "default", "default", json!({}));
    put(&mut api, PRIORITY_CLASSES, "", "high", json!({"value": 1000}));
    api
}

fn object(api: &Api, resource: &str, namespace: &str, name: &str, body: Value) -> Object {
    let mut object = api.new_object(resource, namespace, name).unwrap();
    for (key, value) in body.as_object().unwrap() {
        object.set(key, value.clone());
    }
    object
}

fn put(api: &mut Api, resource: &str, namespace: &str, name: &str, body: Value) {
    let object = object(api, resource, namespace, name, body);
    api.create(object).unwrap();
}

fn pod(api: &Api, name: &str, resources: Value) -> Object {
    object(api, PODS, "default", name, json!({"spec": {"containers": [{"name": "c", "image": "nginx", "resources": resources}]}}))
}

#[test]
fn a_pod_gets_token_priority_and_tolerations() {
    let api = api();
    let mut pod = pod(&api, "p", json!({}));
    complete(&api, &mut pod).unwrap();
    let once = pod.clone();
    complete(&api, &mut pod).unwrap();
    assert_eq!(once, pod);
    assert_eq!(pod.text_at("/spec/serviceAccount"), "default");
    assert_eq!(pod.i64_at("/spec/priority"), Some(0));
    assert_eq!(pod.items_at("/spec/tolerations").len(), 2);
    let name = pod.text_at("/spec/volumes/0/name");
    assert!(name.starts_with("kube-api-access-") && name.len() == 21, "{name}");
    assert_eq!(pod.text_at("/spec/containers/0/volumeMounts/0/name"), name);
    assert_eq!(pod.field("status"), Some(&json!({"phase": "Pending", "qosClass": "BestEffort"})));
    let mut other = pod.clone();
    other.set("/spec/serviceAccountName", "nope");
    let text = complete(&api, &mut other).unwrap_err().message;
    assert_eq!(text, "pods \"p\" is forbidden: error looking up service account default/nope: serviceaccount \"nope\" not found");
}

#[test]
fn quotas_hold() {
    let mut api = api();
    put(&mut api, RESOURCE_QUOTAS, "default", "q", json!({"spec": {"hard": {"pods": "2", "requests.cpu": "1"}}}));
    let none = pod(&api, "a", json!({}));
    let text = count(&mut api, &none).unwrap_err().message;
    assert_eq!(text, "pods \"a\" is forbidden: failed quota: q: must specify requests.cpu for: c");
    let first = pod(&api, "a", json!({"requests": {"cpu": "500m"}}));
    count(&mut api, &first).unwrap();
    api.create(first).unwrap();
    let second = pod(&api, "b", json!({"requests": {"cpu": "800m"}}));
    let text = count(&mut api, &second).unwrap_err().message;
    let wanted =
        "pods \"b\" is forbidden: exceeded quota: q, requested: requests.cpu=800m, used: requests.cpu=500m, limited: requests.cpu=1";
    assert_eq!(text, wanted);
}

#[test]
fn limits_fill_and_bound() {
    let mut api = api();
    let items = json!({"spec": {"limits": [{"type": "Container", "default": {"cpu": "200m"}, "defaultRequest": {"cpu": "100m"}, "max": {"cpu": "500m"}}]}});
    put(&mut api, LIMIT_RANGES, "default", "lr", items);
    let mut small = pod(&api, "lim", json!({}));
    complete(&api, &mut small).unwrap();
    assert_eq!(small.at("/spec/containers/0/resources"), Some(&json!({"limits": {"cpu": "200m"}, "requests": {"cpu": "100m"}})));
    let note = small.meta.annotation("kubernetes.io/limit-ranger").unwrap();
    assert_eq!(note, "LimitRanger plugin set: cpu request for container c; cpu limit for container c");
    let mut big = pod(&api, "big", json!({"limits": {"cpu": "1"}}));
    complete(&api, &mut big).unwrap();
    let text = check(&api, &big).unwrap_err().message;
    assert_eq!(text, "pods \"big\" is forbidden: maximum cpu usage per Container is 500m, but limit is 1");
}

#[test]
fn services_get_addresses() {
    let mut api = api();
    let make = |api: &Api, name: &str, spec: Value| object(api, SERVICES, "default", name, json!({"spec": spec}));
    let mut first = make(&api, "a", json!({"type": "NodePort", "ports": [{"port": 80, "protocol": "TCP"}]}));
    allot(&api, &mut first).unwrap();
    let port = first.i64_at("/spec/ports/0/nodePort").unwrap();
    assert!((30_000..=32_767).contains(&port));
    assert!(first.text_at("/spec/clusterIP").starts_with("10."));
    api.create(first.clone()).unwrap();
    let taken = first.text_at("/spec/clusterIP").to_string();
    let mut second = make(&api, "b", json!({"type": "NodePort", "clusterIP": taken, "ports": [{"port": 80, "nodePort": port}]}));
    let text = allot(&api, &mut second).unwrap_err().message;
    assert!(text.ends_with("provided IP is already allocated"), "{text}");
    let mut second = make(&api, "b", json!({"type": "NodePort", "ports": [{"port": 80, "nodePort": port}]}));
    let text = allot(&api, &mut second).unwrap_err().message;
    assert!(text.ends_with("provided port is already allocated"), "{text}");
    let both = json!([{"name": "u", "port": 53, "protocol": "UDP"}, {"name": "t", "port": 53, "protocol": "TCP"}]);
    let mut dns = make(&api, "dns", json!({"type": "NodePort", "ports": both}));
    allot(&api, &mut dns).unwrap();
    assert_eq!(dns.i64_at("/spec/ports/0/nodePort"), dns.i64_at("/spec/ports/1/nodePort"));
    let mut third = make(&api, "np", json!({"type": "NodePort", "ports": [{"port": 80, "nodePort": 1}]}));
    let text = allot(&api, &mut third).unwrap_err().message;
    assert_eq!(
        text,
        "Service \"np\" is invalid: spec.ports[0].nodePort: Invalid value: 1: provided port is not in the valid range. The range of valid ports is 30000-32767"
    );
    let mut changed = make(&api, "a", json!({"type": "ClusterIP", "ports": [{"port": 80, "protocol": "TCP"}]}));
    complete_update(&api, &mut changed, &first).unwrap();
    assert_eq!(changed.text_at("/spec/clusterIP"), first.text_at("/spec/clusterIP"));
}

#[test]
fn jobs_select_their_own() {
    let api = api();
    let mut job = object(&api, JOBS, "default", "work", json!({"spec": {"template": {"spec": {}}}}));
    job.meta.uid = "u-1".into();
    with_uid(&mut job);
    assert_eq!(job.at("/spec/selector"), Some(&json!({"matchLabels": {"batch.kubernetes.io/controller-uid": "u-1"}})));
    assert_eq!(job.meta.label("job-name"), Some("work"));
}
