use chrono::{DateTime, Utc};
use ecrm_core::{PhoneNumber, ValueError};
use serde::Serialize;

use super::text::short_text;
use super::{NoticeKind, Page, Told, Write, clean};
use crate::MailError;

/// An inquiry has reached the shop, and is answered by a time.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct InquiryAcknowledged<'a> {
    /// The number of the inquiry.
    pub inquiry: &'a str,
    /// What it is about, in the customer's words. A long one is cut.
    pub topic: &'a str,
    /// By when it is answered, if the shop tells that. It becomes a promise.
    pub answer_by: Option<DateTime<Utc>>,
    /// The moment that was told before, if `answer_by` takes its place.
    pub instead_of: Option<DateTime<Utc>>,
    /// The page on which the customer can follow it.
    pub follow_url: Option<&'a str>,
}

impl Write for InquiryAcknowledged<'_> {
    const KIND: NoticeKind = NoticeKind::InquiryAcknowledged;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        let about = begin(page, self.inquiry, self.topic)?;
        page.text("intro")?;
        if let Some(at) = self.answer_by {
            let moment = page.tell_moment(about, "answer", at)?;
            if let Some(before) = self.instead_of {
                page.says_instead_of(Told::DueAt(before));
            }
            page.set("moment", moment);
            page.text("promise")?;
        }
        facts(page, self.inquiry, self.topic)?;
        button(page, "button_follow", self.follow_url)
    }
}

/// An inquiry is answered.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct InquiryAnswered<'a> {
    /// The number of the inquiry.
    pub inquiry: &'a str,
    /// What it is about, in the customer's words.
    pub topic: &'a str,
    /// The answer, as plain text.
    pub answer: &'a str,
    /// The page on which the customer can follow it.
    pub follow_url: Option<&'a str>,
}

impl Write for InquiryAnswered<'_> {
    const KIND: NoticeKind = NoticeKind::InquiryAnswered;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        let about = begin(page, self.inquiry, self.topic)?;
        page.text("intro")?;
        page.quote("answer", self.answer)?;
        page.keep(about, "answer");
        facts(page, self.inquiry, self.topic)?;
        button(page, "button_follow", self.follow_url)
    }
}

/// An inquiry is closed.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct InquiryResolved<'a> {
    /// The number of the inquiry.
    pub inquiry: &'a str,
    /// What it is about, in the customer's words.
    pub topic: &'a str,
    /// The page on which the customer can open it again.
    pub reopen_url: Option<&'a str>,
}

impl Write for InquiryResolved<'_> {
    const KIND: NoticeKind = NoticeKind::InquiryResolved;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        let about = begin(page, self.inquiry, self.topic)?;
        page.text("intro")?;
        page.keep(about, "answer");
        facts(page, self.inquiry, self.topic)?;
        page.text("reopen")?;
        button(page, "button_reopen", self.reopen_url)
    }
}

/// A call is agreed on.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct CallBackBooked<'a> {
    /// The key of the call, or of the inquiry that it belongs to.
    pub call: &'a str,
    /// When the shop calls, or from when on. That it calls by then, or by the end, becomes a promise.
    pub at: DateTime<Utc>,
    /// The end of the window in which the shop calls, if it is one.
    pub until: Option<DateTime<Utc>>,
    /// The moment that was agreed on before, if this one takes its place.
    pub instead_of: Option<DateTime<Utc>>,
    /// The number that is called.
    pub phone: &'a PhoneNumber,
    /// The page on which another time can be chosen.
    pub rebook_url: Option<&'a str>,
}

impl Write for CallBackBooked<'_> {
    const KIND: NoticeKind = NoticeKind::CallBackBooked;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        if self.until.is_some_and(|until| until <= self.at) {
            return Err(ValueError::new("window of a call", "ends before it begins").into());
        }
        let about = call(page, self.call)?;
        let told = page.tell_moment(about, "call", self.until.unwrap_or(self.at))?;
        if let Some(before) = self.instead_of {
            page.says_instead_of(Told::DueAt(before));
        }
        let moment = page.moment(self.at);
        page.set("moment", &moment);
        page.set("until", &told);
        page.text(if self.until.is_some() {
            "intro_window"
        } else {
            "intro_at"
        })?;
        page.facts([
            ("call_at", Some(moment)),
            ("call_until", self.until.map(|_| told)),
            ("phone", Some(self.phone.as_str().to_owned())),
        ])?;
        button(page, "button_rebook", self.rebook_url)
    }
}

/// A call did not reach the customer.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct CallBackMissed<'a> {
    /// The key of the call, or of the inquiry that it belongs to.
    pub call: &'a str,
    /// When the call was to be.
    pub at: DateTime<Utc>,
    /// When the shop calls again, if it says so. It becomes the promise.
    pub again_at: Option<DateTime<Utc>>,
    /// The page on which another time can be chosen.
    pub rebook_url: Option<&'a str>,
}

impl Write for CallBackMissed<'_> {
    const KIND: NoticeKind = NoticeKind::CallBackMissed;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        let about = call(page, self.call)?;
        let moment = page.moment(self.at);
        page.set("moment", moment);
        page.text("intro")?;
        if let Some(at) = self.again_at {
            let moment = page.tell_moment(about, "call", at)?;
            page.says_instead_of(Told::Something);
            page.set("moment", moment);
            page.text("new")?;
        }
        button(page, "button_rebook", self.rebook_url)
    }
}

/// Every mail about an inquiry names it, and stands in its thread.
fn begin(page: &mut Page<'_>, inquiry: &str, topic: &str) -> Result<String, MailError> {
    let inquiry = short_text("number of an inquiry", inquiry)?;
    let about = format!("inquiry:{inquiry}");
    page.set("inquiry", inquiry);
    page.set("topic", cut(topic));
    page.about = Some(about.clone());
    Ok(about)
}

fn call(page: &mut Page<'_>, call: &str) -> Result<String, MailError> {
    let about = format!("call:{}", short_text("key of a call", call)?);
    page.about = Some(about.clone());
    Ok(about)
}

fn facts(page: &mut Page<'_>, inquiry: &str, topic: &str) -> Result<(), MailError> {
    page.facts([
        ("inquiry_number", Some(inquiry.to_owned())),
        ("inquiry_subject", Some(cut(topic))),
    ])
}

fn button(page: &mut Page<'_>, label: &str, url: Option<&str>) -> Result<(), MailError> {
    match url {
        Some(url) => page.button(label, url, "primary"),
        None => Ok(()),
    }
}

/// A customer may have written a subject of any length, or none: an acknowledgement never fails for it.
fn cut(topic: &str) -> String {
    let topic = clean(topic.trim());
    match topic.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", topic[..end].trim_end()),
        None if topic.is_empty() => "—".to_owned(),
        None => topic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_of_any_length_fits_into_a_subject() {
        assert_eq!(cut("  Where is\r\nmy lamp?"), "Where is  my lamp?");
        assert_eq!(cut(" "), "—");
        assert_eq!(cut(&"ä".repeat(10_000)).chars().count(), 101);
    }
}
