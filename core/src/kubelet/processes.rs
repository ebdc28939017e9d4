//! The processes that a container sees, its own or all of its Pod's, and what `/proc` says of them and of the container.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::behaviour;
use super::worker::{Part, Slot, Worker};
use crate::api::kubelet::{Identity, Sandbox};
use crate::object::value::{items_at, text_at};

/// The number of the first process of a container in its Pod's common space, and how far they lie apart.
const FIRST: u32 = 8;
const APART: u32 = 16;

/// A container's own processes.
fn own(slot: &Slot, argv: &[String]) -> Vec<(u32, String)> {
    let behaviour = slot.image.as_deref().map(behaviour::of).filter(|b| b.is_own(argv));
    match behaviour.map_or(&[][..], |b| b.processes) {
        [] => alloc::vec![(1, replaced(argv).unwrap_or_else(|| argv.join(" ")))],
        all => all.iter().map(|(pid, line)| (*pid, line.to_string())).collect(),
    }
}

/// The command that takes the place of the shell which runs nothing else: `sh -c "sleep 1h"`.
fn replaced(argv: &[String]) -> Option<String> {
    let [shell, flag, line] = argv else { return None };
    let is_shell = matches!(shell.rsplit('/').next(), Some("sh" | "bash" | "ash" | "dash"));
    let simple = !line.contains([';', '&', '|', '<', '>', '(', '$', '`', '\'', '"', '\\', '\n', '=']);
    (is_shell && flag == "-c" && simple && !line.trim().is_empty()).then(|| line.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether a Pod's containers see each other's processes.
fn shared(worker: &Worker) -> bool {
    worker.pod.bool_at("/spec/shareProcessNamespace")
}

/// The container whose processes an ephemeral one is to see.
fn target<'a>(worker: &'a Worker, slot: &Slot) -> Option<&'a Slot> {
    let name = Some(text_at(worker.spec(slot), "targetContainerName")).filter(|name| slot.part == Part::Ephemeral && !name.is_empty())?;
    worker.slots.iter().find(|s| &*s.name == name)
}

/// Whether what a container sees changes with others.
pub fn sees_others(worker: &Worker, slot: &Slot) -> bool {
    shared(worker) || target(worker, slot).is_some()
}

/// The processes that a container sees which runs this.
pub fn seen_by(worker: &Worker, slot: &Slot, argv: &[String]) -> Vec<(u32, String)> {
    let running = |s: &Slot| s.run.as_ref().filter(|r| r.exited.is_none()).map(|r| r.argv.clone());
    if shared(worker) {
        let mut all = alloc::vec![(1, "/pause".to_string())];
        for (place, s) in (0..).zip(worker.slots.iter().filter(|s| s.part != Part::Init)) {
            let line = if s.name == slot.name { Some(argv.to_vec()) } else { running(s) };
            let Some(line) = line else { continue };
            all.extend((0..).zip(own(s, &line)).map(|(n, (_, text))| (FIRST + APART * place + 6 * n, text)));
        }
        return all;
    }
    if let Some(other) = target(worker, slot)
        && let Some(line) = running(other)
    {
        let mut all = own(other, &line);
        let last = all.iter().map(|(pid, _)| *pid).max().unwrap_or(1);
        all.extend(own(slot, argv).into_iter().map(|(pid, text)| (last + 5 + pid, text)));
        return all;
    }
    own(slot, argv)
}

/// The container that a process belongs to which another sees under this number, and its number there.
pub fn owner_of(worker: &Worker, slot: usize, pid: u32) -> (usize, u32) {
    if !shared(worker) {
        let Some(other) = worker.slots.get(slot).and_then(|s| target(worker, s)) else { return (slot, pid) };
        return (worker.slots.iter().position(|s| s.name == other.name).unwrap_or(slot), pid);
    }
    let Some(place) = pid.checked_sub(FIRST) else { return (slot, 0) };
    let mut numbered = worker.slots.iter().enumerate().filter(|(_, s)| s.part != Part::Init);
    let found = usize::try_from(place / APART).ok().and_then(|n| numbered.nth(n));
    found.map_or((slot, 0), |(i, _)| (i, if place % APART == 0 { 1 } else { 2 }))
}

