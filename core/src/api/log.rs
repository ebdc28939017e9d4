//! The watch history: every change of every object in order, bounded.

use alloc::rc::Rc;

use crate::history::History;
use crate::object::Object;
use crate::time::Instant;

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was made.
    Added,
    /// It was changed.
    Modified,
    /// It is gone.
    Deleted,
}

/// One change of one object.
#[derive(Clone, Debug)]
pub struct Change {
    /// When.
    pub at: Instant,
    /// What happened.
    pub kind: ChangeKind,
    /// The object after the change; for [`ChangeKind::Deleted`] its last state.
    pub object: Rc<Object>,
    /// The object before the change; `None` when it was made.
    pub previous: Option<Rc<Object>>,
}

impl Change {
    /// The resource the object belongs to: `pods`, `deployments.apps`.
    pub fn resource(&self) -> &str {
        &self.object.ty.resource
    }
}

/// How many changes are kept for watchers that come late: hours of a small cluster, and some rollouts of a large one.
pub const KEPT_CHANGES: usize = 30_000;

/// The changes, numbered from zero.
pub type Log = History<Change>;
