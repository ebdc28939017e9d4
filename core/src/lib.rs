//! A simulated Kubernetes cluster with its kubectl and its shell, as one value.
//!
//! Nothing here knows the wall clock, the network, a file system or a thread: time comes in through
//! `session::Session::advance_to`, randomness from a seed, and everything else from the log of inputs.
#![no_std]

extern crate alloc;

pub mod api;
pub mod arrange;
pub mod bring;
pub mod control;
pub mod history;
pub mod kubectl;
pub mod kubelet;
pub mod lesson;
pub mod object;
pub mod scheduler;
pub mod session;
pub mod shared;
pub mod shell;
pub mod sim;
pub mod text;
pub mod time;
