//! The API server as a value: what is stored, who may change it how, and what watchers see.
//!
//! Everything in the cluster meets here: controllers, scheduler, kubelets and kubectl know only this module and
//! never each other. Nothing here knows of timers, nodes' insides or terminals.

pub mod admission;
pub mod authorize;
pub mod base;
pub mod binding;
pub mod cel;
pub mod component;
pub mod convert;
pub mod custom;
pub mod defaults;
mod definitions;
mod disabled;
mod escalate;
pub mod events;
pub mod handle;
pub mod implied;
pub mod index;
pub mod kubelet;
pub mod log;
mod made;
pub mod matching;
pub mod network;
mod patching;
pub mod registry;
pub mod request;
pub mod runtime;
pub mod seen;
mod select;
pub mod server;
pub mod status;
pub mod store;
mod subresources;
pub mod timing;
pub mod usage;
pub mod validation;
pub mod warnings;
mod write;

pub use admission::quota_status;
pub use authorize::{Asker, Deed};
pub use component::{Component, Cx, Token};
pub use events::{EventNote, Recorder};
pub use kubelet::{KubeletProxy, LogLine, Server};
pub use log::{Change, ChangeKind};
pub use request::{Answer, Params, PatchType, Propagation, Refusal, Request, Response, Verb};
pub use server::{Api, DeleteOptions, Deletion, MOST_OF_A_RESOURCE};
pub use status::{Cause, Status};
pub use timing::Timing;
