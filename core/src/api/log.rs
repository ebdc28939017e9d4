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

/// The most changes that are kept, however fast they come: some rollouts of a large cluster.
pub const KEPT_CHANGES: usize = 30_000;
/// So many are kept however old they are: more than an hour of a small cluster.
pub const KEPT_ALWAYS: u64 = 4_096;
/// Those of the last while are kept for watchers that come late, and for who looks back: in milliseconds.
pub const KEPT_MS: u64 = 600_000;

/// The changes, numbered from zero.
pub type Log = History<Change>;
