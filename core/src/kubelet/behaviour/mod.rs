//! What images do when they are run without a command of the Pod's: servers, their first lines and how they end.
//! Never: which there are (`table`), what they answer (`answers`).

mod table;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::images::Image;
use crate::api::runtime::{ContainerProcess, ProcessCx, Running, SIGTERM};
use crate::time::Instant;
use table::{BEHAVIOURS, SERVER, WITHOUT_PASSWORD};

/// What an image does.
pub struct Behaviour {
    /// Its name in the image table.
    pub name: &'static str,
    /// The command line that runs when the Pod gives none.
    pub command: &'static str,
    /// Whether arguments of the Pod replace the whole command, as behind an entrypoint script that runs what it is given.
    pub runs_arguments: bool,
    /// The lines it writes at once.
    pub lines: &'static [&'static str],
    /// How it ends by itself: after how many milliseconds and with which code.
    pub ends: Option<(u64, i32)>,
    /// The code it ends with on SIGTERM; `None` when it does not listen.
    pub on_term: Option<i32>,
    /// After how many milliseconds it listens on its ports.
    pub listens_after_ms: u64,
    /// Variables of its environment beside those of every container.
    pub env: &'static [(&'static str, &'static str)],
    /// The directory it works in.
    pub cwd: &'static str,
    /// The files it brings along.
    pub files: &'static [(&'static str, &'static str)],
    /// Its processes, the first as 1; none: the command line that was run.
    pub processes: &'static [(u32, &'static str)],
}

/// What an image does in this environment.
pub fn within(image: &Image, env: &[(String, String)]) -> &'static Behaviour {
    let repository = image.name.rsplit_once(':').map_or(image.name.as_str(), |(repository, _)| repository);
    let row = WITHOUT_PASSWORD.iter().find(|(name, _, _)| *name == repository);
    match row.filter(|(_, names, _)| !env.iter().any(|(name, value)| names.contains(&name.as_str()) && !value.is_empty())) {
        Some((_, _, unconfigured)) => unconfigured,
        None => of(image),
    }
}

/// The version a tag names in full (`1.14.2-alpine`), or the one that the image has otherwise.
pub fn version<'a>(tag: &'a str, newest: &'a str) -> &'a str {
    let number = tag.split('-').next().unwrap_or_default();
    let whole = number.split('.').count() == 3 && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    if whole { number } else { newest }
}

/// What an image does.
pub fn of(image: &Image) -> &'static Behaviour {
    of_name(image.behaviour)
}

/// A behaviour by its name in the image table.
pub fn of_name(name: &str) -> &'static Behaviour {
    BEHAVIOURS.iter().find(|b| b.name == name).unwrap_or(&SERVER)
}

/// The memory that a command line of `stress` takes in all, in bytes: `--vm 2 --vm-bytes 150M`.
pub fn stress_bytes(argv: &[String]) -> u64 {
    let value = |names: &[&str]| {
        argv.iter().enumerate().find_map(|(i, word)| match word.split_once('=') {
            Some((name, value)) if names.contains(&name) => Some(value),
            _ if names.contains(&word.as_str()) => argv.get(i + 1).map(String::as_str),
            _ => None,
        })
    };
    let bytes = |text: &str| {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let shift = match text.get(digits.len()..).unwrap_or_default().chars().next().map(|c| c.to_ascii_uppercase()) {
            Some('K') => 10,
            Some('M') => 20,
            Some('G') => 30,
            _ => 0,
        };
        digits.parse::<u64>().unwrap_or(0).saturating_mul(1 << shift)
    };
    let workers = value(&["--vm", "-m"]).and_then(|n| n.parse::<u64>().ok());
    match (workers, value(&["--vm-bytes", "-mem-total"])) {
        (workers, Some(text)) => bytes(text).saturating_mul(workers.unwrap_or(1)),
        (Some(workers), None) => workers.saturating_mul(256 << 20),
        _ => 0,
    }
}

impl Behaviour {
    /// A file that the image brings along.
    pub fn file(&self, path: &str) -> Option<&'static str> {
        self.files.iter().find(|(one, _)| *one == path).map(|(_, text)| *text)
    }

    /// The command line that an image runs given what the Pod says.
    pub fn argv(&self, command: &[String], args: &[String]) -> Vec<String> {
        let own = || self.command.split(' ').map(ToString::to_string).collect::<Vec<_>>();
        match (command.is_empty(), args.is_empty()) {
            (false, _) => command.iter().chain(args).cloned().collect(),
            (true, true) => own(),
            (true, false) if self.runs_arguments && !args.first().is_some_and(|a| a.starts_with('-')) => args.to_vec(),
            (true, false) => own().into_iter().take(1).chain(args.iter().cloned()).collect(),
        }
    }

    /// Whether a command line is the image's own server and not something for an interpreter.
    pub fn is_own(&self, argv: &[String]) -> bool {
        let own = self.command.split(' ').next().unwrap_or_default();
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_string();
        let tool = |a: &String| super::insides::is_common(&name(a));
        self.name == "server" && !argv.first().is_some_and(tool)
            || self.name != "shell" && argv.first().is_some_and(|a| name(a) == name(own)) && name(own) != "sh"
            || self.name == "shell" && argv.len() == 1 && argv.first().is_some_and(|a| matches!(name(a).as_str(), "sh" | "bash"))
            || self.name == "bootcamp" && argv.len() == 3
    }
}

/// An image's own process.
#[derive(Clone)]
pub struct OwnProcess {
    behaviour: &'static Behaviour,
    stop_ms: u64,
    begun: Option<Instant>,
    ending: Option<(Instant, i32)>,
}

impl OwnProcess {
    /// The process of a behaviour; `stop_ms` is how long it takes to end when asked to.
    pub fn new(behaviour: &'static Behaviour, stop_ms: u64) -> OwnProcess {
        OwnProcess { behaviour, stop_ms, begun: None, ending: None }
    }

    /// The same of a container that runs already: it says nothing more of its beginning.
    pub fn running(behaviour: &'static Behaviour, stop_ms: u64, now: Instant) -> OwnProcess {
        OwnProcess { begun: Some(now), ..OwnProcess::new(behaviour, stop_ms) }
    }
}

impl ContainerProcess for OwnProcess {
    fn poll(&mut self, cx: &mut ProcessCx<'_>) -> Running {
        if self.begun.is_none() {
            self.begun = Some(cx.now);
            cx.log.extend(self.behaviour.lines.iter().map(|l| l.to_string()));
            self.ending = self.behaviour.ends.map(|(ms, code)| (cx.now + ms, code));
        }
        match self.ending {
            Some((at, code)) if at <= cx.now => Running::Exited(code),
            Some((at, _)) => Running::Until(at),
            None => Running::Forever,
        }
    }

    fn signal(&mut self, signal: i32, cx: &mut ProcessCx<'_>) -> Running {
        match self.behaviour.on_term {
            Some(code) if signal == SIGTERM || signal == crate::api::runtime::SIGINT => {
                self.ending = Some((cx.now + self.stop_ms, code));
                Running::Until(cx.now + self.stop_ms)
            }
            _ => Running::Forever,
        }
    }

    fn boxed_clone(&self) -> Box<dyn ContainerProcess> {
        Box::new(self.clone())
    }
}
