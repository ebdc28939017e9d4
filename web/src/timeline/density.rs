//! How much happened when: changes of the cluster counted over spans of simulated time. Pure arithmetic.

/// The most spans; beyond, each becomes twice as long.
const SPANS: usize = 240;
/// The shortest span in milliseconds.
const SHORTEST_MS: u64 = 500;

/// Counts of changes over equal spans of time from instant 0 on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Density {
    span_ms: u64,
    counts: Vec<u32>,
    version: u64,
}

impl Default for Density {
    fn default() -> Density {
        Density { span_ms: SHORTEST_MS, counts: Vec::new(), version: 0 }
    }
}

impl Density {
    /// Takes in that the store has a version at an instant. What comes after an earlier instant was known before and stays.
    pub fn note(&mut self, now_ms: u64, version: u64) {
        let new = version.saturating_sub(self.version);
        let known = self.version > 0 && version >= self.version;
        self.version = version;
        if new == 0 || !known {
            return;
        }
        while now_ms / self.span_ms >= SPANS as u64 {
            self.span_ms *= 2;
            self.counts = self.counts.chunks(2).map(|pair| pair.iter().sum()).collect();
        }
        let at = (now_ms / self.span_ms) as usize;
        if self.counts.len() <= at {
            self.counts.resize(at + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(at) {
            *count = count.saturating_add(new as u32);
        }
    }

    /// Another future begins: what was counted after an instant is forgotten.
    pub fn forget_after(&mut self, now_ms: u64) {
        self.counts.truncate((now_ms / self.span_ms) as usize + 1);
    }

    /// An area from 0, 0 to `w`, `h` in which what happened by `end_ms` fills the width, as a path.
    pub fn path(&self, end_ms: u64, w: f64, h: f64) -> String {
        let most = self.counts.iter().copied().max().unwrap_or(0).max(1);
        let scale = f64::from(most).ln_1p();
        let step = self.span_ms as f64 / end_ms.max(1) as f64 * w;
        let mut path = format!("M0 {h}");
        let mut x = 0.0;
        for count in &self.counts {
            let y = h - f64::from(*count).ln_1p() / scale * (h - 1.0);
            path.push_str(&format!("V{y:.1}H{:.1}", (x + step).min(w)));
            x += step;
        }
        path.push_str(&format!("V{h}z"));
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_counted_where_they_happen() {
        let mut d = Density::default();
        d.note(0, 100);
        d.note(600, 103);
        d.note(700, 104);
        assert_eq!(d.counts, [0, 4]);
        d.note(0, 100);
        assert_eq!(d.counts, [0, 4], "going back changes nothing");
        d.note(600, 103);
        d.forget_after(100);
        assert_eq!(d.counts, [0]);
    }

    #[test]
    fn a_long_time_has_longer_spans() {
        let mut d = Density::default();
        d.note(0, 1);
        d.note(1, 3);
        d.note(1_000_000, 4);
        assert!(d.counts.len() <= SPANS);
        assert_eq!(d.counts.iter().sum::<u32>(), 3);
        assert_eq!(d.counts[0], 2);
    }

    #[test]
    fn the_area_ends_where_time_ends() {
        let mut d = Density::default();
        d.note(0, 1);
        d.note(100, 2);
        assert_eq!(d.path(500, 100.0, 10.0), "M0 10V1.0H100.0V10z");
    }
}
