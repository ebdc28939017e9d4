//! `kubectl create service` with its four types. Models kubectl `pkg/cmd/create/create_service.go`.
//!
//! ```text
//! $ kubectl create service clusterip web --tcp=80:8080
//! service/web created
//! $ kubectl create service nodeport web2
//! error: at least one tcp port specifier must be provided
//! $ kubectl create service clusterip web3 --tcp=80:x--y
//! error: must not contain consecutive hyphens
//! ```

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::generate::{self, Generated};
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, change};
use crate::object::resources::SERVICES;
use crate::object::{names, value};

/// `kubectl create service TYPE`
pub static SERVICE: Command = Command {
    name: "service",
    aliases: &["svc"],
    usage: "create service [flags]",
    short: "Create a service using a specified subcommand",
    children: &[&CLUSTER_IP, &EXTERNAL_NAME, &LOAD_BALANCER, &NODE_PORT],
    run: Some(change::group),
    ..Command::EMPTY
};

const TCP: &[Flag] = &[Flag::text("tcp", "Ports as port:targetPort.").kind(FlagKind::Slice, "[]")];

/// `kubectl create service clusterip NAME`
static CLUSTER_IP: Command = Command {
    name: "clusterip",
    usage: "create service clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]",
    short: "Create a ClusterIP service",
    examples: "# A service that passes port 5678 on to 8080\nkubectl create service clusterip my-cs --tcp=5678:8080",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, TCP, &[Flag::text("clusterip", "The address, or None.")]],
    run: Some(run),
    ..Command::EMPTY
};

/// `kubectl create service nodeport NAME`
static NODE_PORT: Command = Command {
    name: "nodeport",
    usage: "create service nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
    short: "Create a NodePort service",
    examples: "# A service with a port on every node\nkubectl create service nodeport my-ns --tcp=5678:8080",
    flags: &[
        PRINT,
        SAVE_CONFIG,
        VALIDATE,
        DRY_RUN,
        super::COMMON,
        TCP,
        &[Flag::text("node-port", "The port on every node.").kind(FlagKind::Int, "0")],
    ],
    run: Some(run),
    ..Command::EMPTY
};

/// `kubectl create service loadbalancer NAME`
static LOAD_BALANCER: Command = Command {
    name: "loadbalancer",
    usage: "create service loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
    short: "Create a LoadBalancer service",
    examples: "# A service with an outside address\nkubectl create service loadbalancer my-lbs --tcp=5678:8080",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, TCP],
    run: Some(run),
    ..Command::EMPTY
};

/// `kubectl create service externalname NAME --external-name=name`
static EXTERNAL_NAME: Command = Command {
    name: "externalname",
    usage: "create service externalname NAME --external-name external.name [--dry-run=server|client|none]",
    short: "Create an ExternalName service",
    examples: "# A name for a host outside\nkubectl create service externalname my-ns --external-name=bar.com",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, TCP, &[Flag::text("external-name", "The name outside.")]],
    required: &["external-name"],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    generate::run(cx, parsed, make)
}

fn make(_: &mut Cx<'_>, parsed: &Parsed) -> Result<Generated, Failure> {
    let (ty, failed) = match parsed.command.name {
        "nodeport" => ("NodePort", "failed to create NodePort service: "),
        "loadbalancer" => ("LoadBalancer", "failed to create LoadBalancer service: "),
        "externalname" => ("ExternalName", "failed to create ExternalName service: "),
        _ => ("ClusterIP", "failed to create ClusterIP service: "),
    };
    let name = generate::name(parsed)?;
    let external = parsed.text("external-name");
    if parsed.text("clusterip") != "None" && parsed.all("tcp").is_empty() && ty != "ExternalName" {
        return Err(Failure::Client("at least one tcp port specifier must be provided".to_string()));
    }
    if ty == "ExternalName" && !names::dns_subdomain(external).is_empty() {
        return Err(Failure::Client(format!("invalid service external name {external}")));
    }
    let mut ports: Vec<Value> = Vec::new();
    for text in parsed.all("tcp") {
        let (port, target) = pair(text)?;
        let mut one = json!({"name": text.replace(':', "-"), "port": port, "protocol": "TCP", "targetPort": target});
        if parsed.number("node-port") != 0 {
            value::set(&mut one, "nodePort", parsed.number("node-port"));
        }
        ports.push(one);
    }
    let mut spec = json!({"type": ty, "selector": {"app": name}});
    if !ports.is_empty() {
        value::set(&mut spec, "ports", ports);
    }
    for (key, text) in [("externalName", external), ("clusterIP", parsed.text("clusterip"))] {
        if !text.is_empty() {
            value::set(&mut spec, key, text);
        }
    }
    let body = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "labels": {"app": name}}, "spec": spec,
        "status": {"loadBalancer": {}}});
    Ok(Generated { resource: SERVICES, body, failed })
}

/// `port` or `port:target`.
fn pair(text: &str) -> Result<(i64, Value), Failure> {
    let mut parts = text.split(':');
    let port = generate::port(parts.next().unwrap_or_default())?;
    let Some(target) = parts.next() else {
        return Ok((port, port.into()));
    };
    match target.parse::<i64>() {
        Ok(number) if (1..=65535).contains(&number) => Ok((port, number.into())),
        Ok(_) => Err(Failure::Client("must be between 1 and 65535, inclusive".to_string())),
        Err(_) => {
            let wrong = port_name_faults(target);
            if wrong.is_empty() { Ok((port, target.into())) } else { Err(Failure::Client(wrong.join(","))) }
        }
    }
}

/// What is wrong with the name of a port. Models apimachinery IsValidPortName.
fn port_name_faults(text: &str) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    if text.len() > 15 {
        wrong.push("must be no more than 15 characters");
    }
    if !text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        wrong.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if !text.chars().any(|c| c.is_ascii_lowercase()) {
        wrong.push("must contain at least one letter (a-z)");
    }
    if text.contains("--") {
        wrong.push("must not contain consecutive hyphens");
    }
    if text.starts_with('-') || text.ends_with('-') {
        wrong.push("must not begin or end with a hyphen");
    }
    wrong
}
