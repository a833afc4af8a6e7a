//! The characters of XML 1.0 (fifth edition) and the names of Namespaces in XML 1.0.

/// `Char`: what may stand in a document at all.
pub(crate) fn is_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

/// `S`, as characters.
pub(crate) const SPACES: [char; 4] = [' ', '\t', '\n', '\r'];

/// `S`: white space.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// True for a text of white space only, or of nothing.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(is_space)
}

/// The first place in a text with a character that XML does not allow.
pub(crate) fn first_forbidden(bytes: &[u8]) -> Option<usize> {
    let control = forbidden_control(bytes);
    // U+FFFE and U+FFFF, the only forbidden characters beyond ASCII that UTF-8 can hold.
    let noncharacter =
        memchr::memchr_iter(0xEF, bytes).find(|&at| matches!(bytes.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])));
    match (control, noncharacter) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The first control character that is no white space. It looks at blocks first, because whole documents pass through here.
fn forbidden_control(bytes: &[u8]) -> Option<usize> {
    let is_forbidden = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    let mut start = 0;
    for block in bytes.chunks(64) {
        if block.iter().fold(false, |found, &byte| found | is_forbidden(byte)) {
            return block.iter().position(|&byte| is_forbidden(byte)).map(|at| start + at);
        }
        start += block.len();
    }
    None
}

/// Where the local part of a qualified name begins, 0 for one without a prefix; nothing where it is no name.
#[inline]
pub(crate) fn local_start(name: &[u8]) -> Option<usize> {
    let first = *name.first()?;
    if NAMES[usize::from(first)] == START {
        let rest = name.iter().position(|byte| NAMES[usize::from(*byte)] == OTHER);
        match rest {
            None => return Some(0),
            Some(colon) if name[colon] == b':' => {
                return (is_ncname(&name[..colon]) && is_ncname(&name[colon + 1..])).then_some(colon + 1);
            }
            Some(_) => {}
        }
    }
    match name.iter().position(|byte| *byte == b':') {
        None => is_ncname(name).then_some(0),
        Some(colon) => (is_ncname(&name[..colon]) && is_ncname(&name[colon + 1..])).then_some(colon + 1),
    }
}

/// An ASCII byte that may begin a name.
#[inline]
pub(crate) fn is_name_start_byte(byte: u8) -> bool {
    NAMES[usize::from(byte)] == START
}

/// An ASCII byte that may stand in a name.
#[inline]
pub(crate) fn is_name_byte(byte: u8) -> bool {
    NAMES[usize::from(byte)] != OTHER
}

const OTHER: u8 = 0;
/// May stand in a name.
const INSIDE: u8 = 1;
/// May begin a name.
const START: u8 = 2;

/// What an ASCII byte is in a name.
const NAMES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0;
    while byte < 128 {
        #[expect(clippy::cast_possible_truncation, reason = "less than 128")]
        let ascii = byte as u8;
        if ascii.is_ascii_alphabetic() || ascii == b'_' {
            classes[byte] = START;
        } else if ascii.is_ascii_digit() || ascii == b'-' || ascii == b'.' {
            classes[byte] = INSIDE;
        }
        byte += 1;
    }
    classes
};

/// Equality of short texts, which names and namespaces are: a few numbers are compared instead of calling for help.
#[inline]
pub(crate) fn is_same(a: &str, b: &str) -> bool {
    is_same_bytes(a.as_bytes(), b.as_bytes())
}

#[inline]
pub(crate) fn is_same_bytes(a: &[u8], b: &[u8]) -> bool {
    // Two pieces that overlap where the text is shorter than both.
    match a.len() {
        length if length != b.len() => false,
        0..4 => a.iter().zip(b).all(|(a, b)| a == b),
        4..8 => a.first_chunk::<4>() == b.first_chunk() && a.last_chunk::<4>() == b.last_chunk(),
        8..=16 => a.first_chunk::<8>() == b.first_chunk() && a.last_chunk::<8>() == b.last_chunk(),
        _ => a == b,
    }
}

/// `NCName`: a name without a colon.
pub(crate) fn is_ncname(name: &[u8]) -> bool {
    let Some(first) = name.first() else { return false };
    if NAMES[usize::from(*first)] == START && name.iter().all(|byte| NAMES[usize::from(*byte)] != OTHER) {
        return true;
    }
    let mut characters = std::str::from_utf8(name).unwrap_or_default().chars();
    characters.next().is_some_and(is_name_start) && characters.all(is_name_character)
}

/// `NameStartChar` without the colon.
fn is_name_start(character: char) -> bool {
    matches!(character,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// `NameChar` without the colon.
fn is_name_character(character: char) -> bool {
    is_name_start(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_character_is_found_wherever_it_stands() {
        for (text, place) in [
            ("", None),
            ("\t\n\r ~\u{7F}\u{85}é\u{FFFD}\u{10FFFF}", None),
            ("a\u{1}", Some(1)),
            ("\u{FFFE}\u{1}", Some(0)),
            ("１２\u{FFFF}", Some(6)),
        ] {
            assert_eq!(first_forbidden(text.as_bytes()), place, "{text:?}");
        }
        let late = format!("{}\u{B}", "x".repeat(200));
        assert_eq!(first_forbidden(late.as_bytes()), Some(200));
    }

    #[test]
    fn texts_are_the_same_when_all_their_bytes_are() {
        for length in 0..40 {
            let text = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"[..length].to_owned();
            assert!(is_same(&text, &text.clone()));
            assert!(!is_same(&text, &format!("{text}x")));
            for at in 0..length {
                let mut other = text.clone();
                other.replace_range(at..=at, "_");
                assert!(!is_same(&text, &other), "{other}");
            }
        }
    }

    #[test]
    fn a_name_is_what_the_fifth_edition_says() {
        for name in ["a", "_", "é", "名前", "a-1.b", "𐀀"] {
            assert_eq!(local_start(name.as_bytes()), Some(0));
        }
        assert_eq!(local_start(b"p:a"), Some(2));
        for no_name in ["", "1", "-a", ".", ":a", "a:", "a:b:c", "p:1", "a b", "a×", "\u{300}"] {
            assert_eq!(local_start(no_name.as_bytes()), None, "{no_name:?}");
        }
    }
}
