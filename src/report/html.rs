//! Pages for reviewers: one file that needs nothing from elsewhere.

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}\
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem}h3{font-size:1rem;margin:1.5rem 0 .3rem}table{border-collapse:collapse}\
td{padding:.1rem 1rem .1rem 0;vertical-align:top}td:first-child{color:#666}code,pre{font:14px/1.45 ui-monospace,monospace}\
pre{background:#f5f5f2;padding:.7rem 1rem;overflow-x:auto;border-radius:4px}ul{margin:.2rem 0;padding-left:1.2rem}\
.low{color:#1b6e3c}.medium{color:#8a5a00}.high,.loses{color:#b00020;font-weight:600}.assumes,.breaks,.blocks,.rewrites{color:#8a5a00}\
.place{color:#666;font-weight:400}@media(prefers-color-scheme:dark){body{background:#16181a;color:#e6e6e6}pre{background:#22262a}}";

/// A text as part of a page.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A page with a title and a body that is HTML already. No script can run in it, whatever its texts hold.
pub fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{body}</body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts() {
        assert_eq!(escape("<b a=\"x\">'&"), "&lt;b a=&quot;x&quot;&gt;&#39;&amp;");
        assert!(page("<x>", "").contains("<h1>&lt;x&gt;</h1>"));
    }
}
