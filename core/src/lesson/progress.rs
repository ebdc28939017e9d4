//! How far a lesson has come: a fold over the log of changes, so that it follows every jump in time.
//! When nothing has changed nothing is looked at.

use alloc::collections::BTreeSet;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::check::{Check, What, When};
use super::track::{Owners, Tracker};
use super::{Lesson, Step};
use crate::api::{Api, Change};
use crate::time::Instant;

/// A request that was sent over the cluster's network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When.
    pub at: Instant,
    /// Whether it was answered as it should.
    pub good: bool,
    /// The Pod that answered, by UID; empty if none.
    pub pod: Rc<str>,
}

/// What checks look at.
pub trait Facts {
    /// The API server.
    fn api(&self) -> &Api;
    /// The present instant.
    fn now(&self) -> Instant;
    /// The number of the first change that is not of the base.
    fn began(&self) -> u64;
    /// Counts jumps in time.
    fn leap(&self) -> u64;
    /// The text of a file of the learner; its path counts from the home directory.
    fn file(&self, path: &str) -> Option<Rc<String>>;
    /// The requests for a host or a Service of the namespace `default` since an instant, oldest first.
    fn requests(&self, to: &str, since: Instant) -> Vec<Asked>;
    /// The number that the next request will have.
    fn requests_end(&self) -> u64;
}

/// What is known about a check of the present step.
#[derive(Clone, Copy, Debug, Default)]
struct Truth {
    /// Since when it is true without a break.
    since: Option<Instant>,
    /// When it was first true since the step began.
    ever: Option<Instant>,
}

/// How far a lesson has come at one instant.
#[derive(Clone, Debug)]
struct Progress {
    step: usize,
    began_at: Instant,
    seen: u64,
    trackers: Vec<Vec<Option<Tracker>>>,
    truths: Vec<Truth>,
    owners: Owners,
}

/// A lesson being learnt.
#[derive(Clone, Debug)]
pub struct Course {
    now: Progress,
    /// How it stood when each step began, the first included.
    past: Vec<Progress>,
    leap: u64,
    requests: u64,
    files: Vec<Option<Rc<String>>>,
}

impl Course {
    /// Begins a lesson at a step (from zero) with the base of a session; what has happened since then counts.
    pub fn new(lesson: &Lesson, from: usize, facts: &dyn Facts) -> Course {
        let tracker = |check: &Check| match &check.what {
            What::Objects(objects) => Some(Tracker::new(objects)),
            _ => None,
        };
        let trackers = lesson.steps.iter().map(|step| step.check.iter().map(tracker).collect()).collect();
        let now = Progress { step: 0, began_at: Instant(0), seen: 0, trackers, truths: Vec::new(), owners: Owners::default() };
        let mut course = Course { past: Vec::new(), now, leap: facts.leap(), requests: 0, files: Vec::new() };
        course.now.fold_base(lesson, from.min(lesson.steps.len()), facts);
        course.past.push(course.now.clone());
        course.look(lesson, facts);
        course
    }

    /// How many steps were reached.
    pub fn step(&self) -> usize {
        self.now.step
    }

    /// When the present step began.
    pub fn began_at(&self) -> Instant {
        self.now.began_at
    }

    /// How many of the present step's checks are true, and how many there are.
    pub fn met(&self) -> (usize, usize) {
        (self.now.truths.iter().filter(|truth| truth.since.is_some()).count(), self.now.truths.len())
    }

    /// Looks at what has happened since the last look. Returns whether the number of reached steps is another.
    pub fn look(&mut self, lesson: &Lesson, facts: &dyn Facts) -> bool {
        let before = self.now.step;
        if facts.leap() != self.leap {
            self.leap = facts.leap();
            let now = facts.now();
            while self.past.len() > 1 && self.past.last().is_some_and(|p| p.began_at >= now) {
                self.past.pop();
            }
            if let Some(last) = self.past.last() {
                self.now = last.clone();
            }
        }
        let log = &facts.api().store.log;
        let news = self.news(lesson, facts);
        if self.now.seen < log.start() {
            self.now.fold_lost(lesson, facts);
        }
        while self.now.seen < log.end() && self.now.step < lesson.steps.len() {
            let Some(at) = log.get(self.now.seen).map(|change| change.at) else { break };
            self.pass(lesson, facts, at, false);
            if self.now.fold_instant(lesson, facts, at) {
                self.now.judge(lesson, facts, at);
            }
        }
        if news {
            self.now.judge(lesson, facts, facts.now());
        }
        self.pass(lesson, facts, facts.now(), true);
        self.now.step != before
    }

    /// Whether a request was sent or a file that the step looks at has changed.
    fn news(&mut self, lesson: &Lesson, facts: &dyn Facts) -> bool {
        let Some(step) = lesson.steps.get(self.now.step) else { return false };
        let files: Vec<_> = step
            .check
            .iter()
            .map(|check| match &check.what {
                What::File { path, .. } => facts.file(path),
                _ => None,
            })
            .collect();
        let same = |(a, b): (&Option<Rc<String>>, &Option<Rc<String>>)| match (a, b) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let end = facts.requests_end().wrapping_add(facts.api().refused.end());
        let fresh = end != self.requests || files.len() != self.files.len() || !files.iter().zip(&self.files).all(same);
        self.requests = end;
        self.files = files;
        fresh
    }

    /// Goes on to the next step as often as the present one is reached before `until` (or at it).
    fn pass(&mut self, lesson: &Lesson, facts: &dyn Facts, until: Instant, or_at: bool) {
        while let Some(at) = lesson.steps.get(self.now.step).and_then(|step| self.now.reached_at(step)) {
            if at > until || at == until && !or_at {
                return;
            }
            self.now.begin(self.now.step + 1, at);
            self.now.judge(lesson, facts, at);
            self.past.push(self.now.clone());
        }
    }
}

