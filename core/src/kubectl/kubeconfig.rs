//! The kubeconfig file: where it is, what it holds, and how it is written back. Models client-go `tools/clientcmd`.

use alloc::format;
use alloc::string::{String, ToString};
use serde_json::{Value, json};

use super::{Cx, Failure, Parsed};
use crate::object::value::{items_at, text_at};
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

/// The path of the kubeconfig file: `--kubeconfig`, `$KUBECONFIG`, or the one at home.
pub fn path(cx: &Cx<'_>, parsed: &Parsed) -> String {
    let flag = parsed.text("kubeconfig");
    let env = (cx.env)("KUBECONFIG").unwrap_or_default();
    let first = env.split(':').find(|part| !part.is_empty()).unwrap_or(HOME_FILE);
    fs::resolve(cx.cwd, if flag.is_empty() { first } else { flag })
}

/// Whether a file was named that is not the one at home.
pub fn is_missing(cx: &Cx<'_>, parsed: &Parsed) -> bool {
    let path = path(cx, parsed);
    path != HOME_FILE && !cx.files.exists(&path)
}

/// Reads it; a file that is not there is empty, and at home it is [`FIRST`].
///
/// # Errors
/// A file that is no YAML, or is named by `--kubeconfig` and not there.
pub fn load(cx: &Cx<'_>, parsed: &Parsed) -> Result<Value, Failure> {
    let path = path(cx, parsed);
    let shown = match parsed.text("kubeconfig") {
        "" => path.as_str(),
        flag => flag,
    };
    let text = match cx.files.read(&path) {
        Ok(text) => text.to_string(),
        Err(_) if path == HOME_FILE => FIRST.to_string(),
        Err(_) if parsed.given("kubeconfig") => return Err(Failure::Client(format!("stat {shown}: no such file or directory"))),
        Err(_) => String::new(),
    };
    if text.trim().is_empty() {
        return Ok(json!({}));
    }
    let value = yaml::parse(&text).map_err(|error| Failure::Client(format!("error loading config file \"{shown}\": {}", error.text())))?;
    Ok(if value.is_object() { value } else { json!({}) })
}

/// Writes it back.
///
/// # Errors
/// A folder that cannot be made or written to.
pub fn save(cx: &mut Cx<'_>, parsed: &Parsed, config: &Value) -> Result<(), Failure> {
    let path = path(cx, parsed);
    let now_ms = cx.api().wall_ms();
    if let Some((folder, _)) = path.rsplit_once('/') {
        let _ = cx.files.make_dirs(folder, now_ms);
    }
    let written = cx.files.write(&path, &yaml::print(config), now_ms);
    written.map_err(|error| Failure::Client(format!("open {path}: {}", error.text().to_lowercase())))
}

/// The entry of a list (`contexts`, `clusters`, `users`) with this name.
pub fn entry<'c>(config: &'c Value, list: &str, name: &str) -> Option<&'c Value> {
    items_at(config, list).iter().find(|entry| text_at(entry, "name") == name)
}
