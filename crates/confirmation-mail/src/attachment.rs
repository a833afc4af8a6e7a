//! Files that go with a mail.

use std::fmt;

use ecrm_core::ValueError;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::notice::turns_text;

/// The most bytes of one file: relays refuse larger mails.
const LARGEST: usize = 10 * 1024 * 1024;

/// A file that goes with a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    name: String,
    media_type: String,
    content: Vec<u8>,
}

impl Attachment {
    /// A file with its name and its media type, such as `application/pdf`.
    ///
    /// # Errors
    /// When the name has a path or characters that no file name has, the type is none, or the file is empty or larger than 10 MiB.
    pub fn new(name: &str, media_type: &str, content: Vec<u8>) -> Result<Self, ValueError> {
        // What turns text could make `gpj.exe` of an `exe.jpg`.
        let is_name = |character: char| {
            !character.is_control() && !matches!(character, '/' | '\\' | '"' | ':') && !turns_text(character)
        };
        if name.is_empty() || name.chars().count() > 120 || name.starts_with('.') || !name.chars().all(is_name) {
            return Err(ValueError::new(
                "name of a file",
                "must be 1 to 120 characters without a path",
            ));
        }
        let is_type = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte))
        };
        if !media_type
            .split_once('/')
            .is_some_and(|(kind, sub)| is_type(kind) && is_type(sub) && !matches!(kind, "multipart" | "message"))
        {
            return Err(ValueError::new(
                "media type",
                "must be that of a file, such as `application/pdf`",
            ));
        }
        if content.is_empty() || content.len() > LARGEST {
            return Err(ValueError::new("file", "must have 1 byte to 10 MiB"));
        }
        Ok(Self {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            content,
        })
    }

    /// True when the name can stand in a Content-ID (RFC 2392): a template refers to it by `cid:` and this name.
    pub(crate) fn can_be_inline(&self) -> bool {
        self.media_type.starts_with("image/")
            && self
                .name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Its bytes.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.content
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attachment({}, {} bytes)", self.media_type, self.content.len())
    }
}

/// What tells one file from another: its name, its type and a hash.
impl Serialize for Attachment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (
            &self.name,
            &self.media_type,
            ecrm_store::hex(&Sha256::digest(&self.content)),
        )
            .serialize(serializer)
    }
}
