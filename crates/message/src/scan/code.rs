//! The codes within a text: replies of SMTP (RFC 5321) and enhanced status codes (RFC 3463).

use ecrm_core::EnhancedStatus;

/// The replies that mail systems give. Other numbers of three digits in a text are numbers.
const REPLIES: &[u16] = &[
    211, 214, 220, 221, 235, 250, 251, 252, 334, 354, 421, 422, 430, 432, 450, 451, 452, 453, 454, 455, 456, 458, 459,
    471, 500, 501, 502, 503, 504, 510, 511, 512, 513, 515, 521, 523, 524, 525, 530, 533, 534, 535, 538, 540, 541, 542,
    543, 544, 546, 547, 550, 551, 552, 553, 554, 555, 556, 557,
];

/// A code, and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct At<T> {
    start: usize,
    value: T,
}

/// The first reply in a text.
pub(crate) fn reply(text: &str) -> Option<u16> {
    replies(text).next().map(|at| at.value)
}

/// The enhanced status of a text: the first that stands right behind a reply, or else the first.
pub(crate) fn status(text: &str) -> Option<EnhancedStatus> {
    let mut first = None;
    let mut replies = replies(text).peekable();
    let mut last_reply: Option<At<u16>> = None;
    for code in statuses(text) {
        first.get_or_insert(code.value);
        while let Some(reply) = replies.next_if(|reply| reply.start < code.start) {
            last_reply = Some(reply);
        }
        let is_behind = last_reply.is_some_and(|reply| code.start - reply.start <= 6);
        if is_behind {
            return Some(code.value);
        }
    }
    first
}

fn replies(text: &str) -> impl Iterator<Item = At<u16>> {
    let bytes = text.as_bytes();
    bytes.windows(3).enumerate().filter_map(move |(start, digits)| {
        let value = match digits {
            [first @ b'2'..=b'5', second, third] if second.is_ascii_digit() && third.is_ascii_digit() => {
                u16::from(first - b'0') * 100 + u16::from(second - b'0') * 10 + u16::from(third - b'0')
            }
            _ => return None,
        };
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        let after = bytes.get(start + 3);
        let is_alone = before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b"./-_=@".contains(byte))
            && after.is_none_or(|byte| b" -:;,\n\t<'\"".contains(byte));
        (is_alone && REPLIES.contains(&value)).then_some(At { start, value })
    })
}

fn statuses(text: &str) -> impl Iterator<Item = At<EnhancedStatus>> {
    let bytes = text.as_bytes();
    bytes.windows(2).enumerate().filter_map(move |(start, begin)| {
        if !matches!(begin, [b'2' | b'4' | b'5', b'.']) {
            return None;
        }
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        if before.is_some_and(|byte| !b" -(#<[:=\"',;/\t\n".contains(byte)) {
            return None;
        }
        let most = bytes.len().min(start + 9);
        let written = bytes.get(start..most)?;
        let length = written
            .iter()
            .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
            .count();
        let word = text.get(start..start + length)?.trim_end_matches('.');
        // A further number would make it an address of a host or a version.
        let after = bytes.get(start + word.len());
        let is_alone = after.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let value = word.parse().ok().filter(|_| is_alone)?;
        Some(At { start, value })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (Option<u16>, Option<String>) {
        (reply(text), status(text).map(|status| status.to_string()))
    }

    #[test]
    fn codes_are_told_from_other_numbers() {
        assert_eq!(found("550 5.1.1 User unknown"), (Some(550), Some("5.1.1".into())));
        assert_eq!(found("550-5.7.26 unauthenticated"), (Some(550), Some("5.7.26".into())));
        assert_eq!(found("sorry (#5.1.1)"), (None, Some("5.1.1".into())));
        assert_eq!(found("4.16.55.1; see 192.0.2.25, sendmail 5.65/1.37"), (None, None));
        assert_eq!(
            found("see 5.0.0, then 550 5.2.2 full"),
            (Some(550), Some("5.2.2".into()))
        );
        assert_eq!(found("port 587, 250 users, x550 here"), (Some(250), None));
        assert_eq!(
            found("554 4.4.7 expired <421 4.4.0 no host>"),
            (Some(554), Some("4.4.7".into()))
        );
        assert_eq!(found("552 sorry 5.2.2."), (Some(552), Some("5.2.2".into())));
        assert_eq!(found("ß5.1.1 5.1.1x"), (None, None));
    }
}
