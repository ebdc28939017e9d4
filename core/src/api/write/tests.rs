//! Whole requests against answers that a real cluster gave.

use crate::api::{Answer, Api, PatchType, Request, Status, Verb};
use crate::object::resources::{CONFIG_MAPS, CUSTOM_RESOURCE_DEFINITIONS, DEPLOYMENTS, NAMESPACES, PODS, SERVICES};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

fn api() -> Api {
    let mut api = Api::new(1, 1_795_000_000_000);
    let space = api.new_object(NAMESPACES, "", "default").unwrap();
    api.create(space).unwrap();
    api
}

fn ask(api: &mut Api, verb: Verb, resource: &str, name: &str, body: Value) -> (Result<Value, Status>, Vec<String>) {
    let mut request = Request::new(verb, resource, "default", name).with_body(body);
    request.params.field_validation = "Strict".into();
    request.params.field_manager = "kubectl".into();
    send(api, request)
}

fn send(api: &mut Api, request: Request) -> (Result<Value, Status>, Vec<String>) {
    let response = api.handle(request);
    let result = response.result.map(|answer| match answer {
        Answer::Object(object) => object.to_value(),
        Answer::Value(value) => value,
        Answer::List(list, _) => Value::Array(list.iter().map(|object| object.name().into()).collect()),
    });
    (result, response.warnings)
}

fn web() -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "labels": {"app": "web"}}, "spec": {"replicas": 2,
        "selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{"name": "nginx", "image": "nginx:1.27"}]}}}})
}

fn refused(api: &mut Api, verb: Verb, resource: &str, name: &str, body: Value) -> String {
    ask(api, verb, resource, name, body).0.unwrap_err().message
}

#[test]
fn a_deployment_is_made_changed_and_refused() {
    let mut api = api();
    let made = ask(&mut api, Verb::Create, DEPLOYMENTS, "", web()).0.unwrap();
    assert_eq!(made["spec"]["strategy"]["type"], "RollingUpdate");
    assert_eq!(made["status"], json!({}));
    assert_eq!(made["metadata"]["generation"], 1);
    let mut bad = web();
    bad["spec"]["replica"] = 1.into();
    let text = refused(&mut api, Verb::Create, DEPLOYMENTS, "", bad);
    let wanted = "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: unknown field \"spec.replica\"";
    assert_eq!(text, wanted);
    let mut kind = web();
    kind["kind"] = "deployment".into();
    let text = refused(&mut api, Verb::Create, DEPLOYMENTS, "", kind);
    assert_eq!(
        text,
        "deployment in version \"v1\" cannot be handled as a Deployment: no kind \"deployment\" is registered for version \"apps/v1\" in scheme \"pkg/api/legacyscheme/scheme.go:30\""
    );
    assert_eq!(refused(&mut api, Verb::Create, DEPLOYMENTS, "", web()), "deployments.apps \"web\" already exists");
    let mut port = web();
    port["metadata"]["name"] = "x".into();
    port["spec"]["template"]["spec"]["containers"][0]["ports"] = json!([{}]);
    let text = refused(&mut api, Verb::Create, DEPLOYMENTS, "", port);
    assert_eq!(text, "Deployment.apps \"x\" is invalid: spec.template.spec.containers[0].ports[0].containerPort: Required value");
    let again = ask(&mut api, Verb::Update, DEPLOYMENTS, "web", web()).0.unwrap();
    assert_eq!(again["metadata"]["resourceVersion"], made["metadata"]["resourceVersion"]);
    let mut exported = made.clone();
    exported["metadata"]["name"] = "copy".into();
    assert_eq!(refused(&mut api, Verb::Create, DEPLOYMENTS, "", exported), "resourceVersion should not be set on objects to be created");
}

