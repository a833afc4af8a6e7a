//! What reading a mail may cost.

/// How much of a mail is read. A mail that is larger than [`bytes`](Self::bytes) is refused; what passes another limit is left
/// out, and the rest is read.
///
/// ```
/// let small = ecrm_message::Limits { bytes: 1024, ..ecrm_message::Limits::default() };
/// assert!(ecrm_message::Message::parse_within(&[b'a'; 1025], &small).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "built by naming the limits that differ from the defaults"
)]
pub struct Limits {
    /// Bytes of the whole mail.
    pub bytes: usize,
    /// Multiparts within each other, 100 at most. A part that is deeper is kept as text.
    pub depth: usize,
    /// Parts of the mail.
    pub parts: usize,
    /// Fields of one header.
    pub fields: usize,
    /// Bytes of the value of one header field.
    pub field_bytes: usize,
    /// Recipients that a report may name.
    pub recipients: usize,
    /// Bytes of a text in which a report is looked for. The reports of mail systems stand at the beginning.
    pub report_bytes: usize,
}

impl Default for Limits {
    /// Enough for the mails that mail systems let through: 25 MiB, 20 levels, 1,000 parts, 2,000 header fields of 64 KiB, 1,000
    /// recipients in the first 256 KiB of a report.
    fn default() -> Self {
        Self {
            bytes: 25 << 20,
            depth: 20,
            parts: 1_000,
            fields: 2_000,
            field_bytes: 64 << 10,
            recipients: 1_000,
            report_bytes: 256 << 10,
        }
    }
}
