//! How a shell begins: its name, its variables, where it is and who types.

use alloc::string::String;
use alloc::vec::Vec;

use super::process::Env;

/// How a shell begins.
#[derive(Clone, Debug)]
pub struct Setup {
    /// What messages begin with: `bash`, `sh`.
    pub name: String,
    /// `$1` and on.
    pub args: Vec<String>,
    /// Exported variables.
    pub env: Env,
    /// The current directory.
    pub cwd: String,
    /// A person types at a terminal: aliases, history, job notices, unfinished lines wait for more.
    pub interactive: bool,
    /// Lines come from the shell's standard input rather than from [`Shell::run_line`] only.
    pub reads_input: bool,
    /// It is `sh`, not bash: other messages.
    pub posix: bool,
    /// With `posix`: it is the `sh` of BusyBox, else dash.
    pub busybox: bool,
    /// `$$`
    pub pid: u32,
    /// Where `$RANDOM` begins.
    pub seed: u32,
}

impl Setup {
    /// A learner's login shell: root, at home, in a terminal.
    pub fn login(interactive: bool) -> Setup {
        let mut env = Env::default();
        for (name, value) in [
            ("HOME", "/root"),
            ("USER", "root"),
            ("LOGNAME", "root"),
            ("SHELL", "/bin/bash"),
            ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            ("LANG", "C.UTF-8"),
        ] {
            env.set(name, value);
        }
        if interactive {
            env.set("TERM", "xterm-256color");
        }
        Setup {
            name: String::from("bash"),
            args: Vec::new(),
            env,
            cwd: String::from("/root"),
            interactive,
            reads_input: interactive,
            posix: false,
            busybox: false,
            pid: 1000,
            seed: 42,
        }
    }
}
