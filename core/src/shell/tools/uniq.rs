//! `uniq`

use alloc::boxed::Box;
use alloc::string::String;

use super::args::{Accepts, parse};
use super::lines::{self, Filter, Flow};
use crate::shell::process::{Io, Output, Started, Stream};

const ACCEPTS: Accepts = Accepts {
    tool: "uniq",
    short: "cduiDf:s:w:",
    long: &[("count", 'c'), ("repeated", 'd'), ("unique", 'u'), ("ignore-case", 'i'), ("skip-fields", 'f'), ("all-repeated", 'D')],
    first_operand_ends: false,
    status: 1,
};

#[derive(Clone)]
struct Uniq {
    count: bool,
    repeated: bool,
    unique: bool,
    fold: bool,
    all: bool,
    fields: usize,
    skip: usize,
    most: Option<usize>,
    current: Option<(String, usize)>,
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let mut number = |flag: char, what: &str| match opts.value(flag).map(|text| (text, text.parse::<usize>())) {
        None => Ok(None),
        Some((_, Ok(number))) => Ok(Some(number)),
        Some((text, Err(_))) => {
            io.err(&alloc::format!("uniq: {text}: invalid number of {what}\n"));
            Err(1)
        }
    };
    let counts = (|| Ok::<_, i32>((number('f', "fields to skip")?, number('s', "bytes to skip")?, number('w', "bytes to compare")?)))();
    let (fields, skip, most) = match counts {
        Ok((fields, skip, most)) => (fields.unwrap_or(0), skip.unwrap_or(0), most),
        Err(status) => return Started::Done(status),
    };
    let uniq = Uniq {
        count: opts.has('c'),
        repeated: opts.has('d'),
        unique: opts.has('u'),
        fold: opts.has('i'),
        all: opts.has('D'),
        fields,
        skip,
        most,
        current: None,
    };
    let input = opts.rest.get(..1).unwrap_or(&opts.rest);
    match opts.rest.get(1..).unwrap_or_default() {
        [] => lines::start("uniq", Box::new(uniq), input, 1, io),
        [output] => super::tee::into("uniq", output, io, |io| lines::start("uniq", Box::new(uniq), input, 1, io)),
        [_, extra, ..] => {
            io.err(&alloc::format!("uniq: extra operand '{extra}'\nTry 'uniq --help' for more information.\n"));
            Started::Done(1)
        }
    }
}

impl Uniq {
    fn same(&self, a: &str, b: &str) -> bool {
        let key = |text: &str| -> String {
            let mut rest = text;
            for _ in 0..self.fields {
                rest = rest.trim_start();
                rest = rest.get(rest.find(char::is_whitespace).unwrap_or(rest.len())..).unwrap_or_default();
            }
            let rest: String = rest.chars().skip(self.skip).take(self.most.unwrap_or(usize::MAX)).collect();
            if self.fold { rest.to_lowercase() } else { rest }
        };
        if self.fields + self.skip == 0 && self.most.is_none() && !self.fold { a == b } else { key(a) == key(b) }
    }

    fn show(&mut self, output: &mut Output) {
        let Some((line, count)) = self.current.take() else { return };
        if self.all {
            if count > 1 {
                output.write(Stream::Out, &[&line, "\n"].concat().repeat(count));
            }
            return;
        }
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
