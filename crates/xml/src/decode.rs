//! From the text of a document to the text that is meant: references resolved, CDATA opened, line ends normalised.

use std::borrow::Cow;

use crate::tag::resolve;

const CDATA: &str = "<![CDATA[";

/// The character data of an element. Everything in it was checked when it was read.
pub(crate) fn text(raw: &str) -> Cow<'_, str> {
    let Some(mut at) = memchr::memchr3(b'&', b'\r', b'<', raw.as_bytes()) else {
        return Cow::Borrowed(raw);
    };
    let mut decoded = String::with_capacity(raw.len());
    let mut rest = raw;
    loop {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = match rest.as_bytes().first() {
            None => return Cow::Owned(decoded),
            Some(b'<') => {
                let section = rest.get(CDATA.len()..).unwrap_or("");
                let end = memchr::memmem::find(section.as_bytes(), b"]]>").unwrap_or(section.len());
                push_lines(&section[..end], &mut decoded);
                section.get(end + 3..).unwrap_or("")
            }
            Some(b'\r') => {
                decoded.push('\n');
                rest[1..].strip_prefix('\n').unwrap_or(&rest[1..])
            }
            Some(_) => push_reference(rest, &mut decoded),
        };
        at = memchr::memchr3(b'&', b'\r', b'<', rest.as_bytes()).unwrap_or(rest.len());
    }
}

/// The value of an attribute, normalised as one that no DTD has given a type.
pub(crate) fn attribute(raw: &str) -> Cow<'_, str> {
    // One pass over short values without a branch for each byte.
    let is_special = |byte: u8| byte == b'&' || byte < b' ';
    if !raw.bytes().fold(false, |found, byte| found | is_special(byte)) {
        return Cow::Borrowed(raw);
    }
    let mut decoded = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\r', '\n', '\t']) {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('&') {
            push_reference(rest, &mut decoded)
        } else {
            decoded.push(' ');
            rest.strip_prefix("\r\n").unwrap_or(&rest[1..])
        };
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

fn push_reference<'t>(text: &'t str, decoded: &mut String) -> &'t str {
    let (reference, rest) = text[1..].split_once(';').unwrap_or((&text[1..], ""));
    decoded.extend(resolve(reference));
    rest
}

fn push_lines(text: &str, decoded: &mut String) {
    let mut lines = text.split('\r');
    decoded.push_str(lines.next().unwrap_or(""));
    for line in lines {
        decoded.push('\n');
        decoded.push_str(line.strip_prefix('\n').unwrap_or(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_means_what_the_recommendation_says() {
        for (raw, meant) in [
            ("plain", "plain"),
            ("a&amp;b&#65;&#x42;&lt;", "a&bAB<"),
            ("a\r\nb\rc\nd&#13;", "a\nb\nc\nd\r"),
            ("<![CDATA[<&amp;>\r\n]]>&gt;<![CDATA[]]>", "<&amp;>\n>"),
        ] {
            assert_eq!(text(raw), meant);
        }
    }

    #[test]
    fn white_space_in_attributes_becomes_spaces_unless_it_is_referred_to() {
        assert_eq!(attribute("a\tb\r\nc\rd\ne&#10;&#9;&quot;"), "a b c d e\n\t\"");
    }
}
