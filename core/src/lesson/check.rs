//! Checks: predicates over the objects of the cluster, as data.

use alloc::string::{String, ToString};
use serde_json::Value;

use crate::api::Api;
use crate::object::jsonpath::JsonPath;
use crate::object::selector;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Equal as text.
    Eq,
    /// Different as text.
    Ne,
    /// Not empty.
    Exists,
    /// Empty.
    Absent,
    /// At least, as numbers.
    Ge,
}

/// One thing that must be true: so many objects of a resource fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The resource: `pods`, `deployments.apps`.
    pub resource: String,
    /// The namespace; empty for all.
    pub namespace: String,
    /// The name; empty for any.
    pub name: String,
    /// A label selector; empty for any.
    pub selector: String,
    /// A JSONPath into the object: `{.status.phase}`; empty looks at nothing.
    pub path: String,
    /// How its value is compared.
    pub op: Op,
    /// What it is compared with.
    pub value: String,
    /// The fewest objects that must fit.
    pub at_least: usize,
    /// The most objects that may fit.
    pub at_most: usize,
}

impl Check {
    /// Whether it is true of the cluster now.
    pub fn holds(&self, api: &Api) -> bool {
        let namespace = Some(self.namespace.as_str()).filter(|ns| !ns.is_empty());
        let wanted = selector::parse(&self.selector).ok();
        let path = JsonPath::parse(&self.path).ok();
        let fits = api
            .list(&self.resource, namespace)
            .filter(|o| self.name.is_empty() || o.name() == self.name)
            .filter(|o| self.selector.is_empty() || wanted.as_ref().is_some_and(|s| s.matches(&*o.meta.labels)))
            .filter(|o| self.path.is_empty() || path.as_ref().is_some_and(|p| self.compare(&text(p, &o.to_value()))))
            .take(self.at_most.saturating_add(1))
            .count();
        (self.at_least..=self.at_most).contains(&fits)
    }

    fn compare(&self, found: &str) -> bool {
        match self.op {
            Op::Eq => found == self.value,
            Op::Ne => found != self.value,
            Op::Exists => !found.is_empty(),
            Op::Absent => found.is_empty(),
            Op::Ge => found.parse::<i64>().ok().zip(self.value.parse::<i64>().ok()).is_some_and(|(a, b)| a >= b),
        }
    }
}

fn text(path: &JsonPath, value: &Value) -> String {
    let mut out = String::new();
    match path.print(value, &mut out) {
        Ok(()) => out.trim().to_string(),
        Err(_) => String::new(),
    }
}
