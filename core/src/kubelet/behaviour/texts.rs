//! What images write, say and hold at length: the rows of `table` name these.

use super::Behaviour;
use super::table::BASE;

const NGINX_PAGE: &str = "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n<style>\nhtml { color-scheme: light dark; }\nbody { width: 35em; margin: 0 auto;\nfont-family: Tahoma, Verdana, Arial, sans-serif; }\n</style>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n<p>If you see this page, the nginx web server is successfully installed and\nworking. Further configuration is required.</p>\n\n<p>For online documentation and support please refer to\n<a href=\"http://nginx.org/\">nginx.org</a>.<br/>\nCommercial support is available at\n<a href=\"http://nginx.com/\">nginx.com</a>.</p>\n\n<p><em>Thank you for using nginx.</em></p>\n</body>\n</html>\n";

pub(super) const NGINX_LINES: &[&str] = &[
    "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration",
    "/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/",
    "/docker-entrypoint.sh: Configuration complete; ready for start up",
];

pub(super) const NGINX_FILES: &[(&str, &str)] = &[
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

pub(super) const NGINX_PROCESSES: &[(u32, &str)] =
    &[(1, "nginx: master process nginx -g daemon off;"), (29, "nginx: worker process"), (30, "nginx: worker process")];

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

/// The official images of databases end at once when nobody has said what their password is.
const fn unconfigured(lines: &'static [&'static str]) -> Behaviour {
    Behaviour { name: "unconfigured", lines, ends: Some((600, 1)), ..BASE }
}

pub(super) static MYSQL_UNCONFIGURED: Behaviour = unconfigured(NO_MYSQL_PASSWORD);
pub(super) static MARIADB_UNCONFIGURED: Behaviour = unconfigured(NO_MARIADB_PASSWORD);
pub(super) static POSTGRES_UNCONFIGURED: Behaviour = unconfigured(NO_POSTGRES_PASSWORD);

pub(super) const MYSQL_PASSWORDS: &[&str] =
    &["MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD_FILE"];

pub(super) const MARIADB_PASSWORDS: &[&str] = &[
    "MARIADB_ROOT_PASSWORD",
    "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
    "MARIADB_RANDOM_ROOT_PASSWORD",
    "MYSQL_ROOT_PASSWORD",
    "MYSQL_ALLOW_EMPTY_PASSWORD",
    "MYSQL_RANDOM_ROOT_PASSWORD",
];

pub(super) const POSTGRES_PASSWORDS: &[&str] = &["POSTGRES_PASSWORD", "POSTGRES_HOST_AUTH_METHOD", "POSTGRES_PASSWORD_FILE"];