#[test]
fn patches_of_every_kind() {
    let mut api = api();
    ask(&mut api, Verb::Create, DEPLOYMENTS, "", web()).0.unwrap();
    let strategic = Verb::Patch(PatchType::Strategic);
    let patched = ask(&mut api, strategic, DEPLOYMENTS, "web", json!({"spec": {"replicas": 3}})).0.unwrap();
    assert_eq!(patched["spec"]["replicas"], 3);
    let status = ask(&mut api, strategic, DEPLOYMENTS, "web", json!({"spec": {"replicas": "three"}})).0.unwrap_err();
    let cause = status.causes.first().unwrap();
    assert_eq!(
        [cause.field.as_str(), cause.message.as_str()],
        ["patch", "Invalid value: \"map[spec:map[replicas:three]]\": unrecognized type: int32"]
    );
    assert_eq!(refused(&mut api, strategic, DEPLOYMENTS, "web", "{\"spec\":{\"replicas\":".into()), "unexpected end of JSON input");
    let text = refused(&mut api, strategic, DEPLOYMENTS, "web", json!({"metadata": {"name": "q"}}));
    assert_eq!(text, "the name of the object (q) does not match the name on the URL (web)");
    let text = refused(&mut api, strategic, DEPLOYMENTS, "web", json!({"metadata": {"namespace": "x"}}));
    assert_eq!(text, "the namespace of the provided object does not match the namespace sent on the request");
    let json_patch = Verb::Patch(PatchType::Json);
    let text = refused(&mut api, json_patch, DEPLOYMENTS, "web", json!([{"op": "remove", "path": "/spec/nope"}]));
    assert_eq!(text, "the server rejected our request due to an error in our request");
    assert_eq!(refused(&mut api, strategic, DEPLOYMENTS, "nope", json!({})), "deployments.apps \"nope\" not found");
    let merged = ask(&mut api, Verb::Patch(PatchType::Merge), DEPLOYMENTS, "web", json!({"metadata": {"labels": {"x": "y"}}})).0.unwrap();
    assert_eq!(merged["metadata"]["labels"], json!({"app": "web", "x": "y"}));
}

#[test]
fn apply_owns_and_conflicts() {
    let mut api = api();
    let apply = |api: &mut Api, force: bool| {
        let mut request = Request::new(Verb::Patch(PatchType::Apply), DEPLOYMENTS, "default", "web").with_body(web());
        request.params.field_manager = "kubectl".into();
        request.params.force = force;
        send(api, request).0
    };
    let first = apply(&mut api, false).unwrap();
    let second = apply(&mut api, false).unwrap();
    assert_eq!(first["metadata"]["resourceVersion"], second["metadata"]["resourceVersion"]);
    let mut scale = Request::new(Verb::Patch(PatchType::Merge), DEPLOYMENTS, "default", "web").with_subresource("scale");
    scale.params.field_manager = "kubectl".into();
    let scaled = send(&mut api, scale.with_body(json!({"spec": {"replicas": 5}}))).0.unwrap();
    assert_eq!(scaled["spec"]["replicas"], 5);
    let text = apply(&mut api, false).unwrap_err().message;
    assert_eq!(text, "Apply failed with 1 conflict: conflict with \"kubectl\" with subresource \"scale\" using apps/v1: .spec.replicas");
    assert_eq!(apply(&mut api, true).unwrap()["spec"]["replicas"], 2);
}

#[test]
fn pods_services_and_lists() {
    let mut api = api();
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "nginx",
        "ports": [{"containerPort": 80}, {"containerPort": 80}]}], "nodeSelector": {"beta.kubernetes.io/os": "linux"}}});
    let (made, warnings) = ask(&mut api, Verb::Create, PODS, "", pod);
    let made = made.unwrap();
    assert_eq!(made["status"], json!({"phase": "Pending", "qosClass": "BestEffort"}));
    assert_eq!(made["spec"]["enableServiceLinks"], true);
    let wanted = [
        "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \"kubernetes.io/os\" instead",
        "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]",
    ];
    assert_eq!(warnings, wanted);
    let mut list = Request::new(Verb::List, PODS, "default", "");
    list.params.field_selector = "spec.foo=bar".into();
    assert_eq!(send(&mut api, list.clone()).0.unwrap_err().message, "field label not supported: spec.foo");
    list.params.field_selector = "status.phase=Pending,spec.nodeName=".into();
    assert_eq!(send(&mut api, list).0.unwrap(), json!(["p"]));
    let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}]}});
    let made = ask(&mut api, Verb::Create, SERVICES, "", service.clone()).0.unwrap();
    assert_eq!(made["status"], json!({"loadBalancer": {}}));
    let text = refused(&mut api, Verb::Patch(PatchType::Strategic), SERVICES, "s", json!({"spec": {"clusterIP": "10.96.0.5"}}));
    assert_eq!(text, "Service \"s\" is invalid: spec.clusterIPs[0]: Invalid value: [\"10.96.0.5\"]: may not change once set");
    let far = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "t"}, "spec": {"clusterIP": "1.2.3.4", "ports": [{"port": 80}]}});
    let text = refused(&mut api, Verb::Create, SERVICES, "", far);
    assert!(text.ends_with("failed to allocate IP 1.2.3.4: the provided network does not match the current range"), "{text}");
    let text = refused(&mut api, Verb::Patch(PatchType::Json), SERVICES, "s", json!({"op": "test"}));
    assert_eq!(text, "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp");
    let again = ask(&mut api, Verb::Update, SERVICES, "s", service).0.unwrap();
    assert_eq!(again["metadata"]["resourceVersion"], made["metadata"]["resourceVersion"]);
    let scale = Request::new(Verb::Get, PODS, "default", "p").with_subresource("scale");
    assert_eq!(send(&mut api, scale).0.unwrap_err().message, "the server could not find the requested resource");
    let dry = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "b"}});
    let mut request = Request::new(Verb::Create, CONFIG_MAPS, "default", "").with_body(dry);
    request.params.dry_run = true;
    assert!(send(&mut api, request).0.is_ok());
    assert!(api.find(CONFIG_MAPS, "default", "c").is_none());
}

