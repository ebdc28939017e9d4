//! The rules of CONTRIBUTING.md that a machine can see.

use kubepie_tests::sources::below;

/// Lines that a file may have before its second subject should move out.
const MOST_LINES: usize = 500;

/// Files that are longer for a reason, with the reason.
const LONGER: &[(&str, &str)] = &[];

#[test]
fn every_file_says_what_lives_in_it() {
    let silent: Vec<String> =
        below("", &[".rs"]).into_iter().filter(|source| !source.text.starts_with("//! ")).map(|source| source.path).collect();
    assert!(silent.is_empty(), "no //! line: {}", silent.join(", "));
}

#[test]
fn files_are_small_rooms() {
    let mut wrong = Vec::new();
    for folder in ["core/src", "web/src", "tests", "xtask/src"] {
        for source in below(folder, &[".rs"]) {
            let lines = source.text.lines().count();
            let listed = LONGER.iter().any(|(path, _)| *path == source.path);
            if lines > MOST_LINES && !listed {
                wrong.push(format!("{} has {lines} lines: which second subject moved in?", source.path));
            }
            if lines <= MOST_LINES && listed {
                wrong.push(format!("{} is short enough now; take it off the list", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_unfinished() {
    let marks = [
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("FIX", "ME"),
        concat!("test", ".only("),
        concat!("test", ".skip("),
        concat!("#[ig", "nore"),
    ];
    let mut wrong = Vec::new();
    for source in below("", &[".rs", ".ts"]) {
        for mark in marks {
            if source.text.contains(mark) {
                wrong.push(format!("{}: {mark}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_project_knows_no_machine() {
    let marks = [concat!("/wo", "rk/"), concat!("../sha", "red"), concat!("sha", "red/transcripts"), concat!("/ro", "ot/.cargo")];
    let mut wrong = Vec::new();
    let ends = [".rs", ".ts", ".md", ".toml", ".html", ".css", ".yaml", "package.json", "run"];
    for source in below("", &ends) {
        for (number, line) in (1..).zip(source.text.lines()) {
            if marks.iter().any(|mark| line.contains(mark)) {
                wrong.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_lock_of_the_npm_packages_names_no_host() {
    for source in below("", &["package-lock.json"]) {
        assert!(!source.text.contains("\"resolved\""), "{}: strip the resolved lines", source.path);
    }
}
