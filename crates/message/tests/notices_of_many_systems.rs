//! Notices as mail systems write them, invented for these tests: each with the recipient, the status and the reason that it tells.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use ecrm_message::{AutoReplyCause, Kind, Message, Reason, Report, ReportKind};

const RETURNED: &str = "Received: from shop.example by mx.example; Thu, 19 Nov 2026 10:00:00 +0000\n\
    From: shop@shop.example\nTo: anna@buyer.example\nSubject: Your order\nMessage-ID: <order-10248@shop.example>\n\nThank you\n";

fn mail(from: &str, subject: &str, more: &str, body: &str) -> Message {
    let text = format!(
        "Return-Path: <>\nFrom: {from}\nTo: shop@shop.example\nSubject: {subject}\nDate: Thu, 19 Nov 2026 12:00:00 +0100\n{more}\n{body}"
    );
    Message::parse(text.as_bytes()).unwrap()
}

fn report(mail: &Message) -> Report {
    match mail.classify() {
        Kind::Report(report) => report,
        kind => panic!("{kind:?}"),
    }
}

/// What is read of a notice in words, whose returned mail is that of the shop.
fn in_words(from: &str, subject: &str, more: &str, body: &str) -> (String, Reason, bool, Report) {
    let report = report(&mail(from, subject, more, &format!("{body}{RETURNED}")));
    assert_eq!(report.recipients.len(), 1, "{subject}");
    assert_eq!(
        report.original.message_id(),
        Some("order-10248@shop.example"),
        "{subject}"
    );
    assert_eq!(report.original.header("SUBJECT"), Some("Your order"));
    assert_eq!(report.reported_at.unwrap().to_rfc3339(), "2026-11-19T11:00:00+00:00");
    let recipient = &report.recipients[0];
    assert_eq!(recipient.address.as_deref(), Some("anna@buyer.example"), "{subject}");
    (
        recipient.status.unwrap().to_string(),
        recipient.reason,
        recipient.is_hard,
        report,
    )
}

