//! `sed -z`: what ends a line is the character 0, which texts seldom have: all of a file is one line.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::machine::Sed;
use crate::shell::process::{Io, Output, Poll, Process, Started, Wake};
use crate::shell::tools::lines::{Filter, Flow};

#[derive(Clone)]
struct Null {
    sed: Sed,
    files: Vec<String>,
}

pub(super) fn start(sed: Sed, files: Vec<String>, io: &mut Io<'_>) -> Started {
    let mut null = Null { sed, files };
    if null.files.is_empty() {
        null.files.push(String::from("-"));
    }
    match null.poll(io) {
        Poll::Done(status) => Started::Done(status),
        Poll::Wait(_) => Started::Run(Box::new(null)),
    }
}

impl Process for Null {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let mut text = String::new();
        let mut status = 0;
        for name in &self.files {
            if name == "-" {
                let Some(all) = io.stdin.take_all() else { return Poll::Wait(Wake::Input) };
                text.push_str(&all);
                continue;
            }
            match io.fs.read(&io.path(name)) {
                Ok(file) => text.push_str(&file),
                Err(error) => {
                    io.err(&alloc::format!("sed: can't read {name}: {}\n", error.text()));
                    status = 2;
                }
            }
        }
        let mut output = Output::default();
        let mut lines = text.split_inclusive('\0').peekable();
        while let Some(line) = lines.next() {
            let last = lines.peek().is_none();
            let whole = line.strip_suffix('\0');
            if self.sed.line(whole.unwrap_or(line), whole.is_some(), last, &mut output) == Flow::Stop {
                break;
            }
        }
        let code = self.sed.end(&mut output);
        for chunk in output.take() {
            io.output.write(chunk.stream, &chunk.text);
        }
        self.sed.settle(io);
        Poll::Done(if code != 0 { code } else { status })
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}
