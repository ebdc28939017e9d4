//! `kubectl create secret` with its three kinds. Models kubectl `pkg/cmd/create/create_secret*.go`.
//!
//! ```text
//! $ kubectl create secret generic s --from-literal=password=x
//! secret/s created
//! $ kubectl create secret tls t --cert=tls.crt --key=tls.key
//! error: Cannot read file tls.crt, open tls.crt: no such file or directory
//! ```

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use serde_json::{Value, json};

use super::generate::{self, Generated};
use super::sources::{Data, SOURCES};
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Parsed, change};
use crate::object::resources::SECRETS;
use crate::object::value;
use crate::text::{base64, fs, json as json_text};

/// `kubectl create secret (docker-registry | generic | tls)`
pub static SECRET: Command = Command {
    name: "secret",
    usage: "create secret (docker-registry | generic | tls)",
    short: "Create a secret using a specified subcommand",
    long: "Create a secret with specified type.\n\n A docker-registry type secret is for accessing a container registry.\n\n A generic type secret indicate an Opaque secret type.\n\n A tls type secret holds TLS certificate and its associated key.",
    children: &[&DOCKER, &GENERIC, &TLS],
    run: Some(change::group),
    ..Command::EMPTY
};

/// `kubectl create secret generic NAME`
static GENERIC: Command = Command {
    name: "generic",
    usage: "create secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
    short: "Create a secret from a local file, directory, or literal value",
    examples: "# From two literals\nkubectl create secret generic my-secret --from-literal=user=me --from-literal=password=secret",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, SOURCES, &[Flag::text("type", "The type of secret.")]],
    run: Some(|cx, parsed| {
        generate::run(cx, parsed, |cx, parsed| {
            let name = generate::name(parsed)?;
            let mut data = Data { kind: "Secret", name, values: BTreeMap::new() };
            data.collect(cx, parsed)?;
            Ok(made(parsed, name, parsed.text("type"), data.values))
        })
    }),
    ..Command::EMPTY
};

const TLS_FLAGS: &[Flag] = &[
    Flag::switch("append-hash", "Append a hash of the data to the name."),
    Flag::text("cert", "File with the certificate, in PEM."),
    Flag::text("key", "File with the private key."),
];

/// `kubectl create secret tls NAME --cert=path --key=path`
static TLS: Command = Command {
    name: "tls",
    usage: "create secret tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]",
    short: "Create a TLS secret",
    examples: "# From a pair of files\nkubectl create secret tls tls-secret --cert=path/to/tls.crt --key=path/to/tls.key",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, TLS_FLAGS],
    run: Some(|cx, parsed| generate::run(cx, parsed, tls)),
    ..Command::EMPTY
};

const DOCKER_FLAGS: &[Flag] = &[
    Flag::switch("append-hash", "Append a hash of the data to the name."),
    Flag::text("docker-email", "Email for the registry."),
    Flag::text("docker-password", "Password for the registry."),
    Flag::text("docker-server", "The registry.").default("https://index.docker.io/v1/"),
    Flag::text("docker-username", "User name for the registry."),
    Flag::text("from-file", "A file with a Docker configuration.").kind(FlagKind::Slice, "[]"),
];

/// `kubectl create secret docker-registry NAME --docker-username=user …`
static DOCKER: Command = Command {
    name: "docker-registry",
    usage: "create secret docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]",
    short: "Create a secret for use with a Docker registry",
    examples: "# For a registry\nkubectl create secret docker-registry my-secret --docker-server=registry.example.com --docker-username=me --docker-password=secret",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, DOCKER_FLAGS],
    run: Some(|cx, parsed| generate::run(cx, parsed, docker)),
    ..Command::EMPTY
};

fn made(parsed: &Parsed, name: &str, ty: &str, values: BTreeMap<String, String>) -> Generated {
    let mut body = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}});
    if !values.is_empty() {
        let data = values.into_iter().map(|(k, v)| (k, Value::from(base64::encode(v.as_bytes()))));
        value::set(&mut body, "data", data.collect::<serde_json::Map<_, _>>());
    }
    if !ty.is_empty() {
        value::set(&mut body, "type", ty);
    }
    if parsed.on("append-hash") {
        crate::kubectl::kustomize::hash::append(&mut body);
    }
    Generated { resource: SECRETS, body, failed: "failed to create secret " }
}

fn tls(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Generated, Failure> {
    let name = generate::name(parsed)?;
    let (cert, key) = (parsed.text("cert"), parsed.text("key"));
    if cert.is_empty() || key.is_empty() {
        return Err(Failure::Client("key and cert must be specified".to_string()));
    }
    let read = |path: &str| {
        let text = cx.files.read(&fs::resolve(cx.cwd, path));
        text.map_err(|e| Failure::Client(format!("Cannot read file {path}, open {path}: {}", e.text().to_lowercase())))
    };
    let (cert, key) = (read(cert)?, read(key)?);
    for (text, what) in [(&cert, "certificate"), (&key, "key")] {
        if !text.contains("-----BEGIN ") {
            return Err(Failure::Client(format!("tls: failed to find any PEM data in {what} input")));
        }
    }
    let data = [("tls.crt", cert), ("tls.key", key)].into_iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    Ok(made(parsed, name, "kubernetes.io/tls", data))
}

fn docker(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Generated, Failure> {
    let name = generate::name(parsed)?;
    let files = !parsed.all("from-file").is_empty();
    let (user, password, server) = (parsed.text("docker-username"), parsed.text("docker-password"), parsed.text("docker-server"));
    if !files && (user.is_empty() || password.is_empty() || server.is_empty()) {
        let text = "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required";
        return Err(Failure::Client(text.to_string()));
    }
    let mut data = Data { kind: "Secret", name, values: BTreeMap::new() };
    if files {
        for source in parsed.all("from-file") {
            let keyed = if source.contains('=') { source.clone() } else { [".dockerconfigjson=", source].concat() };
            data.add_file(cx, &keyed)?;
        }
    } else {
        let mut entry = json!({"username": user, "password": password, "auth": base64::encode(format!("{user}:{password}").as_bytes())});
        if !parsed.text("docker-email").is_empty() {
            value::set(&mut entry, "email", parsed.text("docker-email"));
        }
        let order = |entry: &Value| {
            let parts = ["username", "password", "email", "auth"].into_iter().filter_map(|k| entry.get(k).map(|v| (k, v)));
            let parts: alloc::vec::Vec<String> = parts.map(|(k, v)| format!("\"{k}\":{}", json_text::compact(v))).collect();
            format!("{{{}}}", parts.join(","))
        };
        let text = format!("{{\"auths\":{{{}:{}}}}}", json_text::compact(&Value::from(server)), order(&entry));
        data.values.insert(".dockerconfigjson".to_string(), text);
    }
    Ok(made(parsed, name, "kubernetes.io/dockerconfigjson", data.values))
}
