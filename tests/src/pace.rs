//! How long the recorder waited where it did not say so. Some recordings sleep between two steps ("65 s later") and tell
//! it only by the ages that the next answer prints.
//!
//! Takes time from a recording and nothing else: what is printed at that time is the engine's own affair.

use kubepie_core::session::Session;

/// Differences below this come from rounding to whole seconds and from settling a little faster.
const NOTICED_MS: i64 = 1_500;

/// The longest wait that is believed.
const LONGEST_MS: i64 = 180_000;

/// How much older the objects in a recorded table were than the session's of the same names are now, in milliseconds:
/// what is to be waited before the line is typed. Zero where the table says nothing exact.
#[must_use]
pub fn wait_ms(session: &Session, recorded: &str) -> u64 {
    let now = session.epoch_ms().saturating_add_unsigned(session.now().as_ms());
    let older = ages(recorded).into_iter().filter_map(|(kind, name, age_s)| {
        let created = youngest(session, kind, name)?;
        // Half a second more is what a whole number of seconds stands for on average.
        Some(age_s * 1000 + 500 - (now - created))
    });
    match older.min() {
        Some(wait) if (NOTICED_MS..=LONGEST_MS).contains(&wait) => wait.unsigned_abs(),
        _ => 0,
    }
}

/// When the youngest object with a name came to be that the scenario made itself, in wall-clock milliseconds.
fn youngest(session: &Session, kind: &str, name: &str) -> Option<i64> {
    let api = session.api();
    let of_kind = |resource: &str| kind.is_empty() || api.type_of(resource).is_some_and(|t| t.kind.eq_ignore_ascii_case(kind));
    let all = api.store.resources().filter(|resource| of_kind(resource)).flat_map(|resource| api.list(resource, None));
    let created = all.filter(|object| object.name() == name).filter_map(|object| object.meta.creation);
    created.filter(|at| *at >= session.epoch_ms()).max()
}

/// Kind (where told), name and age of the rows of tables whose age is told in whole seconds.
fn ages(text: &str) -> Vec<(&str, &str, i64)> {
    let (mut name_at, mut age_at) = (None, None);
    let mut all = Vec::new();
    for line in text.lines() {
        let column = |title: &str| {
            let found =
                line.match_indices(title).find(|(at, _)| line.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with(' ')));
            found.map(|(at, _)| at)
        };
        if line.starts_with("NAME") {
            (name_at, age_at) = (column("NAME "), column("AGE"));
            continue;
        }
        let word = |at: Option<usize>| line.get(at?..).and_then(|rest| rest.split_whitespace().next());
        if let (Some(name), Some(age)) = (word(name_at), word(age_at).and_then(seconds)) {
            let (kind, name) = name.split_once('/').unwrap_or(("", name));
            all.push((kind.split('.').next().unwrap_or(kind), name, age));
        }
    }
    all
}

/// `66s` or `2m6s` in seconds; `None` for an age that is rounded to minutes or more.
fn seconds(age: &str) -> Option<i64> {
    let rest = age.strip_suffix('s')?;
    match rest.split_once('m') {
        Some((minutes, seconds)) => Some(minutes.parse::<i64>().ok()? * 60 + seconds.parse::<i64>().ok()?),
        None => rest.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_from_tables() {
        let table = "NAME                  READY   AGE\ndeployment.apps/web   3/2     2m5s\n\nNAME    STATUS   AGE\npod/p   Running  12m\npod/q   Running  7s\n";
        assert_eq!(ages(table), [("deployment", "web", 125), ("pod", "q", 7)]);
    }
}
