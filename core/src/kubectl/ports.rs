//! The local ports that running kubectls have opened on the learner's machine: `port-forward` and `proxy`. A table only;
//! the machine looks into it when something connects to itself.

use alloc::string::String;
use alloc::vec::Vec;

/// Where a local port leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A port of a Pod, by UID.
    Pod(String, u16),
    /// The API server.
    Server,
}

/// One open port.
#[derive(Clone, Debug)]
pub struct Open {
    /// Its number.
    pub port: u16,
    /// The kubectl that opened it.
    owner: u64,
    /// Where it leads to.
    pub goal: Goal,
    /// How many connections there have been.
    pub calls: usize,
    /// Whether the last one found nobody at the other end.
    pub refused: bool,
}

/// The first port that is given where any will do.
const ANY_FROM: u16 = 35_017;

/// All open ports.
#[derive(Clone, Debug, Default)]
pub struct Ports {
    open: Vec<Open>,
    owners: u64,
    given: u16,
}

impl Ports {
    /// A name for a kubectl that may open ports.
    pub fn new_owner(&mut self) -> u64 {
        self.owners = self.owners.saturating_add(1);
        self.owners
    }

    /// Opens a port, any if it is zero; nothing if it is taken.
    pub fn open(&mut self, owner: u64, port: u16, goal: Goal) -> Option<u16> {
        let mut number = port;
        while number == 0 {
            self.given = self.given.wrapping_add(1);
            let candidate = ANY_FROM.saturating_add(self.given.wrapping_mul(971) % 20_000);
            number = if self.find(candidate).is_none() { candidate } else { 0 };
        }
        if self.find(number).is_some() {
            return None;
        }
        self.open.push(Open { port: number, owner, goal, calls: 0, refused: false });
        Some(number)
    }

    /// Closes all ports of a kubectl.
    pub fn close(&mut self, owner: u64) {
        self.open.retain(|open| open.owner != owner);
    }

    /// The open port of this number.
    pub fn find(&mut self, port: u16) -> Option<&mut Open> {
        self.open.iter_mut().find(|open| open.port == port)
    }

    /// The ports of a kubectl.
    pub fn of(&self, owner: u64) -> impl Iterator<Item = &Open> {
        self.open.iter().filter(move |open| open.owner == owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_taken_and_given_back() {
        let mut ports = Ports::default();
        let (a, b) = (ports.new_owner(), ports.new_owner());
        assert_eq!(ports.open(a, 8080, Goal::Server), Some(8080));
        assert_eq!(ports.open(b, 8080, Goal::Server), None);
        let any = ports.open(b, 0, Goal::Server);
        assert!(any.is_some_and(|port| port >= ANY_FROM));
        ports.close(a);
        assert_eq!(ports.open(b, 8080, Goal::Server), Some(8080));
        assert_eq!(ports.of(b).count(), 2);
    }
}