#[test]
fn notices_in_words_are_understood() {
    let daemon = "MAILER-DAEMON@mx.example";
    let notices = [
        (
            "qmail, no such host",
            in_words(
                daemon,
                "failure notice",
                "",
                "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<anna@buyer.example>:\nSorry, I couldn't find any host named buyer.example. (#5.1.2)\n\n--- Below this line is a copy of the message.\n\n",
            ),
            ("5.1.2", Reason::HostUnknown, true),
        ),
        (
            "qmail, full",
            in_words(
                daemon,
                "failure notice",
                "",
                "Hi. This is the qmail-send program at mx.example.\n\n<anna@buyer.example>:\nuser is over quota\n\n--- Below this line is a copy of the message.\n\n",
            ),
            ("5.0.922", Reason::MailboxFull, false),
        ),
        (
            "Exim, unknown",
            in_words(
                "Mail Delivery System <Mailer-Daemon@mx.example>",
                "Mail delivery failed: returning message to sender",
                "X-Failed-Recipients: anna@buyer.example\nAuto-Submitted: auto-replied\n",
                "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  anna@buyer.example\n    host mx.buyer.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<anna@buyer.example>:\n    550 No such user here\n\n------ This is a copy of the message, including all the headers. ------\n\n",
            ),
            ("5.0.911", Reason::UserUnknown, true),
        ),
        (
            "Exim, sender refused",
            in_words(
                "Mail Delivery System <Mailer-Daemon@mx.example>",
                "Mail delivery failed: returning message to sender",
                "X-Failed-Recipients: anna@buyer.example\n",
                "This message was created automatically by mail delivery software.\n\nThe following address(es) failed:\n\n  anna@buyer.example\n    SMTP error from remote mail server after MAIL FROM:<shop@shop.example> SIZE=1000:\n    550 Sender verify failed\n\n------ This is a copy of the message, including all the headers. ------\n\n",
            ),
            ("5.0.901", Reason::Rejected, false),
        ),
        (
            "Postfix in one text",
            in_words(
                "Mail Delivery System <MAILER-DAEMON@mx.example>",
                "Undelivered Mail Returned to Sender",
                "",
                "This is the mail system at host mx.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n<anna@buyer.example>: host mx.buyer.example[192.0.2.1] said: 554 5.7.1 Service\n    unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org (in\n    reply to RCPT TO command)\n\n",
            ),
            ("5.7.1", Reason::Blocked, false),
        ),
        (
            "Exchange 2003",
            in_words(
                "System Administrator <postmaster@mx.example>",
                "Undeliverable: Your order",
                "",
                "Your message did not reach some or all of the intended recipients.\n\n      Subject:\tYour order\n      Sent:\t19.11.2026 10:00\n\nThe following recipient(s) could not be reached:\n\n      anna@buyer.example on 19.11.2026 10:00\n            The e-mail account does not exist at the organization this message was sent to. Check the e-mail address.\n            <mx.example #5.1.1>\n\n",
            ),
            ("5.1.1", Reason::UserUnknown, true),
        ),
        (
            "Exchange Online",
            in_words(
                "postmaster@shop.example",
                "Undeliverable: Your order",
                "",
                "Delivery has failed to these recipients or groups:\n\nanna@buyer.example<mailto:anna@buyer.example>\nThe recipient's mailbox is full and can't accept messages now.\n\nDiagnostic information for administrators:\nGenerating server: MX.prod.outlook.com\nanna@buyer.example\nRemote Server returned '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException'\n\nOriginal message headers:\n",
            ),
            ("5.2.2", Reason::MailboxFull, false),
        ),
        (
            "Gmail",
            in_words(
                "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
                "Delivery Status Notification (Failure)",
                "X-Failed-Recipients: anna@buyer.example\n",
                "Delivery to the following recipient failed permanently:\n\n     anna@buyer.example\n\nTechnical details of permanent failure:\nGoogle tried to deliver your message, but it was rejected by the recipient domain. The error that the other server returned was: 550 550 unknown user (state 14).\n\n----- Original message -----\n\n",
            ),
            ("5.0.911", Reason::UserUnknown, true),
        ),
        (
            "Yahoo",
            in_words(
                "MAILER-DAEMON@yahoo.com",
                "Failure Notice",
                "",
                "Sorry, we were unable to deliver your message to the following address.\n\n<anna@buyer.example>:\n554: 5.7.1 <anna@buyer.example>: Relay access denied\n\n--- Below this line is a copy of the message.\n\n",
            ),
            ("5.7.1", Reason::NoRelaying, false),
        ),
        (
            "GMX",
            in_words(
                "GMX Mailer Daemon <mailer-daemon@gmx.de>",
                "Mail delivery failed: returning message to sender",
                "",
                "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\n\"anna@buyer.example\":\nSMTP error from remote server after RCPT command:\nhost: mx.buyer.example\n550 5.7.1 Recipient not accepted, mailbox unavailable\n\n\n--- The header of the original message is following. ---\n\n",
            ),
            ("5.7.1", Reason::UserUnknown, true),
        ),
        (
            "sendmail 5",
            in_words(
                "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>",
                "Returned mail: User unknown",
                "",
                "   ----- Transcript of session follows -----\nWhile talking to mx.buyer.example:\n>>> RCPT To:<anna@buyer.example>\n<<< 550 User unknown\n550 <anna@buyer.example>... User unknown\n\n   ----- Unsent message follows -----\n",
            ),
            ("5.0.911", Reason::UserUnknown, true),
        ),
        (
            "sendmail 8 forwarded by a host without MIME",
            in_words(
                daemon,
                "Returned mail: see transcript for details",
                "",
                "The original message was received at Thu, 19 Nov 2026 10:00:00 GMT\n\n   ----- The following addresses had permanent fatal errors -----\n<anna@buyer.example>\n    (reason: 551 5.1.6 user has moved)\n\n   ----- Transcript of session follows -----\n... while talking to mx.buyer.example.:\n>>> DATA\n<<< 551 5.1.6 user has moved\n\n",
            ),
            ("5.1.6", Reason::HasMoved, true),
        ),
        (
            "James",
            in_words(
                "postmaster@mx.example",
                "Re: Your order",
                "",
                "Hi. This is the James mail server at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.  Below\nI include the list of recipients and the reason why I was unable to deliver\nyour message.\n\nFailed recipient(s):\nanna@buyer.example\n\nError message:\n550 5.1.1 User unknown\n\n",
            ),
            ("5.1.1", Reason::UserUnknown, true),
        ),
        (
            "biglobe",
            in_words(
                "postmaster@biglobe.ne.jp",
                "Returned mail: Mail delivery failed",
                "",
                "   ----- The following addresses had delivery problems -----\nanna@buyer.example\n\n   ----- Non-delivered information -----\nThe number of messages in recipient's mailbox exceeded the local limit.\n\n",
            ),
            ("5.0.922", Reason::MailboxFull, false),
        ),
        (
            "InterScan",
            in_words(
                "postmaster@mx.example (\"InterScan Notification\")",
                "Mail could not be delivered",
                "",
                "****** Message from InterScan Messaging Security Suite ******\n\nSent <<< RCPT TO:<anna@buyer.example>\nReceived >>> 550 5.1.1 <anna@buyer.example>... user unknown\nUnable to deliver message to <anna@buyer.example>.\n\n",
            ),
            ("5.1.1", Reason::UserUnknown, true),
        ),
        (
            "QQ",
            in_words(
                "PostMaster@qq.com",
                "系统退信/Systems bounce",
                "",
                "抱歉，您的邮件被退回来了……\n\nanna@buyer.example\nHost buyer.example[192.0.2.1] said: 550 Mailbox not found (in reply to RCPT TO command)\n\nDelivery failed, the message could not be delivered.\n\n",
            ),
            ("5.0.911", Reason::UserUnknown, true),
        ),
        (
            "OpenSMTPD",
            in_words(
                "Mailer Daemon <MAILER-DAEMON@mx.example>",
                "Delivery status notification: error",
                "",
                "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\nanna@buyer.example: 550 5.7.26 Unauthenticated email is not accepted due to domain's DMARC policy\n\n    Below is a copy of the original message:\n\n",
            ),
            ("5.7.26", Reason::AuthFailure, false),
        ),
        (
            "DragonFly",
            in_words(
                "MAILER-DAEMON <>",
                "Mail delivery failed",
                "",
                "This is the DragonFly Mail Agent v0.13 at mx.example.\n\nThere was an error delivering your mail to <anna@buyer.example>.\n\nmx.buyer.example [192.0.2.1] did not like our DATA:\n552 5.3.4 Message too big for system\n\nMessage headers follow.\n\n",
            ),
            ("5.3.4", Reason::MesgTooBig, false),
        ),
        (
            "Notes",
            in_words(
                "postmaster@mx.example",
                "Undeliverable message",
                "",
                "------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\nanna@buyer.example\n\n\n------- Returned Message --------\n\n",
            ),
            ("5.0.911", Reason::UserUnknown, true),
        ),
        (
            "MailMarshal",
            in_words(
                "postmaster@mx.example",
                "Undeliverable Mail: \"Your order\"",
                "",
                "Your message:\n   From:    shop@shop.example\n   Subject: Your order\n\nCould not be delivered because of\n\n550 5.7.1 Unable to relay for anna@buyer.example\n\nThe following recipients were affected: \n    anna@buyer.example\n\n",
            ),
            ("5.7.1", Reason::NoRelaying, false),
        ),
    ];
    for (system, (status, reason, is_hard, report), expected) in notices {
        assert_eq!((status.as_str(), reason, is_hard), expected, "{system}");
        assert_eq!(report.kind, ReportKind::Bounce, "{system}");
    }
}

