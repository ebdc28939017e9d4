//! What images do when they are run without a command of the Pod's: servers, their first lines and how they end.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::images::Image;
use crate::api::runtime::{ContainerProcess, ProcessCx, Running, SIGTERM};
use crate::time::Instant;

/// What an image does.
pub struct Behaviour {
    /// Its name in the image table.
    pub name: &'static str,
    /// The command line that runs when the Pod gives none.
    pub command: &'static str,
    /// Whether arguments of the Pod replace the whole command, as behind an entrypoint script that runs what it is given.
    pub runs_arguments: bool,
    /// The lines it writes at once.
    pub lines: &'static [&'static str],
    /// How it ends by itself: after how many milliseconds and with which code.
    pub ends: Option<(u64, i32)>,
    /// The code it ends with on SIGTERM; `None` when it does not listen.
    pub on_term: Option<i32>,
    /// After how many milliseconds it listens on its ports.
    pub listens_after_ms: u64,
}

const SERVER: Behaviour =
    Behaviour { name: "server", command: "/server", runs_arguments: false, lines: &[], ends: None, on_term: Some(0), listens_after_ms: 0 };

const SHELL: Behaviour = Behaviour { name: "shell", command: "sh", runs_arguments: true, ends: Some((0, 0)), ..SERVER };

const NGINX_LINES: &[&str] = &[
    "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration",
    "/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/",
    "/docker-entrypoint.sh: Configuration complete; ready for start up",
];

/// The behaviours.
const BEHAVIOURS: &[Behaviour] = &[
    Behaviour { name: "nginx", command: "nginx -g daemon off;", runs_arguments: true, lines: NGINX_LINES, ..SERVER },
    Behaviour { name: "slow", command: "nginx -g daemon off;", lines: NGINX_LINES, listens_after_ms: 20_000, ..SERVER },
    Behaviour {
        name: "httpd",
        command: "httpd-foreground",
        runs_arguments: true,
        lines: &[
            "[mpm_event:notice] [pid 1:tid 1] AH00489: Apache/2.4.65 (Unix) configured -- resuming normal operations",
            "[core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd -D FOREGROUND'",
        ],
        ..SERVER
    },
    Behaviour {
        name: "redis",
        command: "redis-server *:6379",
        runs_arguments: true,
        lines: &[
            "1:C * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo",
            "1:C * Configuration loaded",
            "1:M * monotonic clock: POSIX clock_gettime",
            "1:M * Running mode=standalone, port=6379.",
            "1:M * Server initialized",
            "1:M * Ready to accept connections tcp",
        ],
        ..SERVER
    },
    Behaviour {
        name: "mysql",
        command: "mysqld",
        runs_arguments: true,
        lines: &[
            "[Note] [Entrypoint]: Entrypoint script for MySQL Server started.",
            "[System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.4.6'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL.",
        ],
        listens_after_ms: 4000,
        ..SERVER
    },
    Behaviour {
        name: "mariadb",
        command: "mariadbd",
        runs_arguments: true,
        lines: &["[Note] [Entrypoint]: Entrypoint script for MariaDB Server started.", "[Note] mariadbd: ready for connections."],
        listens_after_ms: 4000,
        ..SERVER
    },
    Behaviour {
        name: "postgres",
        command: "postgres",
        runs_arguments: true,
        lines: &[
            "PostgreSQL init process complete; ready for start up.",
            "LOG:  listening on IPv4 address \"0.0.0.0\", port 5432",
            "LOG:  database system is ready to accept connections",
        ],
        listens_after_ms: 2500,
        ..SERVER
    },
    Behaviour {
        name: "mongo",
        command: "mongod --bind_ip_all",
        runs_arguments: true,
        lines: &["{\"s\":\"I\",\"c\":\"NETWORK\",\"msg\":\"Waiting for connections\",\"attr\":{\"port\":27017,\"ssl\":\"off\"}}"],
        ..SERVER
    },
    Behaviour { name: "memcached", command: "memcached", runs_arguments: true, ..SERVER },
    Behaviour {
        name: "rabbitmq",
        command: "rabbitmq-server",
        runs_arguments: true,
        lines: &["  Starting broker... completed with 3 plugins."],
        listens_after_ms: 5000,
        ..SERVER
    },
    Behaviour {
        name: "tomcat",
        command: "catalina.sh run",
        runs_arguments: true,
        lines: &["INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [1834] milliseconds"],
        listens_after_ms: 2000,
        on_term: Some(143),
        ..SERVER
    },
    Behaviour { name: "echo-hname", command: "nginx -g daemon off;", runs_arguments: true, ..SERVER },
    Behaviour { name: "echo-ip", command: "nginx -g daemon off;", runs_arguments: true, ..SERVER },
    Behaviour { name: "http-echo", command: "/http-echo", ..SERVER },
    Behaviour { name: "whoami", command: "/whoami", lines: &["Starting up on port 80"], ..SERVER },
    Behaviour { name: "hello-app", command: "/hello-app", lines: &["Server listening on port 8080"], on_term: Some(2), ..SERVER },
    Behaviour {
        name: "bootcamp",
        command: "/bin/sh -c node server.js",
        runs_arguments: true,
        lines: &["Kubernetes Bootcamp App Started At: 2026-11-23T00:00:00.000Z | Running On:  kubernetes-bootcamp "],
        ..SERVER
    },
    Behaviour { name: "agnhost", command: "/agnhost pause", lines: &["Paused"], ..SERVER },
    Behaviour { name: "pause", command: "/pause", ..SERVER },
    Behaviour { name: "sleeper", command: "sleep infinity", runs_arguments: true, on_term: None, ..SERVER },
    Behaviour {
        name: "hello",
        command: "/hello",
        lines: &["", "Hello from Docker!", "This message shows that your installation appears to be working correctly.", ""],
        ends: Some((0, 0)),
        ..SERVER
    },
    Behaviour { name: "pi", command: "perl", runs_arguments: true, ends: Some((0, 0)), ..SERVER },
    Behaviour { name: "stress", command: "/usr/local/bin/stress", runs_arguments: true, ..SERVER },
    Behaviour { name: "crash", command: "/crash", lines: &["starting", "fatal: nothing to do here"], ends: Some((500, 1)), ..SERVER },
    Behaviour { name: "hog", command: "/memory-hog", lines: &["taking 16Mi every second"], ..SERVER },
    Behaviour { name: "burner", command: "/cpu-burner", lines: &["burning"], ..SERVER },
    SHELL,
    SERVER,
];

