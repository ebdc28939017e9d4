//! How a verb goes on: done, waiting for something, or asking its surroundings to run something for it.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::cx::Cx;
use crate::time::Instant;

/// What a verb waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// A moment.
    At(Instant),
    /// Any change in the cluster.
    Change,
    /// A line on standard input, or its end.
    Line,
    /// A change, but not longer than until this moment.
    ChangeOrAt(Instant),
}

/// A verb that has not finished: `get -w`, `rollout status`, `delete` waiting for finalizers. Polled again when what
/// it waits for has come; Ctrl-C drops it.
pub trait Pending {
    /// Goes on from where it stopped.
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow;

    /// A copy, for checkpoints.
    fn boxed_clone(&self) -> Box<dyn Pending>;
}

impl Clone for Box<dyn Pending> {
    fn clone(&self) -> Self {
        (**self).boxed_clone()
    }
}

/// A process to run inside a container: `kubectl exec`, `attach`, `debug`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecRequest {
    /// UID of the Pod.
    pub pod_uid: String,
    /// Namespace of the Pod.
    pub namespace: String,
    /// Name of the Pod.
    pub pod: String,
    /// Container in it.
    pub container: String,
    /// Program and arguments.
    pub argv: Vec<String>,
    /// Whether standard input is passed on (`-i`).
    pub stdin: bool,
    /// Whether there is a terminal (`-t`).
    pub tty: bool,
}

/// How a verb goes on.
#[derive(Clone)]
pub enum Flow {
    /// It is over, with this exit code.
    Done(i32),
    /// It goes on later.
    Wait(Box<dyn Pending>, Until),
    /// It needs all of standard input: to be run again from its beginning when that has ended.
    NeedStdin,
    /// A process in a container takes its place; its exit code becomes the verb's (kubectl adds
    /// `command terminated with exit code N` to standard error for those not zero).
    Exec(ExecRequest),
    /// As [`Flow::Exec`], and then polled again with `Cx::child` set.
    ExecThen(ExecRequest, Box<dyn Pending>),
    /// Run a program with its arguments (an editor, `diff`); then poll again with `Cx::child` set.
    Program(Vec<String>, Box<dyn Pending>),
}
