//! A link that came to another state than when it was made: what ran, and what is different. Never: deciding that it did.

use kubepie_core::session::{InputKind, Scenario};
use yew::prelude::*;

use crate::i18n::fill;
use crate::i18n::share::Words;

/// What a link should come to.
pub struct Expected {
    /// The hash of its end.
    pub hash: String,
    /// The engine that made it.
    engine: String,
    /// What it runs.
    commands: Vec<String>,
    /// What there was at its end.
    reaches: Vec<String>,
}

/// How what was reached differs.
pub struct Differs {
    engine: String,
    commands: Vec<String>,
    /// What there was and is not now, and what is there now and was not.
    gone: Vec<String>,
    new: Vec<String>,
}

/// What a scenario runs, as lines to read.
pub fn commands(scenario: &Scenario, words: &Words) -> Vec<String> {
    let input = |kind: &InputKind| match kind {
        InputKind::Line { text } => text.clone(),
        InputKind::File { path, .. } => ["# ", &fill(words.saves, &[path])].concat(),
        InputKind::Fault { text } => ["# ", &fill(words.breaks, &[text])].concat(),
        InputKind::Interrupt => "^C".to_string(),
        InputKind::Eof => "^D".to_string(),
    };
    scenario.base.lines.iter().cloned().chain(scenario.inputs.iter().map(|i| input(&i.kind))).collect()
}

impl Expected {
    /// What a scenario should come to; `None` if it does not say.
    pub fn of(scenario: &Scenario, words: &Words) -> Option<Expected> {
        (!scenario.hash.is_empty()).then(|| Expected {
            hash: scenario.hash.clone(),
            engine: scenario.engine.clone(),
            commands: commands(scenario, words),
            reaches: scenario.reaches.clone(),
        })
    }

    /// How this differs from what was reached.
    pub fn against(self, reached: &[String]) -> Differs {
        let without = |all: &[String], others: &[String]| all.iter().filter(|line| !others.contains(line)).cloned().collect::<Vec<_>>();
        let (gone, new) = if self.reaches.is_empty() {
            (Vec::new(), Vec::new())
        } else {
            (without(&self.reaches, reached), without(reached, &self.reaches))
        };
        Differs { engine: self.engine, commands: self.commands, gone, new }
    }
}

/// What is shown of it.
#[inline(never)]
pub fn view(differs: &Differs, words: &Words) -> Html {
    let made_by = if differs.engine.is_empty() { "?" } else { &differs.engine };
    html! {
        <div class="differs">
            <p>{ fill(words.differs, &[made_by, env!("CARGO_PKG_VERSION")]) }</p>
            <h3>{ words.differs_ran }</h3>
            <pre tabindex="0">{ differs.commands.join("\n") }</pre>
            <h3>{ words.differs_how }</h3>
            if differs.gone.is_empty() && differs.new.is_empty() {
                <p class="small">{ words.differs_inside }</p>
            } else {
                <table>
                    <thead><tr><th>{ words.differs_then }</th><th>{ words.differs_now }</th></tr></thead>
                    <tbody>
                        { for beside(differs).into_iter().map(|(then, now)| html! { <tr><td><del>{ then }</del></td><td><ins>{ now }</ins></td></tr> }) }
                    </tbody>
                </table>
            }
        </div>
    }
}

/// Lines about the same thing beside each other: those that begin with the same two words.
fn beside(differs: &Differs) -> Vec<(&str, &str)> {
    let about = |line: &str| line.split(' ').take(2).map(str::to_string).collect::<Vec<_>>();
    let mut rows: Vec<(&str, &str)> = differs.gone.iter().map(|then| (then.as_str(), "")).collect();
    for now in &differs.new {
        match rows.iter_mut().find(|(then, other)| other.is_empty() && about(then) == about(now)) {
            Some(row) => row.1 = now,
            None => rows.push(("", now)),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_the_same_stands_beside_each_other() {
        let lines = |all: &[&str]| all.iter().map(|line| line.to_string()).collect::<Vec<_>>();
        let expected = Expected {
            hash: "1".to_string(),
            engine: String::new(),
            commands: Vec::new(),
            reaches: lines(&["deployment a/web 3/3", "pod a/web-1 Running w1", "pod a/web-2 Running w2"]),
        };
        let differs = expected.against(&lines(&["deployment a/web 2/3", "pod a/web-1 Running w1", "pod a/web-9 Pending <none>"]));
        assert_eq!(
            beside(&differs),
            [("deployment a/web 3/3", "deployment a/web 2/3"), ("pod a/web-2 Running w2", ""), ("", "pod a/web-9 Pending <none>")]
        );
    }
}
