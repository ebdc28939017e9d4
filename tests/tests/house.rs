//! The rules of CONTRIBUTING.md that a machine can see.

use kubepie_tests::sources::below;

/// Lines that a file may have before its second subject should move out.
const MOST_LINES: usize = 400;

/// Lines that a function may have before its second subject should become another.
const MOST_LINES_OF_A_FUNCTION: usize = 70;

/// Files that are longer for a reason, with the reason.
const LONGER: &[(&str, &str)] = &[];

/// Functions that are longer for a reason, with the reason.
const LONGER_FUNCTIONS: &[(&str, &str, &str)] = &[];

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

/// The functions of a source with their first lines and how many they have, as rustfmt lays them out.
fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let words = ["pub", "const", "unsafe", "async", "extern"];
        let mut rest = code.split(' ').skip_while(|word| words.iter().any(|one| word.starts_with(one)) || word.ends_with(')'));
        let (Some("fn"), Some(name)) = (rest.next(), rest.next()) else { continue };
        if code.ends_with('}') || code.ends_with(';') {
            continue;
        }
        let indent = line.len() - code.len();
        let ends = |line: &&&str| line.as_bytes().get(indent) == Some(&b'}') && line.trim_start().len() + indent == line.len();
        let Some(length) = lines.iter().skip(at).position(|line| ends(&line)) else { continue };
        let name = name.split(['(', '<']).next().unwrap_or(name);
        found.push((name.to_owned(), at + 1, length + 1));
    }
    found
}

#[test]
fn functions_do_one_thing() {
    let mut wrong = Vec::new();
    for folder in ["core/src", "web/src", "tests", "xtask/src"] {
        for source in below(folder, &[".rs"]) {
            for (name, line, length) in functions(&source.text) {
                let listed = LONGER_FUNCTIONS.iter().any(|(path, one, _)| *path == source.path && *one == name);
                if length > MOST_LINES_OF_A_FUNCTION && !listed {
                    wrong.push(format!("{}:{line}: {name} has {length} lines", source.path));
                }
                if length <= MOST_LINES_OF_A_FUNCTION && listed {
                    wrong.push(format!("{}: {name} is short enough now; take it off the list", source.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn functions_are_measured() {
    let text =
        "impl A {\n    pub(super) fn a(&self) {\n        if b {\n        }\n    }\n}\n\npub const fn c() -> u8 {\n    1\n}\nfn d() {}\n";
    assert_eq!(functions(text), [("a".to_owned(), 2, 4), ("c".to_owned(), 8, 3)]);
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
