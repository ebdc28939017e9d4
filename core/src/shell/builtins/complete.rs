//! `complete`: which function says how a command's words are completed.
//! Never: what is offered; the terminal asks the program whose function it is (`shell::complete`).

use alloc::rc::Rc;
use alloc::string::String;

use super::{fail, out};
use crate::shell::context::Context;
use crate::shell::task::Task;

/// The options that take the next word.
const WITH_VALUE: &str = "oAGWFCXPS";

/// The builtin: `-p` shows, `-r` forgets, else what is said is kept for each name, as it was said.
pub(super) fn complete(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let (mut said, mut names, mut show, mut forget) = (String::new(), alloc::vec::Vec::new(), args.is_empty(), false);
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            Some("p") => show = true,
            Some("r") => forget = true,
            Some("-") => {}
            Some(letters) => {
                said.push_str(word);
                said.push(' ');
                if letters.len() == 1 && WITH_VALUE.contains(letters) {
                    let Some(value) = words.next() else {
                        return fail(task, cx, &["complete: ", word, ": option requires an argument"].concat(), 2);
                    };
                    said.push_str(&if value.contains(' ') { ["'", value, "'"].concat() } else { value.clone() });
                    said.push(' ');
                }
            }
            None => names.push(word),
        }
    }
    let known = Rc::make_mut(&mut task.state.completes);
    if forget {
        known.retain(|name, _| !names.is_empty() && !names.iter().any(|one| **one == **name));
        return Some(0);
    }
    if !show {
        for name in names {
            known.insert(Rc::from(name.as_str()), Rc::from(said.as_str()));
        }
        return Some(0);
    }
    let line = |name: &str, said: &str| ["complete ", said, name, "\n"].concat();
    if names.is_empty() {
        let text: String = known.iter().map(|(name, said)| line(name, said)).collect();
        return out(task, cx, &text);
    }
    let mut status = 0;
    for name in names {
        match task.state.completes.get(name.as_str()).map(|said| line(name, said)) {
            Some(text) => {
                out(task, cx, &text);
            }
            None => {
                task.complain(&["complete: ", name, ": no completion specification"].concat(), cx);
                status = 1;
            }
        }
    }
    Some(status)
}
