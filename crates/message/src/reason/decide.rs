//! From the words and codes of a diagnostic to a reason.

use ecrm_core::EnhancedStatus;

use crate::Reason;
use crate::reason::words::address as mailbox;
use crate::reason::words::{refusal, system};
use crate::scan::phrase::{has, plain, position, without_names};

/// What the sending host had said when it got the answer. "User unknown" after RCPT is about the mailbox; after DATA it is what
/// a filter says of a mailbox that was accepted a moment before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Connect,
    Mail,
    Recipient,
    Data,
}

const PHASES: [(Phase, &[&str]); 4] = [
    (
        Phase::Recipient,
        &[
            "rcpt to",
            "rcpt_to",
            "rcpt command",
            "rcpt cmd",
            "in rcpt",
            "after rcpt",
            "does not like recipient",
            "rejected recipient",
            "smtp:rcpt",
            "(state 14)",
        ],
    ),
    (
        Phase::Mail,
        &[
            "mail from",
            "mail_from",
            "mail command",
            "sender was rejected",
            "does not like sender",
            "smtp:mail",
            "(state 13)",
        ],
    ),
    (
        Phase::Data,
        &[
            "end of data",
            "end-of-data",
            "data command",
            "after data",
            "after i sent the message",
            "failed on data",
            "text command",
            "final data",
            "[data]",
            "did not like our data",
            ">>> data",
            "smtp command data",
            "after body",
            "smtp:data",
            "(state 15)",
            "(state 16)",
            "(state 17)",
            "(state 18)",
        ],
    ),
    (
        Phase::Connect,
        &[
            "initial connection",
            "refused to talk to me",
            "my name was rejected",
            "greeting failed",
            "after helo",
            "after ehlo",
            "helo command",
            "ehlo command",
            "helo handshake",
            "ehlo handshake",
            "did not like our helo",
            "did not like our ehlo",
            "[connect]",
            ">>> helo",
            ">>> ehlo",
        ],
    ),
];

impl Phase {
    /// The phase that a plain text names first.
    pub(crate) fn of(plain: &str) -> Option<Self> {
        let named = PHASES.iter().flat_map(|(phase, phrases)| {
            let places = phrases.iter().filter_map(|phrase| position(plain, phrase));
            places.min().map(|at| (at, *phase))
        });
        named.min_by_key(|(at, _)| *at).map(|(_, phase)| phase)
    }
}

/// The reason that a diagnostic gives, with the status and the phase as far as they are known.
pub(crate) fn decide(diagnostic: &str, status: Option<EnhancedStatus>, phase: Option<Phase>) -> Reason {
    let text = without_names(&plain(diagnostic));
    let says = |phrases: &[&str]| has(&text, phrases);
    let found = by_certain_code(status, &says)
        .or_else(|| by_refusal(status, &says))
        .or_else(|| by_sender(phase, &says))
        .or_else(|| by_address(phase, &says))
        .or_else(|| by_policy(&says))
        .or_else(|| by_exact_code(status))
        .or_else(|| by_system(&says));
    if let Some(reason) = found {
        return reason;
    }
    if phase == Some(Phase::Mail) {
        return Reason::Rejected;
    }
    // A code of the address or of a policy says more than that the recipient was refused.
    let is_explained = matches!(pair(status).0, 1 | 7);
    if says(mailbox::REFUSED_RECIPIENT) && !is_explained {
        return unknown_in(phase);
    }
    status.map_or(Reason::Undefined, by_code)
}

/// Subject and detail of a status.
fn pair(status: Option<EnhancedStatus>) -> (u16, u16) {
    status.map_or((0, 0), |status| (status.subject(), status.detail()))
}

