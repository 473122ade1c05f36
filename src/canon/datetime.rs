//! Literals of dates and times, as their types' output functions write them with DateStyle ISO where the time zone is UTC.
//!
//! Of years that are not 1 to 9999, PostgreSQL's calendar being longer than the one used here, servers tell.

use time::{Date, Duration, Month};

/// A day, a time of the day, and how far its clock is before that of UTC, as far as they are said.
#[derive(Clone, Copy, Debug, Default)]
struct Moment {
    date: Option<Date>,
    micros: Option<i64>,
    zone: Option<i64>,
}

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// A value of `date`, `time`, `timetz`, `timestamp` or `timestamptz` as the server writes it. `None` where it is none, or where only
/// the server can tell: what depends on when it is read (`now`, `today`), on DateStyle (`1/8/1999`) or on the names of zones.
pub fn written(text: &str, of: &str) -> Option<String> {
    let plain = text.trim().to_ascii_lowercase();
    if let Some(named) = named(&plain, of) {
        return Some(named.to_owned());
    }
    let Moment { date, micros, zone } = moment(&plain)?;
    match of {
        "date" => Some(date_out(date?)),
        "time" => Some(clock_out(micros?)),
        "timetz" => Some(format!("{}{}", clock_out(micros?), zone_out(zone.unwrap_or(0))?)),
        "timestamp" => timestamp_out(date?, micros.unwrap_or(0)),
        "timestamptz" if zone.is_none() || micros.is_some() => {
            Some(format!("{}+00", timestamp_out(date?, micros.unwrap_or(0) - zone.unwrap_or(0) * SECOND)?))
        }
        _ => None,
    }
}

/// Whether it is a type of which [`written`] knows.
pub fn is_moment(of: &str) -> bool {
    matches!(of, "date" | "time" | "timetz" | "timestamp" | "timestamptz")
}

/// The words of `datetktbl` (src/backend/utils/adt/datetime.c) that always mean the same.
fn named(text: &str, of: &str) -> Option<&'static str> {
    Some(match (text, of) {
        ("infinity" | "+infinity", "date" | "timestamp" | "timestamptz") => "infinity",
        ("-infinity", "date" | "timestamp" | "timestamptz") => "-infinity",
        ("epoch", "date") => "1970-01-01",
        ("epoch", "timestamp") => "1970-01-01 00:00:00",
        ("epoch", "timestamptz") => "1970-01-01 00:00:00+00",
        ("allballs", "time") => "00:00:00",
        ("allballs", "timetz") => "00:00:00+00",
        _ => return None,
    })
}

fn moment(text: &str) -> Option<Moment> {
    let mut found = Moment::default();
    let mut words: Vec<&str> = Vec::new();
    for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
        match word.split_once('t').filter(|(date, _)| iso_date(date).is_some()) {
            Some((date, clock)) => words.extend([date, clock]),
            None => words.push(word),
        }
    }
    // Day, month and year, in words.
    let mut parts: Vec<&str> = Vec::new();
    for word in words {
        if let Some(date) = iso_date(word) {
            set(&mut found.date, date)?;
        } else if word.contains(':') {
            let (clock, zone) = word.find(['+', '-', 'z']).map_or((word, ""), |at| word.split_at(at));
            let (clock, half) = clock.find(['a', 'p']).map_or((clock, ""), |at| clock.split_at(at));
            set(&mut found.micros, clock_in(clock)?)?;
            found.halve(half)?;
            if !zone.is_empty() {
                set(&mut found.zone, zone_in(zone)?)?;
            }
        } else if matches!(word, "am" | "pm") && found.micros.is_some() {
            found.halve(word)?;
        } else if let Some(zone) = zone_in(word) {
            set(&mut found.zone, zone)?;
        } else {
            parts.push(word);
        }
    }
    if !parts.is_empty() {
        set(&mut found.date, spoken_date(&parts)?)?;
    }
    Some(found)
}

/// Nothing is said twice.
fn set<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

impl Moment {
    /// AM and PM.
    fn halve(&mut self, half: &str) -> Option<()> {
        let micros = self.micros?;
        let hour = micros / (3600 * SECOND);
        let shift = match (half, hour) {
            ("", _) | ("am", 0..12) | ("pm", 12) => 0,
            ("am", 12) => -12,
            ("pm", 0..12) => 12,
            _ => return None,
        };
        self.micros = Some(micros + shift * 3600 * SECOND);
        Some(())
    }
}

fn digits(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 9 && text.bytes().all(|c| c.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// `2020-1-5` or `20200105`: where the year comes first, DateStyle says nothing.
fn iso_date(word: &str) -> Option<Date> {
    let parts: Vec<&str> = word.split('-').collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if (3..=4).contains(&year.len()) && month.len() <= 2 && day.len() <= 2 => (*year, *month, *day),
        [all] if all.len() == 8 && all.is_ascii() => (&all[..4], &all[4..6], &all[6..]),
        _ => return None,
    };
    date_of(digits(year)?, Month::try_from(u8::try_from(digits(month)?).ok()?).ok()?, digits(day)?)
}

/// `Jan 5 2020` or `5 January 2020`: a year of so many digits cannot be a day.
fn spoken_date(parts: &[&str]) -> Option<Date> {
    let (month, day, year) = match parts {
        [first, second, year] => match month(first) {
            Some(month) => (month, second, year),
            None => (month(second)?, first, year),
        },
        _ => return None,
    };
    if year.len() != 4 || day.len() > 2 {
        return None;
    }
    date_of(digits(year)?, month, digits(day)?)
}

fn month(word: &str) -> Option<Month> {
    const MONTHS: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    let at = MONTHS.iter().position(|month| word == *month || word == &month[..3] || word == "sept" && *month == "september")?;
    Month::try_from(u8::try_from(at + 1).ok()?).ok()
}

fn date_of(year: i64, month: Month, day: i64) -> Option<Date> {
    in_calendar(Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()?)
}

/// Before the year 1, servers count in years BC.
fn in_calendar(date: Date) -> Option<Date> {
    (1..=9999).contains(&date.year()).then_some(date)
}

/// `10:00`, `1:2:3.5`.
fn clock_in(word: &str) -> Option<i64> {
    let (whole, fraction) = word.split_once('.').unwrap_or((word, ""));
    let parts: Vec<i64> = whole.split(':').map(digits).collect::<Option<_>>()?;
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] if fraction.is_empty() => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let micros = if fraction.is_empty() { 0 } else { micros_of(fraction)? };
    let all = (hour * 3600 + minute * 60 + second) * SECOND + micros;
    (minute < 60 && second < 60 && all <= DAY).then_some(all)
}

