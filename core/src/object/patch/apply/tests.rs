//! Managers, conflicts and what nobody says any more.

use super::*;
use crate::object::schema::Def;

fn deployment(replicas: i64, image: &str) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "labels": {"app": "web"}},
        "spec": {"replicas": replicas, "template": {"spec": {"containers": [{"name": "nginx", "image": image}]}}}})
}

fn asked(manager: &str, force: bool) -> Asked<'_> {
    Asked {
        def: Def::of("apps", "v1", "Deployment").map(Holder::Def),
        manager,
        api_version: "apps/v1",
        subresource: "",
        force,
        now: "2026-01-01T00:00:00Z",
    }
}

fn managers(object: &Value) -> Vec<&str> {
    items_at(object, "metadata/managedFields").iter().map(|entry| text_at(entry, "manager")).collect()
}

#[test]
fn others_fields_are_not_taken_without_force() {
    let first = server_side(&asked("kubectl", false), &deployment(2, "a"), &deployment(2, "a")).unwrap();
    let again = server_side(&asked("kubectl", false), &first, &deployment(2, "a")).unwrap();
    assert_eq!(first, again);
    let mut scaled = first.clone();
    scaled["spec"]["replicas"] = 5.into();
    let write = Write {
        def: Holder::Def(Def::of("apps", "v1", "Deployment").unwrap()),
        manager: "kubectl",
        api_version: "apps/v1",
        operation: "Update",
        subresource: "scale",
        now: "2026-01-01T00:00:01Z",
    };
    scaled["metadata"]["managedFields"] = track(&write, Some(&first), &scaled);
    assert_eq!(managers(&scaled), ["kubectl", "kubectl"]);
    let text = server_side(&asked("kubectl", false), &scaled, &deployment(2, "a")).unwrap_err();
    assert_eq!(text, "Apply failed with 1 conflict: conflict with \"kubectl\" with subresource \"scale\" using apps/v1: .spec.replicas");
    let forced = server_side(&asked("kubectl", true), &scaled, &deployment(2, "a")).unwrap();
    assert_eq!(forced["spec"]["replicas"], 2);
    assert_eq!(managers(&forced), ["kubectl"]);
    let text = server_side(&asked("other", false), &forced, &deployment(3, "b")).unwrap_err();
    let wanted = "Apply failed with 2 conflicts: conflicts with \"kubectl\":\n- .spec.replicas\n- .spec.template.spec.containers[name=\"nginx\"].image";
    assert_eq!(text, wanted);
}

#[test]
fn what_nobody_says_any_more_goes() {
    let mut config = deployment(2, "a");
    config["spec"]["minReadySeconds"] = 5.into();
    config["spec"]["template"]["spec"]["containers"] = json!([{"name": "nginx", "image": "a"}, {"name": "side", "image": "b"}]);
    let live = server_side(&asked("kubectl", false), &config, &config).unwrap();
    let next = server_side(&asked("kubectl", false), &live, &deployment(2, "a")).unwrap();
    assert_eq!(next["spec"].get("minReadySeconds"), None);
    assert_eq!(next["spec"]["template"]["spec"]["containers"], json!([{"name": "nginx", "image": "a"}]));
}

#[test]
fn custom_kinds_have_lists_and_maps_of_fields() {
    let port = json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "port": {"type": "integer"}}});
    let ports = json!({"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], "items": port});
    let config = json!({"type": "object", "additionalProperties": {"type": "string"}});
    let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {"ports": ports, "cfg": config}}}});
    let asked =
        |manager| Asked { def: Some(Holder::Root(&schema)), manager, api_version: "a.b/v1", subresource: "", force: false, now: "now" };
    let widget = |port: i64, cfg: &str| {
        json!({"apiVersion": "a.b/v1", "kind": "Widget", "metadata": {"name": "w"},
            "spec": {"ports": [{"name": "http", "port": port}], "cfg": {"k": cfg}}})
    };
    let live = server_side(&asked("one"), &widget(80, "v"), &widget(80, "v")).unwrap();
    let text = server_side(&asked("two"), &live, &widget(81, "w")).unwrap_err();
    let wanted = "Apply failed with 2 conflicts: conflicts with \"one\":\n- .spec.cfg.k\n- .spec.ports[name=\"http\"].port";
    assert_eq!(text, wanted);
    let wrong = typed::errors(Holder::Root(&schema), &json!({"spec": {"nope": 1, "cfg": {"k": 5}}})).unwrap();
    assert_eq!(
        wrong,
        "errors:\n  .spec.cfg.k: expected string, got &value.valueUnstructured{Value:5}\n  .spec.nope: field not declared in schema"
    );
}

#[test]
fn a_map_that_was_owned_as_a_whole_stays_with_its_members() {
    let mut live = deployment(1, "a");
    let owned = json!({"f:metadata": {"f:labels": {".": {}, "f:app": {}, "f:old": {}}}});
    let entry =
        json!({"manager": "me", "operation": "Apply", "apiVersion": "apps/v1", "time": "t", "fieldsType": "FieldsV1", "fieldsV1": owned});
    crate::object::value::set(&mut live, "/metadata/managedFields", json!([entry]));
    crate::object::value::set(&mut live, "/metadata/labels/old", "x");
    let applied = server_side(&asked("me", false), &live, &deployment(1, "a")).unwrap();
    assert_eq!(applied["metadata"]["labels"], json!({"app": "web"}));
}
