//! Addresses within a text.

/// An address and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found<'t> {
    pub(crate) text: &'t str,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Bytes of a local part that are looked at; RFC 5321 allows 64.
const LONGEST_LOCAL: usize = 130;
/// Bytes of a domain that are looked at; RFC 5321 allows 255.
const LONGEST_DOMAIN: usize = 255;

/// The first address whose domain has a dot.
pub(crate) fn first(text: &str) -> Option<Found<'_>> {
    all(text).find(|found| found.text.rsplit('@').next().is_some_and(|domain| domain.contains('.')))
}

/// All addresses, those with a domain of one word too.
pub(crate) fn all(text: &str) -> impl Iterator<Item = Found<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + text.get(from..)?.find('@')?;
            from = at + 1;
            if let Some(found) = around(text, at) {
                from = from.max(found.end);
                return Some(found);
            }
        }
    })
}

/// The text with all addresses taken out: their words say nothing about the reason.
pub(crate) fn removed(text: &str) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut from = 0;
    for found in all(text) {
        rest.push_str(text.get(from..found.start).unwrap_or_default());
        from = found.end;
    }
    rest.push_str(text.get(from..).unwrap_or_default());
    rest
}

fn around(text: &str, at: usize) -> Option<Found<'_>> {
    let bytes = text.as_bytes();
    let before = bytes.get(..at)?;
    let start = if let Some((b'"', quoted)) = before.split_last() {
        let from = quoted.len().saturating_sub(LONGEST_LOCAL);
        from + quoted.get(from..)?.iter().rposition(|byte| *byte == b'"')?
    } else {
        let local = before
            .iter()
            .rev()
            .take(LONGEST_LOCAL)
            .take_while(|byte| is_local(**byte));
        let start = at - local.count();
        // Marks that stand before an address far more often than they begin one.
        let marks = before.get(start..)?.iter();
        start + marks.take_while(|byte| b"'=*/|.!`?&-".contains(byte)).count()
    };
    let after = bytes.get(at + 1..)?;
    let domain = after.iter().take(LONGEST_DOMAIN).take_while(|byte| is_domain(**byte));
    let domain = after.get(..domain.count())?;
    let tail = domain.iter().rev().take_while(|byte| b".-".contains(byte));
    let end = at + 1 + domain.len() - tail.count();
    // A very long word may be cut within a character; that is no address.
    let found = text.get(start..end)?;
    (start < at && end > at + 1).then_some(Found {
        text: found,
        start,
        end,
    })
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&byte) || !byte.is_ascii()
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-_".contains(&byte) || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_among_marks() {
        let found = |text| first(text).map(|found| found.text);
        assert_eq!(
            found("550 'Unknown user anna@buyer.example'"),
            Some("anna@buyer.example")
        );
        assert_eq!(
            found("<anna@buyer.example>... User unknown"),
            Some("anna@buyer.example")
        );
        assert_eq!(found("<\"a b\"@buyer.example>:"), Some("\"a b\"@buyer.example"));
        assert_eq!(found("write to a@b or c@d.example."), Some("c@d.example"));
        assert_eq!(found("grüße@buyer.example"), Some("grüße@buyer.example"));
        assert_eq!(found("@ a@ @b \"@"), None);
        assert_eq!(removed("to <a@b.c> of d@e."), "to <> of .");
    }
}
