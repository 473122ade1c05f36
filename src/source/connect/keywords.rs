//! Connection strings: `postgres://` URLs and `key=value` text, as libpq reads them
//! (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING>).

use std::collections::BTreeMap;
use std::fmt;

use super::ConnectError;

/// Keywords of libpq and the environment variable of each (`PQconninfoOptions` of src/interfaces/libpq/fe-connect.c).
pub(super) const KEYWORDS: &[(&str, &str)] = &[
    ("service", "PGSERVICE"),
    ("servicefile", "PGSERVICEFILE"),
    ("user", "PGUSER"),
    ("password", "PGPASSWORD"),
    ("passfile", "PGPASSFILE"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("dbname", "PGDATABASE"),
    ("host", "PGHOST"),
    ("hostaddr", "PGHOSTADDR"),
    ("port", "PGPORT"),
    ("client_encoding", "PGCLIENTENCODING"),
    ("options", "PGOPTIONS"),
    ("application_name", "PGAPPNAME"),
    ("fallback_application_name", ""),
    ("keepalives", ""),
    ("keepalives_idle", ""),
    ("keepalives_interval", ""),
    ("keepalives_count", ""),
    ("tcp_user_timeout", ""),
    ("sslmode", "PGSSLMODE"),
    ("sslnegotiation", "PGSSLNEGOTIATION"),
    ("sslcompression", "PGSSLCOMPRESSION"),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
    ("sslcertmode", "PGSSLCERTMODE"),
    ("sslpassword", ""),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("sslcrl", "PGSSLCRL"),
    ("sslcrldir", "PGSSLCRLDIR"),
    ("sslsni", "PGSSLSNI"),
    ("requirepeer", "PGREQUIREPEER"),
    ("require_auth", "PGREQUIREAUTH"),
    ("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"),
    ("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"),
    ("gssencmode", "PGGSSENCMODE"),
    ("krbsrvname", "PGKRBSRVNAME"),
    ("gsslib", "PGGSSLIB"),
    ("gssdelegation", "PGGSSDELEGATION"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ("load_balance_hosts", "PGLOADBALANCEHOSTS"),
];

/// Keyword values of one source, or of several merged. `Debug` hides the secret ones.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Params(BTreeMap<&'static str, String>);

impl Params {
    pub fn get(&self, keyword: &str) -> Option<&str> {
        self.0.get(keyword).map(String::as_str)
    }

    /// Sets a keyword; the last word counts, as in libpq.
    pub fn set(&mut self, keyword: &str, value: impl Into<String>) -> Result<(), ConnectError> {
        let Some((known, _)) = KEYWORDS.iter().find(|(known, _)| *known == keyword) else {
            return Err(ConnectError::Settings(unknown_keyword(keyword)));
        };
        self.0.insert(known, value.into());
        Ok(())
    }

    /// Sets a keyword that no stronger source has set.
    pub fn set_default(&mut self, keyword: &str, value: impl Into<String>) -> Result<(), ConnectError> {
        if self.get(keyword).is_none() { self.set(keyword, value) } else { Ok(()) }
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(k, v)| (k, if k.ends_with("password") { "***" } else { v }))).finish()
    }
}

/// Names the keyword only where it is a near miss: what looks like a keyword may be half of a password that holds `?` or `=`.
fn unknown_keyword(keyword: &str) -> String {
    let nearest = KEYWORDS.iter().map(|(known, _)| (strsim::jaro_winkler(known, keyword), known)).max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((closeness, known)) if closeness > 0.8 => format!("unknown parameter \"{keyword}\", did you mean \"{known}\"?"),
        _ => "a parameter that libpq does not know (in a URL, the characters :/?#[]@ of a password must be percent-encoded)".to_owned(),
    }
}

