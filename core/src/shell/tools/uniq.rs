//! `uniq`

use alloc::boxed::Box;
use alloc::string::String;

use super::args::{Accepts, parse};
use super::lines::{self, Filter, Flow};
use crate::shell::process::{Io, Output, Started, Stream};

const ACCEPTS: Accepts = Accepts {
    tool: "uniq",
    short: "cduif:s:w:",
    long: &[("count", 'c'), ("repeated", 'd'), ("unique", 'u'), ("ignore-case", 'i'), ("skip-fields", 'f')],
    first_operand_ends: false,
    status: 1,
};

#[derive(Clone)]
struct Uniq {
    count: bool,
    repeated: bool,
    unique: bool,
    fold: bool,
    fields: usize,
    current: Option<(String, usize)>,
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let fields = opts.value('f').and_then(|text| text.parse().ok()).unwrap_or(0);
    let uniq = Uniq { count: opts.has('c'), repeated: opts.has('d'), unique: opts.has('u'), fold: opts.has('i'), fields, current: None };
    lines::start("uniq", Box::new(uniq), opts.rest.get(..1).unwrap_or_default(), 1, io)
}

impl Uniq {
    fn same(&self, a: &str, b: &str) -> bool {
        let key = |text: &str| -> String {
            let mut rest = text;
            for _ in 0..self.fields {
                rest = rest.trim_start();
                rest = rest.get(rest.find(char::is_whitespace).unwrap_or(rest.len())..).unwrap_or_default();
            }
            if self.fold { rest.to_lowercase() } else { String::from(rest) }
        };
        if self.fields == 0 && !self.fold { a == b } else { key(a) == key(b) }
    }

    fn show(&mut self, output: &mut Output) {
        let Some((line, count)) = self.current.take() else { return };
        if (self.repeated && count < 2) || (self.unique && count > 1) {
            return;
        }
        let text = if self.count { alloc::format!("{count:7} {line}\n") } else { alloc::format!("{line}\n") };
        output.write(Stream::Out, &text);
    }
}

impl Filter for Uniq {
    fn line(&mut self, line: &str, _newline: bool, _last: bool, output: &mut Output) -> Flow {
        let same = self.current.as_ref().is_some_and(|(old, _)| self.same(old, line));
        match &mut self.current {
            Some((_, count)) if same => *count += 1,
            _ => {
                self.show(output);
                self.current = Some((String::from(line), 1));
            }
        }
        Flow::More
    }

    fn end(&mut self, output: &mut Output) -> i32 {
        self.show(output);
        0
    }

    fn boxed_clone(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}
