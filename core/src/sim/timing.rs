//! How long things take: the lifelike default and the pace of the recordings. Speed is the page's affair, not this.

pub use crate::api::timing::Timing;
