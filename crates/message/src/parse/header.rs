//! The header of a mail or of a part (RFC 5322, section 2.2).

use crate::Limits;
use crate::parse::decode::Decoder;

/// One field: its name as written, its value unfolded and with encoded words (RFC 2047) decoded.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) value: String,
    /// The value before encoded words were decoded, because an address or a date is read from that.
    pub(crate) raw: String,
}

/// The first value of a field.
pub(crate) fn find<'f>(fields: &'f [Field], name: &str) -> Option<&'f Field> {
    fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
}

/// Reads the header at the beginning of some bytes, and returns the rest. An mbox line before it is passed over; a line that can
/// belong to no header begins the body.
pub(crate) fn read<'b>(bytes: &'b [u8], decoder: &Decoder, limits: &Limits) -> (Vec<Field>, &'b [u8]) {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut rest = bytes;
    let mut is_first = true;
    while let Some((line, after)) = split_line(rest) {
        if line.is_empty() {
            rest = after;
            break;
        }
        let is_mbox_line = is_first && (line.starts_with(b"From ") || line.starts_with(b">From "));
        is_first = false;
        if is_mbox_line {
            rest = after;
            continue;
        }
        let is_full = fields.len() >= limits.fields;
        let folded = line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        if let Some((name, value)) = name_and_value(line).filter(|_| !folded) {
            if !is_full {
                fields.push((name.to_owned(), text(value)));
            }
        } else if let Some((_, value)) = fields.last_mut() {
            // Some systems do not indent a parameter that stands on a line of its own.
            let is_parameter = value.trim_end().ends_with(';') && line.contains(&b'=');
            if !folded && !is_parameter {
                break;
            }
            if value.len() + line.len() <= limits.field_bytes && !is_full {
                value.push(' ');
                value.push_str(text(line).trim());
            }
        } else {
            break;
        }
        rest = after;
    }
    let fields = fields.into_iter().map(|(name, raw)| {
        let raw = shortened(raw.trim(), limits.field_bytes).to_owned();
        Field {
            value: decoder.words(&raw),
            name,
            raw,
        }
    });
    (fields.collect(), rest)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The beginning of a text, as long as may be.
pub(crate) fn shortened(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}

/// The first line without its end, and what comes after it.
pub(crate) fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let (line, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (bytes.get(..end)?, bytes.get(end + 1..)?),
        None => (bytes, &[][..]),
    };
    Some((line.strip_suffix(b"\r").unwrap_or(line), rest))
}

/// The name and the value of a line that begins a field.
fn name_and_value(line: &[u8]) -> Option<(&str, &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = std::str::from_utf8(line.get(..colon)?).ok()?.trim_end();
    is_field_name(name).then(|| (name, line.get(colon + 1..).unwrap_or_default()))
}

/// Whether a word can name a field.
pub(crate) fn is_field_name(name: &str) -> bool {
    (1..=76).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
}

/// The name and the value of a line of text that looks like a field of a header, for headers that were pasted into a text.
pub(crate) fn field_of_line(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    (name.len() > 1 && is_field_name(name)).then(|| (name, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> (Vec<(String, String)>, String) {
        let (fields, rest) = read(text.as_bytes(), &Decoder::default(), &Limits::default());
        let fields = fields.into_iter().map(|field| (field.name, field.value)).collect();
        (fields, String::from_utf8_lossy(rest).into_owned())
    }

    #[test]
    fn fields_are_unfolded_and_decoded() {
        let (fields, body) = header(
            "From x@example.org Thu\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n und mehr\r\nTo:a@b.example\r\n\r\nHi\r\n",
        );
        assert_eq!(fields[0], ("Subject".into(), "Grüße und mehr".into()));
        assert_eq!(fields[1], ("To".into(), "a@b.example".into()));
        assert_eq!(body, "Hi\r\n");
    }

    #[test]
    fn a_line_that_is_no_field_begins_the_body() {
        let (fields, body) = header("Subject: a\nHello you\n\nrest");
        assert_eq!((fields.len(), body.as_str()), (1, "Hello you\n\nrest"));
        assert_eq!(header("just text\n").0, []);
    }

    #[test]
    fn a_parameter_need_not_be_indented() {
        let (fields, _) = header("Content-Type: multipart/mixed;\nboundary=\"x\"\n\n");
        assert_eq!(fields[0].1, "multipart/mixed; boundary=\"x\"");
    }
}
