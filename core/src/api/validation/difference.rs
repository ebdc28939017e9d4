//! The unified difference of two texts, line by line, as the API server shows it. Models go-difflib's SequenceMatcher.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Lines around a change.
const CONTEXT: usize = 3;
/// From this many lines on, lines that stand very often are not used to find matches.
const POPULAR_FROM: usize = 200;

/// A run of lines: equal in both, or standing in one for those of the other.
#[derive(Clone, Copy)]
struct Run {
    equal: bool,
    old: (usize, usize),
    new: (usize, usize),
}

/// The hunks that turn `old` into `new`, without file names.
pub fn unified(old: &str, new: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    let mut out = String::new();
    for group in groups(runs(&a, &b)) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let range = |start: usize, end: usize| {
            let length = end.saturating_sub(start);
            let begin = if length == 0 { start } else { start + 1 };
            if length == 1 { format!("{begin}") } else { format!("{begin},{length}") }
        };
        out.push_str(&format!("@@ -{} +{} @@\n", range(first.old.0, last.old.1), range(first.new.0, last.new.1)));
        for run in &group {
            let mut lines = |mark: char, list: &[&str], (start, end): (usize, usize)| {
                for line in list.iter().skip(start).take(end.saturating_sub(start)) {
                    out.push(mark);
                    out.push_str(line);
                    out.push('\n');
                }
            };
            if run.equal {
                lines(' ', &a, run.old);
            } else {
                lines('-', &a, run.old);
                lines('+', &b, run.new);
            }
        }
    }
    out
}

/// The runs with only the context that is shown, by hunk.
fn groups(mut runs: Vec<Run>) -> Vec<Vec<Run>> {
    if let Some(first) = runs.first_mut().filter(|run| run.equal) {
        first.old.0 = first.old.0.max(first.old.1.saturating_sub(CONTEXT));
        first.new.0 = first.new.0.max(first.new.1.saturating_sub(CONTEXT));
    }
    if let Some(last) = runs.last_mut().filter(|run| run.equal) {
        last.old.1 = last.old.1.min(last.old.0 + CONTEXT);
        last.new.1 = last.new.1.min(last.new.0 + CONTEXT);
    }
    let mut groups = Vec::new();
    let mut group: Vec<Run> = Vec::new();
    for mut run in runs {
        if run.equal && run.old.1.saturating_sub(run.old.0) > 2 * CONTEXT {
            let head = Run { old: (run.old.0, run.old.0 + CONTEXT), new: (run.new.0, run.new.0 + CONTEXT), ..run };
            group.push(head);
            groups.push(core::mem::take(&mut group));
            run.old.0 = run.old.1.saturating_sub(CONTEXT);
            run.new.0 = run.new.1.saturating_sub(CONTEXT);
        }
        group.push(run);
    }
    if group.iter().any(|run| !run.equal) {
        groups.push(group);
    }
    groups.retain(|group| group.iter().any(|run| !run.equal));
    groups
}

fn runs(a: &[&str], b: &[&str]) -> Vec<Run> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, line) in b.iter().enumerate() {
        places.entry(line).or_default().push(at);
    }
    if b.len() >= POPULAR_FROM {
        let often = b.len() / 100 + 1;
        places.retain(|_, at| at.len() <= often);
    }
    let mut matches: BTreeSet<(usize, usize, usize)> = BTreeSet::new();
    let mut queue = alloc::vec![((0, a.len()), (0, b.len()))];
    while let Some(((a_low, a_high), (b_low, b_high))) = queue.pop() {
        let (i, j, size) = longest(a, b, &places, (a_low, a_high), (b_low, b_high));
        if size > 0 {
            matches.insert((i, j, size));
            if a_low < i && b_low < j {
                queue.push(((a_low, i), (b_low, j)));
            }
            if i + size < a_high && j + size < b_high {
                queue.push(((i + size, a_high), (j + size, b_high)));
            }
        }
    }
    let mut runs: Vec<Run> = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (ai, bj, size) in matches.into_iter().chain([(a.len(), b.len(), 0)]) {
        if i < ai || j < bj {
            runs.push(Run { equal: false, old: (i, ai), new: (j, bj) });
        }
        (i, j) = (ai + size, bj + size);
        match runs.last_mut() {
            // Matches that touch are one run.
            Some(last) if size > 0 && last.equal && last.old.1 == ai && last.new.1 == bj => {
                last.old.1 = i;
                last.new.1 = j;
            }
            _ if size > 0 => runs.push(Run { equal: true, old: (ai, i), new: (bj, j) }),
            _ => {}
        }
    }
    runs
}

/// The longest match within the bounds; the earliest of those equally long.
fn longest(
    a: &[&str],
    b: &[&str],
    places: &BTreeMap<&str, Vec<usize>>,
    (a_low, a_high): (usize, usize),
    (b_low, b_high): (usize, usize),
) -> (usize, usize, usize) {
    let (mut best_i, mut best_j, mut best) = (a_low, b_low, 0);
    let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
    for (i, line) in a.iter().enumerate().take(a_high).skip(a_low) {
        let mut next = BTreeMap::new();
        for &j in places.get(line).into_iter().flatten().filter(|j| (b_low..b_high).contains(*j)) {
            let length = 1 + j.checked_sub(1).and_then(|before| lengths.get(&before)).copied().unwrap_or(0);
            next.insert(j, length);
            if length > best {
                (best_i, best_j, best) = (i + 1 - length, j + 1 - length, length);
            }
        }
        lengths = next;
    }
    let same = |i: usize, j: usize| a.get(i).is_some() && a.get(i) == b.get(j);
    while best_i > a_low && best_j > b_low && same(best_i - 1, best_j - 1) {
        (best_i, best_j, best) = (best_i - 1, best_j - 1, best + 1);
    }
    while best_i + best < a_high && best_j + best < b_high && same(best_i + best, best_j + best) {
        best += 1;
    }
    (best_i, best_j, best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_have_three_lines_around_them() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9";
        assert_eq!(unified(old, &old.replace("5", "five\nV")), "@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+V\n 6\n 7\n 8\n");
        assert_eq!(unified(old, old), "");
        let ends = "x\n2\n3\n4\n5\n6\n7\n8\ny";
        assert_eq!(unified(old, ends), "@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n");
    }
}
