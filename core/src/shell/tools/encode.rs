//! `base64`, `md5sum`, `sha1sum`, `sha256sum`: whole inputs as bytes.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, Opts, parse};
use super::digest::Digest;
use super::whole;
use crate::shell::process::{Io, Poll, Process, Started, Wake};

const BASE64: Accepts = Accepts {
    tool: "base64",
    short: "dw:i",
    long: &[("decode", 'd'), ("wrap", 'w'), ("ignore-garbage", 'i')],
    first_operand_ends: false,
    status: 1,
};
const SUM: Accepts = Accepts {
    tool: "md5sum",
    short: "cbtwz",
    long: &[("check", 'c'), ("quiet", 'q'), ("status", 's'), ("warn", 'w'), ("binary", 'b'), ("text", 't'), ("strict", 'S')],
    first_operand_ends: false,
    status: 1,
};
const MD5: Accepts = SUM;
const SHA1: Accepts = Accepts { tool: "sha1sum", ..SUM };
const SHA256: Accepts = Accepts { tool: "sha256sum", ..SUM };
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What is done with the whole of standard input.
#[derive(Clone)]
enum Whole {
    Encode(usize),
    Decode(bool),
    Digest(Digest),
}

impl Whole {
    fn finish(&self, text: &str, name: &str, io: &mut Io<'_>) -> i32 {
        match self {
            Whole::Encode(wrap) => io.out(&encode(text.as_bytes(), *wrap)),
            Whole::Decode(ignore) => {
                let (bytes, good) = decode(text, *ignore);
                io.out(&String::from_utf8_lossy(&bytes));
                if !good {
                    io.err("base64: invalid input\n");
                    return 1;
                }
            }
            Whole::Digest(digest) => {
                let sum = hex(&digest.of(text.as_bytes()));
                io.out(&alloc::format!("{sum}  {name}\n"));
            }
        }
        0
    }
}

