//! Commands typed while the keyboard was still in Hangul: `ㅏㅕㅠㄷㅊ시 ㅎㄷㅅ` is `kubectl get`. Turns the letters of the
//! two-set keyboard back into its keys. Never: what a command does.

/// Keys of the letters from ㄱ (U+3131) to ㅣ (U+3163), compound ones as the two that make them.
const JAMO: [&str; 51] = [
    "r", "R", "rt", "s", "sw", "sg", "e", "E", "f", "fr", "fa", "fq", "ft", "fx", "fv", "fg", "a", "q", "Q", "qt", "t", "T", "d", "w", "W",
    "c", "z", "x", "v", "g", "k", "o", "i", "O", "j", "p", "u", "P", "h", "hk", "ho", "hl", "y", "n", "nj", "np", "nl", "b", "m", "ml",
    "l",
];

/// Keys of the nineteen first letters of a syllable.
const FIRST: [&str; 19] = ["r", "R", "s", "e", "E", "f", "a", "q", "Q", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g"];

/// Keys of the last letters of a syllable; the first means none.
const LAST: [&str; 28] = [
    "", "r", "R", "rt", "s", "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx", "fv", "fg", "a", "q", "qt", "t", "T", "d", "w", "c", "z",
    "x", "v", "g",
];

/// Where the vowels begin in [`JAMO`].
const VOWELS: usize = 30;

/// Words shorter than this are never taken for misspelt commands.
const LONG_WORD: usize = 5;

/// Whether a character is Hangul.
pub fn is_hangul(c: char) -> bool {
    matches!(c, '\u{3131}'..='\u{3163}' | '가'..='힣' | '\u{1100}'..='\u{11ff}')
}

/// The keys that were struck for a text: everything but Hangul is kept.
pub fn keys(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let at = |table: &[&'static str], i: u32| table.get(i as usize).copied().unwrap_or_default();
    for c in text.chars() {
        let code = c as u32;
        match c {
            '가'..='힣' => {
                let n = code - '가' as u32;
                out.push_str(at(&FIRST, n / 588));
                out.push_str(at(JAMO.get(VOWELS..).unwrap_or_default(), n / 28 % 21));
                out.push_str(at(&LAST, n % 28));
            }
            '\u{3131}'..='\u{3163}' => out.push_str(at(&JAMO, code - 0x3131)),
            // Letters that some input methods leave while a syllable is in the making.
            '\u{1100}'..='\u{1112}' => out.push_str(at(&FIRST, code - 0x1100)),
            '\u{1161}'..='\u{1175}' => out.push_str(at(JAMO.get(VOWELS..).unwrap_or_default(), code - 0x1161)),
            '\u{11a8}'..='\u{11c2}' => out.push_str(at(&LAST, code - 0x11a7)),
            _ => out.push(c),
        }
    }
    out
}

/// Whether one slip (a letter too many, too few, another, two swapped) leads from one word to the other.
pub fn one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(same..).unwrap_or_default(), b.get(same..).unwrap_or_default());
    match (a, b) {
        ([], [_]) | ([_], []) => true,
        ([x, y, a @ ..], [p, q, b @ ..]) if x == q && y == p && a == b => true,
        ([_, rest @ ..], b) if rest == b => true,
        (a, [_, rest @ ..]) if a == rest => true,
        ([_, a @ ..], [_, b @ ..]) => a == b,
        _ => false,
    }
}

/// What a line with Hangul in it was meant to be; `None` where it is as it should be. `commands` are the words that a line
/// may begin with, `seconds` those that may follow `kubectl`.
pub fn meant(line: &str, commands: &[&str], seconds: &[&str]) -> Option<String> {
    if !line.chars().any(is_hangul) {
        return None;
    }
    let start = line.len() - line.trim_start().len();
    let mut words = line.trim_start().split(' ');
    let first = words.next()?;
    let command = if first.chars().any(is_hangul) {
        let keys = keys(first);
        let lower = keys.to_ascii_lowercase();
        let known = |word: &str| commands.iter().find(|c| **c == word).copied();
        let slip = || commands.iter().find(|c| c.len() >= LONG_WORD && one_slip(&lower, c)).copied();
        known(&keys).or_else(|| known(&lower)).or_else(slip)?
    } else {
        let second = words.next().filter(|_| matches!(first, "kubectl" | "k"))?;
        if !second.chars().any(is_hangul) || !seconds.contains(&keys(second).to_ascii_lowercase().as_str()) {
            return None;
        }
        first
    };
    let rest = line.get(start + first.len()..)?;
    let mut out = String::from(line.get(..start)?);
    out.push_str(command);
    out.push_str(&unquoted(rest));
    Some(out)
}

