//! Tries the ways through a pattern one after another, as its back-references need.

use alloc::vec::Vec;

use super::compile::Step;
use super::walk::{Place, Slots, pairs};
use super::{Captures, GROUPS, Regex};

/// How many steps one search takes at most; after these there is no match.
const MAX_STEPS: usize = 300_000;
/// How far what looks behind goes back.
const MAX_BEHIND: usize = 200;

impl Regex {
    /// The first match, with what is greedy tried first.
    pub(super) fn try_ways(&self, text: &str, from: usize) -> Option<Captures> {
        let mut left = MAX_STEPS;
        let starts = text.get(from..)?.char_indices().map(|(at, _)| from + at).chain([text.len()]);
        for start in starts {
            if let Some(found) = self.try_at(text, 0, start, None, &mut left) {
                return Some(pairs(&found));
            }
        }
        None
    }

    /// The first way from a step at a place, to an end if that is given.
    fn try_at(&self, text: &str, from: usize, start: usize, end: Option<usize>, left: &mut usize) -> Option<Slots> {
        let mut slots = [None; GROUPS * 2];
        *slots.first_mut()? = Some(start);
        let mut ways: Vec<(usize, usize, Slots)> = alloc::vec![(from, start, slots)];
        while let Some((step, at, mut slots)) = ways.pop() {
            *left = left.checked_sub(1)?;
            let (before, after) = (text.get(..at)?, text.get(at..)?);
            match self.steps.get(step)? {
                Step::Match if end.is_some_and(|end| end != at) => {}
                Step::Match => {
                    *slots.get_mut(1)? = Some(at);
                    return Some(slots);
                }
                Step::Split(first, second) => {
                    ways.push((*second, at, slots));
                    ways.push((*first, at, slots));
                }
                Step::Keep => {
                    *slots.first_mut()? = Some(at);
                    ways.push((step + 1, at, slots));
                }
                Step::Look(behind, negated, after) => {
                    let found = if *behind {
                        let starts = before.char_indices().map(|(at, _)| at).rev().take(MAX_BEHIND);
                        core::iter::once(at).chain(starts).any(|from| self.try_at(text, step + 1, from, Some(at), left).is_some())
                    } else {
                        self.try_at(text, step + 1, at, None, left).is_some()
                    };
                    if found != *negated {
                        ways.push((*after, at, slots));
                    }
                }
                Step::Jump(to) => ways.push((*to, at, slots)),
                Step::Save(slot) => {
                    *slots.get_mut(*slot)? = Some(at);
                    ways.push((step + 1, at, slots));
                }
                Step::Assert(what) => {
                    let place = Place { at, previous: before.chars().next_back(), next: after.chars().next(), end: text.len() };
                    if place.holds(*what) {
                        ways.push((step + 1, at, slots));
                    }
                }
                Step::Back(number) => {
                    let range = slots.get(number * 2).copied().flatten().zip(slots.get(number * 2 + 1).copied().flatten());
                    let found = range.and_then(|(from, to)| text.get(from..to));
                    if let Some(found) = found.filter(|found| after.starts_with(found)) {
                        ways.push((step + 1, at + found.len(), slots));
                    }
                }
                one => {
                    if let Some(c) = after.chars().next().filter(|c| self.accepts(one, *c)) {
                        ways.push((step + 1, at + c.len_utf8(), slots));
                    }
                }
            }
        }
        None
    }
}
