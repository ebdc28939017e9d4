//! Probes, asked of what the container does. Models `pkg/kubelet/prober`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::worker::{Desk, Part, Stage, Worker, step};
use crate::api::network::{NetAnswer, NetRequest};
use crate::api::runtime::{ProcessCx, Running};
use crate::object::value::{get, i64_at, items_at, text_at};
use crate::time::{Instant, TimerClass};

/// The kinds of probes: key in the spec and word in Events.
pub const KINDS: [(&str, &str); 3] = [("startupProbe", "Startup"), ("livenessProbe", "Liveness"), ("readinessProbe", "Readiness")];
const STARTUP: usize = 0;
const LIVENESS: usize = 1;
const READINESS: usize = 2;

/// The longest a command of a probe or hook is followed.
pub(super) const LONGEST_COMMAND_MS: u64 = 600_000;
const MAX_TURNS: u32 = 200;

/// What a command came to.
pub(super) struct Outcome {
    /// How it ended; `None` if it did not in time.
    pub code: Option<i32>,
    /// What it printed.
    pub text: String,
    /// How long it took.
    pub took_ms: u64,
}

/// Whether a command asks the container's own server, and waits for it.
fn asks_the_server(argv: &[String]) -> bool {
    const CLIENTS: &[&str] =
        &["curl", "wget", "redis-cli", "mysql", "mysqladmin", "mariadb-admin", "pg_isready", "psql", "mongo", "mongosh", "nc"];
    argv.iter().flat_map(|word| word.split_whitespace()).any(|word| CLIENTS.contains(&word.rsplit('/').next().unwrap_or_default()))
}

fn seconds(probe: &Value, key: &str, default: i64) -> u64 {
    u64::try_from(i64_at(probe, key).unwrap_or(default)).unwrap_or(0).saturating_mul(1000)
}

impl Worker {
    /// Sets the timers of a container's probes.
    pub fn begin_probes(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        for (kind, (key, _)) in KINDS.iter().enumerate() {
            let Some(probe) = self.slots.get(slot).and_then(|s| get(self.spec(s), key)) else { continue };
            let wait = self.until_probe(probe, kind, d.cx.now);
            let class = if kind == LIVENESS { TimerClass::Background } else { TimerClass::Work };
            self.set_probe(slot, kind, wait, class, d);
        }
    }

    /// How long a container that has just started waits for its first answer. Whether it is ready is asked at once, and
    /// then with each period; the other probes have ticked since before the container was there. What comes too early
    /// for the delay is left out. Models `pkg/kubelet/prober` worker.go.
    fn until_probe(&self, probe: &Value, kind: usize, now: Instant) -> u64 {
        let period = seconds(probe, "periodSeconds", 10).max(1000);
        let delay = seconds(probe, "initialDelaySeconds", 0);
        let first = match self.probes_from {
            Some(from) if kind != READINESS => period - now.since(from) % period,
            _ => 10,
        };
        first + delay.saturating_sub(first).div_ceil(period) * period
    }

    fn set_probe(&self, slot: usize, kind: usize, ms: u64, class: TimerClass, d: &mut Desk<'_, '_>) {
        // The upper bits tell the run, so that timers of an earlier run mean nothing.
        let run = self.slots.get(slot).map_or(0, |s| s.restarts & 0xff);
        let what = step::PROBE | (slot as u32 & 0xff) << 8 | (kind as u32) << 16 | run << 20;
        d.later(self, what, ms, class);
    }

    /// A probe is due.
    pub fn probe(&mut self, slot: usize, kind_and_run: usize, d: &mut Desk<'_, '_>) {
        let (kind, run_number) = (kind_and_run & 0xf, (kind_and_run >> 4) as u32);
        let Some((key, word)) = KINDS.get(kind) else { return };
        let Some(s) = self.slots.get(slot) else { return };
        let Some(run) = s.run.as_ref().filter(|r| r.exited.is_none() && !r.stopping && s.restarts & 0xff == run_number) else { return };
        if self.stage != Stage::Active || (kind == STARTUP && run.started) {
            return;
        }
        let Some(probe) = get(self.spec(s), key).cloned() else { return };
        let period = seconds(&probe, "periodSeconds", 10).max(1000);
        if kind != STARTUP && !run.started {
            // Once it has started it is asked at once whether it is ready.
            if kind == LIVENESS {
                self.set_probe(slot, kind, period, TimerClass::Background, d);
            }
            return;
        }
        let was = (run.started, run.ready);
        let verdict = self.ask(slot, &probe, d);
        if let Err(text) = &verdict {
            d.note_slot(self, slot, "Warning", "Unhealthy", &alloc::format!("{word} probe failed: {text}"));
        }
        self.count(slot, kind, &probe, verdict.is_ok(), d);
        let now = self.slots.get(slot).and_then(|s| s.run.as_ref()).map(|r| (r.started, r.ready));
        let young = d.cx.now.since(Instant(0)) > 0 && kind != LIVENESS && now == Some(was) && !(was.0 && was.1) && period <= 1000;
        self.set_probe(slot, kind, period, if young { TimerClass::Work } else { TimerClass::Background }, d);
        if kind == STARTUP && now.is_some_and(|(started, _)| started) {
            self.ask_whether_ready(slot, d);
        }
        if now.is_some_and(|n| n != was) {
            self.write_status(d);
            if !was.0 && !self.busy {
                self.want_sync(d);
            }
        }
    }

