//! The API server as a value.

pub mod registry;
