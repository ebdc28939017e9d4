//! `ping`: one echo a second.

use alloc::boxed::Box;
use alloc::string::{String, ToString};

use crate::api::network::{Lookup, NetAnswer, NetRequest};
use crate::shell::process::{Io, OnInterrupt, Poll, Process, ProcessContext, Started, Wake};
use crate::time::Instant;

/// Starts `ping`.
pub(super) fn start(args: &[String], io: &mut ProcessContext<'_>) -> Started {
    match Ping::new(args, io.now) {
        Some(ping) => Started::Run(Box::new(ping)),
        None => super::refuse(io, "ping: usage error: Destination address required\n", 1),
    }
}

/// `ping`: one echo a second.
#[derive(Clone)]
struct Ping {
    pub(super) host: String,
    count: u64,
    sent: u64,
    received: u64,
    pub(super) next: Instant,
    pub(super) address: String,
    stopped: bool,
}

impl Ping {
    fn new(args: &[String], now: Instant) -> Option<Ping> {
        let mut ping =
            Ping { host: String::new(), count: u64::MAX, sent: 0, received: 0, next: now, address: String::new(), stopped: false };
        let mut words = args.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "-c" => ping.count = words.next().and_then(|w| w.parse().ok()).unwrap_or(1),
                "-w" | "-W" | "-i" => {
                    words.next();
                }
                word if word.starts_with("-c") => ping.count = word.trim_start_matches("-c").parse().unwrap_or(1),
                word if word.starts_with('-') => {}
                host => ping.host = host.to_string(),
            }
        }
        (!ping.host.is_empty()).then_some(ping)
    }

    fn summary(&self, io: &mut Io<'_>) -> i32 {
        let lost = self.sent.saturating_sub(self.received).saturating_mul(100).checked_div(self.sent).unwrap_or(0);
        io.out(&alloc::format!(
            "\n--- {} ping statistics ---\n{} packets transmitted, {} packets received, {lost}% packet loss\n",
            self.host,
            self.sent,
            self.received
        ));
        i32::from(self.received == 0)
    }
}

impl Process for Ping {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        if self.stopped {
            return Poll::Done(self.summary(io));
        }
        if self.sent == 0 && self.address.is_empty() {
            let found = io.host.network().map_or_else(Lookup::default, |n| n.resolve("", &self.host));
            let Some(address) = found.addresses.first() else {
                io.err(&alloc::format!("ping: bad address '{}'\n", self.host));
                return Poll::Done(1);
            };
            self.address = address.clone();
            io.out(&alloc::format!("PING {} ({}): 56 data bytes\n", self.host, self.address));
        }
        if io.now < self.next {
            return Poll::Wait(Wake::At(self.next));
        }
        let echo = NetRequest { host: self.address.clone(), port: 0, ..NetRequest::default() };
        let alive = io.host.network().is_some_and(|n| !matches!(n.request(&echo), Some(NetAnswer::TimedOut | NetAnswer::Unresolved)));
        if alive {
            self.received += 1;
            io.out(&alloc::format!("64 bytes from {}: seq={} ttl=62 time=0.421 ms\n", self.address, self.sent));
        }
        self.sent += 1;
        if self.sent >= self.count {
            return Poll::Done(self.summary(io));
        }
        self.next = io.now + 1000;
        Poll::Wait(Wake::At(self.next))
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }

    fn interrupt(&mut self) -> OnInterrupt {
        self.stopped = true;
        self.next = Instant(0);
        OnInterrupt::Handled
    }
}
