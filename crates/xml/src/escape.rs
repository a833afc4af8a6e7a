//! Escaping as [Canonical XML](https://www.w3.org/TR/xml-c14n/) does it, so that every text comes back as it went.

use crate::characters::SPACES;

/// Appends the character data of an element.
pub(crate) fn push_text(out: &mut String, text: &str) {
    push(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Appends the value of an attribute that stands in double quotes.
pub(crate) fn push_attribute(out: &mut String, value: &str) {
    push(out, value, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

#[inline]
fn push(out: &mut String, text: &str, escape: impl Fn(u8) -> Option<&'static str>) {
    // Most texts have nothing to escape, and are looked through without a branch for each byte.
    if !text.bytes().fold(false, |found, byte| {
        found | matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\t' | b'\n' | b'\r')
    }) {
        out.push_str(text);
        return;
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(escaped) = escape(byte) {
            out.push_str(&text[done..at]);
            out.push_str(escaped);
            done = at + 1;
        }
    }
    out.push_str(&text[done..]);
}

/// Appends a comment or a processing instruction, with the line ends and the white space behind the target that the canonical form has.
pub(crate) fn push_markup(out: &mut String, source: &str) {
    let text = source.replace("\r\n", "\n").replace('\r', "\n");
    let instruction = text.strip_prefix("<?").and_then(|text| text.strip_suffix("?>"));
    match instruction.and_then(|text| text.split_once(SPACES)) {
        None => out.push_str(&text),
        Some((target, data)) => {
            let data = data.trim_start_matches(SPACES);
            let space = if data.is_empty() { "" } else { " " };
            for part in ["<?", target, space, data, "?>"] {
                out.push_str(part);
            }
        }
    }
}
