//! What the servers in containers answer, by what their images do and what their files say.

use alloc::string::{String, ToString};

use super::behaviour;
use super::volumes::Reach;
use super::worker::{Part, Slot, Worker};
use crate::api::network::{NetAnswer, NetRequest};
use crate::time::Instant;

/// An answer with a body.
fn page(status: u16, server: &str, content_type: &str, body: String) -> NetAnswer {
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

/// What the API server says to somebody without credentials.
pub fn api_server(request: &NetRequest) -> NetAnswer {
    if !request.http {
        return NetAnswer::Open;
    }
    let path = &request.path;
    let body = alloc::format!(
        "{{\n  \"kind\": \"Status\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {{}},\n  \"status\": \"Failure\",\n  \"message\": \"forbidden: User \\\"system:anonymous\\\" cannot get path \\\"{path}\\\"\",\n  \"reason\": \"Forbidden\",\n  \"details\": {{}},\n  \"code\": 403\n}}"
    );
    page(403, "", "application/json", body)
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
        match self.page(slot, request, reach) {
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
        match self.flag(slot, &["-listen", "--listen", "--port", "-port"]) {
            Some(text) => text.rsplit(':').next().and_then(|p| p.parse().ok()) == Some(port),
            None => image.ports.contains(&port),
        }
    }

    /// The value of one of these options in a container's command line.
    fn flag(&self, slot: &Slot, names: &[&str]) -> Option<String> {
        let argv = &slot.run.as_ref()?.argv;
        argv.iter().enumerate().find_map(|(i, word)| match word.split_once('=') {
            Some((name, value)) if names.contains(&name) => Some(value.trim_matches('"').to_string()),
            _ if names.contains(&word.as_str()) => argv.get(i + 1).cloned(),
            _ => None,
        })
    }

    fn page(&self, slot: &Slot, request: &NetRequest, reach: &Reach<'_>) -> NetAnswer {
        let Some(image) = &slot.image else { return NetAnswer::Refused };
        let name = self.pod.str_at("/spec/hostname").unwrap_or(&self.key.name);
        let path = request.path.split('?').next().unwrap_or("/");
        let plain = |body: String| page(200, "", "text/plain; charset=utf-8", body);
        match image.behaviour {
            "nginx" | "slow" => {
                let server = ["nginx/", behaviour::version(&image.tag, "1.29.4")].concat();
                self.file(slot, reach, "/usr/share/nginx/html", path, &server)
            }
            "httpd" => self.file(slot, reach, "/usr/local/apache2/htdocs", path, "Apache/2.4.65 (Unix)"),
            "tomcat" => error_page(404, "Apache Tomcat"),
            "echo-hname" => page(200, "nginx", "text/html", [name, "\n"].concat()),
            "echo-ip" => {
                let from = if request.from_node.is_empty() { "192.168.1.10" } else { &request.from_node };
                page(200, "nginx", "text/html", alloc::format!("request_method : GET | ip_dest: {} from {from}\n", self.ip))
            }
            "http-echo" => {
                let text = self.flag(slot, &["-text", "--text"]).unwrap_or_else(|| "hello-world".to_string());
                plain([text.as_str(), "\n"].concat())
            }
            "whoami" => plain(alloc::format!(
                "Hostname: {name}\nIP: 127.0.0.1\nIP: {}\nGET {} HTTP/1.1\nHost: {}\nUser-Agent: curl/8.5.0\nAccept: */*\n\n",
                self.ip,
                request.path,
                request.host
            )),
            "hello-app" => plain(alloc::format!("Hello, world!\nVersion: {}.0\nHostname: {name}\n", image.tag)),
            "bootcamp" => {
                plain(alloc::format!("Hello Kubernetes bootcamp! | Running on: {name} | v={}\n", image.tag.trim_start_matches('v')))
            }
            "agnhost" => match path {
                "/hostname" => plain(name.to_string()),
                "/healthz" => plain("ok".to_string()),
                _ => plain(alloc::format!("NOW: {}", request.path)),
            },
            "server" if !image.ports.is_empty() || slot.run.as_ref().is_some_and(|run| run.plays.is_some()) => plain("ok\n".to_string()),
            _ => NetAnswer::Open,
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
