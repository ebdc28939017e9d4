//! The command tree: finds the command that the words name, reads its flags, resolves the global options and runs it.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::command::{Command, Flag, FlagKind};
use super::cx::Cx;
use super::failure::Failure;
use super::flags;
use super::flow::Flow;
use super::{change, suggest, verbs};

/// The flags that every command takes.
pub const GLOBAL_FLAGS: &[Flag] = &[
    Flag::text("as", "Act as this user.").default(""),
    Flag::text("as-group", "Act as a member of this group; may be given many times.").kind(FlagKind::Array, "[]"),
    Flag::text("as-uid", "Act with this UID."),
    Flag::text("as-user-extra", "Act with this extra of a user; may be given many times.").kind(FlagKind::Array, "[]"),
    Flag::text("cache-dir", "Where to keep what the server said it offers.").default("/root/.kube/cache"),
    Flag::text("certificate-authority", "File with the authority's certificate."),
    Flag::text("client-certificate", "File with the client's certificate."),
    Flag::text("client-key", "File with the client's key."),
    Flag::text("cluster", "The cluster of the kubeconfig to use."),
    Flag::text("context", "The context of the kubeconfig to use."),
    Flag::switch("disable-compression", "Ask the server not to compress."),
    Flag::switch("insecure-skip-tls-verify", "Do not check the server's certificate."),
    Flag::text("kubeconfig", "The kubeconfig file to use."),
    Flag::text("kuberc", "The file with preferences to use."),
    Flag::text("log-flush-frequency", "How often to flush logs.").kind(FlagKind::Duration, "5s"),
    Flag::switch("match-server-version", "Only work with a server of the same version."),
    Flag::text("namespace", "The namespace to work in.").short('n'),
    Flag::text("password", "Password for basic authentication."),
    Flag::text("profile", "What to profile.").default("none"),
    Flag::text("profile-output", "File for the profile.").default("profile.pprof"),
    Flag::text("request-timeout", "How long to wait for one answer; 0 waits for ever.").default("0"),
    Flag::text("server", "Address of the API server.").short('s'),
    Flag::text("tls-server-name", "Name to expect in the server's certificate."),
    Flag::text("token", "Bearer token."),
    Flag::text("user", "The user of the kubeconfig to use."),
    Flag::text("username", "Name for basic authentication."),
    Flag::text("v", "How much to log.").short('v').kind(FlagKind::Int, "0"),
    Flag::text("vmodule", "How much to log, by file.").kind(FlagKind::Plain, ""),
    Flag::switch("warnings-as-errors", "Treat the server's warnings as errors."),
];

/// Runs `kubectl` with `words` (without the word `kubectl` itself).
pub fn run(words: &[String], cx: &mut Cx<'_>) -> Flow {
    let (command, path, rest) = find(words);
    let mut notices = Vec::new();
    if let Some(word) = first_word(command, &rest).and_then(|i| rest.get(i)).filter(|_| path == "kubectl") {
        if let Some(flag) = before_plugin(words) {
            cx.err(&["Error: flags cannot be placed before plugin name: ", flag, "\n"].concat());
            return Flow::Done(1);
        }
        return fail(cx, &Failure::Client(suggest::unknown(command, word)), &path);
    }
    let parsed = match core::ptr::eq(command, &verbs::complete::COMPLETE) {
        true => {
            let mut parsed = flags::Parsed::empty(command, &path);
            parsed.args = rest;
            Ok(parsed)
        }
        false => flags::parse(command, &path, &rest, GLOBAL_FLAGS, &mut notices),
    };
    notices.iter().for_each(|n| cx.err(n));
    let result = parsed.and_then(|parsed| match command.run {
        Some(run) if !parsed.given("help") => {
            change::require(&parsed, command.required)?;
            if let Err(failure) = verbs::globals::resolve(cx, &parsed) {
                return if parsed.path == "kubectl diff" { verbs::diff::failed(cx, &failure) } else { Err(failure) };
            }
            let done = run(cx, &parsed)?;
            warned(cx, &parsed, &done).map_or(Ok(done), Err)
        }
        _ => verbs::help::print(cx, &parsed),
    });
    result.unwrap_or_else(|failure| {
        if failure == Failure::NeedStdin {
            return Flow::NeedStdin;
        }
        fail(cx, &failure, &path)
    })
}

