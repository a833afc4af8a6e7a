//! Texts that may stand in a mail.

use ecrm_core::ValueError;

/// One line without characters that would turn the text around them, or break a header.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .filter(|character| !turns_text(*character) && !is_unseen(*character))
        .map(|character| if ends_line(character) { ' ' } else { character })
        .collect()
}

/// Lines without characters that would turn the text around them.
pub(super) fn clean_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter(|character| !turns_text(*character) && (*character == '\n' || !character.is_control()))
        .collect()
}

/// Control characters, and the separators of lines and paragraphs that are none.
fn ends_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Characters of no width that join or part nothing: two names that look alike would not be the same.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Embeddings, overrides and isolates (Unicode Bidirectional Algorithm, UAX 9): a text of one person must not reorder another's.
pub(crate) fn turns_text(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a value has letters that are written in the other direction than the phrases of a language.
pub(super) fn turns_phrase(value: &str, direction: &str) -> bool {
    let is_right_to_left = |character: char| matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}');
    if direction == "rtl" {
        value
            .chars()
            .any(|character| character.is_alphabetic() && !is_right_to_left(character))
    } else {
        value.chars().any(is_right_to_left)
    }
}

/// Between the marks that isolate it (FSI and PDI of UAX 9).
pub(super) fn isolated(value: &str) -> String {
    format!("\u{2068}{value}\u{2069}")
}

pub(super) fn rows(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// A text of a person: there, and not too long for a mail.
pub(super) fn long_text<'t>(what: &'static str, text: &'t str, longest: usize) -> Result<&'t str, ValueError> {
    match text.trim() {
        "" => Err(ValueError::new(what, "is empty; a mail has no blanks")),
        text if text.len() > longest => Err(ValueError::new(what, format!("is longer than {longest} bytes"))),
        text => Ok(text),
    }
}

/// A short text that must be there.
pub(crate) fn short_text<'t>(what: &'static str, text: &'t str) -> Result<&'t str, ValueError> {
    match text.trim() {
        "" => Err(ValueError::new(what, "is empty; a mail has no blanks")),
        text if text.chars().count() > 300 => Err(ValueError::new(what, "is longer than 300 characters")),
        text => Ok(text),
    }
}

/// An address of a page: `https` or `http`, in ASCII, without spaces, quotes or brackets.
pub(crate) fn checked_url(url: &str) -> Result<String, ValueError> {
    let is_web = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let is_plain = |byte: u8| {
        byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
    };
    match is_web {
        Some(rest) if !rest.is_empty() && url.len() <= 2000 && url.bytes().all(is_plain) => Ok(url.to_owned()),
        _ => Err(ValueError::new(
            "address of a page",
            "must be an https or http URL in ASCII of at most 2000 characters, with everything else percent-encoded",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_become_buttons() {
        for url in ["https://shop.example/a?b=c&d=%20#e", "http://localhost:8080/"] {
            assert!(checked_url(url).is_ok(), "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "https://",
            "https://a b",
            "https://a\"onclick=",
            "//shop.example",
            "https://ä.example",
            "data:text/html,x",
        ] {
            assert!(checked_url(url).is_err(), "{url}");
        }
    }

    #[test]
    fn nothing_that_turns_text_around_is_left() {
        assert_eq!(clean("a\u{202e}b\u{2066}c\r\nBcc: d"), "abc  Bcc: d");
        assert_eq!(clean("a\u{2028}b\u{200b}c\u{feff}"), "a bc");
        assert_eq!(clean_lines("a\r\nb\u{202e}\u{7}c\n"), "a\nbc\n");
    }
}
