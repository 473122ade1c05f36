//! Literals of type interval, as `interval_out` writes them in the style of PostgreSQL.

/// An interval as it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Interval {
    months: i64,
    days: i64,
    micros: i64,
}

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;

/// What a unit is: so many months, days or microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Months(i64),
    Days(i64),
    Micros(i64),
}

/// `deltatktbl` of src/backend/utils/adt/datetime.c.
fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "us" | "usec" | "usecs" | "usecond" | "useconds" | "microsecon" | "microsecond" | "microseconds" => Unit::Micros(1),
        "ms" | "msec" | "msecs" | "msecond" | "mseconds" | "millisecon" | "millisecond" | "milliseconds" => Unit::Micros(1000),
        "s" | "sec" | "secs" | "second" | "seconds" => Unit::Micros(SECOND),
        "m" | "min" | "mins" | "minute" | "minutes" => Unit::Micros(60 * SECOND),
        "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Micros(HOUR),
        "d" | "day" | "days" => Unit::Days(1),
        "w" | "week" | "weeks" => Unit::Days(7),
        "mon" | "mons" | "month" | "months" => Unit::Months(1),
        "y" | "yr" | "yrs" | "year" | "years" => Unit::Months(12),
        "dec" | "decs" | "decade" | "decades" => Unit::Months(120),
        "c" | "cent" | "century" | "centuries" => Unit::Months(1200),
        "mil" | "mils" | "millennia" | "millennium" => Unit::Months(12_000),
        _ => return None,
    })
}

/// The last of the fields that a typmod names (`INTERVAL_MASK` of src/include/utils/timestamp.h), where it is but one.
fn field(mask: i32) -> Option<Unit> {
    Some(match mask {
        0x02 => Unit::Months(1),
        0x04 => Unit::Months(12),
        0x08 => Unit::Days(1),
        0x0400 => Unit::Micros(HOUR),
        0x0800 => Unit::Micros(60 * SECOND),
        0x1000 => Unit::Micros(SECOND),
        _ => return None,
    })
}

/// The value as the server writes it. `None` where it may be no interval, or is one of another style.
pub fn written(text: &str) -> Option<String> {
    Some(decode(text, Unit::Micros(SECOND))?.out())
}

/// `'90'::interval minute`: a number without a unit is one of the field (`DecodeInterval`), and what is smaller than the field is left
/// out (`AdjustIntervalForTypmod`).
pub fn written_in(text: &str, mask: i32) -> Option<String> {
    let field = field(mask)?;
    let Interval { months, days, micros } = decode(text, field)?;
    let kept = match field {
        Unit::Months(of) => Interval { months: months - months % of, days: 0, micros: 0 },
        Unit::Days(_) => Interval { months, days, micros: 0 },
        Unit::Micros(SECOND) => Interval { months, days, micros },
        Unit::Micros(of) => Interval { months, days, micros: micros - micros % of },
    };
    Some(kept.out())
}

/// Numbers, clocks and words.
fn tokens(text: &str) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    let (mut of_word, mut ended) = (false, true);
    for c in text.trim().to_ascii_lowercase().chars() {
        match c {
            ' ' => ended = true,
            '@' if found.is_empty() => {}
            'a'..='z' | '0'..='9' | '.' | ':' | '+' | '-' => {
                let is_word = c.is_ascii_lowercase();
                match found.last_mut().filter(|_| !ended && is_word == of_word && !matches!(c, '+' | '-')) {
                    Some(last) => last.push(c),
                    None => found.push(c.to_string()),
                }
                (of_word, ended) = (is_word, false);
            }
            _ => return None,
        }
    }
    Some(found)
}

fn decode(text: &str, bare: Unit) -> Option<Interval> {
    let tokens = tokens(text)?;
    let (ago, tokens) = match tokens.split_last() {
        Some((last, before)) if last == "ago" => (true, before),
        _ => (false, tokens.as_slice()),
    };
    let (mut value, mut seen, mut at) = (Interval::default(), Vec::new(), 0);
    while let Some(token) = tokens.get(at) {
        at += 1;
        if token.contains(':') {
            let clock = Unit::Micros(HOUR);
            (!seen.iter().any(|unit| matches!(unit, Unit::Micros(_)))).then(|| seen.push(clock))?;
            value.micros = value.micros.checked_add(clock_of(token)?)?;
            continue;
        }
        let unit = match tokens.get(at) {
            Some(word) => {
                at += 1;
                unit(word)?
            }
            None => bare,
        };
        (!seen.contains(&unit)).then(|| seen.push(unit))?;
        value.add(token, unit)?;
    }
    let sign = if ago { -1 } else { 1 };
    (!seen.is_empty()).then_some(Interval { months: value.months * sign, days: value.days * sign, micros: value.micros * sign })
}

/// `[-]hours:minutes[:seconds[.fraction]]`.
fn clock_of(token: &str) -> Option<i64> {
    let (sign, token) = token.strip_prefix('-').map_or((1, token.strip_prefix('+').unwrap_or(token)), |token| (-1, token));
    let parts: Vec<&str> = token.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes] => (hours, minutes, "0"),
        [hours, minutes, seconds] => (hours, minutes, *seconds),
        _ => return None,
    };
    let whole = |text: &str| text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten();
    let (minutes, seconds) = (whole(minutes).filter(|minutes| *minutes < 60)?, micros_of(seconds).filter(|micros| *micros < 60 * SECOND)?);
    let micros = whole(hours)?.checked_mul(HOUR)?.checked_add(minutes * 60 * SECOND)?.checked_add(seconds)?;
    Some(micros * sign)
}

