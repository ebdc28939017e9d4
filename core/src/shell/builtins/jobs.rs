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
    let mut status = 143;
    let mut result = 0;
    for arg in args {
        match arg.as_str() {
            "-9" | "-KILL" | "-SIGKILL" => status = 137,
            "-l" => return out(task, cx, " 1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 9) SIGKILL\t15) SIGTERM\n"),
            "-s" => {}
            flag if flag.starts_with('-') => {}
            "TERM" | "KILL" | "INT" | "HUP" => {}
            arg => match job_pid(task, arg) {
                Some(pid) if task.kill_job(pid, status, cx) => {}
                Some(pid) if !arg.starts_with('%') => {
                    // Processes of this machine that are not the shell's jobs (in a container) are the host's.
                    let whole: Vec<String> = args.to_vec();
                    if cx.host.has_program("kill") {
                        let (env, fds) = (task.state.vars.env().clone(), task.fds.clone());
                        crate::shell::launch::program(task, "kill", &whole, env, fds, Vec::new(), cx);
                        return None;
                    }
                    task.complain(&alloc::format!("kill: ({pid}) - No such process"), cx);
                    result = 1;
                }
                _ if arg.starts_with('%') => {
                    task.complain(&alloc::format!("kill: {arg}: no such job"), cx);
                    result = 1;
                }
                _ => {
                    task.complain(&alloc::format!("kill: {arg}: arguments must be process or job IDs"), cx);
                    result = 1;
                }
            },
        }
    }
    Some(result)
}
