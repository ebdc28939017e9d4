//! Parts of the control plane that run again after their manifest was away, and when they are at work again: those of which
//! one leads must first get their lease. Models client-go `tools/leaderelection`.

use alloc::rc::Rc;

use super::Kubelet;
use super::worker::Worker;
use crate::api::{Cx, EventNote, Recorder, Token};
use crate::object::Key;
use crate::object::resources::LEASES;
use crate::text::timestamp;
use crate::time::Rng;

/// A token: a part of the control plane (in its detail) looks whose its lease is.
pub const ASK: u32 = 6;
/// A token: the same, after nobody answered.
pub const ASK_AGAIN: u32 = 7;
/// A token: the lease of the former one is over.
pub const LEAD: u32 = 8;
/// A token: leases could not be renewed for too long.
pub const LOSE: u32 = 9;
/// Between two tries.
const RETRY_MS: u64 = 2_000;
/// How long a lease that is not renewed is respected.
const LEASE_MS: u64 = 15_000;
/// How long one who leads goes on without having it renewed.
const RENEW_MS: u64 = 10_000;

/// The parts of which one leads: the component that tells of it, and how long the lease of the former one has to be waited
/// for, which the scheduler gives back when it ends.
const LEADERS: &[(&str, &str, u64)] =
    &[("kube-controller-manager", "kube-controller-manager", LEASE_MS + RETRY_MS), ("kube-scheduler", "default-scheduler", 0)];

fn later(what: u32, program: &str, ms: u64, cx: &mut Cx<'_>) {
    cx.wake_later(cx.now + ms, Token { what, key: None, detail: program.into() });
}

/// A part of the control plane has begun to run.
pub(super) fn begun(program: &str, cx: &mut Cx<'_>) {
    if LEADERS.iter().any(|(name, ..)| *name == program) {
        later(ASK, program, 0, cx);
    } else {
        cx.api.stopped.remove(program);
    }
}

/// The manifest of a part of the control plane is gone.
pub(super) fn ended(program: &str, cx: &mut Cx<'_>) {
    cx.api.stopped.insert(program.into());
    if !cx.api.answers() {
        later(LOSE, program, RENEW_MS, cx);
    }
}

impl Kubelet {
    /// The container of a part of the control plane, where it runs: the UID of its Pod, and its node.
    fn running(&self, program: &str) -> Option<(Rc<str>, Rc<str>)> {
        let runs = |w: &Worker| w.program().as_deref() == Some(program) && w.slots.iter().any(|s| s.run.is_some());
        self.workers.iter().find(|(_, w)| runs(w)).map(|(uid, w)| (uid.clone(), w.node.clone()))
    }

    /// Those who lead and could not say so for too long end, and begin anew.
    fn lose(&mut self, cx: &mut Cx<'_>) {
        for (program, ..) in LEADERS {
            if !cx.api.answers()
                && !cx.api.stopped.contains(*program)
                && let Some((uid, _)) = self.running(program)
            {
                cx.api.stopped.insert((*program).into());
                self.crash(&uid, "", cx);
            }
        }
    }

    /// Lets a part of the control plane that runs get its lease and go to work.
    pub(super) fn lead(&mut self, token: &Token, cx: &mut Cx<'_>) {
        let program = token.detail.as_str();
        if token.what == LOSE {
            return self.lose(cx);
        }
        let Some((_, component, wait_ms)) = LEADERS.iter().find(|(name, ..)| *name == program) else { return };
        let Some((_, node)) = self.running(program).filter(|_| cx.api.stopped.contains(program)) else { return };
        match token.what {
            _ if !cx.api.answers() => return later(ASK_AGAIN, program, RETRY_MS, cx),
            ASK if *wait_ms > 0 => return later(LEAD, program, *wait_ms, cx),
            ASK_AGAIN => return later(LEAD, program, LEASE_MS + RETRY_MS, cx),
            _ => {}
        }
        cx.api.stopped.remove(program);
        let identity = [&*node, "_", &Rng::new(cx.now.as_ms(), program).uuid()].concat();
        let now = timestamp::rfc3339_micro(cx.api.wall_ms());
        let stored = cx.api.modify(LEASES, &Key::new("kube-system", program), |lease| {
            let transitions = lease.i64_at("/spec/leaseTransitions").unwrap_or(0);
            lease.set("/spec/holderIdentity", identity.as_str());
            lease.set("/spec/leaseTransitions", transitions + 1);
            ["/spec/acquireTime", "/spec/renewTime"].iter().for_each(|path| lease.set(path, now.as_str()));
        });
        if let Ok(lease) = stored {
            let text = [identity.as_str(), " became leader"].concat();
            Recorder::new(component, "").record(cx.api, &lease, &EventNote::normal("LeaderElection", &text));
        }
    }
}
