//! The behaviours of images, a row each.

use super::Behaviour;

const NGINX_PAGE: &str = "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n<style>\nhtml { color-scheme: light dark; }\nbody { width: 35em; margin: 0 auto;\nfont-family: Tahoma, Verdana, Arial, sans-serif; }\n</style>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n<p>If you see this page, the nginx web server is successfully installed and\nworking. Further configuration is required.</p>\n\n<p>For online documentation and support please refer to\n<a href=\"http://nginx.org/\">nginx.org</a>.<br/>\nCommercial support is available at\n<a href=\"http://nginx.com/\">nginx.com</a>.</p>\n\n<p><em>Thank you for using nginx.</em></p>\n</body>\n</html>\n";

pub(super) const SERVER: Behaviour = Behaviour {
    name: "server",
    command: "/server",
    runs_arguments: false,
    lines: &[],
    ends: None,
    on_term: Some(0),
    listens_after_ms: 0,
    env: &[],
    cwd: "/",
    files: &[],
    processes: &[],
};

const SHELL: Behaviour = Behaviour { name: "shell", command: "sh", runs_arguments: true, ends: Some((0, 0)), ..SERVER };

const NGINX_LINES: &[&str] = &[
    "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration",
    "/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/",
    "/docker-entrypoint.sh: Configuration complete; ready for start up",
];

const NGINX_FILES: &[(&str, &str)] = &[
    ("/usr/share/nginx/html/index.html", NGINX_PAGE),
    (
        "/etc/nginx/nginx.conf",
        "\nuser  nginx;\nworker_processes  auto;\n\nerror_log  /var/log/nginx/error.log notice;\npid        /run/nginx.pid;\n\n\nevents {\n    worker_connections  1024;\n}\n\n\nhttp {\n    include       /etc/nginx/mime.types;\n    default_type  application/octet-stream;\n\n    access_log  /var/log/nginx/access.log;\n\n    sendfile        on;\n    #tcp_nopush     on;\n\n    keepalive_timeout  65;\n\n    #gzip  on;\n\n    include /etc/nginx/conf.d/*.conf;\n}\n",
    ),
    (
        "/etc/nginx/conf.d/default.conf",
        "server {\n    listen       80;\n    listen  [::]:80;\n    server_name  localhost;\n\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n\n    error_page   500 502 503 504  /50x.html;\n    location = /50x.html {\n        root   /usr/share/nginx/html;\n    }\n}\n",
    ),
    (
        "/usr/share/nginx/html/50x.html",
        "<!DOCTYPE html>\n<html>\n<head>\n<title>Error</title>\n</head>\n<body>\n<h1>An error occurred.</h1>\n<p>Sorry, the page you are looking for is currently unavailable.<br/>\nPlease try again later.</p>\n</body>\n</html>\n",
    ),
    (
        "/etc/nginx/mime.types",
        "\ntypes {\n    text/html                                        html htm shtml;\n    text/css                                         css;\n    text/plain                                       txt;\n    application/javascript                           js;\n    application/json                                 json;\n}\n",
    ),
    ("/var/log/nginx/access.log", ""),
    ("/var/log/nginx/error.log", ""),
    ("/docker-entrypoint.sh", "#!/bin/sh\nexec \"$@\"\n"),
];

const NGINX_PROCESSES: &[(u32, &str)] =
    &[(1, "nginx: master process nginx -g daemon off;"), (29, "nginx: worker process"), (30, "nginx: worker process")];

/// The behaviours.
pub(super) const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "nginx",
        env: &[("NGINX_VERSION", "1.29.4")],
        files: NGINX_FILES,
        processes: NGINX_PROCESSES,
        command: "nginx -g daemon off;",
        runs_arguments: true,
        lines: NGINX_LINES,
        ..SERVER
    },
    Behaviour {
        name: "slow",
        files: NGINX_FILES,
        processes: NGINX_PROCESSES,
        command: "nginx -g daemon off;",
        lines: NGINX_LINES,
        listens_after_ms: 20_000,
        ..SERVER
    },
    Behaviour {
        name: "httpd",
        cwd: "/usr/local/apache2",
        files: &[("/usr/local/apache2/htdocs/index.html", "<html><body><h1>It works!</h1></body></html>\n")],
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
    Behaviour { name: "echo-hname", processes: NGINX_PROCESSES, command: "nginx -g daemon off;", runs_arguments: true, ..SERVER },
    Behaviour { name: "echo-ip", processes: NGINX_PROCESSES, command: "nginx -g daemon off;", runs_arguments: true, ..SERVER },
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
pub(super) static WITHOUT_PASSWORD: [(&str, &[&str], Behaviour); 3] = [
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
