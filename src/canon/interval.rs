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

/// The smallest of the fields that a typmod names (`INTERVAL_MASK` of src/include/utils/timestamp.h); a number without a unit is one of
/// it (`DecodeInterval`).
const fn smallest(mask: i32) -> Unit {
    if mask & 0x1000 != 0 {
        Unit::Micros(SECOND)
    } else if mask & 0x0800 != 0 {
        Unit::Micros(60 * SECOND)
    } else if mask & 0x0400 != 0 {
        Unit::Micros(HOUR)
    } else if mask & 0x08 != 0 {
        Unit::Days(1)
    } else if mask & 0x02 != 0 {
        Unit::Months(1)
    } else {
        Unit::Months(12)
    }
}

/// `INTERVAL_FULL_RANGE`.
const ALL: i64 = 0x7FFF;
const MINUTES_AND_SECONDS: i32 = 0x1800;

/// The value as the server writes it. `None` where it may be no interval, or only the server can tell.
pub fn written(text: &str) -> Option<String> {
    written_in(text, &[])
}

/// `'90'::interval minute`, `'1.5 s'::interval(0)`: with the modifiers of the type. What is smaller than the fields that these name is left
/// out, and seconds are rounded (`AdjustIntervalForTypmod`).
pub fn written_in(text: &str, modifiers: &[i64]) -> Option<String> {
    let mask = i32::try_from(modifiers.first().copied().unwrap_or(ALL)).ok()?;
    let Interval { months, days, micros } = if text.starts_with('P') { decode_iso(text)? } else { decode(text, mask)? };
    let kept = match smallest(mask) {
        Unit::Months(of) => Interval { months: months - months % of, days: 0, micros: 0 },
        Unit::Days(_) => Interval { months, days, micros: 0 },
        Unit::Micros(SECOND) => Interval { months, days, micros },
        Unit::Micros(of) => Interval { months, days, micros: micros - micros % of },
    };
    let precision = modifiers.get(1).map_or(Some(6), |digits| u32::try_from(*digits).ok())?;
    let unit = 10_i64.pow(6_u32.checked_sub(precision)?);
    let half = if micros < 0 { -unit / 2 } else { unit / 2 };
    Some(Interval { micros: (kept.micros + half) / unit * unit, ..kept }.out())
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
                let goes_on = |last: &str| match c {
                    // A sign belongs to what follows; `1-2` are years and months.
                    '-' => !ended && !last.contains('-') && last.ends_with(|c: char| c.is_ascii_digit()),
                    '+' => false,
                    _ => is_word == of_word && (!ended || matches!(last, "+" | "-")),
                };
                match found.last_mut().filter(|last| goes_on(last)) {
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

fn decode(text: &str, mask: i32) -> Option<Interval> {
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
            value.micros = value.micros.checked_add(clock_of(token, mask == MINUTES_AND_SECONDS)?)?;
            continue;
        }
        if let Some(months) = years_and_months(token) {
            (!seen.iter().any(|unit| matches!(unit, Unit::Months(_)))).then(|| seen.push(Unit::Months(1)))?;
            value.months = value.months.checked_add(months)?;
            continue;
        }
        let unit = match tokens.get(at) {
            // Before a clock there are days.
            Some(next) if next.contains(':') => Unit::Days(1),
            Some(last) if at + 1 == tokens.len() && smallest(mask) == Unit::Micros(HOUR) && last.parse::<i64>().is_ok() => Unit::Days(1),
            Some(word) => {
                at += 1;
                unit(word)?
            }
            None => smallest(mask),
        };
        (!seen.contains(&unit)).then(|| seen.push(unit))?;
        value.add(token, unit)?;
    }
    let sign = if ago { -1 } else { 1 };
    (!seen.is_empty()).then_some(Interval { months: value.months * sign, days: value.days * sign, micros: value.micros * sign })
}

/// `1-2` of SQL.
fn years_and_months(token: &str) -> Option<i64> {
    let (sign, token) = token.strip_prefix('-').map_or((1, token.strip_prefix('+').unwrap_or(token)), |token| (-1, token));
    let (years, months) = token.split_once('-')?;
    let whole = |text: &str| text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten();
    let months = whole(months).filter(|months| *months < 12)?;
    Some(sign * whole(years).filter(|years| *years < 100_000)?.checked_mul(12)?.checked_add(months)?)
}

