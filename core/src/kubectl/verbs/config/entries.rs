//! What `kubectl config` changes in entries of the kubeconfig: contexts, clusters and users.
//! Models kubectl `pkg/cmd/config` use_context.go, set_context.go, set_cluster.go, set_credentials.go, rename_context.go
//! and the deletions.
//!
//! ```text
//! $ kubectl config set-context dev --namespace=dev
//! Context "dev" created.
//! $ kubectl config rename-context dev test
//! Context "dev" renamed to "test".
//! $ kubectl config use-context dev
//! error: no context exists with the name: "dev"
//! $ kubectl config use-context test
//! Switched to context "test".
//! $ kubectl config delete-context test
//! warning: this removed your active context, use "kubectl config use-context" to select a different one
//! deleted context test from /root/.kube/config
//! ```

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::arrange::Arrange;
use crate::kubectl::verbs::help;
use crate::kubectl::{Cx, Failure, Flow, Parsed, kubeconfig};
use crate::object::value::{self, at_mut, set, text_at};
use crate::text::{base64, fs};

pub(super) fn use_context(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let [name] = parsed.args.as_slice() else {
        return Err(unexpected(cx, parsed, "Unexpected"));
    };
    let mut config = kubeconfig::load(cx, parsed)?;
    if kubeconfig::entry(&config, "contexts", name).is_none() {
        return Err(Failure::Client(format!("no context exists with the name: \"{name}\"")));
    }
    set(&mut config, "current-context", name.as_str());
    kubeconfig::save(cx, parsed, &config)?;
    cx.out(&format!("Switched to context \"{name}\".\n"));
    Ok(Flow::Done(0))
}

pub(super) fn set_context(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if parsed.args.len() > 1 {
        return Err(unexpected(cx, parsed, "Unexpected"));
    }
    let mut config = kubeconfig::load(cx, parsed)?;
    let name = match (parsed.args.first(), parsed.on("current")) {
        (Some(_), true) => return Err(Failure::Client("you cannot specify both a context name and --current".to_string())),
        (Some(name), false) => name.clone(),
        (None, true) => match text_at(&config, "current-context") {
            "" => return Err(Failure::Client("no current context is set".to_string())),
            name => name.to_string(),
        },
        (None, false) => return Err(Failure::Client("you must specify a non-empty context name or --current".to_string())),
    };
    let known = kubeconfig::entry(&config, "contexts", &name).is_some();
    let Some(entry) = entry_of(&mut config, "contexts", "context", &name) else { return Err(damaged()) };
    for field in ["cluster", "user", "namespace"] {
        if parsed.given(field) {
            set(entry, field, parsed.text(field));
        }
    }
    kubeconfig::save(cx, parsed, &config)?;
    cx.out(&format!("Context \"{name}\" {}.\n", if known { "modified" } else { "created" }));
    Ok(Flow::Done(0))
}

pub(super) fn rename(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let [old, new] = parsed.args.as_slice() else {
        return Err(unexpected(cx, parsed, "Unexpected"));
    };
    let mut config = kubeconfig::load(cx, parsed)?;
    if kubeconfig::entry(&config, "contexts", old).is_none() {
        return Err(Failure::Client(format!("cannot rename the context \"{old}\", it's not in {}", kubeconfig::path(cx, parsed))));
    }
    if kubeconfig::entry(&config, "contexts", new).is_some() {
        let path = kubeconfig::path(cx, parsed);
        return Err(Failure::Client(format!("cannot rename the context \"{old}\", the context \"{new}\" already exists in {path}")));
    }
    if let Some(Value::Array(list)) = at_mut(&mut config, "contexts") {
        list.iter_mut().filter(|entry| text_at(entry, "name") == old).for_each(|entry| set(entry, "name", new.as_str()));
    }
    if text_at(&config, "current-context") == old {
        set(&mut config, "current-context", new.as_str());
    }
    kubeconfig::save(cx, parsed, &config)?;
    cx.out(&format!("Context \"{old}\" renamed to \"{new}\".\n"));
    Ok(Flow::Done(0))
}

