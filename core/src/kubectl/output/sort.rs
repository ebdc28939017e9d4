//! `--sort-by`: objects by what a JSONPath finds in them. Models kubectl `pkg/cmd/get` sorter.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use crate::arrange::order_as_go;
use crate::object::jsonpath::{JsonPath, relaxed};
use crate::object::quantity::Quantity;
use crate::text::quote::quote;

/// Why objects cannot be sorted, in kubectl's words without `error: `.
#[derive(Debug)]
pub enum Unsorted {
    /// The path cannot be read, or no object has it.
    Missing(String),
    /// What the path finds cannot be compared; `{}` stands for the type of what holds it.
    Unsortable(String),
}

/// The order of `objects` by what `field` finds: places in `objects`.
///
/// Objects without the field come first. Numbers and quantities compare as such, other texts byte by byte; equals come as Go leaves them.
pub fn sort_by(objects: &[&Value], field: &str) -> Result<Vec<usize>, Unsorted> {
    let spec = relaxed(field).map_err(Unsorted::Missing)?;
    let path = JsonPath::parse(&spec).map_err(Unsorted::Missing)?;
    let mut keys: Vec<Option<Cow<'_, Value>>> = Vec::with_capacity(objects.len());
    for object in objects {
        let found = path.find(object).map_err(Unsorted::Missing)?;
        keys.push(found.into_iter().next().and_then(|results| results.into_iter().next()));
    }
    if !keys.is_empty() && keys.iter().all(Option::is_none) {
        return Err(Unsorted::Missing(format!("couldn't find any field with path {} in the list of objects", quote(&spec))));
    }
    let mut failed = None;
    let mut before = |a: &Option<Cow<'_, Value>>, b: &Option<Cow<'_, Value>>| match (a, b) {
        (None, _) => true,
        (_, None) => false,
        (Some(a), Some(b)) => less(a, b).unwrap_or_else(|error| {
            failed = Some(error);
            false
        }),
    };
    let order = order_as_go(keys.len(), &mut |a, b| match (keys.get(a), keys.get(b)) {
        (Some(a), Some(b)) => before(a, b),
        _ => false,
    });
    match failed {
        Some(error) => Err(Unsorted::Unsortable(["Field ", &spec, " in {} is an unsortable type: interface, err: ", &error].concat())),
        None => Ok(order),
    }
}

/// Whether `a` sorts before `b`; the error says why they cannot be compared.
pub fn less(a: &Value, b: &Value) -> Result<bool, String> {
    match (a, b) {
        (Value::Null, other) => Ok(!other.is_null()),
        (_, Value::Null) => Ok(false),
        (Value::Number(x), Value::Number(y)) if x.is_f64() == y.is_f64() => match (x.as_i64(), y.as_i64()) {
            (Some(x), Some(y)) => Ok(x < y),
            _ => Ok(x.as_f64() < y.as_f64()),
        },
        (Value::String(x), Value::String(y)) => match (Quantity::parse(x), Quantity::parse(y)) {
            (Ok(x), Ok(y)) => Ok(x < y),
            _ => Ok(x < y),
        },
        (Value::Number(_) | Value::String(_), _) => Err(String::from("unsortable interface: interface")),
        (Value::Bool(_), _) => Err(String::from("unsortable type: bool")),
        (Value::Array(_), _) => Err(String::from("unsortable type: []interface {}")),
        (Value::Object(_), _) => Err(String::from("unsortable type: map[string]interface {}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sorts() {
        let check = |values: Value, field: &str, expected: &[usize]| {
            let objects: Vec<&Value> = values.as_array().unwrap().iter().collect();
            assert_eq!(sort_by(&objects, field).unwrap(), expected, "{field}");
        };
        check(json!([{"a": "web-10"}, {"a": "web-2"}, {"a": "db"}]), ".a", &[2, 0, 1]);
        check(json!([{"a": 10}, {"a": 9}]), "a", &[1, 0]);
        check(json!([{"a": "1Gi"}, {"a": "500Mi"}, {"a": "1G"}]), "{.a}", &[1, 2, 0]);
        check(json!([{"a": "x"}, {}, {"a": "b"}]), "{.a}", &[1, 2, 0]);
        check(json!([]), ".a", &[]);
        let many: Vec<Value> = (0..40).map(|i| json!({"a": (i * 7) % 40})).collect();
        let refs: Vec<&Value> = many.iter().collect();
        let order = sort_by(&refs, ".a").unwrap();
        assert!(order.windows(2).all(|w| (w[0] * 7) % 40 < (w[1] * 7) % 40));
    }

    #[test]
    fn refusals() {
        let objects = [json!({"b": 1}), json!({"b": true})];
        let refs: Vec<&Value> = objects.iter().collect();
        let missing = sort_by(&refs, ".nope").unwrap_err();
        assert!(matches!(missing, Unsorted::Missing(why) if why == "couldn't find any field with path \"{.nope}\" in the list of objects"));
        assert!(sort_by(&refs, "{.b").is_err());
        assert!(matches!(sort_by(&refs, ".b"), Err(Unsorted::Unsortable(_))));
    }
}
