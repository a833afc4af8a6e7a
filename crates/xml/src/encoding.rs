//! Which encoding a document is in, by appendix F of XML 1.0: byte order mark, first bytes, declaration.

use encoding_rs::{Decoder, DecoderResult};

use crate::{ErrorCode, XmlError};

/// The encodings that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16,
    Latin1,
    Windows1252,
}

impl Encoding {
    /// The encoding of a document that begins with these bytes: enough of them to hold the declaration, or all there are.
    pub(crate) fn detect(start: &[u8]) -> Result<(Self, Transcoder), XmlError> {
        let utf16 = |encoding: &'static encoding_rs::Encoding| {
            Ok((
                Self::Utf16,
                Transcoder::Decoder(encoding.new_decoder_without_bom_handling()),
            ))
        };
        match start {
            [0xEF, 0xBB, 0xBF, ..] => Ok((Self::Utf8, Transcoder::None)),
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [0, 0, 0, b'<', ..] | [b'<', 0, 0, 0, ..] => {
                Err(unreadable("UTF-32"))
            }
            [0xFE, 0xFF, ..] | [0, b'<', 0, _, ..] => utf16(encoding_rs::UTF_16BE),
            [0xFF, 0xFE, ..] | [b'<', 0, _, 0, ..] => utf16(encoding_rs::UTF_16LE),
            _ => match declared(start) {
                None => Ok((Self::Utf8, Transcoder::None)),
                Some(label) => match Self::of_label(label) {
                    Some(Self::Utf8) => Ok((Self::Utf8, Transcoder::None)),
                    Some(Self::Latin1) => Ok((Self::Latin1, Transcoder::Latin1)),
                    Some(Self::Windows1252) => Ok((
                        Self::Windows1252,
                        Transcoder::Decoder(encoding_rs::WINDOWS_1252.new_decoder_without_bom_handling()),
                    )),
                    Some(Self::Utf16) => Err(lie("UTF-16")),
                    None => Err(unreadable("the declared encoding")),
                },
            },
        }
    }

    /// The encoding of a name in a declaration, in any case.
    fn of_label(label: &[u8]) -> Option<Self> {
        let is_one_of = |names: &[&str]| names.iter().any(|name| label.eq_ignore_ascii_case(name.as_bytes()));
        if is_one_of(&["utf-8", "utf8", "us-ascii", "ascii"]) {
            Some(Self::Utf8)
        } else if is_one_of(&["utf-16", "utf-16le", "utf-16be"]) {
            Some(Self::Utf16)
        } else if is_one_of(&["iso-8859-1", "latin1", "iso_8859-1", "l1"]) {
            Some(Self::Latin1)
        } else if is_one_of(&["windows-1252", "cp1252"]) {
            Some(Self::Windows1252)
        } else {
            None
        }
    }

    /// Refuses a declaration that says something else than the bytes do.
    pub(crate) fn confirm(self, label: &str) -> Result<(), XmlError> {
        match Self::of_label(label.as_bytes()) {
            Some(declared) if declared == self => Ok(()),
            Some(_) => Err(lie("another encoding")),
            None => Err(unreadable("the declared encoding")),
        }
    }
}

fn unreadable(what: &str) -> XmlError {
    XmlError::new(
        ErrorCode::Encoding,
        format!("{what} is not read; send UTF-8, UTF-16, ISO-8859-1 or windows-1252"),
    )
}

fn lie(declared: &str) -> XmlError {
    XmlError::new(
        ErrorCode::Encoding,
        format!("the declaration says {declared}, and the bytes say otherwise; declare the encoding that is sent"),
    )
}

/// The encoding name of a declaration in an encoding that contains ASCII. Its grammar is checked when the declaration is read.
fn declared(start: &[u8]) -> Option<&[u8]> {
    let declaration = start.strip_prefix(b"<?xml")?;
    let end = memchr::memchr(b'>', declaration)?;
    let declaration = &declaration[..end];
    let at = memchr::memmem::find(declaration, b"encoding")?;
    let rest = declaration.get(at + b"encoding".len()..)?.trim_ascii_start();
    let rest = rest.strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = rest.split_first()?;
    memchr::memchr(*quote, rest).map(|end| &rest[..end])
}

/// Turns the bytes of an input into UTF-8.
pub(crate) enum Transcoder {
    /// They are UTF-8 already.
    None,
    /// Each byte is the character of its number. encoding_rs reads this label as windows-1252, as browsers do; XML does not.
    Latin1,
    Decoder(Decoder),
}

impl Transcoder {
    /// Appends the text of `raw` to `text`.
    pub(crate) fn append(&mut self, raw: &[u8], is_last: bool, text: &mut Vec<u8>) -> Result<(), XmlError> {
        match self {
            Self::None => text.extend_from_slice(raw),
            Self::Latin1 => {
                let start = text.len();
                text.resize(start + 2 * raw.len(), 0);
                let written = encoding_rs::mem::convert_latin1_to_utf8(raw, &mut text[start..]);
                text.truncate(start + written);
            }
            Self::Decoder(decoder) => decode(decoder, raw, is_last, text)?,
        }
        Ok(())
    }
}

fn decode(decoder: &mut Decoder, raw: &[u8], is_last: bool, text: &mut Vec<u8>) -> Result<(), XmlError> {
    let needed = decoder
        .max_utf8_buffer_length_without_replacement(raw.len())
        .ok_or_else(|| XmlError::new(ErrorCode::Limit, "the input comes in blocks too large to decode"))?;
    let start = text.len();
    text.resize(start + needed, 0);
    let (result, read, written) = decoder.decode_to_utf8_without_replacement(raw, &mut text[start..], is_last);
    text.truncate(start + written);
    match result {
        DecoderResult::InputEmpty if read == raw.len() => Ok(()),
        _ => Err(malformed()),
    }
}

/// Bytes that are no text in the encoding of the document.
pub(crate) fn malformed() -> XmlError {
    XmlError::new(
        ErrorCode::Encoding,
        "bytes that are no text in the document's encoding; the document is damaged or declares the wrong one",
    )
}