/// Parses a connection string, whichever of the two forms it has.
pub(super) fn parse(text: &str) -> Result<Params, ConnectError> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("postgresql://").or_else(|| text.strip_prefix("postgres://")) {
        parse_url(rest)
    } else if let Some((scheme, _)) = text.split_once("://").filter(|(scheme, _)| !scheme.contains('=')) {
        let shown = scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        let shown = if shown { format!(" {scheme}://") } else { String::new() };
        Err(ConnectError::Settings(format!("a database URL starts with postgres:// or postgresql://, not{shown}")))
    } else if text.contains('=') {
        parse_conninfo(text)
    } else {
        Err(ConnectError::Settings("neither a postgres:// URL nor key=value pairs".to_owned()))
    }
}

/// What follows the scheme: `[user[:password]@][host[:port],...][/dbname][?key=value&...]` (`conninfo_uri_parse_options`).
fn parse_url(rest: &str) -> Result<Params, ConnectError> {
    let mut params = Params::default();
    let (before_query, query) = match rest.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (rest, None),
    };
    let (authority, dbname) = match before_query.split_once('/') {
        Some((authority, dbname)) => (authority, Some(dbname)),
        None => (before_query, None),
    };
    let hosts = match authority.split_once('@') {
        Some((user, hosts)) => {
            let (user, password) = user.split_once(':').map_or((user, None), |(user, password)| (user, Some(password)));
            set_decoded(&mut params, "user", user)?;
            set_decoded(&mut params, "password", password.unwrap_or(""))?;
            hosts
        }
        None => authority,
    };
    url_hosts(&mut params, hosts)?;
    set_decoded(&mut params, "dbname", dbname.unwrap_or(""))?;
    for pair in query.unwrap_or("").split('&').filter(|pair| !pair.is_empty()) {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(ConnectError::Settings("a URL parameter without \"=\"".to_owned()));
        };
        let (key, value) = (decode(key)?, decode(value)?);
        // JDBC's spelling, which libpq takes too
        let (key, value) = if key == "ssl" && value == "true" { ("sslmode".to_owned(), "require".to_owned()) } else { (key, value) };
        params.set(&key, value)?;
    }
    Ok(params)
}

fn url_hosts(params: &mut Params, hosts: &str) -> Result<(), ConnectError> {
    let (mut names, mut ports) = (Vec::new(), Vec::new());
    for host in hosts.split(',') {
        let (name, port) = if let Some(after) = host.strip_prefix('[') {
            let Some((address, port)) = after.split_once(']') else {
                return Err(ConnectError::Settings("an IPv6 address without its closing \"]\"".to_owned()));
            };
            match port.strip_prefix(':') {
                Some(port) => (address, port),
                None if port.is_empty() => (address, ""),
                None => {
                    return Err(ConnectError::Settings("something stands between the \"]\" of an IPv6 address and its port".to_owned()));
                }
            }
        } else {
            host.split_once(':').unwrap_or((host, ""))
        };
        names.push(decode(name)?);
        ports.push(decode(port)?);
    }
    if names.iter().any(|name| !name.is_empty()) {
        params.set("host", names.join(","))?;
    }
    if ports.iter().any(|port| !port.is_empty()) {
        params.set("port", ports.join(","))?;
    }
    Ok(())
}

fn set_decoded(params: &mut Params, keyword: &str, value: &str) -> Result<(), ConnectError> {
    if value.is_empty() { Ok(()) } else { params.set(keyword, decode(value)?) }
}

/// Percent-decoding as `conninfo_uri_decode` does it: `+` stays, `%00` and half a code are errors.
fn decode(text: &str) -> Result<String, ConnectError> {
    let wrong =
        || ConnectError::Settings("a \"%\" in the URL that two hexadecimal digits do not follow, or that hides no character".to_owned());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
        match (digit(rest.next()), digit(rest.next())) {
            (Some(0), Some(0)) | (None, _) | (_, None) => return Err(wrong()),
            (Some(high), Some(low)) => bytes.push(high << 4 | low),
        }
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

/// Percent-encodes what has a meaning in a URL.
pub(super) fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// `key = value` pairs; values may be quoted with `'`, and `\` escapes (`conninfo_parse`).
pub(super) fn parse_conninfo(text: &str) -> Result<Params, ConnectError> {
    let mut params = Params::default();
    let mut chars = text.chars().peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        if chars.peek().is_none() {
            return Ok(params);
        }
        let mut key = String::new();
        while let Some(c) = chars.next_if(|c| *c != '=' && !c.is_whitespace()) {
            key.push(c);
        }
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        if chars.next() != Some('=') {
            return Err(ConnectError::Settings("a connection parameter without \"=\"".to_owned()));
        }
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        let value = conninfo_value(&mut chars)?;
        params.set(&key, value)?;
    }
}

