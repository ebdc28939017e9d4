//! What all controllers share: a component that notes which keys a change makes dirty and reconciles them one by one.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::any::Any;

use super::queue::Queue;
use crate::api::{Api, Change, Component, Cx, Status, Timing, Token};
use crate::object::Key;
use crate::time::{Instant, TimerClass};

/// What a controller is: which keys a change concerns, and how one key is brought to what is wanted.
pub trait Reconcile {
    /// The controller's name in Kubernetes: `deployment-controller`.
    fn name(&self) -> &'static str;

    /// The resources whose changes it sees; an empty list means every resource.
    fn watches(&self) -> &'static [&'static str];

    /// A watched object changed: notes what has to be done.
    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo);

    /// Does what is to be done about one key.
    ///
    /// # Errors
    /// Any refusal of the API server; the key is tried again after a growing wait.
    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status>;

    /// How long a change waits before it is looked at: what the controller has at hand takes it a while.
    fn delay_ms(&self, timing: Timing) -> u64 {
        timing.observe_ms
    }

    /// How long work that failed waits for its next try: the first time, which doubles, and at most.
    fn retry_ms(&self) -> (u64, u64) {
        super::queue::RETRY_MS
    }

    /// A copy, for checkpoints.
    fn boxed_clone(&self) -> Box<dyn Reconcile>;
}

/// What a controller has noted to be done.
#[derive(Default)]
pub struct Todo {
    now: Vec<Token>,
    later: Vec<(Token, u64, TimerClass)>,
}

impl Todo {
    /// The object with this key has to be looked at.
    pub fn add(&mut self, key: Key) {
        self.now.push(Token::about(0, key));
    }

    /// The object with this name has to be looked at.
    pub fn add_name(&mut self, namespace: &str, name: &str) {
        self.add(Key::new(namespace, name));
    }

    /// Some work of the controller's own has to be done.
    pub fn add_token(&mut self, token: Token) {
        self.now.push(token);
    }

    /// The same in `ms` milliseconds; `class` says whether the cluster is at rest until then.
    pub fn add_token_in(&mut self, token: Token, ms: u64, class: TimerClass) {
        self.later.push((token, ms, class));
    }
}

/// What a controller may use while it reconciles.
pub struct Work<'a> {
    /// The API server.
    pub api: &'a mut Api,
    /// The simulated time.
    pub now: Instant,
    /// The pace of the cluster.
    pub timing: Timing,
    /// How many steps of a poll the work counts for.
    pub steps: u32,
    token: Token,
    todo: Todo,
}

impl Work<'_> {
    /// Looks at the same key again in `ms` milliseconds; the cluster is not at rest until then.
    pub fn again_in(&mut self, ms: u64) {
        self.todo.later.push((self.token.clone(), ms, TimerClass::Work));
    }

    /// Looks at the same key again in `ms` milliseconds, without keeping the cluster from rest.
    pub fn again_later(&mut self, ms: u64) {
        self.todo.later.push((self.token.clone(), ms, TimerClass::Background));
    }

    /// Notes further work.
    pub fn todo(&mut self) -> &mut Todo {
        &mut self.todo
    }
}

/// A controller as a component of the cluster.
pub struct Worker {
    controller: Box<dyn Reconcile>,
    queue: Queue,
    timing: Timing,
}

impl Worker {
    /// A controller that sees changes at this pace.
    pub fn new(controller: Box<dyn Reconcile>, timing: Timing) -> Worker {
        Worker { controller, queue: Queue::default(), timing }
    }

    fn note(&mut self, todo: Todo, cx: &mut Cx<'_>) {
        for token in todo.now {
            self.queue.add(cx, token, self.controller.delay_ms(self.timing));
        }
        for (token, ms, class) in todo.later {
            self.queue.add_later(cx, token, ms, class);
        }
    }
}

impl Component for Worker {
    fn name(&self) -> &'static str {
        self.controller.name()
    }

    fn watches(&self) -> &'static [&'static str] {
        self.controller.watches()
    }

    fn observe(&mut self, change: &Change, cx: &mut Cx<'_>) {
        let mut todo = Todo::default();
        self.controller.observe(change, cx.api, &mut todo);
        self.note(todo, cx);
    }

    fn wake(&mut self, token: Token, cx: &mut Cx<'_>) {
        if !self.queue.take(&token, cx.now) {
            return;
        }
        let mut work = Work { now: cx.now, timing: self.timing, steps: 1, token: token.clone(), todo: Todo::default(), api: &mut *cx.api };
        let result = self.controller.reconcile(&token, &mut work);
        let (todo, steps) = (work.todo, work.steps);
        cx.steps = steps;
        self.note(todo, cx);
        match result {
            Ok(()) => self.queue.forget(&token),
            Err(_) => self.queue.retry(cx, token, self.controller.retry_ms()),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Component> {
        Box::new(Worker { controller: self.controller.boxed_clone(), queue: self.queue.clone(), timing: self.timing })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
