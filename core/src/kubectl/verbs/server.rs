//! Whether there is a server at an address: the cluster's own is at port 6443, of any of its nodes. What each command says
//! where there is none is in `unreachable`.

use alloc::format;
use alloc::string::{String, ToString};

use super::unreachable::{self, Nobody};
use crate::kubectl::{Cx, Failure, Parsed};
use crate::object::Key;
use crate::object::resources::NODES;

/// Whether there is a server at the address that `--server` names, or else the kubeconfig (`own`).
///
/// # Errors
/// What the command says where nobody answers there.
pub fn reach(cx: &mut Cx<'_>, parsed: &Parsed, own: &str) -> Result<(), Failure> {
    let server = if parsed.given("server") { parsed.text("server") } else { own };
    let server = if server.is_empty() { "http://localhost:8080" } else { server };
    let whole = if server.contains("://") { server.to_string() } else { ["https://", server].concat() };
    let server = whole.as_str();
    let address = server.split("://").last().unwrap_or(server).split('/').next().unwrap_or_default();
    let (host, port) = address.rsplit_once(':').unwrap_or((address, if server.starts_with("http:") { "80" } else { "443" }));
    if !port.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Failure::Plain(format!("Unable to connect to the server: invalid port {:?} after host", [":", port].concat())));
    }
    let lost = unknown_host(cx, host, own);
    if port == "6443" && lost.is_none() && cx.api().answers() {
        return Ok(());
    }
    let dialled = [if host == "localhost" { "127.0.0.1" } else { host }, ":", port].concat();
    let why = match (lost, port.parse::<u16>()) {
        (_, Err(_)) => format!("dial tcp: address {port}: invalid port"),
        (Some(why), _) => ["dial tcp: ", &why].concat(),
        (None, _) => format!("dial tcp {dialled}: connect: connection refused"),
    };
    let given = parsed.text("request-timeout");
    let nobody = Nobody {
        server: server.trim_end_matches('/'),
        address: &[host, ":", port].concat(),
        why: &why,
        timeout: if matches!(given, "0" | "") { "32s" } else { given },
    };
    unreachable::failure(cx, parsed, &nobody).map_or(Ok(()), Err)
}

/// What is said of a host that has no address: it is no number, no node, and not where the cluster `own` is.
pub fn unknown_host(cx: &Cx<'_>, host: &str, own: &str) -> Option<String> {
    let numeric = host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let parts = host.split('.');
    let known = match numeric {
        true => parts.clone().count() == 4 && parts.clone().all(|part| part.parse::<u8>().is_ok()),
        false => matches!(host, "" | "localhost") || host.starts_with('[') || own.contains(host) || is_node(cx, host),
    };
    match (known, numeric) {
        (true, _) => None,
        (false, true) => Some(format!("lookup {host}: no such host")),
        (false, false) => Some(format!("lookup {host} on 127.0.0.53:53: no such host")),
    }
}

/// Whether a node has that name; the learner's machine knows the addresses of all.
fn is_node(cx: &Cx<'_>, host: &str) -> bool {
    cx.api().get(NODES, &Key::new("", host)).is_some()
}

/// `--request-timeout` in milliseconds, if it is one: a number alone means seconds.
pub fn ends_after(parsed: &Parsed) -> Option<u64> {
    let seconds = parsed.text("request-timeout").parse::<u64>().ok();
    let ms = seconds.map_or_else(|| parsed.duration_ms("request-timeout").max(0).unsigned_abs(), |s| s.saturating_mul(1_000));
    Some(ms).filter(|ms| *ms > 0)
}
