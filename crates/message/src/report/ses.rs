//! Notifications of Amazon SES that arrive as mails: JSON, in an envelope of JSON or bare.

use crate::message::Message;
use crate::model::{Original, Report, ReportKind};
use crate::report::verdict::{Said, judge};
use crate::report::{arf, original};
use crate::{Reason, ReportedRecipient};

/// What a notification says.
pub(crate) fn read(message: &Message) -> Option<Report> {
    let from = message.header("from").unwrap_or_default();
    if !from.contains("sns.amazonaws.com") && message.header("x-amz-sns-message-id").is_none() {
        return None;
    }
    let text = message.text();
    let text = text.get(text.find('{')?..)?;
    let mut values = values(text, message.limits.report_bytes);
    // The envelope carries the notification as a string.
    if let Some(inner) = find(&values, "Message")
        .filter(|inner| inner.contains('{'))
        .map(str::to_owned)
    {
        values = self::values(&inner, message.limits.report_bytes);
    }
    let kind = find(&values, "notificationType").or_else(|| find(&values, "eventType"))?;
    let (kind, recipients) = match kind {
        "Bounce" => (ReportKind::Bounce, bounced(&values)),
        "Complaint" => (ReportKind::Complaint, complained(&values)),
        "Delivery" => (ReportKind::Delivered, delivered(&values)),
        _ => return None,
    };
    let feedback_type = find(&values, "complaintFeedbackType").map(str::to_ascii_lowercase);
    (!recipients.is_empty()).then(|| Report {
        kind,
        recipients,
        original: header(&values),
        reported_at: message.date(),
        feedback_type,
    })
}

fn bounced(values: &[Value]) -> Vec<ReportedRecipient> {
    let objects = values.split(|value| value.is_border);
    let failed = objects.filter(|object| find(object, "emailAddress").is_some() && find(object, "name").is_none());
    let said = failed.map(|object| {
        let diagnostic = find(object, "diagnosticCode").unwrap_or_default();
        judge(Said {
            address: find(object, "emailAddress").map(str::to_owned),
            diagnostic: diagnostic.strip_prefix("smtp;").unwrap_or(diagnostic).to_owned(),
            status: find(object, "status").and_then(|status| status.parse().ok()),
            ..Said::default()
        })
    });
    said.collect()
}

fn complained(values: &[Value]) -> Vec<ReportedRecipient> {
    let addresses = values.iter().filter(|value| value.key == "emailAddress");
    addresses
        .map(|value| arf::complainer(Some(value.text.clone())))
        .collect()
}

fn delivered(values: &[Value]) -> Vec<ReportedRecipient> {
    let response = find(values, "smtpResponse").unwrap_or_default();
    let addresses = values.iter().filter(|value| value.key == "recipients");
    let said = addresses.map(|value| {
        let mut recipient = judge(Said {
            address: Some(value.text.clone()),
            diagnostic: response.to_owned(),
            ..Said::default()
        });
        recipient.reason = Reason::Delivered;
        recipient.is_hard = false;
        recipient
    });
    said.collect()
}

/// The header of the mail: a list of objects with a name and a value.
fn header(values: &[Value]) -> Original {
    let objects = values.split(|value| value.is_border);
    let fields =
        objects.filter_map(|object| Some((find(object, "name")?.to_owned(), find(object, "value")?.to_owned())));
    let mut original = Original {
        message_id: None,
        fields: fields.collect(),
    };
    original.message_id = original.header("message-id").and_then(original::bare_id);
    original
}

/// A string of a JSON text with the key before it, or the border of an object.
struct Value {
    key: String,
    text: String,
    is_border: bool,
}

/// The first string under a key.
fn find<'v>(values: &'v [Value], key: &str) -> Option<&'v str> {
    let mut values = values.iter();
    values
        .find(|value| value.key == key && !value.is_border)
        .map(|value| value.text.as_str())
}

/// All strings of a JSON text in their order, each with the last key before it. What a mail system did to the lines of the text
/// does no harm, because line ends within strings are dropped.
fn values(json: &str, most: usize) -> Vec<Value> {
    let mut values = Vec::new();
    let mut key = String::new();
    let mut characters = json
        .char_indices()
        .take_while(|(at, _)| *at < most)
        .map(|(_, c)| c)
        .peekable();
    let mut depth = 0_u32;
    while let Some(c) = characters.next() {
        match c {
            '{' | '}' => {
                depth = if c == '{' { depth + 1 } else { depth.saturating_sub(1) };
                values.push(Value {
                    key: String::new(),
                    text: String::new(),
                    is_border: true,
                });
                if depth == 0 {
                    break;
                }
            }
            '"' => {
                let text = string(&mut characters);
                while characters.next_if(|c| c.is_whitespace()).is_some() {}
                if characters.next_if_eq(&':').is_some() {
                    key = text;
                } else {
                    values.push(Value {
                        key: key.clone(),
                        text,
                        is_border: false,
                    });
                }
            }
            _ => {}
        }
        if values.len() > 20_000 {
            break;
        }
    }
    values
}

/// The rest of a string whose quote was read.
fn string(characters: &mut impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    while let Some(c) = characters.next() {
        match c {
            '"' => break,
            '\n' | '\r' => {}
            '\\' => match characters.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some('u') => {
                    let digits: String = characters.take(4).collect();
                    let code = u32::from_str_radix(&digits, 16).ok();
                    text.push(code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                Some('r' | 'b' | 'f') | None => {}
                Some(c) => text.push(c),
            },
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_with_their_keys() {
        let json = r#"{"a":"x\"y","b":["p","q"],"c":{"d":"\u00fc"},"e":1} "f":"g""#;
        let found = values(json, 1_000);
        let found: Vec<_> = found
            .iter()
            .filter(|value| !value.is_border)
            .map(|value| (value.key.as_str(), value.text.as_str()))
            .collect();
        assert_eq!(found, [("a", "x\"y"), ("b", "p"), ("b", "q"), ("d", "ü")]);
    }
}
