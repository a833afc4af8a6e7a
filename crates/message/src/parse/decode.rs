//! Encodings, all of them left to mail-parser: it is given one small mail for each thing to read.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use mail_parser::{MessageParser, PartType};

use crate::scan::address;

/// Reads encoded words, texts, addresses and dates.
#[derive(Default)]
pub(crate) struct Decoder(MessageParser);

/// How the bytes of a part are written (RFC 2045, section 6).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Plain,
    Base64,
    QuotedPrintable,
}

impl Encoding {
    /// What `Content-Transfer-Encoding` says.
    pub(crate) fn read(value: Option<&str>) -> Self {
        match value.map(|value| value.trim().to_ascii_lowercase()).as_deref() {
            Some("base64") => Self::Base64,
            Some("quoted-printable") => Self::QuotedPrintable,
            _ => Self::Plain,
        }
    }

    fn field(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Base64 => "Content-Transfer-Encoding: base64\r\n",
            Self::QuotedPrintable => "Content-Transfer-Encoding: quoted-printable\r\n",
        }
    }
}

impl Decoder {
    /// A value with its encoded words (RFC 2047) decoded.
    pub(crate) fn words(&self, raw: &str) -> String {
        if !raw.contains("=?") {
            return raw.to_owned();
        }
        let source = format!("Subject: {raw}\r\n\r\n");
        let decoded = self.0.parse_headers(source.as_bytes());
        let decoded = decoded.as_ref().and_then(|mail| mail.subject());
        decoded.map_or_else(|| raw.to_owned(), str::to_owned)
    }

    /// The addresses of a field such as `From`, without names and without those that are none.
    pub(crate) fn addresses(&self, raw: &str) -> Vec<String> {
        let source = format!("To: {raw}\r\n\r\n");
        let Some(mail) = self.0.parse_headers(source.as_bytes()) else {
            return Vec::new();
        };
        let found = mail.to().into_iter().flat_map(mail_parser::Address::iter);
        let addresses = found.filter_map(|mailbox| mailbox.address.as_deref());
        addresses
            .filter_map(|text| address::first(text).map(|found| found.text.to_owned()))
            .collect()
    }

    /// The instant of a field such as `Date`.
    pub(crate) fn date(&self, raw: &str) -> Option<DateTime<Utc>> {
        let source = format!("Date: {raw}\r\n\r\n");
        let mail = self.0.parse_headers(source.as_bytes())?;
        let date = mail.date()?;
        let local = NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))?
            .and_hms_opt(u32::from(date.hour), u32::from(date.minute), u32::from(date.second))?;
        let minutes = i64::from(date.tz_hour) * 60 + i64::from(date.tz_minute);
        let offset = TimeDelta::minutes(if date.tz_before_gmt { -minutes } else { minutes });
        Some(local.checked_sub_signed(offset)?.and_utc())
    }

    /// The text of a part. Bytes that are no text in its character set become U+FFFD.
    pub(crate) fn text(&self, body: &[u8], charset: Option<&str>, encoding: Encoding) -> String {
        let charset = charset.filter(|name| is_token(name)).unwrap_or("utf-8");
        let is_simple = ["utf-8", "us-ascii", "ascii"]
            .iter()
            .any(|name| charset.eq_ignore_ascii_case(name));
        let text = if is_simple && encoding == Encoding::Plain {
            String::from_utf8_lossy(body).into_owned()
        } else {
            let head = format!(
                "Content-Type: text/plain; charset={charset}\r\n{}\r\n",
                encoding.field()
            );
            let source = [head.as_bytes(), body].concat();
            match self.0.parse(&source).and_then(|mail| mail.parts.into_iter().next()) {
                Some(part) => match part.body {
                    PartType::Text(text) | PartType::Html(text) => text.into_owned(),
                    _ => String::from_utf8_lossy(body).into_owned(),
                },
                None => String::from_utf8_lossy(body).into_owned(),
            }
        };
        if text.contains('\r') {
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text
        }
    }

    /// The bytes of a part that is no text.
    pub(crate) fn bytes(&self, body: &[u8], encoding: Encoding) -> Vec<u8> {
        if encoding == Encoding::Plain {
            return body.to_vec();
        }
        let head = format!("Content-Type: application/octet-stream\r\n{}\r\n", encoding.field());
        let source = [head.as_bytes(), body].concat();
        let part = self.0.parse(&source).and_then(|mail| mail.parts.into_iter().next());
        match part.map(|part| part.body) {
            Some(PartType::Binary(bytes) | PartType::InlineBinary(bytes)) => bytes.into_owned(),
            Some(PartType::Text(text) | PartType::Html(text)) => text.into_owned().into_bytes(),
            _ => body.to_vec(),
        }
    }
}

/// Whether a name can stand in the header that mail-parser is given.
fn is_token(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_decoded() {
        let decoder = Decoder::default();
        assert_eq!(
            decoder.text(b"Gr\xfc\xdfe\r\n", Some("iso-8859-1"), Encoding::Plain),
            "Grüße\n"
        );
        assert_eq!(decoder.text(b"R3LDvMOfZQ==", Some("UTF-8"), Encoding::Base64), "Grüße");
        assert_eq!(
            decoder.text(b"Gr=C3=BC=\r\n=C3=9Fe", None, Encoding::QuotedPrintable),
            "Grüße"
        );
        assert_eq!(
            decoder.text(b"\x1b$B$\"\x1b(B", Some("iso-2022-jp"), Encoding::Plain),
            "あ"
        );
        assert_eq!(decoder.text(b"a\r\nb", Some("no such\r\nset"), Encoding::Plain), "a\nb");
        assert_eq!(decoder.bytes(b"AAEC", Encoding::Base64), [0, 1, 2]);
    }

    #[test]
    fn dates_and_addresses_are_read() {
        let decoder = Decoder::default();
        let date = decoder.date("Thu, 29 Apr 2010 23:34:45 +0900").unwrap();
        assert_eq!(date.to_rfc3339(), "2010-04-29T14:34:45+00:00");
        assert_eq!(decoder.date("yesterday"), None);
        assert_eq!(
            decoder.addresses("\"Anna, K.\" <anna@buyer.example>, bob@shop.example"),
            ["anna@buyer.example", "bob@shop.example"]
        );
    }
}
