//! What is outside the shell: the host and its programs.
//! Never: how a program runs (`Process`).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::any::Any;

use super::{Process, ProcessContext};

/// What starting a program gave.
#[derive(Clone)]
pub enum Started {
    /// It is over already, with this exit code; what it wrote is in the `Io`.
    Done(i32),
    /// It runs and is to be polled.
    Run(Box<dyn Process>),
}

/// The world outside the shell. The session implements it for the terminal; inside containers another one does.
pub trait Host {
    /// Starts a program that the shell does not have itself; `None` means `command not found`.
    /// `args` are without the program's name. Reads and writes through `io`, or returns a process that does so
    /// when it is polled.
    fn start(&mut self, program: &str, args: &[String], io: &mut ProcessContext<'_>) -> Option<Started>;

    /// The host as its own type, for processes that it made (`downcast_mut`).
    fn as_any_mut(&mut self) -> &mut dyn Any;

    /// Names of the programs `start` knows, for completion, `type` and `help`, each with a line of help.
    fn programs(&self) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    /// Whether `start` would know this program.
    fn has_program(&self, program: &str) -> bool {
        self.programs().iter().any(|(name, _)| *name == program)
    }

    /// Whether the shell's own tool of this name is to be found here; a lean image has few.
    fn has_tool(&self, tool: &str) -> bool {
        let _ = tool;
        true
    }

    /// Whether the tools here are those of BusyBox, with its words.
    fn is_busybox(&self) -> bool {
        false
    }

    /// Whom programs here belong to; nobody says so at the terminal, where it is root.
    fn identity(&self) -> Option<&crate::api::kubelet::Identity> {
        None
    }

    /// The image that programs here come from; empty at the terminal.
    fn image(&self) -> &str {
        ""
    }

    /// The wall-clock time that instant 0 stands for, in seconds since 1970.
    fn epoch_s(&self) -> i64 {
        0
    }

    /// The network that programs here reach (`curl`, `ping`).
    fn network(&mut self) -> Option<&mut dyn crate::api::network::Network> {
        None
    }

    /// The way into running containers (`kubectl exec`).
    fn inside(&mut self) -> Option<&mut dyn crate::api::runtime::Inside> {
        None
    }

    /// What to do instead of a program that is not there, in a sentence.
    fn instead(&self, program: &str) -> Option<&'static str> {
        let _ = program;
        None
    }

    /// The name of the machine.
    fn hostname(&self) -> &str {
        "m-k8s"
    }

    /// Opens the page's editor on the file at an absolute path and gives it a number; `None` if there is none here.
    fn open_editor(&mut self, title: &str, path: &str) -> Option<u32> {
        let _ = (title, path);
        None
    }

    /// Closes an editor that [`Host::open_editor`] has opened.
    fn close_editor(&mut self, number: u32) {
        let _ = number;
    }

    /// Words that may come next for a program of the host, given all words up to the one being typed
    /// (`kubectl __complete`); what a word is may follow it after a tab.
    fn complete(&mut self, words: &[String], cwd: &str) -> Vec<String> {
        let _ = (words, cwd);
        Vec::new()
    }
}
