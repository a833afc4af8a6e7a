//! The XML declaration.

use crate::XmlError;
use crate::characters::{SPACES, is_space};
use crate::tag::fault;

/// Checks `version="1.0" encoding="UTF-8" standalone="yes"`, the text between `<?xml` and `?>`, and tells the encoding.
pub(crate) fn check(text: &str) -> Result<Option<&str>, XmlError> {
    let (version, rest) = pseudo_attribute(text, "version")?.ok_or_else(|| fault("the declaration has no version"))?;
    let minor = version.strip_prefix("1.").filter(|minor| !minor.is_empty());
    if !minor.is_some_and(|minor| minor.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(fault("the declaration names a version that is none of XML 1"));
    }
    let (encoding, rest) = match pseudo_attribute(rest, "encoding")? {
        Some((encoding, rest)) => (Some(encoding), rest),
        None => (None, rest),
    };
    if !encoding.is_none_or(is_encoding_name) {
        return Err(fault("the declaration names an encoding that can be none"));
    }
    let rest = match pseudo_attribute(rest, "standalone")? {
        Some(("yes" | "no", rest)) => rest,
        Some(_) => return Err(fault("`standalone` must be yes or no")),
        None => rest,
    };
    if rest.bytes().all(is_space) {
        Ok(encoding)
    } else {
        Err(fault(
            "the declaration must be version, encoding and standalone, in this order",
        ))
    }
}

/// The value of `name="value"` at the beginning of a text, after white space, and what follows.
fn pseudo_attribute<'t>(text: &'t str, name: &str) -> Result<Option<(&'t str, &'t str)>, XmlError> {
    let trimmed = text.trim_start_matches(SPACES);
    let Some(rest) = trimmed.strip_prefix(name) else {
        return Ok(None);
    };
    if trimmed.len() == text.len() {
        return Err(fault("white space must stand before each part of the declaration"));
    }
    let value = rest
        .trim_start_matches(SPACES)
        .strip_prefix('=')
        .map(|rest| rest.trim_start_matches(SPACES));
    let quoted = value.and_then(|value| {
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        value[1..].split_once(quote)
    });
    quoted
        .map(Some)
        .ok_or_else(|| fault("each part of the declaration must have a value in quotes"))
}

fn is_encoding_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}
