//! Notices that are a text: qmail, Exim, Postfix without a report, Exchange, and the many others.

use crate::reason::Phase;
use crate::report::notice::Notice;
use crate::report::recipients::{self, Named};
use crate::report::transcript::Transcript;
use crate::report::verdict::{Said, judge};
use crate::scan::{code, phrase};
use crate::{Reason, ReportedRecipient};

/// What the text says of each recipient.
pub(crate) fn read(notice: &Notice<'_>) -> Vec<ReportedRecipient> {
    let named = all_named(notice);
    let is_only = named.len() == 1;
    let whole = notice.head_text();
    let read_one = |named: Named| {
        let mut diagnostic = named.said;
        let says_code = |text: &str| code::reply(text).is_some() || code::status(text).is_some();
        // Some systems write the reason first and the address after it.
        if diagnostic.trim().is_empty() || (is_only && !says_code(&diagnostic) && says_code(&whole)) {
            diagnostic.clone_from(&whole);
        }
        let diagnostic = quoted(&diagnostic);
        let mut phase = phase(diagnostic);
        let mut context = String::new();
        if is_only {
            phase = phase.or_else(|| self::phase(&whole));
            context = format!("{whole} {}", notice.subject());
        }
        let recipient = judge(Said {
            address: Some(named.address),
            diagnostic: diagnostic.to_owned(),
            phase,
            notice: &context,
            is_delayed: notice.is_delay(),
            is_from_exim: notice.is_from_exim(),
            ..Said::default()
        });
        of_group(recipient, notice)
    };
    named.into_iter().map(read_one).collect()
}

/// The header knows best who failed, the text knows why.
fn all_named(notice: &Notice<'_>) -> Vec<Named> {
    let most = notice.limits.recipients;
    let failed = notice.failed_addresses();
    if failed.is_empty() {
        return recipients::named(&notice.head, most);
    }
    let mut sections = recipients::sections(&notice.head, most);
    let named = failed.into_iter().map(|address| Named {
        said: sections.remove(&address.to_lowercase()).unwrap_or_default(),
        address: address.to_owned(),
    });
    named.collect()
}

/// Google tells at length what happened before it quotes what the other system said.
fn quoted(text: &str) -> &str {
    let quotation = text
        .split_once("other server returned was:")
        .map(|(_, quotation)| quotation);
    quotation
        .filter(|quotation| !quotation.trim().is_empty())
        .unwrap_or(text)
}

fn phase(text: &str) -> Option<Phase> {
    let lines: Vec<&str> = text.lines().collect();
    let in_session = Transcript::read(&lines).phase("");
    let plain = phrase::plain(text);
    // A list of what is known of the mail names both commands, and no answer.
    let is_list = phrase::has(&plain, &["mail from: "]) && phrase::has(&plain, &["rcpt to: "]);
    in_session.or_else(|| Phase::of(&plain).filter(|_| !is_list))
}

/// A group of Google refuses whoever may not post. It says so in the language of the sender, and names its help pages.
fn of_group(mut recipient: ReportedRecipient, notice: &Notice<'_>) -> ReportedRecipient {
    if !recipient.is_status_from_mail && notice.head.iter().any(|line| line.contains("groups.google.com")) {
        recipient.reason = Reason::Rejected;
        recipient.status = Reason::Rejected.status(5);
        recipient.is_hard = false;
    }
    recipient
}

/// The refusal of a mailing list, which names no recipient.
pub(crate) fn read_list(notice: &Notice<'_>) -> Option<ReportedRecipient> {
    notice.message.header("x-mlserver")?;
    let text = format!("{} {}", phrase::plain(&notice.head_text()), notice.subject());
    let is_refusal = phrase::has(
        &text,
        &["not a member", "not member", "rejected", "not allowed to post"],
    );
    is_refusal.then(|| {
        judge(Said {
            diagnostic: "not a member of this mailing list".to_owned(),
            ..Said::default()
        })
    })
}

/// The recipient of a notice that says nothing of any: whom the mail that came back was for.
pub(crate) fn unnamed(notice: &Notice<'_>, address: Option<String>) -> ReportedRecipient {
    judge(Said {
        address,
        notice: &notice.head_text(),
        is_delayed: notice.is_delay(),
        ..Said::default()
    })
}
