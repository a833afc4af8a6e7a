//! Which encoding a document is in, by appendix F of XML 1.0: byte order mark, first bytes, declaration.

use encoding_rs::{Decoder, DecoderResult};

use crate::characters::is_space;
use crate::{ErrorCode, XmlError};

/// The encodings that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    /// UTF-8 that uses no more than seven bits.
    Ascii,
    Utf16 {
        is_big_endian: bool,
        has_mark: bool,
    },
    Latin1,
    Windows1252,
}

impl Encoding {
    /// The encoding of a document that begins with these bytes: enough of them to hold the declaration, or all there are.
    pub(crate) fn detect(start: &[u8]) -> Result<(Self, Transcoder), XmlError> {
        let utf16 = |is_big_endian, has_mark| {
            let encoding = if is_big_endian {
                encoding_rs::UTF_16BE
            } else {
                encoding_rs::UTF_16LE
            };
            let decoder = encoding.new_decoder_without_bom_handling();
            Ok((
                Self::Utf16 {
                    is_big_endian,
                    has_mark,
                },
                Transcoder::Decoder(decoder),
            ))
        };
        let utf8 = || Transcoder::Decoder(encoding_rs::UTF_8.new_decoder_without_bom_handling());
        match start {
            [0xEF, 0xBB, 0xBF, ..] => Ok((Self::Utf8, utf8())),
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [0, 0, 0, b'<', ..] | [b'<', 0, 0, 0, ..] => {
                Err(unreadable("UTF-32"))
            }
            [0xFE, 0xFF, ..] => utf16(true, true),
            [0xFF, 0xFE, ..] => utf16(false, true),
            [0, b'<', 0, _, ..] => utf16(true, false),
            [b'<', 0, _, 0, ..] => utf16(false, false),
            _ => match declared(start).map(Self::of_label) {
                None | Some(Some(Self::Utf8)) => Ok((Self::Utf8, utf8())),
                Some(Some(Self::Ascii)) => Ok((Self::Ascii, Transcoder::Ascii)),
                Some(Some(Self::Latin1)) => Ok((Self::Latin1, Transcoder::Latin1)),
                Some(Some(Self::Windows1252)) => {
                    let decoder = encoding_rs::WINDOWS_1252.new_decoder_without_bom_handling();
                    Ok((Self::Windows1252, Transcoder::Decoder(decoder)))
                }
                Some(Some(Self::Utf16 { .. })) => Err(lie("UTF-16")),
                Some(None) => Err(unreadable("the declared encoding")),
            },
        }
    }

    /// The encoding of a name in a declaration, in any case. UTF-16 without its byte order is big-endian here, and means either.
    fn of_label(label: &[u8]) -> Option<Self> {
        let is_one_of = |names: &[&str]| names.iter().any(|name| label.eq_ignore_ascii_case(name.as_bytes()));
        let utf16 = |is_big_endian| Self::Utf16 {
            is_big_endian,
            has_mark: false,
        };
        if is_one_of(&["utf-8", "utf8"]) {
            Some(Self::Utf8)
        } else if is_one_of(&["us-ascii", "ascii"]) {
            Some(Self::Ascii)
        } else if is_one_of(&["utf-16", "utf-16be"]) {
            Some(utf16(true))
        } else if is_one_of(&["utf-16le"]) {
            Some(utf16(false))
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
        let declared = Self::of_label(label.as_bytes()).ok_or_else(|| unreadable("the declared encoding"))?;
        let is_true = match (self, declared) {
            (Self::Utf16 { .. }, Self::Utf16 { .. }) if label.eq_ignore_ascii_case("utf-16") => true,
            (
                Self::Utf16 {
                    is_big_endian: found, ..
                },
                Self::Utf16 { is_big_endian, .. },
            ) => found == is_big_endian,
            // ASCII with a byte order mark is UTF-8, which contains it.
            (Self::Utf8, Self::Ascii) => true,
            (found, declared) => found == declared,
        };
        if is_true { Ok(()) } else { Err(lie("another encoding")) }
    }

    /// [Section 4.3.3](https://www.w3.org/TR/xml/#charencoding): UTF-16 begins with a byte order mark, or is declared.
    pub(crate) fn must_be_declared(self) -> bool {
        matches!(self, Self::Utf16 { has_mark: false, .. })
    }
}

/// UTF-16 that neither a mark nor a declaration announces.
pub(crate) fn undeclared() -> XmlError {
    XmlError::new(ErrorCode::Encoding, "UTF-16 needs a byte order mark or a declaration")
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
    let declaration = start
        .strip_prefix(b"<?xml")
        .filter(|rest| rest.first().is_some_and(|byte| is_space(*byte)))?;
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
    /// They must be of seven bits.
    Ascii,
    /// Each byte is the character of its number. encoding_rs reads this label as windows-1252, as browsers do; XML does not.
    Latin1,
    Decoder(Decoder),
}

impl Transcoder {
    /// Appends the text of `raw` to `text`, up to the first bytes that are no text.
    pub(crate) fn append(&mut self, raw: &[u8], is_last: bool, text: &mut String) -> Result<(), XmlError> {
        match self {
            Self::Ascii => {
                let ascii = raw.iter().take_while(|byte| byte.is_ascii()).count();
                text.push_str(&encoding_rs::mem::decode_latin1(&raw[..ascii]));
                if ascii < raw.len() { Err(malformed()) } else { Ok(()) }
            }
            Self::Latin1 => {
                text.push_str(&encoding_rs::mem::decode_latin1(raw));
                Ok(())
            }
            Self::Decoder(decoder) => decode(decoder, raw, is_last, text),
        }
    }
}

fn decode(decoder: &mut Decoder, raw: &[u8], is_last: bool, text: &mut String) -> Result<(), XmlError> {
    let needed = decoder
        .max_utf8_buffer_length_without_replacement(raw.len())
        .ok_or_else(|| XmlError::new(ErrorCode::Limit, "the input comes in blocks too large to decode"))?;
    // The decoder touches all the room behind a text, which is too much for the few bytes that a slow input gives at a time.
    let mut piece = String::new();
    let is_small = raw.len() < SMALL;
    let to = if is_small { &mut piece } else { &mut *text };
    to.reserve(needed);
    let decoded = decoder.decode_to_string_without_replacement(raw, to, is_last);
    text.push_str(&piece);
    match decoded {
        (DecoderResult::InputEmpty, read) if read == raw.len() => Ok(()),
        _ => Err(malformed()),
    }
}

/// Bytes that are decoded apart, because copying them costs less than the room behind a text.
const SMALL: usize = 4096;

/// Bytes that are no text in the encoding of the document.
pub(crate) fn malformed() -> XmlError {
    XmlError::new(
        ErrorCode::Encoding,
        "bytes that are no text in the document's encoding; the document is damaged or declares the wrong one",
    )
}
