//! Jobs in the background: begun by `&`, polled beside the foreground, waited for by `wait`.
//! Never: how they are listed (`jobs`).

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::{Frame, Run, Step, Task};
use crate::shell::ast::List;
use crate::shell::context::Context;
use crate::shell::fds::Fd;
use crate::shell::process::Wake;

/// A background job.
#[derive(Clone)]
pub struct Job {
    /// `%1`
    pub number: u32,
    /// What `$!` said.
    pub pid: u32,
    /// The line.
    pub source: Rc<str>,
    /// Its status, once it is over.
    pub status: Option<i32>,
    /// Shown to nobody: what a subshell left behind.
    pub hidden: bool,
    pub(super) task: Box<Task>,
}

impl Task {
    pub(super) fn start_job(&mut self, list: List, item: usize, cx: &mut Context<'_>) {
        let source = list.get(item).map_or_else(|| Rc::from(""), |item| Rc::clone(&item.source));
        let mut task = match self.fork(cx) {
            Ok(task) => task,
            Err(message) => {
                self.complain(&message, cx);
                self.state.status = 254;
                return;
            }
        };
        if matches!(task.fds.get(0), Some(Fd::Pipe(crate::shell::fds::TERMINAL))) {
            task.fds.set(0, Fd::Null);
        }
        task.frames.push(Frame::AndOr { list, item, at: 0 });
        if self.jobs.len() > 100 {
            // Nobody asked about these for a long time.
            self.jobs.retain(|job| job.status.is_none());
        }
        let number = self.jobs.iter().map(|job| job.number).max().unwrap_or(0) + 1;
        let pid = self.state.next_pid;
        self.state.next_pid += 1;
        self.state.last_job = Some(pid);
        self.jobs.push(Job { number, pid, source, status: None, hidden: false, task });
        if self.state.options.interactive {
            cx.complain(&self.fds.clone(), &alloc::format!("[{number}] {pid}"));
        }
        self.state.status = 0;
        // It begins at once, as with a second processor.
        self.poll_jobs(cx);
    }

    /// Lets background jobs go on; answers what the unfinished ones wait for.
    pub fn poll_jobs(&mut self, cx: &mut Context<'_>) -> Option<Wake> {
        let mut wake = None;
        let mut left = Vec::new();
        for job in &mut self.jobs {
            if job.status.is_some() {
                continue;
            }
            match job.task.run(cx) {
                Run::Done => {
                    job.status = Some(job.task.exit_status());
                    cx.progress += 1;
                    left.append(&mut job.task.jobs);
                }
                Run::Wait(one) => wake = Some(wake.map_or(one, |wake: Wake| wake.or(one))),
            }
        }
        self.adopt(left);
        self.jobs.retain(|job| !(job.hidden && job.status.is_some()));
        wake
    }

    pub(super) fn adopt(&mut self, jobs: Vec<Job>) {
        for mut job in jobs {
            if job.status.is_none() {
                job.hidden = true;
                self.jobs.push(job);
            }
        }
    }

    /// Whether background jobs are still going.
    pub fn has_live_jobs(&self) -> bool {
        self.jobs.iter().any(|job| job.status.is_none())
    }

    /// Ends a background job.
    pub(in crate::shell) fn kill_job(&mut self, pid: u32, status: i32, cx: &mut Context<'_>) -> bool {
        let Some(job) = self.jobs.iter_mut().find(|job| job.pid == pid && job.status.is_none()) else { return false };
        job.task.end(cx);
        job.status = Some(status);
        true
    }

    pub(super) fn step_wait(&mut self, pids: Vec<u32>, cx: &mut Context<'_>) -> Step {
        let mut wake = self.poll_jobs(cx);
        let waits = |job: &Job| pids.is_empty() || pids.contains(&job.pid);
        if self.jobs.iter().any(|job| waits(job) && job.status.is_none() && !job.hidden) {
            self.frames.push(Frame::WaitJobs { pids });
            return Step::Wait(wake.take().unwrap_or(Wake::Change));
        }
        self.state.status = match pids.last() {
            Some(pid) => self.jobs.iter().find(|job| job.pid == *pid).and_then(|job| job.status).unwrap_or(127),
            None => 0,
        };
        self.jobs.retain(|job| !(waits(job) && job.status.is_some()));
        Step::Next
    }
}