/// As `ParseFractionalSecond` rounds it.
fn micros_of(fraction: &str) -> Option<i64> {
    digits(fraction)?;
    let part: f64 = format!("0.{fraction}").parse().ok()?;
    Some((part * SECOND as f64).round_ties_even() as i64)
}

/// Seconds before UTC.
fn zone_in(word: &str) -> Option<i64> {
    if matches!(word, "z" | "utc" | "gmt" | "zulu") {
        return Some(0);
    }
    let (sign, rest) = match word.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if rest.len() == 4 && rest.is_ascii() => rest.split_at(2),
        None => (rest, "0"),
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours < 16 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn zone_out(zone: i64) -> Option<String> {
    let (sign, minutes) = (if zone < 0 { '-' } else { '+' }, zone.abs() / 60);
    let rest = if minutes % 60 == 0 { String::new() } else { format!(":{:02}", minutes % 60) };
    Some(format!("{sign}{:02}{rest}", minutes / 60))
}

/// The day after one that is written so.
pub fn day_after(day: &str) -> Option<String> {
    in_calendar(iso_date(day)?.next_day()?).map(date_out)
}

fn date_out(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

fn clock_out(micros: i64) -> String {
    let (seconds, fraction) = (micros / SECOND, micros % SECOND);
    let fraction = if fraction == 0 { String::new() } else { format!(".{fraction:06}").trim_end_matches('0').to_owned() };
    format!("{:02}:{:02}:{:02}{fraction}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn timestamp_out(date: Date, micros: i64) -> Option<String> {
    let date = in_calendar(date.checked_add(Duration::days(micros.div_euclid(DAY)))?)?;
    Some(format!("{} {}", date_out(date), clock_out(micros.rem_euclid(DAY))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As PostgreSQL 18 says.
    #[test]
    fn moments_are_written_as_the_server_does() {
        for (text, of, out) in [
            ("2020-1-5", "date", "2020-01-05"),
            ("Jan 5, 2020", "date", "2020-01-05"),
            ("5 January 2020", "date", "2020-01-05"),
            ("20200105", "date", "2020-01-05"),
            ("2020-01-05 10:00", "date", "2020-01-05"),
            ("2020-01-05 3:04 PM", "timestamp", "2020-01-05 15:04:00"),
            ("2020-01-05T10:00:00Z", "timestamp", "2020-01-05 10:00:00"),
            ("2020-01-05 24:00:00", "timestamp", "2020-01-06 00:00:00"),
            ("2020-02-29 23:00-01", "timestamptz", "2020-03-01 00:00:00+00"),
            ("Jan 5 2020 10:00", "timestamp", "2020-01-05 10:00:00"),
            ("epoch", "timestamptz", "1970-01-01 00:00:00+00"),
            ("-infinity", "timestamp", "-infinity"),
            ("2020-01-05 10:00 UTC", "timestamptz", "2020-01-05 10:00:00+00"),
            ("2020-01-05 10:00:00.123456789+05:30", "timestamptz", "2020-01-05 04:30:00.123457+00"),
            ("2006-11-10 00:00:00+01", "timestamptz", "2006-11-09 23:00:00+00"),
            ("2000-01-01 00:00+14", "timestamptz", "1999-12-31 10:00:00+00"),
            ("2020-01-05 10:00 -0330", "timestamptz", "2020-01-05 13:30:00+00"),
            ("10:00 PM", "time", "22:00:00"),
            ("12:30am", "time", "00:30:00"),
            ("1:2:3", "time", "01:02:03"),
            ("24:00", "time", "24:00:00"),
            ("allballs", "time", "00:00:00"),
            ("10:00+02", "timetz", "10:00:00+02"),
            ("10:00", "timetz", "10:00:00+00"),
        ] {
            assert_eq!(written(text, of).as_deref(), Some(out), "{text}");
        }
    }

    #[test]
    fn what_only_a_server_can_tell_is_left_alone() {
        for (text, of) in [
            ("now", "timestamp"),
            ("today", "date"),
            ("tomorrow", "date"),
            ("yesterday noon", "timestamptz"),
            ("1/8/1999", "date"),
            ("08-Jan-99", "date"),
            ("2020-01-05 10:00 PST", "timestamptz"),
            ("2020-01-05 10:00 America/New_York", "timestamptz"),
            ("2020-02-30", "date"),
            ("2020-13-01", "date"),
            ("0000-01-01", "date"),
            ("0001-01-01 00:00+14", "timestamptz"),
            ("9999-12-31 24:00", "timestamp"),
            ("4713-01-01 BC", "date"),
            ("2020-01-05", "time"),
            ("10:00", "date"),
            ("13:00 pm", "time"),
            ("2020-01-01 2020-01-02", "date"),
            ("", "date"),
        ] {
            assert_eq!(written(text, of), None, "{text}");
        }
    }
}
