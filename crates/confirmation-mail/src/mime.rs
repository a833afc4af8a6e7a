//! From texts to an internet message.

use std::time::SystemTime;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use chrono::{DateTime, Datelike, Utc};
use ecrm_core::{EmailAddress, ValueError};
use ecrm_store::hex;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MessageBuilder, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use crate::brand::Brand;
use crate::mailer::RenderedMail;
use crate::{Attachment, MailError};

/// What a message has beside its texts.
pub(crate) struct Envelope<'a> {
    pub(crate) from_name: &'a str,
    pub(crate) from: &'a EmailAddress,
    pub(crate) reply_to: Option<&'a EmailAddress>,
    pub(crate) to_name: Option<String>,
    pub(crate) to: &'a EmailAddress,
    pub(crate) message_id: &'a str,
    /// What the mail is about: mails about one thing form one thread.
    pub(crate) thread: Option<&'a str>,
    pub(crate) unsubscribe: Option<&'a str>,
    pub(crate) attachments: &'a [Attachment],
    /// Images that stand in the HTML, named by their files.
    pub(crate) images: &'a [Attachment],
    pub(crate) brand: &'a Brand,
    #[cfg(feature = "dkim")]
    pub(crate) dkim: Option<&'a crate::Dkim>,
}

/// The message (RFC 5322, MIME), with a text and an HTML part, dated and named: the same input gives the same bytes, as long as it is
/// not signed.
pub(crate) fn to_bytes(mail: &RenderedMail, envelope: &Envelope<'_>, now: DateTime<Utc>) -> Result<Vec<u8>, MailError> {
    if !(1970..=9999).contains(&now.year()) {
        return Err(ValueError::new("date of a mail", "must be of the years 1970 to 9999").into());
    }
    let mut builder = MessageBuilder::new()
        .from(Mailbox::new(
            Some(envelope.from_name.to_owned()),
            address(envelope.from)?,
        ))
        .to(Mailbox::new(envelope.to_name.clone(), address(envelope.to)?))
        .raw_header(subject(&mail.subject))
        .date(SystemTime::from(now))
        .message_id(Some(envelope.message_id.to_owned()));
    if let Some(reply_to) = envelope.reply_to {
        builder = builder.reply_to(Mailbox::new(Some(envelope.from_name.to_owned()), address(reply_to)?));
    }
    for (name, value) in more_headers(mail, envelope) {
        builder = builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
    }
    let mut message = builder
        .multipart(body(mail, envelope)?)
        .map_err(|error| MailError::Template(format!("the message cannot be built: {error}")))?;
    sign(&mut message, envelope);
    Ok(message.formatted())
}

#[cfg(feature = "dkim")]
fn sign(message: &mut Message, envelope: &Envelope<'_>) {
    if let Some(dkim) = envelope.dkim {
        dkim.sign(message);
    }
}

