//! Schemas and what they say of objects.

use super::*;
use crate::api::validation::field::Errors;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::json;

fn said(schema: Value, object: Value, old: Option<Value>) -> Vec<String> {
    let schema = json!({"type": "object", "properties": {"spec": schema}});
    let (object, old) = (json!({"spec": object}), old.map(|old| json!({"spec": old})));
    let mut errors = Errors::default();
    match old {
        Some(old) => check_update(&schema, &object, &old, &mut errors),
        None => check(&schema, &object, &mut errors),
    }
    errors.0.iter().map(ToString::to_string).collect()
}

#[test]
fn limits_and_forms() {
    for (schema, object, expected) in [
        (
            json!({"type": "string", "pattern": "^[a-z]+\\d$"}),
            json!("A1"),
            "spec: Invalid value: \"A1\": spec in body should match '^[a-z]+\\d$'",
        ),
        (json!({"type": "array", "maxItems": 1}), json!([1, 2]), "spec: Too many: 2: must have at most 1 items"),
        (
            json!({"type": "string", "format": "date-time"}),
            json!("soon"),
            "spec: Invalid value: \"soon\": spec in body must be of type date-time: \"soon\"",
        ),
        (
            json!({"x-kubernetes-int-or-string": true}),
            json!(true),
            "spec: Invalid value: \"boolean\": spec in body must be of type integer,string: \"boolean\"",
        ),
        (
            json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true}),
            json!(1),
            "spec: Invalid value: 1: spec in body should be greater than 1",
        ),
        (json!({"type": "array", "x-kubernetes-list-type": "set"}), json!(["a", "a"]), "spec[1]: Duplicate value: \"a\""),
        (
            json!({"type": "object", "x-kubernetes-validations": [{"rule": "self.a < self.b", "message": "a before b"}]}),
            json!({"a": 2, "b": 1}),
            "spec: Invalid value: a before b",
        ),
        (
            json!({"type": "integer", "x-kubernetes-validations": [{"rule": "self < 3"}]}),
            json!(3),
            "spec: Invalid value: 3: failed rule: self < 3",
        ),
        (
            json!({"type": "array", "x-kubernetes-validations": [{"rule": "self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d > 0))))"}, {"rule": "false"}]}),
            json!([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
            "spec: Invalid value: \"array\": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d > 0))))",
        ),
    ] {
        assert_eq!(said(schema, object, None), [expected.to_string()]);
    }
}

#[test]
fn what_stays_as_it_was_may_stay() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string", "maxLength": 1}, "b": {"type": "integer", "maximum": 3}}});
    let old = json!({"a": "long", "b": 7});
    assert!(said(schema.clone(), json!({"a": "long", "b": 2}), Some(old.clone())).is_empty());
    let wrong = "spec.b: Invalid value: 8: spec.b in body should be less than or equal to 3".to_string();
    assert_eq!(said(schema, json!({"a": "long", "b": 8}), Some(old)), [wrong]);
}

#[test]
fn formats_as_they_are_read() {
    for (format, good, bad) in [
        ("duration", &["1h30m", "2 weeks", "1d"][..], &["90", "x"][..]),
        ("hostname", &["a.bc", "A-b.example", "a-"], &["a.b", "-a", "a_b", "my-own-host"]),
        ("uuid", &["123e4567e89b12d3a456426614174000", "123E4567-e89b-12d3-a456-426614174000"], &["x", "123e4567-e89b-12d3-a456"]),
        ("mac", &["00:00:5e:00:53:01", "0000.5e00.5301"], &["00:00:5e", "x"]),
        ("ipv4", &["1.2.3.4", "01.2.3.4"], &["1.2.3", "256.1.1.1"]),
    ] {
        assert!(good.iter().all(|text| formats::fits(format, text)), "{format}");
        assert!(!bad.iter().any(|text| formats::fits(format, text)), "{format}");
    }
}

#[test]
fn rules_about_changes() {
    let schema = json!({"type": "string", "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "stays"}]});
    assert!(said(schema.clone(), json!("a"), None).is_empty());
    assert!(said(schema.clone(), json!("a"), Some(json!("a"))).is_empty());
    assert_eq!(said(schema, json!("b"), Some(json!("a"))), ["spec: Invalid value: \"b\": stays".to_string()]);
}
