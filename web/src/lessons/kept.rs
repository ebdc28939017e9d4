//! What the browser keeps about the lessons: steps reached and stars, from one visit to the next. Never: how it is shown.

use crate::store;

/// What was reached in a lesson.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// How many steps were ever reached.
    pub steps: usize,
    /// It was finished.
    pub goal: bool,
    /// With few commands.
    pub few: bool,
    /// Without a hint.
    pub alone: bool,
}

impl Mark {
    /// How many stars that is.
    pub fn stars(self) -> usize {
        [self.goal, self.few, self.alone].into_iter().filter(|star| *star).count()
    }
}

/// What was reached in all lessons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    of: Vec<(String, Mark)>,
}

/// The most lessons that are kept.
const MOST: usize = 500;

impl Kept {
    /// As the browser has kept it.
    pub fn load() -> Kept {
        Kept::parse(&store::get(store::PROGRESS).unwrap_or_default())
    }

    /// As it was written: `scale=3gfa drain=1`.
    pub fn parse(text: &str) -> Kept {
        let one = |word: &str| {
            let (id, rest) = word.split_once('=')?;
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            let has = |letter| rest.contains(letter);
            let mark = Mark { steps: digits.parse().ok()?, goal: has('g'), few: has('f'), alone: has('a') };
            let good = !id.is_empty() && id.len() < 80 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            good.then(|| (id.to_string(), mark))
        };
        Kept { of: text.split_whitespace().filter_map(one).take(MOST).collect() }
    }

    /// As text.
    pub fn text(&self) -> String {
        let letter = |on: bool, letter: &'static str| if on { letter } else { "" };
        let one = |(id, m): &(String, Mark)| {
            [id.as_str(), "=", &m.steps.to_string(), letter(m.goal, "g"), letter(m.few, "f"), letter(m.alone, "a")].concat()
        };
        self.of.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    /// What was reached in a lesson.
    pub fn mark(&self, id: &str) -> Mark {
        self.of.iter().find(|(other, _)| other == id).map_or(Mark::default(), |(_, mark)| *mark)
    }

    /// Adds what was reached; what was reached before stays.
    pub fn add(&mut self, id: &str, new: Mark) {
        if !self.of.iter().any(|(other, _)| other == id) {
            self.of.push((id.to_string(), Mark::default()));
        }
        if let Some((_, mark)) = self.of.iter_mut().find(|(other, _)| other == id) {
            mark.steps = mark.steps.max(new.steps);
            mark.goal |= new.goal;
            mark.few |= new.few;
            mark.alone |= new.alone;
        }
        self.save();
    }

    /// Adds what another browser has kept.
    pub fn merge(&mut self, other: &Kept) {
        other.of.iter().for_each(|(id, mark)| self.add(id, *mark));
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        self.of.clear();
        self.save();
    }

    fn save(&self) {
        store::set(store::PROGRESS, &self.text());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_the_same() {
        let kept = Kept::parse("scale=3gfa drain=1 first-pod=2g <b>=1 broken");
        assert_eq!(kept.text(), "scale=3gfa drain=1 first-pod=2g");
        assert_eq!((kept.mark("scale").stars(), kept.mark("drain").stars(), kept.mark("none").steps), (3, 0, 0));
    }
}
