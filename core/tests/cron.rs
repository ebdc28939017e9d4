//! CronJobs typed at the front door: schedules, what they missed, several at once, and what is kept of them.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bench;

use bench::Bench;
use serde_json::{Value, json};

impl Bench {
    fn run(&mut self, line: &str) -> String {
        self.typed(line, true)
    }

    /// A CronJob `tick` whose Jobs run a script, each minute unless `more` says otherwise.
    fn cron(&mut self, script: &str, more: &Value) {
        let pod = json!({"restartPolicy": "Never", "containers": [{"name": "c", "image": "busybox", "command": ["sh", "-c", script]}]});
        let template = json!({"spec": {"backoffLimit": 0, "template": {"spec": pod}}});
        let mut spec = json!({"schedule": "* * * * *", "jobTemplate": template});
        for (key, value) in more.as_object().unwrap() {
            spec[key] = value.clone();
        }
        let object = json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "tick"}, "spec": spec});
        let said = self.run(&format!("kubectl apply -f - <<'EOF'\n{object}\nEOF"));
        assert!(said.contains("cronjob.batch/tick created"), "{said}");
    }

    fn jobs(&mut self) -> usize {
        self.run("kubectl get jobs -o name").lines().count()
    }

    /// How many Jobs it holds to be running.
    fn active(&mut self) -> usize {
        self.run("kubectl get cronjob tick -o jsonpath='{.status.active[*].name}'").split_whitespace().count()
    }

    /// How often an event was told of the CronJob.
    fn told(&mut self, reason: &str) -> i64 {
        let path = "{range .items[*]}{.count} {end}";
        let all =
            self.run(&format!("kubectl get events --field-selector involvedObject.kind=CronJob,reason={reason} -o jsonpath='{path}'"));
        all.split_whitespace().map(|n| n.parse::<i64>().unwrap_or(0)).sum()
    }
}

#[test]
fn jobs_run_side_by_side_where_that_is_allowed() {
    let mut b = Bench::new();
    b.cron("sleep 1000", &json!({}));
    b.run("sleep 200");
    assert_eq!((b.jobs(), b.active(), b.told("SuccessfulCreate")), (3, 3, 3));
}

#[test]
fn a_job_that_runs_forbids_the_next_which_begins_when_it_ends() {
    let mut b = Bench::new();
    b.cron("sleep 90", &json!({"concurrencyPolicy": "Forbid"}));
    b.run("sleep 130");
    assert_eq!((b.jobs(), b.told("SuccessfulCreate")), (1, 1));
    assert!(b.told("JobAlreadyActive") >= 1);
    b.run("sleep 40");
    assert_eq!((b.jobs(), b.told("SuccessfulCreate"), b.told("SawCompletedJob")), (2, 2, 1));
}

#[test]
fn a_job_that_runs_gives_way_to_the_next() {
    let mut b = Bench::new();
    b.cron("sleep 1000", &json!({"concurrencyPolicy": "Replace"}));
    b.run("sleep 200");
    assert_eq!((b.jobs(), b.told("SuccessfulCreate"), b.told("SuccessfulDelete")), (1, 3, 2));
    assert_eq!(b.active(), 1);
}

#[test]
fn only_so_many_jobs_that_ended_are_kept() {
    let mut b = Bench::new();
    b.cron("true", &json!({"successfulJobsHistoryLimit": 2}));
    b.run("sleep 400");
    assert_eq!(b.jobs(), 2);
    let mut b = Bench::new();
    b.cron("false", &json!({"successfulJobsHistoryLimit": 2}));
    b.run("sleep 400");
    assert_eq!(b.jobs(), 1);
    let mut b = Bench::new();
    b.cron("true", &json!({"successfulJobsHistoryLimit": 0}));
    b.run("sleep 400");
    assert_eq!((b.jobs(), b.told("SawCompletedJob"), b.told("SuccessfulDelete")), (0, 0, 6));
}

#[test]
fn what_was_missed_is_made_up_for_once_unless_it_is_too_late() {
    let mut b = Bench::new();
    b.cron("true", &json!({"suspend": true}));
    b.run("sleep 90");
    assert_eq!(b.jobs(), 0);
    b.run(r#"kubectl patch cronjob tick -p '{"spec":{"suspend":false}}'; sleep 5"#);
    assert_eq!(b.jobs(), 1);
    let mut b = Bench::new();
    b.cron("true", &json!({"suspend": true, "startingDeadlineSeconds": 10}));
    b.run("sleep 90");
    b.run(r#"kubectl patch cronjob tick -p '{"spec":{"suspend":false}}'; sleep 5"#);
    assert_eq!(b.jobs(), 0);
    b.run("sleep 30");
    assert_eq!(b.jobs(), 1);
    let mut b = Bench::new();
    b.cron("true", &json!({"suspend": true}));
    (0..12).for_each(|_| drop(b.run("sleep 590")));
    b.run(r#"kubectl patch cronjob tick -p '{"spec":{"suspend":false}}'; sleep 2"#);
    assert_eq!((b.jobs(), b.told("TooManyMissedTimes")), (1, 1));
}

#[test]
fn another_schedule_counts_from_now_on() {
    let mut b = Bench::new();
    b.cron("true", &json!({"schedule": "0 0 1 1 *"}));
    b.run("sleep 90");
    b.run(r#"kubectl patch cronjob tick -p '{"spec":{"schedule":"* * * * *"}}'; sleep 10"#);
    assert_eq!(b.jobs(), 0);
    b.run("sleep 30");
    assert_eq!(b.jobs(), 1);
}

#[test]
fn a_job_says_for_which_time_it_is_by_the_clock_of_the_zone() {
    let mut b = Bench::new();
    b.cron("true", &json!({"timeZone": "Asia/Seoul"}));
    b.run("sleep 70");
    let path = r"{.items[0].metadata.annotations.batch\.kubernetes\.io/cronjob-scheduled-timestamp}";
    let at = b.run(&format!("kubectl get jobs -o jsonpath='{path}'"));
    assert!(at.ends_with(":00+09:00"), "{at}");
}

#[test]
fn a_schedule_that_never_comes_round_says_so() {
    let mut b = Bench::new();
    b.cron("true", &json!({"schedule": "59 23 31 2 *"}));
    let events = b.run("kubectl get events");
    let text = "invalid schedule: 59 23 31 2 * : time difference between two schedules is less than 1 second";
    assert!(events.contains("InvalidSchedule") && events.contains(text), "{events}");
}
