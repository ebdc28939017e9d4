//! Editing a line as readline does: words, ends, cut and paste back. Pure: a text and a cursor in, the same out.

/// What a key does to the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// To the line's beginning (Ctrl-A).
    Home,
    /// To its end (Ctrl-E).
    End,
    /// One character back (Ctrl-B).
    Back,
    /// One character on (Ctrl-F).
    Forward,
    /// One word back (Alt-B).
    WordBack,
    /// One word on (Alt-F).
    WordForward,
    /// Cuts what is before the cursor (Ctrl-U).
    CutBefore,
    /// Cuts what is after it (Ctrl-K).
    CutAfter,
    /// Cuts to the last space (Ctrl-W).
    CutSpaced,
    /// Cuts a word back (Alt-Backspace).
    CutWordBack,
    /// Cuts a word on (Alt-D).
    CutWord,
    /// Takes away a character back (Ctrl-H).
    Erase,
    /// Takes away a character (Ctrl-D).
    Delete,
    /// Swaps the two characters before the cursor (Ctrl-T).
    Swap,
    /// Puts back what was cut last (Ctrl-Y).
    Yank,
}

/// A line being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The text.
    pub text: String,
    /// The cursor, in bytes, at the border of a character.
    pub at: usize,
}

impl Line {
    /// A line with the cursor at a place counted in UTF-16 units, as browsers count.
    pub fn new(text: String, units: u32) -> Line {
        let at = byte_at(&text, units);
        Line { text, at }
    }

    /// A line with the cursor at its end.
    pub fn ending(text: String) -> Line {
        Line { at: text.len(), text }
    }

    /// The cursor in UTF-16 units.
    pub fn units(&self) -> u32 {
        self.before().encode_utf16().count() as u32
    }

    /// The text before the cursor.
    pub fn before(&self) -> &str {
        self.text.get(..self.at).unwrap_or(&self.text)
    }

    /// The text after it.
    pub fn after(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Replaces `from..to` (bytes) with a text; the cursor comes after it.
    pub fn replace(&mut self, from: usize, to: usize, with: &str) {
        let head = self.text.get(..from).unwrap_or(&self.text);
        let tail = self.text.get(to..).unwrap_or_default();
        self.at = head.len() + with.len();
        self.text = [head, with, tail].concat();
    }

    /// Does what a key says. `cut` is what was cut last.
    pub fn edit(&mut self, edit: Edit, cut: &mut String) {
        let (at, end) = (self.at, self.text.len());
        let back = self.before().char_indices().next_back().map_or(0, |(byte, _)| byte);
        let on = self.after().chars().next().map_or(end, |c| at + c.len_utf8());
        let range = match edit {
            Edit::Home => return self.at = 0,
            Edit::End => return self.at = end,
            Edit::Back => return self.at = back,
            Edit::Forward => return self.at = on,
            Edit::WordBack => return self.at = word_back(self.before()),
            Edit::WordForward => return self.at = at + word_on(self.after()),
            Edit::Yank => return self.replace(at, at, &cut.clone()),
            Edit::Swap => return self.swap(),
            Edit::CutBefore => (0, at),
            Edit::CutAfter => (at, end),
            Edit::CutSpaced => (spaced_back(self.before()), at),
            Edit::CutWordBack => (word_back(self.before()), at),
            Edit::CutWord => (at, at + word_on(self.after())),
            Edit::Erase => (back, at),
            Edit::Delete => (at, on),
        };
        let gone = self.text.get(range.0..range.1).unwrap_or_default().to_string();
        self.replace(range.0, range.1, "");
        if !gone.is_empty() && !matches!(edit, Edit::Erase | Edit::Delete) {
            *cut = gone;
        }
    }

    fn swap(&mut self) {
        let end = if self.after().is_empty() { self.at } else { self.at + self.after().chars().next().map_or(0, char::len_utf8) };
        let mut last = self.text.get(..end).unwrap_or_default().char_indices().rev();
        if let (Some((b, second)), Some((a, first))) = (last.next(), last.next()) {
            debug_assert!(a < b);
            self.replace(a, end, &[second, first].iter().collect::<String>());
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where the word before the end of a text begins.
fn word_back(text: &str) -> usize {
    let trimmed = text.trim_end_matches(|c| !is_word(c));
    trimmed.trim_end_matches(is_word).len()
}

/// Where the next word of a text ends.
fn word_on(text: &str) -> usize {
    let trimmed = text.trim_start_matches(|c| !is_word(c));
    text.len() - trimmed.trim_start_matches(is_word).len()
}

/// Where the word before the end of a text begins, if only spaces part words.
fn spaced_back(text: &str) -> usize {
    text.trim_end().trim_end_matches(|c: char| !c.is_whitespace()).len()
}

/// The byte of a text at a place counted in UTF-16 units.
pub fn byte_at(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (byte, c) in text.char_indices() {
        if left == 0 {
            return byte;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs edits over `text`, in which `|` is the cursor; gives the same back.
    fn after(text: &str, edits: &[Edit]) -> String {
        let at = text.find('|').unwrap();
        let mut line = Line { text: text.replacen('|', "", 1), at };
        let mut cut = String::from("cut");
        for edit in edits {
            line.edit(*edit, &mut cut);
        }
        [line.before(), "|", line.after()].concat()
    }

    #[test]
    fn moves() {
        assert_eq!(after("get po|ds", &[Edit::Home]), "|get pods");
        assert_eq!(after("get po|ds", &[Edit::End]), "get pods|");
        assert_eq!(after("get pod/web-1|", &[Edit::WordBack]), "get pod/web-|1");
        assert_eq!(after("get pod/web-1|", &[Edit::WordBack, Edit::WordBack]), "get pod/|web-1");
        assert_eq!(after("|get  pods", &[Edit::WordForward, Edit::WordForward]), "get  pods|");
        assert_eq!(after("파드|a", &[Edit::Back, Edit::Forward, Edit::Forward, Edit::Forward]), "파드a|");
        assert_eq!(after("|", &[Edit::Back, Edit::WordBack, Edit::Swap, Edit::Delete]), "|");
    }

    #[test]
    fn cuts_and_puts_back() {
        assert_eq!(after("kubectl get po|ds", &[Edit::CutBefore, Edit::End, Edit::Yank]), "dskubectl get po|");
        assert_eq!(after("kubectl get| pods", &[Edit::CutAfter, Edit::Home, Edit::Yank]), " pods|kubectl get");
        assert_eq!(after("delete pod/web-1 |", &[Edit::CutSpaced]), "delete |");
        assert_eq!(after("delete pod/web-1|", &[Edit::CutWordBack]), "delete pod/web-|");
        assert_eq!(after("get| pods now", &[Edit::CutWord]), "get| now");
        assert_eq!(after("a|", &[Edit::Erase, Edit::Yank]), "cut|", "what is erased is not kept");
        assert_eq!(after("한|글", &[Edit::Delete]), "한|");
        assert_eq!(after("ab|c", &[Edit::Swap]), "acb|");
        assert_eq!(after("ab|", &[Edit::Swap]), "ba|");
    }

    #[test]
    fn places_count_as_browsers_do() {
        assert_eq!(byte_at("한글 a", 1), 3);
        assert_eq!(byte_at("한글 a", 99), 8);
        assert_eq!(Line::new("🥧a".into(), 2).at, 4);
        assert_eq!(Line::new("🥧a".into(), 2).units(), 2);
    }
}
