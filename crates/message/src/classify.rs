//! What a mail is.

use crate::message::Message;
use crate::model::Kind;
use crate::{auto_reply, report};

impl Message {
    /// What this mail is: one that somebody wrote, an automatic one, or the report of a mail system.
    ///
    /// Reports in the forms of RFC 3464 and RFC 5965 are told by their parts. Others are looked for only in mails that a mail
    /// system has sent, or that say so in their header: a customer who writes of an undeliverable mail has written an ordinary one,
    /// and so has one who forwards a report.
    ///
    /// ```
    /// use ecrm_message::{Kind, Message, Reason};
    ///
    /// let mail = Message::parse(b"Return-Path: <>\r\n\
    ///     From: MAILER-DAEMON@mx.example\r\n\
    ///     Subject: failure notice\r\n\
    ///     \r\n\
    ///     Hi. This is the qmail-send program at mx.example.\r\n\
    ///     I'm afraid I wasn't able to deliver your message to the following addresses.\r\n\
    ///     \r\n\
    ///     <anna@buyer.example>:\r\n\
    ///     192.0.2.1 does not like recipient.\r\n\
    ///     Remote host said: 550 5.1.1 User unknown\r\n\
    ///     \r\n\
    ///     --- Below this line is a copy of the message.\r\n\
    ///     \r\n\
    ///     Message-ID: <order-10248@shop.example>\r\n")?;
    /// let Kind::Report(report) = mail.classify() else { panic!("a report") };
    /// assert_eq!(report.original.message_id(), Some("order-10248@shop.example"));
    /// let recipient = &report.recipients[0];
    /// assert_eq!(recipient.address.as_deref(), Some("anna@buyer.example"));
    /// assert_eq!((recipient.reason, recipient.is_hard), (Reason::UserUnknown, true));
    /// # Ok::<(), ecrm_message::MessageError>(())
    /// ```
    #[must_use]
    pub fn classify(&self) -> Kind {
        if let Some(report) = report::find(self, 0) {
            return Kind::Report(report);
        }
        auto_reply::find(self).map_or(Kind::Ordinary, Kind::AutoReply)
    }
}