#[test]
fn a_delay_is_no_bounce() {
    let exim = "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.example.\n\nThe address to which the message has not yet been delivered is:\n\n  anna@buyer.example\n    Delay reason: SMTP error from remote mail server after RCPT TO:<anna@buyer.example>:\n    450 4.2.0 Greylisted, try again later\n\n";
    let read = in_words(
        "Mailer-Daemon@mx.example",
        "Warning: message 1abc delayed 24 hours",
        "",
        exim,
    );
    assert_eq!((read.2, read.3.kind), (false, ReportKind::Delayed));
    let gmail = "This is an automatically generated Delivery Status Notification\n\nTHIS IS A WARNING MESSAGE ONLY.\n\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nDelivery to the following recipient has been delayed:\n\n     anna@buyer.example\n\nMessage will be retried for 2 more day(s)\n\n----- Original message -----\n\n";
    let read = in_words(
        "mailer-daemon@googlemail.com",
        "Delivery Status Notification (Delay)",
        "",
        gmail,
    );
    assert_eq!(
        (read.1, read.2, read.3.kind),
        (Reason::Expired, false, ReportKind::Delayed)
    );
}

/// A report in the form of RFC 3464.
fn in_fields(fields: &str) -> Report {
    let body = format!(
        "--b\n\nThis is a notice.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{fields}\n\n--b\nContent-Type: message/rfc822\n\n{RETURNED}\n--b--\n"
    );
    let more = "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n";
    let report = report(&mail("postmaster@mx.example", "Delivery Status", more, &body));
    assert_eq!(report.original.message_id(), Some("order-10248@shop.example"));
    report
}

