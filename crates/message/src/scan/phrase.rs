//! Phrases within a text.

use crate::parse::header::shortened;
use crate::scan::address;

/// How far the two halves of a phrase with `*` may be apart.
const GAP: usize = 70;
/// How much of a text is compared with phrases.
const LONGEST: usize = 8 << 10;

/// A text made ready for [`has`]: lower case, one space between words, and not longer than a notice is.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::new();
    for word in text.split_whitespace() {
        if plain.len() + word.len() >= LONGEST {
            plain.push_str(shortened(word, LONGEST.saturating_sub(plain.len() + 1)));
            break;
        }
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(&word.to_lowercase());
    }
    plain
}

/// A plain text without what names people and pages: their words say nothing about the reason.
pub(crate) fn without_names(plain: &str) -> String {
    let words = plain.split(' ').filter(|word| !word.contains("://") && !is_host(word));
    let text = words.collect::<Vec<_>>().join(" ");
    let text = address::removed(&text);
    if text.chars().filter(|c| c.is_alphabetic()).take(4).count() < 4 {
        return address::removed(plain);
    }
    text
}

/// Whether a word is the name of a host, such as `mx1.spamfilter.example[192.0.2.1]:`.
fn is_host(word: &str) -> bool {
    let name = word.split('[').next().unwrap_or(word);
    if name.len() < word.len() && name.contains('.') {
        return true;
    }
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let Some((labels, top)) = word.rsplit_once('.') else {
        return false;
    };
    (2..=6).contains(&top.len())
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && labels
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

/// Whether a plain text has one of some phrases. In a phrase, `*` stands for a few words.
pub(crate) fn has(plain: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| position(plain, phrase).is_some())
}

/// Where a phrase begins.
pub(crate) fn position(plain: &str, phrase: &str) -> Option<usize> {
    let Some((head, tail)) = phrase.split_once('*') else {
        return plain.find(phrase);
    };
    let starts = plain.match_indices(head);
    starts.map(|(at, _)| at).find(|at| {
        let from = at + head.len();
        let to = plain.ceil_char_boundary((from + GAP + tail.len()).min(plain.len()));
        plain.get(from..to).is_some_and(|rest| rest.contains(tail))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_across_a_few_words() {
        let text = plain("This  Account\n has been DISABLED");
        assert_eq!(text, "this account has been disabled");
        assert!(has(&text, &["account*disabled"]));
        assert!(!has(&text, &["disabled*account", "mailbox"]));
        let far = format!("account {} disabled", "x".repeat(200));
        assert!(!has(&far, &["account*disabled"]));
    }

    #[test]
    fn names_are_left_out_unless_nothing_else_is_there() {
        assert_eq!(
            without_names("<full@a.example> see http://spam.example/ please"),
            "<> see please"
        );
        assert_eq!(
            without_names("host mx.antispam.com: no such user 5.1.1"),
            "host no such user 5.1.1"
        );
        assert_eq!(
            without_names("553 http://dnsbl.example/x"),
            "553 http://dnsbl.example/x"
        );
    }
}
