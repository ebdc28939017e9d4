//! Which key means what. Pure; never: doing it.

use super::edit::Edit;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Do {
    /// Changes the line.
    Edit(Edit),
    /// The line before.
    Older,
    /// The line after.
    Newer,
    /// Which words may come (Tab).
    Complete,
    /// The choice before (Shift-Tab).
    CompleteBack,
    /// Looks for a line typed before (Ctrl-R).
    Search,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D.
    Eof,
    /// Clears the screen (Ctrl-L).
    Clear,
    /// Takes the suggestion, or else goes on by a character (→).
    Right,
    /// The last word of the line before (Alt-.).
    LastWord,
    /// Away with menu and search.
    Escape,
    /// A screen up or down.
    Page(bool),
    /// Another tab: a new one.
    NewTab,
    /// Closes the tab.
    CloseTab,
    /// The tab with this number.
    Tab(usize),
}

/// A key as the browser tells it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Key<'a> {
    /// The character or name: `c`, `ㅊ`, `ArrowUp`.
    pub key: &'a str,
    /// The place on the keyboard: `KeyC`.
    pub code: &'a str,
    /// Ctrl is down.
    pub ctrl: bool,
    /// Alt (Option) is down.
    pub alt: bool,
    /// Shift is down.
    pub shift: bool,
    /// Meta (Command) is down.
    pub meta: bool,
}

impl Key<'_> {
    /// The Latin letter or sign, whatever language the keyboard is in: with Ctrl and Alt it is the place that counts where
    /// the key writes no ASCII.
    fn sign(&self) -> char {
        let mut chars = self.key.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if c.is_ascii() => c.to_ascii_lowercase(),
            _ => match self.code {
                "Period" => '.',
                code => code
                    .strip_prefix("Key")
                    .or(code.strip_prefix("Digit"))
                    .and_then(|c| c.chars().next())
                    .unwrap_or('\0')
                    .to_ascii_lowercase(),
            },
        }
    }
}

/// What a key means; `None`: what the browser makes of it.
pub fn meaning(key: Key<'_>) -> Option<Do> {
    if key.meta {
        return None;
    }
    match (key.ctrl, key.alt) {
        (false, false) => plain(key),
        (true, false) => control(key),
        (false, true) => alt(key),
        (true, true) => None,
    }
}

fn plain(key: Key<'_>) -> Option<Do> {
    Some(match (key.key, key.shift) {
        ("ArrowUp", false) => Do::Older,
        ("ArrowDown", false) => Do::Newer,
        ("ArrowRight", false) => Do::Right,
        ("Tab", false) => Do::Complete,
        ("Tab", true) => Do::CompleteBack,
        ("Escape", _) => Do::Escape,
        ("PageUp", _) => Do::Page(true),
        ("PageDown", _) => Do::Page(false),
        _ => return None,
    })
}

fn control(key: Key<'_>) -> Option<Do> {
    if key.shift {
        return None;
    }
    Some(match (key.key, key.sign()) {
        ("ArrowLeft", _) => Do::Edit(Edit::WordBack),
        ("ArrowRight", _) => Do::Edit(Edit::WordForward),
        (_, 'a') => Do::Edit(Edit::Home),
        (_, 'e') => Do::Edit(Edit::End),
        (_, 'b') => Do::Edit(Edit::Back),
        (_, 'f') => Do::Right,
        (_, 'u') => Do::Edit(Edit::CutBefore),
        (_, 'k') => Do::Edit(Edit::CutAfter),
        (_, 'w') => Do::Edit(Edit::CutSpaced),
        (_, 'y') => Do::Edit(Edit::Yank),
        (_, 'h') => Do::Edit(Edit::Erase),
        (_, 't') => Do::Edit(Edit::Swap),
        (_, 'p') => Do::Older,
        (_, 'n') => Do::Newer,
        (_, 'r') => Do::Search,
        (_, 'c') => Do::Interrupt,
        (_, 'd') => Do::Eof,
        (_, 'l') => Do::Clear,
        (_, 'g') => Do::Escape,
        _ => return None,
    })
}

fn alt(key: Key<'_>) -> Option<Do> {
    Some(match (key.key, key.sign()) {
        ("ArrowLeft", _) | (_, 'b') => Do::Edit(Edit::WordBack),
        ("ArrowRight", _) | (_, 'f') => Do::Edit(Edit::WordForward),
        ("Backspace", _) => Do::Edit(Edit::CutWordBack),
        (_, 'd') => Do::Edit(Edit::CutWord),
        (_, '.') => Do::LastWord,
        (_, 't') => Do::NewTab,
        (_, 'w') => Do::CloseTab,
        (_, digit @ '1'..='9') => Do::Tab(digit as usize - '1' as usize),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_keys_mean_the_same_in_every_language() {
        let ctrl = |key, code| meaning(Key { key, code, ctrl: true, ..Key::default() });
        assert_eq!(ctrl("c", "KeyC"), Some(Do::Interrupt));
        assert_eq!(ctrl("ㅊ", "KeyC"), Some(Do::Interrupt));
        assert_eq!(ctrl("C", "KeyC"), Some(Do::Interrupt), "Caps Lock");
        assert_eq!(ctrl("j", "KeyC"), None, "Dvorak");
        assert_eq!(ctrl("v", "KeyV"), None, "pasting is the browser's");
        assert_eq!(meaning(Key { key: "C", code: "KeyC", ctrl: true, shift: true, ..Key::default() }), None);
    }

    #[test]
    fn alt_keys_go_by_place_where_they_write_something_else() {
        let alt = |key, code| meaning(Key { key, code, alt: true, ..Key::default() });
        assert_eq!(alt("∫", "KeyB"), Some(Do::Edit(Edit::WordBack)), "macOS");
        assert_eq!(alt("f", "KeyF"), Some(Do::Edit(Edit::WordForward)));
        assert_eq!(alt("¡", "Digit1"), Some(Do::Tab(0)));
        assert_eq!(alt("≥", "Period"), Some(Do::LastWord));
        assert_eq!(alt("Alt", "AltLeft"), None);
    }

    #[test]
    fn plain_keys() {
        let plain = |key, shift| meaning(Key { key, shift, ..Key::default() });
        assert_eq!(plain("Tab", true), Some(Do::CompleteBack));
        assert_eq!(plain("a", false), None);
        assert_eq!(plain("ArrowUp", true), None, "selecting");
        assert_eq!(meaning(Key { key: "c", code: "KeyC", meta: true, ..Key::default() }), None);
    }
}
