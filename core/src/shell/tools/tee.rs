//! `tee` and `yes`

use alloc::boxed::Box;
use alloc::string::String;

use super::args::{Accepts, parse};
use crate::shell::process::{Io, Poll, Process, Started, Wake};

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
