//! `--sort-by`: objects by what a JSONPath finds in them. Models kubectl `pkg/cmd/get` sorter.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use crate::arrange::Arrange;
use crate::object::jsonpath::{JsonPath, relaxed};
use crate::object::quantity::Quantity;
use crate::text::quote::quote;

/// Up to this many objects Go's sort is an insertion sort, whose treatment of missing fields shows.
const INSERTION_SORT_MAX: usize = 12;

/// The order of `objects` by what `field` finds: places in `objects`. The error is kubectl's text, without `error: `,
/// for a path that cannot be read or that no object has.
///
/// Objects without the field come first. Numbers, quantities and texts with numbers in them compare as such.
pub fn sort_by(objects: &[&Value], field: &str) -> Result<Vec<usize>, String> {
    let spec = relaxed(field)?;
    let path = JsonPath::parse(&spec)?;
    let mut keys: Vec<(usize, Option<Cow<'_, Value>>)> = Vec::with_capacity(objects.len());
    for (place, object) in objects.iter().enumerate() {
        let found = path.find(object)?;
        keys.push((place, found.into_iter().next().and_then(|results| results.into_iter().next())));
    }
    if !keys.is_empty() && keys.iter().all(|(_, key)| key.is_none()) {
        return Err(format!("couldn't find any field with path {} in the list of objects", quote(&spec)));
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
    if keys.len() <= INSERTION_SORT_MAX {
        for end in 1..keys.len() {
            let mut at = end;
            while at > 0 {
                let (Some((_, a)), Some((_, b))) = (keys.get(at), keys.get(at - 1)) else { break };
                if !before(a, b) {
                    break;
                }
                keys.swap(at, at - 1);
                at -= 1;
            }
        }
    } else {
        keys.arrange_by(|(_, a), (_, b)| match (a.is_some() && before(a, b), b.is_some() && before(b, a)) {
            _ if a.is_none() || b.is_none() => a.is_some().cmp(&b.is_some()),
            (true, _) => core::cmp::Ordering::Less,
            (_, true) => core::cmp::Ordering::Greater,
            _ => core::cmp::Ordering::Equal,
        });
    }
    match failed {
        Some(error) => Err(format!("Field {spec} in *unstructured.Unstructured is an unsortable type: interface, err: {error}")),
        None => Ok(keys.into_iter().map(|(place, _)| place).collect()),
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
            _ => Ok(natural_less(x, y)),
        },
        (Value::Number(_) | Value::String(_), _) => Err(String::from("unsortable interface: interface")),
        (Value::Bool(_), _) => Err(String::from("unsortable type: bool")),
        (Value::Array(_), _) => Err(String::from("unsortable type: []interface {}")),
        (Value::Object(_), _) => Err(String::from("unsortable type: map[string]interface {}")),
    }
}

/// Numbers inside texts compare by size, digits come before other characters. Models fvbommel/sortorder NaturalLess.
fn natural_less(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    let (len_a, len_b) = (a.len(), b.len());
    while let (Some((x, rest_a)), Some((y, rest_b))) = (a.split_first(), b.split_first()) {
        match (x.is_ascii_digit(), y.is_ascii_digit()) {
            (false, false) => {
                if x != y {
                    return x < y;
                }
                (a, b) = (rest_a, rest_b);
            }
            (true, true) => {
                let zeros = |s: &[u8]| s.iter().take_while(|c| **c == b'0').count();
                a = a.get(zeros(a)..).unwrap_or_default();
                b = b.get(zeros(b)..).unwrap_or_default();
                let start = (len_a - a.len(), len_b - b.len());
                let digits = |s: &[u8]| s.iter().take_while(|c| c.is_ascii_digit()).count();
                let (number_a, tail_a) = a.split_at_checked(digits(a)).unwrap_or((a, &[]));
                let (number_b, tail_b) = b.split_at_checked(digits(b)).unwrap_or((b, &[]));
                if number_a != number_b {
                    return (number_a.len(), number_a) < (number_b.len(), number_b);
                }
                if start.0 != start.1 {
                    return start.0 < start.1;
                }
                (a, b) = (tail_a, tail_b);
            }
            (digit, _) => return digit,
        }
    }
    a.len() < b.len()
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
        check(json!([{"a": "web-10"}, {"a": "web-2"}, {"a": "db"}]), ".a", &[2, 1, 0]);
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
        assert_eq!(sort_by(&refs, ".nope").unwrap_err(), "couldn't find any field with path \"{.nope}\" in the list of objects");
        assert!(sort_by(&refs, "{.b").is_err());
        assert!(sort_by(&refs, ".b").is_err());
    }
}
