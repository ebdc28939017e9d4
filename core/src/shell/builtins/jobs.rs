//! Background jobs as one asks about them: `jobs`, `wait`, `kill`.
//! Never: how they run (`task::background`).

use alloc::string::String;
use alloc::vec::Vec;

use super::{fail, out};
use crate::shell::context::Context;
use crate::shell::task::{Frame, Task};

pub(super) fn jobs(task: &mut Task, _args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    task.poll_jobs(cx);
    let last = task.jobs.iter().map(|job| job.number).max().unwrap_or(0);
    let text: String = task.jobs.iter().filter(|job| !job.hidden).map(|job| crate::shell::jobs::line(job, last)).collect();
    task.jobs.retain(|job| job.status.is_none());
    out(task, cx, &text)
}

/// The process id that `%1` or a number means.
fn job_pid(task: &Task, arg: &str) -> Option<u32> {
    match arg.strip_prefix('%') {
        Some("" | "%" | "+") => task.jobs.last().map(|job| job.pid),
        Some(number) => number.parse::<u32>().ok().and_then(|number| task.jobs.iter().find(|job| job.number == number)).map(|job| job.pid),
        None => arg.parse().ok(),
    }
}

pub(super) fn wait(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut pids = Vec::new();
    for arg in args.iter().filter(|arg| !arg.starts_with('-')) {
        match job_pid(task, arg) {
            Some(pid) if task.jobs.iter().any(|job| job.pid == pid) => pids.push(pid),
            Some(pid) => return fail(task, cx, &alloc::format!("wait: pid {pid} is not a child of this shell"), 127),
            None if arg.starts_with('%') => return fail(task, cx, &alloc::format!("wait: {arg}: no such job"), 127),
            None => return fail(task, cx, &alloc::format!("wait: `{arg}': not a pid or valid job spec"), 1),
        }
    }
    task.push(Frame::WaitJobs { pids });
    None
}

pub(super) fn kill(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    const USAGE: &str = "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]";
    let mut signal = "TERM";
    let mut result = 0;
    let mut rest = args.iter();
    if args.is_empty() {
        cx.complain(&task.fds.clone(), USAGE);
        return Some(2);
    }
    while let Some(arg) = rest.next() {
        let named = match arg.as_str() {
            "-l" | "-L" => return out(task, cx, &super::trap::list()),
            "-s" | "-n" => rest.next().map(String::as_str),
            "--" => continue,
            "-0" => {
                signal = "0";
                continue;
            }
            flag => flag.strip_prefix('-').filter(|name| !name.is_empty()),
        };
        if let Some(name) = named {
            match super::trap::signal(name) {
                Some(found) => signal = found,
                None => return fail(task, cx, &alloc::format!("kill: {name}: invalid signal specification"), 1),
            }
            continue;
        }
        match job_pid(task, arg) {
            Some(pid) if signal == "0" && (pid == task.state.pid || task.jobs.iter().any(|job| job.pid == pid && job.status.is_none())) => {
            }
            Some(pid) if pid == task.state.pid => {
                // A signal to the shell itself.
                let trapped = task.state.traps.contains_key(signal);
                task.trapped(signal);
                if !trapped && !task.state.options.interactive && !matches!(signal, "CHLD" | "CONT" | "WINCH" | "URG") {
                    task.drop_frames(cx);
                    task.exited = Some(128 + super::trap::number(signal));
                }
                return if trapped { None } else { Some(0) };
            }
            Some(pid) if task.kill_job(pid, 128 + super::trap::number(signal), cx) => {}
            Some(pid) if !arg.starts_with('%') => {
                // Processes of this machine that are not the shell's jobs (in a container) are the host's.
                if cx.host.has_program("kill") {
                    let (env, fds) = (task.state.vars.env().clone(), task.fds.clone());
                    crate::shell::launch::program(task, "kill", args, env, fds, Vec::new(), cx);
                    return None;
                }
                result = fail(task, cx, &alloc::format!("kill: ({pid}) - No such process"), 1)?;
            }
            _ if arg.starts_with('%') => result = fail(task, cx, &alloc::format!("kill: {arg}: no such job"), 1)?,
            _ => result = fail(task, cx, &alloc::format!("kill: {arg}: arguments must be process or job IDs"), 1)?,
        }
    }
    Some(result)
}
