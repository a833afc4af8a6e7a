//! The shapes that nearly all of a document has, seen at one glance: texts, and tags written without anything unusual. Of a tag that is
//! no such shape nothing is said here, least of all that it is wrong: it is quick-xml's.

use crate::characters::{is_name_byte, is_name_start_byte, is_space};
use crate::name::key_at;
use crate::tag::RawAttribute;
use crate::tree::Range;

/// A start tag, or one that ends its element. The places in it are counted from its `<`.
#[derive(Clone, Copy)]
pub(crate) struct StartTag {
    pub(crate) length: usize,
    /// The local part of the name. The name begins at 1.
    pub(crate) local: Range,
    pub(crate) is_empty: bool,
}

/// Reads a start tag at the beginning of `text`: names of ASCII, values without `<` and references. Nothing when it is another one, or
/// not there as a whole.
#[inline]
pub(crate) fn start_tag(text: &[u8], found: &mut Vec<RawAttribute>) -> Option<StartTag> {
    found.clear();
    let local = name(text, 1)?;
    let mut at = local.end();
    loop {
        let (length, is_empty) = match *text.get(at)? {
            b'>' => (at + 1, false),
            b'/' if *text.get(at + 1)? == b'>' => (at + 2, true),
            byte if is_space(byte) => {
                at += 1;
                if is_name_start_byte(*text.get(at)?) {
                    let raw = attribute(text, at)?;
                    at = raw.value.end() + 1;
                    found.push(raw);
                }
                continue;
            }
            _ => return None,
        };
        return Some(StartTag {
            length,
            local,
            is_empty,
        });
    }
}

/// Bytes that are looked at one by one before a search for many at once is begun: most values and texts are no longer.
const SHORT: usize = 32;

#[inline]
fn attribute(text: &[u8], at: usize) -> Option<RawAttribute> {
    let local = name(text, at)?;
    let equals = local.end();
    let quote = *text.get(equals + 1)?;
    if text[equals] != b'=' || !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let open = equals + 2;
    let (length, is_plain) = value(&text[open..], quote)?;
    let close = open + length;
    Some(RawAttribute {
        name: Range::new(at, local.end()),
        local,
        value: Range::new(open, close),
        key: key_at(text, local.start(), local.end()),
        is_plain,
    })
}

/// The length of the value that ends with a quote, and whether it is the value that is meant: it has no white space to be normalised.
#[inline]
fn value(text: &[u8], quote: u8) -> Option<(usize, bool)> {
    let mut is_plain = true;
    let short = text.len().min(SHORT);
    for (length, &byte) in text[..short].iter().enumerate() {
        match byte {
            _ if byte == quote => return Some((length, is_plain)),
            b'<' | b'&' => return None,
            _ => is_plain &= byte >= b' ',
        }
    }
    let rest = &text[short..];
    let end = memchr::memchr3(quote, b'<', b'&', rest)?;
    let is_plain = rest[..end]
        .iter()
        .fold(is_plain, |is_plain, byte| is_plain & (*byte >= b' '));
    (rest[end] == quote).then_some((short + end, is_plain))
}

/// The local part of the name that begins at `start`.
#[inline]
fn name(text: &[u8], start: usize) -> Option<Range> {
    let mut local = start;
    let mut at = start;
    loop {
        if !is_name_start_byte(*text.get(at)?) {
            return None;
        }
        at += 1;
        while is_name_byte(*text.get(at)?) {
            at += 1;
        }
        if text[at] != b':' || local != start {
            return Some(Range::new(local, at));
        }
        at += 1;
        local = at;
    }
}

/// A text, up to the markup or the reference behind it.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    pub(crate) length: usize,
    /// False when it goes on behind what was given.
    pub(crate) is_ended: bool,
    /// True when it is the text that is meant: no line end has to be normalised.
    pub(crate) is_plain: bool,
    /// True when a `>` stands in it, which might end a `]]>`.
    pub(crate) has_bracket: bool,
}