#[cfg(not(feature = "dkim"))]
fn sign(_: &mut Message, _: &Envelope<'_>) {}

/// A subject that stands for itself. In ASCII it travels as it is, unless a reader would take it for encoded and show something else.
fn subject(text: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str("Subject");
    if text.contains("=?") {
        HeaderValue::dangerous_new_pre_encoded(name, text.to_owned(), encoded_words(text))
    } else {
        HeaderValue::new(name, text.to_owned())
    }
}

/// A text as encoded words (RFC 2047), each with whole characters.
fn encoded_words(text: &str) -> String {
    let mut words = vec![String::new()];
    for character in text.chars() {
        match words.last_mut() {
            Some(word) if word.len() + character.len_utf8() <= 39 => word.push(character),
            _ => words.push(character.into()),
        }
    }
    let words = words.iter().map(|word| format!("=?utf-8?b?{}?=", BASE64.encode(word)));
    words.collect::<Vec<_>>().join("\r\n ")
}

fn more_headers(mail: &RenderedMail, envelope: &Envelope<'_>) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("Content-Language", mail.locale.clone()),
        // RFC 3834: no vacation note shall answer.
        ("Auto-Submitted", "auto-generated".to_owned()),
    ];
    if let Some(about) = envelope.thread {
        // The root of the thread is a message that was never sent: each mail can name it without looking for another.
        let root = format!(
            "<{}@{}>",
            &hex(&Sha256::digest(about.as_bytes()))[..32],
            envelope.from.domain()
        );
        headers.push(("In-Reply-To", root.clone()));
        headers.push(("References", root));
    }
    if let Some(url) = envelope.unsubscribe {
        // RFC 2369, and RFC 8058 for the one click.
        headers.push(("List-Unsubscribe", format!("<{url}>")));
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    headers
}

/// Texts in two forms; the HTML with its logo; and files beside them.
fn body(mail: &RenderedMail, envelope: &Envelope<'_>) -> Result<MultiPart, MailError> {
    // Boundaries follow from the Message-ID: no randomness of their own, and not to be found in any part.
    let unique: String = envelope
        .message_id
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(32)
        .collect();
    let html = part(ContentType::TEXT_HTML, &mail.html);
    let texts = MultiPart::alternative()
        .boundary(format!("=_ecrm_a_{unique}"))
        .singlepart(part(ContentType::TEXT_PLAIN, &mail.text));
    let logo = envelope.brand.inline_logo().map(|logo| ("logo", logo));
    let images = envelope.images.iter().map(|image| (image.name(), image));
    let mut related = None;
    for (name, image) in logo.into_iter().chain(images) {
        let kind = content_type(image)?;
        let image = lettre::message::Attachment::new_inline(name.to_owned()).body(in_base64(image)?, kind);
        let begun = || {
            MultiPart::related()
                .boundary(format!("=_ecrm_r_{unique}"))
                .singlepart(html.clone())
        };
        related = Some(related.unwrap_or_else(begun).singlepart(image));
    }
    let texts = match related {
        Some(related) => texts.multipart(related),
        None => texts.singlepart(html),
    };
    if envelope.attachments.is_empty() {
        return Ok(texts);
    }
    let mut mixed = MultiPart::mixed()
        .boundary(format!("=_ecrm_m_{unique}"))
        .multipart(texts);
    for file in envelope.attachments {
        let kind = content_type(file)?;
        let file = lettre::message::Attachment::new(file.name().to_owned()).body(in_base64(file)?, kind);
        mixed = mixed.singlepart(file);
    }
    Ok(mixed)
}

/// A text as a part. ASCII in lines that every relay takes (RFC 5322, 2.1.1) travels as it is; all else is encoded.
fn part(kind: ContentType, text: &str) -> SinglePart {
    let builder = SinglePart::builder().header(kind);
    let lines = text.replace("\r\n", "\n");
    let travels = lines.is_ascii() && !lines.contains('\r') && lines.split('\n').all(|line| line.len() <= 990);
    if travels {
        let lines = lines.replace('\n', "\r\n").into_bytes();
        return builder.body(Body::dangerous_pre_encoded(lines, ContentTransferEncoding::SevenBit));
    }
    builder.body(text.to_owned())
}

/// The bytes of a file, whatever they are: its line ends are no line ends of the message.
fn in_base64(file: &Attachment) -> Result<Body, MailError> {
    let refused = |_| MailError::Template("the mail library refuses the bytes of a file".to_owned());
    Body::new_with_encoding(file.content().to_vec(), ContentTransferEncoding::Base64).map_err(refused)
}

fn content_type(file: &Attachment) -> Result<ContentType, MailError> {
    let refused = |_| ValueError::new("media type", "is refused by the mail library");
    Ok(ContentType::parse(file.media_type()).map_err(refused)?)
}

fn address(address: &EmailAddress) -> Result<lettre::Address, MailError> {
    let refused = |_| MailError::Template("the mail library refuses an address that was accepted before".to_owned());
    address.ascii().parse().map_err(refused)
}
