//! What Pods cost: CPU, allocations, memory and the longest single poll, for clusters of growing size.
//! `cargo xtask bench`; with `--wasm` the same in Node.js.
//!
//! Every scenario runs through the front door at the lifelike pace, as the page runs it: in slices of one frame, with
//! a picture of the cluster after each.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

use kubepie_core::session::{Base, Session, Timing};
use kubepie_tests::measured;

/// Steps that the page lets the engine make before it looks at its clock.
const SLICE: u32 = 16;
/// Simulated time between two pictures.
const FRAME_MS: u64 = 50;
/// The longest that one poll may take, in nanoseconds.
const POLL_NS: u64 = 8_000_000;
/// Simulated time after which a scenario is given up.
const LONGEST_MS: u64 = 900_000;

/// Counts what is allocated.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
/// Bytes in use.
static LIVE: AtomicU64 = AtomicU64::new(0);

// SAFETY: hands everything on to the system's allocator, unchanged.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        LIVE.fetch_add(layout.size() as u64, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as u64, Ordering::Relaxed);
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
#[allow(unsafe_code)]
mod clock {
    unsafe extern "C" {
        fn clock_gettime(id: i32, time: *mut [i64; 2]) -> i32;
    }

    /// `CLOCK_THREAD_CPUTIME_ID`.
    const THREAD: i32 = 3;

    /// Nanoseconds of CPU that this thread has had: what else the machine does makes no difference.
    pub fn cpu_ns() -> u64 {
        let mut time = [0; 2];
        // SAFETY: the system writes seconds and nanoseconds into `time`, which has room for both.
        unsafe { clock_gettime(THREAD, &raw mut time) };
        let [seconds, nanos] = time;
        (seconds * 1_000_000_000 + nanos).unsigned_abs()
    }
}

#[cfg(target_os = "wasi")]
#[allow(unsafe_code)]
mod clock {
    #[link(wasm_import_module = "wasi_snapshot_preview1")]
    unsafe extern "C" {
        fn clock_time_get(id: u32, precision: u64, time: *mut u64) -> u32;
    }

    /// `CLOCKID_THREAD_CPUTIME_ID`.
    const THREAD: u32 = 3;

    /// Nanoseconds of CPU that this thread has had.
    pub fn cpu_ns() -> u64 {
        let mut time = 0;
        // SAFETY: the host writes one number into `time`.
        unsafe { clock_time_get(THREAD, 1, &raw mut time) };
        time
    }
}

#[cfg(not(any(all(target_os = "linux", target_pointer_width = "64"), target_os = "wasi")))]
mod clock {
    use std::sync::OnceLock;
    use std::time::Instant;

