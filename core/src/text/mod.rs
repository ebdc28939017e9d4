//! Bytes in, bytes out.

pub mod fs;