/// [`keys`] of all that does not stand in quotes: what is quoted may well be Korean.
fn unquoted(text: &str) -> String {
    let mut out = String::new();
    let mut quote = None;
    let mut from = 0;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => {
                out.push_str(text.get(from..at).unwrap_or_default());
                (quote, from) = (None, at);
            }
            None if c == '"' || c == '\'' => {
                out.push_str(&keys(text.get(from..at).unwrap_or_default()));
                (quote, from) = (Some(c), at);
            }
            _ => {}
        }
    }
    let rest = text.get(from..).unwrap_or_default();
    match quote {
        Some(_) => out.push_str(rest),
        None => out.push_str(&keys(rest)),
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMANDS: &[&str] = &["cat", "echo", "k", "kubectl", "ls", "watch"];
    const SECONDS: &[&str] = &["apply", "describe", "get", "run"];

    fn offered(line: &str) -> Option<String> {
        meant(line, COMMANDS, SECONDS)
    }

    #[test]
    fn letters_syllables_and_compounds_become_their_keys() {
        assert_eq!(keys("ㅏㅕㅠㄷㅊ시 ㅎㄷㅅ ㅔㅐㅇㄴ"), "kubectl get pods");
        assert_eq!(keys("안녕"), "dkssud");
        assert_eq!(keys("꽃ㅃㅆ"), "RhcQT");
        assert_eq!(keys("값읽뷁"), "rkqtdlfrqnpfr");
        assert_eq!(keys("와의워"), "dhkdmldnj");
        assert_eq!(keys("ㅘㅢㄳ"), "hkmlrt");
        assert_eq!(keys("\u{1112}\u{1161}\u{11ab}"), "gks");
        assert_eq!(keys("a-1 한 b"), "a-1 gks b");
    }

    #[test]
    fn all_syllables_come_from_as_many_keys_as_they_have_letters() {
        for c in '가'..='힣' {
            let keys = keys(&c.to_string());
            assert!((2..=5).contains(&keys.len()) && keys.is_ascii(), "{c} {keys}");
        }
    }

    #[test]
    fn a_command_typed_in_hangul_is_recognised() {
        assert_eq!(offered("ㅏㅕㅠㄷㅊ시 ㅎㄷㅅ ㅔㅐㅇㄴ").as_deref(), Some("kubectl get pods"));
        assert_eq!(offered("ㅏㅕㅠㄷㅊ싣 ㅎㄷㅅ").as_deref(), Some("kubectl get"), "one key too many");
        assert_eq!(offered("ㅏ ㅎㄷㅅ ㅔㅐ -n ㅏㅕㅠㄷ-뇬ㅅ드").as_deref(), Some("k get po -n kube-system"));
        assert_eq!(offered("kubectl ㅎㄷㅅ nodes").as_deref(), Some("kubectl get nodes"));
        assert_eq!(offered("  ㅣㄴ").as_deref(), Some("  ls"));
        assert_eq!(offered("ㅇㅇㅇ"), None);
        assert_eq!(offered("ㅏㅕㅠㄷㅊ시 ㄱㅕㅜ 'ㅎ' ").as_deref(), Some("kubectl run 'ㅎ' "));
    }

    #[test]
    fn what_is_meant_in_korean_stays() {
        assert_eq!(offered("echo 안녕하세요"), None);
        assert_eq!(offered("kubectl get pods # 파드"), None);
        assert_eq!(offered("안녕하세요"), None);
        assert_eq!(offered("kubectl annotate pod a note='좋아요'"), None);
        assert_eq!(offered("ㄷ초ㅐ '안녕' \"하\" ㅁ").as_deref(), Some("echo '안녕' \"하\" a"));
        assert_eq!(offered("kubectl get pods"), None);
        assert_eq!(offered(""), None);
    }
}
