//! Walks the steps of a pattern over a text, all alternatives at once.

use alloc::vec::Vec;

use super::compile::Step;
use super::{Assert, Captures, GROUPS, Regex};

pub(super) type Slots = [Option<usize>; GROUPS * 2];

impl Regex {
    /// The match with its groups.
    pub fn captures(&self, text: &str, from: usize) -> Option<Captures> {
        if self.back {
            return self.try_ways(text, from);
        }
        let mut run = Runner::new(self.steps.len());
        let mut best: Option<Slots> = None;
        let mut previous = text.get(..from).and_then(|before| before.chars().next_back());
        let mut at = from;
        let mut rest = text.get(from..)?.chars();
        loop {
            let next = rest.clone().next();
            let place = Place { at, previous, next, end: text.len() };
            if best.is_none() {
                if run.now.is_empty()
                    && let Some(first) = self.first
                    && next != Some(first)
                {
                    at += text.get(at..)?.find(first)?;
                    previous = text.get(..at).and_then(|before| before.chars().next_back());
                    rest = text.get(at..)?.chars();
                    run.seen.fill(false);
                    continue;
                }
                self.follow(&mut run.now, &mut run.seen, 0, [None; GROUPS * 2], place);
            }
            if run.now.is_empty() && best.is_some() {
                break;
            }
            run.clear_next();
            let matched = self.advance(&mut run, place, rest.clone().nth(1), best.as_ref());
            if let Some(found) = matched {
                best = Some(found);
                let start = found.first().copied().flatten();
                run.later.retain(|(_, slots)| slots.first().copied().flatten() <= start);
            }
            let Some(c) = rest.next() else { break };
            previous = Some(c);
            at += c.len_utf8();
            run.swap();
        }
        best.map(|found| pairs(&found))
    }

    /// Takes every way one character on; the best match that ends here. `second` is the character after the next.
    fn advance(&self, run: &mut Runner, place: Place, second: Option<char>, best: Option<&Slots>) -> Option<Slots> {
        let mut matched: Option<Slots> = None;
        let mut index = 0;
        while let Some((step, slots)) = run.now.get(index) {
            let (step, slots) = (*step, *slots);
            index += 1;
            match self.steps.get(step) {
                Some(Step::Match) => {
                    let mut done = slots;
                    if let Some(end) = done.get_mut(1) {
                        *end = Some(place.at);
                    }
                    if matched.is_none() && best.is_none_or(|old| slots.first() <= old.first()) {
                        matched = Some(done);
                    }
                }
                Some(one) => {
                    if let Some(c) = place.next.filter(|c| self.accepts(one, *c)) {
                        let after = Place { at: place.at + c.len_utf8(), previous: Some(c), next: second, end: place.end };
                        self.follow(&mut run.later, &mut run.seen_later, step + 1, slots, after);
                    }
                }
                None => {}
            }
        }
        matched
    }

    pub(super) fn accepts(&self, step: &Step, c: char) -> bool {
        let one = |c: char| match step {
            Step::Char(wanted) => *wanted == c,
            Step::Any => true,
            Step::Set(negated, ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *negated,
            _ => false,
        };
        if !self.fold {
            return one(c);
        }
        let (lower, upper) = (c.to_lowercase().next().unwrap_or(c), c.to_uppercase().next().unwrap_or(c));
        match step {
            Step::Set(true, ranges) => !ranges.iter().any(|(from, to)| (*from..=*to).contains(&lower) || (*from..=*to).contains(&upper)),
            _ => one(c) || one(lower) || one(upper),
        }
    }

    fn follow(&self, list: &mut Vec<(usize, Slots)>, seen: &mut [bool], step: usize, slots: Slots, place: Place) {
        let mut todo = alloc::vec![(step, slots)];
        while let Some((step, mut slots)) = todo.pop() {
            match seen.get_mut(step) {
                Some(mark) if !*mark => *mark = true,
                _ => continue,
            }
            match self.steps.get(step) {
                Some(Step::Split(first, second)) => {
                    todo.push((*second, slots));
                    todo.push((*first, slots));
                }
                Some(Step::Jump(to)) => todo.push((*to, slots)),
                Some(Step::Save(slot)) => {
                    if let Some(place_of) = slots.get_mut(*slot) {
                        *place_of = Some(place.at);
                    }
                    todo.push((step + 1, slots));
                }
                Some(Step::Assert(what)) => {
                    if place.holds(*what) {
                        todo.push((step + 1, slots));
                    }
                }
                Some(_) => {
                    if let Some(start) = slots.first_mut() {
                        start.get_or_insert(place.at);
                    }
                    list.push((step, slots));
                }
                None => {}
            }
        }
    }
}

/// Where groups begin and end, as ranges.
pub(super) fn pairs(found: &Slots) -> Captures {
    let mut out = [None; GROUPS];
    for (slot, pair) in out.iter_mut().zip(found.chunks(2)) {
        if let [Some(from), Some(to)] = pair {
            *slot = Some((*from, *to));
        }
    }
    out
}

#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) previous: Option<char>,
    pub(super) next: Option<char>,
    pub(super) end: usize,
}

impl Place {
    pub(super) fn holds(&self, what: Assert) -> bool {
        let word = |c: Option<char>| c.is_some_and(|c| c == '_' || c.is_alphanumeric());
        let (before, after) = (word(self.previous), word(self.next));
        match what {
            Assert::Start => self.at == 0,
            Assert::End => self.at == self.end,
            Assert::Word => before != after,
            Assert::NotWord => before == after,
            Assert::WordStart => !before && after,
            Assert::WordEnd => before && !after,
        }
    }
}

struct Runner {
    now: Vec<(usize, Slots)>,
    later: Vec<(usize, Slots)>,
    seen: Vec<bool>,
    seen_later: Vec<bool>,
}

impl Runner {
    pub(super) fn new(size: usize) -> Runner {
        Runner { now: Vec::new(), later: Vec::new(), seen: alloc::vec![false; size], seen_later: alloc::vec![false; size] }
    }

    fn clear_next(&mut self) {
        self.later.clear();
        self.seen_later.fill(false);
    }

    fn swap(&mut self) {
        core::mem::swap(&mut self.now, &mut self.later);
        core::mem::swap(&mut self.seen, &mut self.seen_later);
    }
}