#[inline]
pub(crate) fn text(text: &[u8]) -> Text {
    let (mut is_plain, mut has_bracket) = (true, false);
    let short = text.len().min(SHORT);
    for (length, byte) in text[..short].iter().enumerate() {
        match byte {
            b'<' | b'&' => {
                return Text {
                    length,
                    is_ended: true,
                    is_plain,
                    has_bracket,
                };
            }
            b'\r' => is_plain = false,
            b'>' => has_bracket = true,
            _ => {}
        }
    }
    let end = memchr::memchr2(b'<', b'&', &text[short..]);
    let length = end.map_or(text.len(), |end| short + end);
    let rest = &text[short..length];
    Text {
        length,
        is_ended: end.is_some(),
        is_plain: is_plain && memchr::memchr(b'\r', rest).is_none(),
        has_bracket: has_bracket || memchr::memchr(b'>', rest).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markup::{self, Markup};
    use crate::tag::attributes;
    use crate::{decode, name};

    /// Pieces of tags and texts, right ones more often than wrong ones, joined in any order.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            8 => prop::sample::select(vec!["a", "p:a", "LineExtensionAmount", "xmlns", "xmlns:p", "id", "é"]),
            8 => prop::sample::select(vec!["=\"1\"", "='a b'", "=\"\"", " = '1'", "=\"é\t\r\n\"", "='>'", "=\"/\"", "='\"'"]),
            8 => prop::sample::select(vec![" ", "\n", "  ", "\r\n", "\t"]),
            4 => prop::sample::select(vec![">", "/>", "<", "</", "<a", "<p:a", "text", "\u{FEFF}"]),
            1 => prop::sample::select(vec!["/", ":", "=", "\"", "'", "&amp;", "&", "]]>", "-", "1", "<!--", "?>", "="]),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn a_plain_start_tag_is_what_quick_xml_and_the_checks_behind_it_find(rest in pieces()) {
            let text = format!("<{rest}");
            let mut plain = Vec::new();
            if let Some(tag) = start_tag(text.as_bytes(), &mut plain) {
                let name_end = tag.local.end();
                let markup = Markup::StartTag { name: name_end - 1, is_empty: tag.is_empty };
                prop_assert!(matches!(markup::read(&text, true), Ok(Some(found)) if found == (markup, tag.length)));
                let local = crate::characters::local_start(&text.as_bytes()[1..name_end]);
                prop_assert_eq!(local, Some(tag.local.start() - 1));
                let mut checked = Vec::new();
                let end = tag.length - if tag.is_empty { 2 } else { 1 };
                prop_assert!(attributes(&text, name_end, end, &mut checked).is_ok());
                prop_assert_eq!(plain.len(), checked.len());
                for (a, b) in plain.iter().zip(&checked) {
                    prop_assert!(a.name == b.name && a.local == b.local && a.value == b.value && a.key == b.key);
                    prop_assert_eq!(a.key, name::key(a.local.of(&text).as_bytes()));
                    let value = a.value.of(&text);
                    prop_assert!(!a.is_plain || decode::attribute(value) == value);
                }
            }
        }

        #[test]
        fn a_text_ends_where_quick_xml_ends_it(text in pieces()) {
            let found = super::text(text.as_bytes());
            let mut events = quick_xml::Reader::from_str(&text);
            let length = match events.read_event() {
                Ok(quick_xml::events::Event::Text(_)) => text.len() - events.get_ref().len(),
                _ => 0,
            };
            // quick-xml takes a byte order mark away, which is no text then.
            if !text.starts_with('\u{FEFF}') {
                prop_assert_eq!(found.length, length);
            }
            let source = &text[..found.length];
            prop_assert_eq!(found.has_bracket, source.contains('>'));
            prop_assert!(!found.is_plain || decode::text(source) == source);
            prop_assert_eq!(found.is_ended, found.length < text.len());
        }
    }

    #[test]
    fn tags_as_programs_write_them_are_plain() {
        for tag in [
            "<a>",
            "<p:LineItem/>",
            "<a id=\"1\" p:q='2' >",
            "<cbc:ID schemeID=\"Größe\"\n  x=\"\"/>",
        ] {
            let found = start_tag(tag.as_bytes(), &mut Vec::new());
            assert_eq!(found.map(|found| found.length), Some(tag.len()), "{tag}");
        }
        for other in [
            "<é>",
            "<a b='&lt;'>",
            "<a b = '1'>",
            "<a",
            "<a b='1",
            "<a b='<'>",
            "<a:b:c>",
        ] {
            assert!(start_tag(other.as_bytes(), &mut Vec::new()).is_none(), "{other}");
        }
    }
}
