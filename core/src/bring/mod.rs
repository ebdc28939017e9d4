//! A cluster that somebody brings: what `kubectl get … -o yaml` (or json) printed becomes the base of a session.
//!
//! A text is read (`read`), each object cleaned (`clean`), what is missing put in its place (`stand_in`, `owners`), and
//! what is taken and what is not told (`plan`). What comes out is data ([`Brought`]) that a log carries and from which
//! the same cluster is built each time (`build`). Never: a Secret's content; anything that runs.

pub mod build;
mod clean;
mod other;
mod owners;
pub mod plan;
mod read;
mod refs;
mod seen;
mod stand_in;

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::api::Api;
use crate::object::Object;

pub use plan::{Left, Note, Plan, Why, plan};

/// The version of the form in which a log carries a cluster.
pub const BROUGHT_VERSION: u32 = 1;

/// The longest text that is read, in bytes.
pub const MAX_TEXT: usize = 64 << 20;

/// The most objects that are taken.
pub const MAX_OBJECTS: usize = 20_000;

/// The most Pods.
pub const MAX_PODS: usize = 5_000;

/// The most nodes.
pub const MAX_NODES: usize = 1_000;

/// Why a cluster that a log carries is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be read: why.
    Unreadable(String),
    /// It is of another version.
    Version(u32),
    /// It has more objects, Pods or nodes than may be.
    TooLarge,
    /// It has no objects.
    Empty,
    /// It is of a time that cannot be.
    Time,
}

/// Objects as JSON, shared by all copies of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Objects(pub Rc<Vec<Value>>);

impl Serialize for Objects {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Objects {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Objects, D::Error> {
        Vec::deserialize(from).map(|all| Objects(Rc::new(all)))
    }
}

/// A cluster as a log carries it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// [`BROUGHT_VERSION`].
    pub version: u32,
    /// When it was looked at: the latest time that it tells of, in wall-clock milliseconds since 1970.
    pub seen_ms: i64,
    /// Its objects, without UIDs and what the API server keeps for itself.
    pub objects: Objects,
    /// The same, understood beforehand.
    #[serde(skip)]
    pub ready: Ready,
}

/// The objects as they were understood before a session is made of them, which takes long; it is no part of the data.
#[derive(Clone, Debug, Default)]
pub struct Ready(Option<Rc<Vec<Object>>>);

impl PartialEq for Ready {
    fn eq(&self, _: &Ready) -> bool {
        true
    }
}

impl Eq for Ready {}

/// A cluster whose objects are being understood, as far as there is time for at once.
pub struct Preparing {
    api: Api,
    brought: Brought,
    objects: Vec<Object>,
    next: usize,
}

impl Preparing {
    /// Begins.
    pub fn new(brought: Brought) -> Preparing {
        Preparing { api: Api::new(0, 0), brought, objects: Vec::new(), next: 0 }
    }

    /// Goes on with so many objects. Returns whether that was all.
    pub fn go_on(&mut self, most: usize) -> bool {
        let all = &self.brought.objects.0;
        let some = all.iter().skip(self.next).take(most);
        self.objects.extend(some.filter_map(|value| build::understood(&self.api, value)));
        self.next = self.next.saturating_add(most).min(all.len());
        self.next == all.len()
    }

    /// How many percent are done.
    pub fn percent(&self) -> usize {
        self.next * 100 / self.brought.objects.0.len().max(1)
    }

    /// The cluster; what is not understood yet will be when it is built.
    pub fn finish(self) -> Brought {
        let whole = self.next == self.brought.objects.0.len();
        Brought { ready: Ready(whole.then(|| Rc::new(self.objects))), ..self.brought }
    }
}

impl Brought {
    /// Reads a cluster that was kept apart from its log.
    ///
    /// # Errors
    /// What is wrong.
    pub fn parse(json: &str) -> Result<Brought, Refusal> {
        let brought: Brought = serde_json::from_str(json).map_err(|e| Refusal::Unreadable(e.to_string()))?;
        brought.check().map(|()| brought)
    }

    /// The cluster as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How many objects of a kind there are.
    pub fn count(&self, kind: &str) -> usize {
        self.objects.0.iter().filter(|o| o.get("kind").and_then(Value::as_str) == Some(kind)).count()
    }

    /// Checks every bound.
    ///
    /// # Errors
    /// Which bound is broken.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.version != BROUGHT_VERSION {
            return Err(Refusal::Version(self.version));
        }
        if self.objects.0.len() > MAX_OBJECTS || self.count("Pod") > MAX_PODS || self.count("Node") > MAX_NODES {
            return Err(Refusal::TooLarge);
        }
        if self.objects.0.is_empty() {
            return Err(Refusal::Empty);
        }
        if self.seen_ms.unsigned_abs() > 8_000_000_000_000 {
            return Err(Refusal::Time);
        }
        Ok(())
    }
}