    /// A container has got through its startup probe: whether it is ready is asked when its delay is over.
    fn ask_whether_ready(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        let Some(s) = self.slots.get(slot) else { return };
        let (Some(run), Some(probe)) = (s.run.as_ref(), get(self.spec(s), "readinessProbe")) else { return };
        let period = seconds(probe, "periodSeconds", 10).max(1000);
        let left = seconds(probe, "initialDelaySeconds", 0).saturating_sub(d.cx.now.since(run.started_at));
        self.set_probe(slot, READINESS, 10 + left.div_ceil(period) * period, TimerClass::Work, d);
    }

    /// Counts an answer and does what it means when there have been enough of them.
    fn count(&mut self, slot: usize, kind: usize, probe: &Value, well: bool, d: &mut Desk<'_, '_>) {
        let threshold = |key: &str, default: i64| i32::try_from(i64_at(probe, key).unwrap_or(default)).unwrap_or(1).max(1);
        let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()) else { return };
        let Some(streak) = run.streaks.get_mut(kind) else { return };
        *streak = match (well, *streak) {
            (true, n) => n.max(0).saturating_add(1),
            (false, n) => n.min(0).saturating_sub(1),
        };
        let streak = *streak;
        if well && streak >= threshold("successThreshold", 1) {
            match kind {
                STARTUP => run.started = true,
                READINESS => run.ready = true,
                _ => {}
            }
        } else if !well && -streak >= threshold("failureThreshold", 3) {
            match kind {
                READINESS => run.ready = false,
                _ => self.kill_unhealthy(slot, kind, d),
            }
        }
    }

    fn kill_unhealthy(&mut self, slot: usize, kind: usize, d: &mut Desk<'_, '_>) {
        let word = if kind == STARTUP { "startup" } else { "liveness" };
        let name = self.slots.get(slot).map(|s| s.name.clone()).unwrap_or_default();
        let again = self.restart_policy() != "Never" || self.slots.get(slot).is_some_and(|s| s.part == Part::Sidecar);
        let end = if again { " probe, will be restarted" } else { " probe" };
        d.note_slot(self, slot, "Normal", "Killing", &["Container ", &name, " failed ", word, end].concat());
        let own = self.slots.get(slot).and_then(|s| i64_at(self.spec(s), &[word, "Probe/terminationGracePeriodSeconds"].concat()));
        let grace_s = own.and_then(|s| u64::try_from(s).ok()).unwrap_or_else(|| self.grace_s());
        // One sync stops the container and starts it again; until it is done nothing else is.
        if again && !self.busy {
            (self.busy, self.failed) = (true, None);
            self.slots.iter_mut().for_each(|s| s.tried = false);
            self.slots.get_mut(slot).into_iter().for_each(|s| s.renewed = true);
        }
        self.stop_within(slot, grace_s, d);
    }

    /// Asks a container.
    ///
    /// # Errors
    /// What the Event says after `probe failed: `.
    pub(super) fn ask(&mut self, slot: usize, probe: &Value, d: &mut Desk<'_, '_>) -> Result<(), String> {
        if let Some(run) = self.slots.get(slot).and_then(|s| s.run.as_ref())
            && let Some(act) = run.plays
            && !run.hangs
        {
            let is_readiness = self.slots.get(slot).is_some_and(|s| get(self.spec(s), "readinessProbe") == Some(probe));
            return if act.ready || !is_readiness { Ok(()) } else { Err("HTTP probe failed with statuscode: 503".to_string()) };
        }
        if let Some(exec) = get(probe, "exec") {
            let argv: Vec<String> = items_at(exec, "command").iter().filter_map(|w| w.as_str().map(ToString::to_string)).collect();
            let limit = seconds(probe, "timeoutSeconds", 1).max(1000);
            let hangs = self.slots.get(slot).and_then(|s| s.run.as_ref()).is_some_and(|r| r.hangs);
            let outcome = match hangs && asks_the_server(&argv) {
                true => Outcome { code: None, text: String::new(), took_ms: limit },
                false => self.command(slot, &argv, limit, d),
            };
            return match outcome.code {
                Some(0) => Ok(()),
                Some(_) => Err(outcome.text),
                None => Err(alloc::format!("command timed out: {:?} timed out after {}s", argv.join(" "), limit / 1000)),
            };
        }
        let Some(s) = self.slots.get(slot) else { return Ok(()) };
        let http = get(probe, "httpGet");
        let target = http.or(get(probe, "tcpSocket")).or(get(probe, "grpc"));
        let Some(port) = target.and_then(|t| get(t, "port")).and_then(|p| self.port(s, p)) else {
            return Err("strconv.Atoi: parsing \"\": invalid syntax".to_string());
        };
        if get(probe, "grpc").is_some() && !s.image.as_ref().is_some_and(|image| image.name.contains("etcd")) {
            // Hardly a server speaks that: who asks waits for an answer that it understands.
            let limit = seconds(probe, "timeoutSeconds", 1).max(1000) / 1000;
            let whom = alloc::format!("{}:{port}", self.ip);
            return Err(alloc::format!("timeout: failed to connect service {whom:?} within {limit}s: context deadline exceeded"));
        }
        let path = match http.map_or("", |h| text_at(h, "path")) {
            "" => "/",
            path => path,
        };
        let request = NetRequest { host: self.ip.to_string(), port, http: http.is_some(), path: path.to_string(), ..NetRequest::default() };
        let scheme =
            http.map(|h| text_at(h, "scheme").to_ascii_lowercase()).filter(|s| !s.is_empty()).unwrap_or_else(|| "http".to_string());
        let url = alloc::format!("Get \"{scheme}://{}:{port}{path}\"", self.ip);
        match (
            self.answer(port, &request, d.cx.now, &super::volumes::Reach { api: d.cx.api, stores: d.stores, host: &d.node.ip }),
            http.is_some(),
        ) {
            (NetAnswer::Http { status, .. }, true) if status < 400 => Ok(()),
            (NetAnswer::Http { status, .. }, true) => Err(alloc::format!("HTTP probe failed with statuscode: {status}")),
            (NetAnswer::Open, true) => Err(alloc::format!("{url}: EOF")),
            (NetAnswer::Refused, true) => Err(alloc::format!("{url}: dial tcp {}:{port}: connect: connection refused", self.ip)),
            (_, true) => Err(alloc::format!("{url}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)")),
            (NetAnswer::Http { .. } | NetAnswer::Open, false) => Ok(()),
            (NetAnswer::Refused, false) => Err(alloc::format!("dial tcp {}:{port}: connect: connection refused", self.ip)),
            (_, false) => Err(alloc::format!("dial tcp {}:{port}: i/o timeout", self.ip)),
        }
    }

    /// Runs a command in a container to its end, or to a limit, in no time.
    pub(super) fn command(&mut self, slot: usize, argv: &[String], limit_ms: u64, d: &mut Desk<'_, '_>) -> Outcome {
        let nothing = Outcome { code: Some(126), text: String::new(), took_ms: 1 };
        let Some(mut sandbox) = self.take_sandbox(slot, d) else { return nothing };
        let (uid, node, pod, ip) = (self.uid.clone(), self.node.clone(), self.pod.clone(), self.ip.clone());
        let (mut log, mut signals) = (Vec::new(), Vec::new());
        let (begun, wall_ms) = (d.cx.now, d.cx.api.wall_ms());
        let mut now = begun;
        let mut net = super::web::Seen { traffic: d.net, api: d.cx.api, from_pod: &uid, from_node: &node, pod: &pod, ip: &ip };
        let mut cx = ProcessCx {
            sandbox: &mut sandbox,
            now,
            wall_ms,
            log: &mut log,
            net: &mut net,
            pod_uid: &uid,
            node: &node,
            signals: &mut signals,
        };
        let process = match d.runtime {
            Some(runtime) => runtime.start(argv, &mut cx),
            None => super::plain::start(argv, None),
        };
        let mut code = None;
        match process {
            None => {
                code = Some(126);
                let name = argv.first().cloned().unwrap_or_default();
                cx.log.push(alloc::format!("exec: {name:?}: executable file not found in $PATH"));
            }
            Some(mut process) => {
                for _ in 0..MAX_TURNS {
                    cx.now = now;
                    match process.poll(&mut cx) {
                        Running::Exited(c) => {
                            code = Some(c);
                            break;
                        }
                        Running::Until(at) if at.since(begun) <= limit_ms.min(LONGEST_COMMAND_MS) => now = at.max(now + 1),
                        _ => break,
                    }
                }
            }
        }
        let took_ms = now.since(begun).max(1);
        self.put_sandbox(slot, sandbox, d);
        for (pid, signal) in signals {
            self.signal_process(slot, pid, signal, d);
        }
        Outcome { code, text: log.join("\n"), took_ms }
    }
}
