//! The ways through the API server to the nodes: what `logs`, `exec`, `cp`, `port-forward` and `top` reach.
//! Only the contract; the kubelet fulfils it.

use alloc::string::String;
use alloc::vec::Vec;

use super::server::Api;
use crate::text::fs::FileSystem;

/// One line that a container wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Wall-clock milliseconds since 1970.
    pub at_ms: i64,
    /// The text without its newline.
    pub text: String,
}

/// Whom a container's processes belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The user's number.
    pub uid: i64,
    /// The number of its first group.
    pub gid: i64,
    /// All its groups, the first among them.
    pub groups: Vec<i64>,
    /// The capabilities that a process of root has, a bit each.
    pub capabilities: u64,
}

/// What a process that is started inside a container finds there.
#[derive(Clone, Debug, Default)]
pub struct Sandbox {
    /// The container's file system.
    pub files: FileSystem,
    /// Its environment, in order.
    pub env: Vec<(String, String)>,
    /// Its host name.
    pub hostname: String,
    /// Its working directory.
    pub cwd: String,
    /// The image it runs, as written in the Pod.
    pub image: String,
    /// The programs that its image has; a command that is not among them is "not found".
    pub programs: Vec<String>,
    /// Its processes: pid and command line; pid 1 is the container's own.
    pub processes: Vec<(u32, String)>,
    /// Whom its processes belong to.
    pub identity: Identity,
    /// Which run of the container it is, from zero.
    pub run: u32,
}

/// The kubelets, as the API server reaches them. Pods are told by UID.
pub trait KubeletProxy {
    /// What a container has written, of its present or (`previous`) its last run. `None` if there is no such run.
    fn log_lines(&self, pod_uid: &str, container: &str, previous: bool) -> Option<&[LogLine]>;

    /// The inside of a running container.
    fn sandbox(&mut self, pod_uid: &str, container: &str) -> Option<&mut Sandbox>;

    /// A signal to a process of a running container (`kill 1`).
    fn signal(&mut self, pod_uid: &str, container: &str, pid: u32, signal: i32);
}

/// What kubectl reaches through its kubeconfig: the API server, and through it the kubelets.
pub trait Server {
    /// The API server.
    fn api(&mut self) -> &mut Api;

    /// The API server, to read.
    fn api_ref(&self) -> &Api;

    /// The kubelets.
    fn kubelets(&mut self) -> &mut dyn KubeletProxy;
}
