//! What a caller can act on.

/// Why a mail was not read.
///
/// Whatever else is wrong with a mail, it is read as far as it goes: a broken mail is worth more than none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageError {
    /// The mail is larger than [`Limits::bytes`](crate::Limits::bytes).
    #[error("the mail has {bytes} bytes and {most} are allowed; keep it as it came, and let somebody look at it")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// There is no header field in it.
    #[error("this is no mail: it does not begin with a header field; keep it as it came, and let somebody look at it")]
    NoHeader,
}
