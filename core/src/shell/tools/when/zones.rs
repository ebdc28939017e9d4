//! The clocks of places, by their names and their distances from UTC.

use super::scan::Scan;

/// A place's clocks: its name, and by how many seconds they are ahead of UTC.
pub(in crate::shell::tools) type Zone<'a> = (&'a str, i32);

/// Places without summer time, and abbreviations, with what they are called and hours times 60.
pub(super) const ZONES: &[(&str, &str, i32)] = &[
    ("", "UTC", 0),
    ("utc", "UTC", 0),
    ("gmt", "GMT", 0),
    ("etc/utc", "UTC", 0),
    ("asia/seoul", "KST", 540),
    ("kst", "KST", 540),
    ("asia/tokyo", "JST", 540),
    ("jst", "JST", 540),
    ("asia/shanghai", "CST", 480),
    ("asia/singapore", "+08", 480),
    ("asia/kolkata", "IST", 330),
    ("z", "UTC", 0),
    ("est", "EST", -300),
    ("edt", "EDT", -240),
    ("cst", "CST", -360),
    ("cdt", "CDT", -300),
    ("mst", "MST", -420),
    ("pst", "PST", -480),
    ("pdt", "PDT", -420),
    ("cet", "CET", 60),
    ("cest", "CEST", 120),
    ("bst", "BST", 60),
];

/// The clocks that `TZ` names: a place, or `KST-9`; any other name is UTC by that name.
pub(in crate::shell::tools) fn zone(name: &str) -> Zone<'_> {
    let lower = name.trim_start_matches(':').to_ascii_lowercase();
    if let Some((_, short, minutes)) = ZONES.iter().find(|(one, ..)| *one == lower) {
        return (short, minutes * 60);
    }
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (short, rest) = name.split_at_checked(letters).unwrap_or((name, ""));
    let (sign, digits) = match rest.strip_prefix('-') {
        Some(digits) => (1, digits),
        None => (-1, rest.strip_prefix('+').unwrap_or(rest)),
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    let number = |text: &str| text.parse::<i32>().ok().filter(|number| (0..100).contains(number));
    match (number(hours), number(minutes)) {
        (Some(hours), Some(minutes)) if letters >= 3 => (short, sign * (hours * 3600 + minutes * 60)),
        _ => (if letters > 0 { short } else { "UTC" }, 0),
    }
}

/// `+0900`, `+09:00`, `-3`, in seconds.
pub(super) fn offset(scan: &mut Scan<'_>) -> Option<i32> {
    let sign = if scan.eat("-") { -1 } else { 1 };
    scan.eat("+");
    scan.blanks();
    let (number, digits) = scan.number()?;
    let number = i32::try_from(number).ok()?;
    let (hours, minutes) = if scan.eat(":") {
        (number, i32::try_from(scan.number()?.0).ok()?)
    } else if digits > 2 {
        (number / 100, number % 100)
    } else {
        (number, 0)
    };
    (hours <= 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}
