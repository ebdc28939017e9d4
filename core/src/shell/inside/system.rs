//! What the system of a container looks like to the programs in it: disks, memory, processes, addresses.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{address, first, say};
use crate::shell::container::{ContainerHost, signal_number};
use crate::shell::process::ProcessContext;

/// Mounted file systems: source, kind, size and use in KiB, where, and how it is mounted.
const MOUNTS: &[(&str, &str, u64, u64, &str, &str)] = &[
    ("overlay", "overlay", 39_937_312, 12_581_912, "/", "rw,relatime"),
    ("proc", "proc", 0, 0, "/proc", "rw,nosuid,nodev,noexec,relatime"),
    ("tmpfs", "tmpfs", 65_536, 0, "/dev", "rw,nosuid,size=65536k,mode=755"),
    ("sysfs", "sysfs", 0, 0, "/sys", "ro,nosuid,nodev,noexec,relatime"),
    ("shm", "tmpfs", 65_536, 0, "/dev/shm", "rw,nosuid,nodev,noexec,relatime,size=65536k"),
    ("/dev/sda1", "ext4", 39_937_312, 12_581_912, "/etc/hosts", "rw,relatime"),
    ("tmpfs", "tmpfs", 2_078_720, 12, "/run/secrets/kubernetes.io/serviceaccount", "ro,relatime,size=2078720k"),
];

/// Memory in KiB: total, used, free, shared, buffers and caches, available.
const MEMORY: [u64; 6] = [2_078_720, 612_340, 884_212, 3_412, 582_168, 1_318_004];

fn flag(args: &[String], letter: char) -> bool {
    args.iter().any(|arg| arg.strip_prefix('-').is_some_and(|letters| letters.contains(letter)))
}

/// KiB as people read them: `38.1G`.
fn human(kib: u64) -> String {
    let (mut tenths, mut unit) = (kib.saturating_mul(10), 'K');
    for next in ['M', 'G'] {
        if tenths >= 10_240 {
            tenths = tenths.div_ceil(1024);
            unit = next;
        }
    }
    if kib == 0 { "0".to_string() } else { alloc::format!("{}.{}{unit}", tenths / 10, tenths % 10) }
}

/// `df [-h|-m] [PATH]`
pub(super) fn df(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    use crate::shell::process::Host;
    let busybox = host.is_busybox();
    let shown = |kib: u64| match () {
        () if flag(args, 'h') => human(kib),
        () if flag(args, 'm') => kib.div_ceil(1024).to_string(),
        () => kib.to_string(),
    };
    let wanted = args.iter().find(|arg| !arg.starts_with('-'));
    if let Some(path) = wanted
        && !io.fs.exists(&io.path(path))
    {
        io.err(&match busybox {
            true => alloc::format!("df: {path}: can't find mount point\n"),
            false => alloc::format!("df: {path}: No such file or directory\n"),
        });
        return 1;
    }
    let (size, free) = match (flag(args, 'h'), flag(args, 'm'), busybox) {
        (true, ..) if busybox => ("Size", "Available"),
        (true, ..) => ("Size", "Avail"),
        (_, true, _) => ("1M-blocks", "Available"),
        (_, _, true) => ("1K-blocks", "Available"),
        _ => ("1K-blocks", "Available"),
    };
    let (name, number) = match (busybox, flag(args, 'h')) {
        (true, _) => (20, 9),
        (false, true) => (14, 5),
        (false, false) => (14, 9),
    };
    io.out(&alloc::format!("{:name$} {size:>number$} {:>number$} {free:>number$} Use% Mounted on\n", "Filesystem", "Used"));
    let within = |at: &str| wanted.is_none_or(|path| at == path || at == "/" && !MOUNTS.iter().any(|mount| mount.4 == path));
    for (source, _, total, used, at, _) in MOUNTS.iter().filter(|(_, _, total, _, at, _)| *total > 0 && within(at)) {
        let percent = used.saturating_mul(100).div_ceil(*total);
        let (all, taken, left) = (shown(*total), shown(*used), shown(total - used));
        io.out(&alloc::format!("{source:name$} {all:>number$} {taken:>number$} {left:>number$} {percent:>3}% {at}\n"));
    }
    0
}

