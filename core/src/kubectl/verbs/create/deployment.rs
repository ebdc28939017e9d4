//! `kubectl create deployment`. Models kubectl `pkg/cmd/create/create_deployment.go`.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx --replicas=2
//! deployment.apps/web created
//! $ kubectl create deployment two --image=nginx --image=redis -- sleep 3
//! error: cannot specify multiple --image options and command
//! ```

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::generate::{self, Generated};
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Parsed};
use crate::object::resources::DEPLOYMENTS;
use crate::object::value;

const FLAGS: &[Flag] = &[
    Flag::text("image", "The images to run; each becomes a container.").kind(FlagKind::Slice, "[]"),
    Flag::text("port", "The port that the first container listens on.").kind(FlagKind::Int32, "-1"),
    Flag::text("replicas", "How many Pods there shall be.").short('r').kind(FlagKind::Int32, "1"),
];

/// `kubectl create deployment NAME --image=image -- [COMMAND] [args...]`
pub static DEPLOYMENT: Command = Command {
    name: "deployment",
    aliases: &["deploy"],
    usage: "create deployment NAME --image=image -- [COMMAND] [args...]",
    short: "Create a deployment with the specified name",
    examples: "# A deployment that runs one Pod\nkubectl create deployment web --image=nginx\n\n# Three Pods that listen on port 80\nkubectl create deployment web3 --image=nginx --replicas=3 --port=80",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, FLAGS],
    required: &["image"],
    run: Some(|cx, parsed| generate::run(cx, parsed, make)),
    ..Command::EMPTY
};

fn make(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Generated, Failure> {
    let name = generate::name(parsed)?;
    let command = generate::command(parsed);
    let images = parsed.all("image");
    if images.len() > 1 && !command.is_empty() {
        return Err(Failure::Client("cannot specify multiple --image options and command".to_string()));
    }
    let mut containers: Vec<Value> = Vec::new();
    for image in images {
        containers.push(json!({"name": container_name(cx, image), "image": image, "resources": {}}));
    }
    if let Some(first) = containers.first_mut() {
        if !command.is_empty() {
            value::set(first, "command", command);
        }
        if parsed.number("port") >= 0 {
            value::set(first, "ports", json!([{"containerPort": parsed.number("port")}]));
        }
    }
    let labels = json!({"app": name});
    let body = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "labels": labels},
        "spec": {
            "replicas": parsed.number("replicas"),
            "selector": {"matchLabels": labels},
            "strategy": {},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
        },
        "status": {},
    });
    Ok(Generated { resource: DEPLOYMENTS, body, failed: "failed to create deployment: " })
}

/// A container's name from its image: without registry, tag and digest.
fn container_name(cx: &mut Cx<'_>, image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    let name = name.split(':').next().unwrap_or(name);
    let name = name.split('@').next().unwrap_or(name);
    match name.contains(['_', '.']) {
        true => [&name.replace(['_', '.'], "-"), "-", &cx.server.api().random_suffix()].concat(),
        false => name.to_string(),
    }
}
