//! What the learner's shell finds outside itself: the cluster, and the programs that reach it.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::any::Any;

use super::kubectl::KubectlProcess;
use crate::api::Timing;
use crate::api::network::Network;
use crate::api::runtime::Inside;
use crate::kubectl::ports::Ports;
use crate::shell::container::ShellRuntime;
use crate::shell::net;
use crate::shell::process::{Host, ProcessContext, Started};
use crate::sim::Cluster;
use crate::sim::faults::Fault;

/// A file that a program has open in the page's editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFile {
    /// The shell in which the program runs.
    pub shell: u32,
    /// The file's absolute path.
    pub path: String,
    /// What the editor may be headed with: `vi pod.yaml`.
    pub title: String,
    number: u32,
}

/// The programs that need a terminal to edit in.
const EDITORS: [&str; 4] = ["code", "nano", "vi", "vim"];

/// The learner's machine: the control-plane node, with a kubeconfig.
#[derive(Clone)]
pub struct Machine {
    /// The cluster.
    pub cluster: Cluster,
    /// The pace.
    pub timing: Timing,
    /// Files that programs have open in the page's editor, the latest last.
    pub open_files: Vec<OpenFile>,
    /// The local ports that running kubectls have opened.
    pub ports: Ports,
    /// The shell that is being polled.
    pub shell: u32,
    last_editor: u32,
}

impl Machine {
    /// A machine with a cluster at a pace.
    pub fn new(mut cluster: Cluster, timing: Timing) -> Machine {
        cluster.set_runtime(Box::new(ShellRuntime { stop_ms: timing.stop_shell_ms }));
        Machine { cluster, timing, open_files: Vec::new(), ports: Ports::default(), shell: 0, last_editor: 0 }
    }

    /// Lets a fault happen, told in the words of the `fault` command.
    ///
    /// # Errors
    /// What to tell the person who asked for it.
    pub fn fault(&mut self, text: &str) -> Result<(), String> {
        self.cluster.befall(&Fault::parse(text)?)
    }
}

/// Starts a program of the machine.
type Start = fn(&mut Machine, &[String], &mut ProcessContext<'_>) -> Started;

/// The programs that are neither the shell's own nor of the network's. Adding one is adding a row.
const PROGRAMS: &[(&str, &str, Start)] =
    &[("kubectl", "talks to the cluster", kubectl), ("k", "kubectl, shorter", kubectl), ("fault", "makes something go wrong", fault)];

fn kubectl(machine: &mut Machine, args: &[String], _: &mut ProcessContext<'_>) -> Started {
    let owner = machine.ports.new_owner();
    Started::Run(Box::new(KubectlProcess::new(machine.timing, args, owner)))
}

fn fault(machine: &mut Machine, args: &[String], io: &mut ProcessContext<'_>) -> Started {
    let told = machine.cluster.fault(args);
    if told.well {
        io.out(&told.text);
    } else {
        io.err(&told.text);
    }
    Started::Done(i32::from(!told.well))
}

impl Host for Machine {
    fn start(&mut self, program: &str, args: &[String], io: &mut ProcessContext<'_>) -> Option<Started> {
        match PROGRAMS.iter().find(|(name, _, _)| *name == program) {
            Some((_, _, start)) => Some(start(self, args, io)),
            None => net::start(program, args, io),
        }
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn programs(&self) -> Vec<(&'static str, &'static str)> {
        let own = PROGRAMS.iter().map(|(name, help, _)| (*name, *help));
        own.chain(net::PROGRAMS.iter().map(|(name, help, _)| (*name, *help))).collect()
    }

    fn network(&mut self) -> Option<&mut dyn Network> {
        Some(self)
    }

    fn inside(&mut self) -> Option<&mut dyn Inside> {
        Some(&mut self.cluster)
    }

    fn complete(&mut self, words: &[String], cwd: &str) -> Vec<String> {
        match words.first().map(String::as_str) {
            Some("kubectl" | "k") => super::completion::kubectl(self, words, cwd),
            Some("fault") => self.cluster.complete_fault(words),
            _ => Vec::new(),
        }
    }

    fn epoch_s(&self) -> i64 {
        self.cluster.api.epoch_ms.div_euclid(1000)
    }

    fn has_tool(&self, tool: &str) -> bool {
        // Where the recordings were made there was no editor.
        self.timing != Timing::RECORDED || !EDITORS.contains(&tool)
    }

    fn instead(&self, program: &str) -> Option<&'static str> {
        super::absent::instead(program).filter(|_| self.timing != Timing::RECORDED)
    }

    fn open_editor(&mut self, title: &str, path: &str) -> Option<u32> {
        self.last_editor += 1;
        let number = self.last_editor;
        self.open_files.push(OpenFile { shell: self.shell, path: path.to_string(), title: title.to_string(), number });
        Some(number)
    }

    fn close_editor(&mut self, number: u32) {
        self.open_files.retain(|file| file.number != number);
    }
}