/// Codes and words that nothing else in a diagnostic can overrule.
fn by_certain_code(status: Option<EnhancedStatus>, says: &dyn Fn(&[&str]) -> bool) -> Option<Reason> {
    let code = pair(status);
    match code {
        (2, 2) => return Some(Reason::MailboxFull),
        (3, 4) => return Some(Reason::MesgTooBig),
        _ if says(mailbox::FULL) => return Some(Reason::MailboxFull),
        (2, 3) => return Some(Reason::ExceedLimit),
        (7, 23 | 26 | 509) => return Some(Reason::AuthFailure),
        (7, 25) => return Some(Reason::RequirePtr),
        (1, 6) => return Some(Reason::HasMoved),
        _ => {}
    }
    let groups: [(&[&str], Reason); 4] = [
        (refusal::VIRUS, Reason::VirusDetected),
        (refusal::AUTHENTICATION, Reason::AuthFailure),
        (refusal::REVERSE_NAME, Reason::RequirePtr),
        (refusal::REPUTATION, Reason::BadReputation),
    ];
    if let Some(reason) = first(&groups, says) {
        return Some(reason);
    }
    // A code of the address: only a refusal of the host is stronger.
    let is_about_address = match code {
        (1, 1) => true,
        (1, 3 | 10) => says(mailbox::UNKNOWN),
        _ => false,
    };
    // What is said of the sender condemns no recipient, whatever the code.
    if is_about_address && !says(refusal::BLOCKED) && !says(&["sender address rejected"]) {
        return Some(Reason::UserUnknown);
    }
    (code == (1, 10)).then_some(Reason::NotAccept)
}

fn by_refusal(status: Option<EnhancedStatus>, says: &dyn Fn(&[&str]) -> bool) -> Option<Reason> {
    let groups: [(&[&str], Reason); 13] = [
        (mailbox::FILTERED, Reason::Filtered),
        (refusal::SPAM_LINK, Reason::SpamDetected),
        (refusal::TOO_MANY, Reason::TooManyConn),
        (mailbox::MOVED, Reason::HasMoved),
        (refusal::RELAY, Reason::NoRelaying),
        (mailbox::SUSPENDED, Reason::Suspend),
        (refusal::TOO_BIG, Reason::MesgTooBig),
        (refusal::TOO_LONG, Reason::ExceedLimit),
        (refusal::NOT_RFC, Reason::NotCompliantRfc),
        (mailbox::NO_MAIL, Reason::NotAccept),
        (refusal::BLOCKED, Reason::Blocked),
        (refusal::SPAM, Reason::SpamDetected),
        (refusal::TOO_FAST, Reason::Speeding),
    ];
    let reason = first(&groups, says)?;
    let is_content = pair(status) == (6, 1) && reason == Reason::SpamDetected;
    Some(if is_content { Reason::ContentError } else { reason })
}

fn by_sender(phase: Option<Phase>, says: &dyn Fn(&[&str]) -> bool) -> Option<Reason> {
    let is_early = matches!(phase, Some(Phase::Mail | Phase::Connect));
    if says(&["recipient address rejected: access denied"]) && matches!(phase, Some(Phase::Recipient) | None) {
        // What Exchange Online says of a mailbox that its directory does not have.
        return Some(Reason::UserUnknown);
    }
    if is_early && says(&["access denied"]) {
        return Some(Reason::Rejected);
    }
    if says(&["name service error"]) && says(&["try again"]) {
        return Some(Reason::NetworkError);
    }
    let is_about_mailbox = phase == Some(Phase::Recipient) && says(mailbox::UNKNOWN) && !says(&["sender"]);
    if says(refusal::SENDER) && !is_about_mailbox && !says(&["recipient address rejected"]) {
        return Some(Reason::Rejected);
    }
    let groups: [(&[&str], Reason); 2] = [
        (system::SYSTEM_FULL, Reason::SystemFull),
        (system::PROGRAM, Reason::MailerError),
    ];
    first(&groups, says)
}

