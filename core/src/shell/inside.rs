//! Programs that only make sense inside a container: its processes, its names, its own server.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::container::{ContainerHost, signal_number};
use super::net;
use super::process::{Io, Poll, Process, StartIo, Started, Wake};
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

/// Names and help of the programs that are not the shell's own.
pub const PROGRAMS: &[(&str, &str)] = &[
    ("arch", "the machine's architecture"),
    ("curl", "fetches a page"),
    ("date", "the time"),
    ("df", "disk space"),
    ("free", "memory"),
    ("getent", "looks a name up"),
    ("hostname", "the container's name"),
    ("httpd-foreground", "the web server"),
    ("id", "who runs this"),
    ("ip", "addresses"),
    ("kill", "sends a signal"),
    ("mysql", "a client of MySQL"),
    ("mysqladmin", "a client of MySQL"),
    ("mysqld", "the database"),
    ("nc", "opens a connection"),
    ("nginx", "the web server"),
    ("nproc", "how many processors"),
    ("nslookup", "looks a name up"),
    ("perl", "computes"),
    ("pg_isready", "asks PostgreSQL"),
    ("pgrep", "finds processes"),
    ("pidof", "finds processes"),
    ("ping", "asks for an echo"),
    ("postgres", "the database"),
    ("ps", "the processes"),
    ("psql", "a client of PostgreSQL"),
    ("redis-cli", "a client of Redis"),
    ("redis-server", "the store"),
    ("stat", "what a file is"),
    ("stress", "keeps the machine busy"),
    ("sync", "writes to disk"),
    ("top", "the processes"),
    ("uname", "the system"),
    ("uptime", "how long it has run"),
    ("wget", "fetches a page"),
    ("which", "where a program lies"),
    ("whoami", "who runs this"),
    ("yes", "says yes"),
];

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
pub fn start(host: &mut ContainerHost<'_>, program: &str, args: &[String], io: &mut StartIo<'_>) -> Option<Started> {
    let first = args.first().map(String::as_str);
    let code = match program {
        "hostname" => {
            let text = if first == Some("-i") || first == Some("-I") { address(host) } else { host.facts.hostname.clone() };
            say(io, &text)
        }
        "whoami" => say(io, "root"),
        "id" => say(io, if first == Some("-u") || first == Some("-g") { "0" } else { "uid=0(root) gid=0(root) groups=0(root)" }),
        "arch" => say(io, "x86_64"),
        "nproc" => say(io, "2"),
        "sync" => 0,
        "uname" => say(io, &uname(first.unwrap_or("-s"), &host.facts.hostname)),
        "uptime" => say(io, " 00:00:00 up 5 days,  3:00,  0 users,  load average: 0.10, 0.08, 0.05"),
        "ps" | "top" => ps(host, io),
        "pidof" | "pgrep" => pids(host, first.unwrap_or_default(), io),
        "kill" => kill(host, args, io),
        "which" => which(host, args, io),
        "ip" => say(io, &alloc::format!("1: lo    inet 127.0.0.1/8\n2: eth0    inet {}/32", address(host))),
        "df" => say(
            io,
            "Filesystem           1K-blocks      Used Available Use% Mounted on\noverlay               39937312  12581912  25293936  33% /",
        ),
        "free" => say(
            io,
            "              total        used        free      shared  buff/cache   available\nMem:        2078720      612340      884212        3412      582168     1318004\nSwap:             0           0           0",
        ),
        "stat" => say(io, first.unwrap_or_default()),
        "date" => {
            let ms = i64::try_from(io.now.as_ms()).unwrap_or(0);
            say(io, &super::calendar::Moment::from_unix(host.epoch_s + ms / 1000).format("%a %b %e %H:%M:%S UTC %Y"))
        }
        "nginx" | "httpd-foreground" | "redis-server" | "mysqld" | "postgres" | "stress" | "yes" => {
            return Some(own_server(program, args, io));
        }
        "perl" => say(io, &pi(args)),
        "redis-cli" => redis(args, io),
        "pg_isready" => say(io, "/var/run/postgresql:5432 - accepting connections"),
        "mysqladmin" => say(io, "mysqld is alive"),
        "mysql" | "psql" => 0,
        "curl" | "wget" | "nslookup" | "getent" | "nc" | "ping" => return Some(net::start(program, args, io)),
        _ => return None,
    };
    Some(Started::Done(code))
}

fn say(io: &mut StartIo<'_>, text: &str) -> i32 {
    io.out(text);
    io.out("\n");
    0
}

fn address(host: &mut ContainerHost<'_>) -> String {
    use crate::api::network::Network;
    let own = host.facts.hostname.clone();
    host.resolve("", &own).addresses.first().cloned().unwrap_or_default()
}

fn uname(flag: &str, hostname: &str) -> String {
    match flag {
        "-a" => alloc::format!("Linux {hostname} 5.15.0-164-generic #174-Ubuntu SMP x86_64 GNU/Linux"),
        "-r" => "5.15.0-164-generic".to_string(),
        "-n" => hostname.to_string(),
        "-m" => "x86_64".to_string(),
        _ => "Linux".to_string(),
    }
}

fn ps(host: &ContainerHost<'_>, io: &mut StartIo<'_>) -> i32 {
    io.out("PID   USER     TIME  COMMAND\n");
    let mut last = 1;
    for (pid, command) in &host.facts.processes {
        last = last.max(*pid);
        io.out(&alloc::format!("{pid:>5} root      0:00 {command}\n"));
    }
    io.out(&alloc::format!("{:>5} root      0:00 ps\n", last + 7));
    0
}

fn pids(host: &ContainerHost<'_>, name: &str, io: &mut StartIo<'_>) -> i32 {
    let found: Vec<String> =
        host.facts.processes.iter().filter(|(_, c)| !name.is_empty() && c.contains(name)).map(|(pid, _)| pid.to_string()).collect();
    if found.is_empty() {
        return 1;
    }
    say(io, &found.join(" "))
}

fn kill(host: &mut ContainerHost<'_>, args: &[String], io: &mut StartIo<'_>) -> i32 {
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

fn which(host: &ContainerHost<'_>, args: &[String], io: &mut StartIo<'_>) -> i32 {
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

fn own_server(program: &str, args: &[String], io: &mut StartIo<'_>) -> Started {
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

fn redis(args: &[String], io: &mut StartIo<'_>) -> i32 {
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