#[test]
fn fields_of_a_report_are_read() {
    let report = in_fields(
        "Final-Recipient: rfc822; anna@buyer.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <anna@buyer.example>:\n   User unknown\n\nFinal-Recipient: rfc822;bob@buyer.example\nAction: delayed\nStatus: 4.4.1\nWill-Retry-Until: Fri, 20 Nov 2026 12:00:00 +0100",
    );
    assert_eq!(report.kind, ReportKind::Bounce);
    let read: Vec<_> = report
        .recipients
        .iter()
        .map(|r| (r.address.as_deref().unwrap(), r.is_hard, r.is_status_from_mail))
        .collect();
    assert_eq!(
        read,
        [("anna@buyer.example", true, true), ("bob@buyer.example", false, true)]
    );
    assert_eq!(
        report.recipients[0].diagnostic,
        "550 5.1.1 <anna@buyer.example>: User unknown"
    );
    assert_eq!(report.recipients[0].smtp_reply, Some(550));

    let delivered = in_fields("Final-Recipient: rfc822; anna@buyer.example\nAction: relayed\nStatus: 2.0.0");
    assert_eq!(delivered.kind, ReportKind::Delivered);
    assert_eq!(delivered.recipients[0].reason, Reason::Delivered);
    let delayed = in_fields("Final-Recipient: rfc822; anna@buyer.example\nAction: delayed\nStatus: 5.1.2");
    assert_eq!(
        (delayed.kind, delayed.recipients[0].is_hard),
        (ReportKind::Delayed, false)
    );
    let made = in_fields(
        "Final-Recipient: rfc822; anna@buyer.example\nAction: failed\nDiagnostic-Code: smtp; 452 mailbox is full",
    );
    assert_eq!(made.recipients[0].status.unwrap().to_string(), "4.0.922");
    assert!(!made.recipients[0].is_status_from_mail);
}

#[test]
fn complaints_are_read() {
    let body = "--b\n\nThis is an abuse report.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: FBL/1.0\nVersion: 1\nOriginal-Rcpt-To: <anna@buyer.example>\n\n--b\nContent-Type: message/rfc822\n\n";
    let more = "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n";
    let report = report(&mail(
        "fbl@provider.example",
        "FW: Your order",
        more,
        &format!("{body}{RETURNED}\n--b--\n"),
    ));
    assert_eq!(
        (report.kind, report.feedback_type.as_deref()),
        (ReportKind::Complaint, Some("abuse"))
    );
    assert_eq!(report.recipients[0].address.as_deref(), Some("anna@buyer.example"));
    assert_eq!(
        (report.recipients[0].status, report.recipients[0].reason),
        (None, Reason::Feedback)
    );
    assert_eq!(report.original.message_id(), Some("order-10248@shop.example"));
}

