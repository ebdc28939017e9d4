//! What BusyBox says where GNU's tools say something else: a wrong command line gets its usage, and complaints are
//! worded differently. Never: what the tools do.

use alloc::string::String;

use crate::shell::process::{Io, Started, Stream};

/// The first lines of every usage.
const BANNER: &str = "BusyBox v1.37.0 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: ";

/// How applets are called, as each says it itself.
const USAGES: &[(&str, &str)] = &[
    ("awk", "[OPTIONS] [AWK_PROGRAM] [FILE]..."),
    ("base64", "[-d] [-w COL] [FILE]"),
    ("basename", "FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE..."),
    ("cat", "[-nbvteA] [FILE]..."),
    ("chmod", "[-Rcvf] MODE[,MODE]... FILE..."),
    ("chown", "[-RhLHPcvf]... USER[:[GRP]] FILE..."),
    ("comm", "[-123] FILE1 FILE2"),
    ("cp", "[-arPLHpfinlsTu] SOURCE DEST\nor: cp [-arPLHpfinlsu] SOURCE... { -t DIRECTORY | DIRECTORY }"),
    ("cut", "[OPTIONS] [FILE]..."),
    ("date", "[OPTIONS] [+FMT] [[-s] TIME]"),
    ("diff", "[-abBdiNqrTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2"),
    ("dirname", "FILENAME"),
    ("du", "[-aHLdclsxhmk] [FILE]..."),
    ("env", "[-i0] [-u NAME]... [-] [NAME=VALUE]... [PROG ARGS]"),
    ("expr", "EXPRESSION"),
    ("find", "[-HL] [PATH]... [OPTIONS] [ACTIONS]"),
    ("fold", "[-bs] [-w WIDTH] [FILE]..."),
    ("grep", "[-HhnlLoqvsrRiwFEz] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]..."),
    ("head", "[OPTIONS] [FILE]..."),
    ("hostname", "[-sidf] [HOSTNAME | -F FILE]"),
    ("id", "[-ugGnr] [USER]"),
    ("ln", "[-sfnbtv] [-S SUF] TARGET... LINK|DIR"),
    ("ls", "[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]..."),
    ("md5sum", "[-c[sw]] [FILE]..."),
    ("mkdir", "[-m MODE] [-p] DIRECTORY..."),
    ("mktemp", "[-dt] [-p DIR] [TEMPLATE]"),
    ("mv", "[-finT] SOURCE DEST\nor: mv [-fin] SOURCE... { -t DIRECTORY | DIRECTORY }"),
    ("nc", "[-iN] [-wN] [-l] [-p PORT] [-f FILE|IPADDR PORT] [-e PROG]"),
    ("nl", "[OPTIONS] [FILE]..."),
    ("nslookup", "[-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]"),
    ("paste", "[-d LIST] [-s] [FILE]..."),
    ("ping", "[OPTIONS] HOST"),
    ("readlink", "[-fnv] FILE"),
    ("realpath", "FILE..."),
    ("rm", "[-irf] FILE..."),
    ("rmdir", "[-p] DIRECTORY..."),
    ("sed", "[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...\nor: sed [-i[SFX]] [-nrE] CMD [FILE]..."),
    ("seq", "[-w] [-s SEP] [FIRST [INC]] LAST"),
    ("sha256sum", "[-c[sw]] [FILE]..."),
    ("sleep", "[N]..."),
    ("sort", "[-nrugMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]..."),
    ("stat", "[-ltf] [-c FMT] FILE..."),
    ("tail", "[OPTIONS] [FILE]..."),
    ("tee", "[-ai] [FILE]..."),
    ("timeout", "[-s SIG] [-k KILL_SECS] SECS PROG ARGS"),
    ("top", "[-bH] [-n COUNT] [-d SECONDS]"),
    ("touch", "[-cham] [-d DATE] [-t DATE] [-r FILE] FILE..."),
    ("tr", "[-cds] STRING1 [STRING2]"),
    ("uname", "[-amnrspvio]"),
    ("uniq", "[-cduiz] [-f,s,w N] [FILE [OUTFILE]]"),
    ("vi", "[-c CMD] [-R] [-H] [FILE]..."),
    ("watch", "[-n SEC] [-t] PROG ARGS"),
    ("wc", "[-cmlwL] [FILE]..."),
    ("wget", "[-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]"),
    ("which", "[-a] COMMAND..."),
    ("xargs", "[OPTIONS] [PROG ARGS]"),
];

