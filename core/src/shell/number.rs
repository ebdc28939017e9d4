//! Numbers as tools read them: durations, counts, sizes. Never: arithmetic (`arith`).

/// `1.5`, `2s`, `3m`, `1h`, `1d` in milliseconds; `None` if it is not a duration.
pub fn duration_ms(text: &str) -> Option<u64> {
    if text.eq_ignore_ascii_case("inf") || text.eq_ignore_ascii_case("infinity") {
        return Some(u64::MAX / 4);
    }
    let (digits, unit) = match text.char_indices().next_back() {
        Some((at, c)) if c.is_ascii_alphabetic() => (text.get(..at)?, c),
        _ => (text, 's'),
    };
    let factor: u64 = match unit {
        's' => 1_000,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => 86_400_000,
        _ => return None,
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && part.is_empty() || !whole.chars().chain(part.chars()).all(|c| c.is_ascii_digit()) {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut ms = whole.saturating_mul(factor);
    let mut unit = factor;
    for c in part.chars().take(3) {
        unit /= 10;
        ms = ms.saturating_add(u64::from(c.to_digit(10)?).saturating_mul(unit));
    }
    Some(ms)
}
