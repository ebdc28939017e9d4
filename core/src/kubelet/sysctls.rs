//! Which kernel parameters a Pod may set on its node. Models `pkg/kubelet/sysctl` and `pkg/security` safe sysctls.

use alloc::string::String;

use crate::object::Object;
use crate::object::value::text_at;

/// The parameters that every node allows; those that begin with `net.` belong to the network, the others to IPC.
const SAFE: &str = "kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.tcp_syncookies net.ipv4.ping_group_range net.ipv4.ip_unprivileged_port_start net.ipv4.ip_local_reserved_ports net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_rmem net.ipv4.tcp_wmem";

/// Why a node does not take a Pod for the parameters that it sets.
pub fn forbidden(pod: &Object) -> Option<String> {
    pod.items_at("/spec/securityContext/sysctls").iter().find_map(|sysctl| {
        let name = text_at(sysctl, "name").replace('/', ".");
        let why = match () {
            () if !SAFE.split(' ').any(|safe| safe == name) => "not allowlisted",
            () if name.starts_with("net.") && pod.bool_at("/spec/hostNetwork") => "not allowed with host net enabled",
            () if !name.starts_with("net.") && pod.bool_at("/spec/hostIPC") => "not allowed with host ipc enabled",
            () => return None,
        };
        Some(alloc::format!("forbidden sysctl: {name:?} {why}"))
    })
}
