//! `create --raw`, `replace --raw` and `delete --raw`: a file, sent as it is to a path. Models kubectl `pkg/rawhttp` and the
//! checks of `pkg/cmd/create`, `replace` and `delete`.

use alloc::string::{String, ToString};

use super::{not_found, place, printed};
use crate::api::{Params, Request, Status, Verb};
use crate::kubectl::{Cx, Failure, Flow, Parsed};
use crate::text::{fs, json, quote::quote};

/// Sends the one file of `-f` to the path of `--raw`; `verb` says whether it makes or replaces.
///
/// # Errors
/// Flags that do not go with `--raw`, a file that cannot be read, the server's refusal.
pub fn send(cx: &mut Cx<'_>, parsed: &Parsed, verb: Verb) -> Result<Flow, Failure> {
    let one = match parsed.all("filename") {
        [one] => one.clone(),
        _ => return Err(Failure::Client("--raw can only use a single local file or stdin".to_string())),
    };
    check(parsed)?;
    let text = text_of(cx, &one)?;
    go(cx, parsed, verb, &text)
}

/// Sends DELETE to the path of `--raw`, with the file of `-f` if there is one.
///
/// # Errors
/// As [`send`].
pub fn delete(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if parsed.all("filename").len() > 1 {
        return Err(Failure::Client("--raw can only use a single local file or stdin".to_string()));
    }
    check(parsed)?;
    let text = match parsed.all("filename").first().cloned() {
        Some(path) => text_of(cx, &path)?,
        None => String::new(),
    };
    go(cx, parsed, Verb::Delete, &text)
}

/// What does not go together with `--raw`.
fn check(parsed: &Parsed) -> Result<(), Failure> {
    let url = parsed.all("filename").iter().any(|path| path.starts_with("http://") || path.starts_with("https://"));
    let rules = [
        (parsed.on("edit"), "--raw and --edit are mutually exclusive"),
        (url, "--raw cannot read from a url"),
        (parsed.on("recursive"), "--raw and --recursive are mutually exclusive"),
        (parsed.command.name == "create" && !parsed.text("selector").is_empty(), "--raw and --selector (-l) are mutually exclusive"),
        (!parsed.text("output").is_empty(), "--raw and --output are mutually exclusive"),
    ];
    if let Some((_, text)) = rules.into_iter().find(|(broken, _)| *broken) {
        return Err(Failure::Client(text.to_string()));
    }
    let path = parsed.text("raw");
    match path.starts_with('/') {
        true => Ok(()),
        false => Err(Failure::Client(["--raw must be a valid URL path: parse ", &quote(path), ": invalid URI for request"].concat())),
    }
}

fn text_of(cx: &Cx<'_>, path: &str) -> Result<String, Failure> {
    if path == "-" {
        return cx.stdin.clone().ok_or(Failure::NeedStdin);
    }
    let text = cx.files.read(&fs::resolve(cx.cwd, path));
    text.map(|text| (*text).clone()).map_err(|error| Failure::Client(["open ", path, ": ", &error.text().to_lowercase()].concat()))
}

fn go(cx: &mut Cx<'_>, parsed: &Parsed, verb: Verb, text: &str) -> Result<Flow, Failure> {
    let bare = parsed.text("raw").split('?').next().unwrap_or_default().to_string();
    let place = place(cx.server, &bare)?;
    let named = !place.name.is_empty();
    if named != (verb != Verb::Create) && place.part.is_empty() {
        return Err(Status::method_not_allowed("the server does not allow this method on the requested resource").into());
    }
    let body = match text.trim().is_empty() {
        true => serde_json::Value::Null,
        false => json::parse(text)
            .map_err(|error| Status::bad_request(["couldn't get version/kind; json parse error: ", error.text()].concat()))?,
    };
    let mut request = Request::new(verb, &place.row.key(), &place.namespace, &place.name).with_subresource(&place.part).with_body(body);
    request.params = Params { field_manager: "kubectl".to_string(), ..Params::default() };
    let row = place.row;
    let answer = cx.send(request)?;
    let gone = verb == Verb::Delete && cx.api().find(&row.key(), &place.namespace, &place.name).is_none();
    let text = printed(&row, answer, gone).ok_or_else(not_found)?;
    cx.out(&text);
    Ok(Flow::Done(0))
}
