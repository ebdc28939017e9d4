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

/// Until 1.28 BusyBox had an `nslookup` of other words, which Kubernetes' own documentation still shows.
fn old_busybox(image: &str) -> bool {
    let tag = image.rsplit_once("busybox:1.").map_or("", |(_, tag)| tag);
    tag.split(['.', '-']).next().and_then(|minor| minor.parse::<u32>().ok()).is_some_and(|minor| minor <= 28)
}

fn old_words(name: &str, server: &str, found: &Lookup, io: &mut Io<'_>) -> i32 {
    io.out(&alloc::format!("Server:    {server}\nAddress 1: {server} kube-dns.kube-system.svc.cluster.local\n\n"));
    if found.addresses.is_empty() {
        io.err(&alloc::format!("nslookup: can't resolve '{name}'\n"));
        return 1;
    }
    io.out(&alloc::format!("Name:      {name}\n"));
    for (place, address) in found.addresses.iter().enumerate() {
        io.out(&alloc::format!("Address {}: {address} {}\n", place + 1, found.name));
    }
    0
}

impl Process for LookUp {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let Some(name) = &self.name else {
            let usage = crate::shell::tools::usage_of("nslookup", &*io.host).unwrap_or_else(|| String::from("Usage: nslookup [HOST]\n"));
            io.err(&usage);
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
        if old_busybox(io.host.image()) {
            return Poll::Done(old_words(name, server, &found, io));
        }
        // The tool of BIND names the port after a sign of its own.
        let port = if io.host.is_busybox() { ":53" } else { "#53" };
        io.out(&alloc::format!("Server:\t\t{server}\nAddress:\t{server}{port}\n\n"));
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