#[test]
fn custom_kinds_are_served_checked_and_pruned() {
    let mut api = api();
    let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "required": ["size"], "properties": {
        "size": {"type": "integer", "minimum": 1}, "colour": {"type": "string", "default": "red"}}}}});
    let crd = json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "pies.example.com"},
        "spec": {"group": "example.com", "scope": "Namespaced", "names": {"plural": "pies", "kind": "Pie"},
        "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}]}});
    ask(&mut api, Verb::Create, CUSTOM_RESOURCE_DEFINITIONS, "", crd).0.unwrap();
    let stored = api.find(CUSTOM_RESOURCE_DEFINITIONS, "", "pies.example.com").unwrap();
    assert_eq!(stored.items_at("/status/conditions").len(), 2);
    let pie = |spec: Value| json!({"apiVersion": "example.com/v1", "kind": "Pie", "metadata": {"name": "p"}, "spec": spec});
    let text = refused(&mut api, Verb::Create, "pies.example.com", "", pie(json!({"size": 1, "x": 1})));
    assert_eq!(text, "Pie in version \"v1\" cannot be handled as a Pie: strict decoding error: unknown field \"spec.x\"");
    assert_eq!(
        refused(&mut api, Verb::Create, "pies.example.com", "", pie(json!({}))),
        "Pie.example.com \"p\" is invalid: spec.size: Required value"
    );
    let text = refused(&mut api, Verb::Create, "pies.example.com", "", pie(json!({"size": "big"})));
    assert_eq!(
        text,
        "Pie.example.com \"p\" is invalid: spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\""
    );
    let made = ask(&mut api, Verb::Create, "pies.example.com", "", pie(json!({"size": 2}))).0.unwrap();
    assert_eq!(made["spec"], json!({"size": 2, "colour": "red"}));
    ask(&mut api, Verb::Delete, CUSTOM_RESOURCE_DEFINITIONS, "pies.example.com", Value::Null).0.unwrap();
    assert_eq!(api.type_of("pies.example.com"), None);
    assert_eq!(made["kind"].to_string(), "\"Pie\"");
}