/// `free [-m|-g|-h]`
pub(super) fn free(_: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let shown = |kib: u64| match () {
        () if flag(args, 'h') => human(kib),
        () if flag(args, 'm') => (kib / 1024).to_string(),
        () if flag(args, 'g') => (kib / 1024 / 1024).to_string(),
        () if flag(args, 'b') => kib.saturating_mul(1024).to_string(),
        () => kib.to_string(),
    };
    io.out("              total        used        free      shared  buff/cache   available\nMem:   ");
    for (place, kib) in MEMORY.iter().enumerate() {
        let width = if place == 0 { 12 } else { 11 };
        io.out(&alloc::format!("{}{:>width$}", if place == 0 { "" } else { " " }, shown(*kib)));
    }
    io.out(&alloc::format!("\nSwap:  {:>12} {:>11} {:>11}\n", 0, 0, 0));
    0
}

/// The processes, the program that asks among them.
fn processes(host: &ContainerHost<'_>, own: &str, args: &[String]) -> Vec<(u32, String)> {
    let mut all = host.facts.processes.clone();
    let last = all.iter().map(|(pid, _)| *pid).max().unwrap_or(1);
    let line = core::iter::once(own).chain(args.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
    all.push((last.saturating_add(7), line));
    all
}

/// Whom processes here belong to: a name, or a number if there is none.
fn user(host: &ContainerHost<'_>, io: &ProcessContext<'_>) -> String {
    let uid = host.facts.identity.uid.to_string();
    let text = io.fs.read("/etc/passwd").map(|text| text.to_string()).unwrap_or_default();
    let line = text.lines().find(|line| line.split(':').nth(2) == Some(uid.as_str()));
    line.and_then(|line| line.split(':').next()).map_or(uid, ToString::to_string)
}

/// `ps`
pub(super) fn ps(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    io.out("PID   USER     TIME  COMMAND\n");
    let me = user(host, io);
    for (pid, command) in processes(host, "ps", args) {
        let who = if command.starts_with("nginx: worker") { "101" } else { &me };
        io.out(&alloc::format!("{pid:>5} {who:<8}  0:00 {command}\n"));
    }
    0
}

/// `top -bn1`; without a terminal to paint it anew on, every call shows one page.
pub(super) fn top(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let [total, used, free, shared, cached, _] = MEMORY;
    let buffers = total - used - free;
    io.out(&alloc::format!("Mem: {used}K used, {free}K free, {shared}K shrd, {}K buff, {cached}K cached\n", buffers - cached));
    io.out("CPU:   2% usr   1% sys   0% nic  96% idle   0% io   0% irq   0% sirq\n");
    let (all, me) = (processes(host, "top", args), user(host, io));
    io.out(&alloc::format!("Load average: 0.10 0.08 0.05 1/{} {}\n", all.len() + 180, all.last().map_or(1, |(pid, _)| *pid)));
    io.out("  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n");
    for (place, (pid, command)) in all.iter().enumerate() {
        let state = if place + 1 == all.len() { 'R' } else { 'S' };
        io.out(&alloc::format!(
            "{pid:>5} {:>5} {me:<8} {state}     4404   0%   0   0% {command}\n",
            u32::from(*pid > 1 && place + 1 < all.len())
        ));
    }
    0
}

/// `uptime`
pub(super) fn uptime(host: &mut ContainerHost<'_>, _: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let s = i64::try_from(io.now.as_ms() / 1000).unwrap_or(0);
    let clock = crate::shell::calendar::Moment::from_unix(host.epoch_s.saturating_add(s)).format("%H:%M:%S");
    let up = s.saturating_add(442_800);
    let (days, hours, minutes) = (up / 86_400, up / 3600 % 24, up / 60 % 60);
    say(io, &alloc::format!(" {clock} up {days} days, {hours:>2}:{minutes:02},  0 users,  load average: 0.10, 0.08, 0.05"))
}

/// `mount`
pub(super) fn mount(_: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    if args.iter().any(|arg| !arg.starts_with('-')) {
        io.err("mount: permission denied (are you root?)\n");
        return 1;
    }
    for (source, kind, _, _, at, how) in MOUNTS {
        io.out(&alloc::format!("{source} on {at} type {kind} ({how})\n"));
    }
    0
}

/// The hardware address that belongs to an address of the Pod network.
fn hardware(address: &str) -> String {
    let mut out = String::from("ee:ee");
    for part in address.split('.') {
        out.push_str(&alloc::format!(":{:02x}", part.parse::<u8>().unwrap_or(0)));
    }
    out
}

/// `ip a`, `ip r`
pub(super) fn ip(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let own = address(host);
    let mac = hardware(&own);
    match args.iter().find(|arg| !arg.starts_with('-')).map_or("", String::as_str) {
        "a" | "ad" | "addr" | "address" => {
            io.out("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n");
            io.out(&alloc::format!("2: eth0@if12: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1480 qdisc noqueue state UP qlen 1000\n    link/ether {mac} brd ff:ff:ff:ff:ff:ff\n    inet {own}/32 scope global eth0\n       valid_lft forever preferred_lft forever\n"));
        }
        "l" | "link" => {
            io.out("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n");
            io.out(&alloc::format!("2: eth0@if12: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1480 qdisc noqueue state UP qlen 1000\n    link/ether {mac} brd ff:ff:ff:ff:ff:ff\n"));
        }
        "r" | "ro" | "route" => io.out("default via 169.254.1.1 dev eth0 \n169.254.1.1 dev eth0 scope link \n"),
        _ => {
            io.err("Usage: ip [OPTIONS] address|route|link [ARGS]\n");
            return 1;
        }
    }
    0
}

/// `ifconfig`
pub(super) fn ifconfig(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let own = address(host);
    let mac = hardware(&own).to_uppercase();
    let wanted = args.iter().find(|arg| !arg.starts_with('-')).map(String::as_str);
    if let Some(name) = wanted.filter(|name| !matches!(*name, "eth0" | "lo")) {
        io.err(&alloc::format!("ifconfig: {name}: error fetching interface information: Device not found\n"));
        return 1;
    }
    if wanted != Some("lo") {
        io.out(&alloc::format!("eth0      Link encap:Ethernet  HWaddr {mac}  \n          inet addr:{own}  Bcast:0.0.0.0  Mask:255.255.255.255\n          UP BROADCAST RUNNING MULTICAST  MTU:1480  Metric:1\n\n"));
    }
    if wanted != Some("eth0") {
        io.out("lo        Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0\n          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n");
    }
    0
}

/// `netstat -tln`: the ports of this Pod that something listens on.
pub(super) fn netstat(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    use crate::api::network::{NetAnswer, NetRequest, Network};
    let listening = flag(args, 'l');
    io.out(if listening { "Active Internet connections (only servers)\n" } else { "Active Internet connections (w/o servers)\n" });
    io.out("Proto Recv-Q Send-Q Local Address           Foreign Address         State       \n");
    let own = address(host);
    for port in [80_u16, 443, 3306, 5432, 6379, 8080].into_iter().filter(|_| listening) {
        let asked = NetRequest { host: own.clone(), port, http: false, ..NetRequest::default() };
        if matches!(host.request(&asked), Some(NetAnswer::Open | NetAnswer::Http { .. })) {
            let local = alloc::format!("0.0.0.0:{port}");
            io.out(&alloc::format!("tcp        0      0 {local:<23} {:<23} LISTEN      \n", "0.0.0.0:*"));
        }
    }
    0
}

/// `pgrep` and `pidof`
pub(super) fn pids(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let name = args.iter().find(|arg| !arg.starts_with('-')).map_or("", String::as_str);
    let found: Vec<String> =
        host.facts.processes.iter().filter(|(_, c)| !name.is_empty() && c.contains(name)).map(|(pid, _)| pid.to_string()).collect();
    if found.is_empty() {
        return 1;
    }
    say(io, &found.join(" "))
}

/// `kill`
pub(super) fn kill(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let mut signal = crate::api::runtime::SIGTERM;
    let mut code = 0;
    let mut words = args.iter();
    if first(args).is_empty() {
        io.err("kill: you need to specify whom to kill\n");
        return 1;
    }
    while let Some(word) = words.next() {
        if word == "-s" {
            signal = words.next().and_then(|w| signal_number(w)).unwrap_or(signal);
        } else if let Some(name) = word.strip_prefix('-') {
            let Some(number) = signal_number(name) else {
                io.err(&alloc::format!("kill: bad signal name '{name}'\n"));
                return 1;
            };
            signal = number;
        } else {
            match word.parse::<u32>() {
                Ok(pid) if host.facts.processes.iter().any(|(p, _)| *p == pid) => host.signals.push((pid, signal)),
                Ok(_) => {
                    io.err(&alloc::format!("kill: can't kill pid {word}: No such process\n"));
                    code = 1;
                }
                Err(_) => {
                    io.err(&alloc::format!("kill: invalid number '{word}'\n"));
                    code = 1;
                }
            }
        }
    }
    code
}
