//! Append-only lists whose clones share what both have: the watch history, the output of terminals.

use alloc::rc::Rc;
use alloc::vec::Vec;

/// How many elements are forgotten at once, unless said otherwise.
const CHUNK: usize = 256;

/// A list that only grows at its end and forgets at its beginning, by the chunk. Elements are numbered from zero for ever.
#[derive(Clone, Debug)]
pub struct History<T> {
    chunks: Vec<Rc<Vec<T>>>,
    dropped: u64,
    chunk: usize,
    kept_chunks: usize,
}

impl<T: Clone> History<T> {
    /// An empty list that keeps at least the last `kept` elements.
    pub fn keeping(kept: usize) -> History<T> {
        History::in_chunks(CHUNK, kept)
    }

    /// The same, which forgets `chunk` elements at once: few where each may be large.
    pub fn in_chunks(chunk: usize, kept: usize) -> History<T> {
        let chunk = chunk.max(1);
        History { chunks: Vec::new(), dropped: 0, chunk, kept_chunks: kept.div_ceil(chunk) + 1 }
    }

    /// Appends an element.
    pub fn push(&mut self, element: T) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < self.chunk => Rc::make_mut(last).push(element),
            _ => {
                let mut chunk = Vec::with_capacity(self.chunk);
                chunk.push(element);
                self.chunks.push(Rc::new(chunk));
            }
        }
        if self.chunks.len() > self.kept_chunks {
            self.forget_oldest();
        }
    }

    /// The elements that would be forgotten next; none while all there are may still be added to.
    pub fn oldest(&self) -> &[T] {
        match self.chunks.as_slice() {
            [first, _, ..] => first,
            _ => &[],
        }
    }

    /// Forgets the [`History::oldest`].
    pub fn forget_oldest(&mut self) {
        if self.chunks.len() > 1 {
            self.dropped += self.chunks.remove(0).len() as u64;
        }
    }

    /// Forgets what comes before a number, as far as it can be forgotten.
    pub fn forget_before(&mut self, number: u64) {
        while !self.oldest().is_empty() && self.dropped + self.oldest().len() as u64 <= number {
            self.forget_oldest();
        }
    }

    /// Keeps only so many elements at the end, and no others alive.
    pub fn keep_last(&mut self, kept: usize) {
        let from = self.end().saturating_sub(kept as u64).max(self.dropped);
        let mut last: Vec<T> = self.since(from).cloned().collect();
        self.dropped = from;
        self.chunks.clear();
        while !last.is_empty() {
            let rest = last.split_off(last.len().min(self.chunk));
            self.chunks.push(Rc::new(core::mem::replace(&mut last, rest)));
        }
    }

    /// Rewrites the elements of the chunk that ends just before a number, if one does: what everybody has seen can be
    /// kept with less.
    pub fn rewrite(&mut self, end: u64, change: impl FnMut(&mut T)) {
        let chunk = end
            .checked_sub(self.dropped)
            .filter(|n| n.is_multiple_of(self.chunk as u64))
            .and_then(|n| (n / self.chunk as u64).checked_sub(1));
        if let Some(chunk) = chunk.and_then(|n| self.chunks.get_mut(usize::try_from(n).ok()?)) {
            Rc::make_mut(chunk).iter_mut().for_each(change);
        }
    }

    /// The number that the next element will have.
    pub fn end(&self) -> u64 {
        let last = self.chunks.last().map_or(0, |c| c.len() as u64);
        self.dropped + (self.chunks.len().saturating_sub(1) * self.chunk) as u64 + last
    }

    /// The number of the oldest element still kept.
    pub fn start(&self) -> u64 {
        self.dropped
    }

    /// The element with a number, if it is kept.
    pub fn get(&self, number: u64) -> Option<&T> {
        let i = number.checked_sub(self.dropped)? as usize;
        self.chunks.get(i / self.chunk)?.get(i % self.chunk)
    }

    /// The elements from a number on, oldest first.
    pub fn since(&self, number: u64) -> impl Iterator<Item = &T> {
        (number.max(self.dropped)..self.end()).filter_map(|n| self.get(n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_by_the_chunk_and_keeps_numbers() {
        let mut list = History::keeping(300);
        (0..2000).for_each(|n| list.push(n));
        assert_eq!(list.end(), 2000);
        assert!(list.start() > 0 && list.start() <= 1700);
        assert_eq!(list.get(1999), Some(&1999));
        assert_eq!(list.get(0), None);
        list.rewrite(1792, |n| *n += 5000);
        list.rewrite(1900, |n| *n += 5000);
        assert_eq!((1535..2000).filter(|n| list.get(*n) != Some(&(*n as i32))).count(), 256);
        assert_eq!((list.get(1535), list.get(1536), list.get(1792)), (Some(&1535), Some(&6536), Some(&1792)));
        let mut short = list.clone();
        short.keep_last(300);
        assert_eq!((short.start(), short.end(), short.get(1700), short.get(1699)), (1700, 2000, Some(&6700), None));
        (2000..2600).for_each(|n| short.push(n));
        assert_eq!((1956..2600).filter(|n| short.get(*n as u64) != Some(n)).count(), 0);
        short.forget_before(2000);
        assert_eq!((short.start(), short.end()), (1956, 2600));
        short.keep_last(0);
        short.push(7);
        assert_eq!((short.start(), short.get(2600)), (2600, Some(&7)));
        assert_eq!(list.since(1990).copied().collect::<Vec<_>>(), (1990..2000).collect::<Vec<_>>());
    }
}
