//! The behaviours of images, a row each.

use alloc::string::{String, ToString};

use super::texts::{
    MARIADB_PASSWORDS, MARIADB_UNCONFIGURED, MYSQL_PASSWORDS, MYSQL_UNCONFIGURED, NGINX_FILES, NGINX_LINES, NGINX_PROCESSES,
    POSTGRES_PASSWORDS, POSTGRES_UNCONFIGURED,
};
use super::{Behaviour, Cost, Own, Takes};
use crate::api::network::NetRequest;
use crate::kubelet::answers::Answers::{Files, NotFound, Open, Page, Text};
use crate::kubelet::answers::Asked;

/// What a row does not say.
pub(super) const BASE: Behaviour = Behaviour {
    name: "",
    command: "",
    runs_arguments: false,
    lines: &[],
    ends: None,
    on_term: Some(0),
    listens_after_ms: 0,
    env: &[],
    cwd: "/",
    files: &[],
    processes: &[],
    own: Own::Program,
    answers: Open,
    cost: cost(1, 1000, 12),
    takes: Takes::Idle,
    ports: &[],
    modes: &[],
    needs: None,
};

/// A server of which nothing more is known.
pub(super) const SERVER: Behaviour =
    Behaviour { name: "server", command: "/server", own: Own::Any, answers: Text(|_| "ok\n".to_string()), ..BASE };

/// Thousandths of a CPU when idle, microseconds of it per request, MiB of memory.
pub(super) const fn cost(idle_m: i64, request_us: i64, memory_mib: i64) -> Cost {
    Cost { idle_m, request_us, memory_mib }
}

pub(super) const NGINX: Behaviour = Behaviour {
    name: "nginx",
    env: &[("NGINX_VERSION", "1.29.4")],
    files: NGINX_FILES,
    processes: NGINX_PROCESSES,
    command: "nginx -g daemon off;",
    runs_arguments: true,
    lines: NGINX_LINES,
    answers: Files { root: "/usr/share/nginx/html", server: "nginx/", version: "1.29.4" },
    cost: cost(0, 300, 7),
    ..BASE
};

pub(super) const HTTPD: Behaviour = Behaviour {
    name: "httpd",
    cwd: "/usr/local/apache2",
    files: &[("/usr/local/apache2/htdocs/index.html", "<html><body><h1>It works!</h1></body></html>\n")],
    command: "httpd-foreground",
    runs_arguments: true,
    lines: &[
        "[mpm_event:notice] [pid 1:tid 1] AH00489: Apache/2.4.65 (Unix) configured -- resuming normal operations",
        "[core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd -D FOREGROUND'",
    ],
    answers: Files { root: "/usr/local/apache2/htdocs", server: "Apache/2.4.65 (Unix)", version: "" },
    cost: cost(1, 400, 9),
    ..BASE
};

const MYSQL: Behaviour = Behaviour {
    name: "mysql",
    command: "mysqld",
    runs_arguments: true,
    lines: &[
        "[Note] [Entrypoint]: Entrypoint script for MySQL Server started.",
        "[System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.4.6'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL.",
    ],
    listens_after_ms: 4000,
    cost: cost(6, 2000, 410),
    needs: Some((MYSQL_PASSWORDS, &MYSQL_UNCONFIGURED)),
    ..BASE
};

const BOOTCAMP: &str = "var http = require('http');\nvar requests = 0;\nvar podname = process.env.HOSTNAME;\n\nvar www = http.createServer(function (request, response) {\n  response.setHeader('Content-Type', 'text/plain');\n  response.writeHead(200);\n  response.write('Hello Kubernetes bootcamp! | Running on: ' + podname + ' | v=1\\n');\n  response.end();\n  requests += 1;\n});\n\nwww.listen(8080, function () {\n  console.log('Kubernetes Bootcamp App Started At:', new Date(), '| Running On: ', podname, '\\n');\n});\n";

/// What `traefik/whoami` tells of itself and of the request.
fn whoami(asked: &Asked<'_>) -> String {
    let NetRequest { path, host, .. } = asked.request;
    alloc::format!(
        "Hostname: {}\nIP: 127.0.0.1\nIP: {}\nGET {path} HTTP/1.1\nHost: {host}\nUser-Agent: curl/8.5.0\nAccept: */*\n\n",
        asked.name,
        asked.ip
    )
}

