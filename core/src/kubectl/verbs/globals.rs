//! The global options: which namespace, on whose behalf, how long to wait. Models cli-runtime `genericclioptions` ConfigFlags.

use alloc::string::ToString;

use crate::kubectl::{Cx, Failure, Parsed};

/// Fills `cx.globals` from flags and kubeconfig.
///
/// # Errors
/// What kubectl says of a context, cluster, user or file that is not there.
pub fn resolve(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<(), Failure> {
    cx.globals.namespace_given = parsed.given("namespace");
    cx.globals.namespace = match parsed.text("namespace") {
        "" => "default".to_string(),
        ns => ns.to_string(),
    };
    cx.globals.user = parsed.text("as").to_string();
    cx.globals.groups = parsed.all("as-group").to_vec();
    Ok(())
}
