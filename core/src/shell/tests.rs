//! Lines and what they print, with a host that knows `kubectl` as far as the tests need it.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::any::Any;

use super::process::*;
use super::setup::Setup;
use super::shell::{Shell, ShellState};
use crate::text::fs::FileSystem;
use crate::time::Instant;

#[derive(Default)]
struct FakeHost {
    abandoned: usize,
}

/// Prints a line each second; ends after so many.
#[derive(Clone)]
struct Ticker {
    next: Instant,
    left: usize,
    count: usize,
}

impl Process for Ticker {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        while self.left > 0 && io.now >= self.next {
            self.count += 1;
            self.left -= 1;
            self.next = Instant(self.next.0 + 1000);
            let line = alloc::format!("tick {}\n", self.count);
            io.out(&line);
        }
        if self.left == 0 { Poll::Done(0) } else { Poll::Wait(Wake::AtOrChange(self.next)) }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }

    fn abandon(&mut self, host: &mut dyn Host) {
        if let Some(host) = host.as_any_mut().downcast_mut::<FakeHost>() {
            host.abandoned += 1;
        }
    }
}

/// `kubectl apply -f -`: prints its whole input when it is there.
#[derive(Clone)]
struct Apply;

impl Process for Apply {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        match io.stdin.take_all() {
            Some(text) => {
                let line = alloc::format!("applied {} bytes\n{text}", text.len());
                io.out(&line);
                Poll::Done(0)
            }
            None => Poll::Wait(Wake::Input),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

impl Host for FakeHost {
    fn start(&mut self, program: &str, args: &[String], io: &mut ProcessContext<'_>) -> Option<Started> {
        let words: Vec<&str> = args.iter().map(String::as_str).collect();
        if program != "kubectl" {
            return None;
        }
        Some(match words.as_slice() {
            ["watch", count] => Started::Run(Box::new(Ticker { next: Instant(io.now.0), left: count.parse().unwrap(), count: 0 })),
            ["apply"] => Started::Run(Box::new(Apply)),
            ["config"] => {
                let text = alloc::format!("{}\n", io.env.get("KUBECONFIG").unwrap_or("default"));
                io.out(&text);
                Started::Done(0)
            }
            ["both"] => {
                io.out("one\n");
                io.err("two\n");
                io.out("three\n");
                Started::Done(3)
            }
            words => {
                for word in words {
                    io.out(&alloc::format!("[{word}]"));
                }
                io.out("\n");
                Started::Done(0)
            }
        })
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn programs(&self) -> Vec<(&'static str, &'static str)> {
        alloc::vec![("kubectl", "controls the cluster")]
    }

    fn epoch_s(&self) -> i64 {
        1_750_000_000
    }

    fn complete(&mut self, words: &[String], _cwd: &str) -> Vec<String> {
        ["get", "describe", "delete"]
            .iter()
            .filter(|verb| verb.starts_with(words.last().map_or("", String::as_str)))
            .map(|verb| verb.to_string())
            .collect()
    }
}

struct Bench {
    shell: Shell,
    fs: FileSystem,
    host: FakeHost,
    now: Instant,
    out: Output,
}

impl Bench {
    fn new(interactive: bool) -> Bench {
        let mut fs = FileSystem::new();
        for dir in ["/root", "/tmp", "/dev"] {
            fs.make_dirs(dir, 0).unwrap();
        }
        Bench { shell: Shell::new(Setup::login(interactive)), fs, host: FakeHost::default(), now: Instant(0), out: Output::default() }
    }

    fn poll(&mut self) -> super::shell::ShellStatus {
        self.shell.poll(self.now, &mut self.fs, &mut self.host, &mut self.out)
    }

    /// Polls until nothing runs, letting time pass as needed but not beyond `until`.
    fn settle(&mut self, until: u64) -> ShellState {
        for _ in 0..100_000 {
            let status = self.poll();
            let Some(at) = status.wake.and_then(Wake::at).filter(|at| at.0 <= until) else { return status.state };
            self.now = self.now.max(at);
        }
        panic!("does not settle");
    }

