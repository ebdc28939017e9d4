//! A shell as a process: `sh -c '…'`, a script, `sh` in a container, the command line of `watch` and of an editor.

use alloc::boxed::Box;
use alloc::string::String;

use super::process::{Env, Host, Io, OnInterrupt, Output, Pipe, Poll, Process, Stream, Wake};
use super::setup::Setup;
use super::shell::{Shell, ShellState};

/// A shell that runs inside another process's place.
#[derive(Clone)]
pub struct ShellProcess {
    shell: Shell,
    /// It ends when its text has been run.
    once: bool,
    /// It shows prompts.
    prompts: bool,
    prompted: bool,
    interrupted: bool,
}

impl ShellProcess {
    /// A shell that runs a text and ends: `sh -c text name args…`.
    pub fn command(text: &str, setup: Setup) -> ShellProcess {
        let mut shell = Shell::new(Setup { interactive: false, reads_input: false, ..setup });
        shell.run_line(text);
        ShellProcess { shell, once: true, prompts: false, prompted: false, interrupted: false }
    }

    /// A shell that reads its lines from standard input: with prompts if a person types.
    pub fn reading(setup: Setup, interactive: bool) -> ShellProcess {
        let shell = Shell::new(Setup { interactive, reads_input: true, ..setup });
        ShellProcess { shell, once: false, prompts: interactive, prompted: false, interrupted: false }
    }
}

impl Process for ShellProcess {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let Io { context: io, host } = io;
        self.shell.set_nesting(io.nesting + 1);
        if self.interrupted {
            self.interrupted = false;
            self.shell.interrupt(io.now, io.fs, *host, io.output);
            io.output.write(Stream::Err, "\n");
            self.prompted = false;
        }
        let unread = io.stdin.peek().len();
        let own = self.shell.swap_input(core::mem::take(io.stdin));
        let status = self.shell.poll(io.now, io.fs, *host, io.output);
        *io.stdin = self.shell.swap_input(own);
        if io.stdin.peek().len() != unread {
            self.prompted = false;
        }
        match status.state {
            ShellState::Exited(code) => Poll::Done(code),
            ShellState::Ready if self.once && !self.shell.has_background_jobs() => Poll::Done(self.shell.last_status()),
            ShellState::Ready if self.once => Poll::Wait(status.wake.unwrap_or(Wake::Change)),
            ShellState::Ready | ShellState::More => {
                if self.prompts && !self.prompted {
                    let prompt = self.shell.prompt(*host);
                    io.err(&prompt);
                }
                self.prompted = true;
                Poll::Wait(status.wake.map_or(Wake::Input, |wake| wake.or(Wake::Input)))
            }
            ShellState::Running => {
                self.prompted = false;
                Poll::Wait(status.wake.unwrap_or(Wake::Change))
            }
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }

    fn interrupt(&mut self) -> OnInterrupt {
        if self.once {
            return OnInterrupt::Dies;
        }
        self.interrupted = true;
        OnInterrupt::Handled
    }

    fn abandon(&mut self, host: &mut dyn Host) {
        let mut fs = crate::text::fs::FileSystem::new();
        self.shell.end(crate::time::Instant(0), &mut fs, host);
    }
}

fn setup(io: &Io<'_>, name: &str, args: &[String]) -> Setup {
    Setup {
        name: String::from(name),
        args: args.to_vec(),
        env: io.env.clone(),
        cwd: String::from(io.cwd),
        interactive: false,
        reads_input: false,
        posix: matches!(name, "sh" | "ash"),
        busybox: io.host.is_busybox(),
        pid: 4000 + io.nesting,
        seed: 7,
    }
}

/// A command line to be run by a process of the host: `$KUBE_EDITOR file`. The process has no input of its own.
pub fn command_line(line: &str, env: &Env, cwd: &str) -> Box<dyn Process> {
    let setup = Setup { env: env.clone(), cwd: String::from(cwd), ..Setup::login(false) };
    Box::new(ShellProcess::command(line, setup))
}

/// A command line run from inside a process (`watch`, `xargs sh`).
pub fn line(io: &Io<'_>, text: &str) -> Box<dyn Process> {
    Box::new(ShellProcess::command(text, setup(io, "bash", &[])))
}