    /// Nanoseconds that have passed, where the system is not asked for CPU time.
    pub fn cpu_ns() -> u64 {
        static BEGUN: OnceLock<Instant> = OnceLock::new();
        u64::try_from(BEGUN.get_or_init(Instant::now).elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

use clock::cpu_ns;

/// What was measured.
#[derive(Clone, Copy, Default)]
struct Cost {
    ns: u64,
    allocations: u64,
    longest_ns: u64,
    /// Polls that take more than a frame may wait.
    over: u64,
    polls: u64,
    live: u64,
    clone_ns: u64,
    view_ns: u64,
    longest_view_ns: u64,
}

/// Runs a line and all that it begins until `done`; returns what that cost.
fn measure(session: &mut Session, line: &str, done: impl Fn(&mut Session) -> bool) -> Cost {
    let mut cost = Cost::default();
    let (begun, allocated, live) = (cpu_ns(), ALLOCATIONS.load(Ordering::Relaxed), LIVE.load(Ordering::Relaxed));
    session.submit_line(0, line);
    let end = session.now() + LONGEST_MS;
    loop {
        let to = session.now() + FRAME_MS;
        while session.now() < to {
            let before = cpu_ns();
            let left = session.advance(to, SLICE);
            let took = cpu_ns().saturating_sub(before);
            cost.longest_ns = cost.longest_ns.max(took);
            cost.over += u64::from(took > POLL_NS);
            cost.polls += 1;
            if left > 0 && session.now() >= to {
                break;
            }
        }
        let before = cpu_ns();
        session.view();
        let took = cpu_ns().saturating_sub(before);
        cost.longest_view_ns = cost.longest_view_ns.max(took);
        cost.view_ns += took;
        if session.now() > end || session.at_rest() && done(session) {
            break;
        }
    }
    cost.ns = cpu_ns().saturating_sub(begun).saturating_sub(cost.view_ns);
    cost.allocations = ALLOCATIONS.load(Ordering::Relaxed) - allocated;
    cost.live = LIVE.load(Ordering::Relaxed).saturating_sub(live);
    let before = cpu_ns();
    let checkpoint = session.world().clone();
    cost.clone_ns = cpu_ns().saturating_sub(before);
    drop(checkpoint);
    cost
}

fn ready(session: &mut Session) -> usize {
    session.view().pods.iter().filter(|p| &*p.namespace == "default" && p.containers.iter().all(|c| c.ready)).count()
}

fn report(what: &str, pods: usize, cost: Cost, base: &mut Option<f64>) {
    let us = cost.ns as f64 / 1000.0 / pods as f64;
    let ratio = us / *base.get_or_insert(us);
    println!(
        "{what:36} {us:8.1} µs/Pod x{ratio:4.2}  {:5} allocations/Pod {:6.1} kB/Pod  longest poll {:6.2} ms, {} of {} over {} ms  clone {:5.0} µs  view {:6.1} µs/Pod, longest {:6.2} ms",
        cost.allocations / pods as u64,
        cost.live as f64 / 1000.0 / pods as f64,
        cost.longest_ns as f64 / 1e6,
        cost.over,
        cost.polls,
        POLL_NS / 1_000_000,
        cost.clone_ns as f64 / 1000.0,
        cost.view_ns as f64 / 1000.0 / pods as f64,
        cost.longest_view_ns as f64 / 1e6,
    );
}

/// What eight hours of a cluster at rest keep: a Pod that crashes, a CronJob, and Pods that only run.
fn hours(pods: usize, nodes: u32) {
    let mut session = session(nodes);
    for line in [
        &format!("kubectl create deployment web --image=nginx --replicas={pods}"),
        "kubectl create cronjob tick --image=busybox --schedule='*/1 * * * *' -- date",
        "kubectl run broken --image=busybox -- false",
    ] {
        session.submit_line(0, line);
        session.settle(LONGEST_MS);
    }
    let begun = session.now();
    let (mut text, mut ns) = (String::new(), 0);
    for minutes in [0, 10, 30, 60, 120, 240, 360, 480] {
        let before = cpu_ns();
        session.advance_to(begun + minutes * 60_000);
        ns += cpu_ns().saturating_sub(before);
        text += &format!("  {:.1}", LIVE.load(Ordering::Relaxed) as f64 / 1e6);
    }
    println!(
        "eight hours of {pods} on {nodes}: {:.0} ms, MB in use after 0, 10, 30, 60, 120, 240, 360 and 480 minutes:{text}",
        ns as f64 / 1e6
    );
}

fn session(nodes: u32) -> Session {
    let mut session = Session::fresh(7, 1_795_428_000_000, Timing::LIFE, Base { workers: Some(nodes), ..Base::default() });
    session.settle(LONGEST_MS);
    session
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    // A word that begins with `=` is a whole name.
    let is = |name: &str, word: &str| word.strip_prefix('=').map_or(name.contains(word), |whole| name == whole);
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|w| is(name, w));
    if wants("bring") {
        measured::bring(cpu_ns);
    }
    for (pods, nodes) in [(12, 3), (1_000, 50)] {
        if wants(&format!("hours {pods}")) {
            hours(pods, nodes);
        }
    }
    if wants("open a link") {
        measured::open_link(cpu_ns);
    }
    // Ratios are to a thousand Pods on a dozen nodes.
    let mut base = None;
    // Code that has not run yet is slow, in wasm above all.
    measure(&mut session(3), "kubectl create deployment web --image=nginx --replicas=30", |s| ready(s) == 30);
    for (pods, nodes) in [(1_000, 12), (10, 3), (100, 3), (1_000, 100), (10_000, 100), (10_000, 1_000)] {
        let name = format!("create {pods} on {nodes}");
        if !wants(&name) {
            continue;
        }
        let mut session = session(nodes);
        let line = format!("kubectl create deployment web --image=nginx --replicas={pods}");
        let cost = measure(&mut session, &line, |s| ready(s) == pods);
        assert_eq!(ready(&mut session), pods, "not all are ready");
        report(&name, pods, cost, &mut base);
        if (pods, nodes) == (1_000, 100) && wants("update 1000") {
            let cost = measure(&mut session, "kubectl set image deployment web nginx=nginx:1.27", |s| ready(s) == pods);
            report("update 1000 on 100", pods, cost, &mut base);
        }
        if (pods, nodes) == (1_000, 12) && wants("drain") {
            let on = |s: &mut Session| {
                s.view().pods.iter().filter(|p| p.node.as_deref() == Some("w1-k8s") && &*p.namespace == "default").count()
            };
            let there = on(&mut session);
            let cost = measure(&mut session, "kubectl drain w1-k8s --ignore-daemonsets", |s| ready(s) == pods);
            report(&format!("drain {there} of 1000 on 12"), there.max(1), cost, &mut base);
        }
    }
    if wants("behind a Service") {
        let mut session = session(12);
        session.submit_line(0, "kubectl create service clusterip web --tcp=80");
        session.settle(LONGEST_MS);
        for (what, line) in [
            ("create", "kubectl create deployment web --image=nginx --replicas=1000"),
            ("update", "kubectl set image deployment web nginx=nginx:1.27"),
        ] {
            let cost = measure(&mut session, line, |s| ready(s) == 1_000);
            report(&format!("{what} 1000 on 12 behind a Service"), 1_000, cost, &mut base);
        }
    }
}
