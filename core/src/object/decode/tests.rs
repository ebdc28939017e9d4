//! Decoding against texts and objects that a real cluster gave.

use super::*;
use serde_json::json;

fn deployment(body: Value) -> Result<Decoded, String> {
    typed(Def::of("apps", "v1", "Deployment").unwrap(), &body, Dialect::Json)
}

#[test]
fn unknown_fields_are_named_by_path() {
    let body = json!({"spec": {"replica": 1, "template": {"spec": {"containers": [{"name": "a", "imagee": "b"}]}}}});
    let decoded = deployment(body).unwrap();
    assert_eq!(
        decoded.strict_error().as_deref(),
        Some("strict decoding error: unknown field \"spec.replica\", unknown field \"spec.template.spec.containers[0].imagee\"")
    );
}

#[test]
fn wrong_types_are_refused_as_go_refuses_them() {
    let text = |body: Value| deployment(body).unwrap_err();
    assert_eq!(
        text(json!({"spec": {"replicas": "three"}})),
        "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
    );
    let env = json!({"spec": {"template": {"spec": {"containers": [{"env": [{"name": "A", "value": 1}]}]}}}});
    assert_eq!(
        text(env),
        "json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string"
    );
    assert_eq!(
        text(json!({"metadata": {"labels": {"a": 1}}})),
        "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"
    );
    assert_eq!(
        text(json!({"spec": {"template": {"spec": {"containers": {"name": "a"}}}}})),
        "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container"
    );
    assert_eq!(
        text(json!({"spec": {"replicas": 1.5}})),
        "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32"
    );
    let quantity = json!({"spec": {"template": {"spec": {"containers": [{"resources": {"limits": {"cpu": "lots"}}}]}}}});
    assert_eq!(text(quantity), "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    let def = Def::of("apps", "v1", "Deployment").unwrap();
    let result = typed(def, &json!({"spec": {"replicas": "three"}}), Dialect::Unstructured);
    assert_eq!(result, Err("unrecognized type: int32".to_string()));
}

#[test]
fn what_go_would_not_write_is_left_out() {
    let body = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "creationTimestamp": null},
        "spec": {"replicas": 0, "minReadySeconds": 0, "paused": false, "selector": {"matchLabels": {"a": "b"}},
            "template": {"metadata": {"labels": {}}, "spec": {"containers": [{"name": "c", "image": "i",
                "env": [{"name": "A", "value": ""}], "resources": {"limits": {"cpu": 0.5, "memory": "1024Mi"}}, "tty": false,
                "ports": []}], "tolerations": [], "securityContext": {}}}}});
    let wanted = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
        "spec": {"replicas": 0, "selector": {"matchLabels": {"a": "b"}}, "strategy": {},
            "template": {"metadata": {}, "spec": {"containers": [{"name": "c", "image": "i",
                "env": [{"name": "A"}], "resources": {"limits": {"cpu": "500m", "memory": "1Gi"}}}], "securityContext": {}}}},
        "status": {}});
    assert_eq!(deployment(body).unwrap().value, wanted);
}

#[test]
fn unknown_fields_come_in_the_order_of_the_text() {
    let body = json!({"spec": {"aa": 1, "template": {"spec": {"containers": [{"zz": 1}], "cont": 1}}, "zz": 1}, "zz": 1});
    let paths = ["spec.aa", "spec.template.spec.cont", "spec.template.spec.containers[0].zz", "spec.zz", "zz"];
    let wanted: Vec<String> = paths.iter().map(|path| format!("unknown field \"{path}\"")).collect();
    assert_eq!(deployment(body.clone()).unwrap().unknown, wanted);
    // A value that decodes itself ends the decoding, whatever went wrong before.
    let wrong = json!({"spec": {"replicas": "three", "template": {"spec": {"containers": [{"resources": {"limits": {"cpu": "lots"}}}]}}}});
    assert!(deployment(wrong).unwrap_err().starts_with("quantities must match"));
}
