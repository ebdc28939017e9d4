//! The hash of a Pod template that ends up in the names of ReplicaSets and ControllerRevisions.
//! Models `pkg/controller` ComputeHash; the sum is over our own form of the template, the alphabet is the real one.

use alloc::string::{String, ToString};
use serde_json::Value;

use crate::text::{hash, safe_names};

/// The hash of a template; `collisions` tells templates apart whose sums are the same.
pub fn template_hash(template: &Value, collisions: Option<i64>) -> String {
    let mut text = serde_json::to_string(template).unwrap_or_default();
    if let Some(count) = collisions {
        text.push_str(&count.to_string());
    }
    safe_names::encode(&hash::fnv1a_32(text.as_bytes()).to_string())
}
