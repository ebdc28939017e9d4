//! The blocks of an archive in the format of ustar.

use alloc::string::String;

use super::BLOCK;

/// A block that says what follows it.
pub(super) fn header(name: &str, mode: u16, size: usize, seconds: i64, directory: bool) -> String {
    let field = |text: &str, width: usize| {
        let mut out = String::from(text);
        while out.len() > width {
            out.pop();
        }
        let missing = width - out.len();
        out.push_str(&"\0".repeat(missing));
        out
    };
    let kind = if directory { "5" } else { "0" };
    let before = [field(name, 100), alloc::format!("{mode:07o}\0{:07o}\0{:07o}\0{size:011o}\0{seconds:011o}\0", 0, 0)].concat();
    let after =
        [String::from(kind), field("", 100), String::from("ustar  \0"), field("root", 32), field("root", 32), field("", 183)].concat();
    let sum: u32 = before.bytes().chain(core::iter::repeat_n(b' ', 8)).chain(after.bytes()).map(u32::from).sum();
    [before, alloc::format!("{sum:06o}\0 "), after].concat()
}

/// A member of an archive.
pub(super) struct Member<'a> {
    pub name: &'a str,
    pub mode: u16,
    pub seconds: i64,
    pub directory: bool,
    pub text: &'a str,
}

/// The member at the front, and what follows it.
pub(super) fn member(archive: &str) -> Option<(Member<'_>, &str)> {
    let head = archive.get(..BLOCK)?;
    if head.get(257..262)? != "ustar" {
        return None;
    }
    let name = head.get(..100)?.trim_end_matches('\0');
    let octal = |from: usize, to: usize| u64::from_str_radix(head.get(from..to)?.trim_matches(['\0', ' ']), 8).ok();
    let size = usize::try_from(octal(124, 135)?).ok()?;
    let rest = archive.get(BLOCK..)?;
    let member = Member {
        name,
        mode: u16::try_from(octal(100, 107)?).ok()?,
        seconds: i64::try_from(octal(136, 147)?).ok()?,
        directory: head.get(156..157)? == "5",
        text: rest.get(..size)?,
    };
    Some((member, rest.get(size.div_ceil(BLOCK) * BLOCK..).unwrap_or_default()))
}
