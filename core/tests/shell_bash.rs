//! The shell against the real bash and GNU tools of this machine, line by line: output, errors and exit codes.
//! Skipped where there is no bash.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;

use kubepie_core::shell::{Host, Output, ProcessContext, Setup, Shell, Started, Stream, Wake};
use kubepie_core::text::fs::FileSystem;
use kubepie_core::time::Instant;

struct NoHost;

impl Host for NoHost {
    fn start(&mut self, _: &str, _: &[String], _: &mut ProcessContext<'_>) -> Option<Started> {
        None
    }

    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }

    fn epoch_s(&self) -> i64 {
        1_750_000_000
    }
}

/// What each line finds in its directory.
const FILES: &[(&str, &str)] = &[
    ("fruit.txt", "apple 3\nbanana 12\ncherry 7\napple 3\n"),
    (
        "pods.txt",
        "NAME        READY   STATUS    RESTARTS   AGE\nweb-1       1/1     Running   0          3s\nweb-2       0/1     Pending   12         14m\ndb-0        1/1     Running   2          5d\n",
    ),
    ("a.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n  - image: nginx:1.26\n    name: nginx\n"),
    ("nonl.txt", "no newline"),
    ("sub/one", "1\n"),
    ("sub/two", "2\n"),
    (".hidden", "h\n"),
];

fn ours(line: &str) -> (String, String, i32) {
    let mut fs = FileSystem::new();
    for dir in ["/w", "/tmp", "/root", "/dev"] {
        fs.make_dirs(dir, 0).unwrap();
    }
    for (name, text) in FILES {
        fs.install(&format!("/w/{name}"), text, 0).unwrap();
    }
    let mut shell = Shell::new(Setup { cwd: "/w".into(), ..Setup::login(false) });
    shell.run_line(line);
    let mut output = Output::default();
    let mut now = Instant(0);
    for _ in 0..10_000 {
        let status = shell.poll(now, &mut fs, &mut NoHost, &mut output);
        match status.wake.and_then(Wake::at) {
            Some(at) => now = now.max(at),
            None => break,
        }
    }
    (output.text(Stream::Out), output.text(Stream::Err), shell.last_status())
}

fn real(line: &str) -> (String, String, i32) {
    let dir = tempdir();
    for (name, text) in FILES {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let output = Command::new("bash")
        .args(["-c", line])
        .current_dir(&dir)
        .env_clear()
        .envs([("HOME", "/root"), ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), ("LANG", "C"), ("TZ", "UTC")])
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let inside = dir.to_string_lossy().into_owned();
    std::fs::remove_dir_all(&dir).ok();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&inside, "/w");
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap_or(-1))
}

fn tempdir() -> std::path::PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let dir = std::env::temp_dir().join(format!("kubepie-shell-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn compare(name: &str) {
    if Command::new("bash").arg("--version").output().is_err() {
        eprintln!("no bash here: skipped");
        return;
    }
    let text = std::fs::read_to_string(format!("{}/tests/shell/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut failed = 0;
    let mut count = 0;
    // Cases are set apart by a line of `---`; or stand one to a line.
    let cases: Vec<&str> = if text.contains("\n---\n") { text.split("\n---\n").collect() } else { text.lines().collect() };
    for case in cases {
        let case = case.trim_matches('\n');
        if case.is_empty() || case.starts_with("#:") {
            continue;
        }
        count += 1;
        let (expected, found) = (real(case), ours(case));
        if expected != found {
            failed += 1;
            eprintln!("{case}\n  bash:    {expected:?}\n  kubepie: {found:?}");
        }
    }
    assert_eq!(failed, 0, "of {count} lines of {name}");
}

#[test]
fn language() {
    compare("language.txt");
}

#[test]
fn several_lines() {
    compare("several.txt");
}

#[test]
fn tools() {
    compare("tools.txt");
}

#[test]
fn awk() {
    compare("awk.txt");
}
