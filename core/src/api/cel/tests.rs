//! Expressions and what they come to.

use super::*;
use serde_json::json;

fn run(text: &str) -> Result<Value, Stop> {
    let own = json!({"replicas": 3, "min": 1, "name": "web-1", "tags": ["a", "b"], "labels": {"app": "x"}, "ratio": 0.5});
    let old = json!({"replicas": 2});
    Program::new(text).ok_or(Stop::Unknown)?.run(&Scope { own: &own, old: Some(&old) }, &mut 1000)
}

#[test]
fn values() {
    for (text, expected) in [
        ("self.replicas >= self.min && self.replicas <= 10", json!(true)),
        ("self.replicas == oldSelf.replicas", json!(false)),
        ("has(self.missing) || self.name.startsWith('web')", json!(true)),
        ("self.missing == 1 || true", json!(true)),
        ("self.tags.all(t, size(t) == 1) ? 'yes' : 'no'", json!("yes")),
        ("self.tags.exists_one(t, t == \"b\")", json!(true)),
        ("self.tags.map(t, t + '!').join(',')", json!("a!,b!")),
        ("'a' in self.tags && !('z' in self.labels)", json!(true)),
        ("self.labels['app'].matches('^[x-z]$')", json!(true)),
        ("(1 + 2 * 3 - 4) % 2 == 1", json!(true)),
        ("-self.replicas < 0 && self.ratio * 2.0 == 1.0", json!(true)),
        ("self.tags == ['a', 'b'] && {'app': 'x'} == self.labels", json!(true)),
        ("[3, 1, 2].max() + [3, 1].sum()", json!(7)),
        ("string(self.replicas) + 'x' == '3x'", json!(true)),
        ("self.name.size() in [5, 6]", json!(true)),
        ("self.interval == 1 ? 1 : 2", json!("no such key: interval")),
        ("self.tags[5] == 'a'", json!("index out of bounds: 5")),
        ("1 / 0 == 1", json!("division by zero")),
        ("duration('90m') > duration('1h') && (duration('1h') + duration('30m')).getMinutes() == 90", json!(true)),
        ("quantity('1500m').isLessThan(quantity('2')) && quantity('1Gi').compareTo(quantity('1Mi')) == 1", json!(true)),
        ("isIP('10.0.0.1') && !isIP('10.0.0') && ip('::1').family() == 6", json!(true)),
        ("cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsCIDR('11.0.0.0/16')", json!(true)),
        ("self.?missing.orValue(7) + self.?min.value()", json!(8)),
        ("self.labels[?'app'].optMap(x, x + '!').orValue('')", json!("x!")),
        ("sets.contains(self.tags, ['b']) && math.greatest(1, 5, 3) == 5", json!(true)),
        ("url('https://a.b:80/c').getHost() + self.name.substring(3)", json!("a.b:80-1")),
        ("duration('x') > duration('1h')", json!("invalid duration argument: x")),
    ] {
        let found = match run(text) {
            Err(Stop::Failed(why)) => why.into(),
            other => other.unwrap(),
        };
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn what_is_not_understood() {
    for text in ["", "self.", "foo(self)", "a b", "'open", &"(".repeat(500), &"!".repeat(500)] {
        assert_eq!(run(text), Err(Stop::Unknown), "{text}");
    }
    assert_eq!(run(&["self.tags.all(a, ", &"self.tags.all(a, ".repeat(20), "true", &")".repeat(21)].concat()), Err(Stop::Spent));
}
