//! Moments in words, as `date -d` takes them: `2 days ago`, `next monday`, `@1700000000`, `Jan 15 2024 10:30`.
//! Models gnulib's parse-datetime. Never: how moments are shown (`calendar`).

mod scan;
mod zones;

use crate::shell::calendar::{DAYS, MONTHS, Moment, days_from_civil};

use scan::Scan;
use zones::{ZONES, offset};

pub(super) use zones::zone;

/// Units in seconds; months and years are told apart.
const UNITS: &[(&str, i64)] = &[
    ("second", 1),
    ("sec", 1),
    ("minute", 60),
    ("min", 60),
    ("hour", 3_600),
    ("day", 86_400),
    ("week", 604_800),
    ("fortnight", 1_209_600),
    ("month", -1),
    ("year", -12),
];

/// Words that count.
const ORDINALS: &[(&str, i64)] = &[
    ("last", -1),
    ("this", 0),
    ("next", 1),
    ("first", 1),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
];

/// What has been read so far.
#[derive(Default)]
struct When {
    date: Option<(i64, u32, u32)>,
    /// The year was not said.
    no_year: bool,
    /// Seconds of the day, and billionths.
    time: Option<(i64, u32)>,
    offset: Option<i32>,
    weekday: Option<(i64, i64)>,
    months: i64,
    days: i64,
    seconds: i64,
    moved: bool,
    at: Option<(i64, u32)>,
}

/// The moment that a text means, in seconds since 1970 and billionths; `None` if it means none.
pub(super) fn read(text: &str, now: (i64, u32), offset: i32) -> Option<(i64, u32)> {
    let mut when = When::default();
    let lower = text.to_ascii_lowercase();
    let mut scan = Scan { rest: lower.as_str() };
    let today = Moment::ahead(now.0, offset);
    loop {
        scan.blanks();
        let Some(c) = scan.rest.chars().next() else { break };
        match c {
            '@' => {
                scan.rest = scan.rest.get(1..)?;
                let sign = if scan.eat("-") { -1 } else { 1 };
                let (number, _) = scan.number()?;
                let nanos = if scan.eat(".") { scan.fraction()? } else { 0 };
                if !scan.rest.trim().is_empty() {
                    return None;
                }
                when.at = Some((sign * number, nanos));
            }
            '0'..='9' => when.number(&mut scan, &today)?,
            '+' | '-' => when.signed(&mut scan)?,
            c if c.is_ascii_alphabetic() => when.word(&mut scan, &today)?,
            _ => return None,
        }
    }
    when.moment(now, offset, &today)
}

fn month(word: &str) -> Option<u32> {
    let at = MONTHS
        .iter()
        .position(|name| word.len() >= 3 && name.to_ascii_lowercase().starts_with(word) || word == "sept" && *name == "September")?;
    u32::try_from(at + 1).ok()
}

fn weekday(word: &str) -> Option<i64> {
    let at = DAYS.iter().position(|name| word.len() >= 3 && name.to_ascii_lowercase().starts_with(word))?;
    i64::try_from(at).ok()
}

fn unit(word: &str) -> Option<i64> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    UNITS.iter().find(|(name, _)| *name == singular).map(|(_, seconds)| *seconds)
}

/// A year of two digits is one near now.
fn century(year: i64, digits: usize) -> i64 {
    match year {
        0..=68 if digits <= 2 => year + 2000,
        69..=99 if digits <= 2 => year + 1900,
        year => year,
    }
}

impl When {
    /// So many of a unit later.
    fn shift(&mut self, count: i64, unit: i64) -> Option<()> {
        self.moved = true;
        match unit {
            months if months < 0 => self.months = self.months.checked_add(count.checked_mul(-months)?)?,
            days if days % 86_400 == 0 => self.days = self.days.checked_add(count.checked_mul(days / 86_400)?)?,
            seconds => self.seconds = self.seconds.checked_add(count.checked_mul(seconds)?)?,
        }
        Some(())
    }

    fn set_date(&mut self, year: i64, month: u32, day: u32) -> Option<()> {
        let fits = (1..=12).contains(&month) && (0..=9999).contains(&year) && self.date.is_none();
        self.date = Some((year, month, day));
        fits.then_some(())
    }