fn conninfo_value(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, ConnectError> {
    let quoted = chars.next_if_eq(&'\'').is_some();
    let mut value = String::new();
    loop {
        match chars.next() {
            Some('\\') => value.extend(chars.next()),
            Some('\'') if quoted => return Ok(value),
            Some(c) if quoted || !c.is_whitespace() => value.push(c),
            None if quoted => return Err(ConnectError::Settings("a quoted connection parameter without its closing quote".to_owned())),
            _ => return Ok(value),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(&'static str, String)> {
        parse(text).unwrap().0.into_iter().collect()
    }

    fn owned(pairs: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        pairs.iter().map(|(k, v)| (*k, (*v).to_owned())).collect()
    }

    #[test]
    fn urls_as_the_manual_has_them() {
        assert_eq!(pairs("postgresql://"), owned(&[]));
        assert_eq!(pairs("postgresql://localhost:5433"), owned(&[("host", "localhost"), ("port", "5433")]));
        assert_eq!(
            pairs("postgresql://user:se%3Acret@localhost/my%2Fdb"),
            owned(&[("dbname", "my/db"), ("host", "localhost"), ("password", "se:cret"), ("user", "user")])
        );
        assert_eq!(
            pairs("postgres://other@host1:123,host2:456/somedb?target_session_attrs=any&application_name=myapp"),
            owned(&[
                ("application_name", "myapp"),
                ("dbname", "somedb"),
                ("host", "host1,host2"),
                ("port", "123,456"),
                ("target_session_attrs", "any"),
                ("user", "other")
            ])
        );
        assert_eq!(pairs("postgresql://[2001:db8::1234]:77/db"), owned(&[("dbname", "db"), ("host", "2001:db8::1234"), ("port", "77")]));
        assert_eq!(pairs("postgresql:///dbname?host=/var/lib/postgresql"), owned(&[("dbname", "dbname"), ("host", "/var/lib/postgresql")]));
        assert_eq!(pairs("postgresql://%2Fvar%2Frun/dbname"), owned(&[("dbname", "dbname"), ("host", "/var/run")]));
        assert_eq!(pairs("postgres:///d?ssl=true"), owned(&[("dbname", "d"), ("sslmode", "require")]));
    }

    #[test]
    fn conninfo_quotes_and_escapes() {
        assert_eq!(
            pairs(r"host = /tmp user='a b' password='it\'s' dbname=x\ y"),
            owned(&[("dbname", "x y"), ("host", "/tmp"), ("password", "it's"), ("user", "a b")])
        );
        assert!(parse("host='x").is_err());
        assert!(parse("host x=1").is_err());
    }

    #[test]
    fn mistakes_never_show_a_password() {
        for text in [
            "postgres://u:hun?ter2=x@host/db",
            "postgres://u:hun%ter2@host/db",
            "postgres://u:hunter2@[::1/db",
            "hunter2",
            "hunter2=1",
            "mysql://u:hunter2@h/d",
            "u:hunter2@h://x",
            "password='hunter2",
        ] {
            let said = parse(text).unwrap_err().to_string();
            assert!(!said.contains("ter2"), "{said}");
        }
        assert!(!format!("{:?}", parse("password=hunter2").unwrap()).contains("hunter2"));
    }

    #[test]
    fn a_near_miss_is_named() {
        assert!(parse("sslmod=require").unwrap_err().to_string().contains("did you mean \"sslmode\""));
    }
}
