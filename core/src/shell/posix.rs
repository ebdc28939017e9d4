//! How `sh` words what bash words otherwise: the ash of BusyBox, and the dash of Debian, which counts lines.
//! Never: what the shell does.

use alloc::string::String;

/// A builtin's complaint or the shell's own, in the words of `sh`.
pub fn words(message: &str, busybox: bool) -> String {
    let mut out = String::from(if busybox { "" } else { "1: " });
    let (said, error) = message.rsplit_once(": ").unwrap_or((message, ""));
    match (said.split_once(": "), error) {
        (Some(("cd", dir)), _) => {
            let line = if busybox { "cd: line 0: " } else { "cd: " };
            out.extend([line, "can't cd to ", dir]);
            if busybox {
                out.extend([": ", error]);
            }
        }
        (Some((builtin @ ("export" | "unset" | "readonly"), name)), "not a valid identifier") => {
            out.extend([builtin, ": ", name.trim_matches(['`', '\'']), ": bad variable name"]);
        }
        (None, "No such file or directory") => out.extend([said, ": not found"]),
        (None, "Is a directory") => out.extend([said, ": Permission denied"]),
        (_, "unbound variable") => out.extend([said, ": parameter not set"]),
        (_, "parameter null or not set") => out.extend([said, ": parameter not set or null"]),
        (_, "readonly variable") => out.extend([said, ": is read only"]),
        (_, error) if error.starts_with("numeric argument required") => {
            let (name, value) = said.split_once(": ").unwrap_or((said, ""));
            out.extend([name, ": Illegal number: ", value]);
        }
        _ if message.contains("division by 0") => {
            out.push_str(if busybox { "divide by zero" } else { "arithmetic expression: division by zero" });
        }
        _ if message.starts_with("syntax error near unexpected token") => {
            let token = message.split('`').nth(1).unwrap_or_default().trim_end_matches('\'');
            let quote = if busybox { "syntax error: unexpected \"" } else { "Syntax error: \"" };
            out.extend([quote, token, if busybox { "\"" } else { "\" unexpected" }]);
        }
        _ if message == "syntax error: unexpected end of file" => {
            out.push_str(if busybox { message } else { "Syntax error: end of file unexpected" });
        }
        _ if message.contains("looking for matching") => {
            let quote = message.split('`').nth(1).and_then(|rest| rest.chars().next()).unwrap_or('"');
            let kind = match quote {
                '\'' | '"' if busybox => "syntax error: unterminated quoted string",
                '\'' | '"' => "Syntax error: Unterminated quoted string",
                _ if busybox => "syntax error: unexpected end of file (expecting \")\")",
                _ => "Syntax error: end of file unexpected (expecting \")\")",
            };
            out.push_str(kind);
        }
        _ => out.push_str(message),
    }
    out
}

/// A file that could not be opened by a redirection.
pub fn redirect(path: &str, error: &str, writes: bool, busybox: bool) -> String {
    let how = match (writes, busybox) {
        (true, true) => "can't create ",
        (true, false) => "cannot create ",
        (false, true) => "can't open ",
        (false, false) => "cannot open ",
    };
    let why = match (error, writes, busybox) {
        ("No such file or directory", true, true) => "nonexistent directory",
        ("No such file or directory", true, false) => "Directory nonexistent",
        ("No such file or directory", false, true) => "no such file",
        ("No such file or directory", false, false) => "No such file",
        (other, ..) => other,
    };
    [how, path, ": ", why].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_ash_and_dash_say_it() {
        assert_eq!(words("nope: not found", true), "nope: not found");
        assert_eq!(words("nope: not found", false), "1: nope: not found");
        assert_eq!(words("cd: /x: No such file or directory", true), "cd: line 0: can't cd to /x: No such file or directory");
        assert_eq!(words("cd: /x: No such file or directory", false), "1: cd: can't cd to /x");
        assert_eq!(words("syntax error near unexpected token `fi'", true), "syntax error: unexpected \"fi\"");
        assert_eq!(redirect("no/x", "No such file or directory", true, true), "can't create no/x: nonexistent directory");
    }
}