pub(super) fn delete(cx: &mut Cx<'_>, parsed: &Parsed, what: &str) -> Result<Flow, Failure> {
    let [name] = parsed.args.as_slice() else {
        if what == "user" {
            return Err(Failure::Usage("user to delete is required".to_string()));
        }
        help::print(cx, parsed)?;
        return Ok(Flow::Done(0));
    };
    let mut config = kubeconfig::load(cx, parsed)?;
    let (list, path) = ([what, "s"].concat(), kubeconfig::path(cx, parsed));
    if kubeconfig::entry(&config, &list, name).is_none() {
        return Err(Failure::Client(format!("cannot delete {what} {name}, not in {path}")));
    }
    if what == "context" && text_at(&config, "current-context") == name {
        cx.err("warning: this removed your active context, use \"kubectl config use-context\" to select a different one\n");
    }
    if let Some(Value::Array(entries)) = at_mut(&mut config, &list) {
        entries.retain(|entry| text_at(entry, "name") != name);
    }
    kubeconfig::save(cx, parsed, &config)?;
    cx.out(&format!("deleted {what} {name} from {path}\n"));
    Ok(Flow::Done(0))
}

/// The help, and `Unexpected args: [a b]`. Models kubectl `pkg/cmd/config` helpErrorf.
pub(super) fn unexpected(cx: &mut Cx<'_>, parsed: &Parsed, word: &str) -> Failure {
    explained(cx, parsed, &format!("{word} args: [{}]", parsed.args.join(" ")))
}

fn explained(cx: &mut Cx<'_>, parsed: &Parsed, text: &str) -> Failure {
    let _ = help::print(cx, parsed);
    Failure::Client(text.to_string())
}

/// What to say of a kubeconfig whose entries are not objects.
pub(super) fn damaged() -> Failure {
    Failure::Client("the kubeconfig has an entry that is not an object".to_string())
}

/// What is listed under a name, made if it is not there.
pub(super) fn entry_of<'c>(config: &'c mut Value, list: &'static str, part: &'static str, name: &str) -> Option<&'c mut Value> {
    if !config.get(list).is_some_and(Value::is_array) {
        value::set(config, list, json!([]));
    }
    if kubeconfig::entry(config, list, name).is_none()
        && let Some(Value::Array(entries)) = at_mut(config, list)
    {
        let inside = if part == "context" { json!({"cluster": "", "user": ""}) } else { json!({}) };
        entries.push(json!({"name": name, part: inside}));
        entries.arrange_by(|a, b| text_at(a, "name").cmp(text_at(b, "name")));
    }
    let place = value::items_at(config, list).iter().position(|e| text_at(e, "name") == name)?;
    at_mut(config, &format!("{list}/{place}/{part}"))
}

/// Puts a field where it has a value and takes it away where it has none.
fn put(entry: &mut Value, field: &str, text: &str) {
    match text {
        "" => drop(value::remove(entry, field)),
        text => set(entry, field, text),
    }
}

/// The path of a file that a flag names, or the file itself in base64.
fn file(cx: &Cx<'_>, parsed: &Parsed, entry: &mut Value, flag: &str) -> Result<(), Failure> {
    let path = fs::resolve(cx.cwd, parsed.text(flag));
    let data = [flag, "-data"].concat();
    if !parsed.on("embed-certs") || parsed.text(flag).is_empty() {
        // A path below the kubeconfig's folder is kept relative to it.
        let home = fs::resolve(cx.cwd, &kubeconfig::path(cx, parsed));
        let below = home.rsplit_once('/').and_then(|(folder, _)| path.strip_prefix(folder)?.strip_prefix('/'));
        put(entry, flag, if parsed.text(flag).is_empty() { "" } else { below.unwrap_or(&path) });
        value::remove(entry, &data);
        return Ok(());
    }
    let text = cx.files.read(&path).map_err(|error| {
        Failure::Client(format!(
            "could not stat {flag} file {}: stat {}: {}",
            parsed.text(flag),
            parsed.text(flag),
            error.text().to_lowercase()
        ))
    })?;
    set(entry, &data, base64::encode(text.as_bytes()));
    value::remove(entry, flag);
    Ok(())
}

/// `kubectl config set-cluster`
pub(super) fn set_cluster(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let [name] = parsed.args.as_slice() else { return Err(unexpected(cx, parsed, "Unexpected")) };
    let ca = parsed.text("certificate-authority");
    if parsed.on("insecure-skip-tls-verify") && !ca.is_empty() {
        return Err(Failure::Client("you cannot specify a certificate authority and insecure mode at the same time".to_string()));
    }
    if parsed.on("embed-certs") && ca.is_empty() {
        return Err(Failure::Client("you must specify a --certificate-authority to embed".to_string()));
    }
    let mut config = kubeconfig::load(cx, parsed)?;
    let Some(entry) = entry_of(&mut config, "clusters", "cluster", name) else { return Err(damaged()) };
    for field in ["server", "tls-server-name", "proxy-url"] {
        if parsed.given(field) {
            put(entry, field, parsed.text(field));
        }
    }
    if parsed.given("insecure-skip-tls-verify") {
        value::remove(entry, "insecure-skip-tls-verify");
        if parsed.on("insecure-skip-tls-verify") {
            set(entry, "insecure-skip-tls-verify", true);
            value::remove(entry, "certificate-authority");
            value::remove(entry, "certificate-authority-data");
        }
    }
    if parsed.given("certificate-authority") {
        file(cx, parsed, entry, "certificate-authority")?;
        value::remove(entry, "insecure-skip-tls-verify");
    }
    if entry.get("server").is_none() {
        set(entry, "server", "");
    }
    kubeconfig::save(cx, parsed, &config)?;
    cx.out(&format!("Cluster \"{name}\" set.\n"));
    Ok(Flow::Done(0))
}

