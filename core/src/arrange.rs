//! Sorting, compiled once: the library's sort is several kilobytes of code for every type it sorts, and the page
//! is downloaded before it is run. Never: what comes before what.

mod unstable;

use alloc::vec::Vec;
use core::cmp::Ordering;

pub use unstable::order_as_go;

/// Sorts lists in place and stably: what compares equal keeps its order.
pub trait Arrange<T> {
    /// By a comparison.
    fn arrange_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    /// By a key.
    fn arrange_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.arrange_by(|a, b| key(a).cmp(&key(b)));
    }

    /// By the order of the elements themselves.
    fn arrange(&mut self)
    where
        T: Ord,
    {
        self.arrange_by(T::cmp);
    }
}

impl<T> Arrange<T> for [T] {
    fn arrange_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        let mut from = order(self.len(), &mut |a, b| match (self.get(a), self.get(b)) {
            (Some(a), Some(b)) => compare(a, b),
            _ => Ordering::Equal,
        });
        follow(&mut from, &mut |a, b| self.swap(a, b));
    }
}

/// The places of a list in the order of what lies there, by merging ever longer runs. Unlike the library's, it takes
/// comparisons that contradict themselves, as some of Kubernetes' own do.
fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    let mut merged: Vec<usize> = Vec::with_capacity(count);
    let mut run = 1;
    while run < count {
        merged.clear();
        for both in places.chunks(run * 2) {
            let (mut left, mut right) = both.split_at(run.min(both.len()));
            while let (Some((l, rest_l)), Some((r, rest_r))) = (left.split_first(), right.split_first()) {
                if compare(*l, *r) == Ordering::Greater {
                    merged.push(*r);
                    right = rest_r;
                } else {
                    merged.push(*l);
                    left = rest_l;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        core::mem::swap(&mut places, &mut merged);
        run *= 2;
    }
    places
}

/// Swaps until every place has what was at the place that `from` names for it.
fn follow(from: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..from.len() {
        let mut here = start;
        while let Some(there) = from.get_mut(here) {
            let next = core::mem::replace(there, here);
            if next == start || next == here {
                break;
            }
            swap(here, next);
            here = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arrange;
    use alloc::vec::Vec;

    #[test]
    fn equals_keep_their_order() {
        let mut list = [(3, 'a'), (1, 'b'), (3, 'c'), (2, 'd'), (1, 'e'), (0, 'f')];
        list.arrange_by_key(|(n, _)| *n);
        assert_eq!(list, [(0, 'f'), (1, 'b'), (1, 'e'), (2, 'd'), (3, 'a'), (3, 'c')]);
    }

    #[test]
    fn as_the_library_sorts() {
        let mut seed = 7_u32;
        for count in 0..200 {
            let mut draw = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                seed >> 27
            };
            let mut ours: Vec<(u32, u32)> = (0..count).map(|n| (draw(), n)).collect();
            let mut theirs = ours.clone();
            ours.arrange_by_key(|(n, _)| *n);
            theirs.sort_by_key(|(n, _)| *n);
            assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn contradictions_are_borne() {
        let mut list: Vec<u32> = (0..500).collect();
        list.arrange_by(|a, b| (a * 7919 % 31).cmp(&(b * 104_729 % 37)));
        assert_eq!(list.iter().sum::<u32>(), 499 * 250);
    }

    #[test]
    fn alone_and_empty() {
        let mut none: [u8; 0] = [];
        none.arrange();
        let mut words = ["b", "a"];
        words.arrange();
        assert_eq!(words, ["a", "b"]);
    }
}
