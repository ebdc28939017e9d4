//! Running other programs: where the workspace is, what is on the PATH, and saying what is being done.
//!
//! Knows no tool by name; the tools are in `setup`.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;

/// The folder of the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&here).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Where tools are installed that the machine does not have: `target/tools/bin`.
pub fn tools_bin() -> PathBuf {
    root().join("target/tools/bin")
}

/// Says what is being done, on standard error so that a command's output stays its own.
pub fn say(what: &str) {
    eprintln!("==> {what}");
}

/// A command run in the workspace, with our own tools and the npm packages first on its PATH.
pub fn command(program: &str) -> Command {
    let mut paths = vec![tools_bin(), root().join("node_modules/.bin")];
    if let Some(inherited) = std::env::var_os("PATH") {
        paths.extend(std::env::split_paths(&inherited));
    }
    let path = std::env::join_paths(paths).unwrap_or_default();
    let found = find_in(program, &path).unwrap_or_else(|| PathBuf::from(program));
    let mut command = Command::new(found);
    command.current_dir(root()).env("PATH", path).stdin(Stdio::null());
    command
}

/// The first file of that name on our PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let mut paths = vec![tools_bin()];
    if let Some(inherited) = std::env::var_os("PATH") {
        paths.extend(std::env::split_paths(&inherited));
    }
    find_in(program, &std::env::join_paths(paths).ok()?)
}

fn find_in(program: &str, path: &std::ffi::OsStr) -> Option<PathBuf> {
    std::env::split_paths(path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// What a program prints on standard output, where it runs and succeeds.
pub fn output_of(program: &str, args: &[&str]) -> Option<String> {
    let output = command(program).args(args).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command to its end with its output shown.
///
/// # Errors
/// A sentence that names the command, where it cannot be started or fails.
pub fn check(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("cannot run {}: {error}", named(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", named(command))) }
}

/// Runs a command to its end, showing its output and giving each line of it to `each`.
///
/// # Errors
/// As [`check`].
pub fn check_lines(command: &mut Command, mut each: impl FnMut(&str)) -> Result<(), String> {
    let name = named(command);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|error| format!("cannot run {name}: {error}"))?;
    let (send, receive) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        child.stderr.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
    ];
    for stream in streams.into_iter().flatten() {
        let send = send.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                if send.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
            }
        });
    }
    drop(send);
    for line in receive {
        println!("{line}");
        each(&line);
    }
    let status = child.wait().map_err(|error| format!("{name} was lost: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}

/// The command as a person would type it.
fn named(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let mut line = program.to_string_lossy().into_owned();
    for word in command.get_args() {
        line.push(' ');
        line.push_str(&word.to_string_lossy());
    }
    line
}