impl Process for Whole {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        match io.stdin.take_all() {
            Some(text) => Poll::Done(self.finish(&text, "-", io)),
            None => Poll::Wait(Wake::Input),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

fn begin(tool: &str, whole: &Whole, files: &[String], io: &mut Io<'_>) -> Started {
    let mut status = 0;
    for name in files {
        if name == "-" {
            return wait(whole, io);
        }
        let path = io.path(name);
        match io.fs.read(&path) {
            Ok(text) => status = whole.finish(&text, name, io).max(status),
            Err(error) => {
                io.err(&alloc::format!("{tool}: {name}: {}\n", error.text()));
                status = 1;
            }
        }
    }
    if files.is_empty() { wait(whole, io) } else { Started::Done(status) }
}

fn wait(whole: &Whole, io: &mut Io<'_>) -> Started {
    let mut process = whole.clone();
    match process.poll(io) {
        Poll::Done(status) => Started::Done(status),
        Poll::Wait(_) => Started::Run(Box::new(process)),
    }
}

pub(super) fn base64(args: &[String], io: &mut Io<'_>) -> Started {
    let args: Vec<String> = args.iter().map(|arg| if arg == "-D" { String::from("-d") } else { arg.clone() }).collect();
    let opts = match parse(&BASE64, &args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let wrap = match opts.value('w').map(str::parse::<usize>) {
        None => 76,
        Some(Ok(wrap)) => wrap,
        Some(Err(_)) => {
            let text = opts.value('w').unwrap_or_default();
            io.err(&alloc::format!("base64: invalid wrap size: '{text}'\n"));
            return Started::Done(1);
        }
    };
    let whole = if opts.has('d') { Whole::Decode(opts.has('i')) } else { Whole::Encode(wrap) };
    begin("base64", &whole, &opts.rest, io)
}

pub(super) fn md5sum(args: &[String], io: &mut Io<'_>) -> Started {
    sums(&MD5, Digest::Md5, |opts, texts, io| check("md5sum", Digest::Md5, opts, texts, io), args, io)
}

pub(super) fn sha1sum(args: &[String], io: &mut Io<'_>) -> Started {
    sums(&SHA1, Digest::Sha1, |opts, texts, io| check("sha1sum", Digest::Sha1, opts, texts, io), args, io)
}

pub(super) fn sha256sum(args: &[String], io: &mut Io<'_>) -> Started {
    sums(&SHA256, Digest::Sha256, |opts, texts, io| check("sha256sum", Digest::Sha256, opts, texts, io), args, io)
}

fn sums(accepts: &'static Accepts, digest: Digest, work: whole::Work, args: &[String], io: &mut Io<'_>) -> Started {
    match parse(accepts, args, io) {
        Ok(opts) if opts.has('c') => whole::filter(accepts, args, work, io),
        Ok(opts) => begin(accepts.tool, &Whole::Digest(digest), &opts.rest, io),
        Err(status) => Started::Done(status),
    }
}

/// `-c`: whether files still have the checksums that a list names.
fn check(tool: &str, digest: Digest, opts: &Opts, texts: &[String], io: &mut Io<'_>) -> i32 {
    let (mut listed, mut unread, mut wrong) = (0, 0, 0);
    let length = digest.of(b"").len() * 2;
    for line in texts.iter().flat_map(|text| text.lines()) {
        let Some((sum, name)) = line.split_once(' ').filter(|(sum, _)| sum.len() == length) else { continue };
        let name = name.get(1..).unwrap_or_default();
        listed += 1;
        let verdict = match io.fs.read(&io.path(name)) {
            Ok(text) if hex(&digest.of(text.as_bytes())).eq_ignore_ascii_case(sum) => "OK",
            Ok(_) => {
                wrong += 1;
                "FAILED"
            }
            Err(error) => {
                unread += 1;
                io.err(&alloc::format!("{tool}: {name}: {}\n", error.text()));
                "FAILED open or read"
            }
        };
        if !(opts.has('s') || opts.has('q') && verdict == "OK") {
            io.out(&alloc::format!("{name}: {verdict}\n"));
        }
    }
    if listed == 0 {
        let name = opts.rest.first().filter(|name| *name != "-").map_or("'standard input'", String::as_str);
        io.err(&alloc::format!("{tool}: {name}: no properly formatted checksum lines found\n"));
        return 1;
    }
    if unread > 0 && !opts.has('s') {
        let files = if unread == 1 { "listed file" } else { "listed files" };
        io.err(&alloc::format!("{tool}: WARNING: {unread} {files} could not be read\n"));
    }
    if wrong > 0 && !opts.has('s') {
        let sums = if wrong == 1 { "computed checksum" } else { "computed checksums" };
        io.err(&alloc::format!("{tool}: WARNING: {wrong} {sums} did NOT match\n"));
    }
    i32::from(unread + wrong > 0)
}

fn encode(bytes: &[u8], wrap: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4u32 {
            let index = usize::try_from(group >> (18 - 6 * at) & 63).unwrap_or(0);
            let letter = ALPHABET.get(index).copied().map_or('=', char::from);
            out.push(if usize::try_from(at).unwrap_or(0) <= chunk.len() { letter } else { '=' });
            column += 1;
            if wrap > 0 && column == wrap {
                out.push('\n');
                column = 0;
            }
        }
    }
    if wrap > 0 && column > 0 {
        out.push('\n');
    }
    out
}

/// The bytes, and whether all of the input was good.
fn decode(text: &str, ignore: bool) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let (mut group, mut count, mut padding) = (0u32, 0, 0);
    for byte in text.bytes() {
        if byte == b'\n' {
            continue;
        }
        if byte == b'=' {
            padding += 1;
            continue;
        }
        let Some(value) = ALPHABET.iter().position(|one| *one == byte).and_then(|at| u32::try_from(at).ok()) else {
            if ignore {
                continue;
            }
            return (out, false);
        };
        if padding > 0 {
            return (out, false);
        }
        group = group << 6 | value;
        count += 1;
        if count == 4 {
            out.extend(group.to_be_bytes().iter().skip(1));
            (group, count) = (0, 0);
        }
    }
    if count > 1 {
        let bytes = (group << (6 * (4 - count))).to_be_bytes();
        out.extend(bytes.iter().skip(1).take(count - 1));
    }
    (out, count == 0 || (count > 1 && count + padding == 4))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| alloc::format!("{byte:02x}")).collect()
}
