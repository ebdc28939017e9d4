//! Validation of CustomResourceDefinitions: their names and versions. What a version holds is `version`'s.
//! Models apiextensions-apiserver `pkg/apis/apiextensions/validation`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::common::IMMUTABLE;
use super::field::{Errors, join, keyed, nth};
use super::version;
use crate::object::names;
use crate::object::value::{at, bool_at, items_at, text_at};

/// A new CustomResourceDefinition.
pub fn definition(object: &Value, errors: &mut Errors) {
    let spec = at(object, "spec").unwrap_or(&Value::Null);
    let wanted = format!("{}.{}", text_at(spec, "names/plural"), text_at(spec, "group"));
    let name = text_at(object, "metadata/name");
    if !name.is_empty() && name != wanted {
        errors.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
    }
    whole(object, spec, errors);
    approval(object, text_at(spec, "group"), errors);
    preserve(spec, errors);
}

/// A change of one: what may not change once it is served, and all that holds for a new one but its name.
pub fn update(new: &Value, old: &Value, errors: &mut Errors) {
    let spec = at(new, "spec").unwrap_or(&Value::Null);
    whole(new, spec, errors);
    let established = items_at(old, "status/conditions")
        .iter()
        .any(|condition| text_at(condition, "type") == "Established" && text_at(condition, "status") == "True");
    let mut found = Errors::default();
    for (field, always) in [("scope", false), ("names/kind", false), ("group", true), ("names/plural", true)] {
        let (now, before) = (text_at(spec, field), text_at(old, &["spec/", field].concat()));
        if now != before && (always || established) {
            found.invalid(&["spec.", &field.replace('/', ".")].concat(), now, IMMUTABLE);
        }
    }
    // Those of the spec come before those of the status.
    let at = errors.0.iter().position(|error| error.field.starts_with("status.")).unwrap_or(errors.0.len());
    errors.0.splice(at..at, found.0);
    if approval_state(new) != approval_state(old) {
        approval(new, text_at(spec, "group"), errors);
    }
    if !bool_at(old, "spec/preserveUnknownFields") {
        preserve(spec, errors);
    }
}

fn whole(object: &Value, spec: &Value, errors: &mut Errors) {
    let group = text_at(spec, "group");
    let wrong = names::dns_subdomain(group);
    if group.is_empty() {
        errors.required("spec.group", "");
    } else if !wrong.is_empty() {
        errors.invalid("spec.group", group, wrong.join(","));
    } else if !group.contains('.') {
        errors.invalid("spec.group", group, "should be a domain with at least one dot");
    }
    match text_at(spec, "scope") {
        "" => errors.required("spec.scope", ""),
        "Cluster" | "Namespaced" => {}
        other => errors.unsupported("spec.scope", other, &["Cluster", "Namespaced"]),
    }
    versions(spec, errors);
    stored(object, spec, errors);
}

/// The versions that objects were stored in must all still be there.
fn stored(object: &Value, spec: &Value, errors: &mut Errors) {
    const PATH: &str = "status.storedVersions";
    let stored = items_at(object, "status/storedVersions");
    if stored.is_empty() {
        return errors.invalid(PATH, Value::Null, "must have at least one stored version");
    }
    let versions = items_at(spec, "versions");
    for version in versions.iter().filter(|version| bool_at(version, "storage")) {
        let name = text_at(version, "name");
        if !stored.iter().any(|known| known == name) {
            errors.invalid(PATH, Value::Array(stored.to_vec()), ["must have the storage version ", name].concat());
        }
    }
    for (number, name) in stored.iter().filter_map(Value::as_str).enumerate() {
        if !versions.iter().any(|version| text_at(version, "name") == name) {
            let text = format!(
                "missing from spec.versions; {name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in {name} and removes {name} from status.storedVersions"
            );
            errors.invalid(&nth(PATH, number), name, text);
        }
    }
}

const APPROVED: &str = "api-approved.kubernetes.io";

