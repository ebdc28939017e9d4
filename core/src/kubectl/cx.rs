//! What a running kubectl has in its hands: the server, files, environment, standard streams and global options.

use alloc::string::{String, ToString};

use super::ports::Ports;
use crate::api::{Answer, Api, Params, Request, Response, Server, Status, Timing};
use crate::text::fs::FileSystem;
use crate::time::Instant;

/// How a line that a verb had the shell run has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// Its exit code.
    pub code: i32,
    /// Whether there was such a program.
    pub found: bool,
}

/// Everything a verb may touch.
pub struct Cx<'a> {
    /// The API server and the kubelets behind it.
    pub server: &'a mut dyn Server,
    /// The learner's files.
    pub files: &'a mut FileSystem,
    /// The directory kubectl runs in, absolute.
    pub cwd: &'a str,
    /// Reads the environment: `KUBECONFIG`, `KUBE_EDITOR`, `EDITOR`.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// Everything on standard input if it has ended, else `None`.
    pub stdin: Option<String>,
    /// Whether standard output is a terminal.
    pub terminal: bool,
    /// Takes output: whether it is for standard error, and the text.
    pub sink: &'a mut dyn FnMut(bool, &str),
    /// The local ports that kubectls have opened.
    pub ports: &'a mut Ports,
    /// This kubectl's name among those that open ports.
    pub owner: u64,
    /// The line asked for by [`super::Until::Line`], without its newline; empty at the end of input.
    pub line: Option<String>,
    /// How the program asked for by [`super::Flow::Program`] has ended.
    pub child: Option<Child>,
    /// The pace, for verbs that wait.
    pub timing: Timing,
    /// The words as typed, without `kubectl`: what `--record` writes down.
    pub words: &'a [String],
    /// Options that every verb takes, resolved.
    pub globals: Globals,
}

/// The global options of kubectl after flags and kubeconfig have been read.
#[derive(Clone, Debug, Default)]
pub struct Globals {
    /// The namespace to work in; never empty once resolved.
    pub namespace: String,
    /// Whether `-n` was given on the command line.
    pub namespace_given: bool,
    /// `--as`.
    pub user: String,
    /// `--as-group`.
    pub groups: alloc::vec::Vec<String>,
    /// What the server has warned of: one kubectl says it once.
    pub warned: alloc::vec::Vec<String>,
}

impl Cx<'_> {
    /// Writes to standard output.
    pub fn out(&mut self, text: &str) {
        (self.sink)(false, text);
    }

    /// Writes to standard error.
    pub fn err(&mut self, text: &str) {
        (self.sink)(true, text);
    }

    /// The API server, to read from.
    pub fn api(&self) -> &Api {
        self.server.api_ref()
    }

    /// The simulated time.
    pub fn now(&self) -> Instant {
        self.server.api_ref().now
    }

    /// Sends a request; warnings go to standard error as kubectl shows them.
    ///
    /// # Errors
    /// The server's refusal.
    pub fn send(&mut self, mut request: Request) -> Result<Answer, Status> {
        request.params.user = self.globals.user.clone();
        request.params.groups = self.globals.groups.clone();
        if request.verb == crate::api::Verb::Create && request.subresource.is_empty() {
            // A file may come from an object that is gone. Models cli-runtime `pkg/resource` Helper.Create.
            crate::object::value::remove(&mut request.body, "/metadata/resourceVersion");
        }
        let Response { result, warnings } = self.server.api().handle(request);
        for warning in warnings {
            if self.globals.warned.contains(&warning) {
                continue;
            }
            self.err(&["Warning: ", &warning, "\n"].concat());
            self.globals.warned.push(warning);
        }
        result
    }

    /// Whether the one on whose behalf kubectl acts may use this way to an object: its log, a shell in it.
    ///
    /// # Errors
    /// The server's refusal.
    pub fn allowed(&self, verb: crate::api::Verb, part: &str, object: &crate::object::Object) -> Result<(), Status> {
        let mut request = Request::new(verb, &object.ty.resource, object.namespace(), object.name()).with_subresource(part);
        request.params.user = self.globals.user.clone();
        request.params.groups = self.globals.groups.clone();
        self.api().authorize(&request)
    }

    /// Parameters with kubectl's field manager for a verb: `kubectl-create`, `kubectl-client-side-apply`.
    pub fn params(&self, manager: &str) -> Params {
        Params { field_manager: manager.to_string(), ..Params::default() }
    }
}
