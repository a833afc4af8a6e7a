//! The mail that came back: where it begins in a text, and its header.

use crate::message::Message;
use crate::model::Original;
use crate::parse::header::field_of_line;
use crate::part::Role;
use crate::report::rfc3464::Group;
use crate::scan::phrase;

/// What mail systems write before the mail that they return.
const MARKS: &[&str] = &[
    "--- below this line is a copy",
    "this is a copy of the message",
    "this is a copy of your message",
    "--- original message",
    "original message follows",
    "the header of the original message",
    "-------original m",
    "included is a copy of the message header",
    "returned message ---",
    "------- returned message",
    "unsent message follows",
    "message headers follow",
    "message header follows",
    "enclosed is a copy of the message",
    "below is a copy of the original message",
    "original message headers",
    "----- message header",
    "original mail header",
    "attachment contains the original",
    "copy of the original message",
    "en-têtes de message d'origine",
    "ursprüngliche nachrichtenkopf",
    "encabezados de mensajes originales",
    "encabezados del mensaje original",
];

/// Fields that stand in the header of a mail, and hardly in what a mail system writes about it.
const BEGINNING: &[&str] = &[
    "received",
    "return-path",
    "message-id",
    "dkim-signature",
    "domainkey-signature",
    "x-received",
    "mime-version",
];

const USUAL: &[&str] = &[
    "authentication-results",
    "cc",
    "content-transfer-encoding",
    "content-type",
    "date",
    "delivered-to",
    "dkim-signature",
    "domainkey-signature",
    "envelope-to",
    "from",
    "message-id",
    "mime-version",
    "received",
    "reply-to",
    "return-path",
    "sender",
    "subject",
    "to",
    "user-agent",
    "x-google-smtp-source",
    "x-mailer",
    "x-original-to",
    "x-originating-ip",
    "x-received",
];

/// The line at which the returned mail begins, or the number of lines.
pub(crate) fn begin(lines: &[&str]) -> usize {
    let is_mark = |line: &str| (4..90).contains(&line.trim().len()) && phrase::has(&line.trim().to_lowercase(), MARKS);
    let place = lines
        .iter()
        .enumerate()
        .position(|(at, line)| is_mark(line) || is_header(lines.get(at..).unwrap_or_default()));
    place.unwrap_or(lines.len())
}

/// Whether the header of a mail stands at the beginning of some lines.
fn is_header(lines: &[&str]) -> bool {
    let name_of = |line: &&str| field_of_line(line).map(|(name, _)| name.to_ascii_lowercase());
    let begins = lines.first().and_then(name_of);
    if begins.is_none_or(|name| !BEGINNING.contains(&name.as_str())) {
        return false;
    }
    let mut names: Vec<String> = Vec::new();
    for line in lines.iter().take(60) {
        if let Some(name) = name_of(line) {
            if USUAL.contains(&name.as_str()) && !names.contains(&name) {
                names.push(name);
            }
        } else if line.trim().is_empty() || !line.starts_with([' ', '\t']) {
            break;
        }
    }
    names.len() >= 3
}

/// The header that stands in some lines: passed over is what comes before its first field.
pub(crate) fn header_in(lines: &[&str]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in lines.iter().take(2_000) {
        let is_folded = line.starts_with([' ', '\t']) && !line.trim().is_empty();
        if let Some((_, value)) = fields.last_mut().filter(|_| is_folded) {
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        // What a messaging server prints of a mail is indented.
        if let Some((name, value)) = field_of_line(line.trim_start()) {
            fields.push((name.to_owned(), value.to_owned()));
        } else if fields.len() > 1 {
            break;
        } else {
            fields.clear();
        }
    }
    fields
}

/// The mail that a report is about, from whatever returns it.
pub(crate) fn find(message: &Message, tail: &[&str], groups: &[Group], per_message: &[(String, String)]) -> Original {
    let mut fields = Vec::new();
    for part in &message.parts {
        match part.role {
            Role::Message => {
                let text = String::from_utf8_lossy(part.bytes().get(..64 << 10).unwrap_or(part.bytes())).into_owned();
                fields = header_in(&text.lines().collect::<Vec<_>>());
            }
            Role::MessageHeader => {
                let text = part.text().unwrap_or_default();
                fields = header_in(&text.lines().collect::<Vec<_>>());
            }
            _ => {}
        }
        if !fields.is_empty() {
            break;
        }
    }
    if fields.is_empty() {
        fields = header_in(tail);
    }
    let mut original = Original {
        message_id: None,
        fields,
    };
    let in_report = ["x-original-message-id", "message-id", "original-message-id"];
    let reported = per_message
        .iter()
        .chain(groups.iter().flat_map(|group| group.fields.iter()));
    let reported = reported
        .filter(|(name, _)| in_report.contains(&name.as_str()))
        .map(|(_, value)| value.clone());
    let answered = message
        .in_reply_to()
        .first()
        .or(message.references().last())
        .map(|id| (*id).to_owned());
    original.message_id = original
        .header("message-id")
        .and_then(bare_id)
        .or_else(|| id_in_body(message))
        .or_else(|| reported.into_iter().find_map(|value| bare_id(&value)))
        .or(answered);
    original
}

/// The first Message-ID in the body: some systems return the mail in a part that does not say so.
fn id_in_body(message: &Message) -> Option<String> {
    let text = String::from_utf8_lossy(&message.body_start);
    let mut lines = text.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let Some((name, value)) = field_of_line(line) else {
            continue;
        };
        if name.eq_ignore_ascii_case("message-id") {
            // A long one may stand on the next line.
            let id = if value.is_empty() {
                lines.peek().copied().unwrap_or_default()
            } else {
                value
            };
            return bare_id(id);
        }
    }
    None
}

/// A Message-ID without its angle brackets and comments.
pub(crate) fn bare_id(value: &str) -> Option<String> {
    let value = value.trim();
    let id = match value.split_once('<') {
        Some((_, rest)) => rest.split('>').next().unwrap_or(rest),
        None => value.split_whitespace().next().unwrap_or_default(),
    };
    let id = id.trim();
    (!id.is_empty() && id.len() < 1_000).then(|| id.to_owned())
}
