//! The order in which Go's `sort.Sort` leaves a list: what compares equal does not keep its order, but comes out the same
//! each time, and kubectl's tables show it. Models Go's pattern-defeating quicksort step by step. Never: what comes
//! before what.

use alloc::vec::Vec;

/// Up to so many elements are sorted by insertion.
const INSERTION: usize = 12;

/// From so many elements on a pivot is chosen among nine.
const NINTHER: usize = 50;

/// So many exchanges while choosing a pivot say that the list is upside down.
const UPSIDE_DOWN: usize = 12;

/// How many pairs out of order a list that is nearly sorted may have.
const FEW: usize = 5;

/// The places of a list of `count` elements in the order in which Go leaves them. `less` is asked of places.
pub fn order_as_go(count: usize, less: &mut dyn FnMut(usize, usize) -> bool) -> Vec<usize> {
    let mut list = List { places: (0..count).collect(), less };
    list.sort(0, count, usize::BITS - count.leading_zeros());
    list.places
}

/// What the choice of a pivot has shown of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hint {
    Unknown,
    Up,
    Down,
}

struct List<'a> {
    places: Vec<usize>,
    less: &'a mut dyn FnMut(usize, usize) -> bool,
}

impl List<'_> {
    fn less(&mut self, a: usize, b: usize) -> bool {
        match (self.places.get(a), self.places.get(b)) {
            (Some(a), Some(b)) => (self.less)(*a, *b),
            _ => false,
        }
    }

    fn swap(&mut self, a: usize, b: usize) {
        if a.max(b) < self.places.len() {
            self.places.swap(a, b);
        }
    }

    /// Sorts `from..to`; after `limit` bad partitions by a heap.
    fn sort(&mut self, mut from: usize, mut to: usize, mut limit: u32) {
        let (mut balanced, mut partitioned) = (true, true);
        loop {
            let length = to.saturating_sub(from);
            if length <= INSERTION {
                return self.insert(from, to);
            }
            if limit == 0 {
                return self.heap(from, to);
            }
            if !balanced {
                self.shake(from, to);
                limit -= 1;
            }
            let (mut pivot, mut hint) = self.pivot(from, to);
            if hint == Hint::Down {
                for i in 0..length / 2 {
                    self.swap(from + i, to - 1 - i);
                }
                pivot = to - 1 - (pivot - from);
                hint = Hint::Up;
            }
            if balanced && partitioned && hint == Hint::Up && self.nearly(from, to) {
                return;
            }
            if from > 0 && !self.less(from - 1, pivot) {
                from = self.equals(from, to, pivot);
                continue;
            }
            let (middle, already) = self.partition(from, to, pivot);
            partitioned = already;
            let (left, right) = (middle - from, to - middle);
            balanced = left.min(right) >= length / 8;
            if left < right {
                self.sort(from, middle, limit);
                from = middle + 1;
            } else {
                self.sort(middle + 1, to, limit);
                to = middle;
            }
        }
    }

    fn insert(&mut self, from: usize, to: usize) {
        for i in from + 1..to {
            let mut j = i;
            while j > from && self.less(j, j - 1) {
                self.swap(j, j - 1);
                j -= 1;
            }
        }
    }

    fn heap(&mut self, from: usize, to: usize) {
        let count = to - from;
        for root in (0..=(count - 1) / 2).rev() {
            self.sift(root, count, from);
        }
        for end in (0..count).rev() {
            self.swap(from, from + end);
            self.sift(0, end, from);
        }
    }

    fn sift(&mut self, mut root: usize, end: usize, from: usize) {
        loop {
            let mut child = 2 * root + 1;
            if child >= end {
                return;
            }
            if child + 1 < end && self.less(from + child, from + child + 1) {
                child += 1;
            }
            if !self.less(from + root, from + child) {
                return;
            }
            self.swap(from + root, from + child);
            root = child;
        }
    }

    /// Moves three elements about, so that an unlucky pattern does not stay.
    fn shake(&mut self, from: usize, to: usize) {
        let length = to - from;
        let mut random = length as u64;
        let mask = (1_u64 << (u64::BITS - random.leading_zeros())) - 1;
        let middle = from + length / 4 * 2;
        for i in 0..3 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let other = (random & mask) as usize;
            let other = if other >= length { other - length } else { other };
            self.swap(middle + i - 1, from + other);
        }
    }

    fn pivot(&mut self, from: usize, to: usize) -> (usize, Hint) {
        let length = to - from;
        let quarter = length / 4;
        let mut swaps = 0;
        let [mut i, mut j, mut k] = [from + quarter, from + quarter * 2, from + quarter * 3];
        if length >= NINTHER {
            i = self.median(i - 1, i, i + 1, &mut swaps);
            j = self.median(j - 1, j, j + 1, &mut swaps);
            k = self.median(k - 1, k, k + 1, &mut swaps);
        }
        j = self.median(i, j, k, &mut swaps);
        match swaps {
            0 => (j, Hint::Up),
            UPSIDE_DOWN => (j, Hint::Down),
            _ => (j, Hint::Unknown),
        }
    }

    fn median(&mut self, mut a: usize, mut b: usize, mut c: usize, swaps: &mut usize) -> usize {
        self.in_order(&mut a, &mut b, swaps);
        self.in_order(&mut b, &mut c, swaps);
        self.in_order(&mut a, &mut b, swaps);
        b
    }

    fn in_order(&mut self, a: &mut usize, b: &mut usize, swaps: &mut usize) {
        if self.less(*b, *a) {
            *swaps += 1;
            core::mem::swap(a, b);
        }
    }

    /// Whether the list is sorted, or is so after a few exchanges.
    fn nearly(&mut self, from: usize, to: usize) -> bool {
        let mut i = from + 1;
        for _ in 0..FEW {
            while i < to && !self.less(i, i - 1) {
                i += 1;
            }
            if i == to {
                return true;
            }
            if to - from < NINTHER {
                return false;
            }
            self.swap(i, i - 1);
            if i - from >= 2 {
                let mut j = i - 1;
                while j >= 1 && self.less(j, j - 1) {
                    self.swap(j, j - 1);
                    j -= 1;
                }
            }
            if to - i >= 2 {
                let mut j = i + 1;
                while j < to && self.less(j, j - 1) {
                    self.swap(j, j - 1);
                    j += 1;
                }
            }
        }
        false
    }

    /// Puts what equals the pivot first; returns where the rest begins.
    fn equals(&mut self, from: usize, to: usize, pivot: usize) -> usize {
        self.swap(from, pivot);
        let (mut i, mut j) = (from + 1, to - 1);
        loop {
            while i <= j && !self.less(from, i) {
                i += 1;
            }
            while i <= j && self.less(from, j) {
                j -= 1;
            }
            if i > j {
                return i;
            }
            self.swap(i, j);
            i += 1;
            j -= 1;
        }
    }

    /// Puts what is less than the pivot before it; returns the pivot's place and whether all lay so already.
    fn partition(&mut self, from: usize, to: usize, pivot: usize) -> (usize, bool) {
        self.swap(from, pivot);
        let (mut i, mut j) = (from + 1, to - 1);
        let mut already = true;
        loop {
            while i <= j && self.less(i, from) {
                i += 1;
            }
            while i <= j && !self.less(j, from) {
                j -= 1;
            }
            if i > j {
                self.swap(j, from);
                return (j, already);
            }
            already = false;
            self.swap(i, j);
            i += 1;
            j -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::order_as_go;
    use alloc::vec::Vec;

    fn order(keys: &[u32]) -> Vec<usize> {
        order_as_go(keys.len(), &mut |a, b| keys[a] < keys[b])
    }

    #[test]
    fn sorts_whatever_comes() {
        let mut seed = 7_u32;
        for count in 0..300 {
            let mut draw = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                seed >> 26
            };
            for keys in [(0..count).map(|_| draw()).collect::<Vec<u32>>(), (0..count).collect(), (0..count).rev().collect()] {
                let order = order(&keys);
                assert!(order.windows(2).all(|w| keys[w[0]] <= keys[w[1]]), "{keys:?}");
                let mut places = order.clone();
                places.sort_unstable();
                assert!(places.into_iter().eq(0..keys.len()));
            }
        }
    }

    #[test]
    fn equals_lie_as_go_leaves_them() {
        assert_eq!(order(&[1, 0, 1, 0, 1, 0]), [1, 3, 5, 0, 2, 4]);
        let keys: Vec<u32> = (0..40).map(|i| i * 7 % 3).collect();
        let found = order(&keys);
        assert_eq!(found[..14], [15, 39, 36, 3, 33, 30, 6, 27, 24, 9, 0, 21, 12, 18]);
        assert_eq!(found[27..], [14, 8, 29, 5, 23, 32, 26, 11, 35, 2, 20, 38, 17]);
    }
}