/// A script file with its arguments.
pub fn script(name: &str, text: &str, args: &[String], io: &Io<'_>) -> Box<dyn Process> {
    let mut setup = setup(io, name, args);
    setup.posix = false;
    Box::new(ShellProcess::command(text, setup))
}

/// `bash` and `sh` with their options.
pub fn start(program: &str, args: &[String], io: &mut Io<'_>) -> Result<Box<dyn Process>, i32> {
    let mut rest = args;
    let mut interactive = io.stdin_is_terminal;
    let (mut command, mut reads) = (false, false);
    let mut settings = String::new();
    while let Some((first, tail)) = rest.split_first() {
        let Some(letters) = first.strip_prefix(['-', '+']).filter(|letters| !letters.is_empty()) else { break };
        rest = tail;
        match letters {
            "-" => break,
            "-version" => {
                io.out("GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\n");
                return Err(0);
            }
            "-login" | "-norc" | "-noprofile" | "-noediting" | "-posix" => continue,
            _ => {}
        }
        for letter in letters.chars() {
            match letter {
                'c' => command = true,
                's' => reads = true,
                'i' => interactive = true,
                'l' => {}
                'o' => {
                    let Some((name, tail)) = rest.split_first() else { break };
                    settings.push_str(&["set -o ", name, "; "].concat());
                    rest = tail;
                }
                'e' | 'u' | 'x' | 'f' | 'a' | 'n' | 'v' | 'h' | 'm' | 'B' | 'C' | 'b' | 'E' | 'T' => {
                    settings.push_str(&alloc::format!("set {}{letter}; ", first.get(..1).unwrap_or("-")));
                }
                _ if program == "bash" => {
                    io.err(&alloc::format!("{program}: {first}: invalid option\n"));
                    return Err(2);
                }
                letter => {
                    io.err(&alloc::format!("{program}: 0: Illegal option -{letter}\n"));
                    return Err(2);
                }
            }
        }
    }
    let posix = program != "bash";
    if command {
        let Some((text, tail)) = rest.split_first() else {
            io.err(&alloc::format!("{program}: -c: option requires an argument\n"));
            return Err(2);
        };
        let (name, args) = tail.split_first().map_or((program, tail), |(name, args)| (name.as_str(), args));
        let setup = Setup { posix, ..setup(io, name, args) };
        return Ok(Box::new(ShellProcess::command(&[&settings, text.as_str()].concat(), setup)));
    }
    if let Some((file, args)) = rest.split_first().filter(|_| !reads) {
        return from_file(program, file, &settings, args, io);
    }
    let mut process = ShellProcess::reading(Setup { posix, ..setup(io, program, rest) }, interactive);
    process.shell.pending.push_str(&settings);
    Ok(Box::new(process))
}

/// A shell that runs a script.
fn from_file(program: &str, file: &str, settings: &str, args: &[String], io: &mut Io<'_>) -> Result<Box<dyn Process>, i32> {
    let posix = program != "bash";
    let path = io.path(file);
    match io.fs.read(&path) {
        Ok(text) => Ok(script(file, &[settings, text.as_str()].concat(), args, io)),
        Err(error) if posix && !io.host.is_busybox() => {
            io.err(&alloc::format!("{program}: 0: cannot open {file}: {}\n", error.text().trim_end_matches(" or directory")));
            Err(2)
        }
        Err(error) => {
            let directory = error == crate::text::fs::FsError::IsADirectory;
            io.err(&alloc::format!("{}: {file}: {}\n", if directory { file } else { program }, error.text()));
            Err(if directory { 126 } else { 127 })
        }
    }
}

/// Runs a command line to its end at once, for callers that cannot wait; `None` if it would have to wait.
pub fn run_now(line: &str, io: &mut Io<'_>) -> Option<(i32, Output)> {
    let mut process = self::line(io, line);
    let mut stdin = Pipe::empty();
    let mut output = Output::default();
    let mut inner = io.within(&mut stdin, &mut output);
    match process.poll(&mut inner) {
        Poll::Done(code) => Some((code, output)),
        Poll::Wait(_) => {
            process.abandon(io.host);
            None
        }
    }
}
