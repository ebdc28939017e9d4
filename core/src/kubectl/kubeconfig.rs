//! The kubeconfig file: where it is, what it holds, and how it is written back. Models client-go `tools/clientcmd`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::{Cx, Failure, Parsed};
use crate::arrange::Arrange;
use crate::object::value::{self, at_mut, items_at, set, text_at};
use crate::text::{fs, yaml};

/// Where it is when nothing says otherwise.
const HOME_FILE: &str = "/root/.kube/config";

/// The file that a learner's kubectl starts with.
pub const FIRST: &str = "apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: a3ViZXJuZXRlcy1jYQ==
    server: https://127.0.0.1:6443
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
kind: Config
users:
- name: kubernetes-admin
  user:
    client-certificate-data: a3ViZXJuZXRlcy1hZG1pbg==
    client-key-data: a3ViZXJuZXRlcy1hZG1pbg==
";

/// The same as JSON, which is read many times faster and for nearly every command.
const FIRST_JSON: &str = r#"{"apiVersion":"v1","clusters":[{"cluster":{"certificate-authority-data":"a3ViZXJuZXRlcy1jYQ==","server":"https://127.0.0.1:6443"},"name":"kubernetes"}],"contexts":[{"context":{"cluster":"kubernetes","user":"kubernetes-admin"},"name":"kubernetes-admin@kubernetes"}],"current-context":"kubernetes-admin@kubernetes","kind":"Config","users":[{"name":"kubernetes-admin","user":{"client-certificate-data":"a3ViZXJuZXRlcy1hZG1pbg==","client-key-data":"a3ViZXJuZXRlcy1hZG1pbg=="}}]}"#;

/// The files that are read, as they were named: `--kubeconfig`, those of `$KUBECONFIG`, or the one at home.
fn paths(cx: &Cx<'_>, parsed: &Parsed) -> Vec<String> {
    let flag = parsed.text("kubeconfig");
    if !flag.is_empty() {
        return alloc::vec![flag.to_string()];
    }
    let env = (cx.env)("KUBECONFIG").unwrap_or_default();
    let named: Vec<String> = env.split(':').filter(|part| !part.is_empty()).map(ToString::to_string).collect();
    if named.is_empty() { alloc::vec![HOME_FILE.to_string()] } else { named }
}

/// The file that messages name and new entries go to: the first that is there, else the last. Models client-go
/// `clientcmd` PathOptions.GetDefaultFilename.
pub fn path(cx: &Cx<'_>, parsed: &Parsed) -> String {
    let all = paths(cx, parsed);
    let there = all.iter().find(|path| cx.files.exists(&fs::resolve(cx.cwd, path)));
    there.or(all.last()).cloned().unwrap_or_default()
}

/// Whether a file was named that is not the one at home.
pub fn is_missing(cx: &Cx<'_>, parsed: &Parsed) -> bool {
    let path = fs::resolve(cx.cwd, &path(cx, parsed));
    path != HOME_FILE && !cx.files.exists(&path)
}

/// Reads it, several files as one: of equal names the first counts. A file that is not there is empty, and at home it is
/// [`FIRST`].
///
/// # Errors
/// A file that is no kubeconfig, or is named by `--kubeconfig` and not there.
pub fn load(cx: &Cx<'_>, parsed: &Parsed) -> Result<Value, Failure> {
    let mut all = json!({});
    for shown in paths(cx, parsed) {
        if parsed.given("kubeconfig") && !parsed.path.starts_with("kubectl config") && !cx.files.exists(&fs::resolve(cx.cwd, &shown)) {
            return Err(Failure::Client(format!("stat {shown}: no such file or directory")));
        }
        let Value::Object(file) = read(cx, &shown)? else { continue };
        for (key, value) in file {
            let held = all.get(&key).is_some_and(|held| !value::is_empty(held));
            match (value, LISTS.contains(&key.as_str())) {
                (Value::Array(entries), true) => entries.into_iter().for_each(|one| add(&mut all, &key, one)),
                (value, false) if !held => set(&mut all, &key, value),
                _ => {}
            }
        }
    }
    Ok(all)
}

/// What holds entries by name.
const LISTS: [&str; 3] = ["clusters", "contexts", "users"];

/// Adds an entry to a list that has none of its name, in order of names.
fn add(config: &mut Value, list: &str, one: Value) {
    if entry(config, list, text_at(&one, "name")).is_some() {
        return;
    }
    if !config.get(list).is_some_and(Value::is_array) {
        set(config, list, json!([]));
    }
    if let Some(Value::Array(entries)) = at_mut(config, list) {
        entries.push(one);
        entries.arrange_by(|a, b| text_at(a, "name").cmp(text_at(b, "name")));
    }
}

