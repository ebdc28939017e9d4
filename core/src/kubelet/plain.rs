//! The few commands that containers can run without an interpreter: enough for a cluster that no shell was given to.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::runtime::{ContainerProcess, ProcessCx, Running, SIGTERM};
use crate::text::duration;
use crate::time::Instant;

/// A list of simple commands, one after another.
#[derive(Clone)]
struct Plain {
    commands: Vec<Vec<String>>,
    next: usize,
    until: Option<Instant>,
    code: i32,
    stop_ms: Option<u64>,
    ending: Option<Instant>,
}

/// A process for a command line; `None` when the program is not known.
pub fn start(argv: &[String], stop_ms: Option<u64>) -> Option<Box<dyn ContainerProcess>> {
    let words = |text: &str| text.split_whitespace().map(ToString::to_string).collect::<Vec<_>>();
    let name = argv.first()?.rsplit('/').next().unwrap_or_default();
    let commands: Vec<Vec<String>> = match (name, argv.get(1).map(String::as_str), argv.get(2)) {
        ("sh" | "bash" | "ash", Some("-c"), Some(script)) => script.split([';', '\n']).map(words).collect(),
        ("sleep" | "echo" | "true" | "false" | "exit" | "cat" | "tail", _, _) => [argv.to_vec()].into(),
        ("sh" | "bash" | "ash", None, _) => Vec::new(),
        _ => return None,
    };
    Some(Box::new(Plain { commands, next: 0, until: None, code: 0, stop_ms, ending: None }))
}

impl ContainerProcess for Plain {
    fn poll(&mut self, cx: &mut ProcessCx<'_>) -> Running {
        if let Some(at) = self.ending {
            return if at <= cx.now { Running::Exited(0) } else { Running::Until(at) };
        }
        if let Some(at) = self.until.filter(|at| *at > cx.now) {
            return Running::Until(at);
        }
        self.until = None;
        while let Some(command) = self.commands.get(self.next).cloned() {
            self.next += 1;
            let (name, args) = command.split_first().map_or(("", &[][..]), |(n, a)| (n.as_str(), a));
            self.code = 0;
            match name {
                "echo" => cx.log.push(args.join(" ").replace('"', "")),
                "exit" => return Running::Exited(args.first().and_then(|a| a.parse().ok()).unwrap_or(0)),
                "false" => self.code = 1,
                "sleep" => {
                    let text = args.first().map_or("0", String::as_str);
                    let ms = text.parse::<u64>().ok().map(|s| s.saturating_mul(1000));
                    let Some(ms) = ms.or_else(|| duration::parse_millis(text).ok().and_then(|n| u64::try_from(n).ok())) else {
                        return Running::Forever;
                    };
                    let at = cx.now + ms;
                    self.until = Some(at);
                    return Running::Until(at);
                }
                "tail" | "while" | "until" => return Running::Forever,
                _ => {}
            }
        }
        Running::Exited(self.code)
    }

    fn signal(&mut self, signal: i32, cx: &mut ProcessCx<'_>) -> Running {
        match self.stop_ms {
            Some(ms) if signal == SIGTERM => {
                self.ending = Some(cx.now + ms);
                Running::Until(cx.now + ms)
            }
            _ => match self.until {
                Some(at) => Running::Until(at),
                None => Running::Forever,
            },
        }
    }

    fn boxed_clone(&self) -> Box<dyn ContainerProcess> {
        Box::new(self.clone())
    }
}
