//! Append-only lists whose clones share what both have: the watch history, the output of terminals.

use alloc::rc::Rc;
use alloc::vec::Vec;

const CHUNK: usize = 256;

/// A list that only grows at its end and forgets at its beginning, by the chunk. Elements are numbered from zero for ever.
#[derive(Clone, Debug)]
pub struct History<T> {
    chunks: Vec<Rc<Vec<T>>>,
    dropped: u64,
    kept_chunks: usize,
}

impl<T: Clone> History<T> {
    /// An empty list that keeps at least the last `kept` elements.
    pub fn keeping(kept: usize) -> History<T> {
        History { chunks: Vec::new(), dropped: 0, kept_chunks: kept.div_ceil(CHUNK) + 1 }
    }

    /// Appends an element.
    pub fn push(&mut self, element: T) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => Rc::make_mut(last).push(element),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(element);
                self.chunks.push(Rc::new(chunk));
            }
        }
        if self.chunks.len() > self.kept_chunks {
            self.chunks.remove(0);
            self.dropped += CHUNK as u64;
        }
    }

    /// Rewrites the elements of the chunk that ends just before a number, if one does: what everybody has seen can be
    /// kept with less.
    pub fn rewrite(&mut self, end: u64, change: impl FnMut(&mut T)) {
        let chunk =
            end.checked_sub(self.dropped).filter(|n| n.is_multiple_of(CHUNK as u64)).and_then(|n| (n / CHUNK as u64).checked_sub(1));
        if let Some(chunk) = chunk.and_then(|n| self.chunks.get_mut(usize::try_from(n).ok()?)) {
            Rc::make_mut(chunk).iter_mut().for_each(change);
        }
    }

    /// The number that the next element will have.
    pub fn end(&self) -> u64 {
        let last = self.chunks.last().map_or(0, |c| c.len() as u64);
        self.dropped + (self.chunks.len().saturating_sub(1) * CHUNK) as u64 + last
    }

    /// The number of the oldest element still kept.
    pub fn start(&self) -> u64 {
        self.dropped
    }

    /// The element with a number, if it is kept.
    pub fn get(&self, number: u64) -> Option<&T> {
        let i = number.checked_sub(self.dropped)? as usize;
        self.chunks.get(i / CHUNK)?.get(i % CHUNK)
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
        assert_eq!(list.since(1990).copied().collect::<Vec<_>>(), (1990..2000).collect::<Vec<_>>());
    }
}
