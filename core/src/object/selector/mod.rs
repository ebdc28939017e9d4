//! Selectors: which objects are meant, by their labels or by a few of their fields.
//!
//! `a=b,c!=d,e in (x,y),!f` and `matchLabels`/`matchExpressions` become one [`Selector`]; `status.phase=Running`
//! becomes a [`FieldSelector`].

mod field;
mod parse;

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

pub use field::{FieldSelector, FieldTerm};
pub use parse::parse;

use super::names;
use crate::arrange::Arrange;
use crate::text::quote::quote;

/// How a label is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `in (a,b)`
    In,
    /// `notin (a,b)`
    NotIn,
    /// `=`
    Equals,
    /// `==`
    DoubleEquals,
    /// `!=`
    NotEquals,
    /// `>`
    GreaterThan,
    /// `<`
    LessThan,
    /// The key alone.
    Exists,
    /// `!key`
    DoesNotExist,
}

/// One condition on one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The label's key.
    pub key: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what; none for the two existence operators.
    pub values: Vec<String>,
}

/// Labels looked up by key: a JSON map, a map of strings or whatever else holds them.
pub trait Labels {
    /// The value of a label, if there is one.
    fn label(&self, key: &str) -> Option<&str>;
}

impl Labels for Value {
    fn label(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }
}

impl Labels for serde_json::Map<String, Value> {
    fn label(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }
}

impl Labels for BTreeMap<String, String> {
    fn label(&self, key: &str) -> Option<&str> {
        self.get(key).map(String::as_str)
    }
}

impl Labels for super::Meta {
    fn label(&self, key: &str) -> Option<&str> {
        super::Meta::label(self, key)
    }
}

/// All of several conditions on labels. One without conditions selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    requirements: Vec<Requirement>,
    nothing: bool,
}

impl Requirement {
    /// A condition, checked as NewRequirement of apimachinery checks it; the error is its text.
    pub fn new(key: &str, operator: Operator, values: Vec<String>) -> Result<Self, String> {
        let mut wrong = Vec::new();
        let mut invalid = |path: &str, value: &str, detail: &str| {
            wrong.push(alloc::format!("{path}: Invalid value: {value}: {detail}"));
        };
        let problems = names::qualified_name(key);
        if !problems.is_empty() {
            invalid("key", &quote(key), &problems.join("; "));
        }
        let listed = || {
            let quoted: Vec<String> = values.iter().map(|v| quote(v)).collect();
            alloc::format!("[{}]", quoted.join(","))
        };
        let count = values.len();
        match operator {
            Operator::In | Operator::NotIn if count == 0 => {
                invalid("values", &listed(), "for 'in', 'notin' operators, values set can't be empty");
            }
            Operator::Equals | Operator::DoubleEquals | Operator::NotEquals if count != 1 => {
                invalid("values", &listed(), "exact-match compatibility requires one single value");
            }
            Operator::Exists | Operator::DoesNotExist if count != 0 => {
                invalid("values", &listed(), "values set must be empty for exists and does not exist");
            }
            Operator::GreaterThan | Operator::LessThan if count != 1 => {
                invalid("values", &listed(), "for 'Gt', 'Lt' operators, exactly one value is required");
            }
            _ => {}
        }
        let is_bound = matches!(operator, Operator::GreaterThan | Operator::LessThan);
        for (i, value) in values.iter().enumerate() {
            if is_bound && value.parse::<i64>().is_err() {
                invalid(&alloc::format!("values[{i}]"), &quote(value), "for 'Gt', 'Lt' operators, the value must be an integer");
            }
        }
        for (i, value) in values.iter().enumerate() {
            let problems = names::label_value(value);
            if !problems.is_empty() {
                invalid(&alloc::format!("values[{i}][{key}]"), &quote(value), &problems.join("; "));
            }
        }
        match wrong.as_slice() {
            [] => Ok(Requirement { key: key.to_string(), operator, values }),
            [one] => Err(one.clone()),
            many => Err(alloc::format!("[{}]", many.join(", "))),
        }
    }

    /// Whether labels meet the condition. A missing label meets `!=`, `notin` and `!`.
    pub fn matches(&self, labels: &dyn Labels) -> bool {
        let found = labels.label(&self.key);
        let has = |value: &str| self.values.iter().any(|v| v == value);
        let compare = |greater: bool| {
            let (Some(found), Some(bound)) = (found, self.values.first()) else { return false };
            match (found.parse::<i64>(), bound.parse::<i64>()) {
                (Ok(found), Ok(bound)) => (greater && found > bound) || (!greater && found < bound),
                _ => false,
            }
        };
        match self.operator {
            Operator::In | Operator::Equals | Operator::DoubleEquals => found.is_some_and(has),
            Operator::NotIn | Operator::NotEquals => !found.is_some_and(has),
            Operator::Exists => found.is_some(),
            Operator::DoesNotExist => found.is_none(),
            Operator::GreaterThan => compare(true),
            Operator::LessThan => compare(false),
        }
    }

