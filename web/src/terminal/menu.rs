//! The menu that Tab opens: what is offered, narrowed as one types, and what a choice does to the line. Pure.

use super::edit::Line;

/// The most choices that are shown at once.
pub const SHOWN: usize = 200;

/// Something that may stand at the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The word as it must be typed.
    pub text: String,
    /// What it is, in a few words; may be empty.
    pub about: String,
}

/// An open menu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Menu {
    /// Where in the line (bytes) the word begins that a choice replaces.
    start: usize,
    all: Vec<Choice>,
    shown: Vec<usize>,
    at: Option<usize>,
}

impl Menu {
    /// Offers choices for the word that begins at `start`. The line gets what all of them begin with; a single choice is
    /// taken at once. The menu is open if a choice is left to make.
    pub fn offer(start: usize, choices: Vec<Choice>, line: &mut Line) -> Option<Menu> {
        let word = line.text.get(start..line.at)?.to_string();
        let common = common_start(&choices);
        match choices.as_slice() {
            [] => None,
            [only] => {
                take(line, start, &only.text);
                None
            }
            _ => {
                if common.len() > word.len() && common.starts_with(&word) {
                    line.replace(start, line.at, &common);
                }
                let mut menu = Menu { start, all: choices, shown: Vec::new(), at: None };
                menu.narrow(line).then_some(menu)
            }
        }
    }

    /// Looks again which choices fit what is typed. Returns whether any is left.
    pub fn narrow(&mut self, line: &Line) -> bool {
        let Some(word) = line.text.get(self.start..line.at) else { return false };
        let chosen = self.chosen().map(|choice| choice.text.clone());
        self.shown = (0..self.all.len()).filter(|i| self.all.get(*i).is_some_and(|c| c.text.starts_with(word))).collect();
        self.at = chosen.and_then(|text| self.choices().position(|choice| choice.text == text));
        let done = self.shown.len() == 1 && self.choices().all(|choice| choice.text == word);
        !self.shown.is_empty() && !done
    }

    /// Where in the line (bytes) the word begins that a choice replaces.
    pub fn start(&self) -> usize {
        self.start
    }

    /// The choices that fit.
    pub fn choices(&self) -> impl Iterator<Item = &Choice> {
        self.shown.iter().filter_map(|i| self.all.get(*i))
    }

    /// The place of the chosen one among those that fit.
    pub fn at(&self) -> Option<usize> {
        self.at
    }

    /// The chosen one.
    pub fn chosen(&self) -> Option<&Choice> {
        self.at.and_then(|at| self.choices().nth(at))
    }

    /// Goes on by so many choices, round the ends.
    pub fn go(&mut self, by: isize) {
        let count = self.shown.len().min(SHOWN) as isize;
        if count > 0 {
            let from = self.at.map_or(if by > 0 { -1 } else { 0 }, |at| at as isize);
            self.at = usize::try_from((from + by).rem_euclid(count)).ok();
        }
    }

    /// Chooses by place.
    pub fn go_to(&mut self, at: usize) {
        self.at = Some(at).filter(|at| *at < self.shown.len());
    }

    /// Puts the chosen one into the line. Returns whether there was one.
    pub fn accept(&self, line: &mut Line) -> bool {
        let Some(choice) = self.chosen() else { return false };
        take(line, self.start, &choice.text);
        true
    }
}

/// Replaces the word from `start` to the cursor; a space follows a word that is complete.
fn take(line: &mut Line, start: usize, word: &str) {
    let more = word.ends_with(['/', '=', ' ']) || line.after().starts_with(' ');
    line.replace(start, line.at, &[word, if more { "" } else { " " }].concat());
}

/// What all choices begin with.
fn common_start(choices: &[Choice]) -> String {
    let Some(first) = choices.first() else { return String::new() };
    let same = |other: &Choice| first.text.chars().zip(other.text.chars()).take_while(|(a, b)| a == b).count();
    let count = choices.iter().map(same).min().unwrap_or(0);
    first.text.chars().take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices(words: &[&str]) -> Vec<Choice> {
        words.iter().map(|w| Choice { text: w.to_string(), about: String::new() }).collect()
    }

    #[test]
    fn a_single_choice_is_taken() {
        let mut line = Line::ending("kubectl get po".into());
        assert!(Menu::offer(12, choices(&["pods"]), &mut line).is_none());
        assert_eq!(line.text, "kubectl get pods ");
        let mut line = Line::ending("cat di".into());
        assert!(Menu::offer(4, choices(&["dir/"]), &mut line).is_none());
        assert_eq!(line.text, "cat dir/");
        let mut line = Line { text: "kubectl ge pods".into(), at: 10 };
        assert!(Menu::offer(8, choices(&["get"]), &mut line).is_none());
        assert_eq!((line.text.as_str(), line.at), ("kubectl get pods", 11));
        assert!(Menu::offer(8, Vec::new(), &mut line).is_none());
    }

    #[test]
    fn several_are_offered_narrowed_and_chosen() {
        let mut line = Line::ending("kubectl logs w".into());
        let mut menu = Menu::offer(13, choices(&["web-a1", "web-a2", "web-b1"]), &mut line).unwrap();
        assert_eq!(line.text, "kubectl logs web-");
        assert!(!menu.accept(&mut line.clone()));
        menu.go(-1);
        assert_eq!(menu.chosen().unwrap().text, "web-b1");
        line.replace(17, 17, "a");
        assert!(menu.narrow(&line));
        assert_eq!(menu.choices().count(), 2);
        assert_eq!(menu.chosen(), None);
        menu.go(1);
        menu.go(1);
        menu.go(1);
        assert_eq!(menu.at(), Some(0), "round the end");
        assert!(menu.accept(&mut line));
        assert_eq!(line.text, "kubectl logs web-a1 ");
        line.replace(18, 20, "x");
        assert!(!menu.narrow(&line), "nothing fits any more");
    }
}
