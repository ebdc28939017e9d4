//! `gzip`, `gunzip` and `zcat`. Texts are packed as they are, in the blocks that deflate has for what it does not
//! compress; a byte above 127 is the character of that number, as files here are texts.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, Opts, parse};
use crate::shell::process::{Io, Poll, Process, Started, Wake};

const ACCEPTS: Accepts = Accepts {
    tool: "gzip",
    short: "cdfkltnNqrv123456789",
    long: &[
        ("stdout", 'c'),
        ("to-stdout", 'c'),
        ("decompress", 'd'),
        ("uncompress", 'd'),
        ("force", 'f'),
        ("keep", 'k'),
        ("test", 't'),
        ("best", '9'),
        ("fast", '1'),
        ("no-name", 'n'),
    ],
    first_operand_ends: false,
    status: 1,
};

/// The longest block.
const MOST: usize = 65_535;

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

fn push(out: &mut String, bytes: &[u8]) {
    out.extend(bytes.iter().map(|byte| char::from(*byte)));
}

/// A text, packed.
pub(in crate::shell::tools) fn pack(text: &str) -> String {
    let mut out = String::new();
    push(&mut out, &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
    let mut rest = text;
    loop {
        let mut end = rest.len().min(MOST);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (block, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        push(&mut out, &[u8::from(after.is_empty())]);
        push(&mut out, &length.to_le_bytes());
        push(&mut out, &(!length).to_le_bytes());
        out.push_str(block);
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    push(&mut out, &crc(text.as_bytes()).to_le_bytes());
    push(&mut out, &u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
    out
}

/// So many bytes that are characters each.
fn take(rest: &mut &str, count: usize) -> Option<Vec<u8>> {
    let mut chars = rest.chars();
    let bytes = (0..count).map(|_| chars.next().and_then(|c| u8::try_from(u32::from(c)).ok())).collect();
    *rest = chars.as_str();
    bytes
}

/// A packed text, or what is wrong with it.
pub(in crate::shell::tools) fn unpack(text: &str) -> Result<String, &'static str> {
    const CUT: &str = "unexpected end of file";
    let mut rest = text;
    if !matches!(take(&mut rest, 10).as_deref(), Some([0x1f, 0x8b, ..])) {
        return Err("not in gzip format");
    }
    let mut out = String::new();
    loop {
        let head = take(&mut rest, 5).ok_or(CUT)?;
        let &[last, low, high, ..] = head.as_slice() else { return Err(CUT) };
        if last > 1 {
            return Err("invalid compressed data--format violated");
        }
        let (block, after) = rest.split_at_checked(usize::from(u16::from_le_bytes([low, high]))).ok_or(CUT)?;
        out.push_str(block);
        rest = after;
        if last == 1 {
            return Ok(out);
        }
    }
}

/// A gzip that waits for its input.
#[derive(Clone)]
struct Stream {
    unpacks: bool,
    tests: bool,
}

impl Stream {
    fn finish(&self, text: &str, io: &mut Io<'_>) -> i32 {
        if !self.unpacks {
            io.out(&pack(text));
            return 0;
        }
        match unpack(text) {
            Ok(text) => {
                if !self.tests {
                    io.out(&text);
                }
                0
            }
            Err(why) => {
                io.err(&alloc::format!("\ngzip: stdin: {why}\n"));
                1
            }
        }
    }
}

impl Process for Stream {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        match io.stdin.take_all() {
            Some(text) => Poll::Done(self.finish(&text, io)),
            None => Poll::Wait(Wake::Input),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

pub(super) fn gzip(args: &[String], io: &mut Io<'_>) -> Started {
    run("", args, io)
}

pub(super) fn gunzip(args: &[String], io: &mut Io<'_>) -> Started {
    run("d", args, io)
}

pub(super) fn zcat(args: &[String], io: &mut Io<'_>) -> Started {
    run("dc", args, io)
}

fn run(flags: &str, args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let has = |flag: char| opts.has(flag) || flags.contains(flag);
    let stream = Stream { unpacks: has('d') || has('t'), tests: has('t') };
    if opts.rest.iter().all(|file| file == "-") {
        let mut process = stream;
        return match process.poll(io) {
            Poll::Done(status) => Started::Done(status),
            Poll::Wait(_) => Started::Run(Box::new(process)),
        };
    }
    let mut status = 0;
    for name in &opts.rest {
        if let Err(refusal) = file(name, &stream, has('c'), &opts, io) {
            let (message, code) = match &refusal {
                Refusal::Left(message) => (message, 2),
                Refusal::Failed(message) => (message, 1),
            };
            io.err(&alloc::format!("gzip: {message}\n"));
            status = code;
        }
    }
    Started::Done(status)
}

/// Why a file is not packed or unpacked, as it is said.
enum Refusal {
    /// It is none for gzip: a warning.
    Left(String),
    /// It cannot be.
    Failed(String),
}

impl From<String> for Refusal {
    fn from(message: String) -> Refusal {
        Refusal::Failed(message)
    }
}

/// One file.
fn file(name: &str, stream: &Stream, shows: bool, opts: &Opts, io: &mut Io<'_>) -> Result<(), Refusal> {
    let mut found = String::from(name);
    if stream.unpacks && !io.fs.exists(&io.path(name)) && !name.ends_with(".gz") {
        found.push_str(".gz");
    }
    let path = io.path(&found);
    if io.fs.is_dir(&path) {
        return Err(Refusal::Left(alloc::format!("{name} is a directory -- ignored")));
    }
    let text = io.fs.read(&path).map_err(|error| alloc::format!("{found}: {}", error.text()))?;
    let plain = found.strip_suffix(".gz").or_else(|| found.strip_suffix(".tgz"));
    let target = match (stream.unpacks, plain) {
        (false, Some(_)) if !shows => return Err(alloc::format!("{found} already has .gz suffix -- unchanged").into()),
        (false, _) => [name, ".gz"].concat(),
        (true, Some(plain)) if found.ends_with(".tgz") => [plain, ".tar"].concat(),
        (true, Some(plain)) => String::from(plain),
        (true, None) if shows || stream.tests => String::new(),
        (true, None) => return Err(Refusal::Left(alloc::format!("{name}: unknown suffix -- ignored"))),
    };
    let made = if stream.unpacks { unpack(&text).map_err(|why| alloc::format!("\n{found}: {why}"))? } else { pack(&text) };
    if stream.tests {
        return Ok(());
    }
    if shows {
        io.out(&made);
        return Ok(());
    }
    let (to, mtime) = (io.path(&target), io.mtime());
    if io.fs.exists(&to) && !opts.has('f') {
        return Err(alloc::format!("{target} already exists;\tnot overwritten").into());
    }
    io.fs.write(&to, &made, mtime).map_err(|error| alloc::format!("{target}: {}", error.text()))?;
    if !opts.has('k') {
        io.fs.remove(&path, mtime).map_err(|error| alloc::format!("{found}: {}", error.text()))?;
    }
    Ok(())
}
