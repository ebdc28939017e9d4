//! What must hold in every history: random clusters, commands and faults; a failing history is made as short as it gets.
//! `HISTORIES=100000 cargo test --release -p kubepie-tests --test histories` tries more of them.

use kubepie_core::session::Session;
use kubepie_core::time::Instant;
use kubepie_tests::histories::{self, History};
use kubepie_tests::promises::{Promises, is_calm, owners_exist};
use kubepie_tests::random::Random;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many histories are tried.
const HISTORIES: u64 = 500;

/// Between two looks at the log, in simulated milliseconds.
const LOOK_MS: u64 = 500;

/// More steps than that for one look mean that controllers fight.
const MOST_STEPS: u32 = 200_000;

/// Every so many histories, what is slow is checked too.
const SELDOM: u64 = 20;

fn go_on(session: &mut Session, promises: &mut Promises, until: Instant) -> Result<(), String> {
    while session.now() < until {
        let next = (session.now() + LOOK_MS).min(until);
        if session.advance(next, MOST_STEPS) == 0 {
            return Err(format!("half a second takes more than {MOST_STEPS} steps"));
        }
        promises.look(session)?;
    }
    Ok(())
}

/// Plays a history and holds the cluster against every promise.
fn hold(history: &History) -> Result<(), String> {
    let mut session = history.session();
    let mut promises = Promises::default();
    promises.look(&session)?;
    for typed in &history.lines {
        session.submit_line(0, &typed.line);
        let patience = session.now() + 60_000;
        while !session.is_idle(0) && session.now() < patience {
            let next = session.next_at().unwrap_or(patience).min(session.now() + LOOK_MS).max(session.now() + 1);
            go_on(&mut session, &mut promises, next)?;
        }
        let until = session.now() + typed.wait_ms;
        go_on(&mut session, &mut promises, until)?;
        if session.at_rest() && is_calm(&session) {
            promises.rest();
        }
    }
    let until = session.now() + 20_000;
    go_on(&mut session, &mut promises, until)?;
    owners_exist(&session)?;
    if history.seed.is_multiple_of(SELDOM) {
        replay_equals_live(&session)?;
        going_back_equals_live(&mut session, history.seed)?;
        rest_writes_nothing(&mut session)?;
    }
    Ok(())
}

fn replay_equals_live(session: &Session) -> Result<(), String> {
    let mut again = Session::import(&session.export()).map_err(|why| format!("{why:?}"))?;
    again.advance_to(session.now());
    if again.hash() == session.hash() { Ok(()) } else { Err("a replay of the log comes to another state".to_owned()) }
}

fn going_back_equals_live(session: &mut Session, seed: u64) -> Result<(), String> {
    let (hash, end) = (session.hash(), session.now());
    let mut random = Random::new(seed);
    for _ in 0..2 {
        let at = Instant(random.below(end.as_ms() + 1));
        session.seek(at);
        session.seek(end);
        if session.hash() != hash {
            return Err(format!("from {} ms on the cluster comes to another state", at.as_ms()));
        }
    }
    Ok(())
}

/// A settled cluster writes nothing for an hour but its leases.
fn rest_writes_nothing(session: &mut Session) -> Result<(), String> {
    if !is_calm(session) {
        return Ok(());
    }
    let minutes = 60 * 1000;
    session.advance_to(session.now() + 10 * minutes);
    let mut from = session.api().store.log.end();
    for _ in 0..12 {
        session.advance_to(session.now() + 5 * minutes);
        let log = &session.api().store.log;
        if let Some(change) = log.since(from).find(|c| !matches!(&*c.object.ty.kind, "Lease" | "Event")) {
            return Err(format!("a settled cluster writes {} {}", change.object.ty.kind, change.object.name()));
        }
        from = log.end();
    }
    Ok(())
}

/// The shortest history that still fails, found by leaving lines out one after another.
fn shrunk(mut history: History) -> History {
    let mut number = 0;
    while number < history.lines.len() {
        let mut shorter = history.clone();
        shorter.lines.remove(number);
        if hold(&shorter).is_err() {
            history = shorter;
        } else {
            number += 1;
        }
    }
    history
}

#[test]
fn every_history_keeps_the_promises() {
    let count = std::env::var("HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(HISTORIES);
    let first = std::env::var("FIRST").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let next = AtomicU64::new(first);
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let play = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                return None;
            }
            let history = histories::of(seed);
            if hold(&history).is_err() {
                return Some(history);
            }
        }
    };
    let broken = std::thread::scope(|scope| {
        let all: Vec<_> = (0..workers).map(|_| scope.spawn(play)).collect();
        all.into_iter().find_map(|t| t.join().unwrap())
    });
    if let Some(history) = broken {
        let (seed, workers) = (history.seed, history.workers);
        let history = shrunk(history);
        let why = hold(&history).unwrap_err();
        let lines: Vec<String> = history.lines.iter().map(|typed| format!("{} # then {} ms", typed.line, typed.wait_ms)).collect();
        panic!("seed {seed}, {workers} workers: {why}\n{}", lines.join("\n"));
    }
}
