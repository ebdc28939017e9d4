//! A page that stays open through a day of classes: what it keeps does not grow without end, and all of its past can
//! still be gone back to.

use kubepie_core::session::{Base, Session, Timing};
use kubepie_core::time::Instant;

const HOUR_MS: u64 = 3_600_000;

#[test]
fn eight_hours_keep_little_and_can_be_gone_back_through() {
    let mut session = Session::fresh(7, 1_795_428_000_000, Timing::LIFE, Base::default());
    for line in [
        "kubectl create deployment web --image=nginx --replicas=4",
        "kubectl create cronjob tick --image=busybox --schedule='*/1 * * * *' -- date",
        "kubectl run broken --image=busybox -- false",
    ] {
        session.submit_line(0, line);
        session.settle(60_000);
    }
    let mut marks = Vec::new();
    for hour in 1..=8 {
        session.advance_to(session.now() + 1_000);
        session.submit_line(0, &format!("kubectl scale deployment web --replicas={}", 3 + hour % 3));
        session.advance_to(Instant(hour * HOUR_MS));
        let store = &session.api().store;
        marks.push((session.hash(), store.size(), store.log.end() - store.log.start()));
    }
    // What there is after two hours is about what there is after eight, and changes of the morning are forgotten.
    let (two, eight) = (marks[1], marks[7]);
    assert!(eight.1 <= two.1 + 20, "{} objects after two hours, {} after eight", two.1, eight.1);
    assert!(marks.iter().all(|mark| mark.2 < 6_000), "changes in the log: {marks:?}");
    // An Event that was not written again for an hour is gone.
    let events = session.peek("kubectl get events -A --no-headers", 1 << 20);
    let ages: Vec<&str> = events.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    let old = |age: &&str| age.contains('h') || age.split_once('m').is_some_and(|(m, _)| m.parse::<u32>().map_or(true, |m| m > 62));
    assert!(ages.len() > 100 && !ages.iter().any(old), "{ages:?}");
    // Each hour can be gone back to, and comes to the same again.
    for hour in [8, 3, 7, 1, 8] {
        session.seek(Instant(hour * HOUR_MS));
        assert_eq!(session.hash(), marks[hour as usize - 1].0, "after {hour} hours");
    }
}

#[test]
fn what_was_printed_is_kept_up_to_a_size() {
    let mut session = Session::fresh(7, 1_795_428_000_000, Timing::LIFE, Base::default());
    session.submit_line(0, "x=$(kubectl explain pod --recursive); for i in 1 2 3 4 5 6; do x=$x$x; done; echo ${#x}");
    session.run_until_idle(0, 600_000);
    for _ in 0..90 {
        session.submit_line(0, "echo \"$x\"");
        session.run_until_idle(0, 10_000);
    }
    let bytes = |session: &Session| session.shown_since(0).map(|shown| shown.text.len()).sum::<usize>();
    assert!((8 << 20..=17 << 20).contains(&bytes(&session)), "{} bytes are kept", bytes(&session));
}
