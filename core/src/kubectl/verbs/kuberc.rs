//! `kubectl kuberc`: shows and changes the file with the learner's preferences. Models kubectl `pkg/cmd/kuberc`. What the
//! preferences do is not told here, and nothing heeds them yet.
//!
//! ```text
//! $ kubectl kuberc set --section defaults --command get --option output=wide
//! Updated /root/.kube/kuberc
//! $ kubectl kuberc set --section defaults --command get --option output=json
//! error: defaults for command "get" already exist, use --overwrite to replace
//! $ kubectl kuberc set --section aliases --command get
//! error: --name is required when --section=aliases
//! $ kubectl kuberc view
//! aliases: []
//! apiVersion: kubectl.config.k8s.io/v1beta1
//! defaults:
//! - command: get
//!   options:
//!   - default: wide
//!     name: output
//! kind: Preference
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use crate::kubectl::output::{OBJECT_FORMATS, Options, OutputFormat};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, change};
use crate::object::value::{self, items_at, set, text_at};
use crate::text::{fs, yaml};

/// Where the preferences are when nothing says otherwise.
const HOME_FILE: &str = "/root/.kube/kuberc";

/// `kubectl kuberc`
pub static KUBERC: Command = Command {
    name: "kuberc",
    usage: "kuberc SUBCOMMAND",
    short: "Manage kuberc configuration files",
    long: "Manage user preferences (kuberc) file.\n\n With it kubectl behaves as one likes it: other defaults for flags, and short names for whole commands.",
    examples: "# The preferences as they are\nkubectl kuberc view\n\n# Another default for a flag\nkubectl kuberc set --section defaults --command get --option output=wide",
    children: &[&SET, &VIEW],
    run: Some(change::group),
    ..Command::EMPTY
};

const FILE: &[Flag] = &[Flag::text("kuberc", "The file with preferences to use.")];

const VIEW_FLAGS: &[Flag] = &[
    Flag::switch("allow-missing-template-keys", "Ignore fields that a template names and the file lacks.").default("true"),
    Flag::text("output", "The form in which the file is shown.").short('o').default("yaml"),
    Flag::switch("show-managed-fields", "Keep managedFields in JSON and YAML."),
    Flag::text("template", "The template, or the file with it, for -o go-template."),
];

static VIEW: Command = Command {
    name: "view",
    usage: "kuberc view",
    short: "Display the current kuberc configuration",
    examples: "# As YAML\nkubectl kuberc view\n\n# As JSON\nkubectl kuberc view --output json",
    flags: &[VIEW_FLAGS, FILE],
    run: Some(view),
    ..Command::EMPTY
};

static SET: Command = Command {
    name: "set",
    usage: "kuberc set --section (defaults|aliases) --command COMMAND",
    short: "Set values in the kuberc configuration",
    examples: "# A short name for a command with an argument\nkubectl kuberc set --section aliases --name getn --command get --prependarg nodes --option output=wide",
    flags: &[
        FILE,
        &[
            Flag::text("allowlist-entry", "A program that may give credentials, as command=NAME.").kind(FlagKind::Array, "[]"),
            Flag::text("appendarg", "An argument that an alias adds at the end.").kind(FlagKind::Array, "[]"),
            Flag::text("command", "The command that is meant: get, create, set env."),
            Flag::text("name", "The name of an alias."),
            Flag::text("option", "A flag and its value, as flag=value.").kind(FlagKind::Array, "[]"),
            Flag::switch("overwrite", "Replace what is there."),
            Flag::text("policy", "Which programs may give credentials: AllowAll, DenyAll, Allowlist."),
            Flag::text("prependarg", "An argument that an alias adds at the beginning.").kind(FlagKind::Array, "[]"),
            Flag::text("section", "What is to be set: defaults, aliases or credentialplugin."),
        ],
    ],
    required: &["section"],
    run: Some(set_one),
    ..Command::EMPTY
};

