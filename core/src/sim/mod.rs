//! The simulation: one event queue over the API server and the components around it, and pictures of the result.

pub mod base;
pub mod cluster;
pub mod components;
mod expiry;
pub mod faults;
pub mod hash;
pub mod machines;
pub mod manifests;
pub mod timing;
pub mod view;

pub use crate::kubelet::web::Sent;
pub use cluster::Cluster;
pub use timing::Timing;
