//! A phrase of a language, with places for values.

use std::collections::BTreeSet;

use serde::Deserialize;

/// A phrase as it stands in a file: one text, or two that depend on a number.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Written {
    Always(String),
    Counted { one: String, other: String },
}

/// A phrase, parted where values go in. It is no template: a translator cannot break the mail, and nothing in it is run.
#[derive(Debug, Clone)]
pub(crate) struct Phrase {
    other: Vec<Piece>,
    one: Option<Vec<Piece>>,
}

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Place(String),
}

impl Phrase {
    pub(super) fn parse(written: &Written) -> Result<Self, String> {
        Ok(match written {
            Written::Always(text) => Self {
                other: pieces(text)?,
                one: None,
            },
            Written::Counted { one, other } => Self {
                other: pieces(other)?,
                one: Some(pieces(one)?),
            },
        })
    }

    /// The names of the values that go in.
    pub(super) fn places(&self) -> BTreeSet<&str> {
        let places = self.other.iter().chain(self.one.iter().flatten());
        places
            .filter_map(|piece| match piece {
                Piece::Place(name) => Some(name.as_str()),
                Piece::Text(_) => None,
            })
            .collect()
    }

    /// The phrase with its values, in the singular or not.
    ///
    /// # Errors
    /// The name of the value that is not there.
    pub(crate) fn fill<'a>(
        &'a self,
        is_singular: bool,
        value: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<String, &'a str> {
        let pieces = self.one.as_ref().filter(|_| is_singular).unwrap_or(&self.other);
        let mut text = String::new();
        for piece in pieces {
            text.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Place(name) => value(name).ok_or(name.as_str())?,
            });
        }
        Ok(text)
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err("must be one line with something in it".to_owned());
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').ok_or("has a brace that is not closed")?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
            return Err(format!(
                "has a place `{{{name}}}`; a place is named by lower-case letters"
            ));
        }
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(Piece::Place(name.to_owned()));
        rest = behind;
    }
    if rest.contains('}') {
        return Err("has a closing brace that was not opened".to_owned());
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(text: &str) -> Result<Phrase, String> {
        Phrase::parse(&Written::Always(text.to_owned()))
    }

    #[test]
    fn values_go_into_their_places_and_are_not_read_again() {
        let filled = phrase("Dear {name}, {name}{shop}")
            .unwrap()
            .fill(false, |name| match name {
                "name" => Some("{shop}"),
                "shop" => Some("Lamps"),
                _ => None,
            })
            .unwrap();
        assert_eq!(filled, "Dear {shop}, {shop}Lamps");
    }

    #[test]
    fn a_place_without_a_value_is_named() {
        assert_eq!(phrase("Dear {name}").unwrap().fill(false, |_| None), Err("name"));
    }

    #[test]
    fn a_broken_phrase_is_refused_when_it_is_read() {
        for text in ["{name", "name}", "{}", "{Name}", "{{ name }}", "{%"] {
            assert!(phrase(text).is_err(), "{text}");
        }
    }
}