const NO_MYSQL_PASSWORD: &[&str] = &[
    "[Note] [Entrypoint]: Entrypoint script for MySQL Server started.",
    "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified",
    "    You need to specify one of the following as an environment variable:",
    "    - MYSQL_ROOT_PASSWORD",
    "    - MYSQL_ALLOW_EMPTY_PASSWORD",
    "    - MYSQL_RANDOM_ROOT_PASSWORD",
];

const NO_MARIADB_PASSWORD: &[&str] = &[
    "[Note] [Entrypoint]: Entrypoint script for MariaDB Server started.",
    "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified",
    "\tYou need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD",
];

const NO_POSTGRES_PASSWORD: &[&str] = &[
    "Error: Database is uninitialized and superuser password is not specified.",
    "       You must specify POSTGRES_PASSWORD to a non-empty value for the",
    "       superuser. For example, \"-e POSTGRES_PASSWORD=password\" on \"docker run\".",
    "",
    "       You may also use \"POSTGRES_HOST_AUTH_METHOD=trust\" to allow all",
    "       connections without a password. This is *not* recommended.",
];

const UNCONFIGURED: Behaviour = Behaviour { name: "unconfigured", command: "", ends: Some((600, 1)), ..SERVER };

/// The official images of databases end at once when nobody has said what their password is.
static WITHOUT_PASSWORD: [(&str, &[&str], Behaviour); 3] = [
    (
        "docker.io/library/mysql",
        &["MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD_FILE"],
        Behaviour { lines: NO_MYSQL_PASSWORD, ..UNCONFIGURED },
    ),
    (
        "docker.io/library/mariadb",
        &[
            "MARIADB_ROOT_PASSWORD",
            "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
            "MARIADB_RANDOM_ROOT_PASSWORD",
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_ALLOW_EMPTY_PASSWORD",
            "MYSQL_RANDOM_ROOT_PASSWORD",
        ],
        Behaviour { lines: NO_MARIADB_PASSWORD, ..UNCONFIGURED },
    ),
    (
        "docker.io/library/postgres",
        &["POSTGRES_PASSWORD", "POSTGRES_HOST_AUTH_METHOD", "POSTGRES_PASSWORD_FILE"],
        Behaviour { lines: NO_POSTGRES_PASSWORD, ..UNCONFIGURED },
    ),
];

/// What an image does in this environment.
pub fn within(image: &Image, env: &[(String, String)]) -> &'static Behaviour {
    let repository = image.name.rsplit_once(':').map_or(image.name.as_str(), |(repository, _)| repository);
    let row = WITHOUT_PASSWORD.iter().find(|(name, _, _)| *name == repository);
    match row.filter(|(_, names, _)| !env.iter().any(|(name, value)| names.contains(&name.as_str()) && !value.is_empty())) {
        Some((_, _, unconfigured)) => unconfigured,
        None => of(image),
    }
}

