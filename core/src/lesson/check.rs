//! Checks: what must be true for a step to be reached, as data. How it is found out is in `track` and `progress`.

use alloc::string::String;

use crate::object::Object;
use crate::object::jsonpath::JsonPath;
use crate::object::selector::Selector;

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
    /// The text contains the other.
    Contains,
    /// At least, as numbers.
    Ge,
    /// At most, as numbers.
    Le,
}

impl Op {
    /// Every comparison by its name in lessons.
    pub const ALL: [(&'static str, Op); 7] = [
        ("eq", Op::Eq),
        ("ne", Op::Ne),
        ("exists", Op::Exists),
        ("absent", Op::Absent),
        ("contains", Op::Contains),
        ("ge", Op::Ge),
        ("le", Op::Le),
    ];

    /// Whether a value that was found stands so to another.
    pub fn holds(self, found: &str, other: &str) -> bool {
        let numbers = || found.parse::<i64>().ok().zip(other.parse::<i64>().ok());
        match self {
            Op::Eq => found == other,
            Op::Ne => found != other,
            Op::Exists => !found.is_empty(),
            Op::Absent => found.is_empty(),
            Op::Contains => found.contains(other),
            Op::Ge => numbers().is_some_and(|(a, b)| a >= b),
            Op::Le => numbers().is_some_and(|(a, b)| a <= b),
        }
    }
}

/// To which moments a check looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Now.
    Now,
    /// At some moment since the step began.
    Ever,
    /// At no moment since the step began.
    Never,
    /// Objects that were made since the step began.
    Added,
    /// Objects that went since the step began.
    Gone,
    /// Objects that went since the step began and came back under the same name.
    Replaced,
}

impl When {
    /// Every choice by its name in lessons.
    pub const ALL: [(&'static str, When); 6] = [
        ("now", When::Now),
        ("ever", When::Ever),
        ("never", When::Never),
        ("added", When::Added),
        ("gone", When::Gone),
        ("replaced", When::Replaced),
    ];
}

/// Which objects are meant.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Which {
    /// The resource: `pods`, `deployments.apps`.
    pub resource: String,
    /// The namespace; empty for all. Nothing to objects that live in none.
    pub namespace: String,
    /// The name; empty for any.
    pub name: String,
    /// A label selector; empty for any.
    pub selector: String,
    /// An owner somewhere up the chain: `Deployment/web`, `Deployment/*`; `none` for objects without one; empty for any.
    pub owner: String,
    /// A JSONPath into the object: `{.status.phase}`; empty looks at nothing.
    pub path: String,
}

/// So many objects of a resource fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Objects {
    /// Which are looked at, and at which of their fields.
    pub which: Which,
    /// How the field's value is compared.
    pub op: Op,
    /// What it is compared with.
    pub value: String,
    /// What it is compared with instead: a field of another object, or (without a resource) of the same one.
    pub against: Option<Which>,
    /// Whether different values are counted, not objects.
    pub distinct: bool,
    /// The fewest that must fit.
    pub at_least: usize,
    /// The most that may fit.
    pub at_most: usize,
}

/// What a check looks at.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "nearly every check looks at objects, and there are few of them")]
pub enum What {
    /// Objects of the cluster.
    Objects(Objects),
    /// A file of the learner.
    File {
        /// Its path; from the home directory when it is not absolute.
        path: String,
        /// What it must contain.
        contains: String,
    },
    /// Something the API server refused since the step began.
    Refused {
        /// Why: `AlreadyExists`, `NotFound`.
        reason: String,
        /// The resource; empty for any.
        resource: String,
        /// The name; empty for any.
        name: String,
    },
    /// The requests over the cluster's network since the step began.
    Requests {
        /// The host they were for; empty for any.
        to: String,
        /// How many are looked at, the last ones; there must be as many.
        last: usize,
        /// The most of them that may have failed.
        failed: usize,
        /// How many different Pods must have answered at least, of all the requests since the step began.
        different: usize,
    },
}

/// One thing that must be true.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What is looked at.
    pub what: What,
    /// To which moments.
    pub when: When,
    /// For how long without a break, in simulated milliseconds.
    pub held_ms: u64,
}

/// A [`Which`] made ready.
#[derive(Clone, Debug)]
pub(super) struct Finder {
    which: Which,
    selector: Option<Selector>,
    path: Option<JsonPath>,
}

impl Finder {
    /// Makes it ready. What cannot be parsed (lessons are checked before) finds nothing.
    pub(super) fn new(which: &Which) -> Finder {
        let selector = crate::object::selector::parse(&which.selector).ok();
        Finder { which: which.clone(), selector, path: JsonPath::parse(&which.path).ok() }
    }

    /// Whether an object is one of those, its owner aside.
    pub(super) fn fits(&self, object: &Object) -> bool {
        let w = &self.which;
        w.resource == object.ty.resource
            && (w.namespace.is_empty() || object.namespace().is_empty() || w.namespace == object.namespace())
            && (w.name.is_empty() || w.name == object.name())
            && (w.selector.is_empty() || self.selector.as_ref().is_some_and(|s| s.matches(&*object.meta.labels)))
    }

    /// The owner that is asked for; empty for any.
    pub(super) fn owner(&self) -> &str {
        &self.which.owner
    }

    /// What stands in the field, as kubectl prints it.
    pub(super) fn text(&self, object: &Object) -> String {
        let mut out = String::new();
        if !self.which.path.is_empty()
            && let Some(path) = &self.path
            && path.print(&object.to_value(), &mut out).is_err()
        {
            out.clear();
        }
        out.truncate(out.trim_end().len());
        out
    }
}
