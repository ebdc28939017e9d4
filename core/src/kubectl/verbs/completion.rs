//! `kubectl completion SHELL`: the script that makes a shell ask `kubectl __complete`.
//! Models kubectl `pkg/cmd/completion`; the scripts (`data/completion`) are our own.
//! Never: what is offered (`complete`).
//!
//! ```text
//! $ source <(kubectl completion bash); complete -p kubectl
//! complete -o default -F __start_kubectl kubectl
//! $ kubectl completion zsh | head -1
//! #compdef kubectl
//! $ kubectl completion tcsh
//! error: Unsupported shell type "tcsh".
//! See 'kubectl completion -h' for help and examples
//! ```

use alloc::format;
use alloc::string::ToString;

use crate::kubectl::{Command, Failure, Flow, Takes};

/// Each shell's script.
const SCRIPTS: &[(&str, &str)] = &[
    ("bash", include_str!("../../../data/completion/bash.txt")),
    ("zsh", include_str!("../../../data/completion/zsh.txt")),
    ("fish", include_str!("../../../data/completion/fish.txt")),
    ("powershell", include_str!("../../../data/completion/powershell.txt")),
];

/// `kubectl completion`
pub static COMPLETION: Command = Command {
    name: "completion",
    takes: Takes::Words(&["bash", "fish", "powershell", "zsh"]),
    usage: "completion SHELL",
    short: "Output shell completion code for the specified shell (bash, zsh, fish, or powershell)",
    examples: "# For this shell\nsource <(kubectl completion bash)\n\n# For every shell to come\necho 'source <(kubectl completion bash)' >> ~/.bashrc",
    run: Some(|cx, parsed| match parsed.args.as_slice() {
        [] => Err(Failure::Usage("Shell not specified.".to_string())),
        [shell] => {
            let script = SCRIPTS.iter().find(|(name, _)| name == shell).map(|(_, script)| *script);
            cx.out(script.ok_or_else(|| Failure::Usage(format!("Unsupported shell type {shell:?}.")))?);
            Ok(Flow::Done(0))
        }
        _ => Err(Failure::Usage("Too many arguments. Expected only the shell type.".to_string())),
    }),
    ..Command::EMPTY
};
