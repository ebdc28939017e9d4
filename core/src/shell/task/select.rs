//! `select`: a numbered list, and what is done with the answer.
//! Never: how a line is read (`read`).

use alloc::rc::Rc;
use alloc::string::String;

use super::{Frame, Step, Task};
use crate::shell::ast::{Body, Command};
use crate::shell::context::Context;
use crate::shell::read::Read;

/// A `select` between two steps.
#[derive(Clone)]
pub(in crate::shell) struct Select {
    pub command: Rc<Command>,
    pub values: Rc<[Rc<str>]>,
    /// The list is to be shown (again).
    pub shows: bool,
    /// An answer was asked for.
    pub asked: bool,
}

impl Task {
    pub(super) fn step_select(&mut self, mut select: Select, cx: &mut Context<'_>) -> Step {
        let command = Rc::clone(&select.command);
        let Body::For { name, body, .. } = &command.body else { return Step::Next };
        if select.values.is_empty() {
            return Step::Next;
        }
        if !select.asked {
            let mut text = if select.shows { menu(&select.values) } else { String::new() };
            text.push_str(&self.state.vars.get("PS3").unwrap_or_else(|| Rc::from("#? ")));
            cx.write(&self.fds.clone(), 2, &text).ok();
            (select.shows, select.asked) = (false, true);
            self.frames.push(Frame::Select(select));
            self.frames.push(Frame::Read(Read::raw()));
            return Step::Next;
        }
        select.asked = false;
        if self.state.status != 0 {
            cx.write(&self.fds.clone(), 1, "\n").ok();
            self.state.status = 1;
            return Step::Next;
        }
        let answer = self.state.vars.get("REPLY").unwrap_or_default();
        select.shows = answer.trim().is_empty();
        if !select.shows {
            let chosen = answer.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let value = chosen.and_then(|at| select.values.get(at)).cloned().unwrap_or_default();
            self.state.vars.set(name, &value);
            self.frames.push(Frame::Select(select));
            self.push_list(Rc::clone(body));
        } else {
            self.frames.push(Frame::Select(select));
        }
        Step::Next
    }
}

/// The list, in columns if it does not fit into one line: numbers run downwards.
fn menu(values: &[Rc<str>]) -> String {
    let digits = alloc::format!("{}", values.len()).len();
    let longest = values.iter().map(|value| value.chars().count()).max().unwrap_or(0);
    let width = longest + digits + 4;
    let mut columns = (80 / width).max(1);
    let mut rows = values.len().div_ceil(columns);
    columns = values.len().div_ceil(rows.max(1));
    if rows == 1 {
        (rows, columns) = (columns, 1);
    }
    let mut out = String::new();
    for row in 0..rows {
        let mut at = 0;
        for column in 0..columns {
            let number = row + column * rows;
            let Some(value) = values.get(number) else { break };
            // From where the last one ended to where this one begins, with tabs where they fit.
            while at < column * width {
                let stop = (at / 8 + 1) * 8;
                let tab = stop <= column * width;
                out.push(if tab { '\t' } else { ' ' });
                at = if tab { stop } else { at + 1 };
            }
            // Numbers are as wide as they need be in the first column.
            let digits = if column == 0 { alloc::format!("{rows}").len() } else { digits };
            out.push_str(&alloc::format!("{:>digits$}) {value}", number + 1));
            at += digits + 2 + value.chars().count();
        }
        out.push('\n');
    }
    out
}
