//! What a container finds around it: users, processes, names, and volumes as the kubelet writes them.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::session::{Session, SessionOptions};

