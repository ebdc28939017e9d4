//! `kubectl set`: parts of objects by name. Models kubectl `pkg/cmd/set`. One file per part; `update` is what they share.

pub mod env;
mod from;
pub mod image;
pub mod resources;
pub mod selector;
pub mod service_account;
pub mod subject;
mod update;

use crate::kubectl::{Command, change};

/// `kubectl set SUBCOMMAND`
pub static SET: Command = Command {
    name: "set",
    usage: "set SUBCOMMAND",
    short: "Set specific features on objects",
    long: "Configure application resources.\n\n These commands help you make changes to existing application resources.",
    children: &[&image::IMAGE, &resources::RESOURCES, &selector::SELECT, &subject::SUBJECT, &service_account::SERVICE_ACCOUNT, &env::ENV],
    run: Some(change::group),
    ..Command::EMPTY
};
