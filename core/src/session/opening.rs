//! A session in the making: building a cluster of thousands of Pods takes long, so it can be done in parts. However it is
//! cut, the same scenario makes the same session. Never: what happens in a session that is there.

use alloc::vec::Vec;

use super::home;
use super::log::Scenario;
use super::world::{Settling, World};
use super::{Session, Timing, View};
use crate::bring;
use crate::time::Instant;

/// A session that is being made.
pub struct Opening {
    scenario: Scenario,
    timing: Timing,
    world: World,
    /// How far a cluster that was brought has come to rest; nothing where there is none, or where it has.
    settling: Option<Settling>,
}

impl Opening {
    /// Begins.
    pub fn new(scenario: Scenario) -> Opening {
        let timing = if scenario.timing == Timing::RECORDED.name { Timing::RECORDED } else { Timing::LIFE };
        let mut world = World::bare(scenario.seed, scenario.epoch_ms, timing, &scenario.base);
        home::put_files(&mut world, &scenario.base);
        let settling = scenario.base.cluster.as_ref().map(|_| Settling::until(Instant(home::BROUGHT_SETTLES_MS)));
        Opening { scenario, timing, world, settling }
    }

    /// Goes on with so many steps, as [`Session::advance`] counts them. Returns whether that was all.
    pub fn go_on(&mut self, steps: u32) -> bool {
        let over = self.settling.as_mut().is_none_or(|settling| self.world.settle_on(settling, steps));
        if over {
            self.settling = None;
        }
        over
    }

    /// The session; what is not done yet is done now.
    pub fn finish(mut self) -> Session {
        while !self.go_on(u32::MAX) {}
        let Opening { mut scenario, timing, mut world, .. } = self;
        home::play(&mut world, &scenario.base);
        scenario.base.cluster.iter_mut().for_each(|cluster| cluster.ready = bring::Ready::default());
        let mut session = Session {
            scenario,
            timing,
            cursor: 0,
            world,
            checkpoints: Vec::new(),
            undone: Vec::new(),
            branches: Vec::new(),
            view: View::default(),
            leap: 0,
            began: 0,
        };
        session.began = session.api().store.log.end();
        session.checkpoint();
        session
    }
}
