//! How fast an autoscaler may follow what is wanted: stabilisation windows and policies, by default or by its behaviour.
//! Models `pkg/controller/podautoscaler` normalizeDesiredReplicas and normalizeDesiredReplicasWithBehaviors.

use alloc::vec::Vec;
use serde_json::Value;

use super::Look;
use crate::object::value::{at, i64_at, items_at, text_at};

/// Scaling down follows the highest wish of so long a time, unless the autoscaler says otherwise.
const DOWN_WINDOW_S: i64 = 300;

const TOO_FEW: (&str, &str) = ("TooFewReplicas", "the desired replica count is less than the minimum replica count");
const TOO_MANY: (&str, &str) = ("TooManyReplicas", "the desired replica count is more than the maximum replica count");
const TOO_FAST_UP: (&str, &str) = ("ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate");
const TOO_FAST_DOWN: (&str, &str) = ("ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate");

/// What an autoscaler wanted and did before.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// When it wanted which size.
    wished: Vec<(i64, i64)>,
    /// When it changed the size by how much.
    changed: Vec<(i64, i64)>,
}

/// The most that is remembered of each.
const REMEMBERED: usize = 512;

fn window_ms(rules: Option<&Value>, default_s: i64) -> i64 {
    rules.and_then(|r| i64_at(r, "stabilizationWindowSeconds")).unwrap_or(default_s).saturating_mul(1000)
}

impl Past {
    /// Remembers a change of size.
    pub fn scaled(&mut self, change: i64, now_ms: i64) {
        self.changed.push((now_ms, change));
        let old = self.changed.len().saturating_sub(REMEMBERED);
        self.changed.drain(..old);
    }

    /// The size to go to now, given the one that is wanted; the conditions say what held it back.
    pub fn pace(&mut self, look: &mut Look, wanted: i64, size: i64, now_ms: i64) -> i64 {
        let behaviour = look.hpa.at("/spec/behavior").filter(|b| !b.is_null()).cloned();
        let rules = |way: &str| behaviour.as_ref().and_then(|b| at(b, way)).filter(|r| !r.is_null());
        let (up, down) = (rules("scaleUp"), rules("scaleDown"));
        if self.wished.is_empty() {
            // The size at the start counts as the first wish.
            self.wished.push((now_ms, size));
        }
        let (lowest, highest) = self.bounds(wanted, (window_ms(up, 0), window_ms(down, DOWN_WINDOW_S)), now_ms);
        let stable = if behaviour.is_some() { size.max(lowest).min(highest) } else { highest };
        self.wished.push((now_ms, wanted));
        let old = self.wished.len().saturating_sub(REMEMBERED);
        self.wished.drain(..old);
        match (stable == wanted, wanted >= size && behaviour.is_some()) {
            (true, _) => look.set_condition("AbleToScale", true, "ReadyForNewScale", "recommended size matches current size"),
            (false, true) => {
                let text = "recent recommendations were lower than current one, applying the lowest recent recommendation";
                look.set_condition("AbleToScale", true, "ScaleUpStabilized", text);
            }
            (false, false) => {
                let text = "recent recommendations were higher than current one, applying the highest recent recommendation";
                look.set_condition("AbleToScale", true, "ScaleDownStabilized", text);
            }
        }
        let (allowed, limit) = match behaviour.is_some() {
            true => self.limited(look, stable, size, (up, down), now_ms),
            false => by_default(look, stable, size),
        };
        match limit {
            Some((reason, message)) => look.set_condition("ScalingLimited", true, reason, message),
            None => look.set_condition("ScalingLimited", false, "DesiredWithinRange", "the desired count is within the acceptable range"),
        }
        allowed
    }

    /// The lowest and the highest wish of late, each in its own window.
    fn bounds(&self, wanted: i64, (up_ms, down_ms): (i64, i64), now_ms: i64) -> (i64, i64) {
        let within = |ms: i64| self.wished.iter().filter(move |(at, _)| *at > now_ms - ms).map(|(_, size)| *size).chain([wanted]);
        (within(up_ms).min().unwrap_or(wanted), within(down_ms).max().unwrap_or(wanted))
    }

    /// What has been changed upwards or downwards in the last seconds.
    fn changed_in(&self, seconds: i64, up: bool, now_ms: i64) -> i64 {
        let from = now_ms.saturating_sub(seconds.saturating_mul(1000));
        self.changed.iter().filter(|(at, by)| *at > from && (*by > 0) == up).map(|(_, by)| by.abs()).sum()
    }

    /// The size that the policies of one direction allow; `None` when they forbid any change.
    fn by_policies(&self, rules: Option<&Value>, size: i64, up: bool, now_ms: i64) -> i64 {
        let policies = rules.map_or(&[][..], |r| items_at(r, "policies"));
        let choice = rules.map_or("", |r| text_at(r, "selectPolicy"));
        if choice == "Disabled" {
            return size;
        }
        let limit = |kind: &str, value: i64, seconds: i64| {
            let (ups, downs) = (self.changed_in(seconds, true, now_ms), self.changed_in(seconds, false, now_ms));
            let before = size - ups + downs;
            match (kind, up) {
                ("Pods", true) => before.saturating_add(value),
                ("Pods", false) => before.saturating_sub(value),
                (_, true) => (before.saturating_mul(100 + value)).saturating_add(99) / 100,
                (_, false) => before.saturating_mul(100 - value) / 100,
            }
        };
        let of = |p: &Value| limit(text_at(p, "type"), i64_at(p, "value").unwrap_or(0), i64_at(p, "periodSeconds").unwrap_or(15));
        let limits: Vec<i64> = match (policies.is_empty(), up) {
            (false, _) => policies.iter().map(of).collect(),
            (true, true) => [limit("Percent", 100, 15), limit("Pods", 4, 15)].into(),
            (true, false) => [limit("Percent", 100, 15)].into(),
        };
        let fastest = (choice != "Min") == up;
        let chosen = if fastest { limits.iter().max() } else { limits.iter().min() };
        chosen.copied().unwrap_or(size)
    }

    fn limited(&self, look: &Look, wanted: i64, size: i64, rules: (Option<&Value>, Option<&Value>), now_ms: i64) -> Limited {
        if wanted > size {
            let limit = self.by_policies(rules.0, size, true, now_ms).max(size);
            let (most, why) = if look.most > limit { (limit, TOO_FAST_UP) } else { (look.most, TOO_MANY) };
            return if wanted > most { (most, Some(why)) } else { (wanted, None) };
        }
        if wanted < size {
            let limit = self.by_policies(rules.1, size, false, now_ms).min(size);
            let (least, why) = if look.least < limit { (limit, TOO_FAST_DOWN) } else { (look.least, TOO_FEW) };
            return if wanted < least { (least, Some(why)) } else { (wanted, None) };
        }
        (wanted, None)
    }
}

/// A size, and what held it back.
type Limited = (i64, Option<(&'static str, &'static str)>);

/// Without a behaviour of its own an autoscaler at most doubles at once, to four at least.
fn by_default(look: &Look, wanted: i64, size: i64) -> Limited {
    let limit = size.saturating_mul(2).max(4);
    let (most, why) = if look.most > limit { (limit, TOO_FAST_UP) } else { (look.most, TOO_MANY) };
    if wanted < look.least {
        (look.least, Some(TOO_FEW))
    } else if wanted > most {
        (most, Some(why))
    } else {
        (wanted, None)
    }
}
