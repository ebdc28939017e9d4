//! The behaviours of images that documentation, books and courses use, a row each.

use alloc::string::{String, ToString};

use super::table::{BASE, HTTPD, NGINX, cost};
use super::{Behaviour, Own};
use crate::api::network::NetRequest;
use crate::kubelet::answers::Answers::{Status, Text};
use crate::kubelet::answers::Asked;

const AGNHOST: Behaviour = Behaviour { name: "agnhost", command: "/agnhost pause", lines: &["Paused"], modes: AGNHOST_MODES, ..BASE };

/// A server written in Go, whose runtime ends it with 2 when it is the first process and does not care for the signal.
const GO: Behaviour = Behaviour { command: "/server", own: Own::Any, on_term: Some(2), ..BASE };

const AGNHOST_MODES: &[Behaviour] = &[
    Behaviour {
        name: "netexec",
        lines: &["{klog} log.go:195] Started HTTP server on port 8080", "{klog} log.go:195] Started UDP server on port  8081"],
        ports: &[8080, 8081],
        answers: Status(netexec),
        ..GO
    },
    Behaviour { name: "liveness", lines: &[], ports: &[8080], answers: Status(liveness), ..GO },
    Behaviour {
        name: "serve-hostname",
        lines: &["{klog} log.go:195] Serving on port 9376."],
        ports: &[9376],
        answers: Text(|asked| asked.name.to_string()),
        ..BASE
    },
    Behaviour { name: "test-webserver", lines: &[], ports: &[80], answers: Text(|_| String::new()), ..GO },
    Behaviour { name: "guestbook", lines: &[], ports: &[3000], answers: Text(|_| "{\"data\": \"\"}\n".to_string()), ..GO },
    Behaviour { name: "no-snat-test", lines: &[], ports: &[8080], answers: Text(|_| String::new()), ..GO },
    Behaviour { name: "porter", lines: &[], ..GO },
];

/// The paths of `agnhost netexec`.
fn netexec(asked: &Asked<'_>) -> (u16, String) {
    match asked.path() {
        "/hostname" | "/hostName" => (200, asked.name.to_string()),
        "/healthz" | "/exit" => (200, String::new()),
        "/clientip" => (200, [&asked.client(), ":40312"].concat()),
        "/echo" => (200, asked.request.path.split_once("msg=").map_or("", |(_, text)| text.split('&').next().unwrap_or(text)).to_string()),
        "/" => {
            let now = crate::text::timestamp::rfc3339_micro(asked.wall_ms()).replace('T', " ").replace('Z', "000");
            (200, alloc::format!("NOW: {now} +0000 UTC m=+{}.{:03}415158", asked.age_ms / 1000, asked.age_ms % 1000))
        }
        _ => (404, "404 page not found\n".to_string()),
    }
}

/// `agnhost liveness`: well for ten seconds, and never again.
fn liveness(asked: &Asked<'_>) -> (u16, String) {
    match asked.path() {
        "/healthz" if asked.age_ms > 10_000 => (500, alloc::format!("error: {}.{:03}", asked.age_ms / 1000, asked.age_ms % 1000)),
        "/healthz" => (200, "ok".to_string()),
        "/started" => (200, alloc::format!("{}.{:03}", asked.age_ms / 1000, asked.age_ms % 1000)),
        _ => (404, "404 page not found\n".to_string()),
    }
}

/// What `registry.k8s.io/echoserver` tells of a request: since 1.5 more, and in other words.
fn echo(asked: &Asked<'_>) -> String {
    let NetRequest { path, host, port, .. } = asked.request;
    let method = if asked.request.method.is_empty() { "GET" } else { &asked.request.method };
    let (real, query) = path.split_once('?').unwrap_or((path, ""));
    let from = asked.client();
    if matches!(asked.tag, "1.0" | "1.4") {
        return alloc::format!(
            "CLIENT VALUES:\nclient_address={from}\ncommand={method}\nreal path={path}\nquery={}\nrequest_version=1.1\nrequest_uri=http://{host}:{port}{path}\n\nSERVER VALUES:\nserver_version=nginx: 1.10.0 - lua: 10001\n\nHEADERS RECEIVED:\naccept=*/*\nhost={host}\nuser-agent=curl/8.5.0\nBODY:\n-no body in request-",
            if query.is_empty() { "nil" } else { query }
        );
    }
    alloc::format!(
        "\n\nHostname: {}\n\nPod Information:\n\t-no pod information available-\n\nServer values:\n\tserver_version=nginx: 1.13.3 - lua: 10008\n\nRequest Information:\n\tclient_address={from}\n\tmethod={method}\n\treal path={real}\n\tquery={query}\n\trequest_version=1.1\n\trequest_scheme=http\n\trequest_uri=http://{host}:8080{path}\n\nRequest Headers:\n\taccept=*/*\n\thost={host}\n\tuser-agent=curl/8.5.0\n\nRequest Body:\n\t-no body in request-\n\n",
        asked.name
    )
}

