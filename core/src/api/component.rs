//! What lives in the cluster beside the API server: something that watches objects and has timers.
//! Controllers, the scheduler and the kubelet are components; the event queue of `sim` drives them.

use alloc::boxed::Box;
use alloc::string::String;

use super::log::Change;
use super::server::Api;
use crate::object::Key;
use crate::time::{Instant, TimerClass, Timers};

/// What a component asked to be woken for. What the parts mean is the component's own affair.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token {
    /// A number chosen by the component: which of its kinds of work this is.
    pub what: u32,
    /// The object it is about, if any.
    pub key: Option<Key>,
    /// Anything else: a node's name, a container's name, a UID.
    pub detail: String,
}

impl Token {
    /// A token about one object.
    pub fn about(what: u32, key: Key) -> Token {
        Token { what, key: Some(key), detail: String::new() }
    }
}

/// A part of the cluster that reacts to changes and to time.
pub trait Component {
    /// The name it has in Kubernetes: `deployment-controller`, `default-scheduler`, `kubelet`.
    fn name(&self) -> &'static str;

    /// The resources whose changes it wants to see; an empty list means every resource.
    fn watches(&self) -> &'static [&'static str];

    /// A watched object has changed. Changes come in order, each once. Usually only notes what to do and sets a timer.
    fn observe(&mut self, change: &Change, cx: &mut Cx<'_>);

    /// A timer set through [`Cx::wake_at`] is due.
    fn wake(&mut self, token: Token, cx: &mut Cx<'_>);

    /// A copy, for checkpoints.
    fn boxed_clone(&self) -> Box<dyn Component>;

    /// This component as itself, for those who know its type (views asking the scheduler for its reasons).
    fn as_any(&self) -> &dyn core::any::Any;

    /// This component as itself, to be changed (faults given to the kubelet).
    fn as_any_mut(&mut self) -> &mut dyn core::any::Any;
}

/// What a component may use while it works.
pub struct Cx<'a> {
    /// The API server.
    pub api: &'a mut Api,
    /// The simulated time.
    pub now: Instant,
    /// How many steps of the event queue's budget the work counts for: what takes long ends a poll early.
    pub steps: u32,
    timers: &'a mut Timers<(usize, Token)>,
    component: usize,
}

impl<'a> Cx<'a> {
    /// Made by the event queue for the component with number `component`.
    pub fn new(api: &'a mut Api, now: Instant, timers: &'a mut Timers<(usize, Token)>, component: usize) -> Cx<'a> {
        Cx { api, now, steps: 1, timers, component }
    }

    /// Asks to be woken at `at` for work: the cluster is not at rest until then. The number returned cancels it.
    pub fn wake_at(&mut self, at: Instant, token: Token) -> (Instant, u64) {
        self.timers.set(at.max(self.now), TimerClass::Work, (self.component, token))
    }

    /// Asks to be woken in `ms` milliseconds for work.
    pub fn wake_in(&mut self, ms: u64, token: Token) -> (Instant, u64) {
        self.wake_at(self.now + ms, token)
    }

    /// Asks to be woken at `at` for a heartbeat, a back-off, a schedule or a resync, which never keep a cluster from rest.
    pub fn wake_later(&mut self, at: Instant, token: Token) -> (Instant, u64) {
        self.timers.set(at.max(self.now), TimerClass::Background, (self.component, token))
    }

    /// Takes back a timer.
    pub fn cancel(&mut self, id: (Instant, u64)) -> bool {
        self.timers.cancel(id)
    }
}
