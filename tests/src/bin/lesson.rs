//! `lesson ID…`: plays the solutions of lessons and prints what the terminal shows; for whoever writes a lesson.
//!
//! `lesson --wrong ID STEP` plays the wrong turns of a step, `lesson --other ID STEP` its other ways,
//! `lesson --demo ID STEP` its demonstration, `lesson --index` prints the index, `lesson --try LINE…` types lines.

use kubepie_core::lesson::{Lesson, Text};
use kubepie_tests::lessons::{all, begin, screen, solve as solve_steps, type_all};
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("lesson: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<(), String> {
    let lessons = all()?;
    let find = |id: &String| lessons.iter().find(|l| l.id == *id).ok_or_else(|| format!("there is no lesson {id}"));
    match words {
        [flag] if flag == "--index" => index(&lessons),
        [flag, lines @ ..] if flag == "--try" => play(lessons.first().ok_or("no lesson")?, 0, lines),
        [flag, id, step] if flag.starts_with("--") => {
            let lesson = find(id)?;
            let number: usize = step.parse().map_err(|_| format!("{step} is no number"))?;
            let before = number.saturating_sub(1);
            let step = lesson.steps.get(before).ok_or("there is no such step")?;
            match flag.as_str() {
                "--demo" => {
                    let demo = step.demo.clone().ok_or("it has no demonstration")?;
                    let stage = Lesson { files: demo.files, setup: demo.setup, objects: String::new(), ..lesson.clone() };
                    play(&stage, 0, &demo.lines);
                }
                "--other" => step.other.iter().for_each(|lines| play(lesson, before, lines)),
                _ => step.wrong.iter().for_each(|lines| play(lesson, before, lines)),
            }
        }
        ids => {
            for id in ids {
                solve(find(id)?);
            }
        }
    }
    Ok(())
}

fn index(lessons: &[Lesson]) {
    println!("# id | steps | Korean title | English title");
    for lesson in lessons {
        let Text { ko, en } = &lesson.title;
        println!("{} | {} | {ko} | {en}", lesson.id, lesson.steps.len());
    }
}

fn play(lesson: &Lesson, before: usize, lines: &[String]) {
    let mut player = begin(lesson, 0);
    solve_steps(&mut player, before);
    let skip = screen(&player).len();
    type_all(&mut player, lines);
    println!("{}", screen(&player).get(skip..).unwrap_or_default());
    let (met, of) = player.course.met();
    println!(
        "=== step {} of {}, {met} of {of} checks, {} s\n",
        player.course.step(),
        lesson.steps.len(),
        player.session.now().as_ms() / 1000
    );
}

fn solve(lesson: &Lesson) {
    let mut player = begin(lesson, 0);
    println!("======== {} (begins at step {})", lesson.id, player.course.step());
    let mut shown = 0;
    for (number, step) in lesson.steps.iter().enumerate() {
        for line in &step.solution {
            player.line(line);
            let text = screen(&player);
            print!("{}", text.get(shown..).unwrap_or_default());
            shown = text.len();
        }
        let (met, of) = player.course.met();
        let verdict = if player.course.step() == number + 1 { "reached" } else { "NOT REACHED" };
        println!(
            "\n=== step {} {verdict}; at {}, {met} of {of}; {} s",
            number + 1,
            player.course.step(),
            player.session.now().as_ms() / 1000
        );
    }
}
