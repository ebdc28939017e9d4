//! Background jobs as a person sees them: `jobs`, the notice when one is done, `kill %1`.

use alloc::string::String;
use alloc::vec::Vec;

use super::task::{Job, Task};

/// The lines about jobs that have ended since the last prompt; they are forgotten then.
pub(super) fn finished(task: &mut Task) -> Vec<String> {
    let last = task.jobs.iter().map(|job| job.number).max().unwrap_or(0);
    let lines = task.jobs.iter().filter(|job| job.status.is_some() && !job.hidden).map(|job| line(job, last)).collect();
    task.jobs.retain(|job| job.status.is_none());
    lines
}

/// A line of `jobs`.
pub(super) fn line(job: &Job, last: u32) -> String {
    let mark = if job.number == last {
        '+'
    } else if job.number + 1 == last {
        '-'
    } else {
        ' '
    };
    let state = match job.status {
        None => String::from("Running"),
        Some(0) => String::from("Done"),
        Some(143) => String::from("Terminated"),
        Some(137) => String::from("Killed"),
        Some(code) => alloc::format!("Exit {code}"),
    };
    let tail = if job.status.is_none() { " &" } else { "" };
    alloc::format!("[{}]{mark}  {state:<24}{}{tail}\n", job.number, job.source)
}
