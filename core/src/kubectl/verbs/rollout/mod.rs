//! `kubectl rollout`: watching, listing and taking back what a Deployment, DaemonSet or StatefulSet rolls out.
//! Models kubectl `pkg/cmd/rollout`. One file per subcommand.

pub mod history;
pub mod pause;
pub mod status;
pub mod undo;

use alloc::string::ToString;
use alloc::vec::Vec;

use crate::kubectl::resources::{self, Ask, Item};
use crate::kubectl::{Command, Cx, Failure, Parsed, change, manifests};

/// `kubectl rollout SUBCOMMAND`
pub static ROLLOUT: Command = Command {
    name: "rollout",
    usage: "rollout SUBCOMMAND",
    short: "Manage the rollout of a resource",
    children: &[&history::HISTORY, &pause::PAUSE, &pause::RESTART, &pause::RESUME, &status::STATUS, &undo::UNDO],
    run: Some(change::group),
    ..Command::EMPTY
};

/// The objects that a subcommand is about.
pub(super) fn items(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Vec<Item>, Failure> {
    if parsed.args.is_empty() && !manifests::given(parsed) {
        return Err(Failure::Client("required resource not specified".to_string()));
    }
    let mut ask = Ask::of(parsed);
    ask.latest = true;
    resources::find_all(cx, parsed, &ask)
}