    fn print_into(&self, out: &mut String) {
        if self.operator == Operator::DoesNotExist {
            out.push('!');
        }
        out.push_str(&self.key);
        let (before, after) = match self.operator {
            Operator::Equals => ("=", ""),
            Operator::DoubleEquals => ("==", ""),
            Operator::NotEquals => ("!=", ""),
            Operator::In => (" in (", ")"),
            Operator::NotIn => (" notin (", ")"),
            Operator::GreaterThan => (">", ""),
            Operator::LessThan => ("<", ""),
            Operator::Exists | Operator::DoesNotExist => return,
        };
        let mut values: Vec<&str> = self.values.iter().map(String::as_str).collect();
        values.arrange();
        out.push_str(before);
        out.push_str(&values.join(","));
        out.push_str(after);
    }
}

impl Selector {
    /// Selects every object.
    pub fn everything() -> Self {
        Selector::default()
    }

    /// Selects no object.
    pub fn nothing() -> Self {
        Selector { requirements: Vec::new(), nothing: true }
    }

    /// All of these conditions.
    pub fn new(mut requirements: Vec<Requirement>) -> Self {
        requirements.arrange_by(|a, b| a.key.cmp(&b.key));
        Selector { requirements, nothing: false }
    }

    /// Objects that have exactly these labels, as a Service's or ReplicationController's `selector` map means it.
    pub fn from_pairs<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> Self {
        let one = |(key, value): (&str, &str)| Requirement {
            key: key.to_string(),
            operator: Operator::Equals,
            values: alloc::vec![value.to_string()],
        };
        Selector::new(pairs.map(one).collect())
    }

    /// A `LabelSelector` with `matchLabels` and `matchExpressions`. None (null) selects nothing, an empty one
    /// everything. Models metav1.LabelSelectorAsSelector, error texts included.
    pub fn from_label_selector(value: Option<&Value>) -> Result<Self, String> {
        let Some(map) = value.and_then(Value::as_object) else { return Ok(Selector::nothing()) };
        let mut requirements = Vec::new();
        for (key, value) in map.get("matchLabels").and_then(Value::as_object).into_iter().flatten() {
            let value = value.as_str().unwrap_or_default();
            requirements.push(Requirement::new(key, Operator::Equals, alloc::vec![value.to_string()])?);
        }
        for expression in map.get("matchExpressions").and_then(Value::as_array).into_iter().flatten() {
            let text = |name: &str| expression.get(name).and_then(Value::as_str).unwrap_or_default();
            let operator = match text("operator") {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                other => return Err(alloc::format!("{} is not a valid label selector operator", quote(other))),
            };
            let values = expression.get("values").and_then(Value::as_array);
            let values = values.into_iter().flatten().filter_map(Value::as_str).map(ToString::to_string).collect();
            requirements.push(Requirement::new(text("key"), operator, values)?);
        }
        Ok(Selector::new(requirements))
    }

    /// Whether labels meet all conditions.
    pub fn matches(&self, labels: &dyn Labels) -> bool {
        !self.nothing && self.requirements.iter().all(|r| r.matches(labels))
    }

    /// Whether there is no condition.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty() && !self.nothing
    }

    /// The conditions, by key.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// `a=b,c in (x,y)`; empty for everything and nothing.
    pub fn print(&self) -> String {
        let mut out = String::new();
        for (i, requirement) in self.requirements.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            requirement.print_into(&mut out);
        }
        out
    }

    /// As [`Selector::print`], with `<none>` for an empty one, as `describe` and the SELECTOR column show it.
    pub fn print_or_none(&self) -> String {
        let text = self.print();
        if text.is_empty() { "<none>".to_string() } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn matching() {
        let labels = json!({"app": "web", "tier": "front", "n": "5"});
        for (text, expected) in [
            ("", true),
            ("app=web", true),
            ("app==db", false),
            ("app!=db", true),
            ("nope!=x", true),
            ("app in (web,db)", true),
            ("app notin (web)", false),
            ("nope notin (web)", true),
            ("app", true),
            ("!app", false),
            ("!nope,tier=front", true),
            ("n>4", true),
            ("n<4", false),
            ("app in ()", false),
        ] {
            assert_eq!(parse(text).unwrap().matches(&labels), expected, "{text}");
        }
    }

    #[test]
    fn label_selectors() {
        let of = |v: Value| Selector::from_label_selector(Some(&v));
        let selector = of(json!({"matchLabels": {"b": "1", "a": "2"}, "matchExpressions": [{"key": "c", "operator": "In", "values": ["y", "x"]}, {"key": "d", "operator": "DoesNotExist"}]})).unwrap();
        assert_eq!(selector.print(), "a=2,b=1,c in (x,y),!d");
        assert_eq!(of(json!({})).unwrap().print_or_none(), "<none>");
        assert!(of(json!({})).unwrap().matches(&json!({})));
        assert!(!Selector::from_label_selector(None).unwrap().matches(&json!({})));
        assert_eq!(
            of(json!({"matchExpressions": [{"key": "a", "operator": "Near"}]})).unwrap_err(),
            "\"Near\" is not a valid label selector operator"
        );
    }
}
