//! Programs that only make sense inside a container: its processes, its names, its own server.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::container::{ContainerHost, signal_number};
use super::net;
use super::process::{Io, Poll, Process, ProcessContext, Started, Wake};
use crate::api::kubelet::Sandbox;

/// What is known of the container that a process runs in.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Its host name.
    pub hostname: String,
    /// The UID of its Pod.
    pub pod_uid: String,
    /// Its node.
    pub node: String,
    /// The programs there are.
    programs: Vec<String>,
    /// Its processes.
    processes: Vec<(u32, String)>,
}

impl Facts {
    /// What a sandbox says.
    pub fn of(sandbox: &Sandbox, pod_uid: &str, node: &str) -> Facts {
        Facts {
            hostname: sandbox.hostname.clone(),
            pod_uid: pod_uid.to_string(),
            node: node.to_string(),
            programs: sandbox.programs.clone(),
            processes: sandbox.processes.clone(),
        }
    }

    /// Whether the image has a program.
    pub fn has(&self, program: &str) -> bool {
        self.programs.iter().any(|p| p == program)
    }
}

/// Runs a program to its end; answers its exit code.
type Run = fn(&mut ContainerHost<'_>, &[String], &mut ProcessContext<'_>) -> i32;

/// How a program begins.
enum Begin {
    /// It has said what it has to say at once.
    Says(Run),
    /// It goes on until it is ended.
    Serves,
}

/// The programs that are neither the shell's own nor of the network's, with a line of help. Adding one is adding a row.
const PROGRAMS: &[(&str, &str, Begin)] = &[
    ("arch", "the machine's architecture", Begin::Says(|_, _, io| say(io, "x86_64"))),
    ("date", "the time", Begin::Says(date)),
    ("df", "disk space", Begin::Says(|_, _, io| say(io, DF))),
    ("free", "memory", Begin::Says(|_, _, io| say(io, FREE))),
    ("hostname", "the container's name", Begin::Says(hostname)),
    ("httpd-foreground", "the web server", Begin::Serves),
    ("id", "who runs this", Begin::Says(id)),
    ("ip", "addresses", Begin::Says(ip)),
    ("kill", "sends a signal", Begin::Says(kill)),
    ("mysql", "a client of MySQL", Begin::Says(|_, _, _| 0)),
    ("mysqladmin", "a client of MySQL", Begin::Says(|_, _, io| say(io, "mysqld is alive"))),
    ("mysqld", "the database", Begin::Serves),
    ("nginx", "the web server", Begin::Serves),
    ("nproc", "how many processors", Begin::Says(|_, _, io| say(io, "2"))),
    ("perl", "computes", Begin::Says(|_, args, io| say(io, &pi(args)))),
    ("pg_isready", "asks PostgreSQL", Begin::Says(|_, _, io| say(io, "/var/run/postgresql:5432 - accepting connections"))),
    ("pgrep", "finds processes", Begin::Says(pids)),
    ("pidof", "finds processes", Begin::Says(pids)),
    ("postgres", "the database", Begin::Serves),
    ("ps", "the processes", Begin::Says(ps)),
    ("psql", "a client of PostgreSQL", Begin::Says(|_, _, _| 0)),
    ("redis-cli", "a client of Redis", Begin::Says(redis)),
    ("redis-server", "the store", Begin::Serves),
    ("stat", "what a file is", Begin::Says(|_, args, io| say(io, first(args)))),
    ("stress", "keeps the machine busy", Begin::Serves),
    ("sync", "writes to disk", Begin::Says(|_, _, _| 0)),
    ("top", "the processes", Begin::Says(ps)),
    ("uname", "the system", Begin::Says(uname)),
    (
        "uptime",
        "how long it has run",
        Begin::Says(|_, _, io| say(io, " 00:00:00 up 5 days,  3:00,  0 users,  load average: 0.10, 0.08, 0.05")),
    ),
    ("which", "where a program lies", Begin::Says(which)),
    ("whoami", "who runs this", Begin::Says(|_, _, io| say(io, "root"))),
    ("yes", "says yes", Begin::Serves),
];

/// Names and help of all programs that an image may have beside the shell's own.
pub fn programs() -> Vec<(&'static str, &'static str)> {
    let own = PROGRAMS.iter().map(|(name, help, _)| (*name, *help));
    own.chain(net::PROGRAMS.iter().map(|(name, help, _)| (*name, *help))).collect()
}

/// Whether [`start`] knows a program.
pub fn knows(program: &str) -> bool {
    PROGRAMS.iter().any(|(name, _, _)| *name == program) || net::PROGRAMS.iter().any(|(name, _, _)| *name == program)
}

const DF: &str =
    "Filesystem           1K-blocks      Used Available Use% Mounted on\noverlay               39937312  12581912  25293936  33% /";
const FREE: &str = "              total        used        free      shared  buff/cache   available\nMem:        2078720      612340      884212        3412      582168     1318004\nSwap:             0           0           0";

/// A process that goes on until it is ended.
#[derive(Clone)]
struct Forever;