/// What is said with `--warnings-as-errors` of a command that did what it should while the server warned.
fn warned(cx: &Cx<'_>, parsed: &flags::Parsed, done: &Flow) -> Option<Failure> {
    let count = if parsed.on("warnings-as-errors") && matches!(done, Flow::Done(0)) { cx.globals.warned.len() } else { 0 };
    match count {
        0 => None,
        1 => Some(Failure::Client("1 warning received".to_string())),
        many => Some(Failure::Client([&many.to_string(), " warnings received"].concat())),
    }
}

/// Says why a command ends.
fn fail(cx: &mut Cx<'_>, failure: &Failure, path: &str) -> Flow {
    let (text, code) = failure.print(path);
    cx.err(&text);
    Flow::Done(code)
}

/// The command that the words name, its full path, and the words that are left for it.
pub fn find(words: &[String]) -> (&'static Command, String, Vec<String>) {
    let mut command: &'static Command = &verbs::ROOT;
    let mut path = "kubectl".to_string();
    let mut rest: Vec<String> = words.to_vec();
    while let Some(i) = first_word(command, &rest) {
        let Some(child) = rest.get(i).and_then(|w| command.children.iter().find(|c| c.name == w || c.aliases.contains(&w.as_str()))) else {
            break;
        };
        path = format!("{path} {}", child.name);
        command = child;
        rest.remove(i);
        if child.name.starts_with("__complete") {
            break;
        }
    }
    (command, path, rest)
}

/// The flag that stands first where the words name no command: a plugin is looked for, and its name comes first.
/// Models kubectl `pkg/cmd` HandlePluginCommand.
fn before_plugin(words: &[String]) -> Option<&str> {
    let named = words.iter().find(|word| !word.starts_with('-')).map_or("", |word| word);
    let builtin = named == "help" || named.starts_with("__complete");
    words.first().map(String::as_str).filter(|word| word.starts_with('-') && !builtin)
}

/// The number of the first word that is neither a flag nor a flag's value. A flag that the command does not know
/// (`--help` is known later) is taken to have one. Models cobra's stripFlags.
fn first_word(command: &Command, words: &[String]) -> Option<usize> {
    let stands_alone = |word: &str| {
        let find = |f: &&Flag| match word.strip_prefix("--") {
            Some(long) => f.name == long,
            None => word.chars().nth(1) == f.short,
        };
        command.all_flags().chain(GLOBAL_FLAGS.iter()).find(find).is_some_and(|f| f.kind == FlagKind::Bool || f.bare.is_some())
    };
    let mut i = 0;
    while let Some(word) = words.get(i) {
        match word.as_str() {
            "--" => return None,
            "" | "-" => i += 1,
            w if w.starts_with('-') => {
                let has_value = !w.contains('=') && (w.starts_with("--") || w.len() == 2) && !stands_alone(w);
                if has_value && words.len() <= i + 2 {
                    return None;
                }
                i += if has_value { 2 } else { 1 };
            }
            _ => return Some(i),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_before_the_command_take_what_follows_unless_they_are_known_to_stand_alone() {
        for (line, path, left) in [
            ("--warnings-as-errors config view", "kubectl config view", "--warnings-as-errors"),
            ("-n kube-system get pods", "kubectl get", "-n kube-system pods"),
            ("--overwrite describe rs", "kubectl", "--overwrite describe rs"),
            ("-h get", "kubectl", "-h get"),
            ("-p expose", "kubectl", "-p expose"),
            ("create --server-side secret generic s", "kubectl create", "--server-side secret generic s"),
            ("- run a", "kubectl run", "- a"),
        ] {
            let words: Vec<String> = line.split(' ').map(ToString::to_string).collect();
            let (_, found, rest) = find(&words);
            assert_eq!((found.as_str(), rest.join(" ").as_str()), (path, left), "{line}");
        }
        let words = |line: &str| line.split(' ').map(ToString::to_string).collect::<Vec<String>>();
        assert_eq!(before_plugin(&words("--overwrite describe rs")), Some("--overwrite"));
        assert_eq!(before_plugin(&words("describ rs")), None);
        assert_eq!(before_plugin(&words("-x help")), None);
    }
}
