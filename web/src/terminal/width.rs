//! How many columns a character takes in a terminal. Never: pixels.

/// Ranges of characters two columns wide: Hangul, CJK, full-width forms, emoji. Sorted. After Unicode's East Asian Width.
const WIDE: &[(u32, u32)] = &[
    (0x1100, 0x115f),
    (0x231a, 0x231b),
    (0x2329, 0x232a),
    (0x23e9, 0x23ec),
    (0x23f0, 0x23f0),
    (0x23f3, 0x23f3),
    (0x25fd, 0x25fe),
    (0x2614, 0x2615),
    (0x2648, 0x2653),
    (0x26a1, 0x26a1),
    (0x26bd, 0x26be),
    (0x2705, 0x2705),
    (0x270a, 0x270b),
    (0x2728, 0x2728),
    (0x274c, 0x274c),
    (0x2753, 0x2755),
    (0x2757, 0x2757),
    (0x2795, 0x2797),
    (0x27b0, 0x27b0),
    (0x2b1b, 0x2b1c),
    (0x2b50, 0x2b50),
    (0x2b55, 0x2b55),
    (0x2e80, 0x303e),
    (0x3041, 0x33ff),
    (0x3400, 0x4dbf),
    (0x4e00, 0x9fff),
    (0xa000, 0xa4cf),
    (0xa960, 0xa97c),
    (0xac00, 0xd7a3),
    (0xf900, 0xfaff),
    (0xfe30, 0xfe6f),
    (0xff00, 0xff60),
    (0xffe0, 0xffe6),
    (0x1f004, 0x1f004),
    (0x1f0cf, 0x1f0cf),
    (0x1f18e, 0x1f18e),
    (0x1f191, 0x1f19a),
    (0x1f200, 0x1f265),
    (0x1f300, 0x1f64f),
    (0x1f680, 0x1f6ff),
    (0x1f7e0, 0x1f7eb),
    (0x1f900, 0x1f9ff),
    (0x1fa70, 0x1faff),
    (0x20000, 0x3fffd),
];

/// Ranges of characters that stand on the one before: combining marks, the vowels and finals of old Hangul, joiners. Sorted.
const NONE: &[(u32, u32)] = &[
    (0x0000, 0x001f),
    (0x007f, 0x009f),
    (0x00ad, 0x00ad),
    (0x0300, 0x036f),
    (0x0483, 0x0489),
    (0x0591, 0x05bd),
    (0x064b, 0x065f),
    (0x1160, 0x11ff),
    (0x1ab0, 0x1aff),
    (0x1dc0, 0x1dff),
    (0x200b, 0x200f),
    (0x2028, 0x202e),
    (0x2060, 0x2064),
    (0x20d0, 0x20ff),
    (0x302a, 0x302d),
    (0x3099, 0x309a),
    (0xd7b0, 0xd7ff),
    (0xfe00, 0xfe0f),
    (0xfe20, 0xfe2f),
    (0xfeff, 0xfeff),
    (0xe0100, 0xe01ef),
];

fn within(ranges: &[(u32, u32)], c: u32) -> bool {
    let at = ranges.partition_point(|(_, last)| *last < c);
    ranges.get(at).is_some_and(|(first, _)| *first <= c)
}

/// The columns of a character: 0, 1 or 2.
pub fn of_char(c: char) -> usize {
    match c {
        ' '..='~' => 1,
        _ if within(NONE, c as u32) => 0,
        _ if within(WIDE, c as u32) => 2,
        _ => 1,
    }
}

/// The byte at which `columns` columns of a text are full.
pub fn cut(text: &str, columns: usize) -> usize {
    let mut used = 0;
    for (byte, c) in text.char_indices() {
        used += of_char(c);
        if used > columns {
            return byte;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> usize {
        text.chars().map(of_char).sum()
    }

    #[test]
    fn hangul_takes_two_columns_and_marks_none() {
        assert_eq!(of("파드 pod"), 8);
        assert_eq!(of("ㅏㅕㅠ"), 6);
        assert_eq!(of("e\u{301}x"), 2);
        assert_eq!(of("\u{1112}\u{1161}\u{11ab}"), 2, "a syllable in three letters of old Hangul");
        assert_eq!(of("🥧"), 2);
        assert_eq!(of("├── │"), 5);
        assert_eq!(of(""), 0);
    }

    #[test]
    fn cuts_before_a_character_that_does_not_fit() {
        assert_eq!(cut("파드", 3), 3);
        assert_eq!(cut("파드", 4), 6);
        assert_eq!(cut("abc", 9), 3);
    }

    #[test]
    fn ranges_are_sorted() {
        for ranges in [WIDE, NONE] {
            assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
    }
}
