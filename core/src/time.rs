//! Simulated time: instants, the timer queue and the seeded generators. Nothing here knows the wall clock.

use core::ops::Add;

use crate::shared::{SharedMap, Sorted};

/// A moment of simulated time: milliseconds since the scenario began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub u64);

impl Instant {
    /// Milliseconds since the scenario began.
    pub fn as_ms(self) -> u64 {
        self.0
    }

    /// Milliseconds from `earlier` to this moment; zero if it lies in the future.
    pub fn since(self, earlier: Instant) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This moment, `ms` milliseconds later.
    pub fn plus_ms(self, ms: u64) -> Instant {
        Instant(self.0.saturating_add(ms))
    }
}

impl Add<u64> for Instant {
    type Output = Instant;
    fn add(self, ms: u64) -> Instant {
        self.plus_ms(ms)
    }
}

/// What a timer is for; decides whether a cluster with only this timer pending is at rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimerClass {
    /// Work in flight: the cluster is not at rest while one of these is due soon.
    Work,
    /// Heartbeats, back-off timers, schedules and resyncs: go on for ever and never keep a cluster from resting.
    Background,
}

impl Sorted for (Instant, u64) {}
impl Sorted for (Instant, alloc::rc::Rc<str>) {}

/// Timers ordered by time, then by the order in which they were set. Deterministic and cheap to clone.
#[derive(Clone, Debug)]
pub struct Timers<T> {
    due: SharedMap<(Instant, u64), (TimerClass, T)>,
    sequence: u64,
}

impl<T> Default for Timers<T> {
    fn default() -> Self {
        Timers { due: SharedMap::default(), sequence: 0 }
    }
}

impl<T: Clone> Timers<T> {
    /// Sets a timer; the returned number cancels it.
    pub fn set(&mut self, at: Instant, class: TimerClass, what: T) -> (Instant, u64) {
        self.sequence = self.sequence.wrapping_add(1);
        let id = (at, self.sequence);
        self.due.insert(id, (class, what));
        id
    }

    /// Removes a timer that has not fired yet.
    pub fn cancel(&mut self, id: (Instant, u64)) -> bool {
        self.due.remove(&id).is_some()
    }

    /// When the first timer is due.
    pub fn next_at(&self) -> Option<Instant> {
        self.due.first().map(|((at, _), _)| *at)
    }

    /// When the first timer of the class [`TimerClass::Work`] is due. Stops looking at `horizon`.
    pub fn next_work_at(&self, horizon: Instant) -> Option<Instant> {
        self.due.iter().take_while(|((at, _), _)| *at <= horizon).find(|(_, (class, _))| *class == TimerClass::Work).map(|((at, _), _)| *at)
    }

    /// Takes the first timer if it is due at `now`.
    pub fn pop(&mut self, now: Instant) -> Option<(Instant, T)> {
        let (id, _) = self.due.first()?;
        if id.0 > now {
            return None;
        }
        self.due.pop_first().map(|((at, _), (_, what))| (at, what))
    }

    /// How many timers are set.
    pub fn len(&self) -> usize {
        self.due.len()
    }

    /// Whether no timer is set.
    pub fn is_empty(&self) -> bool {
        self.due.is_empty()
    }
}

/// The alphabet of Kubernetes' random names (no vowels, no look-alikes). Models apimachinery `util/rand`.
pub const NAME_ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

/// A seeded generator (SplitMix64). One per purpose, so that one more draw in one place does not change another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rng(u64);

impl Rng {
    /// The generator of `seed` for the purpose called `purpose`.
    pub fn new(seed: u64, purpose: &str) -> Rng {
        let mut state = seed ^ 0xcbf2_9ce4_8422_2325;
        for byte in purpose.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        let mut rng = Rng(state);
        rng.next_u64();
        rng
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; zero when `bound` is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        match bound {
            0 => 0,
            _ => ((u128::from(self.next_u64()) * u128::from(bound)) >> 64) as u64,
        }
    }

    /// `len` characters of Kubernetes' name alphabet.
    pub fn name(&mut self, len: usize) -> alloc::string::String {
        (0..len).map(|_| NAME_ALPHABET.get(self.below(27) as usize).copied().map_or('b', char::from)).collect()
    }

    /// `len` lower-case hexadecimal digits.
    pub fn hex(&mut self, len: usize) -> alloc::string::String {
        (0..len).filter_map(|_| char::from_digit(self.below(16) as u32, 16)).collect()
    }

    /// A version 4 UUID.
    pub fn uuid(&mut self) -> alloc::string::String {
        let a = self.next_u64();
        let b = self.next_u64();
        alloc::format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0xfff,
            ((b >> 48) & 0x3fff) | 0x8000,
            b & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_fire_by_time_then_by_order() {
        let mut timers = Timers::default();
        timers.set(Instant(5), TimerClass::Work, "b");
        timers.set(Instant(1), TimerClass::Background, "a");
        timers.set(Instant(5), TimerClass::Work, "c");
        assert_eq!(timers.pop(Instant(0)), None);
        assert_eq!(timers.next_work_at(Instant(9)), Some(Instant(5)));
        let order: alloc::vec::Vec<_> = core::iter::from_fn(|| timers.pop(Instant(9))).map(|(_, w)| w).collect();
        assert_eq!(order, ["a", "b", "c"]);
    }

    #[test]
    fn purposes_draw_apart() {
        let (mut a, mut b) = (Rng::new(1, "names"), Rng::new(1, "ties"));
        assert_ne!(a.next_u64(), b.next_u64());
        assert!((0..1000).all(|_| a.below(7) < 7));
        assert_eq!(a.uuid().len(), 36);
    }
}
