//! `kubectl auth whoami`. Models kubectl `pkg/cmd/auth/whoami.go`.
//!
//! ```text
//! $ kubectl auth whoami --as=learner --as-group=devs
//! ATTRIBUTE   VALUE
//! Username    learner
//! Groups      [devs system:authenticated]
//! ```

use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::json;

use crate::kubectl::change::{DryRun, Printer};
use crate::kubectl::groups::PRINT;
use crate::kubectl::{Command, Cx, Failure, Flow, Parsed};
use crate::text::table::{Layout, align};

/// `kubectl auth whoami`
pub static WHO_AM_I: Command = Command {
    name: "whoami",
    usage: "auth whoami",
    short: "Experimental: Check self subject attributes",
    examples: "# Who am I for the cluster?\nkubectl auth whoami",
    flags: &[PRINT],
    run: Some(run),
    ..Command::EMPTY
};

/// Which certificate the administrator showed.
const CREDENTIAL: &str = "authentication.kubernetes.io/credential-id";
const FINGERPRINT: &str = "X509SHA256=5d263d35ffcbcc0a6fcd476dd20716adad72cafc89b1ffed2cc5411cbce8ad3a";

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let asker = super::asker(cx);
    let groups = asker.all_groups();
    let printer = Printer::new(cx, parsed, DryRun::None, true)?;
    let certified = cx.globals.user.is_empty();
    if printer.has_format() {
        let mut info = json!({"username": asker.user, "groups": groups});
        if parsed.given("as-uid") {
            crate::object::value::set(&mut info, "uid", json!(parsed.text("as-uid")));
        }
        if certified {
            crate::object::value::set(&mut info, "extra", json!({CREDENTIAL: [FINGERPRINT]}));
        }
        let review = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview",
            "metadata": {"creationTimestamp": cx.api().timestamp()}, "status": {"userInfo": info}});
        printer.print(cx, &review, "")?;
        return Ok(Flow::Done(0));
    }
    let line = |a: &str, b: &str| [a.to_string(), b.to_string()].to_vec();
    let mut lines: Vec<Vec<alloc::string::String>> = alloc::vec![line("ATTRIBUTE", "VALUE"), line("Username", &asker.user)];
    if !parsed.text("as-uid").is_empty() {
        lines.push(line("UID", parsed.text("as-uid")));
    }
    lines.push(line("Groups", &["[", &groups.join(" "), "]"].concat()));
    if certified {
        lines.push(line(&["Extra: ", CREDENTIAL].concat(), &["[", FINGERPRINT, "]"].concat()));
    }
    cx.out(&align(Layout::GET, &lines));
    Ok(Flow::Done(0))
}