fn by_address(phase: Option<Phase>, says: &dyn Fn(&[&str]) -> bool) -> Option<Reason> {
    if phase != Some(Phase::Mail) && says(mailbox::HOST) {
        return Some(Reason::HostUnknown);
    }
    if says(mailbox::UNKNOWN_IN_ANY_PHASE) {
        return Some(Reason::UserUnknown);
    }
    if phase.is_none() && says(mailbox::UNKNOWN_WITHOUT_PHASE) {
        return Some(Reason::UserUnknown);
    }
    says(mailbox::UNKNOWN).then(|| unknown_in(phase))
}

/// What it means that a mailbox is unknown.
fn unknown_in(phase: Option<Phase>) -> Reason {
    match phase {
        Some(Phase::Recipient) => Reason::UserUnknown,
        Some(Phase::Mail | Phase::Connect) => Reason::Rejected,
        Some(Phase::Data) | None => Reason::Filtered,
    }
}

fn by_policy(says: &dyn Fn(&[&str]) -> bool) -> Option<Reason> {
    let groups: [(&[&str], Reason); 6] = [
        (refusal::PERHAPS_SPAM, Reason::SpamDetected),
        (refusal::POLICY, Reason::PolicyViolation),
        (refusal::PERHAPS_BLOCKED, Reason::Blocked),
        (refusal::SECURITY, Reason::SecurityError),
        (system::MALFORMED_ADDRESS, Reason::SyntaxError),
        (system::CONTENT_FORM, Reason::ContentError),
    ];
    first(&groups, says)
}

/// Codes that say more than the words about systems and networks.
fn by_exact_code(status: Option<EnhancedStatus>) -> Option<Reason> {
    matches!(pair(status), (1, 2 | 3) | (3, 2) | (4, 4)).then(|| status.map_or(Reason::Undefined, by_code))
}

fn by_system(says: &dyn Fn(&[&str]) -> bool) -> Option<Reason> {
    let groups: [(&[&str], Reason); 5] = [
        (system::EXPIRED, Reason::Expired),
        (system::NETWORK, Reason::NetworkError),
        (system::CONTENT, Reason::ContentError),
        (system::SYSTEM, Reason::SystemError),
        (system::SYNTAX, Reason::SyntaxError),
    ];
    first(&groups, says)
}

fn first(groups: &[(&[&str], Reason)], says: &dyn Fn(&[&str]) -> bool) -> Option<Reason> {
    let mut groups = groups.iter();
    groups.find(|(phrases, _)| says(phrases)).map(|(_, reason)| *reason)
}

