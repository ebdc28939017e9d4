//! `wc`

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, parse};
use super::lines::{self, Filter, Flow};
use crate::shell::process::{Io, Output, Started, Stream};

const ACCEPTS: Accepts = Accepts {
    tool: "wc",
    short: "lwcmL",
    long: &[("lines", 'l'), ("words", 'w'), ("bytes", 'c'), ("chars", 'm'), ("max-line-length", 'L')],
    first_operand_ends: false,
    status: 1,
};

/// Lines, words, characters, bytes, longest line.
type Counts = [usize; 5];

#[derive(Clone)]
struct Wc {
    columns: [bool; 5],
    named: bool,
    files: Vec<(String, Counts)>,
    /// Bytes of all files named, which decides the width.
    width: usize,
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let asked = ['l', 'w', 'm', 'c', 'L'].map(|flag| opts.has(flag));
    let columns = if asked.contains(&true) { asked } else { [true, true, false, true, false] };
    let one_column = columns.iter().filter(|column| **column).count() == 1;
    let sizes: usize = opts.rest.iter().map(|name| io.fs.stat(&io.path(name)).map_or(0, |stat| stat.size)).sum();
    let stdin = opts.rest.is_empty() || opts.rest.iter().any(|name| name == "-");
    let width = match () {
        () if one_column && opts.rest.len() <= 1 => 1,
        () if stdin => 7,
        () => alloc::format!("{sizes}").len(),
    };
    let wc = Wc { columns, named: !opts.rest.is_empty(), files: Vec::new(), width };
    lines::start("wc", Box::new(wc), &opts.rest, 1, io)
}

impl Wc {
    fn show(&self, counts: &Counts, name: Option<&str>, output: &mut Output) {
        let mut text = String::new();
        for (count, wanted) in counts.iter().zip(self.columns) {
            if wanted {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&alloc::format!("{count:width$}", width = self.width));
            }
        }
        if let Some(name) = name {
            text.push(' ');
            text.push_str(name);
        }
        text.push('\n');
        output.write(Stream::Out, &text);
    }
}

impl Filter for Wc {
    fn begin(&mut self, name: &str, _output: &mut Output) {
        self.files.push((String::from(name), [0; 5]));
    }

    fn line(&mut self, line: &str, newline: bool, _last: bool, _output: &mut Output) -> Flow {
        if let Some((_, [lines, words, chars, bytes, longest])) = self.files.last_mut() {
            let end = usize::from(newline);
            let length = line.chars().count();
            *lines += end;
            *words += line.split_whitespace().count();
            *chars += length + end;
            *bytes += line.len() + end;
            *longest = (*longest).max(length);
        }
        Flow::More
    }

    fn end(&mut self, output: &mut Output) -> i32 {
        let mut total: Counts = [0; 5];
        for (name, counts) in &self.files {
            self.show(counts, self.named.then_some(name.as_str()), output);
            for (sum, count) in total.iter_mut().zip(counts).take(4) {
                *sum += count;
            }
            if let (Some(sum), Some(count)) = (total.last_mut(), counts.last()) {
                *sum = (*sum).max(*count);
            }
        }
        if self.files.len() > 1 {
            self.show(&total, Some("total"), output);
        }
        0
    }

    fn boxed_clone(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}
