//! What the learner's machine reaches: the cluster's network, and on itself the ports that `kubectl port-forward` and
//! `kubectl proxy` have opened.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::host::Machine;
use crate::api::network::{Lookup, NetAnswer, NetRequest, Network};
use crate::api::{Params, Status};
use crate::kubectl::ports::Goal;
use crate::kubectl::raw;
use crate::text::json;

impl Network for Machine {
    fn request(&mut self, request: &NetRequest) -> Option<NetAnswer> {
        let own = request.from_pod.is_empty() && matches!(request.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        let open = self.ports.find(request.port).filter(|_| own);
        let Some(open) = open else { return self.cluster.request(request) };
        open.calls = open.calls.saturating_add(1);
        match open.goal.clone() {
            Goal::Server => Some(self.proxied(request)),
            Goal::Pod(uid, port) => {
                let inner = NetRequest { host: "127.0.0.1".to_string(), port, from_pod: uid, ..request.clone() };
                let answer = self.cluster.request(&inner)?;
                let nobody = matches!(answer, NetAnswer::Refused | NetAnswer::TimedOut | NetAnswer::Unresolved);
                if let Some(open) = self.ports.find(request.port).filter(|_| nobody) {
                    open.refused = true;
                }
                Some(if nobody { NetAnswer::Open } else { answer })
            }
        }
    }

    fn resolve(&mut self, from_pod: &str, name: &str) -> Lookup {
        self.cluster.resolve(from_pod, name)
    }
}

impl Machine {
    /// The API server's answer to a request through `kubectl proxy`.
    fn proxied(&mut self, request: &NetRequest) -> NetAnswer {
        let parts: Vec<&str> = request.path.split('/').filter(|part| !part.is_empty()).collect();
        if let ["api", "v1", "namespaces", namespace, kind @ ("services" | "pods"), target, "proxy", rest @ ..] = parts.as_slice() {
            return self.passed_on(request, namespace, kind, target, &["/", &rest.join("/")].concat());
        }
        let (status, body) = match raw::answer(&mut self.cluster, &request.path, &Params::default()) {
            Ok(text) if text.starts_with("{\"") => (200, json::pretty(&text)),
            Ok(text) => (200, text),
            Err(status) => (status.code, json::pretty(&json::compact(&status.to_value()))),
        };
        let kind = if body.starts_with('{') { "application/json" } else { "text/plain; charset=utf-8" };
        http(status, kind, body)
    }

    /// A request that the API server passes on to a Service or Pod.
    fn passed_on(&mut self, request: &NetRequest, namespace: &str, kind: &str, target: &str, path: &str) -> NetAnswer {
        let mut words: Vec<&str> = target.split(':').collect();
        if words.len() > 2 {
            words.remove(0);
        }
        let (name, wanted) = (words.first().copied().unwrap_or_default(), words.get(1).copied().unwrap_or_default());
        let Some(object) = self.cluster.api.find(kind, namespace, name).cloned() else {
            return http(404, "application/json", json::pretty(&json::compact(&Status::not_found(kind, name).to_value())));
        };
        let field = if kind == "services" { "/spec/ports" } else { "/spec/containers/0/ports" };
        let ports = object.items_at(field);
        let number = |port: &serde_json::Value| port.get("port").or_else(|| port.get("containerPort")).and_then(serde_json::Value::as_u64);
        let named = ports.iter().find(|port| crate::object::value::text_at(port, "name") == wanted).or(ports.first());
        let port = wanted.parse().ok().or_else(|| named.and_then(number).and_then(|n| u16::try_from(n).ok())).unwrap_or(80);
        let mut inner = NetRequest { port, path: path.to_string(), http: true, ..request.clone() };
        match kind {
            "services" => inner.host = object.text_at("/spec/clusterIP").to_string(),
            _ => inner.host = object.text_at("/status/podIP").to_string(),
        }
        match self.cluster.request(&inner) {
            Some(answer @ NetAnswer::Http { .. }) => answer,
            _ => {
                let mut status = Status::internal("");
                status.message = ["no endpoints available for service \"", name, "\""].concat();
                status.reason = "ServiceUnavailable";
                status.code = 503;
                http(503, "application/json", json::pretty(&json::compact(&status.to_value())))
            }
        }
    }
}

fn http(status: u16, content_type: &str, body: String) -> NetAnswer {
    NetAnswer::Http { status, server: String::new(), content_type: content_type.to_string(), body, address: "127.0.0.1".to_string() }
}
