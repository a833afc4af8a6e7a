//! HTML in ASCII: it travels as it is, without an encoding that makes it larger.

/// The HTML with every character beyond ASCII as a reference to it (`&#252;`), which means the same everywhere but in styles and
/// scripts; HTML with such characters in those stays as it is.
pub(super) fn in_ascii(html: String) -> String {
    if html.is_ascii() {
        return html;
    }
    if ["<STYLE", "<SCRIPT"].iter().any(|raw| html.contains(raw)) {
        // Nobody writes them so but a template of a shop's: it is encoded as a whole.
        return html;
    }
    let mut ascii = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html.as_str();
    while let Some((before, raw, after)) = next_raw(rest) {
        if !raw.is_ascii() {
            return html;
        }
        refer(before, &mut ascii);
        ascii.push_str(raw);
        rest = after;
    }
    refer(rest, &mut ascii);
    ascii
}

/// What stands before the next style or script, that element, and what stands behind it.
fn next_raw(html: &str) -> Option<(&str, &str, &str)> {
    let is_raw = |begin: &usize| html[*begin..].starts_with("<style") || html[*begin..].starts_with("<script");
    let begin = memchr::memmem::find_iter(html.as_bytes(), b"<s").find(is_raw)?;
    let raw = &html.as_bytes()[begin..];
    let ending: &[u8] = if raw.starts_with(b"<style") {
        b"</style>"
    } else {
        b"</script>"
    };
    let end = memchr::memmem::find(raw, ending).map_or(html.len(), |end| begin + end + ending.len());
    Some((&html[..begin], &html[begin..end], &html[end..]))
}

fn refer(text: &str, ascii: &mut String) {
    use std::fmt::Write as _;
    let mut plain = 0;
    for (at, character) in text.char_indices().filter(|(_, character)| !character.is_ascii()) {
        ascii.push_str(&text[plain..at]);
        // Writing into a string cannot fail.
        let _ = write!(ascii, "&#{};", u32::from(character));
        plain = at + character.len_utf8();
    }
    ascii.push_str(&text[plain..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_become_references_and_all_else_stays() {
        let html = "<style>p{color:red}</style><p title=\"ä\">€ 5 &amp; 🍕</p>".to_owned();
        assert_eq!(
            in_ascii(html),
            "<style>p{color:red}</style><p title=\"&#228;\">&#8364; 5 &amp; &#127829;</p>"
        );
        assert_eq!(in_ascii("plain".to_owned()), "plain");
    }

    #[test]
    fn a_style_or_script_beyond_ascii_is_left_alone() {
        for html in [
            "ä<style>p::after{content:'ä'}</style>",
            "<script>\"ä\"</script>ö",
            "<style>ä",
            "<STYLE>p::after{content:'ä'}</STYLE>",
        ] {
            assert_eq!(in_ascii(html.to_owned()), html);
        }
    }
}
