//! A start tag taken apart. quick-xml tells where it ends; what the recommendation demands of it is checked here.

use crate::characters::{is_char, is_ncname, is_space, local_start};
use crate::name::key;
use crate::tree::Range;
use crate::{ErrorCode, XmlError};

/// An attribute as it stands in a tag: ranges of the tag's text, which begins with `<`.
#[derive(Clone, Copy)]
pub(crate) struct RawAttribute {
    pub(crate) name: Range,
    /// The name without its prefix.
    pub(crate) local: Range,
    pub(crate) value: Range,
    /// The key of the local part.
    pub(crate) key: u64,
    /// True when the value stands there as it is meant.
    pub(crate) is_plain: bool,
}

impl RawAttribute {
    pub(crate) fn prefix(self, tag: &str) -> &str {
        tag.get(self.name.start()..self.local.start().saturating_sub(1))
            .unwrap_or_default()
    }

    /// The name with its prefix.
    pub(crate) fn qualified(self, tag: &str) -> &str {
        self.name.of(tag)
    }

    /// The prefix that it declares, empty for the default namespace; nothing when it is no declaration.
    #[inline]
    pub(crate) fn declares(self, tag: &str) -> Option<Range> {
        if tag.as_bytes()[self.name.start()] != b'x' {
            return None;
        }
        match (self.prefix(tag), self.local.of(tag)) {
            ("", "xmlns") => Some(Range::default()),
            ("xmlns", _) => Some(self.local),
            _ => None,
        }
    }
}

/// A fault with its place in the piece or tag that was read.
pub(crate) type Fault = (usize, XmlError);

/// Reads the attributes of a tag, from the end of its name to the end of the last one.
pub(crate) fn attributes(tag: &str, mut at: usize, end: usize, found: &mut Vec<RawAttribute>) -> Result<(), Fault> {
    let tag = &tag.as_bytes()[..end];
    found.clear();
    loop {
        let start = skip_space(tag, at);
        if start == tag.len() {
            return Ok(());
        }
        if start == at {
            return Err((at, fault("white space must stand before an attribute")));
        }
        let end = tag[start..]
            .iter()
            .position(|byte| *byte == b'=' || is_space(*byte))
            .map_or(tag.len(), |length| start + length);
        let local = local_start(&tag[start..end]).ok_or_else(|| (start, fault("an attribute's name is no name")))?;
        let equals = skip_space(tag, end);
        if tag.get(equals) != Some(&b'=') {
            return Err((end, fault("an attribute has no value")));
        }
        let open = skip_space(tag, equals + 1);
        let quote = match tag.get(open) {
            Some(quote @ (b'"' | b'\'')) => *quote,
            _ => return Err((open, fault("an attribute's value must stand in quotes"))),
        };
        let close = memchr::memchr(quote, &tag[open + 1..])
            .map(|length| open + 1 + length)
            .ok_or_else(|| (open, fault("an attribute's value is not closed")))?;
        check_value(&tag[open + 1..close]).map_err(|error| (open + 1, error))?;
        found.push(RawAttribute {
            name: Range::new(start, end),
            local: Range::new(start + local, end),
            value: Range::new(open + 1, close),
            key: key(&tag[start + local..end]),
            is_plain: false,
        });
        at = close + 1;
    }
}

/// True when two of the names are the same. A few are compared with each other; many are sorted, so that a large tag costs no more than
/// its size.
pub(crate) fn has_duplicate<T: Ord>(names: impl ExactSizeIterator<Item = T> + Clone) -> bool {
    if names.len() > 12 {
        let mut sorted: Vec<_> = names.collect();
        sorted.sort_unstable();
        return sorted.windows(2).any(|pair| pair[0] == pair[1]);
    }
    names
        .clone()
        .enumerate()
        .any(|(at, name)| names.clone().take(at).any(|earlier| earlier == name))
}

fn check_value(value: &[u8]) -> Result<(), XmlError> {
    let mut rest = value;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest) {
        if rest[at] == b'<' {
            return Err(fault("`<` must not stand in an attribute; write &lt;"));
        }
        let reference = &rest[at + 1..];
        let end = memchr::memchr(b';', reference).ok_or_else(|| fault("a reference is not closed with `;`"))?;
        resolve(std::str::from_utf8(&reference[..end]).unwrap_or_default())?;
        rest = &reference[end + 1..];
    }
    Ok(())
}

fn skip_space(bytes: &[u8], at: usize) -> usize {
    let length = bytes[at..].iter().take_while(|byte| is_space(**byte)).count();
    at + length
}

/// The character that a reference stands for, without `&` and `;`.
pub(crate) fn resolve(reference: &str) -> Result<char, XmlError> {
    if let Some(number) = reference.strip_prefix('#') {
        let code = match number.strip_prefix('x') {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => u32::from_str_radix(digits, 16).ok(),
            None if number.bytes().all(|byte| byte.is_ascii_digit()) => number.parse().ok(),
            _ => None,
        };
        return code
            .and_then(char::from_u32)
            .filter(|character| is_char(*character))
            .ok_or_else(|| fault("a character reference to something that is no character of XML"));
    }
    match reference {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        name if is_ncname(name.as_bytes()) => Err(fault(
            "an entity that XML itself does not define; no other is ever expanded",
        )),
        _ => Err(fault("`&` must begin a reference; write &amp;")),
    }
}

pub(crate) fn fault(text: &str) -> XmlError {
    XmlError::new(ErrorCode::NotWellFormed, text)
}
