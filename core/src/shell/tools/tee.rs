//! `tee` and `yes`

use alloc::boxed::Box;
use alloc::string::String;

use super::args::{Accepts, parse};
use crate::shell::process::{Io, Output, Poll, Process, Started, Stream, Wake};

const ACCEPTS: Accepts = Accepts { tool: "tee", short: "aip", long: &[("append", 'a')], first_operand_ends: false, status: 1 };

#[derive(Clone)]
struct Tee {
    paths: alloc::vec::Vec<String>,
}

pub(super) fn tee(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let mut status = 0;
    let mut paths = alloc::vec::Vec::new();
    let mtime = io.mtime();
    for name in opts.rest.iter().filter(|name| *name != "/dev/null") {
        let path = io.path(name);
        let opened = if opts.has('a') { io.fs.append(&path, "", mtime) } else { io.fs.write(&path, "", mtime) };
        match opened {
            Ok(()) => paths.push(path),
            Err(error) => {
                io.err(&alloc::format!("tee: {name}: {}\n", error.text()));
                status = 1;
            }
        }
    }
    let mut tee = Tee { paths };
    match tee.poll(io) {
        Poll::Done(_) => Started::Done(status),
        Poll::Wait(_) => Started::Run(Box::new(tee)),
    }
}

impl Process for Tee {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let text = io.stdin.take();
        let mtime = io.mtime();
        for path in &self.paths {
            io.fs.append(path, &text, mtime).ok();
        }
        io.out(&text);
        if io.stdin.is_eof() { Poll::Done(0) } else { Poll::Wait(Wake::Input) }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

/// Lets a tool write into a file, once it is done: it may read the same one.
pub(super) fn into(tool: &'static str, name: &str, io: &mut Io<'_>, begin: impl FnOnce(&mut Io<'_>) -> Started) -> Started {
    let before = core::mem::take(io.output);
    let started = begin(io);
    let made = core::mem::replace(io.output, before);
    let mut into = Into { tool, path: io.path(name), name: String::from(name), text: String::new(), inner: None };
    into.gather(made, io);
    match started {
        Started::Done(status) => Started::Done(into.write(status, io)),
        Started::Run(process) => {
            into.inner = Some(process);
            Started::Run(Box::new(into))
        }
    }
}

struct Into {
    tool: &'static str,
    name: String,
    path: String,
    text: String,
    inner: Option<Box<dyn Process>>,
}

impl Into {
    fn gather(&mut self, mut made: Output, io: &mut Io<'_>) {
        for chunk in made.take() {
            match chunk.stream {
                Stream::Out => self.text.push_str(&chunk.text),
                Stream::Err => io.err(&chunk.text),
            }
        }
    }

    fn write(&self, status: i32, io: &mut Io<'_>) -> i32 {
        let mtime = io.mtime();
        match io.fs.write(&self.path, &self.text, mtime) {
            Ok(()) => status,
            Err(error) => {
                io.err(&alloc::format!("{}: open failed: {}: {}\n", self.tool, self.name, error.text()));
                2
            }
        }
    }
}

impl Process for Into {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let before = core::mem::take(io.output);
        let poll = self.inner.as_mut().map_or(Poll::Done(0), |inner| inner.poll(io));
        let made = core::mem::replace(io.output, before);
        self.gather(made, io);
        match poll {
            Poll::Done(status) => Poll::Done(self.write(status, io)),
            wait => wait,
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        let inner = self.inner.as_ref().map(|inner| inner.boxed_clone());
        Box::new(Into { tool: self.tool, name: self.name.clone(), path: self.path.clone(), text: self.text.clone(), inner })
    }
}

/// `yes`: a page of lines at each turn, for as long as somebody reads.
#[derive(Clone)]
struct Yes {
    page: String,
}

pub(super) fn yes(args: &[String], io: &mut Io<'_>) -> Started {
    let mut line = if args.is_empty() { String::from("y") } else { args.join(" ") };
    line.push('\n');
    let page = line.repeat((4096 / line.len()).max(1));
    let _ = io;
    Started::Run(Box::new(Yes { page }))
}

impl Process for Yes {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        io.out(&self.page);
        Poll::Wait(Wake::At(io.now))
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}
