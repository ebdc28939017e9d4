//! `kubectl cp`: files and folders into a container and out of it, as `tar` at both ends would carry them.
//! Models kubectl `pkg/cmd/cp`.
//!
//! ```text
//! $ kubectl cp a b
//! error: one of src or dest must be a remote file specification
//! $ kubectl cp nope.txt web:/tmp/x
//! error: nope.txt doesn't exist in local filesystem
//! $ kubectl run web --image=nginx
//! pod/web created
//! $ kubectl wait --for=condition=Ready pod/web
//! pod/web condition met
//! $ echo hello > note.txt; kubectl cp note.txt web:/tmp/note.txt; kubectl exec web -- cat /tmp/note.txt
//! hello
//! $ kubectl cp web:/etc/hostname name.txt; cat name.txt
//! tar: Removing leading `/' from member names
//! web
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::exec;
use crate::api::Verb;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes};
use crate::text::fs::{self, FileSystem};

const FLAGS: &[Flag] = &[
    Flag::text("container", "The container; the Pod's default one when not given.").short('c'),
    Flag::switch("no-preserve", "Do not keep owners and permissions."),
    Flag::text("retries", "How often to try again; 0 does not, a negative number always.").kind(FlagKind::Int, "0"),
];

/// How deep folders are carried.
const MAX_DEPTH: usize = 32;