#[test]
fn a_notification_in_json_is_read() {
    let body = r#"{"Type":"Notification","Message":"{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bouncedRecipients\":[{\"emailAddress\":\"anna@buyer.example\",\"action\":\"failed\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 5.1.1 user unknown\"}]},\"mail\":{\"headers\":[{\"name\":\"Message-ID\",\"value\":\"<order-10248@shop.example>\"}]}}"}"#;
    let report = report(&mail(
        "Topic <no-reply@sns.amazonaws.com>",
        "AWS Notification Message",
        "",
        body,
    ));
    assert_eq!(report.original.message_id(), Some("order-10248@shop.example"));
    let recipient = &report.recipients[0];
    assert_eq!(
        (recipient.address.as_deref(), recipient.is_hard),
        (Some("anna@buyer.example"), true)
    );
}

#[test]
fn a_parcel_that_was_not_delivered_is_no_bounce() {
    let body = "We tried to deliver your parcel. It could not be delivered to:\n\nanna@buyer.example\n1 Road\n";
    for from in [
        "Royal Mail Delivery <noreply@carrier.example>",
        "Delivery Notification <parcels@carrier.example>",
    ] {
        let text = format!("Return-Path: <parcels@carrier.example>\nFrom: {from}\nSubject: Not delivered\n\n{body}");
        assert_eq!(
            Message::parse(text.as_bytes()).unwrap().classify(),
            Kind::Ordinary,
            "{from}"
        );
    }
}

#[test]
fn a_customer_who_complains_is_answered() {
    let attached = format!("--b\n\nWhat is this?\n--b\nContent-Type: message/rfc822\n\n{RETURNED}\n--b--\n");
    let more = "Content-Type: multipart/mixed; boundary=b\n";
    assert_eq!(
        of_person("Complaint about message from you", more, &attached),
        Kind::Ordinary
    );
    let of_provider = of_person("complaint about message from 192.0.2.1", more, &attached);
    assert_eq!(of_provider.report().unwrap().kind, ReportKind::Complaint);
}

/// A mail with a return path.
fn of_person(subject: &str, more: &str, body: &str) -> Kind {
    let text = format!(
        "Return-Path: <anna@buyer.example>\nFrom: Anna <anna@buyer.example>\nSubject: {subject}\n{more}\n{body}"
    );
    Message::parse(text.as_bytes()).unwrap().classify()
}

#[test]
fn what_a_person_writes_is_ordinary() {
    let bounce = "This is the mail system at host mx.example.\nYour message could not be delivered.\n\n<info@shop.example>: host mx.shop.example said: 550 5.1.1 User unknown (in reply to RCPT TO command)\n";
    assert_eq!(
        of_person("Undelivered Mail Returned to Sender", "", bounce),
        Kind::Ordinary
    );
    assert_eq!(of_person("Fwd: failure notice", "", bounce), Kind::Ordinary);
    assert_eq!(
        of_person(
            "My order was not delivered",
            "",
            "It could not be delivered to anna@buyer.example, says the carrier.\n"
        ),
        Kind::Ordinary
    );
    assert_eq!(
        of_person("Error 550", "Auto-Submitted: no\n", "What does it mean?\n"),
        Kind::Ordinary
    );
}

#[test]
fn a_customer_who_will_not_be_at_home_is_read_and_a_responder_is_not() {
    for subject in [
        "Abwesend am Liefertag, bitte beim Nachbarn abgeben",
        "On vacation until Monday - please hold my order",
        "I am away next week",
        "Afwezig op vrijdag",
    ] {
        assert_eq!(of_person(subject, "", "text\n"), Kind::Ordinary, "{subject}");
    }
    for subject in [
        "Abwesend",
        "Abwesend: Ihre Bestellung",
        "I'm away!",
        "On vacation (was: Your order)",
    ] {
        let kind = of_person(subject, "", "text\n");
        assert_eq!(kind, Kind::AutoReply(AutoReplyCause::Answer), "{subject}");
    }
}