fn micros_of(seconds: &str) -> Option<i64> {
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    (digits(whole) && digits(fraction) && !whole.is_empty() && fraction.len() <= 6).then_some(())?;
    whole.parse::<i64>().ok()?.checked_mul(SECOND)?.checked_add(format!("{fraction:0<6}").parse::<i64>().ok()?)
}

impl Interval {
    /// Adds a number of units. The fraction of one goes to what is smaller: of years to months, of months and weeks to days.
    fn add(&mut self, number: &str, unit: Unit) -> Option<()> {
        let number = number.strip_prefix('+').unwrap_or(number);
        let negative = number.starts_with('-');
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = fraction.len() <= 9 && fraction.bytes().all(|c| c.is_ascii_digit());
        let whole: i64 = if matches!(whole, "" | "-") && !fraction.is_empty() { 0 } else { whole.parse().ok()? };
        let fraction: f64 = if fraction.is_empty() { 0.0 } else { format!("0.{fraction}").parse().ok().filter(|_| digits)? };
        let fraction = if negative { -fraction } else { fraction };
        match unit {
            Unit::Months(1) => {
                self.months = self.months.checked_add(whole)?;
                self.add_days(fraction * 30.0);
            }
            Unit::Months(of) => {
                // 14 cuts off what 15 and later round.
                let part = Some(fraction * of as f64).filter(|part| part.fract() == 0.0)?;
                self.months = self.months.checked_add(whole.checked_mul(of)?)?.checked_add(part as i64)?;
            }
            Unit::Days(of) => {
                self.days = self.days.checked_add(whole.checked_mul(of)?)?;
                self.add_days(fraction * of as f64);
            }
            Unit::Micros(of) => {
                let part = (fraction * of as f64).round();
                self.micros = self.micros.checked_add(whole.checked_mul(of)?)?.checked_add(part as i64)?;
            }
        }
        // What PostgreSQL stores is smaller, and no sign can be changed out of it.
        let small = self.months.abs() < i64::from(i32::MAX) && self.days.abs() < i64::from(i32::MAX) && self.micros.abs() < i64::MAX / 2;
        small.then_some(())
    }

    /// `AdjustFractDays`.
    fn add_days(&mut self, days: f64) {
        let whole = days.trunc();
        self.days += whole as i64;
        self.micros += ((days - whole) * (24 * HOUR) as f64).round() as i64;
    }

    /// `EncodeInterval`.
    fn out(self) -> String {
        let Self { months, days, micros } = self;
        let mut words: Vec<String> = Vec::new();
        let mut before = false;
        for (count, name) in [(months / 12, "year"), (months % 12, "mon"), (days, "day")] {
            if count != 0 {
                let sign = if before && count > 0 { "+" } else { "" };
                words.push(format!("{sign}{count} {name}{}", if count == 1 { "" } else { "s" }));
                before = count < 0;
            }
        }
        if words.is_empty() || micros != 0 {
            let sign = if micros < 0 {
                "-"
            } else if before {
                "+"
            } else {
                ""
            };
            let (seconds, fraction) = (micros.abs() / SECOND, micros.abs() % SECOND);
            let fraction = if fraction == 0 { String::new() } else { format!(".{fraction:06}").trim_end_matches('0').to_owned() };
            words.push(format!("{sign}{:02}:{:02}:{:02}{fraction}", seconds / 3600, seconds / 60 % 60, seconds % 60));
        }
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_written_as_the_server_does() {
        for (text, out) in [
            ("1.5 hours", "01:30:00"),
            ("1.5 days", "1 day 12:00:00"),
            ("1.5 weeks", "10 days 12:00:00"),
            ("1.5 months", "1 mon 15 days"),
            ("1.5 years", "1 year 6 mons"),
            ("0.001 seconds", "00:00:00.001"),
            (".5 s", "00:00:00.5"),
            ("1 day 2:03:04.5", "1 day 02:03:04.5"),
            ("1 year -2 mons +3 days", "10 mons 3 days"),
            ("-1 day 1:00", "-1 days +01:00:00"),
            ("2 days ago", "-2 days"),
            ("@ 1 minute", "00:01:00"),
            ("1d2h", "1 day 02:00:00"),
            ("90", "00:01:30"),
            ("1 century", "100 years"),
            ("-0.5 months", "-15 days"),
            ("0", "00:00:00"),
            ("100 hours", "100:00:00"),
        ] {
            assert_eq!(written(text).as_deref(), Some(out), "{text}");
        }
        for text in ["1 day 2 days", "1 2", "P1Y", "1-2", "", "infinity", "1:2:3:4", "1:60", "1 fortnight", "1.3 years"] {
            assert_eq!(written(text), None, "{text}");
        }
    }

    #[test]
    fn fields_leave_out_what_is_smaller() {
        for (text, mask, out) in [
            ("90", 0x0800, "01:30:00"),
            ("1.5", 0x0400, "01:00:00"),
            ("1.5", 0x08, "1 day"),
            ("1.5", 0x1000, "00:00:01.5"),
            ("1.5", 0x02, "1 mon"),
            ("1.5", 0x04, "1 year"),
            ("1 day 2:03:04", 0x0400, "1 day 02:00:00"),
        ] {
            assert_eq!(written_in(text, mask).as_deref(), Some(out), "{text} {mask:x}");
        }
    }
}
