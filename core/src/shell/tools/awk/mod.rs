//! `awk`: rules, fields, functions, arrays, files and commands. Models mawk, with the length of texts in characters.
//! Never: how programs are read (`parse`), made into steps (`compile`) and run (`machine`).

mod builtins;
mod code;
mod compile;
mod compute;
mod machine;
mod math;
mod parse;
mod record;
mod streams;
mod value;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use crate::shell::process::{Host, Io, Poll, Process, Started, Wake};

use code::{ARGC, ARGV, CONVFMT, ENVIRON, FILENAME, FNR, FS, NR, OFMT, OFS, ORS, RS, SUBSEP};
use machine::{Machine, Ran, Table};
use record::Taken;
use value::Value;

/// The longest text.
const MAX_TEXT: usize = 1024 * 1024;
/// How many elements all arrays have together at most.
const MAX_ELEMENTS: usize = 400_000;
/// How deep functions may call functions.
const MAX_FRAMES: usize = 2_000;
/// How many steps one poll takes before others have their turn.
const STEPS_PER_POLL: usize = 100_000;

/// How far a program has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Begin,
    /// Between two lines.
    Read,
    Rules,
    End,
    /// Its commands end.
    Over,
}

#[derive(Clone)]
struct Awk {
    machine: Machine,
    phase: Phase,
}

/// What the command line asks for.
#[derive(Default)]
struct Asked {
    script: Option<String>,
    /// `-F` and `-v`
    vars: Vec<(String, String)>,
    rest: Vec<String>,
}

/// Takes the command line apart; the error is the status with which it ends.
fn ask(args: &[String], io: &mut Io<'_>) -> Result<Asked, i32> {
    let mut asked = Asked::default();
    let mut files = String::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let mut value = |prefix: &str| -> Option<String> {
            let attached = arg.strip_prefix(prefix)?;
            if attached.is_empty() { rest.next().cloned() } else { Some(String::from(attached)) }
        };
        if let Some(separator) = value("-F") {
            asked.vars.push((String::from("FS"), if separator == "t" { String::from("\\t") } else { separator }));
        } else if let Some(assign) = value("-v") {
            let Some((name, text)) = assign.split_once('=') else {
                io.err(&alloc::format!("awk: improper assignment: -v {assign}\n"));
                return Err(2);
            };
            asked.vars.push((String::from(name), String::from(text)));
        } else if let Some(file) = value("-f") {
            let path = io.path(&file);
            match io.fs.read(&path) {
                Ok(text) => files.push_str(&[text.as_str(), "\n"].concat()),
                Err(error) => {
                    io.err(&alloc::format!("awk: cannot open {file} ({})\n", error.text()));
                    return Err(2);
                }
            }
        } else if arg.len() > 1 && arg.starts_with('-') && arg != "--" {
            io.err(&alloc::format!("awk: not an option: {arg}\n"));
            return Err(2);
        } else {
            if arg != "--" {
                asked.rest.push(arg.clone());
            }
            break;
        }
    }
    asked.rest.extend(rest.cloned());
    if !files.is_empty() {
        asked.script = Some(files);
    } else if !asked.rest.is_empty() {
        asked.script = Some(asked.rest.remove(0));
    }
    Ok(asked)
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let asked = match ask(args, io) {
        Ok(asked) => asked,
        Err(status) => return Started::Done(status),
    };
    let Some(script) = &asked.script else {
        io.err("usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]\n");
        return Started::Done(2);
    };
    let lines = script.matches('\n').count() + 2;
    let code = match parse::program(script).and_then(|program| {
        let late = |message: String| alloc::format!("line {}: {message}", if message.ends_with("defined") { lines } else { lines - 1 });
        compile::compile(&program).map_err(late)
    }) {
        Ok(code) => code,
        Err(message) => {
            io.err(&alloc::format!("awk: {message}\n"));
            return Started::Done(2);
        }
    };
    let mut machine = Machine::new(code);
    machine.begin(machine.code.begin);
    set_up(&mut machine, &asked, io);
    let mut awk = Awk { machine, phase: Phase::Begin };
    match awk.poll(io) {
        Poll::Done(status) => Started::Done(status),
        Poll::Wait(_) => Started::Run(Box::new(awk)),
    }
}