/// Tools, what GNU's say before a name in quotes, what BusyBox says there, and whether it quotes the name as well.
const WORDS: &[(&str, &str, &str, bool)] = &[
    ("rm mkdir", "cannot ", "can't ", true),
    ("cp", "cannot stat ", "can't stat ", true),
    ("cp", "cannot create regular file ", "can't create ", true),
    ("cp", "-r not specified; ", "", true),
    ("mv", "cannot stat ", "can't rename ", true),
    ("mv", "cannot move ", "can't rename ", true),
    ("touch", "cannot touch ", "", false),
    ("rmdir", "failed to remove ", "", true),
    ("ln", "failed to create symbolic link ", "", false),
    ("ln", "failed to create hard link ", "", false),
    ("ln", "failed to access ", "", false),
    ("sleep timeout", "invalid time interval ", "invalid number ", true),
    ("head tail", "invalid number of lines: ", "invalid number ", true),
    ("chmod chown du", "cannot access ", "", false),
    ("chmod", "invalid mode: ", "invalid mode ", true),
    ("stat", "cannot statx ", "can't stat ", true),
    ("date", "invalid date ", "invalid date ", true),
    ("find", "", "", false),
    ("env", "", "can't execute ", true),
];

/// The usage of an applet; `None` if none is known.
pub fn usage(tool: &str) -> Option<String> {
    let at = USAGES.binary_search_by(|(name, _)| (*name).cmp(tool)).ok()?;
    let (name, usage) = USAGES.get(at)?;
    Some([BANNER, name, " ", usage, "\n"].concat())
}

/// Words anew what a tool has just complained about; a wrong command line becomes the applet's usage.
pub fn reword(tool: &str, started: Started, io: &mut Io<'_>) -> Started {
    let mut wrong = false;
    for chunk in io.output.take() {
        if chunk.stream == Stream::Out {
            io.out(&chunk.text);
            continue;
        }
        for line in chunk.text.split_inclusive('\n') {
            let said = line.strip_prefix(tool).and_then(|rest| rest.strip_prefix(": "));
            let asks = said.is_some_and(bare);
            wrong |= asks || said.is_some_and(of_options) || line.starts_with("Usage: ");
            if !asks && !line.starts_with("Try '") && !line.starts_with("Usage: ") {
                let line = said.and_then(|said| worded(tool, said)).unwrap_or_else(|| String::from(line));
                io.err(&line);
            }
        }
    }
    if !wrong {
        return started;
    }
    io.err(&usage(tool).unwrap_or_default());
    Started::Done(1)
}

/// Complaints that BusyBox has no words for: it shows the usage alone.
fn bare(said: &str) -> bool {
    ["missing ", "you must specify", "extra operand", "no filter"].iter().any(|start| said.starts_with(start))
}

/// Complaints about options, which the usage follows.
fn of_options(said: &str) -> bool {
    ["invalid option", "unrecognized option", "option requires", "option '--"].iter().any(|start| said.starts_with(start))
}

fn worded(tool: &str, said: &str) -> Option<String> {
    if let Some(name) = said.strip_prefix("cannot remove ").and_then(|rest| rest.strip_suffix(": Is a directory\n")) {
        return Some([tool, ": ", name, " is a directory\n"].concat());
    }
    let mut rows = WORDS.iter().filter(|(tools, ..)| tools.split(' ').any(|one| one == tool));
    let (rest, to, quotes) = rows.find_map(|(_, from, to, quotes)| said.strip_prefix(from).map(|rest| (rest, to, *quotes)))?;
    let rest = match (quotes, rest.strip_prefix('\'').and_then(|rest| rest.split_once('\''))) {
        (false, Some((name, after))) => [name, after].concat(),
        _ => String::from(rest),
    };
    Some([tool, ": ", to, &rest].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(USAGES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn complaints_as_busybox_has_them() {
        let said = |tool: &str, text: &str| worded(tool, text).unwrap_or_default();
        assert_eq!(said("rm", "cannot remove 'x': No such file or directory\n"), "rm: can't remove 'x': No such file or directory\n");
        assert_eq!(said("rm", "cannot remove 'd': Is a directory\n"), "rm: 'd' is a directory\n");
        assert_eq!(said("touch", "cannot touch 'a/b': No such file or directory\n"), "touch: a/b: No such file or directory\n");
        assert_eq!(said("mv", "cannot stat 'x': No such file or directory\n"), "mv: can't rename 'x': No such file or directory\n");
        assert!(usage("ls").unwrap_or_default().contains("Usage: ls [-1AaCxd"));
    }
}