/// What the approval of a definition comes to: none, an address, a reason, or nonsense.
fn approval_state(object: &Value) -> u8 {
    match at(object, "metadata/annotations").and_then(|notes| notes.get(APPROVED)).and_then(Value::as_str) {
        None | Some("") => 0,
        Some(text) if text.starts_with("unapproved") => 1,
        Some(text) if text.starts_with("https://") || text.starts_with("http://") => 2,
        Some(_) => 3,
    }
}

/// Groups of Kubernetes itself need somebody's approval.
fn approval(object: &Value, group: &str, errors: &mut Errors) {
    if !["k8s.io", "kubernetes.io"].iter().any(|own| group == *own || group.ends_with(&[".", own].concat())) {
        return;
    }
    let field = keyed("metadata.annotations", APPROVED);
    let text = |more: &str| {
        [
            "protected groups must have approval annotation \"",
            APPROVED,
            "\"",
            more,
            ", see https://github.com/kubernetes/enhancements/pull/1111",
        ]
        .concat()
    };
    match approval_state(object) {
        0 => errors.required(&field, text("")),
        3 => {
            let given = at(object, "metadata/annotations").and_then(|notes| notes.get(APPROVED)).cloned().unwrap_or_default();
            errors.invalid(&field, given, text(" with either a URL or a reason starting with \"unapproved\""));
        }
        _ => {}
    }
}

fn preserve(spec: &Value, errors: &mut Errors) {
    if bool_at(spec, "preserveUnknownFields") {
        let text = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
        errors.invalid("spec.preserveUnknownFields", true, text);
    }
}

fn listed(listed: &Value, errors: &mut Errors) {
    for field in ["plural", "singular", "kind", "listKind"] {
        if text_at(listed, field).is_empty() {
            errors.required(&join("spec.names", field), "");
        }
    }
    let word = |field: &str, mixed: bool, errors: &mut Errors| {
        let (path, text) = (join("spec.names", field), text_at(listed, field));
        let wrong = names::dns_1035_label(&if mixed { text.to_lowercase() } else { text.into() }).join(",");
        if !text.is_empty() && !wrong.is_empty() {
            let head = if mixed { "may have mixed case, but should otherwise match: " } else { "" };
            errors.invalid(&path, text, [head, &wrong].concat());
        }
    };
    word("plural", false, errors);
    word("singular", false, errors);
    word("kind", true, errors);
    word("listKind", true, errors);
    let list = |field: &str, errors: &mut Errors| {
        for (number, text) in items_at(listed, field).iter().filter_map(Value::as_str).enumerate() {
            let wrong = names::dns_1035_label(text).join(",");
            if !wrong.is_empty() {
                errors.invalid(&nth(&join("spec.names", field), number), text, wrong);
            }
        }
    };
    list("shortNames", errors);
    let kind = text_at(listed, "kind");
    if !kind.is_empty() && kind == text_at(listed, "listKind") {
        errors.invalid("spec.names.listKind", kind, "kind and listKind may not be the same");
    }
    list("categories", errors);
}

/// A part of a version that is the same in all of them belongs to the spec itself.
fn shared<'a>(versions: &'a [Value], field: &str) -> Option<&'a Value> {
    let first = at(versions.first()?, field).filter(|value| !crate::object::value::is_empty(value) || value.is_object())?;
    versions.iter().all(|version| at(version, field) == Some(first)).then_some(first)
}

