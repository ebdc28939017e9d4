//! Lifecycle hooks: what a container does after its start and before its end. Models `pkg/kubelet/lifecycle` handlers.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::probes::LONGEST_COMMAND_MS;
use super::worker::{Desk, Stage, Worker, step};
use crate::object::value::{at, get, i64_at, items_at, text_at};
use crate::time::TimerClass;

impl Worker {
    /// Runs the hook after the start. Returns whether it goes on for a while, so that the sync waits for it.
    pub fn begin_post_start(&mut self, slot: usize, d: &mut Desk<'_, '_>) -> bool {
        let Some(s) = self.slots.get(slot).filter(|s| s.run.as_ref().is_some_and(|run| run.plays.is_none())) else { return false };
        let Some(hook) = at(self.spec(s), "lifecycle/postStart").cloned() else { return false };
        let (fault, ms) = self.run_hook(slot, &hook, d);
        if let Some(s) = self.slots.get_mut(slot) {
            s.hook_fault = fault;
        }
        if ms <= 1 {
            self.judge_post_start(slot, d);
            return false;
        }
        d.later(self, step::STARTED | (slot as u32) << 8, ms, TimerClass::Work);
        true
    }

    /// The hook after the start is over: the sync goes on.
    pub fn post_start_over(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        if self.stage == Stage::Active && self.busy {
            self.judge_post_start(slot, d);
            self.pending = true;
            self.proceed(d);
        }
    }

    /// A container whose hook has failed is ended.
    fn judge_post_start(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        let Some(fault) = self.slots.get_mut(slot).and_then(|s| s.hook_fault.take()) else { return };
        d.note_slot(self, slot, "Warning", "FailedPostStartHook", "PostStartHook failed");
        d.note_slot(self, slot, "Normal", "Killing", "FailedPostStartHook");
        self.fail(slot, "PostStartHookError", &fault);
        self.stop_slot(slot, d);
    }

    /// Runs a hook: why it fails, if it does, and how many milliseconds it takes.
    pub fn run_hook(&mut self, slot: usize, hook: &Value, d: &mut Desk<'_, '_>) -> (Option<String>, u64) {
        if let Some(seconds) = i64_at(hook, "sleep/seconds") {
            return (None, u64::try_from(seconds).unwrap_or(0).saturating_mul(1000));
        }
        let name = self.slots.get(slot).map(|s| s.name.clone()).unwrap_or_default();
        let plays = self.slots.get(slot).and_then(|s| s.run.as_ref()).is_some_and(|run| run.plays.is_some());
        let whose = alloc::format!("for Container {name:?} in Pod \"{}_{}({})\" failed", self.key.name, self.key.namespace, self.uid);
        if let Some(request) = get(hook, "httpGet") {
            // Whatever is answered is well, if only something is.
            let refused = self.ask(slot, hook, d).err().filter(|why| !plays && !why.starts_with("HTTP probe failed"));
            let path = text_at(request, "path");
            return (refused.map(|why| alloc::format!("HTTP lifecycle hook ({path}) {whose} - error: {why}")), 1);
        }
        let argv: Vec<String> = items_at(hook, "exec/command").iter().filter_map(|w| w.as_str().map(ToString::to_string)).collect();
        if argv.is_empty() {
            return (None, 5);
        }
        let outcome = self.command(slot, &argv, LONGEST_COMMAND_MS, d);
        let fault = outcome.code.filter(|code| *code != 0 && !plays).map(|code| {
            let (line, text) = (argv.join(" "), &outcome.text);
            alloc::format!("Exec lifecycle hook ([{line}]) {whose} - error: command '{line}' exited with {code}: {text}, message: {text:?}")
        });
        (fault, outcome.took_ms)
    }
}
