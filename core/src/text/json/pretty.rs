//! JSON that is there as text, spread over lines for people.

use alloc::string::String;

/// The same JSON as a server sends it to programs with which a person reads, such as curl: indented by two blanks.
pub fn pretty(text: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut letters = text.trim_end().chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(core::iter::repeat_n("  ", depth));
    };
    while let Some(c) = letters.next() {
        let plain = !quoted;
        if quoted {
            quoted = escaped || c != '"';
            escaped = c == '\\' && !escaped;
        } else if c == '"' {
            quoted = true;
        }
        match c {
            '{' | '[' if plain => {
                out.push(c);
                if letters.peek().is_some_and(|next| matches!(next, '}' | ']')) {
                    out.extend(letters.next());
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' if plain => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' if plain => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' if plain => out.push_str(": "),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn pretty() {
        let text = super::pretty("{\"a\":{},\"b\":[1,\"x:\\\",y\"]}\n");
        assert_eq!(text, "{\n  \"a\": {},\n  \"b\": [\n    1,\n    \"x:\\\",y\"\n  ]\n}");
    }
}