/// `P1Y2M10DT2H30M` and `P0001-02-03T04:05:06` (`DecodeISO8601Interval`).
fn decode_iso(text: &str) -> Option<Interval> {
    let (date, clock) =
        text.strip_prefix('P')?.split_once('T').map_or((text.strip_prefix('P')?, None), |(date, clock)| (date, Some(clock)));
    let mut value = Interval::default();
    let mut parts = date.split('-');
    if let (Some(years), Some(months), Some(days), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        && date.bytes().all(|c| c.is_ascii_digit() || c == b'-')
    {
        for (number, unit) in [(years, Unit::Months(12)), (months, Unit::Months(1)), (days, Unit::Days(1))] {
            value.add(number, unit)?;
        }
        value.micros = clock.map_or(Some(0), |clock| clock_of(clock, false))?;
        return Some(value);
    }
    let days = |letter| {
        Some(match letter {
            'Y' => Unit::Months(12),
            'M' => Unit::Months(1),
            'W' => Unit::Days(7),
            'D' => Unit::Days(1),
            _ => return None,
        })
    };
    let hours = |letter| {
        Some(match letter {
            'H' => Unit::Micros(HOUR),
            'M' => Unit::Micros(60 * SECOND),
            'S' => Unit::Micros(SECOND),
            _ => return None,
        })
    };
    let said = value.designated(date, days)? + clock.map_or(Some(0), |clock| value.designated(clock, hours))?;
    (said > 0).then_some(value)
}

/// `[-]hours:minutes[:seconds[.fraction]]`.
fn clock_of(token: &str, no_hours: bool) -> Option<i64> {
    let (sign, token) = token.strip_prefix('-').map_or((1, token.strip_prefix('+').unwrap_or(token)), |token| (-1, token));
    let parts: Vec<&str> = token.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [minutes, seconds] if no_hours || seconds.contains('.') => (&"0", minutes, *seconds),
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
    (digits(whole) && digits(fraction) && !whole.is_empty()).then_some(())?;
    let micros = match fraction.len() {
        0..=6 => format!("{fraction:0<6}").parse::<i64>().ok()?,
        // `ParseFractionalSecond`
        _ => (format!("0.{fraction}").parse::<f64>().ok()? * SECOND as f64).round_ties_even() as i64,
    };
    whole.parse::<i64>().ok()?.checked_mul(SECOND)?.checked_add(micros)
}

impl Interval {
    /// Adds numbers that have a letter each; how many there were.
    fn designated(&mut self, text: &str, unit: impl Fn(char) -> Option<Unit>) -> Option<usize> {
        let mut said = 0;
        for part in text.split_inclusive(|c: char| c.is_ascii_alphabetic()) {
            let letter = part.chars().last()?;
            self.add(part.strip_suffix(letter)?, unit(letter)?)?;
            said += 1;
        }
        Some(said)
    }

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
                // 14 rounds halves to even, later ones to zero (`AdjustFractMicroseconds`).
                let part = Some(fraction * of as f64).filter(|part| part.fract().abs() != 0.5)?.round();
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
            ("00:00:01.2345675", "00:00:01.234568"),
            ("-0:00:01.0000004", "-00:00:01"),
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
            ("1-2", "1 year 2 mons"),
            ("1-2 3 4:05:06", "1 year 2 mons 3 days 04:05:06"),
            ("+1-2 -3 +4:05:06", "1 year 2 mons -3 days +04:05:06"),
            ("1 month - 1 day", "1 mon -1 days"),
            ("3 4:05:06", "3 days 04:05:06"),
            ("5:06.5", "00:05:06.5"),
            ("P1Y2M10DT2H30M", "1 year 2 mons 10 days 02:30:00"),
            ("P-1Y-2M3DT-4H-5M-6S", "-1 years -2 mons +3 days -04:05:06"),
            ("P0001-02-03T04:05:06", "1 year 2 mons 3 days 04:05:06"),
            ("PT36H", "36:00:00"),
            ("P1W", "7 days"),
        ] {
            assert_eq!(written(text).as_deref(), Some(out), "{text}");
        }
        for text in ["1 day 2 days", "1 2", "P1", "P", "1-12", "", "infinity", "1:2:3:4", "1:60", "1 fortnight", "1.3 years", "p1y"] {
            assert_eq!(written(text), None, "{text}");
        }
    }

    #[test]
    fn fields_leave_out_what_is_smaller() {
        for (text, mask, out) in [
            ("90", &[0x0800][..], "01:30:00"),
            ("1.5", &[0x0400], "01:00:00"),
            ("1.5", &[0x08], "1 day"),
            ("1.5", &[0x1000], "00:00:01.5"),
            ("1.5", &[0x02], "1 mon"),
            ("1.5", &[0x04], "1 year"),
            ("1 day 2:03:04", &[0x0400], "1 day 02:00:00"),
            ("1-2", &[0x06], "1 year 2 mons"),
            ("3 4", &[0x0408], "3 days 04:00:00"),
            ("5:06", &[0x1800], "00:05:06"),
            ("4:05", &[0x0C00], "04:05:00"),
            ("1.5 s", &[ALL, 0], "00:00:02"),
            ("-1.23456", &[0x1000, 2], "-00:00:01.23"),
        ] {
            assert_eq!(written_in(text, mask).as_deref(), Some(out), "{text} {mask:x?}");
        }
    }
}
