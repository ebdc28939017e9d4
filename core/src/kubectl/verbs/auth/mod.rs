//! `kubectl auth`: who may do what. Models kubectl `pkg/cmd/auth`. One file per subcommand.

pub mod can_i;
pub mod reconcile;
pub mod rules;
pub mod whoami;

use alloc::string::ToString;

use crate::api::authorize::Asker;
use crate::kubectl::{Command, Cx, change};

/// `kubectl auth`
pub static AUTH: Command = Command {
    name: "auth",
    usage: "auth [flags]",
    short: "Inspect authorization",
    children: &[&can_i::CAN_I, &reconcile::RECONCILE, &whoami::WHO_AM_I],
    run: Some(change::group),
    ..Command::EMPTY
};

/// The administrator, whose kubeconfig is on the learner's machine.
pub(super) const ADMIN: &str = "kubernetes-admin";

/// Whom kubectl speaks for, by name and groups.
pub(super) fn asker(cx: &Cx<'_>) -> Asker {
    match cx.globals.user.is_empty() {
        true => Asker { user: ADMIN.to_string(), groups: alloc::vec!["system:masters".to_string()] },
        false => Asker { user: cx.globals.user.clone(), groups: cx.globals.groups.clone() },
    }
}
