//! `echo`

use alloc::string::String;

use crate::shell::escape::{Style, unescape};
use crate::shell::process::{Io, Started};

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let mut newline = true;
    let mut escapes = false;
    let mut rest = args;
    while let Some((first, tail)) = rest.split_first() {
        let Some(letters) =
            first.strip_prefix('-').filter(|letters| !letters.is_empty() && letters.chars().all(|c| matches!(c, 'n' | 'e' | 'E')))
        else {
            break;
        };
        for c in letters.chars() {
            match c {
                'n' => newline = false,
                'e' => escapes = true,
                _ => escapes = false,
            }
        }
        rest = tail;
    }
    let mut text = rest.join(" ");
    if escapes {
        let (done, stop) = unescape(&text, Style::Echo);
        text = done;
        newline &= !stop;
    }
    if newline {
        text.push('\n');
    }
    io.out(&text);
    Started::Done(0)
}
