//! Every word of the page, in Korean and in English: a table for each area, complete at compile time. Never: what kubectl prints.

use kubepie_core::lesson::Text;

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Korean.
    Ko,
    /// English.
    En,
}

impl Lang {
    /// The language whose code a text begins with: `ko-KR`.
    pub fn of(code: &str) -> Option<Lang> {
        match code.get(..2)? {
            "ko" => Some(Lang::Ko),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Ko => "ko",
            Lang::En => "en",
        }
    }

    /// The other one.
    pub fn other(self) -> Lang {
        match self {
            Lang::Ko => Lang::En,
            Lang::En => Lang::Ko,
        }
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Lang::Ko => &KO,
            Lang::En => &EN,
        }
    }

    /// The half of a text that is in it.
    pub fn pick(self, text: &Text) -> &str {
        match self {
            Lang::Ko => &text.ko,
            Lang::En => &text.en,
        }
    }
}

/// Puts values into a text: `{0}`, `{1}`.
pub fn fill(text: &str, with: &[&str]) -> String {
    let mut out = text.to_string();
    for (n, value) in with.iter().enumerate() {
        out = out.replace(&["{", &n.to_string(), "}"].concat(), value);
    }
    out
}

/// A table of words: `name: "Korean", "English";`. It makes `Words`, and its two rows `KO` and `EN`.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $ko:literal, $en:literal;)*) => {
        /// The words of this area.
        pub struct Words {
            $($(#[$doc])* pub $name: &'static str,)*
        }
        /// Korean.
        pub const KO: Words = Words { $($name: $ko,)* };
        /// English.
        pub const EN: Words = Words { $($name: $en,)* };
    };
}

/// The areas of the page, each with a table in a file of its own.
macro_rules! areas {
    ($($(#[$doc:meta])* $area:ident;)*) => {
        $($(#[$doc])* pub mod $area;)*

        /// The words of the page.
        pub struct Words {
            $($(#[$doc])* pub $area: $area::Words,)*
        }
        /// Korean.
        const KO: Words = Words { $($area: $area::KO,)* };
        /// English.
        const EN: Words = Words { $($area: $area::EN,)* };
    };
}

/// A sentence that no table of [`Words`] holds: in Korean, in English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said(&'static str, &'static str);

impl Said {
    /// It in a language.
    pub fn of(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ko => self.0,
            Lang::En => self.1,
        }
    }
}

/// Help below the terminal's line.
pub mod aid;
/// What is said seldom.
pub mod rare;

areas! {
    /// The frame.
    page;
    /// The map.
    map;
    /// The inspector.
    inspector;
    /// The terminal.
    terminal;
    /// The editor.
    editor;
    /// The timeline.
    timeline;
    /// The lessons.
    lessons;
    /// Links.
    share;
    /// A cluster that is brought.
    bring;
    /// Why something from outside is not taken.
    refused;
}