/// `kubectl config set-credentials`
pub(super) fn set_credentials(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let [name] = parsed.args.as_slice() else { return Err(unexpected(cx, parsed, "unexpected")) };
    if let Some(pair) = parsed.all("auth-provider-arg").iter().find(|pair| !pair.contains('=') && !pair.ends_with('-')) {
        return Err(explained(cx, parsed, &format!("invalid auth-provider-arg format: {pair}")));
    }
    let basic = !parsed.text("username").is_empty() || !parsed.text("password").is_empty();
    if !parsed.text("token").is_empty() && basic {
        return Err(Failure::Client(
            "you cannot specify more than one authentication method at the same time: --token, --username/--password".to_string(),
        ));
    }
    if parsed.on("embed-certs") && parsed.text("client-certificate").is_empty() && parsed.text("client-key").is_empty() {
        return Err(Failure::Client("you must specify a --client-certificate or --client-key to embed".to_string()));
    }
    let mut config = kubeconfig::load(cx, parsed)?;
    let Some(entry) = entry_of(&mut config, "users", "user", name) else { return Err(damaged()) };
    for field in ["client-certificate", "client-key"] {
        if parsed.given(field) {
            file(cx, parsed, entry, field)?;
        }
    }
    for field in ["token", "username", "password"] {
        if parsed.given(field) {
            put(entry, field, parsed.text(field));
        }
    }
    match (parsed.text("token").is_empty(), basic) {
        (false, _) => ["username", "password"].iter().for_each(|field| drop(value::remove(entry, field))),
        (_, true) => ["token", "tokenFile"].iter().for_each(|field| drop(value::remove(entry, field))),
        _ => {}
    }
    if parsed.given("auth-provider") || parsed.given("auth-provider-arg") {
        provider(parsed, entry);
    }
    if parsed.given("exec-command") || entry.get("exec").is_some() {
        command(parsed, entry);
    }
    kubeconfig::save(cx, parsed, &config)?;
    cx.out(&format!("User \"{name}\" set.\n"));
    Ok(Flow::Done(0))
}

fn provider(parsed: &Parsed, entry: &mut Value) {
    if parsed.given("auth-provider") {
        set(entry, "auth-provider/name", parsed.text("auth-provider"));
    }
    for pair in parsed.all("auth-provider-arg") {
        match pair.split_once('=') {
            Some((key, text)) => value::set(entry, &["auth-provider/config/", key].concat(), text),
            None => drop(value::remove(entry, &["auth-provider/config/", pair.trim_end_matches('-')].concat())),
        }
    }
}

fn command(parsed: &Parsed, entry: &mut Value) {
    let exec = &mut entry["exec"];
    for (flag, field) in [("exec-command", "command"), ("exec-api-version", "apiVersion"), ("exec-interactive-mode", "interactiveMode")] {
        if parsed.given(flag) {
            set(exec, field, parsed.text(flag));
        }
    }
    if parsed.given("exec-arg") {
        set(exec, "args", parsed.all("exec-arg").to_vec());
    }
    if parsed.given("exec-provide-cluster-info") || exec.get("provideClusterInfo").is_none() {
        set(exec, "provideClusterInfo", parsed.on("exec-provide-cluster-info"));
    }
    let mut env: Vec<Value> = exec.get("env").and_then(Value::as_array).cloned().unwrap_or_default();
    for pair in parsed.all("exec-env") {
        let (name, text) = pair.split_once('=').map_or((pair.trim_end_matches('-'), None), |(name, text)| (name, Some(text)));
        env.retain(|e| text_at(e, "name") != name);
        env.extend(text.map(|text| json!({"name": name, "value": text})));
    }
    set(exec, "env", if env.is_empty() { Value::Null } else { Value::Array(env) });
}
