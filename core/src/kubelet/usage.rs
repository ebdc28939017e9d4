//! What containers use: CPU for the requests they answer and for what their image does, memory for what it holds.
//! Measured with each beat of a node while a metrics server runs, as its scrapes would.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::Kubelet;
use super::behaviour;
use super::worker::{Slot, Stage, Worker};
use crate::api::usage::{PodUsage, Used};
use crate::api::{Api, Cx};
use crate::object::Object;
use crate::object::quantity::Quantity;
use crate::object::value::text_at;
use crate::time::Instant;

/// What the images of metrics servers are called.
const METRICS_SERVER: &str = "metrics-server";

const MIB: i64 = 1 << 20;

/// Whether a Pod is one of a metrics server.
pub(super) fn is_metrics_server(pod: &Object) -> bool {
    pod.items_at("/spec/containers").iter().any(|c| text_at(c, "image").contains(METRICS_SERVER))
}

impl Kubelet {
    /// Measures what runs on a node, if there is a metrics server that asks.
    pub(super) fn measure(&mut self, node: &str, cx: &mut Cx<'_>) {
        let runs = |uid: &Rc<str>| self.workers.get(uid).is_some_and(|w| is_ready(&w.pod));
        let served = self.metrics_servers.iter().any(runs);
        cx.api.usage.serve(served);
        if !served {
            self.traffic.answered.clear();
            return;
        }
        let pods: Vec<Rc<Object>> = cx.api.pods_on(node).cloned().collect();
        for pod in pods {
            let uid = &pod.meta.uid;
            match self.workers.get(uid).filter(|w| w.stage == Stage::Active) {
                Some(worker) => {
                    let before = cx.api.usage.of(uid).map(|u| u.at_ms);
                    let answered = self.traffic.answered.remove(uid).unwrap_or(0);
                    let usage = worker.measure(cx.api, before, answered, cx.now);
                    cx.api.usage.put(uid, usage);
                }
                None => cx.api.usage.forget(uid),
            }
        }
    }
}

fn is_ready(pod: &Object) -> bool {
    pod.items_at("/status/conditions").iter().any(|c| text_at(c, "type") == "Ready" && text_at(c, "status") == "True")
}

impl Worker {
    /// What its containers have used since `before_ms`, in which time the Pod answered so many requests.
    fn measure(&self, api: &Api, before_ms: Option<i64>, answered: u64, now: Instant) -> PodUsage {
        let at_ms = api.wall_ms();
        let running = |s: &&Slot| s.run.as_ref().is_some_and(|r| r.exited.is_none());
        let containers = self.slots.iter().filter(running).enumerate().map(|(i, slot)| {
            // Requests go to the first container.
            let answered = if i == 0 { i64::try_from(answered).unwrap_or(0) } else { 0 };
            let started_ms = slot.run.as_ref().map_or(at_ms, |r| r.started_ms);
            let period_ms = (at_ms - before_ms.unwrap_or(started_ms).max(started_ms)).max(1000);
            (slot.name.clone(), self.used(slot, answered, period_ms, now))
        });
        PodUsage { at_ms, containers: containers.collect() }
    }

    fn used(&self, slot: &Slot, answered: i64, period_ms: i64, now: Instant) -> Used {
        let Some(run) = slot.run.as_ref() else { return Used::default() };
        let image = slot.image.as_ref().map_or_else(|| behaviour::of_name(""), |image| behaviour::of(image));
        let (cost, own) = (&image.cost, image.is_own(&run.argv));
        let spec = self.spec(slot);
        let limit = |resource: &str| {
            let limits = crate::object::value::at(spec, "resources/limits");
            limits.map(|l| text_at(l, resource)).filter(|q| !q.is_empty()).and_then(|q| Quantity::parse(q).ok())
        };
        let idle_m = if own { cost.idle_m * processes(&run.argv) } else { 0 };
        let cpu_m = idle_m.saturating_add(answered.saturating_mul(cost.request_us) / period_ms);
        let grown = run.leaked.saturating_mul(now.since(run.leaks_since)) / 1000;
        let held = i64::try_from(run.held.saturating_add(grown)).unwrap_or(i64::MAX);
        let memory = if own { cost.memory_mib.saturating_mul(MIB) } else { MIB };
        Used {
            cpu_m: limit("cpu").map_or(cpu_m, |q| cpu_m.min(q.milli_value())),
            memory: limit("memory").map_or(memory.max(held), |q| memory.max(held).min(q.value())),
        }
    }
}

/// How many workers a command line of `stress` asks for: `--cpu 2`, `-cpus 2`.
fn processes(argv: &[alloc::string::String]) -> i64 {
    let named = argv.iter().position(|w| matches!(w.as_str(), "--cpu" | "-c" | "-cpus" | "--cpus"));
    named.and_then(|i| argv.get(i + 1)).and_then(|n| n.parse().ok()).filter(|n| (1..=64).contains(n)).unwrap_or(1)
}
