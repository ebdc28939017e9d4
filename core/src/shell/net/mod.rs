//! `curl`, `wget`, `nslookup`, `ping`, `nc` and `getent`: at the terminal and in containers, over whatever network
//! the host has. Adding one is adding a file and a row.

mod curl;
mod dig;
mod fetch;
mod lookup;
mod nc;
mod ping;
mod wget;

use alloc::boxed::Box;
use alloc::string::String;

use super::process::{ProcessContext, Started};

use fetch::{Complaint, Fetch};

/// Starts a program that asks the network.
pub type Start = fn(&[String], &mut ProcessContext<'_>) -> Started;

/// The programs here, with a line of help.
pub const PROGRAMS: &[(&str, &str, Start)] = &[
    ("curl", "fetches a page", |args, io| begin(curl::fetch(args, io.now), io)),
    ("dig", "asks a name server", dig::dig),
    ("getent", "looks a name up", lookup::getent),
    ("host", "looks a name up", dig::host),
    ("nc", "opens a connection", |args, io| begin(nc::fetch(args, io.now), io)),
    ("nslookup", "looks a name up", lookup::nslookup),
    ("ping", "asks for an echo", ping::start),
    ("wget", "fetches a page", |args, io| begin(wget::fetch(args, io.now), io)),
];

/// Starts one of [`PROGRAMS`]; `None` if it is none of them.
pub fn start(program: &str, args: &[String], io: &mut ProcessContext<'_>) -> Option<Started> {
    let (_, _, start) = PROGRAMS.iter().find(|(name, _, _)| *name == program)?;
    Some(start(args, io))
}

fn begin(fetch: Result<Fetch, Complaint>, io: &mut ProcessContext<'_>) -> Started {
    match fetch {
        Ok(fetch) => Started::Run(Box::new(fetch)),
        Err((text, code)) => refuse(io, &text, code),
    }
}

fn refuse(io: &mut ProcessContext<'_>, text: &str, code: i32) -> Started {
    io.err(text);
    Started::Done(code)
}
