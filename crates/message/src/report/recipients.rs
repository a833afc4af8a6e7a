//! Who failed, in a notice that is a text: the lines that name an address, and what is said below each.

use std::collections::HashMap;

use crate::parse::header::shortened;
use crate::scan::address;
use crate::scan::phrase::has;

/// Lines that are read below the address they belong to.
const MOST_LINES: usize = 40;

/// A recipient, and what is said of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) address: String,
    pub(crate) said: String,
}

/// Words of a sentence in which a failed recipient is named.
const FAILURE: &[&str] = &[
    "deliver",
    "recipient",
    "mailbox",
    "rcpt to",
    "address:",
    "failed",
    "unable",
    "could not",
    "rejected",
    "exceeds",
    "unknown",
    "error",
];

/// Words of a sentence that names somebody else.
const NOT_FAILURE: &[&str] = &["contact", "forward", "for assistance", "more information", "questions"];

/// Beginnings of lines that name the sender, or a recipient of the mail that came back.
const NOT_RECIPIENTS: &[&str] = &[
    "mail from",
    "from",
    "to:",
    "to ",
    "cc:",
    "reply",
    "sender",
    "subject",
    "original sender",
];

/// What is said of each recipient, by address in lower case.
pub(crate) fn sections(lines: &[&str], most: usize) -> HashMap<String, String> {
    let named = at_beginning_of_lines(lines, most).into_iter();
    named.map(|named| (named.address.to_lowercase(), named.said)).collect()
}

/// The recipients that a notice names: at the beginning of lines, or else in replies, or else in sentences.
pub(crate) fn named(lines: &[&str], most: usize) -> Vec<Named> {
    let ways = [at_beginning_of_lines, in_replies, in_sentences];
    ways.into_iter()
        .map(|way| way(lines, most))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// Collects recipients, each address once.
#[derive(Default)]
struct Collection {
    found: Vec<Named>,
    places: HashMap<String, usize>,
    lines: usize,
}

impl Collection {
    /// Begins a recipient, or goes on with one that was named before.
    fn begin(&mut self, address: &str, most: usize) -> Option<usize> {
        self.lines = 0;
        let key = address.to_lowercase();
        if let Some(place) = self.places.get(&key) {
            return Some(*place);
        }
        if self.found.len() >= most {
            return None;
        }
        self.places.insert(key, self.found.len());
        self.found.push(Named {
            address: address.to_owned(),
            said: String::new(),
        });
        Some(self.found.len() - 1)
    }

    fn add(&mut self, place: Option<usize>, line: &str) {
        let Some(named) = place.and_then(|place| self.found.get_mut(place)) else {
            return;
        };
        if self.lines < MOST_LINES && named.said.len() < 4 << 10 && !line.trim().is_empty() {
            self.lines += 1;
            named.said.push_str(shortened(line.trim(), 2 << 10));
            named.said.push('\n');
        }
    }
}

fn at_beginning_of_lines(lines: &[&str], most: usize) -> Vec<Named> {
    let mut collection = Collection::default();
    let mut current = None;
    for line in lines {
        if let Some((address, rest)) = leading_address(line) {
            current = collection.begin(address, most);
            if !rest.starts_with("<mailto:") && !rest.starts_with("mailto:") {
                collection.add(current, rest);
            }
        } else {
            collection.add(current, line);
        }
    }
    collection.found
}

/// The address at the beginning of a line, and the rest of the line.
fn leading_address(line: &str) -> Option<(&str, &str)> {
    let bullets: &[char] = &[' ', '\t', '*', '-', '>', '•', '·', '\u{a0}'];
    let line = shortened(line.trim().trim_start_matches(bullets), 2 << 10);
    // A local part in quotes keeps its quotes, and an address in quotes loses them.
    let opening: &[char] = &['<', '\'', '(', ' '];
    let line = line.trim_start_matches(opening);
    let line = line.strip_prefix("mailto:").unwrap_or(line);
    let found = address::first(shortened(line, 400))?;
    let before = line.get(..found.start)?;
    if !(before.is_empty() || before == "\"") {
        return None;
    }
    let closing: &[char] = &['>', '"', '\'', ')', ':', ' ', '\t'];
    let rest = line.get(found.end..)?.trim_start_matches(closing);
    Some((found.text, rest))
}

/// `554 <a@b.example>... Host unknown`, with the lines before it since the last one.
fn in_replies(lines: &[&str], most: usize) -> Vec<Named> {
    let mut collection = Collection::default();
    let mut pending: Vec<&str> = Vec::new();
    for line in lines {
        let line = line.trim();
        let is_failure = line.starts_with(['4', '5'])
            && line.bytes().take(3).filter(u8::is_ascii_digit).count() == 3
            && line.contains("...");
        match address::first(shortened(line, 2 << 10)).filter(|_| is_failure) {
            Some(found) => {
                let current = collection.begin(found.text, most);
                for before in pending.drain(..) {
                    collection.add(current, before);
                }
                collection.add(current, line);
            }
            None if pending.len() < 10 => pending.push(line),
            None => {}
        }
    }
    collection.found
}

/// A sentence that says who failed, with the lines behind it.
fn in_sentences(lines: &[&str], most: usize) -> Vec<Named> {
    let mut collection = Collection::default();
    for (at, line) in lines.iter().enumerate() {
        let lower = shortened(line.trim(), 2 << 10).to_lowercase();
        let is_other = NOT_RECIPIENTS.iter().any(|beginning| lower.starts_with(beginning)) || has(&lower, NOT_FAILURE);
        if is_other || !has(&lower, FAILURE) {
            continue;
        }
        let Some(found) = address::first(shortened(line, 2 << 10)) else {
            continue;
        };
        if collection.places.contains_key(&found.text.to_lowercase()) {
            continue;
        }
        let current = collection.begin(found.text, most);
        for line in lines.iter().skip(at).take(12) {
            collection.add(current, line);
        }
    }
    collection.found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        named(&lines, 10).into_iter().map(|named| named.address).collect()
    }

    #[test]
    fn recipients_are_found_in_many_forms() {
        assert_eq!(
            addresses("Sorry.\n<anna@buyer.example>:\nno\n<bob@buyer.example>:\nno\n"),
            ["anna@buyer.example", "bob@buyer.example"]
        );
        assert_eq!(addresses("  * anna@buyer.example\n"), ["anna@buyer.example"]);
        assert_eq!(addresses("\"anna@buyer.example\":\nSMTP error"), ["anna@buyer.example"]);
        assert_eq!(
            addresses("550 Host unknown\n554 <anna@buyer.example>... 550 Host unknown"),
            ["anna@buyer.example"]
        );
        assert_eq!(
            addresses("Unable to deliver to <anna@buyer.example>, contact help@shop.example"),
            Vec::<String>::new()
        );
        assert_eq!(
            addresses("Unable to deliver to <anna@buyer.example>.\nPlease contact help@shop.example"),
            ["anna@buyer.example"]
        );
        assert_eq!(
            addresses("anna@buyer.example<mailto:anna@buyer.example>\nfull\nanna@buyer.example\n#550"),
            ["anna@buyer.example"]
        );
    }
}