#[test]
fn the_status_of_a_custom_kind_is_checked_and_applied_apart() {
    let mut api = api();
    let pie = "pies.example.com";
    let schema = |rules: Value| {
        json!({"type": "object", "properties": {
            "spec": {"type": "object", "properties": {"size": {"type": "integer", "x-kubernetes-validations": rules}, "top": {"type": "string"}}},
            "status": {"type": "object", "properties": {"left": {"type": "integer", "minimum": 0}}}}})
    };
    let crd = |rules: Value| {
        json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": pie}, "spec": {
            "group": "example.com", "scope": "Namespaced", "names": {"plural": "pies", "kind": "Pie"}, "versions": [{"name": "v1",
            "served": true, "storage": true, "subresources": {"status": {}}, "schema": {"openAPIV3Schema": schema(rules)}}]}})
    };
    ask(&mut api, Verb::Create, CUSTOM_RESOURCE_DEFINITIONS, "", crd(json!([]))).0.unwrap();
    let body = json!({"apiVersion": "example.com/v1", "kind": "Pie", "metadata": {"name": "p"}, "spec": {"size": -1}});
    ask(&mut api, Verb::Create, pie, "", body.clone()).0.unwrap();
    let rules = json!([{"rule": "self > 0", "message": "too small"}]);
    ask(&mut api, Verb::Patch(PatchType::Merge), CUSTOM_RESOURCE_DEFINITIONS, pie, crd(rules)).0.unwrap();
    // What was there before the rule may stay, but is told.
    let (result, warnings) = ask(&mut api, Verb::Patch(PatchType::Merge), pie, "p", json!({"spec": {"top": "cream"}}));
    assert!(result.is_ok());
    assert_eq!(warnings, ["spec.size: Invalid value: -1: too small"]);
    let text = refused(&mut api, Verb::Patch(PatchType::Merge), pie, "p", json!({"spec": {"size": -2}}));
    assert!(text.ends_with("spec.size: Invalid value: -2: too small"), "{text}");
    let status = |verb: Verb, manager: &str, left: i64| {
        let mut status = body.clone();
        status["status"] = json!({"left": left});
        let mut request = Request::new(verb, pie, "default", "p").with_subresource("status").with_body(status);
        request.params.field_manager = manager.into();
        request
    };
    // A bound of zero is a bound.
    let text = send(&mut api, status(Verb::Patch(PatchType::Merge), "a", -1)).0.unwrap_err().message;
    assert!(text.ends_with("status.left: Invalid value: -1: status.left in body should be greater than or equal to 0"), "{text}");
    let made = send(&mut api, status(Verb::Patch(PatchType::Apply), "a", 3)).0.unwrap();
    assert_eq!((&made["status"]["left"], &made["spec"]["top"]), (&json!(3), &json!("cream")));
    let text = send(&mut api, status(Verb::Patch(PatchType::Apply), "b", 4)).0.unwrap_err().message;
    assert_eq!(text, "Apply failed with 1 conflict: conflict with \"a\" with subresource \"status\": .status.left");
}

#[test]
fn old_annotations_are_copied_and_what_is_off_is_dropped() {
    let mut api = api();
    let key = "container.apparmor.security.beta.kubernetes.io/c";
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "annotations": {key: "localhost/mine"}}, "spec": {
        "containers": [{"name": "c", "image": "i", "lifecycle": {"stopSignal": "SIGUSR1"}}]}});
    let (made, warnings) = ask(&mut api, Verb::Create, PODS, "", pod);
    let container = made.unwrap()["spec"]["containers"][0].clone();
    assert_eq!(container["securityContext"], json!({"appArmorProfile": {"type": "Localhost", "localhostProfile": "mine"}}));
    assert_eq!(container.get("lifecycle"), None);
    assert_eq!(warnings, [["metadata.annotations[", key, "]: deprecated since v1.30; use the \"appArmorProfile\" field instead"].concat()]);
}

#[test]
fn a_namespace_asks_for_the_security_of_its_pods() {
    let mut api = api();
    let label = |level: &str| json!({"metadata": {"labels": {"pod-security.kubernetes.io/enforce": level}}});
    let patch = |api: &mut Api, level: &str| ask(api, Verb::Patch(PatchType::Merge), NAMESPACES, "default", label(level));
    assert_eq!(
        patch(&mut api, "strict").0.unwrap_err().message,
        "Namespace \"default\" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"strict\": must be one of privileged, baseline, restricted"
    );
    patch(&mut api, "restricted").0.unwrap();
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i",
        "securityContext": {"privileged": true, "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}}}]}});
    let text = refused(&mut api, Verb::Create, PODS, "", pod);
    let wanted = "violates PodSecurity \"restricted:latest\": privileged (container \"c\" must not set securityContext.privileged=true), allowPrivilegeEscalation != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container \"c\" must set securityContext.runAsNonRoot=true)";
    assert!(text.ends_with(wanted), "{text}");
    let (result, warnings) = ask(&mut api, Verb::Create, DEPLOYMENTS, "", web());
    assert!(result.is_ok() && warnings.iter().any(|text| text.starts_with("would violate PodSecurity \"restricted:latest\": allowPriv")));
}