impl Progress {
    /// Takes in the base.
    fn fold_base(&mut self, lesson: &Lesson, from: usize, facts: &dyn Facts) {
        let log = &facts.api().store.log;
        match log.start() {
            0 => {
                let base = log.since(0).take(usize::try_from(facts.began()).unwrap_or(usize::MAX));
                let mut at = Instant(0);
                for change in base {
                    at = change.at;
                    self.take(lesson, change, false);
                }
                self.seen = facts.began().min(log.end());
                self.begin(from, at);
            }
            _ => {
                self.fold_lost(lesson, facts);
                self.begin(from, facts.now());
            }
        }
        self.judge(lesson, facts, self.began_at);
    }

    /// The log no longer reaches back so far: goes on from what is there now.
    fn fold_lost(&mut self, lesson: &Lesson, facts: &dyn Facts) {
        let api = facts.api();
        let resources: Vec<&Rc<str>> = api.store.resources().collect();
        for object in resources.iter().flat_map(|resource| api.list(resource, None)) {
            self.owners.learn(object);
        }
        for (step, trackers) in lesson.steps.iter().zip(&mut self.trackers) {
            for (check, tracker) in step.check.iter().zip(trackers) {
                let (What::Objects(objects), Some(tracker)) = (&check.what, tracker) else { continue };
                tracker.clear();
                for resource in &resources {
                    api.list(resource, None).for_each(|object| {
                        tracker.put(object, objects, &self.owners);
                    });
                }
            }
        }
        self.seen = api.store.log.end();
        self.judge(lesson, facts, facts.now());
    }

    /// Takes in every change of one instant. Returns whether any concerns the present step.
    fn fold_instant(&mut self, lesson: &Lesson, facts: &dyn Facts, at: Instant) -> bool {
        let mut touched = false;
        while let Some(change) = facts.api().store.log.get(self.seen).filter(|change| change.at == at) {
            touched |= self.take(lesson, change, true);
            self.seen += 1;
        }
        touched
    }

    fn take(&mut self, lesson: &Lesson, change: &Change, begun: bool) -> bool {
        self.owners.learn(&change.object);
        let mut touched = false;
        for (number, (step, trackers)) in lesson.steps.iter().zip(&mut self.trackers).enumerate().skip(self.step) {
            for (check, tracker) in step.check.iter().zip(trackers) {
                if let (What::Objects(objects), Some(tracker)) = (&check.what, tracker) {
                    let present = number == self.step;
                    touched |= tracker.change(change, objects, &self.owners, begun && present) && present;
                }
            }
        }
        touched
    }

    /// A step begins.
    fn begin(&mut self, step: usize, at: Instant) {
        self.step = step;
        self.began_at = at;
        self.truths.clear();
        if let Some(trackers) = self.trackers.get_mut(step) {
            trackers.iter_mut().flatten().for_each(Tracker::begin);
            self.truths.resize(trackers.len(), Truth::default());
        }
    }

    /// Finds out which checks of the present step are true at an instant.
    fn judge(&mut self, lesson: &Lesson, facts: &dyn Facts, at: Instant) {
        let (Some(step), Some(trackers)) = (lesson.steps.get(self.step), self.trackers.get(self.step)) else { return };
        for ((check, tracker), truth) in step.check.iter().zip(trackers).zip(&mut self.truths) {
            let holds = match (&check.what, tracker) {
                (What::Objects(objects), Some(tracker)) => tracker.holds(objects, check.when),
                (what, _) => told(what, facts, self.began_at, at),
            };
            let since = if holds { Some(*truth.since.get_or_insert(at)) } else { truth.since.take() };
            if let Some(since) = since.filter(|since| at.since(*since) >= check.held_ms) {
                truth.ever.get_or_insert(since.plus_ms(check.held_ms));
            }
        }
    }

    /// When the present step is reached if nothing changes any more.
    fn reached_at(&self, step: &Step) -> Option<Instant> {
        let mut last = self.began_at;
        for (check, truth) in step.check.iter().zip(&self.truths) {
            let at = match check.when {
                When::Ever => truth.ever.or_else(|| Some(truth.since?.plus_ms(check.held_ms)))?,
                When::Never if truth.since.is_some() || truth.ever.is_some() => return None,
                When::Never => self.began_at,
                _ => truth.since?.plus_ms(check.held_ms),
            };
            last = last.max(at);
        }
        Some(last)
    }
}

/// Whether something other than objects is so: of the time since the step began, up to an instant.
fn told(what: &What, facts: &dyn Facts, began: Instant, upto: Instant) -> bool {
    match what {
        What::Objects(_) => false,
        What::File { path, contains } => facts.file(path).is_some_and(|text| text.contains(contains.as_str())),
        What::Refused { reason, resource, name } => facts.api().refused.since(0).any(|r| {
            (began..=upto).contains(&r.at)
                && r.reason == reason
                && (resource.is_empty() || *resource == r.resource)
                && (name.is_empty() || *name == r.name)
        }),
        What::Requests { to, last, failed, different } => {
            let all = facts.requests(to, began);
            let all: Vec<&Asked> = all.iter().filter(|asked| asked.at <= upto).collect();
            let recent = all.get(all.len().saturating_sub(*last)..).unwrap_or_default();
            // Which Pod answers is chance: who asks again gets no further from it.
            let pods: BTreeSet<&str> = all.iter().map(|asked| &*asked.pod).filter(|pod| !pod.is_empty()).collect();
            recent.len() >= (*last).max(1) && recent.iter().filter(|asked| !asked.good).count() <= *failed && pods.len() >= *different
        }
    }
}