/// What a code says when no word does (RFC 3463 and its registry).
fn by_code(status: EnhancedStatus) -> Reason {
    match (status.subject(), status.detail()) {
        (1, 2) | (4, 4) => Reason::HostUnknown,
        (1, 6) => Reason::HasMoved,
        (1, 7 | 8) | (7, 27) => Reason::Rejected,
        (1, 9 | 10) | (3, 2) => Reason::NotAccept,
        (1, _) => Reason::UserUnknown,
        (2, 2) => Reason::MailboxFull,
        (2, 3) => Reason::ExceedLimit,
        (2, _) => Reason::Filtered,
        (3, 1) => Reason::SystemFull,
        (3, 4) => Reason::MesgTooBig,
        (3, _) | (4, 3) => Reason::SystemError,
        (4, 1 | 7) => Reason::Expired,
        (4, _) => Reason::NetworkError,
        (5, _) => Reason::SyntaxError,
        (6, _) => Reason::ContentError,
        (7, 20..=24 | 26 | 509) => Reason::AuthFailure,
        (7, 25) => Reason::RequirePtr,
        (7, _) => Reason::SecurityError,
        _ => Reason::Undefined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(diagnostic: &str) -> Reason {
        decide(
            diagnostic,
            crate::scan::code::status(diagnostic),
            Phase::of(&plain(diagnostic)),
        )
    }

    #[test]
    fn the_words_of_mail_systems_are_known() {
        for (diagnostic, expected) in [
            (
                "550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command)",
                Reason::UserUnknown,
            ),
            (
                "550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser",
                Reason::UserUnknown,
            ),
            (
                "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
                Reason::UserUnknown,
            ),
            (
                "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
                Reason::UserUnknown,
            ),
            (
                "452-4.2.2 The email account that you tried to reach is over quota.",
                Reason::MailboxFull,
            ),
            ("552 5.2.2 Mailbox size limit exceeded", Reason::MailboxFull),
            (
                "550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus",
                Reason::Blocked,
            ),
            ("554 5.7.1 This message contains spam", Reason::SpamDetected),
            (
                "550 5.7.26 This mail is unauthenticated, which poses a security risk",
                Reason::AuthFailure,
            ),
            (
                "550-5.7.25 The IP address sending this message does not have a PTR record",
                Reason::RequirePtr,
            ),
            ("554 5.7.1 <a@b.example>: Relay access denied", Reason::NoRelaying),
            ("550 relay not permitted", Reason::NoRelaying),
            ("556 5.1.10 Recipient address has null MX", Reason::NotAccept),
            (
                "Host or domain name not found. Name service error for name=b.example type=A: Host not found",
                Reason::HostUnknown,
            ),
            ("552 5.3.4 Message size exceeds fixed limit", Reason::MesgTooBig),
            (
                "550 5.2.1 The email account that you tried to reach is disabled.",
                Reason::Suspend,
            ),
            ("421 4.7.0 Too many connections from your host", Reason::TooManyConn),
            (
                "delivery temporarily suspended: connect to mx.b.example[192.0.2.1]:25: Connection timed out",
                Reason::Expired,
            ),
            (
                "connect to mx.b.example[192.0.2.1]:25: No route to host",
                Reason::NetworkError,
            ),
            (
                "551 5.1.6 Recipient has moved, please try another address",
                Reason::HasMoved,
            ),
            ("550 Virus found in message", Reason::VirusDetected),
            ("554 5.6.0 Message contains invalid header", Reason::ContentError),
            ("452 4.3.1 Insufficient system storage", Reason::SystemFull),
            (
                "553 5.1.8 Domain of sender address does not exist (in reply to MAIL FROM command)",
                Reason::Rejected,
            ),
            ("550 No such user here", Reason::UserUnknown),
            (
                "550 5.7.1 <a@b.example>: Recipient address rejected: Please see http://www.openspf.example/Why (in reply to RCPT TO command)",
                Reason::SecurityError,
            ),
            (
                "450 4.1.8 <s@c.example>: Sender address rejected: Domain not found (in reply to RCPT TO command)",
                Reason::Rejected,
            ),
            (
                "550 #5.1.0 Address rejected. (in reply to RCPT TO command)",
                Reason::UserUnknown,
            ),
            ("550 User unknown (in reply to end of DATA command)", Reason::Filtered),
        ] {
            assert_eq!(reason(diagnostic), expected, "{diagnostic}");
        }
    }

    #[test]
    fn a_refused_sender_condemns_no_recipient() {
        let status = "5.1.1".parse().ok();
        let words = "550 5.1.1 <shop@lamps.example>: Sender address rejected: User unknown";
        assert!(!decide(words, status, Some(Phase::Recipient)).condemns_address());
        assert!(decide("550 5.1.1 user unknown", status, Some(Phase::Recipient)).condemns_address());
    }

    #[test]
    fn a_name_is_no_reason() {
        assert_eq!(
            reason("550 5.1.1 <spam-virus@full.example> is not here, see https://blocked.example/dmarc"),
            Reason::UserUnknown
        );
        assert_eq!(reason(""), Reason::Undefined);
    }

    #[test]
    fn each_reason_has_a_word_and_a_status() {
        for reason in Reason::ALL {
            assert!(reason.as_str().bytes().all(|byte| byte.is_ascii_lowercase()));
            assert!(reason.status(5).is_some() && reason.status(4).is_some());
        }
    }
}
