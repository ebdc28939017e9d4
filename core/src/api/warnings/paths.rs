//! Warnings about files of volumes that lie over each other. Models kubernetes `pkg/api/pod/warnings.go`
//! warningsForOverlappingVirtualPaths.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

use crate::object::value::{at, items_at, text_at};
use crate::text::quote::quote;

/// The paths of the files of a source; nothing when it lists none.
fn listed<'a>(source: &'a Value, kind: &str) -> Option<(&'a Value, Vec<&'a str>)> {
    let inner = at(source, kind).filter(|inner| !inner.is_null())?;
    let paths = match kind {
        "serviceAccountToken" | "clusterTrustBundle" => [text_at(inner, "path")].into(),
        _ => at(inner, "items")
            .filter(|items| items.is_array())
            .map(|_| items_at(inner, "items"))?
            .iter()
            .map(|item| text_at(item, "path"))
            .collect(),
    };
    Some((inner, paths))
}

/// Warnings about all volumes of a PodSpec.
pub(super) fn about(spec: &Value, notes: &mut Vec<String>) {
    for volume in items_at(spec, "volumes") {
        let name = quote(text_at(volume, "name"));
        for (kind, shown, member) in
            [("configMap", "ConfigMap ", "name"), ("secret", "Secret ", "secretName"), ("downwardAPI", "DownwardAPI", "")]
        {
            if let Some((inner, paths)) = listed(volume, kind) {
                let of = if member.is_empty() { String::new() } else { quote(text_at(inner, member)) };
                overlaps(&paths, &format!("volume {name} ({shown}{of}): overlapping paths"), notes);
            }
        }
        let Some(projected) = at(volume, "projected") else { continue };
        // As in the API server, a source without paths is looked at with those of the one before.
        let (mut paths, mut text, mut all) = (Vec::new(), String::new(), BTreeSet::new());
        for source in items_at(projected, "sources") {
            if source.as_object().is_none_or(|source| source.values().all(Value::is_null)) {
                notes.push(format!("volume {name} (Projected) has no sources provided"));
                continue;
            }
            for (kind, shown, member) in [
                ("configMap", "ConfigMap ", "name"),
                ("secret", "Secret ", "name"),
                ("downwardAPI", "DownwardAPI", ""),
                ("serviceAccountToken", "ServiceAccountToken", ""),
                ("clusterTrustBundle", "ClusterTrustBundle ", "name"),
            ] {
                let Some((inner, own)) = listed(source, kind) else { continue };
                let of = match (member, text_at(inner, member)) {
                    ("", _) => String::new(),
                    (_, "") => quote(text_at(inner, "signerName")),
                    (_, of) => quote(of),
                };
                paths = own;
                text = format!("volume {name} (Projected {shown}{of}): overlapping paths");
                break;
            }
            if paths.is_empty() {
                continue;
            }
            overlaps(&paths, &text, notes);
            let own: BTreeSet<&str> = paths.iter().copied().collect();
            let mut both: Vec<&str> = own.iter().chain(&all).copied().collect();
            both.sort_unstable();
            overlaps(&both, &text, notes);
            all.extend(own);
        }
    }
}

/// Paths that are the same, or lie in one another.
fn overlaps(paths: &[&str], text: &str, notes: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for path in paths.iter().map(|path| path.trim_end_matches('/')) {
        let within = |one: &str, other: &str| [one, "/"].concat().starts_with(other);
        let clash = seen.iter().find(|item: &&&str| item.is_empty() || path.is_empty() || within(item, path) || within(path, item));
        if let Some(other) = clash.filter(|other| !other.is_empty() && !path.is_empty()) {
            notes.push(format!("{text}: {} with {}", quote(path), quote(other)));
        }
        seen.insert(path);
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;
    use serde_json::json;

    #[test]
    fn files_that_lie_over_each_other_are_told() {
        let files = |paths: &[&str]| paths.iter().map(|path| json!({"key": "k", "path": path})).collect::<Vec<_>>();
        let spec = json!({"volumes": [{"name": "a", "configMap": {"name": "c", "items": files(&["p", "p/q"])}},
            {"name": "b", "projected": {"sources": [{}, {"secret": {"name": "s", "items": files(&["z/"])}},
                {"serviceAccountToken": {"path": "z"}}]}}]});
        let mut notes = Vec::new();
        super::about(&spec, &mut notes);
        let wanted = [
            "volume \"a\" (ConfigMap \"c\"): overlapping paths: \"p/q\" with \"p\"",
            "volume \"b\" (Projected) has no sources provided",
            "volume \"b\" (Projected ServiceAccountToken): overlapping paths: \"z\" with \"z\"",
        ];
        assert_eq!(notes, wanted);
    }
}
