//! `kubectl proxy`: a local port that leads to the API server. Models kubectl `pkg/cmd/proxy`.
//!
//! ```text
//! $ kubectl proxy --port=abc
//! error: invalid argument "abc" for "-p, --port" flag: strconv.ParseInt: parsing "abc": invalid syntax
//! See 'kubectl proxy --help' for usage.
//! $ kubectl proxy & sleep 1; curl -s localhost:8001/version | head -2; kill %1
//! Starting to serve on 127.0.0.1:8001
//! {
//!   "major": "1",
//! ```

use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;

use super::server::unknown_host;
use crate::api::custom::regexp;
use crate::kubectl::change;
use crate::kubectl::kubeconfig;
use crate::kubectl::ports::Goal;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Until};
use crate::text::{fs, json};

const FLAGS: &[Flag] = &[
    Flag::text("accept-hosts", "Hosts that may ask, as a regular expression.").default("^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$"),
    Flag::text("accept-paths", "Paths that may be asked for, as a regular expression.").default("^.*"),
    Flag::text("address", "The address to serve on.").default("127.0.0.1"),
    Flag::text("api-prefix", "The path under which the API is served.").default("/"),
    Flag::switch("append-server-path", "Add the server's own path to each path."),
    Flag::switch("disable-filter", "Let every request pass."),
    Flag::text("keepalive", "How long a connection is kept.").kind(FlagKind::Duration, "0s"),
    Flag::text("port", "The port to serve on; 0 takes any.").short('p').kind(FlagKind::Int, "8001"),
    Flag::text("reject-methods", "Methods that are refused, as a regular expression.").default("^$"),
    Flag::text("reject-paths", "Paths that are refused, as a regular expression.").default("^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach"),
    Flag::text("unix-socket", "The socket to serve on.").short('u'),
    Flag::text("www", "A folder with files to serve as well.").short('w'),
    Flag::text("www-prefix", "The path under which files are served.").short('P').default("/static/"),
];

/// `kubectl proxy`
pub static PROXY: Command = Command {
    name: "proxy",
    usage: "proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]",
    short: "Run a proxy to the Kubernetes API server",
    examples: "# The API at port 8001\nkubectl proxy --port=8001",
    flags: &[FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    filter(cx, parsed)?;
    let port = parsed.number("port");
    let address = parsed.text("address");
    if parsed.given("port") && port != 0 && !parsed.text("unix-socket").is_empty() {
        return Err(Failure::Client("cannot set --unix-socket and --port at the same time".to_string()));
    }
    let socket = parsed.text("unix-socket");
    if !socket.is_empty() {
        let path = fs::resolve(cx.cwd, socket);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let refused = match cx.files.read(&path) {
            Ok(_) => Some("address already in use"),
            Err(_) if cx.files.is_dir(&path) => Some("address already in use"),
            Err(_) if !folder.is_empty() && !cx.files.is_dir(folder) => Some("no such file or directory"),
            Err(_) => None,
        };
        if let Some(why) = refused {
            return Err(Failure::Client(format!("listen unix {socket}: bind: {why}")));
        }
        let _ = cx.files.write(&path, "", cx.api().wall_ms());
        cx.out(&format!("Starting to serve on {socket}\n"));
        return Ok(Flow::Wait(Box::new(Serving), Until::Change));
    }
    if address.contains(':') && !address.starts_with('[') {
        return Err(Failure::Client(format!("listen tcp: address {address}:{port}: too many colons in address")));
    }
    let Ok(number) = u16::try_from(port) else {
        return Err(Failure::Client(format!("listen tcp: address {port}: invalid port")));
    };
    if let Some(why) = unknown_host(cx, address, "") {
        return Err(Failure::Client(["listen tcp: ", &why].concat()));
    }
    if !own_address(cx, parsed, address) {
        return Err(Failure::Client(format!("listen tcp {address}:{port}: bind: cannot assign requested address")));
    }
    let Some(number) = cx.ports.open(cx.owner, number, Goal::Server) else {
        return Err(Failure::Client(format!("listen tcp {address}:{port}: bind: address already in use")));
    };
    cx.out(&format!("Starting to serve on {address}:{number}\n"));
    Ok(Flow::Wait(Box::new(Serving), Until::Change))
}

/// Reads the patterns of what may be asked, or says that nothing is looked at.
fn filter(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<(), Failure> {
    if parsed.on("disable-filter") {
        if parsed.text("unix-socket").is_empty() {
            let text = "Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious";
            change::log(cx, 'W', "proxy.go:177", text);
        }
        return Ok(());
    }
    for flag in ["accept-paths", "reject-paths", "accept-hosts", "reject-methods"] {
        for pattern in parsed.text(flag).split(',') {
            if let Some(why) = regexp::error(pattern) {
                change::log(cx, 'F', "proxy_server.go:83", &["Error compiling re: ", &why].concat());
                return Err(Failure::Exit(255));
            }
        }
    }
    Ok(())
}

/// Whether the learner's machine, which is the control plane's, has that address.
fn own_address(cx: &Cx<'_>, parsed: &Parsed, address: &str) -> bool {
    let server = || kubeconfig::load(cx, parsed).is_ok_and(|config| json::compact(&config).contains(&["//", address, ":"].concat()));
    matches!(address, "" | "localhost" | "0.0.0.0" | "[::]" | "[::1]") || address.starts_with("127.") || server()
}

/// A proxy that goes on until it is ended.
#[derive(Clone)]
struct Serving;

impl Pending for Serving {
    fn poll(&mut self, _: &mut Cx<'_>) -> Flow {
        Flow::Wait(Box::new(Serving), Until::Change)
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(Serving)
    }
}