/// `kubectl cp <file-spec-src> <file-spec-dest>`
pub static CP: Command = Command {
    name: "cp",
    takes: Takes::Copied,
    usage: "cp <file-spec-src> <file-spec-dest>",
    short: "Copy files and directories to and from containers",
    examples: "# A file into a Pod\nkubectl cp /tmp/foo web:/tmp/bar",
    flags: &[FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

/// One end: namespace, Pod and path; the Pod is empty for this machine.
struct Place {
    namespace: String,
    pod: String,
    path: String,
}

fn fail<T>(text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Client(text.into()))
}

fn place(text: &str) -> Result<Place, Failure> {
    const WRONG: &str = "filespec must match the canonical format: [[namespace/]pod:]file/path";
    let Some((pod, path)) = text.split_once(':') else {
        return Ok(Place { namespace: String::new(), pod: String::new(), path: text.to_string() });
    };
    let parts: Vec<&str> = pod.split('/').collect();
    let (namespace, pod) = match parts.as_slice() {
        [pod] if !pod.is_empty() => ("", *pod),
        [namespace, pod] => (*namespace, *pod),
        _ => return fail(WRONG),
    };
    Ok(Place { namespace: namespace.to_string(), pod: pod.to_string(), path: path.to_string() })
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let [from, to] = parsed.args.as_slice() else {
        return fail("source and destination are required");
    };
    let (from, to) = (place(from)?, place(to)?);
    match (from.pod.is_empty(), to.pod.is_empty()) {
        (false, false) => return fail("one of src or dest must be a local file specification"),
        _ if from.path.is_empty() || to.path.is_empty() => return fail("filepath can not be empty"),
        (true, true) => return fail("one of src or dest must be a remote file specification"),
        (true, false) if !cx.files.exists(&fs::resolve(cx.cwd, &from.path)) => {
            return fail(format!("{} doesn't exist in local filesystem", from.path));
        }
        _ => {}
    }
    let remote = if from.pod.is_empty() { &to } else { &from };
    if !remote.namespace.is_empty() {
        cx.globals.namespace = remote.namespace.clone();
    }
    let (pod, _) = exec::pod(cx, parsed, Some(&["pods/", &remote.pod].concat()))?;
    let phase = pod.text_at("/status/phase");
    if matches!(phase, "Succeeded" | "Failed") {
        return fail(format!("cannot exec into a container in a completed pod; current phase is {phase}"));
    }
    let container = exec::container(cx, parsed, &pod)?;
    cx.allowed(Verb::Create, "exec", &pod)?;
    exec::running(&pod, &container)?;
    let now_ms = i64::try_from(cx.now().as_ms()).unwrap_or(0);
    let local = fs::resolve(cx.cwd, if from.pod.is_empty() { &from.path } else { &to.path });
    let Some(sandbox) = cx.server.kubelets().sandbox(&pod.meta.uid, &container) else {
        return fail(format!("Internal error occurred: unable to upgrade connection: container not found (\"{container}\")"));
    };
    if !sandbox.programs.iter().any(|program| program == "cat") {
        let why = "OCI runtime exec failed: exec failed: unable to start container process: exec: \"tar\": executable file not found in $PATH: unknown";
        return fail(format!("Internal error occurred: error executing command in container: failed to exec in container: {why}"));
    }
    let inside = fs::resolve(&sandbox.cwd, &remote.path);
    let busybox = sandbox.programs.iter().any(|program| program == "ash");
    let (out, error) = match from.pod.is_empty() {
        true => (String::new(), into_pod(cx.files, &local, &mut sandbox.files, &inside, &remote.path, now_ms)),
        false => out_of_pod(&sandbox.files, &inside, &remote.path, cx.files, &local, now_ms, busybox),
    };
    cx.out(&out);
    match error {
        None => Ok(Flow::Done(0)),
        Some(text) => {
            cx.err(&[&text, "command terminated with exit code 2\n"].concat());
            Ok(Flow::Done(2))
        }
    }
}

/// Carries a file or folder in; what `tar` complains of if it cannot.
fn into_pod(local: &FileSystem, from: &str, inside: &mut FileSystem, to: &str, shown: &str, now_ms: i64) -> Option<String> {
    let name = from.rsplit('/').next().unwrap_or_default();
    let target = if inside.is_dir(to) { fs::resolve(to, name) } else { to.to_string() };
    let folder = target.rsplit_once('/').map_or("/", |(folder, _)| if folder.is_empty() { "/" } else { folder });
    if !inside.is_dir(folder) {
        let told = shown.trim_end_matches('/').rsplit_once('/').map_or(".", |(folder, _)| folder);
        return Some(format!("tar: {told}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now\n"));
    }
    carry(local, from, inside, &target, now_ms, 0);
    None
}

/// Carries a file or folder out: what is printed, and what `tar` complains of if it cannot.
fn out_of_pod(
    inside: &FileSystem,
    from: &str,
    shown: &str,
    local: &mut FileSystem,
    to: &str,
    now_ms: i64,
    busybox: bool,
) -> (String, Option<String>) {
    if !inside.exists(from) {
        let text = match busybox {
            true => format!("tar: {shown}: No such file or directory\ntar: error exit delayed from previous errors\n"),
            false => {
                format!("tar: {shown}: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n")
            }
        };
        return (text, Some(String::new()));
    }
    let out = match (shown.starts_with('/'), busybox) {
        (false, _) => "",
        (true, true) => "tar: removing leading '/' from member names\n",
        (true, false) => "tar: Removing leading `/' from member names\n",
    };
    let parent = to.rsplit_once('/').map_or("/", |(folder, _)| folder);
    let _ = local.make_dirs(if parent.is_empty() { "/" } else { parent }, now_ms);
    if inside.is_file(from) && local.is_dir(to) {
        return (out.to_string(), None);
    }
    carry(inside, from, local, to, now_ms, 0);
    (out.to_string(), None)
}

/// Copies a file, or a folder with all that is in it.
fn carry(from: &FileSystem, source: &str, to: &mut FileSystem, target: &str, now_ms: i64, depth: usize) {
    if let Ok(text) = from.read(source) {
        let _ = to.write(target, &text, now_ms);
        return;
    }
    let Ok(entries) = from.list(source) else { return };
    let _ = to.make_dirs(target, now_ms);
    if depth < MAX_DEPTH {
        for (name, _) in entries {
            carry(from, &fs::resolve(source, &name), to, &fs::resolve(target, &name), now_ms, depth + 1);
        }
    }
}
