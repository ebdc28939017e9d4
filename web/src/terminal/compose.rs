//! When Enter runs a line, on every platform and input method. Never: what is run.
//!
//! Somebody who types Hangul expects that Enter in the middle of a syllable finishes the syllable and runs the line,
//! once. Browsers tell it in different orders: Chrome sends a key that is still composing (229), then the end of the
//! composition, then on some systems Enter once more; Safari sends the end first and then one key with 229. A line is
//! never taken while a syllable is in the making, or its last syllable would be lost or doubled.

/// Whether to run the line now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Nothing: the key belongs to the input method.
    Leave,
    /// Run the line, and keep the browser from doing anything about the key.
    Run,
}

/// What is known of the Enter key and of the composition.
#[derive(Debug, Default)]
pub struct Enter {
    composing: bool,
    /// What the composition had made when it last ended.
    committed: String,
    /// Enter went down while composing and nothing has been run for it.
    owed: bool,
}

impl Enter {
    /// A composition begins.
    pub fn begin(&mut self) {
        self.composing = true;
    }

    /// A composition ends with this text.
    pub fn end(&mut self, text: &str) {
        self.composing = false;
        self.committed = text.to_string();
    }

    /// Enter goes down; `method`: the browser says that the input method has it (`isComposing`, or key code 229).
    pub fn down(&mut self, method: bool) -> Act {
        if method || self.composing {
            self.owed = true;
            return Act::Leave;
        }
        self.owed = false;
        Act::Run
    }

    /// Enter comes up. A line that is still owed runs now, if the composition has ended and what it made was Hangul: other
    /// input methods use Enter to choose, and the line waits for another one.
    pub fn up(&mut self, method: bool) -> Act {
        let owed = std::mem::take(&mut self.owed);
        let hangul = !self.committed.is_empty() && self.committed.chars().all(super::hangul::is_hangul);
        if owed && hangul && !self.composing && !method { Act::Run } else { Act::Leave }
    }

    /// Any other key: Enter's affairs are over.
    pub fn other(&mut self) {
        self.owed = false;
        self.committed.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays events and counts how often the line is run.
    fn runs(events: &str) -> usize {
        let mut enter = Enter::default();
        let mut count = 0;
        for event in events.split(' ') {
            let act = match event {
                "begin" => {
                    enter.begin();
                    Act::Leave
                }
                "end" => {
                    enter.end("한");
                    Act::Leave
                }
                "end-kana" => {
                    enter.end("かな");
                    Act::Leave
                }
                "down" => enter.down(false),
                "down229" => enter.down(true),
                "up" => enter.up(false),
                "up229" => enter.up(true),
                _ => unreachable!("{event}"),
            };
            count += usize::from(act == Act::Run);
        }
        count
    }

    #[test]
    fn enter_runs_once_on_every_platform() {
        assert_eq!(runs("down up"), 1, "Latin");
        assert_eq!(runs("begin down229 end down up"), 1, "Chrome on macOS and Windows, ibus: the key comes again");
        assert_eq!(runs("begin down229 end up"), 1, "Chrome where it does not");
        assert_eq!(runs("begin end down229 up"), 1, "Safari: the end comes first");
        assert_eq!(runs("begin end down up"), 1, "Firefox");
        assert_eq!(runs("begin end down229 down up"), 1);
        assert_eq!(runs("begin down229 end down up down up"), 2, "two lines");
    }

    #[test]
    fn nothing_runs_while_a_syllable_is_in_the_making() {
        assert_eq!(runs("begin down229 up229"), 0);
        assert_eq!(runs("begin down up"), 0);
        assert_eq!(runs("begin down229 up end"), 0);
        assert_eq!(runs("begin down229 end-kana up"), 0, "Enter chose kana");
    }
}