fn fail<T>(text: String) -> Result<T, Failure> {
    Err(Failure::Client(text))
}

/// The file, as messages name it: that of `--kuberc`, of `$KUBERC`, or the one at home.
fn path(cx: &Cx<'_>, parsed: &Parsed) -> Result<String, Failure> {
    let named = match parsed.text("kuberc") {
        "" => (cx.env)("KUBERC").unwrap_or_default(),
        given => given.to_string(),
    };
    match named.as_str() {
        "off" => fail("KUBERC is disabled via KUBERC=off environment variable".to_string()),
        "" => Ok(HOME_FILE.to_string()),
        _ => Ok(named),
    }
}

fn none() -> Value {
    json!({"apiVersion": "kubectl.config.k8s.io/v1beta1", "kind": "Preference"})
}

/// The preferences; `None` where there is no file.
fn load(cx: &Cx<'_>, path: &str) -> Result<Option<Value>, Failure> {
    let Ok(text) = cx.files.read(&fs::resolve(cx.cwd, path)) else { return Ok(None) };
    match yaml::parse(&text) {
        Ok(Value::Null) => Ok(Some(none())),
        Ok(preferences) if preferences.is_object() => Ok(Some(preferences)),
        Ok(_) => fail("error parsing kuberc file: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal".to_string()),
        Err(error) => fail(format!("error parsing kuberc file: error converting YAML to JSON: {}", error.text())),
    }
}

fn view(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let path = path(cx, parsed)?;
    let Some(mut preferences) = load(cx, &path)? else {
        if path != HOME_FILE {
            return fail(format!("kuberc file not found at {path}"));
        }
        cx.out(&format!(
            "kuberc file not found at {path}\nWould you like to generate a default kuberc file with recommended options? (y/N): "
        ));
        return Ok(Flow::Done(0));
    };
    for list in ["aliases", "defaults"] {
        if preferences.get(list).is_none() {
            set(&mut preferences, list, json!([]));
        }
    }
    let options = Options { formats: OBJECT_FORMATS, template: parsed.text("template"), ..Options::default() };
    let form = if parsed.text("output").is_empty() { "yaml" } else { parsed.text("output") };
    let mut text = String::new();
    if let Some(format) = OutputFormat::parse(form, &options).map_err(Failure::Client)? {
        format.print(&[preferences], false, &mut text).map_err(Failure::Client)?;
    }
    cx.out(&text);
    Ok(Flow::Done(0))
}

/// Flags that do not go together. Models SetOptions.Validate.
fn check(parsed: &Parsed) -> Result<(), Failure> {
    let section = parsed.text("section");
    let (defaults, aliases) = (section == "defaults", section == "aliases");
    let (entries, policy) = (!parsed.all("allowlist-entry").is_empty(), parsed.text("policy"));
    let arguments = !(parsed.all("prependarg").is_empty() && parsed.all("appendarg").is_empty());
    let plugin = section == "credentialplugin";
    let rules = [
        (!defaults && !aliases && !plugin, format!("--section must be \"defaults\", \"aliases\", or \"credentialplugin\", got: {section}")),
        (aliases && parsed.text("name").is_empty(), "--name is required when --section=aliases".to_string()),
        (defaults && !parsed.text("name").is_empty(), "--name should not be specified when --section=defaults".to_string()),
        (defaults && arguments, "--prependarg and --appendarg are only valid for --section=aliases".to_string()),
        (!plugin && parsed.text("command").is_empty(), "--command is required when --section=aliases or --section=defaults".to_string()),
        (plugin && policy.is_empty(), "--policy is required when --section=credentialplugin".to_string()),
        (
            plugin && matches!(policy, "AllowAll" | "DenyAll") && entries,
            "--allowlist-entry may only be used when --section=credentialplugin and --policy=Allowlist".to_string(),
        ),
        (
            plugin && policy == "Allowlist" && !entries,
            "--allowlist-entry is required when --section=credentialplugin and --policy=Allowlist".to_string(),
        ),
        (plugin && !matches!(policy, "AllowAll" | "DenyAll" | "Allowlist"), format!("invalid value for --policy: {policy:?}")),
    ];
    rules.into_iter().find(|(broken, _)| *broken).map_or(Ok(()), |(_, text)| fail(text))
}

