//! ImageLocality: nodes that have the Pod's big images already are a little better.

use super::Turn;
use crate::object::value::{i64_at, items_at, text_at};
use crate::scheduler::cache::NodeInfo;

const MB: i64 = 1024 * 1024;

/// Points for the bytes of the Pod's images that the node says it has. Models `imagelocality`, for one node's images.
pub fn score(turn: &Turn<'_>, node: &NodeInfo) -> i64 {
    if !node.has_images {
        return 0;
    }
    let have = node.object.items_at("/status/images");
    let containers = turn.pod.object.items_at("/spec/containers");
    let mut sum = 0_i64;
    for container in containers {
        let image = text_at(container, "image");
        let tagged = if image.contains(':') { image.into() } else { [image, ":latest"].concat() };
        let found = have.iter().find(|i| {
            items_at(i, "names").iter().filter_map(serde_json::Value::as_str).any(|n| n == tagged || n.ends_with(&["/", &tagged].concat()))
        });
        sum = sum.saturating_add(found.and_then(|i| i64_at(i, "sizeBytes")).unwrap_or(0));
    }
    let (least, most) = (23 * MB, 1000 * MB * containers.len() as i64);
    match most - least {
        range if range > 0 => 100 * (sum.clamp(least, most) - least) / range,
        _ => 0,
    }
}