impl Process for Forever {
    fn poll(&mut self, _io: &mut Io<'_>) -> Poll {
        Poll::Wait(Wake::Input)
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

/// Starts a program.
pub fn start(host: &mut ContainerHost<'_>, program: &str, args: &[String], io: &mut ProcessContext<'_>) -> Option<Started> {
    match PROGRAMS.iter().find(|(name, _, _)| *name == program) {
        Some((_, _, Begin::Says(run))) => Some(Started::Done(run(host, args, io))),
        Some((name, _, Begin::Serves)) => Some(own_server(name, args, io)),
        None => net::start(program, args, io),
    }
}

fn first(args: &[String]) -> &str {
    args.first().map_or("", String::as_str)
}

fn hostname(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let text = if matches!(first(args), "-i" | "-I") { address(host) } else { host.facts.hostname.clone() };
    say(io, &text)
}

fn id(_: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    say(io, if matches!(first(args), "-u" | "-g") { "0" } else { "uid=0(root) gid=0(root) groups=0(root)" })
}

fn ip(host: &mut ContainerHost<'_>, _: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let address = address(host);
    say(io, &alloc::format!("1: lo    inet 127.0.0.1/8\n2: eth0    inet {address}/32"))
}

fn date(host: &mut ContainerHost<'_>, _: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let ms = i64::try_from(io.now.as_ms()).unwrap_or(0);
    say(io, &super::calendar::Moment::from_unix(host.epoch_s + ms / 1000).format("%a %b %e %H:%M:%S UTC %Y"))
}

fn say(io: &mut ProcessContext<'_>, text: &str) -> i32 {
    io.out(text);
    io.out("\n");
    0
}

fn address(host: &mut ContainerHost<'_>) -> String {
    use crate::api::network::Network;
    let own = host.facts.hostname.clone();
    host.resolve("", &own).addresses.first().cloned().unwrap_or_default()
}

fn uname(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let hostname = &host.facts.hostname;
    let text = match first(args) {
        "-a" => alloc::format!("Linux {hostname} 5.15.0-164-generic #174-Ubuntu SMP x86_64 GNU/Linux"),
        "-r" => "5.15.0-164-generic".to_string(),
        "-n" => hostname.to_string(),
        "-m" => "x86_64".to_string(),
        _ => "Linux".to_string(),
    };
    say(io, &text)
}

fn ps(host: &mut ContainerHost<'_>, _: &[String], io: &mut ProcessContext<'_>) -> i32 {
    io.out("PID   USER     TIME  COMMAND\n");
    let mut last = 1;
    for (pid, command) in &host.facts.processes {
        last = last.max(*pid);
        io.out(&alloc::format!("{pid:>5} root      0:00 {command}\n"));
    }
    io.out(&alloc::format!("{:>5} root      0:00 ps\n", last + 7));
    0
}

fn pids(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let name = first(args);
    let found: Vec<String> =
        host.facts.processes.iter().filter(|(_, c)| !name.is_empty() && c.contains(name)).map(|(pid, _)| pid.to_string()).collect();
    if found.is_empty() {
        return 1;
    }
    say(io, &found.join(" "))
}

fn kill(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let mut signal = crate::api::runtime::SIGTERM;
    let mut code = 0;
    let mut words = args.iter();
    while let Some(word) = words.next() {
        if word == "-s" {
            signal = words.next().and_then(|w| signal_number(w)).unwrap_or(signal);
        } else if let Some(name) = word.strip_prefix('-') {
            signal = signal_number(name).unwrap_or(signal);
        } else {
            match word.parse::<u32>() {
                Ok(pid) if host.facts.processes.iter().any(|(p, _)| *p == pid) => host.signals.push((pid, signal)),
                _ => {
                    io.err(&alloc::format!("kill: can't kill pid {word}: No such process\n"));
                    code = 1;
                }
            }
        }
    }
    code
}

fn which(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let mut code = 0;
    for name in args {
        if host.facts.has(name) {
            io.out(&["/usr/bin/", name, "\n"].concat());
        } else {
            code = 1;
        }
    }
    code
}

fn own_server(program: &str, args: &[String], io: &mut ProcessContext<'_>) -> Started {
    match (program, args.first().map(String::as_str)) {
        ("nginx", Some("-v" | "-V")) => {
            io.err("nginx version: nginx/1.29.4\n");
            Started::Done(0)
        }
        ("nginx", Some("-t")) => {
            io.err("nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n");
            Started::Done(0)
        }
        ("nginx", Some("-s")) => Started::Done(0),
        _ => Started::Run(Box::new(Forever)),
    }
}

/// What `perl -Mbignum=bpi -wle 'print bpi(2000)'` prints: the example of the Job documentation.
fn pi(args: &[String]) -> String {
    match args.iter().any(|a| a.contains("bpi")) {
        true => "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798214808651328230664709384460955058223172535940812848111745028410270193852110555964462294895493038196".to_string(),
        false => String::new(),
    }
}

fn redis(_: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    let word = args.iter().find(|a| !a.starts_with('-')).map(|a| a.to_ascii_lowercase());
    say(
        io,
        match word.as_deref() {
            Some("ping") => "PONG",
            Some("set") => "OK",
            Some("get") => "",
            _ => "127.0.0.1:6379> ",
        },
    )
}
