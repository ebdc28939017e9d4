//! Why kubectl ends with an error, and how it says so. Models kubectl `pkg/cmd/util` CheckErr.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::api::Status;

/// An error that ends a verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server refused: `Error from server (NotFound): pods "x" not found`.
    Server(Status),
    /// The same while doing something to a file or object: `error when creating "x.yaml": …` put before the message.
    ServerWhile(String, Status),
    /// kubectl's own: `error: …`.
    Client(String),
    /// Wrong use: `error: …` and `See 'kubectl x -h' for help and examples`.
    Usage(String),
    /// A flag that is wrong: `error: …` and `See 'kubectl x --help' for usage.`
    Flag(String),
    /// Several at once, each on a line of its own. Models kubectl `pkg/cmd/util` MultipleErrors.
    Many(Vec<Failure>),
    /// Not an error: standard input has not ended yet, and the verb is to be run again when it has.
    NeedStdin,
    /// Text printed as it is, with a newline added when missing.
    Plain(String),
    /// Everything has been printed; only the exit code counts.
    Exit(i32),
}

impl Failure {
    /// What goes to standard error, and the exit code. `command` is the full command: `kubectl create deployment`.
    pub fn print(&self, command: &str) -> (String, i32) {
        match self {
            Failure::Server(status) => (server_text(status, ""), 1),
            // An invalid object is told without what was being done, as kubectl does.
            Failure::ServerWhile(_, status) if status.reason == "Invalid" => (server_text(status, ""), 1),
            Failure::ServerWhile(doing, status) => (server_text(status, doing), 1),
            Failure::Client(text) => {
                let text = text.strip_suffix('\n').unwrap_or(text);
                (["error: ", text.strip_prefix("error: ").unwrap_or(text), "\n"].concat(), 1)
            }
            Failure::Usage(text) => {
                (format!("error: {}\nSee '{command} -h' for help and examples\n", text.strip_prefix("error: ").unwrap_or(text)), 1)
            }
            Failure::Flag(text) if command == "kubectl options" => (format!("error: {text}\nRun 'kubectl options' without flags.\n"), 1),
            Failure::Flag(text) => (format!("error: {text}\nSee '{command} --help' for usage.\n"), 1),
            Failure::Many(all) => (all.iter().map(Failure::one_of_many).collect(), 1),
            Failure::NeedStdin => (String::new(), 1),
            Failure::Plain(text) if text.ends_with('\n') || text.is_empty() => (text.clone(), 1),
            Failure::Plain(text) => (format!("{text}\n"), 1),
            Failure::Exit(code) => (String::new(), *code),
        }
    }
}

impl Failure {
    /// One failure of none, one or several; none when there is none. Several that are but one are that one.
    pub fn from_many(mut all: Vec<Failure>) -> Option<Failure> {
        let only = match all.len() {
            0 | 1 => all.pop(),
            _ => Some(Failure::Many(all)),
        };
        match only {
            Some(Failure::Many(mut inner)) if inner.len() == 1 => inner.pop(),
            other => other,
        }
    }

    /// As [`Failure::from_many`] for a verb that reads everything first: what reading gave is told as it stands.
    pub fn after_reading(mut all: Vec<Failure>) -> Option<Failure> {
        if matches!(all.as_slice(), [Failure::Many(_)]) { all.pop() } else { Failure::from_many(all) }
    }

    /// All failures of a verb that goes on after each; kubectl's own lose their head even where there is but one.
    pub fn of_all(mut all: Vec<Failure>) -> Option<Failure> {
        match all.as_slice() {
            [] => None,
            [Failure::Many(_)] => all.pop(),
            _ => Some(Failure::Many(all)),
        }
    }

    /// What is left of it when nobody minds what is not there. Models apimachinery `util/errors` FilterOut.
    pub fn but_not_found(self) -> Option<Failure> {
        match self {
            Failure::Server(status) if status.is_not_found() => None,
            Failure::Many(all) => {
                let left: Vec<Failure> = all.into_iter().filter_map(Failure::but_not_found).collect();
                (!left.is_empty()).then_some(Failure::Many(left))
            }
            other => Some(other),
        }
    }

    /// Its line where it is one of several: the server's refusals keep their head, kubectl's own lose theirs.
    fn one_of_many(&self) -> String {
        match self {
            Failure::Server(status) => from_server(status, ""),
            Failure::ServerWhile(doing, status) => from_server(status, doing),
            Failure::Client(_) | Failure::Usage(_) | Failure::Flag(_) | Failure::Many(_) => self.message() + "\n",
            other => other.print("kubectl").0,
        }
    }

    /// Its bare text, as it stands inside other messages.
    pub fn message(&self) -> String {
        match self {
            Failure::Server(status) => status.message.clone(),
            Failure::ServerWhile(doing, status) => [doing.as_str(), &status.message].concat(),
            Failure::Client(text) | Failure::Usage(text) | Failure::Flag(text) | Failure::Plain(text) => text.clone(),
            Failure::Many(all) => {
                let mut texts: Vec<String> = Vec::new();
                all.iter().for_each(|one| one.gather(&mut texts));
                match texts.as_slice() {
                    [one] => one.clone(),
                    many => format!("[{}]", many.join(", ")),
                }
            }
            Failure::NeedStdin | Failure::Exit(_) => String::new(),
        }
    }
}

impl Failure {
    /// Adds the bare texts of one or of several that are not there yet.
    fn gather(&self, texts: &mut Vec<String>) {
        if let Failure::Many(all) = self {
            return all.iter().for_each(|one| one.gather(texts));
        }
        let text = self.message();
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Failure {
        Failure::Server(status)
    }
}

/// How kubectl shows a refusal. Invalid objects are told as `The Pod "x" is invalid: …`, with a bullet per field
/// where there are several.
fn server_text(status: &Status, doing: &str) -> String {
    if status.reason == "Invalid" && doing.is_empty() {
        let kind = status.kind.as_str();
        let mut text = match kind {
            "" => String::from("The request is invalid: "),
            kind => format!("The {kind} \"{}\" is invalid: ", status.name),
        };
        if status.causes.is_empty() {
            text.push_str(&status.message);
            text.push('\n');
            return text;
        }
        match status.causes.as_slice() {
            [one] => text.push_str(&format!("{}: {}\n", one.field, one.message)),
            many => {
                text.push('\n');
                many.iter().for_each(|c| text.push_str(&format!("* {}: {}\n", c.field, c.message)));
            }
        }
        return text;
    }
    from_server(status, doing)
}

/// A refusal that is not about fields; one without a reason has no parentheses.
fn from_server(status: &Status, doing: &str) -> String {
    let reason = if status.reason.is_empty() { String::new() } else { [" (", status.reason, ")"].concat() };
    ["Error from server", &reason, ": ", doing, &status.message, "\n"].concat()
}
