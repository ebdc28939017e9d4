//! The page's stylesheet: the files of `web/style` joined into one, made small by simple means.

use crate::run::root;
use std::fs;

/// The files of `web/style`, in the order in which they are joined: the first are what the others build on.
const PARTS: &[&str] = &["base", "page", "map", "inspector", "terminal", "editor", "timeline", "lessons", "share", "bring", "rescue"];

/// Writes `target/style.css`, which `index.html` names.
///
/// # Errors
/// Where a part cannot be read or the sheet cannot be written.
pub fn build() -> Result<(), String> {
    let mut sheet = String::new();
    for part in PARTS {
        let file = root().join("web/style").join(part).with_extension("css");
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        sheet.push_str(&small(&text));
    }
    let target = root().join("target");
    fs::create_dir_all(&target).map_err(|error| error.to_string())?;
    let file = target.join("style.css");
    // An unchanged sheet keeps its time, so that a watching Trunk does not build again.
    if fs::read_to_string(&file).is_ok_and(|old| old == sheet) {
        return Ok(());
    }
    fs::write(&file, sheet).map_err(|error| format!("{}: {error}", file.display()))
}

/// Takes comments and needless white space out; what stands in quotes stays as it is.
fn small(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut quote = None;
    while let Some(c) = rest.next() {
        if quote.is_some() {
            out.push(c);
            if c == '\\' {
                out.extend(rest.next());
            } else if quote == Some(c) {
                quote = None;
            }
        } else if c == '/' && rest.peek() == Some(&'*') {
            let mut last = ' ';
            rest.next();
            for c in rest.by_ref() {
                if last == '*' && c == '/' {
                    break;
                }
                last = c;
            }
        } else if c.is_whitespace() {
            if !out.ends_with([' ', '{', '}', ';', ',', ':', '>']) && !out.is_empty() {
                out.push(' ');
            }
        } else {
            if matches!(c, '{' | '}' | ';' | ',' | '>') && out.ends_with(' ') {
                out.pop();
            }
            if c == '}' && out.ends_with(';') {
                out.pop();
            }
            quote = matches!(c, '"' | '\'').then_some(c);
            out.push(c);
        }
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_made_small_and_stays_the_same() {
        assert_eq!(
            small("/* Pods. */\n.pod > b,\n.pod .pie { width: calc(1px + 2em); font: 12px \"Noto  Sans\", serif; }\n"),
            ".pod>b,.pod .pie{width:calc(1px + 2em);font:12px \"Noto  Sans\",serif}"
        );
        assert_eq!(small("a:not(.b) :hover { color: red }"), "a:not(.b) :hover{color:red}");
    }

    #[test]
    fn every_part_is_listed() {
        let mut found: Vec<String> = fs::read_dir(root().join("web/style"))
            .unwrap()
            .filter_map(|entry| entry.ok()?.path().file_stem()?.to_str().map(str::to_owned))
            .collect();
        found.sort();
        let mut listed = PARTS.to_vec();
        listed.sort_unstable();
        assert_eq!(found, listed);
    }
}
