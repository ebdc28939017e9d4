//! From the tree of a pattern to the steps that are walked.

use alloc::vec::Vec;

use super::parse::Node;
use super::{Assert, GROUPS};

/// The most steps a compiled pattern may have.
const MAX_STEPS: usize = 5_000;

#[derive(Clone, Debug)]
pub(super) enum Step {
    Char(char),
    Any,
    Set(bool, Vec<(char, char)>),
    Split(usize, usize),
    Jump(usize),
    Save(usize),
    Assert(Assert),
    Back(usize),
    /// Before or after, whether not, and where to go on; what is looked for stands between.
    Look(bool, bool, usize),
    Keep,
    Match,
}

pub(super) fn emit(node: &Node, out: &mut Vec<Step>) -> Result<(), &'static str> {
    if out.len() > MAX_STEPS {
        return Err("Regular expression too big");
    }
    match node {
        Node::Empty => {}
        Node::Char(c) => out.push(Step::Char(*c)),
        Node::Any => out.push(Step::Any),
        Node::Set(negated, ranges) => out.push(Step::Set(*negated, ranges.clone())),
        Node::Assert(what) => out.push(Step::Assert(*what)),
        Node::Back(number) => out.push(Step::Back(*number)),
        Node::Group(number, inner) => {
            if *number < GROUPS {
                out.push(Step::Save(number * 2));
                emit(inner, out)?;
                out.push(Step::Save(number * 2 + 1));
            } else {
                emit(inner, out)?;
            }
        }
        Node::Sequence(list) => {
            for one in list {
                emit(one, out)?;
            }
        }
        Node::Either(list) => either(list, out)?,
        Node::Repeat(inner, least, most, lazy) => repeat(inner, *least, *most, *lazy, out)?,
        Node::Keep => out.push(Step::Keep),
        Node::Look(behind, negated, inner) => {
            let look = out.len();
            out.push(Step::Match);
            emit(inner, out)?;
            out.push(Step::Match);
            let end = out.len();
            set(out, look, Step::Look(*behind, *negated, end));
        }
    }
    Ok(())
}

/// One of several.
fn either(list: &[Node], out: &mut Vec<Step>) -> Result<(), &'static str> {
    let mut ends = Vec::new();
    for (at, one) in list.iter().enumerate() {
        if at + 1 == list.len() {
            emit(one, out)?;
            break;
        }
        let split = out.len();
        out.push(Step::Match);
        emit(one, out)?;
        ends.push(out.len());
        out.push(Step::Match);
        let next = out.len();
        set(out, split, Step::Split(split + 1, next));
    }
    let end = out.len();
    for jump in ends {
        set(out, jump, Step::Jump(end));
    }
    Ok(())
}

/// Again and again, between two bounds.
fn repeat(inner: &Node, least: u32, most: Option<u32>, lazy: bool, out: &mut Vec<Step>) -> Result<(), &'static str> {
    for _ in 0..least {
        emit(inner, out)?;
    }
    match most {
        None => {
            let split = out.len();
            out.push(Step::Match);
            emit(inner, out)?;
            out.push(Step::Jump(split));
            let end = out.len();
            set(out, split, if lazy { Step::Split(end, split + 1) } else { Step::Split(split + 1, end) });
        }
        Some(most) => {
            let mut splits = Vec::new();
            for _ in least..most {
                splits.push(out.len());
                out.push(Step::Match);
                emit(inner, out)?;
            }
            let end = out.len();
            for split in splits {
                set(out, split, if lazy { Step::Split(end, split + 1) } else { Step::Split(split + 1, end) });
            }
        }
    }
    Ok(())
}

fn set(out: &mut [Step], at: usize, step: Step) {
    if let Some(slot) = out.get_mut(at) {
        *slot = step;
    }
}