#[test]
fn automatic_mails_have_a_cause() {
    let cause = |subject: &str, more: &str| match of_person(subject, more, "text\n") {
        Kind::AutoReply(cause) => Some(cause),
        _ => None,
    };
    assert_eq!(cause("Automatic reply: Your order", ""), Some(AutoReplyCause::Answer));
    assert_eq!(
        cause("Abwesenheitsnotiz: Ihre Bestellung", ""),
        Some(AutoReplyCause::Answer)
    );
    assert_eq!(
        cause("Hello", "Auto-Submitted: auto-replied (vacation)\n"),
        Some(AutoReplyCause::Answer)
    );
    assert_eq!(cause("Hello", "X-Autoreply: yes\n"), Some(AutoReplyCause::Answer));
    assert_eq!(
        cause("Hello", "Auto-Submitted: auto-generated\n"),
        Some(AutoReplyCause::Generated)
    );
    assert_eq!(
        cause("Hello", "X-Auto-Response-Suppress: All\n"),
        Some(AutoReplyCause::Generated)
    );
    assert_eq!(
        cause("Hello", "List-Id: <news.shop.example>\n"),
        Some(AutoReplyCause::Bulk)
    );
    assert_eq!(cause("Hello", "Precedence: bulk\n"), Some(AutoReplyCause::Bulk));
    assert_eq!(
        cause(
            "Read: Hello",
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n"
        ),
        Some(AutoReplyCause::ReadReceipt)
    );
    let empty_path = mail("Anna <anna@buyer.example>", "Hello", "", "text\n").classify();
    assert_eq!(empty_path, Kind::AutoReply(AutoReplyCause::NullReturnPath));
}

#[test]
fn debug_shows_nothing_that_people_wrote() {
    let mail = mail("Anna <anna@buyer.example>", "Secret", "", "private text\n");
    let report = in_fields("Final-Recipient: rfc822; anna@buyer.example\nAction: failed\nStatus: 5.1.1");
    let shown = format!("{mail:?} {report:?}");
    for word in ["anna", "Secret", "private", "order"] {
        assert!(!shown.contains(word), "{shown}");
    }
}

#[test]
fn what_goes_to_a_list_is_no_report_whatever_its_words() {
    let mail = b"From: postmaster@lists.example\r\nTo: members@lists.example\r\nSubject: Delivery failure, a lesson\r\nList-Id: <members.lists.example>\r\n\
        Precedence: bulk\r\n\r\n<ada@mail.example>: 550 5.1.1 user unknown\r\n";
    assert!(Message::parse(mail).unwrap().classify().report().is_none());
}

#[test]
fn a_refusal_that_says_itself_that_it_will_not_last_condemns_no_address() {
    for words in [
        "550 5.1.1 <anna@buyer.example>: Recipient address rejected: Address verification in progress",
        "550 5.1.1 User unknown in local recipient table, try again later",
    ] {
        let body = format!(
            "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<anna@buyer.example>:\n{words}\n\n--- Below this line is a copy of the message.\n\n"
        );
        let (_, _, is_hard, _) = in_words("MAILER-DAEMON@mx.example", "failure notice", "", &body);
        assert!(!is_hard, "{words}");
    }
}

#[test]
fn a_mail_without_a_date_has_the_one_at_which_it_was_received_last() {
    let received = "Received: from b.example by c.example with SMTP;\n Thu, 19 Nov 2026 13:00:00 +0100\nReceived: from a.example by b.example; Thu, 19 Nov 2026 10:00:00 +0000\n";
    for date in ["", "Date: soon\n"] {
        let text = format!("{received}{date}From: a@a.example\n\nHello\n");
        let date = Message::parse(text.as_bytes()).unwrap().date().unwrap();
        assert_eq!(date.to_rfc3339(), "2026-11-19T12:00:00+00:00");
    }
}
