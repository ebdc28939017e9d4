//! `nslookup` and `getent hosts`: the addresses behind a name.

use alloc::boxed::Box;
use alloc::string::String;

use crate::api::network::Lookup;
use crate::shell::process::{Io, Poll, Process, ProcessContext, Started};

/// Which words the answer is told in.
#[derive(Clone, Copy)]
enum Tongue {
    Nslookup,
    Getent,
}

/// A name that is looked up.
#[derive(Clone)]
struct LookUp {
    tongue: Tongue,
    name: Option<String>,
}

/// Starts `nslookup NAME`.
pub(super) fn nslookup(args: &[String], _: &mut ProcessContext<'_>) -> Started {
    start(Tongue::Nslookup, args, 0)
}

/// Starts `getent hosts NAME`.
pub(super) fn getent(args: &[String], _: &mut ProcessContext<'_>) -> Started {
    start(Tongue::Getent, args, 1)
}

fn start(tongue: Tongue, args: &[String], words_before: usize) -> Started {
    let name = args.iter().filter(|arg| !arg.starts_with('-')).nth(words_before).cloned();
    Started::Run(Box::new(LookUp { tongue, name }))
}

impl Process for LookUp {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let Some(name) = &self.name else {
            io.err("Usage: nslookup [HOST]\n");
            return Poll::Done(1);
        };
        let found = io.host.network().map_or_else(Lookup::default, |n| n.resolve("", name));
        if matches!(self.tongue, Tongue::Getent) {
            for address in &found.addresses {
                io.out(&alloc::format!("{address:<15} {}\n", found.name));
            }
            return Poll::Done(if found.addresses.is_empty() { 2 } else { 0 });
        }
        let server = if found.server.is_empty() { "127.0.0.53" } else { &found.server };
        io.out(&alloc::format!("Server:\t\t{server}\nAddress:\t{server}:53\n\n"));
        if found.addresses.is_empty() {
            io.out(&alloc::format!("** server can't find {name}: NXDOMAIN\n\n"));
            return Poll::Done(1);
        }
        for address in &found.addresses {
            io.out(&alloc::format!("Name:\t{}\nAddress: {address}\n", found.name));
        }
        io.out("\n");
        Poll::Done(0)
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}