fn versions(spec: &Value, errors: &mut Errors) {
    let list = items_at(spec, "versions");
    let schema = shared(list, "schema/openAPIV3Schema");
    for (number, one) in list.iter().enumerate() {
        if at(one, "schema/openAPIV3Schema").is_none_or(Value::is_null) {
            errors.required(&nth("spec.versions", number).to_string().replace(']', "].schema.openAPIV3Schema"), "");
        }
    }
    let parts = ["subresources", "additionalPrinterColumns", "selectableFields"];
    let shared_parts: Vec<Option<&Value>> = parts.iter().map(|field| shared(list, field)).collect();
    let status = |holder: &Value| at(holder, "subresources/status").is_some_and(|status| !status.is_null());
    for (number, one) in list.iter().enumerate() {
        let (path, name) = (nth("spec.versions", number), text_at(one, "name"));
        label(&join(&path, "name"), name, errors);
        version::deprecation(one, &path, errors);
        if let Some(own) = at(one, "schema/openAPIV3Schema").filter(|own| schema.is_none() && own.is_object()) {
            version::schema(own, status(one), &join(&path, "schema.openAPIV3Schema"), errors);
        }
        for ((field, check), shared) in parts.iter().zip(CHECKS).zip(&shared_parts) {
            if let Some(own) = at(one, field).filter(|_| shared.is_none()) {
                check(own, at(one, "schema/openAPIV3Schema"), &join(&path, field), errors);
            }
        }
    }
    let shown = || dump(list, schema.is_some(), &shared_parts);
    let names: Vec<&str> = list.iter().map(|version| text_at(version, "name")).collect();
    if names.iter().enumerate().any(|(at, name)| names.iter().take(at).any(|other| other == name)) {
        errors.invalid_raw("spec.versions", shown(), "must contain unique version names");
    }
    if list.iter().filter(|version| bool_at(version, "storage")).count() != 1 {
        errors.invalid_raw("spec.versions", shown_or_null(spec, shown()), "must have exactly one version marked as storage version");
    }
    if let Some(first) = names.first().filter(|name| !name.is_empty()) {
        label("spec.version", first, errors);
    }
    listed(at(spec, "names").unwrap_or(&Value::Null), errors);
    if let Some(schema) = schema {
        version::schema(schema, list.iter().any(status), "spec.validation.openAPIV3Schema", errors);
    }
    for ((field, check), shared) in parts.iter().zip(CHECKS).zip(&shared_parts) {
        if let Some(shared) = shared {
            check(shared, schema.or_else(|| at(list.first()?, "schema/openAPIV3Schema")), &join("spec", field), errors);
        }
    }
    version::conversion(spec, errors);
}

/// Checks a part of a version, given its schema and where it stands.
type Check = fn(&Value, Option<&Value>, &str, &mut Errors);
const CHECKS: [Check; 3] = [version::subresources, version::columns, version::selectable];

fn label(path: &str, name: &str, errors: &mut Errors) {
    let wrong = names::dns_1035_label(name).join(",");
    if !wrong.is_empty() {
        errors.invalid(path, name, wrong);
    }
}

fn shown_or_null(spec: &Value, shown: String) -> String {
    if at(spec, "versions").is_none_or(Value::is_null) { "null".to_string() } else { shown }
}

/// Versions as Go prints those of the server's own type; what all share stands elsewhere.
fn dump(list: &[Value], schema: bool, parts: &[Option<&Value>]) -> String {
    let one = |version: &Value| {
        let field = |name: &str| at(version, name).cloned().unwrap_or(Value::Null);
        let part = |number: usize, name: &str| match parts.get(number) {
            Some(Some(_)) => Value::Null,
            _ => field(name),
        };
        let schema = if schema { Value::Null } else { field("schema") };
        let fields: [(&str, Value); 9] = [
            ("Name", field("name")),
            ("Served", bool_at(version, "served").into()),
            ("Storage", bool_at(version, "storage").into()),
            ("Deprecated", bool_at(version, "deprecated").into()),
            ("DeprecationWarning", field("deprecationWarning")),
            ("Schema", schema),
            ("Subresources", part(0, "subresources")),
            ("AdditionalPrinterColumns", part(1, "additionalPrinterColumns")),
            ("SelectableFields", part(2, "selectableFields")),
        ];
        let members: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        ["{", &members.join(","), "}"].concat()
    };
    let all: Vec<String> = list.iter().map(one).collect();
    ["[", &all.join(","), "]"].concat()
}
