//! `kubectl expose`: a Service for what has Pods. Models kubectl `pkg/cmd/expose`.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx
//! deployment.apps/web created
//! $ kubectl expose deployment web
//! error: couldn't find port via --port flag or introspection
//! $ kubectl expose deployment web --port=80 --type=NodePort
//! service/web exposed
//! $ kubectl expose node w1-k8s --port=80
//! error: cannot expose a Node
//! $ kubectl expose service kubernetes --name=k2
//! error: couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set
//! $ kubectl expose deployment web --port=80 --name=b --overrides='{}' --override-type=foo
//! error: invalid override type: foo
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

use crate::api::{Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, DRY_RUN, PRINT, SAVE_CONFIG};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::resources::{self, Ask, Item};
use crate::kubectl::verbs::create::generate;
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, Takes, manifests, overrides};
use crate::object::Object;
use crate::object::resources::SERVICES;
use crate::object::value::{self, text_at};

const FLAGS: &[Flag] = &[
    groups::field_manager("kubectl-expose"),
    Flag::text("cluster-ip", "The Service's address; None makes it headless."),
    Flag::text("external-ip", "Another address that the nodes take."),
    Flag::text("labels", "Labels of the Service: a=b,c=d.").short('l'),
    Flag::text("load-balancer-ip", "The address to ask of a load balancer."),
    Flag::text("name", "The Service's name, when not the object's."),
    Flag::text("override-type", "How --overrides is merged: json, merge or strategic.").default("merge"),
    Flag::text("overrides", "JSON that overrides parts of the made object."),
    Flag::text("port", "The port that the Service listens on."),
    Flag::text("protocol", "TCP, UDP or SCTP."),
    Flag::text("selector", "The labels of the Pods, when not the object's: a=b,c=d."),
    Flag::text("session-affinity", "None or ClientIP."),
    Flag::text("target-port", "The Pods' port, as number or name."),
    Flag::text("type", "ClusterIP, NodePort, LoadBalancer or ExternalName."),
];

/// `kubectl expose (-f FILENAME | TYPE NAME) [--port=port]`
pub static EXPOSE: Command = Command {
    name: "expose",
    takes: Takes::Objects(&["pod", "service", "replicationcontroller", "deployment", "replicaset"]),
    usage: "expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]",
    short: "Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service",
    examples: "# A Service in front of a Deployment's Pods\nkubectl expose deployment web --port=80 --type=NodePort",
    flags: &[DRY_RUN, FILENAME, PRINT, SAVE_CONFIG, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, true)?;
    if parsed.args.is_empty() && !manifests::given(parsed) {
        return Err(Failure::Client(resources::NOTHING_NAMED.to_string()));
    }
    let ask = Ask { args: parsed.args.clone(), latest: false, ..Ask::default() };
    let mut wrong = Vec::new();
    for item in resources::find(cx, parsed, &ask)? {
        wrong.extend(item.and_then(|item| one(cx, parsed, &item, dry_run, &printer)).err());
    }
    Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err)
}

fn one(cx: &mut Cx<'_>, parsed: &Parsed, item: &Item, dry_run: DryRun, printer: &Printer) -> Result<(), Failure> {
    let mut body = service(parsed, item)?;
    overrides::apply(parsed, "Service", &mut body)?;
    if cx.globals.namespace_given && dry_run == DryRun::Client {
        value::set(&mut body, "metadata/namespace", cx.globals.namespace.as_str());
    }
    if parsed.on("save-config") {
        generate::save_config(&mut body);
    }
    if dry_run != DryRun::Client {
        let mut request = Request::new(Verb::Create, SERVICES, item.object.namespace(), "").with_body(body);
        request.params = change::params(cx, parsed, dry_run, "kubectl-expose")?;
        body = change::send_for_value(cx, request)?;
    }
    printer.print(cx, &body, "exposed")
}

