//! What a timer of a worker is for; the container's number is in the upper bits of the token.

/// Sync.
pub const SYNC: u32 = 1;
/// The Pod's sandbox is there.
pub const SANDBOX_UP: u32 = 2;
/// A pull has ended.
pub const PULLED: u32 = 3;
/// A container starts.
pub const START: u32 = 4;
/// A container's process wants a turn.
pub const TURN: u32 = 5;
/// The runtime's state is looked at.
pub const LOOK: u32 = 6;
/// The Pod is over: its last status is due.
pub const FINISH: u32 = 7;
/// The Pod's object goes.
pub const REMOVE: u32 = 8;
/// A grace period has ended.
pub const GRACE_OVER: u32 = 9;
/// A deletion begins to be worked on.
pub const BEGIN_STOP: u32 = 10;
/// A probe is due; bits 4..8 hold its kind.
pub const PROBE: u32 = 11;
/// A hook before the stop has ended.
pub const HOOK_OVER: u32 = 12;
/// The active deadline has passed.
pub const DEADLINE: u32 = 13;
/// A container has met its limit of memory.
pub const OUT_OF_MEMORY: u32 = 14;
/// The mirror of a static Pod is to be made anew.
pub const MIRROR: u32 = 15;
/// The hook after a container's start is over.
pub const STARTED: u32 = 17;
/// Whether there is room for other resources is to be seen.
pub const RESIZE: u32 = 18;
/// Others give way to a critical Pod, one after another.
pub const ADMIT: u32 = 19;
/// A new mirror is to be told its status.
pub const TOLD: u32 = 16;