fn set_one(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let path = path(cx, parsed)?;
    check(parsed)?;
    let mut preferences = load(cx, &path)?.unwrap_or_else(none);
    let mut options: Vec<Value> = Vec::new();
    for option in parsed.all("option") {
        match option.split_once('=') {
            Some((name, text)) => options.push(json!({"name": name.trim_start_matches('-'), "default": text})),
            None => return fail(format!("invalid option format {option:?}, expected flag=value")),
        }
    }
    match parsed.text("section") {
        "credentialplugin" => {
            set(&mut preferences, "credentialPluginPolicy", parsed.text("policy"));
            if parsed.text("policy") == "Allowlist" {
                let all = parsed.all("allowlist-entry").iter().map(|text| entry(text)).collect::<Result<Vec<_>, _>>()?;
                set(&mut preferences, "credentialPluginAllowlist", all);
            }
        }
        "defaults" => put(&mut preferences, parsed, "defaults", ("command", parsed.text("command")), options)?,
        _ => put(&mut preferences, parsed, "aliases", ("name", parsed.text("name")), options)?,
    }
    let now_ms = cx.api().wall_ms();
    let place = fs::resolve(cx.cwd, &path);
    if let Some((folder, _)) = place.rsplit_once('/') {
        let _ = cx.files.make_dirs(folder, now_ms);
    }
    let written = cx.files.write(&place, &yaml::print(&preferences), now_ms);
    written.map_err(|error| Failure::Client(format!("failed to write kuberc file: open {path}: {}", error.text().to_lowercase())))?;
    cx.out(&format!("Updated {path}\n"));
    Ok(Flow::Done(0))
}

/// One program of the allowlist.
fn entry(text: &str) -> Result<Value, Failure> {
    match text.split_once('=') {
        None => fail(format!("improperly formatted allowlist entry: {text:?}")),
        Some(("name", _)) => fail("allowlist entry field \"name\" is deprecated, use \"command\" instead".to_string()),
        Some(("command", "")) => fail("empty value in allowlist entry for field \"command\"".to_string()),
        Some(("command", command)) => Ok(json!({"command": command})),
        Some((key, _)) => fail(format!("unrecognized allowlist entry field: {key:?}")),
    }
}

/// Puts defaults or an alias into its list; what is not said anew stays when it is replaced.
fn put(preferences: &mut Value, parsed: &Parsed, list: &str, key: (&str, &str), options: Vec<Value>) -> Result<(), Failure> {
    let mut all: Vec<Value> = items_at(preferences, list).to_vec();
    let old = all.iter().position(|one| text_at(one, key.0) == key.1);
    if old.is_some() && !parsed.on("overwrite") {
        return fail(match list {
            "defaults" => format!("defaults for command {:?} already exist, use --overwrite to replace", key.1),
            _ => format!("alias {:?} already exists, use --overwrite to replace", key.1),
        });
    }
    let mut made = old.and_then(|at| all.get(at).cloned()).unwrap_or_else(|| json!({}));
    set(&mut made, key.0, key.1);
    set(&mut made, "command", parsed.text("command"));
    for (flag, field) in [("prependarg", "prependArgs"), ("appendarg", "appendArgs")] {
        if !parsed.all(flag).is_empty() {
            set(&mut made, field, parsed.all(flag).to_vec());
        }
    }
    if !options.is_empty() {
        set(&mut made, "options", options);
    }
    value::set_default(&mut made, "options", Value::Null);
    match old.and_then(|at| all.get_mut(at)) {
        Some(place) => *place = made,
        None => all.push(made),
    }
    set(preferences, list, all);
    Ok(())
}
