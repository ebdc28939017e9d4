//! What images do when they are run without a command of the Pod's: servers, their first lines, what they answer and use,
//! and how they end. Never: which there are (`table`), how requests reach them (`answers`).

mod samples;
mod table;
mod texts;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::answers::Answers;
use super::images::Image;
use crate::api::runtime::{ContainerProcess, ProcessCx, Running, SIGTERM};
use crate::time::Instant;
use samples::SAMPLES;
use table::{BEHAVIOURS, SERVER};

/// What an image's server takes when idle and for each request.
pub struct Cost {
    /// CPU when idle, in thousandths.
    pub idle_m: i64,
    /// CPU per request, in microseconds.
    pub request_us: i64,
    /// Memory in MiB.
    pub memory_mib: i64,
}

/// Which command lines are an image's own server and not something for an interpreter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// Those that begin with the program of its own command line.
    Program,
    /// Every one but for the tools of a shell.
    Any,
    /// A shell with nothing to run.
    Shell,
    /// Its own whole command line, where a shell runs it.
    Whole,
}

/// What an image's server takes of its node's memory once it runs.
#[derive(Clone, Copy)]
pub enum Takes {
    /// What its [`Cost`] says.
    Idle,
    /// So many bytes more each second.
    Leak(u64),
    /// What the options of `stress` ask for.
    Asked,
}

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
    /// Which command lines run all this.
    pub own: Own,
    /// What it answers to those who speak HTTP.
    pub answers: Answers,
    /// What it uses.
    pub cost: Cost,
    /// What it takes of its node's memory beside that.
    pub takes: Takes,
    /// The ports it listens on, where they are not the image's.
    pub ports: &'static [u16],
    /// What it does instead when its first argument is the name of one of these.
    pub modes: &'static [Behaviour],
    /// Variables of which one must be set, and what it does when none is.
    pub needs: Option<(&'static [&'static str], &'static Behaviour)>,
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
    BEHAVIOURS.iter().chain(SAMPLES).find(|b| b.name == name).unwrap_or(&SERVER)
}

/// The value of one of these options in a command line.
pub fn option(argv: &[String], names: &[&str]) -> Option<String> {
    argv.iter().enumerate().find_map(|(i, word)| match word.split_once('=') {
        Some((name, value)) if names.contains(&name) => Some(value.trim_matches('"').to_string()),
        _ if names.contains(&word.as_str()) => argv.get(i + 1).cloned(),
        _ => None,
    })
}

/// The memory that a command line of `stress` takes in all, in bytes: `--vm 2 --vm-bytes 150M`.
pub fn stress_bytes(argv: &[String]) -> u64 {
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
    let workers = option(argv, &["--vm", "-m"]).and_then(|n| n.parse::<u64>().ok());
    match (workers, option(argv, &["--vm-bytes", "-mem-total"])) {
        (workers, Some(text)) => bytes(&text).saturating_mul(workers.unwrap_or(1)),
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
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_string();
        let first = argv.first().map(|a| name(a)).unwrap_or_default();
        match self.own {
            Own::Program => first == name(self.command.split(' ').next().unwrap_or_default()),
            Own::Any => !super::insides::is_common(&first),
            Own::Shell => argv.len() == 1 && matches!(first.as_str(), "sh" | "bash"),
            Own::Whole => argv.join(" ") == self.command,
        }
    }

    /// What it does with this command line.
    pub fn doing(&'static self, argv: &[String]) -> &'static Behaviour {
        self.modes.iter().find(|mode| argv.get(1).is_some_and(|word| word == mode.name)).unwrap_or(self)
    }

    /// What it does in this environment.
    pub fn within(&'static self, env: &[(String, String)]) -> &'static Behaviour {
        match self.needs {
            Some((names, without)) if !env.iter().any(|(name, value)| names.contains(&name.as_str()) && !value.is_empty()) => without,
            _ => self,
        }
    }
}

/// How a line of klog begins at this time: `I0911 09:19:26.677000       1`.
fn klog_stamp(wall_ms: i64) -> String {
    let text = crate::text::timestamp::rfc3339(wall_ms);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    alloc::format!("I{}{} {}.{:03}000       1", part(5, 7), part(8, 10), part(11, 19), wall_ms.rem_euclid(1000))
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
            let (stamp, host) = (klog_stamp(cx.wall_ms), cx.sandbox.hostname.as_str());
            cx.log.extend(self.behaviour.lines.iter().map(|line| line.replace("{klog}", &stamp).replace("{host}", host)));
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

#[cfg(test)]
mod tests {
    use super::super::{images, insides};
    use super::*;

    #[test]
    fn every_image_has_a_row() {
        for (repository, behaviour, programs) in images::rows() {
            assert!(BEHAVIOURS.iter().chain(SAMPLES).any(|b| b.name == behaviour), "{repository}: no behaviour {behaviour}");
            assert!(programs == "none" || !insides::programs(programs).is_empty(), "{repository}: no family {programs}");
        }
        for Behaviour { name, .. } in BEHAVIOURS.iter().chain(SAMPLES) {
            assert!(images::rows().any(|(_, behaviour, _)| behaviour == *name), "{name} is of no image");
            assert!(of_name(name).is_own(&of_name(name).argv(&[], &[])), "{name} does not run its own command");
        }
    }
}
