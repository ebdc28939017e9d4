//! `kubectl create ingress`. Models kubectl `pkg/cmd/create/create_ingress.go`.
//!
//! ```text
//! $ kubectl create ingress web --rule=example.com/=web:80
//! ingress.networking.k8s.io/web created
//! $ kubectl create ingress web --rule=example.com=web:80
//! error: rule example.com=web:80 is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]
//! $ kubectl create ingress two --rule=a.com/=web:80,tls=x,tls=y -o jsonpath={.spec.tls}
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

use super::generate::{self, Generated};
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Parsed};
use crate::object::resources::INGRESSES;
use crate::object::value;

const FLAGS: &[Flag] = &[
    Flag::text("annotation", "An annotation: key=value.").kind(FlagKind::Array, "[]"),
    Flag::text("class", "The ingress class."),
    Flag::text("default-backend", "Where everything else goes: service:port."),
    Flag::text("rule", "Where what goes: host/path=service:port[,tls[=secret]].").kind(FlagKind::Array, "[]"),
];

/// `kubectl create ingress NAME --rule=host/path=service:port[,tls[=secret]]`
pub static INGRESS: Command = Command {
    name: "ingress",
    aliases: &["ing"],
    usage: "create ingress NAME --rule=host/path=service:port[,tls[=secret]] ",
    short: "Create an ingress with the specified name",
    examples: "# foo.com/bar goes to port 8080 of svc1\nkubectl create ingress simple --rule=\"foo.com/bar=svc1:8080,tls=my-cert\"",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, FLAGS],
    run: Some(|cx, parsed| generate::run(cx, parsed, make)),
    ..Command::EMPTY
};

/// One rule, taken apart.
struct Rule<'a> {
    host: &'a str,
    path: &'a str,
    service: &'a str,
    port: &'a str,
    /// The secret behind `,tls`; empty for the default certificate.
    tls: Option<&'a str>,
}

/// Takes `host/path=service:port[,tls[=secret]]` apart. As with kubectl's own pattern, which is not bound to the end of
/// the text, what follows is not looked at; and a third part takes the second its meaning.
fn rule(text: &str) -> Option<Rule<'_>> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let (main, more) = text.split_once(',').map_or((text, None), |(main, more)| (main, Some(more)));
    let tls = more.filter(|more| !more.contains(',')).map(|more| more.split_once('=').map_or("", |(_, secret)| secret));
    let tls = tls.map(|secret| secret.split('=').next().unwrap_or_default());
    let (host, rest) = main.split_once('/')?;
    let (path, backend) = rest.split_once('=')?;
    let (service, port) = backend.split_once(':')?;
    let good = host.chars().all(|c| word(c) || c == '*' || c == '.')
        && !service.is_empty()
        && service.chars().all(word)
        && port.chars().next().is_some_and(word);
    good.then_some(Rule { host, path, service, port: port.split(':').next().unwrap_or(port), tls })
}

fn backend(service: &str, port: &str) -> Value {
    let port = port.parse::<i32>().map_or_else(|_| json!({"name": port}), |number| json!({"number": number}));
    json!({"service": {"name": service, "port": port}})
}

fn make(_: &mut Cx<'_>, parsed: &Parsed) -> Result<Generated, Failure> {
    let name = generate::name(parsed)?;
    let default = parsed.text("default-backend");
    if default.is_empty() && parsed.all("rule").is_empty() {
        let text = "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)";
        return Err(Failure::Client(text.to_string()));
    }
    let mut rules = Vec::new();
    for text in parsed.all("rule") {
        rules.push(rule(text).ok_or_else(|| {
            Failure::Client(format!("rule {text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]"))
        })?);
    }
    let mut annotations: Map<String, Value> = Map::new();
    for text in parsed.all("annotation") {
        let Some((key, text)) = text.split_once('=') else {
            return Err(Failure::Client(format!("annotation {text} is invalid and should be in format key=[value]")));
        };
        annotations.insert(key.to_string(), text.into());
    }
    let mut spec = json!({});
    if !parsed.text("class").is_empty() {
        value::set(&mut spec, "ingressClassName", parsed.text("class"));
    }
    if !default.is_empty() {
        let mut parts = default.split(':');
        let (Some(service), Some(port), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Failure::Client("default-backend should be in format servicename:serviceport".to_string()));
        };
        value::set(&mut spec, "defaultBackend", backend(service, port));
    }
    for (key, list) in [("rules", hosts(&rules)), ("tls", secrets(&rules))] {
        if !list.is_empty() {
            value::set(&mut spec, key, list);
        }
    }
    let mut body = json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": name}, "spec": spec,
        "status": {"loadBalancer": {}}});
    if !annotations.is_empty() {
        value::set(&mut body, "metadata/annotations", annotations);
    }
    Ok(Generated { resource: INGRESSES, body, failed: "failed to create ingress: " })
}

/// The rules by host, in the order in which hosts were first named.
fn hosts(rules: &[Rule<'_>]) -> Vec<Value> {
    let mut hosts: Vec<(&str, Vec<Value>)> = Vec::new();
    for rule in rules {
        let (path, ty) = rule.path.strip_suffix('*').map_or((rule.path, "Exact"), |path| (path, "Prefix"));
        let path = json!({"path": format!("/{path}"), "pathType": ty, "backend": backend(rule.service, rule.port)});
        match hosts.iter_mut().find(|(host, _)| *host == rule.host) {
            Some((_, paths)) => paths.push(path),
            None => hosts.push((rule.host, alloc::vec![path])),
        }
    }
    let one = |(host, paths): (&str, Vec<Value>)| match host {
        "" => json!({"http": {"paths": paths}}),
        host => json!({"host": host, "http": {"paths": paths}}),
    };
    hosts.into_iter().map(one).collect()
}

/// The hosts by secret; a host counts once.
fn secrets(rules: &[Rule<'_>]) -> Vec<Value> {
    let mut seen: Vec<&str> = Vec::new();
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    for rule in rules {
        let Some(secret) = rule.tls else { continue };
        if seen.contains(&rule.host) {
            continue;
        }
        seen.push(rule.host);
        match found.iter_mut().find(|(known, _)| *known == secret) {
            Some((_, hosts)) => hosts.push(rule.host),
            None if secret.is_empty() && rule.host.is_empty() => {}
            None => found.push((secret, if rule.host.is_empty() { Vec::new() } else { alloc::vec![rule.host] })),
        }
    }
    let one = |(secret, hosts): (&str, Vec<&str>)| {
        let mut tls = json!({});
        if !hosts.is_empty() {
            value::set(&mut tls, "hosts", hosts);
        }
        if !secret.is_empty() {
            value::set(&mut tls, "secretName", secret);
        }
        tls
    };
    found.into_iter().map(one).collect()
}
