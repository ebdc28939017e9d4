//! A container's process and its turns: when it runs, what it writes, what follows from how it stands.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::images::{self};
use super::worker::{Desk, Part, Stage, Worker, step};
use crate::api::LogLine;
use crate::api::kubelet::Sandbox;
use crate::api::runtime::{ProcessCx, Running};
use crate::object::value::text_at;
use crate::time::{Instant, TimerClass};

/// The most lines kept of one container.
const KEPT_LINES: usize = 5000;
/// The most that is read of a container's last message, in bytes.
const LONGEST_MESSAGE: usize = 4096;
/// The most that is read of its log in place of one: lines and bytes.
const LAST_LINES: usize = 80;
const LAST_BYTES: usize = 2048;

impl Worker {
    /// Gives a container's process its turn.
    pub fn turn(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        let (uid, node, pod, ip) = (self.uid.clone(), self.node.clone(), self.pod.clone(), self.ip.clone());
        let mut signals = Vec::new();
        let live = self.slots.get(slot).is_some_and(|s| s.run.as_ref().is_some_and(|r| r.sandbox.is_some()) && self.has_live_volumes(s));
        if live && let Some(sandbox) = self.take_sandbox(slot, d) {
            self.put_back(slot, sandbox);
        }
        let hostname = super::resolver::hostname(self);
        let Some(s) = self.slots.get_mut(slot) else { return };
        let Some(run) = s.run.as_mut().filter(|r| r.exited.is_none() && !r.hangs) else { return };
        let mut unused = Sandbox { hostname, ..Sandbox::default() };
        let mut lines = Vec::new();
        let mut net = super::web::Seen { traffic: d.net, api: d.cx.api, from_pod: &uid, from_node: &node, pod: &pod, ip: &ip };
        let (now, wall_ms) = (d.cx.now, d.cx.api.wall_ms());
        let sandbox = run.sandbox.as_deref_mut().unwrap_or(&mut unused);
        let mut cx = ProcessCx { sandbox, now, wall_ms, log: &mut lines, net: &mut net, pod_uid: &uid, node: &node, signals: &mut signals };
        let next = run.process.poll(&mut cx);
        write_log(&mut s.log, lines, wall_ms);
        if live
            && let Some(s) = self.slots.get(slot)
            && let Some(sandbox) = s.run.as_ref().and_then(|r| r.sandbox.as_ref())
        {
            self.keep(s, sandbox, d);
        }
        self.follow(slot, next, d);
        for (pid, signal) in signals {
            self.signal_process(slot, pid, signal, d);
        }
    }

    fn put_back(&mut self, slot: usize, sandbox: Sandbox) {
        if let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()) {
            run.sandbox = Some(Box::new(sandbox));
        }
    }

    /// Does what a process's answer means: a timer for its next turn, or its end.
    pub fn follow(&mut self, slot: usize, next: Running, d: &mut Desk<'_, '_>) {
        let wall_ms = d.cx.api.wall_ms();
        let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()) else { return };
        if let Some(timer) = run.timer.take() {
            d.cx.cancel(timer);
        }
        match next {
            Running::Forever => {}
            Running::Until(at) => {
                let young = run.stopping || d.cx.now.since(run.started_at) < 1500;
                let class = if young { TimerClass::Work } else { TimerClass::Background };
                let timer = d.later(self, step::TURN | (slot as u32) << 8, at.since(d.cx.now).max(1), class);
                if let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()) {
                    run.timer = Some(timer);
                }
            }
            Running::Exited(code) => {
                if run.plays.is_some_and(|act| act.out_of_memory) && !run.stopping {
                    run.cause = "OOMKilled";
                }
                run.exited = Some((code, wall_ms));
                if self.stage == Stage::Stopping {
                    self.tell_waiting(d);
                    self.check_stopped(d);
                } else if self.slots.get(slot).is_some_and(|s| s.renewed) && self.busy {
                    self.take_exits(d.cx.now);
                    // What has happened to the container is seen right after that sync.
                    self.pending = true;
                    self.proceed(d);
                } else {
                    self.look_soon(d);
                }
            }
        }
    }

    /// Turns runs that have ended into their ends.
    pub fn take_exits(&mut self, now: Instant) {
        for slot in 0..self.slots.len() {
            let message = self.last_words(slot);
            if let Some(s) = self.slots.get_mut(slot) {
                s.take_exit(message, now);
            }
        }
    }

    /// What a container that has ended left to say: in the file that is for that, or at the end of its log if it failed and
    /// wants that. Models getTerminationMessage.
    fn last_words(&self, slot: usize) -> String {
        let Some(s) = self.slots.get(slot) else { return String::new() };
        let Some(run) = s.run.as_ref() else { return String::new() };
        let Some((code, _)) = run.exited else { return String::new() };
        let spec = self.spec(s);
        let written = run.sandbox.as_ref().and_then(|inside| inside.files.read(text_at(spec, "terminationMessagePath")).ok());
        if let Some(text) = written.filter(|text| !text.is_empty()) {
            return text.chars().scan(0, |bytes, c| within(bytes, c, LONGEST_MESSAGE)).collect();
        }
        if code == 0 || text_at(spec, "terminationMessagePolicy") != "FallbackToLogsOnError" {
            return String::new();
        }
        let from = s.log.len().saturating_sub(LAST_LINES);
        let text: String = s.log.iter().skip(from).flat_map(|line| [line.text.as_str(), "\n"]).collect();
        let mut last: Vec<char> = text.chars().rev().scan(0, |bytes, c| within(bytes, c, LAST_BYTES)).collect();
        last.reverse();
        last.into_iter().collect()
    }

    /// Ends containers whose image or command has changed in the spec; they are started again.
    pub fn restart_changed(&mut self, d: &mut Desk<'_, '_>) {
        for slot in 0..self.slots.len() {
            let Some(s) = self.slots.get(slot).filter(|s| s.part == Part::Main) else { continue };
            let wanted = images::full_name(text_at(self.spec(s), "image"));
            let Some(image) = s.image.as_ref().filter(|_| s.run.as_ref().is_some_and(|r| !r.stopping)) else { continue };
            if wanted.as_deref().is_some_and(|w| w != image.name) {
                let text = alloc::format!("Container {} definition changed, will be restarted", s.name);
                d.note_slot(self, slot, "Normal", "Killing", &text);
                self.stop_slot(slot, d);
            }
        }
    }
}

/// A character while all so far are within so many bytes.
fn within(bytes: &mut usize, c: char, most: usize) -> Option<char> {
    *bytes += c.len_utf8();
    (*bytes <= most).then_some(c)
}

/// Adds lines to a container's log.
pub fn write_log(log: &mut Rc<Vec<LogLine>>, lines: Vec<String>, at_ms: i64) {
    if lines.is_empty() {
        return;
    }
    let log = Rc::make_mut(log);
    log.extend(lines.into_iter().map(|text| LogLine { at_ms, text }));
    if log.len() > KEPT_LINES {
        log.drain(..log.len() - KEPT_LINES);
    }
}
