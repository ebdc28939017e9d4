//! `kubectl set image`. Models kubectl `pkg/cmd/set/set_image.go`.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx:1.26
//! deployment.apps/web created
//! $ kubectl set image deployment/web nginx=nginx:1.27
//! deployment.apps/web image updated
//! $ kubectl set image deployment/web nope=nginx:1.27
//! error: unable to find container named "nope"
//! ```

use alloc::format;
use alloc::vec::Vec;

use crate::kubectl::groups::{ALL, DRY_RUN, LOCAL, PRINT, RECORD, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::{Command, Cx, Failure, Flow, Parsed, Takes};
use crate::object::value;

use super::update::{self, MANAGER, Words, fail};

/// `kubectl set image (-f FILENAME | TYPE NAME) CONTAINER=IMAGE …`
pub static IMAGE: Command = Command {
    name: "image",
    usage: "set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N",
    short: "Update the image of a pod template",
    examples: "# A newer nginx\nkubectl set image deployment rollout-nginx nginx=nginx:1.16.0",
    flags: &[ALL, DRY_RUN, FILENAME, LOCAL, PRINT, RECORD, SELECTOR, MANAGER],
    takes: Takes::Object(&["daemonsets", "deployments", "pods", "cronjobs", "replicasets", "replicationcontrollers", "statefulsets"]),
    run: Some(run),
    ..Command::EMPTY
};

const WORDS: Words = Words { done: "image updated", refused: "failed to patch image update to pod template: ", always: false };

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let (names, pairs) = update::split(&parsed.args, "image")?;
    let wanted: Vec<(&str, &str)> = pairs.iter().filter_map(|p| p.split_once('=')).collect();
    let invalid: Vec<&str> = pairs.iter().filter(|p| !p.contains('=')).map(|p| p.as_str()).collect();
    if !invalid.is_empty() {
        return fail(format!("invalid image format: {}", invalid.join(", ")));
    }
    let items = update::items(cx, parsed, names)?;
    update::check(cx, parsed)?;
    if wanted.is_empty() {
        return fail("at least one image update is required");
    }
    if wanted.len() > 1 && wanted.iter().any(|(name, _)| *name == "*") {
        return fail("all containers are already specified by *, but saw more than one container_name=container_image pairs");
    }
    update::each(cx, parsed, items, &WORDS, &mut |_, item, object, wrong| {
        let spec = update::spec(item, object)?;
        for (name, image) in &wanted {
            let mut put = |container: &mut serde_json::Value| {
                value::set(container, "image", *image);
                Ok(())
            };
            if !update::containers(spec, name, &mut put)? {
                wrong.push(Failure::Client(format!("error: unable to find container named \"{name}\"")));
            }
        }
        Ok(())
    })
}