    fn number(&mut self, scan: &mut Scan<'_>, today: &Moment) -> Option<()> {
        let (number, digits) = scan.number()?;
        let small = u32::try_from(number).unwrap_or(u32::MAX);
        if scan.rest.starts_with(':') {
            return self.clock(scan, number);
        }
        if scan.eat("/") {
            let day = scan.day()?;
            let year = if scan.eat("/") {
                let (year, digits) = scan.number()?;
                century(year, digits)
            } else {
                today.day().0
            };
            return self.set_date(year, small, day);
        }
        if scan.rest.starts_with('-') && digits <= 4 {
            let mut copy = Scan { rest: scan.rest.get(1..)? };
            if let Some(named) = month(copy.word()) {
                copy.eat("-").then_some(())?;
                let (year, digits) = copy.number()?;
                scan.rest = copy.rest;
                return self.set_date(century(year, digits), named, small);
            }
            if copy.rest.starts_with(|c: char| c.is_ascii_digit()) {
                let month = copy.day()?;
                if copy.eat("-") {
                    let day = copy.day()?;
                    scan.rest = copy.rest;
                    self.set_date(century(number, digits), month, day)?;
                    if scan.rest.strip_prefix('t').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
                        scan.eat("t");
                    }
                    return Some(());
                }
            }
        }
        let word = scan.ahead();
        if let Some(half) = ["am", "pm"].iter().position(|half| *half == word) {
            scan.blanks();
            scan.word();
            return self.half(number, 0, half);
        }
        if let Some(named) = month(word) {
            scan.blanks();
            scan.word();
            scan.blanks();
            return self.named(scan, named, small, today);
        }
        if let Some(unit) = unit(word) {
            scan.blanks();
            scan.word();
            return self.shift(number, unit);
        }
        self.bare(number, digits)
    }

    /// A number alone: a year, a date of eight digits, or a time.
    fn bare(&mut self, number: i64, digits: usize) -> Option<()> {
        let small = u32::try_from(number).unwrap_or(u32::MAX);
        match (self.date, digits) {
            (Some((_, month, day)), _) if self.no_year && (self.time.is_some() || digits > 2) && !self.moved => {
                self.no_year = false;
                self.date = Some((century(number, digits), month, day));
                Some(())
            }
            (_, 5..) => self.set_date(century(number / 10_000, digits - 4), small / 100 % 100, small % 100),
            _ if self.time.is_some() => None,
            (_, 1..=2) if number < 24 => {
                self.time = Some((number * 3600, 0));
                Some(())
            }
            _ if number / 100 < 24 && number % 100 < 60 => {
                self.time = Some((number / 100 * 3600 + number % 100 * 60, 0));
                Some(())
            }
            _ => None,
        }
    }

    /// A day of a named month; its year if it follows.
    fn named(&mut self, scan: &mut Scan<'_>, month: u32, day: u32, today: &Moment) -> Option<()> {
        let mut copy = Scan { rest: scan.rest };
        copy.blanks();
        if let Some((year, digits @ 3..)) = copy.number().filter(|_| !copy.rest.starts_with(':')) {
            scan.rest = copy.rest;
            return self.set_date(century(year, digits), month, day);
        }
        self.no_year = true;
        self.set_date(today.day().0, month, day)
    }

    /// The rest of a time of day after its hours, with its zone.
    fn clock(&mut self, scan: &mut Scan<'_>, hour: i64) -> Option<()> {
        let mut parts = [hour, 0, 0];
        let mut nanos = 0;
        for part in parts.iter_mut().skip(1) {
            if !scan.eat(":") {
                break;
            }
            *part = scan.number().map(|(value, _)| value).filter(|value| *value < 60)?;
        }
        if scan.eat(".") || scan.rest.starts_with(',') && scan.rest.get(1..2).is_some_and(|c| c.parse::<u8>().is_ok()) && scan.eat(",") {
            nanos = scan.fraction()?;
        }
        let [hour, minute, second] = parts;
        let half = ["am", "pm"].iter().position(|half| *half == scan.ahead());
        if self.time.is_some() || hour > 23 {
            return None;
        }
        if let Some(half) = half {
            scan.blanks();
            scan.word();
            return self.half(hour, minute * 60 + second, half);
        }
        self.time = Some((hour * 3600 + minute * 60 + second, nanos));
        let mut copy = Scan { rest: scan.rest };
        copy.blanks();
        if copy.rest.starts_with(['+', '-']) {
            let offset = offset(&mut copy)?;
            scan.rest = copy.rest;
            self.offset = Some(offset);
        }
        Some(())
    }

    fn half(&mut self, hour: i64, rest: i64, half: usize) -> Option<()> {
        if !(1..=12).contains(&hour) || self.time.is_some() {
            return None;
        }
        self.time = Some(((hour % 12 + if half == 1 { 12 } else { 0 }) * 3600 + rest, 0));
        Some(())
    }

    /// `+3 days`, `- 2 hours`
    fn signed(&mut self, scan: &mut Scan<'_>) -> Option<()> {
        let sign = if scan.eat("-") { -1 } else { 1 };
        scan.eat("+");
        scan.blanks();
        let (number, _) = scan.number()?;
        scan.blanks();
        let unit = unit(scan.word())?;
        self.shift(sign * number, unit)
    }

    fn word(&mut self, scan: &mut Scan<'_>, today: &Moment) -> Option<()> {
        let word = scan.word();
        match word {
            "now" | "today" => {
                self.moved = true;
                return Some(());
            }
            "tomorrow" => return self.shift(1, 86_400),
            "yesterday" => return self.shift(-1, 86_400),
            "ago" => {
                (self.months, self.days, self.seconds) = (-self.months, -self.days, -self.seconds);
                return Some(());
            }
            _ => {}
        }
        if let Some(month) = month(word) {
            scan.eat("-");
            scan.blanks();
            let day = scan.day()?;
            return self.named(scan, month, day, today);
        }
        if let Some(day) = weekday(word) {
            self.weekday = Some((day, 0));
            return Some(());
        }
        if let Some((_, count)) = ORDINALS.iter().find(|(name, _)| *name == word) {
            scan.blanks();
            let word = scan.word();
            if let Some(day) = weekday(word) {
                self.weekday = Some((day, *count));
                return Some(());
            }
            return self.shift(*count, unit(word)?);
        }
        if let Some(unit) = unit(word) {
            return self.shift(1, unit);
        }
        let (_, _, minutes) = ZONES.iter().find(|(name, ..)| *name == word && !word.is_empty())?;
        let mut copy = Scan { rest: scan.rest };
        let more = if copy.rest.starts_with(['+', '-']) { offset(&mut copy)? } else { 0 };
        scan.rest = copy.rest;
        self.offset = Some(minutes * 60 + more);
        Some(())
    }

    fn moment(&self, now: (i64, u32), offset: i32, today: &Moment) -> Option<(i64, u32)> {
        if self.at.is_some() {
            return self.at;
        }
        let (year, month, day) = self.date.unwrap_or(today.day());
        let whole = days_from_civil(year, month, day);
        if Moment::from_unix(whole.checked_mul(86_400)?).day() != (year, month, day) {
            return None;
        }
        let keeps = self.moved && self.date.is_none() && self.weekday.is_none();
        let (clock, nanos) = match self.time {
            Some(time) => time,
            None if keeps => (i64::from(today.second_of_day()), now.1),
            None => (0, 0),
        };
        let months = (year.checked_mul(12)?.checked_add(i64::from(month) - 1)?).checked_add(self.months)?;
        let first = days_from_civil(months.div_euclid(12), u32::try_from(months.rem_euclid(12) + 1).ok()?, 1);
        let mut days = first.checked_add(i64::from(day) - 1)?.checked_add(self.days)?;
        if let Some((wanted, count)) = self.weekday.filter(|_| self.date.is_none()) {
            let weekday = today.weekday();
            days += (wanted - weekday + 7) % 7 + 7 * (count - i64::from(count > 0 && wanted != weekday));
        }
        let local = days.checked_mul(86_400)?.checked_add(clock)?.checked_add(self.seconds)?;
        Some((local.checked_sub(i64::from(self.offset.unwrap_or(offset)))?, nanos))
    }
}
