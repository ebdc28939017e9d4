//! The line the learner types: words, quotes, pipes, redirects, loops and small tools, as cloneable values that
//! never block. Never: what kubectl does (the host starts it), what the page shows.

pub mod arith;
pub mod ast;
pub mod brace;
pub mod builtins;
pub mod calendar;
pub mod complete;
pub mod cond;
pub mod container;
pub mod context;
pub mod decimal;
pub mod escape;
pub mod expand;
pub mod fds;
pub mod glob;
pub mod history;
pub mod inside;
mod jobs;
pub mod launch;
pub mod lex;
pub mod nested;
pub mod net;
pub mod number;
mod param;
pub mod parse;
pub mod pattern;
mod posix;
pub mod process;
mod read;
pub mod redirect;
pub mod setup;

// The shell itself, beside the parts it is made of.
#[allow(clippy::module_inception)]
pub mod shell;
pub mod task;
pub mod tools;
mod typed;
pub mod vars;

#[cfg(test)]
mod answers;
#[cfg(test)]
mod tests;

pub use process::{Chunk, Env, Host, INTERRUPTED, Io, OnInterrupt, Output, Pipe, Poll, Process, ProcessContext, Started, Stream, Wake};
pub use setup::Setup;
pub use shell::{Shell, ShellState, ShellStatus};
