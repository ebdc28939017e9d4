//! Every step of every lesson: not reached before, reached by its solution and by its other ways, not by its wrong turns;
//! both languages complete; a few minutes of typing; and the note's every line with the step where it is learnt.

use kubepie_core::lesson::prose::{Block, Span, blocks};
use kubepie_core::lesson::{Lesson, Step, Text, catalog, json, note, parse};
use kubepie_core::session::lesson_script;
use kubepie_tests::lessons::{all, begin, begin_by, screen, solve, sources, type_all};
use kubepie_tests::replay::in_parallel;
use kubepie_tests::sources::below;

/// What somebody types in a minute who looks for the keys.
const KEYS_A_MINUTE: usize = 150;

/// The longest lesson, in minutes of typing.
const LONGEST_MINUTES: usize = 5;

/// The most letters of a step's text, so that it can be read while typing.
const MOST_LETTERS: usize = 620;

fn lessons() -> Vec<Lesson> {
    let all = all();
    assert!(all.is_ok(), "{all:?}");
    all.unwrap_or_default()
}

fn texts(step: &Step) -> Vec<&Text> {
    let own = [&step.goal, &step.text, &step.done];
    own.into_iter().chain(&step.hints).chain(step.demo.as_ref().map(|demo| &demo.caption)).collect()
}