/// One file.
fn read(cx: &Cx<'_>, shown: &str) -> Result<Value, Failure> {
    let path = fs::resolve(cx.cwd, shown);
    let text = match cx.files.read(&path) {
        Ok(text) => text.to_string(),
        Err(_) if path == HOME_FILE => FIRST.to_string(),
        Err(_) => String::new(),
    };
    if text.trim().is_empty() {
        return Ok(json!({}));
    }
    if text == FIRST
        && let Ok(value) = serde_json::from_str(FIRST_JSON)
    {
        return Ok(value);
    }
    let wrong = |why: &str| Failure::Client(format!("error loading config file \"{shown}\": {why}"));
    let value = yaml::parse(&text).map_err(|error| wrong(error.text()))?;
    match (text_at(&value, "kind"), text_at(&value, "apiVersion")) {
        ("" | "Config", _) => Ok(if value.is_object() { value } else { json!({}) }),
        (kind, version) => {
            let scheme = "k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50";
            Err(wrong(&format!("no kind {kind:?} is registered for version {version:?} in scheme {scheme:?}")))
        }
    }
}

/// Writes back what has changed: each entry into the file that has it, new ones and the current context into
/// [`path`]. Models client-go `clientcmd` ModifyConfig.
///
/// # Errors
/// A folder that cannot be made or written to.
pub fn save(cx: &mut Cx<'_>, parsed: &Parsed, config: &Value) -> Result<(), Failure> {
    let (all, new) = (paths(cx, parsed), path(cx, parsed));
    if all.len() == 1 {
        return write(cx, &new, config.clone());
    }
    let old = load(cx, parsed)?;
    let mut files = Vec::new();
    for shown in &all {
        let file = read(cx, shown)?;
        let mut next = file.clone();
        for list in LISTS {
            if let Some(Value::Array(entries)) = at_mut(&mut next, list) {
                entries.retain(|one| entry(config, list, text_at(one, "name")).is_some());
                for one in entries.iter_mut() {
                    let name = text_at(one, "name").to_string();
                    if entry(&old, list, &name) == Some(&*one) {
                        *one = entry(config, list, &name).cloned().unwrap_or_default();
                    }
                }
            }
            for one in items_at(config, list).iter().filter(|one| *shown == new && entry(&old, list, text_at(one, "name")).is_none()) {
                add(&mut next, list, one.clone());
            }
        }
        let (held, current) = (text_at(&old, "current-context"), text_at(config, "current-context"));
        let own = text_at(&file, "current-context");
        if held != current && (own == held && !held.is_empty() || held.is_empty() && *shown == new) {
            set(&mut next, "current-context", current);
        }
        if next != file {
            files.push((shown.clone(), next));
        }
    }
    files.into_iter().try_for_each(|(shown, file)| write(cx, &shown, file))
}

fn write(cx: &mut Cx<'_>, shown: &str, mut config: Value) -> Result<(), Failure> {
    whole(&mut config);
    let path = fs::resolve(cx.cwd, shown);
    let now_ms = cx.api().wall_ms();
    if let Some((folder, _)) = path.rsplit_once('/') {
        let _ = cx.files.make_dirs(folder, now_ms);
    }
    let written = cx.files.write(&path, &yaml::print(&config), now_ms);
    written.map_err(|error| Failure::Client(format!("open {shown}: {}", error.text().to_lowercase())))
}

/// Gives a kubeconfig the fields that it always has when it is printed; lists without entries are null.
pub fn whole(config: &mut Value) {
    for (field, none) in [("apiVersion", json!("v1")), ("kind", json!("Config")), ("current-context", json!(""))] {
        value::set_default(config, field, none);
    }
    for list in LISTS.iter().filter(|list| items_at(config, list).is_empty()).copied().collect::<Vec<_>>() {
        set(config, list, Value::Null);
    }
}

/// The entry of a list (`contexts`, `clusters`, `users`) with this name.
pub fn entry<'c>(config: &'c Value, list: &str, name: &str) -> Option<&'c Value> {
    items_at(config, list).iter().find(|entry| text_at(entry, "name") == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_file_is_the_same_in_both_forms() {
        assert_eq!(serde_json::from_str::<Value>(FIRST_JSON).ok(), yaml::parse(FIRST).ok());
    }
}