    fn run(&mut self, line: &str) -> (String, String, i32) {
        self.shell.run_line(line);
        self.settle(self.now.0 + 3_600_000);
        let found = (self.out.text(Stream::Out), self.out.text(Stream::Err), self.shell.last_status());
        self.out.take();
        found
    }
}

#[track_caller]
pub(super) fn check(line: &str, out: &str, err: &str, code: i32) {
    let mut bench = Bench::new(false);
    assert_eq!(bench.run(line), (out.to_string(), err.to_string(), code), "{line}");
}

#[track_caller]
fn shows(line: &str, out: &str) {
    check(line, out, "", 0);
}

#[test]
fn programs_of_the_host() {
    shows("kubectl get pods", "[get][pods]\n");
    shows("kubectl patch -p '{\"a\": \"b c\"}'", "[patch][-p][{\"a\": \"b c\"}]\n");
    shows("KUBECONFIG=/none kubectl config; kubectl config", "/none\ndefault\n");
    shows("export KUBECONFIG=x; kubectl config", "x\n");
    check("kubectl both", "one\nthree\n", "two\n", 3);
    shows("kubectl both 2>&1 | cat", "one\ntwo\nthree\n");
    check("kubectl both > /tmp/o 2> /tmp/e; cat /tmp/o", "one\nthree\n", "", 0);
    shows("kubectl get $(echo pods nodes) \"$(echo a b)\"", "[get][pods][nodes][a b]\n");
    check("kubeclt get pods", "", "bash: line 1: kubeclt: command not found\n", 127);
    shows("cat <<EOF | kubectl apply\na: $((1+1))\nEOF", "applied 5 bytes\na: 2\n");
    shows("kubectl apply <<'EOF'\na: $x\nEOF", "applied 6 bytes\na: $x\n");
    shows("echo hi | kubectl apply", "applied 3 bytes\nhi\n");
}

#[test]
fn pending_processes() {
    shows("kubectl watch 2 | grep 2", "tick 2\n");
    check("timeout 2.5 kubectl watch 10", "tick 1\ntick 2\ntick 3\n", "", 124);
    shows("timeout 6 kubectl watch 10 | head -3", "tick 1\ntick 2\ntick 3\n");
    shows("(sleep 1; kubectl get a) >/tmp/x & timeout 3 kubectl watch 10; wait; cat /tmp/x", "tick 1\ntick 2\ntick 3\n[get][a]\n");
    shows("for i in 1 2; do kubectl watch 1; sleep 1; done", "tick 1\ntick 1\n");
    shows("x=$(sleep 2; echo late); echo $x $SECONDS", "late 2\n");
    shows("sleep 3 & sleep 1; echo $SECONDS; wait; echo $SECONDS", "1\n3\n");
    shows("timeout 2 kubectl watch 9 --no-headers | wc -l", "1\n");
    shows("kubectl watch 2 | while read a b; do echo $b; done", "1\n2\n");
    shows("while true; do echo y; done | head -2", "y\ny\n");
}

#[test]
fn clones_go_their_own_way() {
    let mut bench = Bench::new(false);
    bench.shell.run_line("for i in a b c; do echo $i $(sleep 1; echo done); done | cat");
    bench.settle(1_500);
    let (mut shell, mut fs, mut out) = (bench.shell.clone(), bench.fs.clone(), Output::default());
    bench.settle(10_000);
    assert_eq!(bench.out.text(Stream::Out), "a done\nb done\nc done\n");
    let mut host = FakeHost::default();
    let mut now = Instant(1_500);
    for _ in 0..100 {
        let status = shell.poll(now, &mut fs, &mut host, &mut out);
        match status.wake.and_then(Wake::at) {
            Some(at) => now = at,
            None => break,
        }
    }
    assert_eq!(out.text(Stream::Out), "b done\nc done\n");
}

#[test]
fn a_loop_without_end_gives_way() {
    let mut bench = Bench::new(true);
    bench.shell.run_line("while true; do :; done");
    for _ in 0..20 {
        let status = bench.poll();
        assert_eq!(status.state, ShellState::Running);
        bench.now = status.wake.and_then(Wake::at).unwrap();
    }
    bench.shell.interrupt(bench.now, &mut bench.fs, &mut bench.host, &mut bench.out);
    assert_eq!(bench.poll().state, ShellState::Ready);
    assert_eq!(bench.shell.last_status(), 130);
    bench.run("echo ok");
}

#[test]
fn interrupts() {
    let mut bench = Bench::new(true);
    bench.shell.run_line("kubectl watch 100 | cat");
    bench.settle(2_500);
    assert_eq!(bench.out.text(Stream::Out), "tick 1\ntick 2\ntick 3\n");
    bench.shell.interrupt(bench.now, &mut bench.fs, &mut bench.host, &mut bench.out);
    assert_eq!(bench.host.abandoned, 1);
    assert_eq!(bench.settle(5_000), ShellState::Ready);
    assert_eq!(bench.run("echo $?").0, "tick 1\ntick 2\ntick 3\n130\n");
}

#[test]
fn a_terminal() {
    let mut bench = Bench::new(true);
    bench.shell.run_line("echo 'a");
    assert_eq!(bench.poll().state, ShellState::More);
    bench.shell.run_line("b'");
    assert_eq!(bench.poll().state, ShellState::Ready);
    assert_eq!(bench.out.text(Stream::Out), "a\nb\n");
    bench.out.take();
    for (begun, ended, printed) in [("echo c \\", "  d", "c d\n"), ("echo 'e\\", "f'", "e\\\nf\n"), ("echo \"g\\", "h\"", "gh\n")] {
        bench.shell.run_line(begun);
        assert_eq!(bench.poll().state, ShellState::More, "{begun}");
        bench.shell.run_line(ended);
        assert_eq!(bench.poll().state, ShellState::Ready);
        assert_eq!(bench.out.text(Stream::Out), printed);
        bench.out.take();
    }
    let long = ["cat <<-END | wc -l\n", &"x\n\n".repeat(20_000), "\tEND\necho after"].concat();
    assert_eq!(bench.run(&long).0, "40000\nafter\n");
    assert_eq!(bench.run("cat <<''\none\n\necho two").0, "one\ntwo\n");
    assert_eq!(bench.run("# a comment \\").0, "");
    assert_eq!(bench.run("alias k=kubectl\nk get po").0, "[get][po]\n");
    assert_eq!(bench.run("k !!").1, "");
    assert_eq!(bench.run("echo | | x").1, "bash: syntax error near unexpected token `|'\n");
    assert_eq!(bench.run("nope").1, "bash: nope: command not found\n");
    // A command that reads gets the lines typed after it.
    bench.shell.run_line("cat");
    bench.poll();
    bench.shell.run_line("typed");
    bench.poll();
    assert_eq!(bench.out.text(Stream::Out), "typed\n");
    bench.shell.end_of_input();
    assert_eq!(bench.poll().state, ShellState::Ready);
    bench.out.take();
    assert_eq!(bench.run("echo still here").0, "still here\n");
    assert!(bench.run("sleep 5 &").1.starts_with("[1] "));
    bench.settle(bench.now.0 + 10_000);
    assert!(bench.run("true").1.contains("Done"), "{:?}", bench.out);
    bench.shell.run_line("bash");
    bench.poll();
    bench.shell.run_line("cd /tmp");
    bench.shell.run_line("pwd");
    bench.shell.run_line("exit 4");
    bench.poll();
    assert_eq!(bench.out.text(Stream::Out), "/tmp\n");
    assert_eq!(bench.shell.cwd(), "/root");
    assert_eq!(bench.shell.last_status(), 4);
    bench.shell.end_of_input();
    assert_eq!(bench.poll().state, ShellState::Exited(4));
}

#[test]
fn completion() {
    let mut bench = Bench::new(true);
    bench.run("alias k=kubectl; mkdir dir; touch 'a file' app.yaml");
    let mut at = |line: &str| {
        let found = super::complete::complete(line, line.len(), bench.shell.known(), &bench.fs, &mut bench.host);
        (found.start, found.choices.join(" "))
    };
    assert_eq!(at("kube"), (0, "kubectl".to_string()));
    assert_eq!(at("k de"), (2, "describe delete".to_string()));
    assert_eq!(at("cat a"), (4, "a\\ file app.yaml".to_string()));
    assert_eq!(at("cat app.yaml | gr"), (15, "grep".to_string()));
    assert_eq!(at("cd "), (3, "dir/".to_string()));
    assert_eq!(at("ls > ap"), (5, "app.yaml".to_string()));
    bench.run("kk() { kubectl \"$@\"; }; complete -o default -F __start_kubectl kk");
    let found = super::complete::complete("kk de", 5, bench.shell.known(), &bench.fs, &mut bench.host);
    assert_eq!(found.choices, ["describe", "delete"]);
}

#[test]
fn an_interactive_shell_reads_its_rc_file_first() {
    let mut bench = Bench::new(true);
    bench.run("echo 'alias hi=\"echo hello\"' > ~/.bashrc");
    let mut later = Bench { fs: bench.fs, ..Bench::new(true) };
    assert_eq!(later.run("hi").0, "hello\n");
}