/// What an image does.
pub fn of(image: &Image) -> &'static Behaviour {
    of_name(image.behaviour)
}

/// A behaviour by its name in the image table.
pub fn of_name(name: &str) -> &'static Behaviour {
    BEHAVIOURS.iter().find(|b| b.name == name).unwrap_or(&SERVER)
}

/// The memory that a command line of `stress` takes in all, in bytes: `--vm 2 --vm-bytes 150M`.
pub fn stress_bytes(argv: &[String]) -> u64 {
    let value = |names: &[&str]| {
        argv.iter().enumerate().find_map(|(i, word)| match word.split_once('=') {
            Some((name, value)) if names.contains(&name) => Some(value),
            _ if names.contains(&word.as_str()) => argv.get(i + 1).map(String::as_str),
            _ => None,
        })
    };
    let bytes = |text: &str| {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let shift = match text.get(digits.len()..).unwrap_or_default().chars().next().map(|c| c.to_ascii_uppercase()) {
            Some('K') => 10,
            Some('M') => 20,
            Some('G') => 30,
            _ => 0,
        };
        digits.parse::<u64>().unwrap_or(0).saturating_mul(1 << shift)
    };
    let workers = value(&["--vm", "-m"]).and_then(|n| n.parse::<u64>().ok());
    match (workers, value(&["--vm-bytes", "-mem-total"])) {
        (workers, Some(text)) => bytes(text).saturating_mul(workers.unwrap_or(1)),
        (Some(workers), None) => workers.saturating_mul(256 << 20),
        _ => 0,
    }
}

impl Behaviour {
    /// The command line that an image runs given what the Pod says.
    pub fn argv(&self, command: &[String], args: &[String]) -> Vec<String> {
        let own = || self.command.split(' ').map(ToString::to_string).collect::<Vec<_>>();
        match (command.is_empty(), args.is_empty()) {
            (false, _) => command.iter().chain(args).cloned().collect(),
            (true, true) => own(),
            (true, false) if self.runs_arguments && !args.first().is_some_and(|a| a.starts_with('-')) => args.to_vec(),
            (true, false) => own().into_iter().take(1).chain(args.iter().cloned()).collect(),
        }
    }

    /// Whether a command line is the image's own server and not something for an interpreter.
    pub fn is_own(&self, argv: &[String]) -> bool {
        let own = self.command.split(' ').next().unwrap_or_default();
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_string();
        let tool = |a: &String| super::insides::is_common(&name(a));
        self.name == "server" && !argv.first().is_some_and(tool)
            || self.name != "shell" && argv.first().is_some_and(|a| name(a) == name(own)) && name(own) != "sh"
            || self.name == "shell" && argv.len() == 1 && argv.first().is_some_and(|a| matches!(name(a).as_str(), "sh" | "bash"))
            || self.name == "bootcamp" && argv.len() == 3
    }
}

/// An image's own process.
#[derive(Clone)]
pub struct OwnProcess {
    behaviour: &'static Behaviour,
    stop_ms: u64,
    begun: Option<Instant>,
    ending: Option<(Instant, i32)>,
}

impl OwnProcess {
    /// The process of a behaviour; `stop_ms` is how long it takes to end when asked to.
    pub fn new(behaviour: &'static Behaviour, stop_ms: u64) -> OwnProcess {
        OwnProcess { behaviour, stop_ms, begun: None, ending: None }
    }
}

impl ContainerProcess for OwnProcess {
    fn poll(&mut self, cx: &mut ProcessCx<'_>) -> Running {
        if self.begun.is_none() {
            self.begun = Some(cx.now);
            cx.log.extend(self.behaviour.lines.iter().map(|l| l.to_string()));
            self.ending = self.behaviour.ends.map(|(ms, code)| (cx.now + ms, code));
        }
        match self.ending {
            Some((at, code)) if at <= cx.now => Running::Exited(code),
            Some((at, _)) => Running::Until(at),
            None => Running::Forever,
        }
    }

    fn signal(&mut self, signal: i32, cx: &mut ProcessCx<'_>) -> Running {
        match self.behaviour.on_term {
            Some(code) if signal == SIGTERM || signal == crate::api::runtime::SIGINT => {
                self.ending = Some((cx.now + self.stop_ms, code));
                Running::Until(cx.now + self.stop_ms)
            }
            _ => Running::Forever,
        }
    }

    fn boxed_clone(&self) -> Box<dyn ContainerProcess> {
        Box::new(self.clone())
    }
}