/// The behaviours.
pub(super) const BEHAVIOURS: &[Behaviour] = &[
    NGINX,
    Behaviour { name: "slow", env: &[], runs_arguments: false, listens_after_ms: 20_000, ..NGINX },
    HTTPD,
    Behaviour {
        name: "redis",
        env: &[("REDIS_VERSION", "8.2.2")],
        cwd: "/data",
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
        cost: cost(2, 50, 5),
        ..BASE
    },
    MYSQL,
    Behaviour { name: "mysql-auth", needs: None, ..MYSQL },
    Behaviour {
        name: "mariadb",
        command: "mariadbd",
        runs_arguments: true,
        lines: &["[Note] [Entrypoint]: Entrypoint script for MariaDB Server started.", "[Note] mariadbd: ready for connections."],
        listens_after_ms: 4000,
        cost: cost(3, 2000, 110),
        needs: Some((MARIADB_PASSWORDS, &MARIADB_UNCONFIGURED)),
        ..BASE
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
        cost: cost(2, 2000, 38),
        needs: Some((POSTGRES_PASSWORDS, &POSTGRES_UNCONFIGURED)),
        ..BASE
    },
    Behaviour {
        name: "mongo",
        command: "mongod --bind_ip_all",
        runs_arguments: true,
        lines: &["{\"s\":\"I\",\"c\":\"NETWORK\",\"msg\":\"Waiting for connections\",\"attr\":{\"port\":27017,\"ssl\":\"off\"}}"],
        cost: cost(8, 2000, 160),
        ..BASE
    },
    Behaviour { name: "memcached", command: "memcached", runs_arguments: true, ..BASE },
    Behaviour {
        name: "rabbitmq",
        command: "rabbitmq-server",
        runs_arguments: true,
        lines: &["  Starting broker... completed with 3 plugins."],
        listens_after_ms: 5000,
        cost: cost(12, 1000, 120),
        ..BASE
    },
    Behaviour {
        name: "tomcat",
        command: "catalina.sh run",
        runs_arguments: true,
        lines: &["INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [1834] milliseconds"],
        listens_after_ms: 2000,
        on_term: Some(143),
        answers: NotFound("Apache Tomcat"),
        ..BASE
    },
    Behaviour {
        name: "echo-hname",
        processes: NGINX_PROCESSES,
        command: "nginx -g daemon off;",
        runs_arguments: true,
        answers: Page("nginx", |asked| [asked.name, "\n"].concat()),
        ..BASE
    },
    Behaviour {
        name: "echo-ip",
        processes: NGINX_PROCESSES,
        command: "nginx -g daemon off;",
        runs_arguments: true,
        answers: Page("nginx", |asked| ["request_method : GET | ip_dest: ", asked.ip, " from ", asked.from("192.168.1.10"), "\n"].concat()),
        ..BASE
    },
    Behaviour {
        name: "http-echo",
        command: "/http-echo",
        answers: Text(|asked| [asked.option(&["-text", "--text"]).as_deref().unwrap_or("hello-world"), "\n"].concat()),
        ..BASE
    },
    Behaviour { name: "whoami", command: "/whoami", lines: &["Starting up on port 80"], answers: Text(whoami), ..BASE },
    Behaviour {
        name: "hello-app",
        command: "/hello-app",
        lines: &["Server listening on port 8080"],
        on_term: Some(2),
        answers: Text(|asked| ["Hello, world!\nVersion: ", asked.tag, ".0\nHostname: ", asked.name, "\n"].concat()),
        ..BASE
    },
    Behaviour {
        name: "bootcamp",
        files: &[("/server.js", BOOTCAMP)],
        command: "/bin/sh -c node server.js",
        runs_arguments: true,
        lines: &["Kubernetes Bootcamp App Started At: 2026-11-23T00:00:00.000Z | Running On:  {host} "],
        own: Own::Whole,
        answers: Text(|asked| {
            ["Hello Kubernetes bootcamp! | Running on: ", asked.name, " | v=", asked.tag.trim_start_matches('v'), "\n"].concat()
        }),
        ..BASE
    },
    Behaviour { name: "pause", command: "/pause", ..BASE },
    Behaviour { name: "sleeper", command: "sleep infinity", runs_arguments: true, on_term: None, ..BASE },
    Behaviour {
        name: "hello",
        command: "/hello",
        lines: &["", "Hello from Docker!", "This message shows that your installation appears to be working correctly.", ""],
        ends: Some((0, 0)),
        ..BASE
    },
    Behaviour {
        name: "stress",
        command: "/usr/local/bin/stress",
        runs_arguments: true,
        cost: cost(1000, 0, 2),
        takes: Takes::Asked,
        ..BASE
    },
    Behaviour { name: "crash", command: "/crash", lines: &["starting", "fatal: nothing to do here"], ends: Some((500, 1)), ..BASE },
    Behaviour {
        name: "hog",
        command: "/memory-hog",
        lines: &["taking 16Mi every second"],
        cost: cost(30, 0, 4),
        takes: Takes::Leak(16 << 20),
        ..BASE
    },
    Behaviour { name: "burner", command: "/cpu-burner", lines: &["burning"], cost: cost(1000, 0, 2), ..BASE },
    Behaviour { name: "shell", command: "sh", runs_arguments: true, ends: Some((0, 0)), own: Own::Shell, cost: cost(0, 0, 1), ..BASE },
    Behaviour { name: "metrics-server", cost: cost(4, 500, 22), ..SERVER },
    SERVER,
];
