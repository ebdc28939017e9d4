//! `cat`

use alloc::boxed::Box;
use alloc::string::String;

use super::args::{Accepts, parse};
use super::lines::{self, Filter, Flow};
use crate::shell::process::{Io, Output, Started, Stream};

const ACCEPTS: Accepts = Accepts {
    tool: "cat",
    short: "nbsAETuve",
    long: &[("number", 'n'), ("number-nonblank", 'b'), ("squeeze-blank", 's'), ("show-all", 'A'), ("show-ends", 'E'), ("show-tabs", 'T')],
    first_operand_ends: false,
    status: 1,
};

#[derive(Clone)]
struct Cat {
    number: bool,
    nonblank: bool,
    squeeze: bool,
    ends: bool,
    tabs: bool,
    /// Characters that cannot be seen are shown as `^X`.
    unseen: bool,
    count: usize,
    blank: bool,
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let all = opts.has('A');
    let cat = Cat {
        number: opts.has('n') && !opts.has('b'),
        nonblank: opts.has('b'),
        squeeze: opts.has('s'),
        ends: all || opts.has('E') || opts.has('e'),
        tabs: all || opts.has('T') || opts.has('t'),
        unseen: all || opts.has('v') || opts.has('e') || opts.has('t'),
        count: 0,
        blank: false,
    };
    lines::start("cat", Box::new(cat), &opts.rest, 1, io)
}

impl Filter for Cat {
    fn line(&mut self, line: &str, newline: bool, _last: bool, output: &mut Output) -> Flow {
        let blank = line.is_empty();
        if self.squeeze && blank && self.blank {
            return Flow::More;
        }
        self.blank = blank;
        let mut text = String::new();
        if self.number || (self.nonblank && !blank) {
            self.count += 1;
            text = alloc::format!("{:6}\t", self.count);
        }
        for c in line.chars() {
            match c {
                '\t' if self.tabs => text.push_str("^I"),
                '\t' => text.push(c),
                c if self.unseen && c.is_ascii_control() => {
                    text.push('^');
                    text.extend(u8::try_from(u32::from(c) ^ 64).map(char::from));
                }
                c => text.push(c),
            }
        }
        if newline {
            text.push_str(if self.ends { "$\n" } else { "\n" });
        }
        output.write(Stream::Out, &text);
        Flow::More
    }

    fn end(&mut self, _output: &mut Output) -> i32 {
        0
    }

    fn boxed_clone(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}
