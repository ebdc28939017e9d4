//! The arrows between modules go one way: ARCHITECTURE.md draws them, this test holds `use` to them.

use kubepie_tests::sources::below;

/// What the code of each module of the core may name, besides itself.
const ARROWS: &[(&str, &[&str])] = &[
    ("shared", &[]),
    ("time", &["shared"]),
    ("arrange", &[]),
    ("text", &["arrange"]),
    ("history", &[]),
    ("object", &["arrange", "shared", "time", "text"]),
    ("api", &["object", "history", "arrange", "shared", "time", "text"]),
    ("control", &["api", "object", "history", "arrange", "shared", "time", "text"]),
    ("scheduler", &["api", "object", "history", "arrange", "shared", "time", "text"]),
    ("kubelet", &["api", "object", "history", "arrange", "shared", "time", "text"]),
    ("bring", &["kubelet", "api", "object", "history", "arrange", "shared", "time", "text"]),
    ("sim", &["bring", "control", "scheduler", "kubelet", "api", "object", "history", "arrange", "shared", "time", "text"]),
    ("kubectl", &["api", "object", "history", "arrange", "shared", "time", "text"]),
    ("shell", &["kubectl", "api", "object", "history", "arrange", "shared", "time", "text"]),
    ("lesson", &["object", "api", "history", "arrange", "shared", "time", "text"]),
    (
        "session",
        &["lesson", "sim", "bring", "scheduler", "shell", "kubectl", "api", "object", "history", "arrange", "shared", "time", "text"],
    ),
];

/// What the page may name of the core.
const PAGE: &[&str] = &["session", "lesson", "time"];

/// The module that a file of the core belongs to: the first part of its path below `src`.
fn module_of(path: &str) -> &str {
    let below_src = path.strip_prefix("core/src/").unwrap_or(path);
    let first = below_src.split('/').next().unwrap_or(below_src);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// The part of a file that is not a test: up to the module of its tests, without comments.
fn code(text: &str) -> Vec<(usize, &str)> {
    let tests = |(number, line): &(usize, &str)| {
        let next = text.lines().nth(*number).unwrap_or_default();
        line.trim() == "#[cfg(test)]" && next.ends_with('{')
    };
    (1..)
        .zip(text.lines())
        .take_while(|line| !tests(line))
        .map(|(number, line)| (number, line.split("//").next().unwrap_or_default()))
        .collect()
}

/// The names that follow `prefix` in a line, `{a, b}` taken apart.
fn named(line: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for after in line.split(prefix).skip(1) {
        if let Some(list) = after.strip_prefix('{') {
            let mut depth = 0usize;
            let mut name = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => names.push(std::mem::take(&mut name)),
                    _ if depth == 0 => name.push(c),
                    _ => {}
                }
            }
            names.push(name);
        } else {
            names.push(after.to_owned());
        }
    }
    names
        .iter()
        .map(|name| name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
        .filter(|name| !name.is_empty() && name.chars().all(|c| !c.is_uppercase()))
        .collect()
}

/// A `use` that goes over several lines as one, with the number of its first.
fn joined(lines: Vec<(usize, &str)>) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (number, line) in lines {
        match out.last_mut() {
            Some((_, whole)) if open => whole.push_str(line.trim()),
            _ => out.push((number, line.to_owned())),
        }
        let whole = out.last().map_or("", |(_, whole)| whole.as_str());
        let is_use = ["use ", "pub use ", "pub(crate) use "].iter().any(|word| whole.trim_start().starts_with(word));
        open = is_use && !whole.contains(';');
    }
    out
}

#[test]
fn the_core_follows_the_arrows() {
    let mut wrong = Vec::new();
    for source in below("core/src", &[".rs"]) {
        let module = module_of(&source.path);
        if module == "lib" || source.path.ends_with("/tests.rs") {
            continue;
        }
        let Some((_, may)) = ARROWS.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{}: module {module} is not in the table", source.path));
            continue;
        };
        // A chain of `super` as long as the path leads out of the module.
        let depth = source.path.matches('/').count() - 1 - usize::from(source.path.ends_with("/mod.rs"));
        let out_of_module = format!("use {}", "super::".repeat(depth));
        for (number, line) in joined(code(&source.text)) {
            for name in named(&line, "crate::") {
                if name != module && !may.contains(&name.as_str()) {
                    wrong.push(format!("{}:{number}: {module} uses {name}", source.path));
                }
            }
            if line.starts_with(&out_of_module) {
                wrong.push(format!("{}:{number}: say crate::, not super::", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_page_and_the_tests_use_the_front_door_only() {
    let mut wrong = Vec::new();
    for folder in ["web/src", "tests/src", "tests/tests"] {
        for source in below(folder, &[".rs"]) {
            for (number, line) in joined(code(&source.text)) {
                for name in named(&line, "kubepie_core::") {
                    if !PAGE.contains(&name.as_str()) {
                        wrong.push(format!("{}:{number}: uses {name}", source.path));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_no_way_round() {
    // A module stands below all that may name it, so the order of the rows is the proof.
    for (row, (name, may)) in ARROWS.iter().enumerate() {
        for used in *may {
            assert!(ARROWS.iter().take(row).any(|(other, _)| other == used), "{name} uses {used}");
        }
    }
}

#[test]
fn names_are_found_in_every_spelling_of_use() {
    assert_eq!(named("use crate::api::Store;", "crate::"), ["api"]);
    assert_eq!(named("use crate::{api::{Store, watch}, object, text::yaml};", "crate::"), ["api", "object", "text"]);
    assert_eq!(named("let x = crate::time::Instant::ZERO;", "crate::"), ["time"]);
    let several = vec![(1, "use crate::{"), (2, "    api,"), (3, "    sim,"), (4, "};")];
    assert_eq!(named(&joined(several)[0].1, "crate::"), ["api", "sim"]);
}

#[test]
fn tests_in_another_file_do_not_end_the_code() {
    let text = "#[cfg(test)]\nmod tests;\nuse crate::api;\n#[cfg(test)]\nmod more {\n    use crate::sim;\n}\n";
    let lines: Vec<usize> = code(text).iter().map(|(number, _)| *number).collect();
    assert_eq!(lines, [1, 2, 3]);
}
