//! A mail that may be the notice of a mail system: its text, where the returned mail begins in it, and the signs that it is one.

use crate::Limits;
use crate::message::Message;
use crate::parse::header::shortened;
use crate::part::Role;
use crate::report::original;
use crate::scan::phrase::{self, has};

/// Names of senders that are programs of a mail system. Carriers of parcels have delivery in their names as well.
const DAEMONS: &[&str] = &[
    "mailer-daemon",
    "mailer_daemon",
    "mailerdaemon",
    "mail-daemon",
    "maildaemon",
    "mdaemon",
    "postmaster",
    "post_master",
    "poostmaster",
    "mail delivery system",
    "mail delivery subsystem",
    "mail.delivery.system",
    "mail-delivery-s",
    "mail deliver system",
    "internet mail delivery",
    "mail administrator",
    "delivery subsystem",
    "system administrator",
    "sysadmin@",
    "content-filter",
    "bounce@",
    "bounces@",
    "bounce-",
];

/// Senders that nobody reads.
const ROBOTS: &[&str] = &["no-reply", "noreply", "no_reply", "do-not-reply", "donotreply"];

/// Subjects that are those of notices, and hardly of anything else.
const SUBJECTS: &[&str] = &[
    "undeliver",
    "returned mail",
    "returned to sender",
    "return mail",
    "delivery failure",
    "delivery failed",
    "delivery fail",
    "delivery has failed",
    "delivery status",
    "delivery notification",
    "delivery error",
    "delivery problem",
    "delivery report",
    "delivery incomplete",
    "delivery delay",
    "failure notice",
    "failure notification",
    "mail failure",
    "failed delivery",
    "failed mail",
    "mail delivery",
    "message delivery",
    "mail system error",
    "message you sent",
    "not be delivered",
    "not delivered",
    "not been delivered",
    "non delivery",
    "non-delivery",
    "nondeliverable",
    "non-deliverable",
    "non remis",
    "échec de la remise",
    "unzustellbar",
    "nicht zugestellt",
    "zustellung fehlgeschlagen",
    "zustellung der nachricht",
    "no se puede entregar",
    "no entregado",
    "niet te bezorgen",
    "onbestelbaar",
    "mancata consegna",
    "impossibile recapitare",
    "недоставлен",
    "не доставлен",
    "配信",
    "送信でき",
    "退信",
    "delayed mail",
    "warning: message",
    "warning: could not send",
    "error sending your mail",
    "postmaster notify",
    "mail could not",
];

/// Subjects that may be those of notices.
const PERHAPS_SUBJECTS: &[&str] = &["bounce", "rejected", "error", "delayed", "エラー"];

/// Sentences that notices begin with.
const OPENINGS: &[&str] = &[
    "could not be delivered",
    "couldn't be delivered",
    "cannot be delivered",
    "can't be delivered",
    "can not be delivered",
    "was not delivered",
    "wasn't delivered",
    "not be delivered",
    "not been delivered",
    "not yet been delivered",
    "not able to be delivered",
    "unable to deliver",
    "wasn't able to deliver",
    "failed to deliver",
    "could not deliver",
    "deliver your message",
    "delivering your mail",
    "delivering your message",
    "delivery to the following",
    "delevery to the following",
    "delivery failed",
    "delivery has failed",
    "delivery problems",
    "delivery errors",
    "delivery expired",
    "had delivery",
    "had permanent fatal errors",
    "had fatal errors",
    "attempting to deliver a message",
    "trying to deliver the mail",
    "trying to deliver your",
    "following recipients",
    "did not receive",
    "following recipient(s)",
    "final-recipient:",
    "did not reach the following",
    "did not reach some",
    "undeliverable",
    "undelivered",
    "could not be sent",
    "was not relayed",
    "we had trouble delivering",
    "there was an error delivering",
    "transcript of session",
    "failure reasons",
    "this is a permanent error",
    "was blocked by our",
    "error message below",
    "incorrectly constructed",
    "message is delayed",
    "has been delayed",
    "mailbox exceeds",
    "mailbox is full",
    "delivered to one or more",
    "returned to sender",
    "rejected your message",
    "may not exist, or you may not have permission",
    "送信できませんでした",
    "配信できません",
    "unzustellbar",
    "konnte nicht",
    "n'a pas pu",
    "échec de la remise",
    "no se pudo",
    "no se ha podido",
    "non è stato possibile",
    "не может быть",
    "не удалось доставить",
];

/// Sentences by which a notice calls itself one of delay.
const DELAYS: &[&str] = &[
    "warning message only",
    "this is a warning only",
    "not yet been delivered",
    "has been delayed",
    "only a temporary failure report",
    "delivery incomplete",
    "is delayed for more",
    "still being retried",
    "will continue to try",
];