/// What the images of *Kubernetes in Action* answer.
fn kubia(asked: &Asked<'_>) -> String {
    match asked.tag {
        "v1" | "v2" | "v3" | "v4" => ["This is ", asked.tag, " running in pod ", asked.name, "\n"].concat(),
        _ => ["You've hit ", asked.name, "\n"].concat(),
    }
}

/// What `nginxdemos/hello:plain-text` answers.
fn nginx_hello(asked: &Asked<'_>) -> String {
    alloc::format!(
        "Server address: {}:80\nServer name: {}\nDate: 23/Nov/2026:09:20:00 +0000\nURI: {}\nRequest ID: 5e07a1ad4d6a7f0e2d2a9a6e3c1b1f0a\n",
        asked.ip,
        asked.name,
        asked.request.path
    )
}

/// The behaviours.
pub(super) const SAMPLES: &[Behaviour] = &[
    AGNHOST,
    Behaviour { name: "hpa-example", answers: Text(|_| "OK!".to_string()), cost: cost(1, 10_000, 12), ..HTTPD },
    Behaviour { name: "guestbook", answers: Text(|_| GUESTBOOK.to_string()), ..HTTPD },
    Behaviour { name: "echoserver", answers: Text(echo), processes: &[], files: &[], lines: &[], ..NGINX },
    Behaviour { name: "hello-go", answers: Text(|_| "{\"message\":\"Hello\"}\n".to_string()), ..GO },
    Behaviour { name: "hello-frontend", lines: &[], answers: Text(|_| "{\"message\":\"Hello\"}\n".to_string()), ..NGINX },
    Behaviour {
        name: "hello-node",
        command: "node server.js",
        runs_arguments: true,
        answers: Text(|_| "Hello Kubernetes!".to_string()),
        ..BASE
    },
    Behaviour {
        name: "kubia",
        command: "node app.js",
        runs_arguments: true,
        lines: &["Kubia server starting..."],
        answers: Text(kubia),
        ..BASE
    },
    Behaviour {
        name: "kuard",
        command: "/kuard",
        lines: &["Starting kuard version: v0.10.0-blue", "Serving on HTTP on :8080"],
        on_term: Some(2),
        answers: Text(|asked| match asked.path() {
            "/healthy" | "/ready" => "ok".to_string(),
            _ => [
                "<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>KUAR Demo</title>\n</head>\n<body>\n<h1>",
                asked.name,
                "</h1>\n</body>\n</html>\n",
            ]
            .concat(),
        }),
        ..BASE
    },
    Behaviour { name: "nginx-hello", answers: Text(nginx_hello), ..NGINX },
    Behaviour {
        name: "zookeeper",
        command: "zkServer.sh start-foreground",
        files: &[("/opt/zookeeper/conf/zoo.cfg", ZOO_CFG)],
        lines: &["INFO  [main:QuorumPeerConfig@136] - Reading configuration from: /usr/bin/../etc/zookeeper/zoo.cfg"],
        ..BASE
    },
    Behaviour {
        name: "cassandra",
        command: "/run.sh",
        files: &[("/ready-probe.sh", "#!/bin/bash\nexit 0\n"), ("/run.sh", "#!/bin/bash\nexec cassandra -f\n")],
        lines: &["INFO  [main] CassandraDaemon.java - Startup complete"],
        listens_after_ms: 5000,
        on_term: Some(143),
        cost: cost(20, 2000, 700),
        ..BASE
    },
];

const GUESTBOOK: &str = "<html ng-app=\"redis\">\n  <head>\n    <title>Guestbook</title>\n  </head>\n  <body ng-controller=\"RedisCtrl\">\n    <div style=\"width: 50%; margin-left: 20px\">\n      <h2>Guestbook</h2>\n    </div>\n  </body>\n</html>\n";

const ZOO_CFG: &str = "#This file was autogenerated DO NOT EDIT\nclientPort=2181\ndataDir=/var/lib/zookeeper/data\ndataLogDir=/var/lib/zookeeper/data/log\ntickTime=2000\ninitLimit=10\nsyncLimit=5\nmaxClientCnxns=60\nminSessionTimeout=4000\nmaxSessionTimeout=40000\nautopurge.snapRetainCount=3\nautopurge.purgeInterval=12\n";
