//! Paths as texts.
//! Never: what lies there (`tree`).

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

pub(super) fn join(parts: &[Rc<str>]) -> String {
    let mut path = String::new();
    for part in parts {
        path.push('/');
        path.push_str(part);
    }
    if path.is_empty() {
        path.push('/');
    }
    path
}

/// `path` as seen from the directory `cwd`: absolute, with `.` and `..` taken out as words (not through links).
/// A slash at the end stays, since it insists on a directory.
pub fn resolve(cwd: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let from = if path.starts_with('/') { "" } else { cwd };
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    let mut out = String::new();
    for part in &parts {
        out.push('/');
        out.push_str(part);
    }
    if out.is_empty() || path.ends_with('/') {
        out.push('/');
    }
    out
}
