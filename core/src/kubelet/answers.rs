//! What the servers in containers answer, by what the rows of their images' behaviours and their files say.
//! Never a name of an image.

use alloc::string::{String, ToString};

use super::behaviour;
use super::volumes::Reach;
use super::worker::{Part, Slot, Worker};
use crate::api::Api;
use crate::api::network::{NetAnswer, NetRequest};
use crate::object::resources::{NODES, PODS};
use crate::object::value::text_at;
use crate::time::Instant;

/// How a server answers those who speak HTTP.
pub enum Answers {
    /// It speaks something else: the connection opens.
    Open,
    /// With the files below a directory.
    Files {
        /// That directory.
        root: &'static str,
        /// What it calls itself.
        server: &'static str,
        /// Its version, unless the image's tag says another; empty where `server` says it all.
        version: &'static str,
    },
    /// That nothing is there, as this server.
    NotFound(&'static str),
    /// With a page, as this server.
    Page(&'static str, fn(&Asked<'_>) -> String),
    /// With plain text.
    Text(fn(&Asked<'_>) -> String),
    /// With a status and plain text.
    Status(fn(&Asked<'_>) -> (u16, String)),
}

/// What a server was asked, and what it knows of itself.
pub struct Asked<'a> {
    /// The request.
    pub request: &'a NetRequest,
    /// Its host's name.
    pub name: &'a str,
    /// Its Pod's address.
    pub ip: &'a str,
    /// Its image's tag.
    pub tag: &'a str,
    /// How long it has run, in milliseconds.
    pub age_ms: u64,
    api: &'a Api,
    argv: &'a [String],
}

impl<'a> Asked<'a> {
    /// The path without what is asked of it.
    pub fn path(&self) -> &'a str {
        self.request.path.split('?').next().unwrap_or("/")
    }

    /// Where the request comes from: a node's name, or the address given for the machine before the cluster.
    pub fn from(&self, machine: &'a str) -> &'a str {
        if self.request.from_node.is_empty() { machine } else { &self.request.from_node }
    }

    /// The address that the request comes from.
    pub fn client(&self) -> String {
        let NetRequest { from_pod, from_node, .. } = self.request;
        let pod = self.api.list(PODS, None).find(|pod| !from_pod.is_empty() && *pod.meta.uid == **from_pod);
        let node = self.api.find(NODES, "", from_node);
        let of_node = || node.and_then(|n| n.items_at("/status/addresses").first().map(|a| text_at(a, "address").to_string()));
        pod.map(|pod| pod.text_at("/status/podIP").to_string()).or_else(of_node).unwrap_or_else(|| "192.168.1.10".to_string())
    }

    /// The wall-clock time in milliseconds since 1970.
    pub fn wall_ms(&self) -> i64 {
        self.api.wall_ms()
    }

    /// The value of one of these options in the server's command line.
    pub fn option(&self, names: &[&str]) -> Option<String> {
        behaviour::option(self.argv, names)
    }
}

/// An answer with a body.
pub fn page(status: u16, server: &str, content_type: &str, body: String) -> NetAnswer {
    NetAnswer::Http { status, server: server.to_string(), content_type: content_type.to_string(), body, address: String::new() }
}

/// The page of an error as nginx writes it.
pub fn error_page(status: u16, server: &str) -> NetAnswer {
    let words = match status {
        403 => "403 Forbidden",
        404 => "404 Not Found",
        503 => "503 Service Temporarily Unavailable",
        504 => "504 Gateway Time-out",
        _ => "500 Internal Server Error",
    };
    let body = alloc::format!(
        "<html>\r\n<head><title>{words}</title></head>\r\n<body>\r\n<center><h1>{words}</h1></center>\r\n<hr><center>{server}</center>\r\n</body>\r\n</html>\r\n"
    );
    page(status, server, "text/html", body)
}

impl Worker {
    /// What the Pod answers on a port.
    pub fn answer(&self, port: u16, request: &NetRequest, now: Instant, reach: &Reach<'_>) -> NetAnswer {
        let Some(slot) = self.slots.iter().find(|s| self.listens(s, port, now)) else { return NetAnswer::Refused };
        if slot.run.as_ref().is_some_and(|r| r.hangs) {
            return NetAnswer::TimedOut;
        }
        if !request.http {
            return NetAnswer::Open;
        }
        match self.page(slot, request, now, reach) {
            NetAnswer::Http { status, server, content_type, body, .. } => {
                NetAnswer::Http { status, server, content_type, body, address: self.ip.to_string() }
            }
            other => other,
        }
    }

    /// Whether a container listens on a port now.
    pub fn listens(&self, slot: &Slot, port: u16, now: Instant) -> bool {
        let Some(run) = slot.run.as_ref().filter(|r| slot.part != Part::Init && r.exited.is_none()) else { return false };
        let Some(image) = &slot.image else { return false };
        let own = behaviour::of(image);
        if run.plays.is_some() && !image.ports.contains(&port) {
            return self.plays_on(slot, port);
        }
        if !own.is_own(&run.argv) || now.since(run.started_at) < own.listens_after_ms {
            return false;
        }
        match behaviour::option(&run.argv, &["-listen", "--listen", "--port", "-port", "--http-port"]) {
            Some(text) => text.rsplit(':').next().and_then(|p| p.parse().ok()) == Some(port),
            None => match own.doing(&run.argv).ports {
                [] => image.ports.contains(&port),
                own => own.contains(&port),
            },
        }
    }

    fn page(&self, slot: &Slot, request: &NetRequest, now: Instant, reach: &Reach<'_>) -> NetAnswer {
        let (Some(image), Some(run)) = (&slot.image, &slot.run) else { return NetAnswer::Refused };
        let name = self.pod.str_at("/spec/hostname").unwrap_or(&self.key.name);
        let age_ms = now.since(run.started_at);
        let asked = Asked { request, name, ip: &self.ip, tag: &image.tag, age_ms, api: reach.api, argv: &run.argv };
        match &behaviour::of(image).doing(&run.argv).answers {
            Answers::Open => NetAnswer::Open,
            Answers::Files { root, server, version } => {
                let version = if version.is_empty() { "" } else { behaviour::version(&image.tag, version) };
                self.file(slot, reach, root, asked.path(), &[*server, version].concat())
            }
            Answers::NotFound(server) => error_page(404, server),
            Answers::Page(server, body) => page(200, server, "text/html", body(&asked)),
            Answers::Status(answer) => {
                let (status, body) = answer(&asked);
                page(status, "", "text/plain; charset=utf-8", body)
            }
            Answers::Text(body) => page(200, "", "text/plain; charset=utf-8", body(&asked)),
        }
    }

    /// A file below a server's root, as the container's file system has it now.
    fn file(&self, slot: &Slot, reach: &Reach<'_>, root: &str, path: &str, server: &str) -> NetAnswer {
        let path = if path.ends_with('/') { [path, "index.html"].concat() } else { path.to_string() };
        let short = server.split('/').next().unwrap_or(server);
        let kind = if path.ends_with(".html") { "text/html" } else { "text/plain" };
        match self.mounted(slot, &[root, &path].concat(), reach) {
            Some(Some(text)) => return page(200, server, kind, text),
            Some(None) if path.ends_with("/index.html") && short == "nginx" => return error_page(403, server),
            Some(None) => return error_page(404, server),
            None => {}
        }
        let files = slot.run.as_ref().and_then(|r| r.sandbox.as_ref()).map(|s| &s.files);
        let Some(files) = files.filter(|f| f.is_dir(root)) else {
            let brought = slot.image.as_ref().and_then(|image| behaviour::of(image).file(&[root, &path].concat()));
            return brought.map_or_else(|| error_page(404, server), |text| page(200, server, "text/html", text.to_string()));
        };
        match files.read(&[root, &path].concat()) {
            Ok(text) => page(200, server, kind, text.to_string()),
            Err(_) if path == "/index.html" && short == "nginx" => error_page(403, server),
            Err(_) => error_page(404, server),
        }
    }
}