/// Writes what `/proc` says.
pub fn write(worker: &Worker, slot: &Slot, sandbox: &mut Sandbox) {
    let mut files = core::mem::take(&mut sandbox.files);
    let mut put = |path: &str, text: &str| {
        let _ = files.install(path, text, 0);
    };
    for (pid, line) in &sandbox.processes {
        let dir = ["/proc/", &pid.to_string()].concat();
        let program = line.split([' ', ':']).next().unwrap_or_default();
        let name = program.rsplit('/').next().unwrap_or(program);
        put(&[&dir, "/cmdline"].concat(), &[&line.replace(' ', "\0"), "\0"].concat());
        put(&[&dir, "/comm"].concat(), &[name, "\n"].concat());
        put(&[&dir, "/status"].concat(), &status(*pid, name, &sandbox.identity));
    }
    let mounts = mounts(worker, slot);
    put("/proc/mounts", &mounts);
    put("/proc/1/mounts", &mounts);
    put("/proc/self/mounts", &mounts);
    put(
        "/proc/version",
        "Linux version 5.15.0-164-generic (buildd@lcy02-amd64-061) (gcc (Ubuntu 11.4.0-1ubuntu1~22.04.2) 11.4.0) #174-Ubuntu SMP\n",
    );
    put(
        "/proc/meminfo",
        "MemTotal:        2078720 kB\nMemFree:          612340 kB\nMemAvailable:    1421120 kB\nBuffers:           60124 kB\nCached:           812264 kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n",
    );
    put(
        "/proc/cpuinfo",
        "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Core(TM) Processor\ncpu cores\t: 2\n\nprocessor\t: 1\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Core(TM) Processor\ncpu cores\t: 2\n\n",
    );
    put("/proc/loadavg", "0.10 0.08 0.05 1/182 24\n");
    let users = match worker.pod.at("/spec/hostUsers").and_then(serde_json::Value::as_bool) {
        Some(false) => "         0  833617920      65536\n",
        _ => "         0          0 4294967295\n",
    };
    put("/proc/self/uid_map", users);
    for sysctl in worker.pod.items_at("/spec/securityContext/sysctls") {
        put(&["/proc/sys/", &text_at(sysctl, "name").replace('.', "/")].concat(), &[text_at(sysctl, "value"), "\n"].concat());
    }
    sandbox.files = files;
}

/// What `/proc/PID/status` says of a process.
fn status(pid: u32, name: &str, who: &Identity) -> String {
    let Identity { uid, gid, groups, capabilities } = who;
    let groups: Vec<String> = groups.iter().map(|g| alloc::format!("{g}")).collect();
    // Whoever is not root has none in hand, only what may be had.
    let held = if *uid == 0 { *capabilities } else { 0 };
    alloc::format!(
        "Name:\t{name}\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t{pid}\nNgid:\t0\nPid:\t{pid}\nPPid:\t0\nTracerPid:\t0\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\nGid:\t{gid}\t{gid}\t{gid}\t{gid}\nFDSize:\t64\nGroups:\t{} \nNStgid:\t{pid}\nNSpid:\t{pid}\nVmPeak:\t    4404 kB\nVmSize:\t    4404 kB\nVmRSS:\t    1280 kB\nThreads:\t1\nSigQ:\t0/7837\nCapInh:\t0000000000000000\nCapPrm:\t{held:016x}\nCapEff:\t{held:016x}\nCapBnd:\t{capabilities:016x}\nCapAmb:\t0000000000000000\nNoNewPrivs:\t0\nSeccomp:\t0\nSeccomp_filters:\t0\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\nMems_allowed_list:\t0\n",
        groups.join(" ")
    )
}

/// What is mounted in a container.
fn mounts(worker: &Worker, slot: &Slot) -> String {
    let mut out = String::from(
        "overlay / overlay rw,relatime 0 0\nproc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\ntmpfs /dev tmpfs rw,nosuid,size=65536k,mode=755,inode64 0 0\ndevpts /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666 0 0\nmqueue /dev/mqueue mqueue rw,nosuid,nodev,noexec,relatime 0 0\nsysfs /sys sysfs ro,nosuid,nodev,noexec,relatime 0 0\ncgroup /sys/fs/cgroup cgroup2 ro,nosuid,nodev,noexec,relatime 0 0\n",
    );
    let mut line = |path: &str, memory: bool, read_only: bool| {
        let (source, kind) = if memory { ("tmpfs", "tmpfs") } else { ("/dev/mapper/ubuntu--vg-ubuntu--lv", "ext4") };
        let how = if read_only { "ro" } else { "rw" };
        out.push_str(&[source, " ", path, " ", kind, " ", how, ",relatime 0 0\n"].concat());
    };
    for mount in items_at(worker.spec(slot), "volumeMounts") {
        let name = text_at(mount, "name");
        let volume = worker.pod.items_at("/spec/volumes").iter().find(|v| text_at(v, "name") == name);
        let has = |key: &str| volume.is_some_and(|v| v.get(key).is_some());
        let memory = has("secret") || has("projected") || volume.is_some_and(|v| text_at(v, "emptyDir/medium") == "Memory");
        let given = memory && !has("emptyDir") || has("configMap") || has("downwardAPI");
        line(text_at(mount, "mountPath"), memory, given || crate::object::value::bool_at(mount, "readOnly"));
    }
    for path in ["/etc/hosts", "/dev/termination-log", "/etc/hostname", "/etc/resolv.conf"] {
        line(path, false, false);
    }
    out
}
