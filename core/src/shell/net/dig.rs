//! `dig` and `host`: what a name server says, with all that stands around it. Never: other records than addresses.

use alloc::boxed::Box;
use alloc::string::String;

use crate::api::network::Lookup;
use crate::shell::calendar::Moment;
use crate::shell::process::{Io, Poll, Process, ProcessContext, Started};

#[derive(Clone)]
struct Ask {
    name: String,
    args: String,
    /// Only addresses are shown.
    short: bool,
    /// The domains of the resolver are tried.
    search: bool,
    /// It is `host` that asks.
    host: bool,
}

/// Starts `dig [@SERVER] [+short] [+search] NAME [TYPE]`.
pub(super) fn dig(args: &[String], io: &mut ProcessContext<'_>) -> Started {
    start(args, false, io)
}

/// Starts `host NAME`.
pub(super) fn host(args: &[String], io: &mut ProcessContext<'_>) -> Started {
    start(args, true, io)
}

fn start(args: &[String], host: bool, io: &mut ProcessContext<'_>) -> Started {
    let types = ["A", "a", "ANY", "any", "IN"];
    let name = args.iter().find(|arg| !arg.starts_with(['-', '+', '@']) && !types.contains(&arg.as_str()));
    let Some(name) = name.cloned() else {
        io.err(if host { "Usage: host [-aCdilrTvVw] [-c class] hostname [server]\n" } else { "" });
        return Started::Done(i32::from(host));
    };
    let has = |flag: &str| args.iter().any(|arg| arg == flag);
    Started::Run(Box::new(Ask { name, args: args.join(" "), short: has("+short"), search: host || has("+search"), host }))
}

impl Ask {
    fn found(&self, io: &mut Io<'_>) -> Lookup {
        let mut found = io.host.network().map_or_else(Lookup::default, |n| n.resolve("", &self.name));
        if !self.search && found.name != self.name.trim_end_matches('.') {
            found.addresses.clear();
        }
        found
    }
}

impl Process for Ask {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let found = self.found(io);
        let none = found.addresses.is_empty();
        if self.host {
            for address in &found.addresses {
                io.out(&alloc::format!("{} has address {address}\n", found.name));
            }
            if none {
                io.out(&alloc::format!("Host {} not found: 3(NXDOMAIN)\n", self.name));
            }
            return Poll::Done(i32::from(none));
        }
        if self.short {
            for address in &found.addresses {
                io.out(&alloc::format!("{address}\n"));
            }
            return Poll::Done(0);
        }
        let asked = if none { self.name.trim_end_matches('.') } else { &found.name };
        let (server, count) = (&found.server, found.addresses.len());
        let id = crate::text::hash::fnv1a_32(asked.as_bytes()) % 65_536;
        let mut out = alloc::format!(
            "\n; <<>> DiG 9.18.37 <<>> {}\n;; global options: +cmd\n;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: {}, id: {id}\n;; flags: qr aa rd; QUERY: 1, ANSWER: {count}, AUTHORITY: {}, ADDITIONAL: 1\n;; WARNING: recursion requested but not available\n\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n;; QUESTION SECTION:\n;{asked}.\tIN\tA\n\n",
            self.args,
            if none { "NXDOMAIN" } else { "NOERROR" },
            i32::from(none),
        );
        if !none {
            out.push_str(";; ANSWER SECTION:\n");
            for address in &found.addresses {
                out.push_str(&alloc::format!("{asked}. 30 IN\tA\t{address}\n"));
            }
            out.push('\n');
        }
        let seconds = io.host.epoch_s().saturating_add(i64::try_from(io.now.as_ms() / 1000).unwrap_or(0));
        let when = Moment::from_unix(seconds).format("%a %b %d %H:%M:%S UTC %Y");
        let size = asked.len() * (1 + count) + 17 + 27 * count;
        out.push_str(&alloc::format!(
            ";; Query time: 1 msec\n;; SERVER: {server}#53({server}) (UDP)\n;; WHEN: {when}\n;; MSG SIZE  rcvd: {size}\n\n"
        ));
        io.out(&out);
        Poll::Done(0)
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}
