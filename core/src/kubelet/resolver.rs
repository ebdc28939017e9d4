//! The files that tell a container about names: `/etc/hosts` and `/etc/resolv.conf`, by what its Pod says of DNS.
//! Models the kubelet's `pkg/kubelet/network/dns` and `kubelet_pods.go` hostsFileContent.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::worker::Worker;
use crate::object::Object;
use crate::object::value::{items_at, text_at};
use serde_json::Value;

/// The name server that nodes ask.
pub const OF_NODES: &str = "192.168.1.1";
/// The name server of the cluster.
pub const OF_CLUSTER: &str = "10.96.0.10";

/// Whether a Pod asks the cluster's name server: not with another policy, nor on its node's own network.
pub fn asks_cluster(pod: &Object) -> bool {
    match pod.text_at("/spec/dnsPolicy") {
        "None" | "Default" => false,
        "ClusterFirstWithHostNet" => true,
        _ => !pod.bool_at("/spec/hostNetwork"),
    }
}

/// The name servers and the domains that a Pod's names are looked for in, in order.
pub fn servers_and_domains(pod: &Object) -> (Vec<String>, Vec<String>) {
    let (mut servers, mut domains): (Vec<String>, Vec<String>) = match (asks_cluster(pod), pod.text_at("/spec/dnsPolicy")) {
        (true, _) => {
            let own = [pod.namespace(), ".svc.cluster.local"].concat();
            ([OF_CLUSTER.to_string()].into(), [own, "svc.cluster.local".to_string(), "cluster.local".to_string()].into())
        }
        (false, "None") => (Vec::new(), Vec::new()),
        _ => ([OF_NODES.to_string()].into(), Vec::new()),
    };
    for (path, list) in [("/spec/dnsConfig/nameservers", &mut servers), ("/spec/dnsConfig/searches", &mut domains)] {
        for text in pod.items_at(path).iter().filter_map(Value::as_str) {
            if !list.iter().any(|one| one == text) {
                list.push(text.to_string());
            }
        }
    }
    (servers, domains)
}

/// `/etc/resolv.conf`
pub fn resolv_conf(pod: &Object) -> String {
    let (servers, domains) = servers_and_domains(pod);
    let mut options: Vec<(String, Option<String>)> = Vec::new();
    if asks_cluster(pod) {
        options.push(("ndots".to_string(), Some("5".to_string())));
    }
    for option in pod.items_at("/spec/dnsConfig/options") {
        let value = option.get("value").and_then(Value::as_str).map(ToString::to_string);
        match options.iter_mut().find(|(name, _)| name == text_at(option, "name")) {
            Some((_, old)) => *old = value,
            None => options.push((text_at(option, "name").to_string(), value)),
        }
    }
    let mut out = String::new();
    if !domains.is_empty() {
        out.push_str(&["search ", &domains.join(" "), "\n"].concat());
    }
    for server in &servers {
        out.push_str(&["nameserver ", server, "\n"].concat());
    }
    if !options.is_empty() {
        out.push_str("options");
        for (name, value) in &options {
            out.push_str(&[" ", name].concat());
            if let Some(value) = value.as_ref().filter(|v| !v.is_empty()) {
                out.push_str(&[":", value].concat());
            }
        }
        out.push('\n');
    }
    out
}

/// The full name of a Pod that belongs to a subdomain.
fn domain(pod: &Object) -> Option<String> {
    let subdomain = pod.str_at("/spec/subdomain").filter(|s| !s.is_empty())?;
    Some([subdomain, ".", pod.namespace(), ".svc.cluster.local"].concat())
}

/// The name that the processes of a Pod see as their host's.
pub fn hostname(worker: &Worker) -> String {
    let pod = &worker.pod;
    if pod.bool_at("/spec/hostNetwork") {
        return worker.node.to_string();
    }
    let own = pod.str_at("/spec/hostname").unwrap_or(&worker.key.name);
    let own = own.get(..own.len().min(63)).unwrap_or(own).trim_end_matches(['-', '.']);
    match domain(pod).filter(|_| pod.bool_at("/spec/setHostnameAsFQDN")) {
        Some(domain) => [own, ".", &domain].concat(),
        None => own.to_string(),
    }
}

/// `/etc/hosts`
pub fn hosts(worker: &Worker, hostname: &str) -> String {
    let pod = &worker.pod;
    let host_network = pod.bool_at("/spec/hostNetwork");
    let mut out =
        String::from(if host_network { "# Kubernetes-managed hosts file (host network).\n" } else { "# Kubernetes-managed hosts file.\n" });
    if host_network {
        out.push_str(&["127.0.0.1 localhost\n127.0.1.1 ", hostname, "\n"].concat());
    } else {
        out.push_str("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n");
        let own = hostname.split('.').next().unwrap_or(hostname);
        match domain(pod) {
            Some(domain) => out.push_str(&[&worker.ip, "\t", own, ".", &domain, "\t", own, "\n"].concat()),
            None => out.push_str(&[&worker.ip, "\t", hostname, "\n"].concat()),
        }
    }
    let aliases = pod.items_at("/spec/hostAliases");
    if !aliases.is_empty() {
        out.push_str("\n# Entries added by HostAliases.\n");
    }
    for alias in aliases {
        let names: Vec<&str> = items_at(alias, "hostnames").iter().filter_map(Value::as_str).collect();
        out.push_str(&[text_at(alias, "ip"), "\t", &names.join("\t"), "\n"].concat());
    }
    out
}

/// The address that a Pod's own file has for a name.
pub fn alias<'a>(pod: &'a Object, name: &str) -> Option<&'a str> {
    let has = |alias: &&Value| items_at(alias, "hostnames").iter().any(|one| one.as_str() == Some(name));
    pod.items_at("/spec/hostAliases").iter().find(has).map(|alias| text_at(alias, "ip"))
}
