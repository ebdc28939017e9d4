//! Escape sequences: what colours a stretch of text, and the few that move or erase. Never: drawing.

/// How a stretch of text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Colour of the letters: 0 the usual one, 1 to 16 the terminal's black, red … bright white.
    pub ink: u8,
    /// Colour behind them, likewise.
    pub paper: u8,
    /// [`BOLD`] and its like.
    pub flags: u8,
}

/// Bold.
pub const BOLD: u8 = 1;
/// Dim.
pub const DIM: u8 = 2;
/// Italic.
pub const ITALIC: u8 = 4;
/// Underlined.
pub const UNDERLINE: u8 = 8;
/// Letters and paper change places.
pub const INVERSE: u8 = 16;

/// What a piece of a text is.
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text without control characters.
    Text(&'a str),
    /// The end of a line.
    Newline,
    /// Back to the line's first column.
    Return,
    /// One column back.
    Back,
    /// The whole screen is erased, but not what was scrolled off it.
    Erase,
    /// Everything is erased.
    EraseAll,
    /// The line is erased from here on.
    EraseLine,
    /// Text from here on looks so.
    Look(Look),
}

/// Takes a text apart. `look` is how text looks where it begins. Sequences that mean nothing here are dropped.
pub fn parts(text: &str, mut look: Look, mut take: impl FnMut(Part<'_>)) {
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.find(|c: char| c.is_control() && c != '\t').unwrap_or(rest.len());
        let (before, after) = rest.split_at_checked(plain).unwrap_or((rest, ""));
        if !before.is_empty() {
            take(Part::Text(before));
        }
        let mut chars = after.chars();
        rest = match chars.next() {
            Some('\x1b') => sequence(chars.as_str(), &mut look, &mut take),
            Some('\n') => {
                take(Part::Newline);
                chars.as_str()
            }
            Some('\r') => {
                take(Part::Return);
                chars.as_str()
            }
            Some('\x08') => {
                take(Part::Back);
                chars.as_str()
            }
            _ => chars.as_str(),
        };
    }
}

/// Reads what follows an escape; gives the rest.
fn sequence<'a>(text: &'a str, look: &mut Look, take: &mut impl FnMut(Part<'_>)) -> &'a str {
    if let Some(body) = text.strip_prefix('[') {
        let Some(end) = body.find(|c: char| ('@'..='~').contains(&c)) else { return "" };
        let (numbers, rest) = body.split_at_checked(end).unwrap_or((body, ""));
        let mut chars = rest.chars();
        match chars.next() {
            Some('m') => {
                *look = painted(*look, numbers);
                take(Part::Look(*look));
            }
            Some('J') if numbers == "2" => take(Part::Erase),
            Some('J') if numbers == "3" => take(Part::EraseAll),
            Some('K') => take(Part::EraseLine),
            _ => {}
        }
        return chars.as_str();
    }
    if let Some(body) = text.strip_prefix(']') {
        let end = body.find(['\x07', '\x1b']).unwrap_or(body.len());
        let rest = body.get(end..).unwrap_or_default();
        return rest.strip_prefix('\x07').or_else(|| rest.strip_prefix("\x1b\\")).unwrap_or(rest);
    }
    let mut chars = text.chars();
    if chars.next().is_some_and(|c| "()*+-./#%".contains(c)) {
        chars.next();
    }
    chars.as_str()
}

/// A look after the numbers of a sequence that ends with `m`.
fn painted(mut look: Look, numbers: &str) -> Look {
    let mut numbers = numbers.split([';', ':']).map(|n| n.parse::<u16>().unwrap_or(0));
    while let Some(n) = numbers.next() {
        match n {
            0 => look = Look::default(),
            1 => look.flags |= BOLD,
            2 => look.flags |= DIM,
            3 => look.flags |= ITALIC,
            4 => look.flags |= UNDERLINE,
            7 => look.flags |= INVERSE,
            22 => look.flags &= !(BOLD | DIM),
            23 => look.flags &= !ITALIC,
            24 => look.flags &= !UNDERLINE,
            27 => look.flags &= !INVERSE,
            30..=37 => look.ink = (n - 29) as u8,
            39 => look.ink = 0,
            40..=47 => look.paper = (n - 39) as u8,
            49 => look.paper = 0,
            90..=97 => look.ink = (n - 81) as u8,
            100..=107 => look.paper = (n - 91) as u8,
            38 | 48 => {
                let colour = extended(&mut numbers);
                *(if n == 38 { &mut look.ink } else { &mut look.paper }) = colour;
            }
            _ => {}
        }
    }
    look
}

/// `5;N` or `2;R;G;B`, as the nearest of the sixteen.
fn extended(numbers: &mut impl Iterator<Item = u16>) -> u8 {
    match numbers.next() {
        Some(5) => match numbers.next().unwrap_or(0) {
            n @ 0..=15 => n as u8 + 1,
            n @ 16..=231 => {
                let n = n - 16;
                nearest(n / 36 * 51, n / 6 % 6 * 51, n % 6 * 51)
            }
            n => {
                let grey = (n.min(255) - 232) * 10 + 8;
                nearest(grey, grey, grey)
            }
        },
        Some(2) => {
            let mut next = || numbers.next().unwrap_or(0).min(255);
            let (r, g, b) = (next(), next(), next());
            nearest(r, g, b)
        }
        _ => 0,
    }
}

fn nearest(r: u16, g: u16, b: u16) -> u8 {
    let most = r.max(g).max(b);
    let bit = |part: u16, value: u8| if part * 2 > most && part > 40 { value } else { 0 };
    let hue = bit(r, 1) | bit(g, 2) | bit(b, 4);
    if hue == 0 {
        return 1;
    }
    hue + 1 + if most > 190 { 8 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        parts(text, Look::default(), |part| found.push(format!("{part:?}")));
        found
    }

    #[test]
    fn colours_and_their_end() {
        assert_eq!(
            all("a\x1b[1;31mred\x1b[0m\n"),
            [
                "Text(\"a\")",
                "Look(Look { ink: 2, paper: 0, flags: 1 })",
                "Text(\"red\")",
                "Look(Look { ink: 0, paper: 0, flags: 0 })",
                "Newline"
            ]
        );
        assert_eq!(painted(Look::default(), "38;5;9").ink, 10);
        assert_eq!(painted(Look::default(), "38;2;255;0;0").ink, 10);
        assert_eq!(painted(Look::default(), "38;5;244;4").flags, UNDERLINE);
        assert_eq!(painted(Look::default(), "97;107"), Look { ink: 16, paper: 16, flags: 0 });
        assert_eq!(painted(Look { ink: 3, paper: 0, flags: BOLD }, ""), Look::default());
    }

    #[test]
    fn what_erases_and_what_is_dropped() {
        assert_eq!(all("\x1b[H\x1b[2J\x1b[3Jx"), ["Erase", "EraseAll", "Text(\"x\")"]);
        assert_eq!(all("\x1b]0;title\x07a\x1b]8;;u\x1b\\b\x1b(Bc"), ["Text(\"a\")", "Text(\"b\")", "Text(\"c\")"]);
        assert_eq!(all("10%\r20%\x1b[K\x07"), ["Text(\"10%\")", "Return", "Text(\"20%\")", "EraseLine"]);
        assert_eq!(all("cut \x1b[1;3"), ["Text(\"cut \")"]);
        assert_eq!(all("한\t글\x1b"), ["Text(\"한\\t글\")"]);
    }
}
