//! The shortest way from one list of lines to another, and the hunks it is told in. After Myers.
//! Never: how hunks are written.

use alloc::vec::Vec;

/// How far the search for the shortest script goes before what is left counts as changed.
const MAX_EDITS: usize = 2_000;

/// Lines that stayed, went or came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// In both: the places in the old and the new text.
    Keep(usize, usize),
    /// Only in the old text.
    Delete(usize),
    /// Only in the new text.
    Insert(usize),
}

/// The shortest way from one list of lines to another (Myers), deletions before insertions.
pub fn edits(old: &[&str], new: &[&str]) -> Vec<Edit> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let old_mid = old.get(head..).unwrap_or_default();
    let new_mid = new.get(head..).unwrap_or_default();
    let tail = old_mid.iter().rev().zip(new_mid.iter().rev()).take_while(|(a, b)| a == b).count();
    let old_mid = old_mid.get(..old_mid.len() - tail).unwrap_or_default();
    let new_mid = new_mid.get(..new_mid.len() - tail).unwrap_or_default();
    let mut out: Vec<Edit> = (0..head).map(|at| Edit::Keep(at, at)).collect();
    for edit in middle(old_mid, new_mid) {
        out.push(match edit {
            Edit::Keep(a, b) => Edit::Keep(a + head, b + head),
            Edit::Delete(a) => Edit::Delete(a + head),
            Edit::Insert(b) => Edit::Insert(b + head),
        });
    }
    let (a, b) = (old.len() - tail, new.len() - tail);
    out.extend((0..tail).map(|at| Edit::Keep(a + at, b + at)));
    out
}

fn middle(old: &[&str], new: &[&str]) -> Vec<Edit> {
    let replace = || (0..old.len()).map(Edit::Delete).chain((0..new.len()).map(Edit::Insert)).collect();
    let most = (old.len() + new.len()).min(MAX_EDITS);
    let offset = most + 1;
    let mut reach = alloc::vec![0usize; 2 * most + 3];
    let mut trail: Vec<Vec<usize>> = Vec::new();
    let at = |reach: &[usize], k: isize| reach.get(offset.wrapping_add_signed(k)).copied().unwrap_or(0);
    for edits in 0..=most {
        trail.push(reach.clone());
        let steps = isize::try_from(edits).unwrap_or(0);
        let mut k = -steps;
        while k <= steps {
            let down = k == -steps || (k != steps && at(&reach, k - 1) < at(&reach, k + 1));
            let mut x = if down { at(&reach, k + 1) } else { at(&reach, k - 1) + 1 };
            let mut y = x.wrapping_add_signed(-k);
            while x < old.len() && y < new.len() && old.get(x) == new.get(y) {
                x += 1;
                y += 1;
            }
            if let Some(slot) = reach.get_mut(offset.wrapping_add_signed(k)) {
                *slot = x;
            }
            if x >= old.len() && y >= new.len() {
                return walk_back(&trail, old.len(), new.len(), offset);
            }
            k += 2;
        }
    }
    replace()
}

fn walk_back(trail: &[Vec<usize>], old: usize, new: usize, offset: usize) -> Vec<Edit> {
    let mut out = Vec::new();
    let (mut x, mut y) = (old, new);
    for (edits, reach) in trail.iter().enumerate().rev() {
        let at = |k: isize| reach.get(offset.wrapping_add_signed(k)).copied().unwrap_or(0);
        let steps = isize::try_from(edits).unwrap_or(0);
        let k = isize::try_from(x).unwrap_or(0) - isize::try_from(y).unwrap_or(0);
        let down = k == -steps || (k != steps && at(k - 1) < at(k + 1));
        let before = if down { k + 1 } else { k - 1 };
        let from_x = at(before);
        let from_y = from_x.wrapping_add_signed(-before);
        while edits > 0 && x > from_x && y > from_y || edits == 0 && x > 0 && y > 0 {
            x -= 1;
            y -= 1;
            out.push(Edit::Keep(x, y));
        }
        if edits > 0 {
            if down {
                y = from_y;
                out.push(Edit::Insert(y));
            } else {
                x = from_x;
                out.push(Edit::Delete(x));
            }
        }
    }
    out.reverse();
    arrange(out)
}

/// Within a run of changes, what goes stands before what comes.
pub(super) fn arrange(edits: Vec<Edit>) -> Vec<Edit> {
    let mut out = Vec::new();
    let mut inserts = Vec::new();
    for edit in edits {
        match edit {
            Edit::Keep(..) => {
                out.append(&mut inserts);
                out.push(edit);
            }
            Edit::Delete(_) => out.push(edit),
            Edit::Insert(_) => inserts.push(edit),
        }
    }
    out.append(&mut inserts);
    out
}

/// Runs of changes: where each begins in both texts and what goes and comes, with `context` lines around it
/// where runs closer than twice that are one.
pub(super) fn hunks(edits: &[Edit], context: usize) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (at, edit) in edits.iter().enumerate() {
        if matches!(edit, Edit::Keep(..)) {
            continue;
        }
        let (from, to) = (at.saturating_sub(context), (at + 1 + context).min(edits.len()));
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = to,
            _ => out.push((from, to)),
        }
    }
    out
}