/// A mail, seen as a notice.
pub(crate) struct Notice<'m> {
    pub(crate) message: &'m Message,
    pub(crate) limits: &'m Limits,
    /// The lines that the mail system wrote.
    pub(crate) head: Vec<&'m str>,
    /// The lines of the mail that came back.
    pub(crate) tail: Vec<&'m str>,
}

impl<'m> Notice<'m> {
    /// The notice in a text of a mail.
    pub(crate) fn of(message: &'m Message, text: &'m str) -> Self {
        let lines: Vec<&str> = shortened(text, message.limits.report_bytes).lines().collect();
        let (head, tail) = lines.split_at(original::begin(&lines).min(lines.len()));
        Self {
            message,
            limits: &message.limits,
            head: head.to_vec(),
            tail: tail.to_vec(),
        }
    }

    /// What the mail system wrote, in one piece.
    pub(crate) fn head_text(&self) -> String {
        let mut text = String::new();
        for line in &self.head {
            if text.len() > 16 << 10 {
                break;
            }
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    pub(crate) fn head_has(&self, phrases: &[&str]) -> bool {
        has(&phrase::plain(&self.head_text()), phrases)
    }

    /// Whether the type of the mail says that it is a report.
    pub(crate) fn is_declared(&self) -> bool {
        let declared = self
            .message
            .header("content-type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        declared.starts_with("multipart/report") && !declared.contains("disposition-notification")
    }

    /// The addresses that Exim and Google name in a header field.
    pub(crate) fn failed_addresses(&self) -> Vec<&'m str> {
        let field = self.message.header("x-failed-recipients").unwrap_or_default();
        let addresses = field.split(',').map(|address| address.trim().trim_matches(['<', '>']));
        addresses
            .filter(|address| address.contains('@'))
            .take(self.limits.recipients)
            .collect()
    }

    /// The one address that failed, if there is one only.
    pub(crate) fn failed_address(&self) -> Option<String> {
        match self.failed_addresses()[..] {
            [address] => Some(address.to_owned()),
            _ => None,
        }
    }

    /// Exim returns the whole mail behind a mark of its own; others borrow its first sentence.
    pub(crate) fn is_from_exim(&self) -> bool {
        let is_exims = |line: &&str| has(&line.to_lowercase(), &["the header of the original message", "mail.ru"]);
        let looks_alike = self.head_has(&[
            "created automatically by mail delivery software",
            "incorrectly constructed",
        ]);
        looks_alike && !self.head.iter().chain(self.tail.first()).any(is_exims)
    }

    pub(crate) fn is_delay(&self) -> bool {
        self.head_has(DELAYS) || has(&self.subject(), DELAYS)
    }

    pub(crate) fn subject(&self) -> String {
        phrase::plain(self.message.subject().unwrap_or_default())
    }

    /// Whether no person can have sent it.
    fn is_surely_from_daemon(&self) -> bool {
        self.message.has_null_return_path()
            || has(
                &self.from(),
                &["mailer-daemon", "mail delivery system", "mail delivery subsystem"],
            )
    }

    /// Whether it reads like a notice and comes from a mail system, so that it is one though it names no recipient.
    pub(crate) fn is_certain(&self) -> bool {
        self.is_declared()
            || !self.failed_addresses().is_empty()
            || (self.is_from_daemon() && self.is_surely_from_daemon() && self.head_has(OPENINGS))
    }

    fn from(&self) -> String {
        self.message.header("from").unwrap_or_default().trim().to_lowercase()
    }

    /// Whether the sender is a mail system, or nobody.
    pub(crate) fn is_from_daemon(&self) -> bool {
        let from = self.from();
        from.is_empty() || from == "<>" || has(&from, DAEMONS)
    }

    /// Whether there are enough signs to look for recipients in the text. Who declares a report, names failed recipients in the
    /// header, or sends as a mail system what reads like a notice has written one.
    pub(crate) fn is_likely(&self) -> bool {
        if self.is_declared() || !self.failed_addresses().is_empty() {
            return true;
        }
        let subject = self.subject();
        let is_forwarded = subject.starts_with("fwd:") || subject.starts_with("fw:");
        let opens = self.head_has(OPENINGS);
        let is_named = has(&subject, SUBJECTS);
        if self.is_from_daemon() {
            let may_be_named = has(&subject, PERHAPS_SUBJECTS) && self.is_surely_from_daemon();
            return !is_forwarded && (opens || is_named || may_be_named);
        }
        let returns_mail = self.message.parts.iter().any(|part| part.role == Role::Message);
        let is_robot =
            has(&self.from(), ROBOTS) && returns_mail && self.head_has(&["could not be delivered to", "undeliverable"]);
        is_robot
            || (self.message.has_null_return_path()
                && opens
                && !is_forwarded
                && (is_named || has(&subject, PERHAPS_SUBJECTS)))
    }
}
