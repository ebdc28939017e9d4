//! Bytes in, bytes out.

pub mod duration;
pub mod fs;
pub mod timestamp;
