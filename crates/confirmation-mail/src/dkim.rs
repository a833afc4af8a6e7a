//! Signatures of the sending domain (DKIM, RFC 6376).

use std::fmt;

use ecrm_core::ValueError;
use lettre::message::Message;
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey,
};
use lettre::message::header::HeaderName;

/// The headers that are signed where they are there. RFC 8058 wants those of the unsubscription among them.
const HEADERS: [&str; 11] = [
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// A key of the sending domain, by which every mail is signed when it is composed: after its Message-ID is there, before anything can
/// change it.
///
/// The time of the signature (`t=`) is the machine's, as the mail library takes it.
pub struct Dkim(DkimConfig);

impl Dkim {
    /// An RSA key in PKCS #1 PEM, whose public part stands in DNS under `selector._domainkey.domain`.
    ///
    /// # Errors
    /// When it is no such key, or the names are none.
    pub fn rsa(selector: &str, domain: &str, pem: &str) -> Result<Self, ValueError> {
        Self::new(selector, domain, pem, DkimSigningAlgorithm::Rsa)
    }

    /// An Ed25519 key (RFC 8463): its 32 bytes in Base64. Not all receivers know it yet.
    ///
    /// # Errors
    /// When it is no such key, or the names are none.
    pub fn ed25519(selector: &str, domain: &str, base64: &str) -> Result<Self, ValueError> {
        Self::new(selector, domain, base64, DkimSigningAlgorithm::Ed25519)
    }

    fn new(selector: &str, domain: &str, key: &str, algorithm: DkimSigningAlgorithm) -> Result<Self, ValueError> {
        let is_name = |name: &str| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
        };
        if !is_name(selector) || !is_name(domain) {
            return Err(ValueError::new("DKIM selector or domain", "must be a name of the DNS"));
        }
        let key = DkimSigningKey::new(key, algorithm).map_err(|_| ValueError::new("DKIM key", "cannot be read"))?;
        let headers = HEADERS.into_iter().map(HeaderName::new_from_ascii_str).collect();
        let relaxed = DkimCanonicalization {
            header: DkimCanonicalizationType::Relaxed,
            body: DkimCanonicalizationType::Relaxed,
        };
        Ok(Self(DkimConfig::new(
            selector.to_owned(),
            domain.to_owned(),
            key,
            headers,
            relaxed,
        )))
    }

    pub(crate) fn sign(&self, message: &mut Message) {
        message.sign(&self.0);
    }
}

/// The key stays out of logs.
impl fmt::Debug for Dkim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dkim(…)")
    }
}
