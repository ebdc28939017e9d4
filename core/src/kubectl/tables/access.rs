//! Role bindings and certificate requests.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::cells::age;
use crate::object::Object;
use crate::object::value::text_at;
use crate::text::duration;

/// The cells of a RoleBinding or ClusterRoleBinding.
pub fn binding(o: &Object, now_ms: i64) -> Vec<String> {
    let subjects = |kind: &str| -> String {
        let of_kind = o.items_at("/subjects").iter().filter(|s| text_at(s, "kind") == kind);
        let name = |s: &serde_json::Value| match kind {
            "ServiceAccount" => format!("{}/{}", text_at(s, "namespace"), text_at(s, "name")),
            _ => text_at(s, "name").to_string(),
        };
        of_kind.map(name).collect::<Vec<_>>().join(", ")
    };
    vec![
        o.name().to_string(),
        format!("{}/{}", o.text_at("/roleRef/kind"), o.text_at("/roleRef/name")),
        age(o, now_ms),
        subjects("User"),
        subjects("Group"),
        subjects("ServiceAccount"),
    ]
}

/// The cells of a CertificateSigningRequest.
pub fn certificate_request(o: &Object, now_ms: i64) -> Vec<String> {
    let asked = o.i64_at("/spec/expirationSeconds").map_or_else(|| "<none>".to_string(), |s| duration::human(s.saturating_mul(1000)));
    let signer = match o.text_at("/spec/signerName") {
        "" => "<none>",
        signer => signer,
    };
    vec![o.name().to_string(), age(o, now_ms), signer.to_string(), o.text_at("/spec/username").to_string(), asked, request_state(o)]
}

/// How far a certificate signing request is: `Pending`, `Approved,Issued`.
pub fn request_state(o: &Object) -> String {
    let has = |word: &str| o.items_at("/status/conditions").iter().any(|c| text_at(c, "type") == word);
    let mut state = match (has("Denied"), has("Approved")) {
        (true, _) => "Denied".to_string(),
        (_, true) => "Approved".to_string(),
        _ => "Pending".to_string(),
    };
    if has("Failed") {
        state.push_str(",Failed");
    }
    if !o.text_at("/status/certificate").is_empty() {
        state.push_str(",Issued");
    }
    state
}
