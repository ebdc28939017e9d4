//! Drives the front door of `kubepie-core`, as the page does, and holds it against recordings.
//!
//! Nothing here reaches behind the session: what a test needs to see, the page can see too.

pub mod compare;
pub mod golden;
pub mod histories;
pub mod known;
pub mod lessons;
#[path = "../../web/src/share/link.rs"]
pub mod link;
pub mod measured;
pub mod promises;
pub mod random;
pub mod record;
pub mod replay;
pub mod scenarios;
pub mod sources;
pub mod trace;
pub mod transcript;
