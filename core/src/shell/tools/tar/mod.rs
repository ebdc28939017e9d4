//! `tar`: archives of text files, in the format of ustar. Compressed ones go through `gzip`.
//! Never: how `kubectl cp` carries files, which needs no archive.

mod block;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use block::{Member, header, member};

use crate::shell::calendar::Moment;
use crate::shell::process::{Io, Poll, Process, Started, Wake};
use crate::shell::tools::gzip;
use crate::text::fs::resolve;

/// The bytes of a block.
const BLOCK: usize = 512;
/// How deep directories are walked, and how long an archive may be.
const MAX_DEPTH: usize = 32;
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Create,
    List,
    Extract,
    Append,
}

#[derive(Clone, Default)]
struct Asked {
    mode: Option<Mode>,
    file: Option<String>,
    dir: Option<String>,
    names: Vec<String>,
    excluded: Vec<String>,
    compress: bool,
    verbose: bool,
    to_stdout: bool,
    strip: usize,
}

impl Asked {
    /// An option with a long name.
    fn long(&mut self, long: &str, rest: &mut core::slice::Iter<'_, String>) -> Result<(), String> {
        let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(String::from(value))));
        let mut value = || value.clone().or_else(|| rest.next().cloned()).unwrap_or_default();
        match name {
            "-create" => self.mode = Some(Mode::Create),
            "-list" => self.mode = Some(Mode::List),
            "-extract" | "-get" => self.mode = Some(Mode::Extract),
            "-append" => self.mode = Some(Mode::Append),
            "-gzip" => self.compress = true,
            "-verbose" => self.verbose = true,
            "-to-stdout" => self.to_stdout = true,
            "-file" => self.file = Some(value()),
            "-directory" => self.dir = Some(value()),
            "-exclude" => self.excluded.push(value()),
            "-strip-components" => self.strip = value().parse().unwrap_or(0),
            "-" => self.names.extend(rest.by_ref().cloned()),
            "-no-same-owner" | "-same-owner" | "-overwrite" | "-totals" => {}
            name => {
                return Err(alloc::format!(
                    "tar: unrecognized option '-{name}'\nTry 'tar --help' or 'tar --usage' for more information.\n"
                ));
            }
        }
        Ok(())
    }
}

/// Takes the command line apart; the error is what is said.
fn ask(args: &[String]) -> Result<Asked, String> {
    let mut asked = Asked::default();
    let mut rest = args.iter();
    let mut first = true;
    while let Some(arg) = rest.next() {
        let letters = match arg.strip_prefix('-') {
            Some(long) if long.starts_with('-') => {
                asked.long(long, &mut rest)?;
                first = false;
                continue;
            }
            Some(letters) if !letters.is_empty() => letters,
            _ if first => arg.as_str(),
            _ => {
                asked.names.push(arg.clone());
                continue;
            }
        };
        first = false;
        for (at, letter) in letters.char_indices() {
            match letter {
                'c' => asked.mode = Some(Mode::Create),
                't' => asked.mode = Some(Mode::List),
                'x' => asked.mode = Some(Mode::Extract),
                'r' => asked.mode = Some(Mode::Append),
                'z' => asked.compress = true,
                'v' => asked.verbose = true,
                'O' => asked.to_stdout = true,
                'f' | 'C' => {
                    // After a dash a value may follow its letter at once.
                    let attached = letters.get(at + 1..).unwrap_or_default();
                    let own = arg.starts_with('-') && !attached.is_empty();
                    let value = if own { Some(String::from(attached)) } else { rest.next().cloned() };
                    let Some(value) = value else {
                        return Err(alloc::format!(
                            "tar: option requires an argument -- '{letter}'\nTry 'tar --help' or 'tar --usage' for more information.\n"
                        ));
                    };
                    *(if letter == 'f' { &mut asked.file } else { &mut asked.dir }) = Some(value);
                    if own {
                        break;
                    }
                }
                'p' | 'P' | 'm' | 'h' | 'o' | 'k' | 'a' => {}
                letter => {
                    return Err(alloc::format!(
                        "tar: invalid option -- '{letter}'\nTry 'tar --help' or 'tar --usage' for more information.\n"
                    ));
                }
            }
        }
    }
    Ok(asked)
}

/// A tar that waits for its archive.
#[derive(Clone)]
struct Tar(Asked);