fn service(parsed: &Parsed, item: &Item) -> Result<Value, Failure> {
    let object = &item.object;
    let kind = object.ty.kind.as_str();
    if !matches!(kind, "Pod" | "Service" | "ReplicationController" | "Deployment" | "ReplicaSet") {
        return Err(Failure::Client(format!("cannot expose a {}", item.row.group_kind())));
    }
    let name: String = match parsed.text("name") {
        "" => object.name().chars().take(63).collect(),
        given => given.to_string(),
    };
    if !matches!(parsed.text("session-affinity"), "" | "None" | "ClientIP") {
        return Err(Failure::Client(format!("unknown session affinity: {}", parsed.text("session-affinity"))));
    }
    let selector = match parsed.text("selector") {
        "" => selector(object, kind)
            .map_err(|why| Failure::Client(["couldn't retrieve selectors via --selector flag or introspection: ", &why].concat()))?,
        text => pairs(text)?,
    };
    let known = ports(object, kind);
    let given: Vec<&str> = match parsed.text("port") {
        "" => known.iter().map(|(port, _)| port.as_str()).collect(),
        text => text.split(',').collect(),
    };
    if given.is_empty() && parsed.text("cluster-ip") != "None" {
        return Err(Failure::Client("couldn't find port via --port flag or introspection".to_string()));
    }
    let mut list = Vec::new();
    for (i, port) in given.iter().enumerate() {
        let number: i64 = port
            .parse()
            .map_err(|_| Failure::Client(format!("strconv.Atoi: parsing {}: invalid syntax", crate::text::quote::quote(port))))?;
        let own = known.iter().find(|(p, _)| p == port).map(|(_, protocol)| protocol.as_str()).filter(|p| !p.is_empty());
        let protocol = Some(parsed.text("protocol")).filter(|p| !p.is_empty()).or(own).unwrap_or("TCP");
        let target: Value = match parsed.text("target-port") {
            "" => number.into(),
            text => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        };
        let mut one = json!({"port": number, "protocol": protocol, "targetPort": target});
        if given.len() > 1 {
            value::set(&mut one, "name", format!("port-{}", i.saturating_add(1)));
        }
        list.push(one);
    }
    let labels = match parsed.text("labels") {
        "" => object.meta.labels.iter().map(|(k, v)| (k.clone(), v.as_str().into())).collect(),
        text => pairs(text)?,
    };
    let mut body = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"selector": selector}, "status": {"loadBalancer": {}}});
    if !labels.is_empty() {
        value::set(&mut body, "metadata/labels", labels);
    }
    if !list.is_empty() {
        value::set(&mut body, "spec/ports", list);
    }
    if !parsed.text("external-ip").is_empty() {
        value::set(&mut body, "spec/externalIPs", json!([parsed.text("external-ip")]));
    }
    let texts = [("cluster-ip", "spec/clusterIP"), ("session-affinity", "spec/sessionAffinity"), ("type", "spec/type")];
    for (flag, path) in texts {
        if !parsed.text(flag).is_empty() {
            value::set(&mut body, path, parsed.text(flag));
        }
    }
    if parsed.text("type") == "LoadBalancer" && !parsed.text("load-balancer-ip").is_empty() {
        value::set(&mut body, "spec/loadBalancerIP", parsed.text("load-balancer-ip"));
    }
    Ok(body)
}

/// The labels that the object's Pods have. Models kubectl `pkg/polymorphichelpers` mapbasedselectorforobject.go.
fn selector(object: &Object, kind: &str) -> Result<Map<String, Value>, String> {
    let (path, none) = match kind {
        "Pod" => ("metadata/labels", "the pod has no labels and cannot be exposed"),
        "Service" => ("spec/selector", "the service has no pod selector set"),
        "ReplicationController" => ("spec/selector", "the replication controller has no selector set"),
        "Deployment" => ("spec/selector/matchLabels", "invalid deployment: no selectors, therefore cannot be exposed"),
        _ => ("spec/selector/matchLabels", "invalid replicaset: no selectors, therefore cannot be exposed"),
    };
    let value = object.to_value();
    let labels = value::map_at(&value, path).filter(|map| !map.is_empty()).ok_or(none)?;
    let mut shown = Vec::new();
    for one in value::items_at(&value, "spec/selector/matchExpressions") {
        let values: Vec<&str> = value::items_at(one, "values").iter().filter_map(Value::as_str).collect();
        shown.push(format!("{{Key:{} Operator:{} Values:[{}]}}", text_at(one, "key"), text_at(one, "operator"), values.join(" ")));
    }
    match shown.is_empty() {
        true => Ok(labels.clone()),
        false => Err(format!("couldn't convert expressions - \"[{}]\" to map-based selector format", shown.join(" "))),
    }
}

/// The ports that the object tells of, with their protocols.
fn ports(object: &Object, kind: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut take = |list: &[Value], field: &str| {
        for port in list {
            if let Some(number) = value::i64_at(port, field) {
                all.push((number.to_string(), text_at(port, "protocol").to_string()));
            }
        }
    };
    match kind {
        "Service" => take(object.items_at("/spec/ports"), "port"),
        _ => {
            let path = if kind == "Pod" { "/spec/containers" } else { "/spec/template/spec/containers" };
            object.items_at(path).iter().for_each(|c| take(value::items_at(c, "ports"), "containerPort"));
        }
    }
    all
}

fn pairs(text: &str) -> Result<Map<String, Value>, Failure> {
    let mut map = Map::new();
    for pair in text.split(',') {
        let Some((key, text)) = pair.split_once('=') else {
            return Err(Failure::Client(format!("unexpected label spec: {pair}")));
        };
        map.insert(key.to_string(), text.into());
    }
    Ok(map)
}
