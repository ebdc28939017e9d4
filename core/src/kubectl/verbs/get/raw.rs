//! `get --raw`: the flags that go with it. What the server answers is [`crate::kubectl::raw`]'s affair.

use alloc::format;
use alloc::string::ToString;

use crate::api::Params;
use crate::kubectl::{Cx, Failure, Flow, Parsed, raw};

/// `kubectl get --raw PATH`
pub(super) fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let path = parsed.text("raw").to_string();
    if !parsed.args.is_empty() {
        return Err(Failure::Client("arguments may not be passed when --raw is specified".to_string()));
    }
    if parsed.on("watch") || parsed.on("watch-only") || !parsed.text("selector").is_empty() {
        let text = "--raw may not be specified with other flags that filter the server request or alter the output";
        return Err(Failure::Client(text.to_string()));
    }
    if !parsed.text("output").is_empty() {
        return Err(Failure::Client("--raw and --output are mutually exclusive".to_string()));
    }
    if !path.starts_with('/') {
        let why = format!("--raw must be a valid URL path: parse {}: invalid URI for request", crate::text::quote::quote(&path));
        return Err(Failure::Client(why));
    }
    let who = Params { user: cx.globals.user.clone(), groups: cx.globals.groups.clone(), ..Params::default() };
    let text = raw::answer(cx.server, &path, &who)?;
    cx.out(&text);
    Ok(Flow::Done(0))
}