/// The variables a program finds.
fn set_up(machine: &mut Machine, asked: &Asked, io: &Io<'_>) {
    let texts = [(FS, " "), (OFS, " "), (ORS, "\n"), (RS, "\n"), (SUBSEP, "\x1c"), (CONVFMT, "%.6g"), (OFMT, "%.6g"), (FILENAME, "")];
    for (at, text) in texts {
        machine.set_global(at, Value::Text(Rc::from(text)));
    }
    for at in [NR, FNR] {
        machine.set_global(at, Value::Num(0.0));
    }
    machine.set_global(ARGC, Value::Num((asked.rest.len() + 1) as f64));
    let words = core::iter::once("awk").chain(asked.rest.iter().map(String::as_str));
    let arguments: Table = words.enumerate().map(|(at, word)| (Rc::from(alloc::format!("{at}")), Value::Input(Rc::from(word)))).collect();
    machine.arrays.insert(ARGV, arguments);
    let environment: Table = io.env.iter().map(|(name, value)| (Rc::from(name), Value::Input(Rc::from(value)))).collect();
    machine.arrays.insert(ENVIRON, environment);
    for (name, text) in &asked.vars {
        machine.assign(name, text);
    }
}

impl Awk {
    /// After `BEGIN` and after `exit`.
    fn leave(&mut self, exits: bool) {
        let code = &self.machine.code;
        (self.phase, self.machine.at) = match self.phase {
            Phase::Begin if !exits && (code.reads) => (Phase::Read, 0),
            Phase::End => (Phase::Over, 0),
            _ => (Phase::End, code.end),
        };
        let at = self.machine.at;
        self.machine.begin(at);
    }

    fn fail(&mut self, message: &str, io: &mut Io<'_>) {
        if let Some(message) = message.strip_prefix('\u{0}') {
            io.err(&alloc::format!("awk: {message}\n"));
        } else {
            let (file, fnr, nr) = (self.machine.global(FILENAME), self.machine.global(FNR), self.machine.global(NR));
            io.err(&alloc::format!("awk: run time error: {message}\n\tFILENAME=\"{file}\" FNR={fnr} NR={nr}\n"));
        }
        self.machine.status = 2;
        self.phase = Phase::Over;
    }

    fn read(&mut self, io: &mut Io<'_>) -> Option<Wake> {
        match self.machine.next_record(io) {
            Ok(Some(Taken::Record(record))) => {
                self.machine.set_line(&record);
                self.machine.count_record(true);
                self.machine.begin(self.machine.code.rules);
                self.phase = Phase::Rules;
            }
            Ok(Some(Taken::Wait)) => return Some(Wake::Input),
            Ok(_) => self.leave(true),
            Err(message) => self.fail(&message, io),
        }
        None
    }
}

impl Process for Awk {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let mut steps = STEPS_PER_POLL;
        loop {
            match self.phase {
                Phase::Over => {
                    return match self.machine.close_all(io) {
                        Some(wake) => Poll::Wait(wake),
                        None => Poll::Done(self.machine.status),
                    };
                }
                Phase::Read => {
                    if let Some(wake) = self.read(io) {
                        return Poll::Wait(wake);
                    }
                }
                Phase::Begin | Phase::Rules | Phase::End => match self.machine.run(&mut steps, io) {
                    Ran::Wait(wake) => return Poll::Wait(wake),
                    Ran::Exit => self.leave(true),
                    Ran::Failed(message) => self.fail(&message, io),
                    Ran::Halt if self.phase != Phase::Rules => self.leave(false),
                    Ran::Halt | Ran::Next(false) => self.phase = Phase::Read,
                    Ran::Next(true) => {
                        self.machine.skip_file();
                        self.phase = Phase::Read;
                    }
                },
            }
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }

    fn abandon(&mut self, host: &mut dyn Host) {
        self.machine.abandon(host);
    }
}