impl Process for Tar {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        match io.stdin.take_all() {
            Some(text) => Poll::Done(read(&self.0, &text, io)),
            None => Poll::Wait(Wake::Input),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let asked = match ask(args) {
        Ok(asked) => asked,
        Err(text) => {
            io.err(&text);
            return Started::Done(2);
        }
    };
    let archive = asked.file.clone().filter(|file| file != "-");
    match asked.mode {
        None => {
            io.err("tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.\n");
            Started::Done(2)
        }
        Some(Mode::Create | Mode::Append) => Started::Done(create(&asked, archive.as_deref(), io)),
        Some(Mode::List | Mode::Extract) => match archive {
            Some(name) => {
                let path = io.path(&name);
                match io.fs.read(&path) {
                    Ok(text) => Started::Done(read(&asked, &text, io)),
                    Err(error) => {
                        io.err(&alloc::format!("tar: {name}: Cannot open: {}\ntar: Error is not recoverable: exiting now\n", error.text()));
                        Started::Done(2)
                    }
                }
            }
            None => {
                let mut process = Tar(asked);
                match process.poll(io) {
                    Poll::Done(status) => Started::Done(status),
                    Poll::Wait(_) => Started::Run(Box::new(process)),
                }
            }
        },
    }
}

/// What is being written: the archive, what is told of it, and whether something went wrong.
struct Making {
    out: String,
    told: String,
    failed: bool,
}

fn create(asked: &Asked, archive: Option<&str>, io: &mut Io<'_>) -> i32 {
    if asked.names.is_empty() {
        io.err("tar: Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.\n");
        return 2;
    }
    let base = asked.dir.as_deref().map_or_else(|| String::from(io.cwd), |dir| io.path(dir));
    let mut making = Making { out: String::new(), told: String::new(), failed: false };
    if asked.mode == Some(Mode::Append)
        && let Some(Ok(old)) = archive.map(|name| io.fs.read(&io.path(name)))
    {
        making.out.push_str(old.trim_end_matches('\0'));
        making.out.push_str(&"\0".repeat((BLOCK - making.out.len() % BLOCK) % BLOCK));
    }
    if asked.names.iter().any(|name| name.starts_with('/')) {
        let busybox = io.host.is_busybox();
        io.err(if busybox { "tar: removing leading '/' from member names\n" } else { "tar: Removing leading `/' from member names\n" });
    }
    for name in &asked.names {
        if !io.fs.exists(&resolve(&base, name)) {
            io.err(&alloc::format!("tar: {name}: Cannot stat: No such file or directory\n"));
            making.failed = true;
            continue;
        }
        add(asked, &base, name, &mut making, 0, io);
    }
    making.out.push_str(&"\0".repeat(2 * BLOCK));
    making.out.push_str(&"\0".repeat((20 * BLOCK - making.out.len() % (20 * BLOCK)) % (20 * BLOCK)));
    let text = if asked.compress { gzip::pack(&making.out) } else { making.out };
    if asked.verbose {
        match archive {
            Some(_) => io.out(&making.told),
            None => io.err(&making.told),
        }
    }
    match archive {
        Some(name) => {
            let (path, mtime) = (io.path(name), io.mtime());
            if let Err(error) = io.fs.write(&path, &text, mtime) {
                io.err(&alloc::format!("tar: {name}: Cannot open: {}\ntar: Error is not recoverable: exiting now\n", error.text()));
                return 2;
            }
        }
        None => io.out(&text),
    }
    if making.failed {
        io.err("tar: Exiting with failure status due to previous errors\n");
        return 2;
    }
    0
}

fn add(asked: &Asked, base: &str, name: &str, making: &mut Making, depth: usize, io: &mut Io<'_>) {
    let path = resolve(base, name);
    let short = name.rsplit('/').next().unwrap_or(name);
    let out = asked.excluded.iter().any(|pattern| {
        let pattern = crate::shell::pattern::Pattern::new(pattern.trim_start_matches("./"));
        pattern.matches(short) || pattern.matches(name.trim_start_matches("./"))
    });
    if out || depth > MAX_DEPTH || making.out.len() > MAX_BYTES {
        return;
    }
    let directory = io.fs.is_dir(&path);
    let mut member = String::from(name.trim_start_matches('/'));
    if directory && !member.ends_with('/') {
        member.push('/');
    }
    making.told.push_str(&alloc::format!("{member}\n"));
    let text = if directory { String::new() } else { io.fs.read(&path).map(|text| String::clone(&text)).unwrap_or_default() };
    let (mode, seconds) = io.fs.stat(&path).map_or((0o644, 0), |stat| (stat.mode, stat.mtime_ms.div_euclid(1000)));
    let seconds = seconds.saturating_add(io.host.epoch_s()).max(0);
    making.out.push_str(&header(&member, mode, text.len(), seconds, directory));
    making.out.push_str(&text);
    making.out.push_str(&"\0".repeat((BLOCK - text.len() % BLOCK) % BLOCK));
    if directory {
        for (entry, _) in io.fs.list(&path).unwrap_or_default() {
            let inner = alloc::format!("{}/{entry}", name.trim_end_matches('/'));
            add(asked, base, &inner, making, depth + 1, io);
        }
    }
}

/// Lists or unpacks an archive.
fn read(asked: &Asked, text: &str, io: &mut Io<'_>) -> i32 {
    let unpacked = gzip::unpack(text);
    if asked.compress && unpacked.is_err() {
        io.err("\ngzip: stdin: not in gzip format\ntar: Child returned status 1\ntar: Error is not recoverable: exiting now\n");
        return 2;
    }
    let whole = unpacked.unwrap_or_else(|_| String::from(text));
    let mut rest = whole.as_str();
    let base = asked.dir.as_deref().map_or_else(|| String::from(io.cwd), |dir| io.path(dir));
    if asked.dir.is_some() && !io.fs.is_dir(&base) {
        io.err(&alloc::format!(
            "tar: {}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now\n",
            asked.dir.as_deref().unwrap_or_default()
        ));
        return 2;
    }
    let mut found = alloc::vec![false; asked.names.len()];
    let mut any = false;
    while let Some((member, after)) = member(rest) {
        (rest, any) = (after, true);
        let wanted = |name: &String| {
            let name = name.trim_end_matches('/');
            member.name.trim_end_matches('/') == name || member.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
        };
        let chosen = asked.names.iter().position(wanted);
        if let Some(slot) = chosen.and_then(|at| found.get_mut(at)) {
            *slot = true;
        }
        if chosen.is_some() || asked.names.is_empty() {
            take(asked, &base, &member, io);
        }
    }
    if !any && !whole.is_empty() && !whole.starts_with('\0') {
        io.err("tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n");
        return 2;
    }
    let missing: Vec<&String> = asked.names.iter().zip(&found).filter(|(_, found)| !**found).map(|(name, _)| name).collect();
    for name in &missing {
        io.err(&alloc::format!("tar: {name}: Not found in archive\n"));
    }
    if missing.is_empty() {
        return 0;
    }
    io.err("tar: Exiting with failure status due to previous errors\n");
    2
}

fn take(asked: &Asked, base: &str, member: &Member<'_>, io: &mut Io<'_>) {
    let listing = asked.mode == Some(Mode::List);
    if listing && asked.verbose {
        let letters: String = (0..9)
            .rev()
            .map(|bit| if member.mode >> bit & 1 == 1 { b"xwr".get(bit % 3).map_or('-', |b| char::from(*b)) } else { '-' })
            .collect();
        let day = Moment::from_unix(member.seconds).format("%Y-%m-%d %H:%M");
        let kind = if member.directory { 'd' } else { '-' };
        io.out(&alloc::format!("{kind}{letters} root/root {:>9} {day} {}\n", member.text.len(), member.name));
        return;
    }
    if listing || asked.verbose && !asked.to_stdout {
        io.out(&alloc::format!("{}\n", member.name));
    }
    if listing {
        return;
    }
    if asked.to_stdout {
        io.out(member.text);
        return;
    }
    let mut name = member.name.trim_start_matches('/');
    for _ in 0..asked.strip {
        name = name.split_once('/').map_or("", |(_, rest)| rest);
    }
    // What would leave the directory stays out.
    if name.is_empty() || name.split('/').any(|part| part == "..") {
        return;
    }
    let (path, mtime) = (resolve(base, name), io.mtime());
    let result = if member.directory {
        io.fs.make_dirs(&path, mtime)
    } else {
        let parent = path.rsplit_once('/').map_or("/", |(parent, _)| parent);
        io.fs.make_dirs(parent, mtime).ok();
        io.fs.write(&path, member.text, mtime).and_then(|()| io.fs.set_mode(&path, member.mode))
    };
    if let Err(error) = result {
        io.err(&alloc::format!("tar: {name}: Cannot open: {}\n", error.text()));
    }
}
