//! Programs that only make sense inside a container: its processes, its names, its own server.

mod ensembles;
mod nginx;
mod pi;
mod redis;
mod sql;
mod system;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::container::ContainerHost;
use super::net;
use super::process::{Io, Poll, Process, ProcessContext, Started, Wake};
use crate::api::kubelet::{Identity, Sandbox};

/// What is known of the container that a process runs in.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Its host name.
    pub hostname: String,
    /// The UID of its Pod.
    pub pod_uid: String,
    /// Its node.
    pub node: String,
    /// Its image, as the Pod names it.
    pub image: String,
    /// The programs there are.
    programs: Vec<String>,
    /// Its processes.
    processes: Vec<(u32, String)>,
    /// Whom they belong to.
    pub identity: Identity,
}

impl Facts {
    /// What a sandbox says.
    pub fn of(sandbox: &Sandbox, pod_uid: &str, node: &str) -> Facts {
        Facts {
            hostname: sandbox.hostname.clone(),
            pod_uid: pod_uid.to_string(),
            node: node.to_string(),
            image: sandbox.image.clone(),
            programs: sandbox.programs.clone(),
            processes: sandbox.processes.clone(),
            identity: sandbox.identity.clone(),
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
    /// It goes on by itself.
    Starts(fn(&[String], &mut ProcessContext<'_>) -> Started),
    /// It goes on until it is ended.
    Serves,
}

/// The programs that are neither the shell's own nor of the network's, with a line of help. Adding one is adding a row.
const PROGRAMS: &[(&str, &str, Begin)] = &[
    ("apache2ctl", "the web server", Begin::Says(httpd)),
    ("apachectl", "the web server", Begin::Says(httpd)),
    ("apk", "packages", Begin::Says(no_packages)),
    ("apt", "packages", Begin::Says(no_packages)),
    ("apt-get", "packages", Begin::Says(no_packages)),
    ("arch", "the machine's architecture", Begin::Says(|_, _, io| say(io, "x86_64"))),
    ("cassandra", "the database", Begin::Serves),
    ("df", "disk space", Begin::Says(system::df)),
    ("free", "memory", Begin::Says(system::free)),
    ("httpd", "the web server", Begin::Says(httpd)),
    ("httpd-foreground", "the web server", Begin::Serves),
    ("ifconfig", "addresses", Begin::Says(system::ifconfig)),
    ("ip", "addresses", Begin::Says(system::ip)),
    ("kill", "sends a signal", Begin::Says(system::kill)),
    ("mount", "mounted file systems", Begin::Says(system::mount)),
    ("mysql", "a client of MySQL", Begin::Starts(|args, io| sql::start("mysql", args, io))),
    ("mysqladmin", "a client of MySQL", Begin::Starts(|args, io| sql::start("mysqladmin", args, io))),
    ("mysqld", "the database", Begin::Serves),
    ("ncat", "opens a connection", Begin::Starts(ensembles::ncat)),
    ("netstat", "connections", Begin::Says(system::netstat)),
    ("nginx", "the web server", Begin::Serves),
    ("nodetool", "a client of Cassandra", Begin::Says(ensembles::nodetool)),
    (
        "perl",
        "computes",
        Begin::Says(|_, args, io| {
            io.out(&pi::perl(args));
            0
        }),
    ),
    ("pg_isready", "asks PostgreSQL", Begin::Starts(|args, io| sql::start("pg_isready", args, io))),
    ("pgrep", "finds processes", Begin::Says(system::pids)),
    ("pidof", "finds processes", Begin::Says(system::pids)),
    ("postgres", "the database", Begin::Serves),
    ("ps", "the processes", Begin::Says(system::ps)),
    ("psql", "a client of PostgreSQL", Begin::Starts(|args, io| sql::start("psql", args, io))),
    ("redis-cli", "a client of Redis", Begin::Starts(redis::start)),
    ("redis-server", "the store", Begin::Serves),
    ("start-zookeeper", "the store", Begin::Starts(ensembles::zookeeper)),
    ("stress", "keeps the machine busy", Begin::Serves),
    ("sync", "writes to disk", Begin::Says(|_, _, _| 0)),
    ("top", "the processes", Begin::Says(system::top)),
    ("uptime", "how long it has run", Begin::Says(system::uptime)),
    ("xbstream", "unpacks a backup", Begin::Says(|_, _, _| 0)),
    ("xtrabackup", "backs MySQL up", Begin::Says(|_, _, _| 0)),
    ("zkCli.sh", "a client of ZooKeeper", Begin::Says(ensembles::zk_cli)),
    ("zookeeper-ready", "asks ZooKeeper", Begin::Says(|_, _, _| 0)),
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
        Some((_, _, Begin::Starts(start))) => Some(start(args, io)),
        Some((name, _, Begin::Serves)) => Some(own_server(name, args, io)),
        None => net::start(program, args, io),
    }
}

fn first(args: &[String]) -> &str {
    args.first().map_or("", String::as_str)
}

/// What package managers come to without the way to a mirror.
fn no_packages(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    use super::process::Host;
    let busybox = host.is_busybox();
    match (first(args), busybox) {
        ("update" | "add" | "upgrade", true) => {
            io.err("WARNING: fetching https://dl-cdn.alpinelinux.org/alpine/v3.22/main/x86_64/APKINDEX.tar.gz: temporary error (try again later)\n");
            for name in args.iter().skip(1).filter(|arg| !arg.starts_with('-')) {
                io.err(&alloc::format!("ERROR: unable to select packages:\n  {name} (no such package):\n    required by: world[{name}]\n"));
            }
            i32::from(args.len() > 1)
        }
        ("update", _) => {
            io.err("W: Failed to fetch http://deb.debian.org/debian/dists/trixie/InRelease  Temporary failure resolving 'deb.debian.org'\nW: Some index files failed to download. They have been ignored, or old ones used instead.\n");
            0
        }
        ("install", _) => {
            io.out("Reading package lists...\nBuilding dependency tree...\nReading state information...\n");
            for name in args.iter().skip(1).filter(|arg| !arg.starts_with('-')) {
                io.err(&alloc::format!("E: Unable to locate package {name}\n"));
            }
            100
        }
        _ => {
            io.err("kubepie: containers here have no way to a package mirror\n");
            1
        }
    }
}

/// `httpd -v`, `httpd -t`
fn httpd(_: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    match first(args) {
        "-v" | "-V" => io.out("Server version: Apache/2.4.65 (Unix)\nServer built:   Jul 22 2025 00:51:39\n"),
        "-t" | "configtest" => io.err("Syntax OK\n"),
        "-k" | "graceful" | "restart" => {}
        _ => {
            io.err("httpd (pid 1) already running\n");
            return 0;
        }
    }
    0
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

fn own_server(program: &str, args: &[String], io: &mut ProcessContext<'_>) -> Started {
    match (program, first(args)) {
        ("nginx", _) => {
            if let Some(code) = nginx::run(args, io) {
                return Started::Done(code);
            }
            return Started::Run(Box::new(Forever));
        }
        ("redis-server", "--version" | "-v") => {
            io.out("Redis server v=8.2.2 sha=00000000:1 malloc=jemalloc-5.3.0 bits=64 build=61b4d20ea9ba3ac6\n");
        }
        ("mysqld", "--version" | "-V") => io.out("/usr/sbin/mysqld  Ver 8.4.6 for Linux on x86_64 (MySQL Community Server - GPL)\n"),
        ("postgres", "--version" | "-V") => io.out("postgres (PostgreSQL) 18.0 (Debian 18.0-1.pgdg13+3)\n"),
        _ => return Started::Run(Box::new(Forever)),
    }
    Started::Done(0)
}

/// The value of `--name=value` among a program's arguments.
fn option<'a>(args: &'a [String], name: &str) -> Option<&'a str> {
    args.iter().find_map(|arg| arg.strip_prefix(name)?.strip_prefix('='))
}
