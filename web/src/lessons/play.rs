//! A solution that types itself at reading speed, line by line, waiting for each answer. Never: the lines themselves.

use std::collections::VecDeque;

/// Milliseconds for a letter.
const LETTER_MS: f64 = 34.0;

/// Milliseconds to read an answer before the next line.
const READ_MS: f64 = 1_600.0;

/// Milliseconds after which a line is typed into what still runs.
const PATIENCE_MS: f64 = 3_000.0;

/// What is to be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Do {
    /// Nothing.
    Nothing,
    /// Draw anew.
    Draw,
    /// Run this line.
    Run(String),
}

/// A solution being typed.
#[derive(Clone, Debug)]
pub struct Play {
    lines: VecDeque<String>,
    /// How many lines were typed whole.
    pub done: usize,
    /// How many letters of the present line are typed.
    pub letters: usize,
    typed_ms: f64,
    wait_ms: f64,
    busy_ms: f64,
}

impl Play {
    /// Begins.
    pub fn new(lines: &[String]) -> Play {
        Play { lines: lines.iter().cloned().collect(), done: 0, letters: 0, typed_ms: 0.0, wait_ms: 300.0, busy_ms: 0.0 }
    }

    /// Whether nothing is left to type.
    pub fn over(&self) -> bool {
        self.lines.is_empty()
    }

    /// Lets time pass; `idle` when the terminal waits for a line.
    pub fn pass(&mut self, dt_ms: f64, idle: bool) -> Do {
        let Some(line) = self.lines.front() else { return Do::Nothing };
        if !idle {
            self.busy_ms += dt_ms;
            if self.busy_ms < PATIENCE_MS {
                return Do::Nothing;
            }
        }
        if self.wait_ms > 0.0 {
            self.wait_ms -= dt_ms;
            return Do::Nothing;
        }
        self.typed_ms += dt_ms;
        let letters = (self.typed_ms / LETTER_MS) as usize;
        if letters <= line.chars().count() {
            let draw = letters != self.letters;
            self.letters = letters;
            return if draw { Do::Draw } else { Do::Nothing };
        }
        (self.letters, self.typed_ms, self.wait_ms, self.busy_ms) = (0, 0.0, READ_MS, 0.0);
        self.done += 1;
        self.lines.pop_front().map_or(Do::Nothing, Do::Run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_one_after_the_other() {
        let mut play = Play::new(&["ab".to_string(), "c".to_string()]);
        let mut ran = Vec::new();
        for _ in 0..2_000 {
            if let Do::Run(line) = play.pass(16.0, true) {
                ran.push(line);
            }
        }
        assert_eq!(ran, ["ab", "c"]);
        assert!(play.over());
    }
}
