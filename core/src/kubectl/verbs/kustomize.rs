//! `kubectl kustomize`: prints what a kustomization makes. Models kustomize `commands/build`.
//!
//! ```text
//! $ kubectl kustomize
//! error: unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '/root'
//! $ printf 'resources: [nginx-pod.yaml]\nnamePrefix: my-\n' > kustomization.yaml; kubectl kustomize
//! apiVersion: v1
//! kind: Pod
//! metadata:
//!   name: my-nginx-pod
//! spec:
//!   containers:
//!   - image: nginx
//!     name: container-name
//! $ kubectl apply -k .
//! pod/my-nginx-pod created
//! ```

use alloc::format;
use alloc::string::{String, ToString};

use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, kustomize};
use crate::text::{fs, yaml};

const FLAGS: &[Flag] = &[
    Flag::switch("as-current-user", "Run functions as the current user."),
    Flag::switch("enable-alpha-plugins", "Allow plugins."),
    Flag::switch("enable-helm", "Allow the inflation of charts."),
    Flag::text("env", "Variables for functions.").short('e').kind(FlagKind::Array, "[]"),
    Flag::text("helm-api-versions", "API versions for the inflation of charts.").kind(FlagKind::Array, "[]"),
    Flag::text("helm-command", "The helm program.").default("helm"),
    Flag::switch("helm-debug", "Let helm tell what it does."),
    Flag::text("helm-kube-version", "The version of Kubernetes for the inflation of charts."),
    Flag::text("load-restrictor", "From where files may be taken: LoadRestrictionsRootOnly or LoadRestrictionsNone.")
        .default("LoadRestrictionsRootOnly"),
    Flag::text("mount", "Storage for functions.").kind(FlagKind::Array, "[]"),
    Flag::switch("network", "Allow functions the network."),
    Flag::text("network-name", "The network of functions.").default("bridge"),
    Flag::text("output", "Write to this file.").short('o'),
];

/// `kubectl kustomize DIR`
pub static KUSTOMIZE: Command = Command {
    name: "kustomize",
    usage: "kustomize DIR [flags]",
    short: "Build a kustomization target from a directory or URL",
    examples: "# Of the current directory\nkubectl kustomize",
    flags: &[FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let folder = match parsed.args.as_slice() {
        [] => ".",
        [folder] => folder,
        _ => return Err(Failure::Client("specify one path to kustomization.yaml".to_string())),
    };
    let restrictor = parsed.text("load-restrictor");
    if !matches!(restrictor, "LoadRestrictionsRootOnly" | "LoadRestrictionsNone") {
        let legal = "legal values: [LoadRestrictionsRootOnly LoadRestrictionsNone]";
        return Err(Failure::Client(format!("illegal flag value --load-restrictor {restrictor}; {legal}")));
    }
    let mut text = String::new();
    for (number, body) in kustomize::build(cx, folder)?.iter().enumerate() {
        if number > 0 {
            text.push_str("---\n");
        }
        yaml::print_into(body, &mut text);
    }
    let path = parsed.text("output");
    if path.is_empty() {
        cx.out(&text);
        return Ok(Flow::Done(0));
    }
    let now = i64::try_from(cx.now().as_ms()).unwrap_or(0);
    let place = fs::resolve(cx.cwd, path);
    cx.files.write(&place, &text, now).map_err(|error| Failure::Client(format!("open {path}: {}", error.text().to_lowercase())))?;
    Ok(Flow::Done(0))
}