fn is_korean(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

/// The seeds by which every step is tried: a learner's page draws its own. More of them outside CI: `LESSON_SEEDS=100`.
fn seeds() -> std::ops::Range<u64> {
    7..7 + std::env::var("LESSON_SEEDS").ok().and_then(|number| number.parse().ok()).unwrap_or(2)
}

/// Lines typed after the solutions of the steps before; gives the number of reached steps.
fn reached(lesson: &Lesson, before: usize, lines: &[String], seed: u64) -> (usize, String) {
    let mut player = begin_by(lesson, 0, seed);
    solve(&mut player, before);
    let from = screen(&player).len();
    type_all(&mut player, lines);
    (player.course.step(), screen(&player).split_off(from))
}

fn judge(lesson: &Lesson, number: usize, seed: u64) -> Vec<String> {
    let Some(step) = lesson.steps.get(number) else { return Vec::new() };
    let mut wrong = Vec::new();
    let mut expect = |what: &str, lines: &[String], want: bool| {
        let (step, screen) = reached(lesson, number, lines, seed);
        if (step > number) != want {
            wrong.push(format!("{} step {}, seed {seed}: {what} {lines:?} comes to step {step}\n{screen}", lesson.id, number + 1));
        }
    };
    expect("nothing at all", &[], false);
    expect("looking around", &["kubectl get pods".to_owned()], false);
    expect("the solution", &step.solution, true);
    step.wrong.iter().for_each(|lines| expect("the wrong turn", lines, false));
    step.other.iter().for_each(|lines| expect("the other way", lines, true));
    let (after, screen) = reached(lesson, number, &step.solution, seed);
    if after > number + 1 {
        wrong.push(format!("{} step {}: the solution comes to step {after}, too far\n{screen}", lesson.id, number + 1));
    }
    wrong
}

/// What a shell or kubectl says of a line that it does not understand.
const NOT_UNDERSTOOD: &[&str] = &["command not found", "see fault --help", "unknown flag", "unknown command", "syntax error"];

#[test]
fn what_is_proposed_afterwards_is_understood() {
    let lessons = lessons();
    let wrong = in_parallel(&lessons, |lesson| {
        let mut player = begin(lesson, 0);
        solve(&mut player, lesson.steps.len());
        let from = screen(&player).len();
        let lines: Vec<String> = lesson.ideas.iter().map(|idea| idea.line.clone()).collect();
        type_all(&mut player, &lines);
        let said = screen(&player).split_off(from);
        NOT_UNDERSTOOD.iter().any(|words| said.contains(words)).then(|| format!("{}: {said}", lesson.id))
    });
    let wrong: Vec<String> = wrong.into_iter().filter_map(|(_, wrong)| wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_step_is_reached_by_its_ways_and_by_no_other() {
    let lessons = lessons();
    let steps = lessons.iter().flat_map(|lesson| (0..lesson.steps.len()).map(move |n| (lesson, n)));
    let tries: Vec<(&Lesson, usize, u64)> = steps.flat_map(|(lesson, n)| seeds().map(move |seed| (lesson, n, seed))).collect();
    let wrong: Vec<String> =
        in_parallel(&tries, |(lesson, n, seed)| judge(lesson, *n, *seed)).into_iter().flat_map(|(_, wrong)| wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_step_has_another_way_and_a_wrong_turn() {
    for lesson in lessons() {
        for (number, step) in (1..).zip(&lesson.steps) {
            assert!(!step.other.is_empty() && !step.wrong.is_empty(), "{} step {number}", lesson.id);
            assert!(!step.hints.is_empty(), "{} step {number} has no hint", lesson.id);
        }
    }
}

#[test]
fn there_are_eighteen_and_the_index_knows_them() {
    let lessons = lessons();
    let ids: Vec<&str> = lessons.iter().map(|lesson| lesson.id.as_str()).collect();
    let rows = catalog::index();
    assert_eq!(ids, rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), "write the index anew: lesson --index");
    assert!(lessons.iter().map(|lesson| lesson.number).eq(1..=18), "{ids:?}");
    for (lesson, row) in lessons.iter().zip(&rows) {
        assert_eq!((&lesson.title, lesson.steps.len()), (&row.title, row.steps), "write the index anew: lesson --index");
    }
    for ((path, _), id) in sources().iter().zip({
        let mut ids = ids.clone();
        ids.sort_unstable();
        ids
    }) {
        assert!(path.ends_with(&format!("/{id}.yaml")), "{path} holds {id}");
    }
}

#[test]
fn every_text_is_written_in_its_language_and_short() {
    let lessons = lessons();
    for lesson in &lessons {
        let all = lesson.steps.iter().flat_map(texts).chain([&lesson.title, &lesson.intro]).chain(lesson.ideas.iter().map(|i| &i.text));
        for text in all {
            let only_code = text.ko.starts_with('`') && text.ko.ends_with('`') && text.ko.matches('`').count() == 2;
            assert!(is_korean(&text.ko) || only_code, "{}: not Korean: {}", lesson.id, text.ko);
            assert!(!is_korean(&text.en), "{}: not English: {}", lesson.id, text.en);
            for (lang, one) in [("ko", &text.ko), ("en", &text.en)] {
                assert!(one.chars().count() <= MOST_LETTERS, "{} {lang}: too long to read while typing: {one}", lesson.id);
                assert!(one.matches('`').count().is_multiple_of(2), "{} {lang}: an open mark: {one}", lesson.id);
            }
        }
    }
}

#[test]
fn links_between_lessons_lead_somewhere() {
    let lessons = lessons();
    let mut links = 0;
    for lesson in &lessons {
        for text in lesson.steps.iter().flat_map(texts).flat_map(|text| [&text.ko, &text.en]) {
            let spans = blocks(text).into_iter().flat_map(|block| match block {
                Block::Paragraph(spans) => spans,
                Block::List(items) => items.concat(),
                Block::Code(_) => Vec::new(),
            });
            for span in spans {
                if let Span::Link { lesson: id, step, .. } = span {
                    links += 1;
                    let target = lessons.iter().find(|lesson| lesson.id == id);
                    let steps = target.map_or(0, |lesson| lesson.steps.len());
                    assert!(target.is_some() && step.unwrap_or(1) as usize <= steps, "{}: {id}", lesson.id);
                }
            }
        }
    }
    assert!(links > 4);
}

#[test]
fn a_lesson_is_a_few_minutes_of_typing() {
    for lesson in lessons() {
        let keys: usize = lesson.steps.iter().flat_map(|step| &step.solution).map(|line| line.chars().count() + 1).sum();
        assert!(keys <= KEYS_A_MINUTE * LONGEST_MINUTES, "{}: {keys} keys", lesson.id);
    }
}

#[test]
fn demonstrations_and_ideas_play() {
    let lessons = lessons();
    let wrong = in_parallel(&lessons, |lesson| {
        let mut wrong = Vec::new();
        for demo in lesson.steps.iter().filter_map(|step| step.demo.as_ref()) {
            let stage = Lesson { files: demo.files.clone(), setup: demo.setup.clone(), objects: String::new(), ..lesson.clone() };
            let mut player = begin(&stage, 0);
            type_all(&mut player, &demo.lines);
            if screen(&player).contains("command not found") || !player.session.is_idle(0) {
                wrong.push(format!("{}: {}", lesson.id, screen(&player)));
            }
        }
        for idea in lesson.ideas.iter().filter(|idea| !idea.line.is_empty()) {
            let mut player = begin(lesson, 0);
            solve(&mut player, lesson.steps.len());
            player.line(&idea.line);
            if screen(&player).contains("command not found") {
                wrong.push(format!("{}: {}", lesson.id, screen(&player)));
            }
        }
        wrong
    });
    let wrong: Vec<String> = wrong.into_iter().flat_map(|(_, wrong)| wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_lesson_follows_every_jump_in_time() {
    for lesson in lessons() {
        let mut player = begin(&lesson, 0);
        let Some(first) = lesson.steps.first() else { continue };
        type_all(&mut player, &first.solution);
        assert_eq!(player.course.step(), 1, "{}", lesson.id);
        for _ in 0..player.session.cursor() {
            player.session.undo();
            player.course.look(&lesson, &player.session);
        }
        assert_eq!(player.course.step(), 0, "{}: undone", lesson.id);
        type_all(&mut player, &first.solution);
        assert_eq!(player.course.step(), 1, "{}: done again", lesson.id);
        let json = player.session.export();
        let Ok(mut again) = kubepie_core::session::Session::import(&json) else { panic!("{}: cannot be read again", lesson.id) };
        again.advance_to(player.session.now());
        let course = kubepie_core::lesson::Course::new(&lesson, 0, &again);
        assert_eq!(course.step(), 1, "{}: resumed", lesson.id);
    }
}

#[test]
fn a_lesson_can_begin_at_any_step() {
    let lessons = lessons();
    let steps: Vec<(&Lesson, usize)> = lessons.iter().flat_map(|lesson| (1..lesson.steps.len()).map(move |n| (lesson, n))).collect();
    let wrong = in_parallel(&steps, |(lesson, from)| {
        let mut learner = begin(lesson, *from);
        let before = learner.course.step();
        (before != *from || learner.prove() != lesson.steps.len()).then(|| format!("{} from {from}: {}", lesson.id, screen(&learner)))
    });
    let wrong: Vec<String> = wrong.into_iter().filter_map(|(_, wrong)| wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_written_reads_the_same() {
    for lesson in lessons() {
        let text = json(&lesson);
        assert_eq!(parse::lesson(&text).as_ref(), Ok(&lesson), "{text}");
    }
}

#[test]
fn every_line_of_the_note_is_learnt_somewhere() {
    let files = below("core/data", &["note.yaml"]);
    let Some(file) = files.first() else { panic!("there is no note") };
    let lines = match note::parse(&file.text) {
        Ok(lines) => lines,
        Err(why) => panic!("{why:?}"),
    };
    let lessons = lessons();
    assert!(lines.len() > 30 && lines.iter().filter(|line| !line.command.is_empty()).count() >= 12);
    for line in &lines {
        assert!(is_korean(&line.says.ko) && !is_korean(&line.says.en), "{}", line.says.en);
        let lesson = lessons.iter().find(|lesson| lesson.id == line.lesson);
        let step = lesson.and_then(|lesson| lesson.steps.get(line.step.checked_sub(1)?));
        let Some(step) = step else { panic!("{}/{}: there is no such step: {}", line.lesson, line.step, line.says.en) };
        let demo = step.demo.as_ref().map(|demo| demo.lines.as_slice()).unwrap_or_default();
        let typed = step.solution.iter().chain(step.wrong.iter().flatten()).chain(step.other.iter().flatten()).chain(demo);
        let told = [&step.text.ko, &step.text.en];
        let there = typed.chain(told).any(|text| text.contains(line.command.as_str()));
        assert!(there, "{}/{} does not have {:?}", line.lesson, line.step, line.command);
    }
}

#[test]
fn a_script_for_a_real_cluster_touches_nothing_else() {
    for lesson in lessons() {
        let script = lesson_script(&lesson, &|text| text.en.clone());
        let mut inside: Option<String> = None;
        for line in script.lines().filter(|line| !line.starts_with('#')) {
            if let Some(end) = &inside {
                inside = if line == end { None } else { inside };
                continue;
            }
            inside = line.split_once("<<'").map(|(_, end)| end.trim_end_matches('\'').to_owned());
            let known = ["kubectl ", "set -u", "cd \"$(mktemp", "cat ", "sed ", "for ", "curl ", "sleep ", "IP="];
            assert!(line.is_empty() || known.iter().any(|word| line.starts_with(word)), "{}: {line}\n{script}", lesson.id);
        }
        assert_eq!(inside, None, "{}: {script}", lesson.id);
    }
}
