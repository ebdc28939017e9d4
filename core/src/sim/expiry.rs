//! Events that nobody has written for an hour are gone: the API server stores them with a lease. Models the option
//! `--event-ttl` and apiserver `storage/etcd3` lease_manager, which lets Events of one minute end together. Never: other
//! resources, which stay until somebody deletes them.

use alloc::boxed::Box;

use crate::api::{Change, ChangeKind, Component, Cx, Token};
use crate::object::resources::EVENTS;
use crate::object::{Key, Object};
use crate::shared::SharedMap;
use crate::text::timestamp;
use crate::time::Instant;

/// How long an Event is kept after it was written last.
const KEPT_MS: u64 = 3_600_000;
/// Events written within so long share a lease.
const TOGETHER_MS: u64 = 60_000;
/// How many are looked at in one step.
const AT_ONCE: usize = 64;

/// Takes Events away when their time is over.
#[derive(Clone, Default)]
pub struct Expiry {
    /// The Events that there are, by the time when they are looked at next.
    due: SharedMap<(Instant, u64), Key>,
    sequence: u64,
    /// Whether a timer is set.
    waits: bool,
}

impl Expiry {
    fn push(&mut self, at: Instant, key: Key) {
        self.sequence += 1;
        self.due.insert((at, self.sequence), key);
    }

    fn wait(&mut self, cx: &mut Cx<'_>) {
        if let Some(((at, _), _)) = self.due.first().filter(|_| !self.waits) {
            self.waits = true;
            cx.wake_later(*at, Token::default());
        }
    }
}

/// When an Event that was written last at an instant ends.
fn end(written: Instant) -> Instant {
    Instant((written + KEPT_MS).as_ms().next_multiple_of(TOGETHER_MS))
}

/// When an Event was written last, in milliseconds since 1970: it says so itself.
fn written_ms(event: &Object) -> i64 {
    let at = |path: &str| event.str_at(path).and_then(timestamp::parse_rfc3339_ms);
    ["/series/lastObservedTime", "/lastTimestamp", "/eventTime"].into_iter().filter_map(at).max().unwrap_or(0)
}

impl Component for Expiry {
    fn name(&self) -> &'static str {
        "etcd"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[EVENTS]
    }

    fn observe(&mut self, change: &Change, cx: &mut Cx<'_>) {
        if change.kind == ChangeKind::Added {
            self.push(end(change.at), change.object.key());
            self.wait(cx);
        }
    }

    fn wake(&mut self, _: Token, cx: &mut Cx<'_>) {
        self.waits = false;
        for _ in 0..AT_ONCE {
            if self.due.first().is_none_or(|((at, _), _)| *at > cx.now) {
                break;
            }
            let Some((_, key)) = self.due.pop_first() else { break };
            let Some(event) = cx.api.get(EVENTS, &key) else { continue };
            let ago_ms = u64::try_from(cx.api.wall_ms().saturating_sub(written_ms(event))).unwrap_or(0);
            let written = Instant(cx.now.as_ms().saturating_sub(ago_ms));
            match end(written) > cx.now {
                true => self.push(end(written), key),
                false => drop(cx.api.store.remove(cx.now, EVENTS, &key)),
            }
        }
        self.wait(cx);
    }

    fn boxed_clone(&self) -> Box<dyn Component> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn core::any::Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn core::any::Any {
        self
    }
}
