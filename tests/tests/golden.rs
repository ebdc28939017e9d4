//! Links that were made by each version of the engine go on working: they open, run, and come to the end they say.
//! `cargo xtask golden` makes those of this version; where a later engine comes to another end on purpose, a row says why.

use kubepie_core::lesson::parse;
use kubepie_core::session::{Learner, Session};
use kubepie_core::time::Instant;
use kubepie_tests::golden::{Golden, folder};
use kubepie_tests::link;

fn hold(golden: &Golden) -> Result<(), String> {
    if let Some(steps) = golden.steps {
        let text = link::unpack("l=1.", &golden.link).map_err(|bad| format!("{bad:?}"))?;
        let lesson = parse::lesson(&text).map_err(|why| format!("{why:?}"))?;
        let reached = Learner::new(&lesson, 0, 1_795_428_000_000).prove();
        return if reached == steps { Ok(()) } else { Err(format!("{reached} steps are reached, not {steps}")) };
    }
    let scenario = link::read(&golden.link).ok_or("it is no link")?.map_err(|bad| format!("{bad:?}"))?;
    if scenario.hash != golden.hash {
        return Err("the link says another hash than its row".to_owned());
    }
    let mut session = Session::new(scenario.clone());
    session.advance_to(Instant(scenario.end_ms));
    if session.cursor() != scenario.inputs.len() {
        return Err("not all of its inputs came".to_owned());
    }
    let same = format!("{:016x}", session.hash()) == golden.hash;
    match (same, &golden.differs) {
        (true, None) | (false, Some(_)) => Ok(()),
        (true, Some(_)) => Err("it comes to the same end again: take the reason off its row".to_owned()),
        (false, None) => Err(format!("it comes to another end:\n  then {:?}\n  now  {:?}", scenario.reaches, session.reaches())),
    }
}

#[test]
fn links_of_every_version_still_work() {
    let mut files: Vec<_> = std::fs::read_dir(folder()).unwrap().flatten().map(|entry| entry.path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let mut wrong = Vec::new();
    for file in files {
        let version = file.file_stem().unwrap().to_string_lossy().into_owned();
        let rows: Vec<Golden> = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert!(rows.len() >= 10, "{version} has only {} links", rows.len());
        wrong.extend(rows.iter().filter_map(|row| hold(row).err().map(|why| format!("{version}, {}: {why}", row.name))));
    }
    let hint = "cargo xtask golden makes the links of a version that nobody has yet; for another, say why in \"differs\"";
    assert!(wrong.is_empty(), "{}\n{hint}", wrong.join("\n"));
}
