//! kubectl: the command tree, its flags, and one file per verb under `verbs/`. Talks to the API server only, as a
//! client would, through [`Cx`]. Nothing here knows the shell that started it or the page that shows it.

pub mod change;
pub mod command;
pub mod cx;
pub mod describe;
pub mod editor;
pub mod failure;
pub mod flags;
pub mod flow;
pub mod groups;
pub mod kubeconfig;
pub mod kustomize;
pub mod manifests;
pub mod output;
pub mod overrides;
pub mod ports;
pub mod raw;
pub mod resources;
pub mod suggest;
pub mod tables;
pub mod tree;
pub mod verbs;

pub use command::{Command, Flag, FlagKind, Takes};
pub use cx::Cx;
pub use failure::Failure;
pub use flags::Parsed;
pub use flow::{ExecRequest, Flow, Pending, Until};
pub use tree::run;
