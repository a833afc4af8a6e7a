//! What a notice says, before a template gives it a form: one source for the HTML part, the text part, the data for machines, and
//! the promises that follow from the days told.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};
use ecrm_core::{Availability, LineKind, Money, Order, OrderLine, Quantity, Subject, ValueError};

use super::NoticeKind;
use super::block::{Block, Button, Fact, Line, Table};
use super::step::{Step, Told, When};
use super::text::{checked_url, clean, clean_lines, isolated, long_text, rows, turns_phrase};
use crate::links::{Choice, Links};
use crate::model::after;
use crate::theme::Texts;
use crate::{Attachment, MailError};

/// Who writes "as soon as we know" is to write again by then, even if there is nothing new.
const NEWS_WITHIN: TimeDelta = TimeDelta::days(14);

/// Where the shop is: its distance from UTC at an instant.
pub(crate) type Zone = dyn Fn(DateTime<Utc>) -> FixedOffset + Send + Sync;

/// What stays the same for all that is said in one mail.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) shop: &'a str,
    pub(crate) zone: &'a Zone,
    pub(crate) links: Option<&'a Links>,
    pub(crate) subject: Subject,
    pub(crate) key: &'a str,
    pub(crate) now: DateTime<Utc>,
}

/// A mail that is being written.
pub(crate) struct Page<'a> {
    pub(crate) setting: Setting<'a>,
    pub(crate) kind: NoticeKind,
    /// The keys of the phrases that head the mail; a notice in a special case names others.
    pub(crate) subject_key: &'static str,
    pub(crate) preheader_key: &'static str,
    pub(crate) heading_key: &'static str,
    pub(crate) blocks: Vec<Block>,
    pub(crate) steps: Vec<Step>,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) json_ld: Option<String>,
    /// What the mail is about: all mails about it form one thread.
    pub(crate) about: Option<String>,
    values: Vec<(&'static str, String)>,
    count: usize,
}

impl<'a> Page<'a> {
    pub(crate) fn new(setting: Setting<'a>, kind: NoticeKind) -> Self {
        Self {
            setting,
            kind,
            subject_key: "subject",
            preheader_key: "preheader",
            heading_key: "heading",
            blocks: Vec::new(),
            steps: Vec::new(),
            attachments: Vec::new(),
            json_ld: None,
            about: None,
            values: vec![("shop", clean(setting.shop))],
            count: 0,
        }
    }

    /// Gives the phrases of this mail a value.
    pub(crate) fn set(&mut self, name: &'static str, value: impl AsRef<str>) {
        let value = clean(value.as_ref());
        // A value of the other direction is set apart, so that it does not reorder the phrase around it.
        let value = if turns_phrase(&value, self.setting.texts.format.direction()) {
            isolated(&value)
        } else {
            value
        };
        self.values.push((name, value));
    }

    /// Gives the phrases a number, which decides on singular and plural.
    pub(crate) fn set_count(&mut self, count: usize) {
        self.count = count;
        self.set("count", count.to_string());
    }

    /// A phrase of this notice.
    pub(crate) fn say(&self, key: &str) -> Result<String, MailError> {
        self.fill(self.setting.texts.of_notice(self.kind, key)?, key)
    }

    /// A phrase that many notices share.
    pub(crate) fn common(&self, key: &str) -> Result<String, MailError> {
        self.fill(self.setting.texts.common(key)?, key)
    }

    fn fill(&self, phrase: &crate::theme::Phrase, key: &str) -> Result<String, MailError> {
        let value = |name: &str| {
            let found = self.values.iter().rev().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.as_str())
        };
        phrase
            .fill(self.setting.texts.format.is_singular(self.count), value)
            .map_err(|name| {
                let locale = &self.setting.texts.locale;
                MailError::Template(format!(
                    "the texts of `{locale}`: the phrase `{key}` has no value `{name}`"
                ))
            })
    }

    /// A paragraph.
    pub(crate) fn text(&mut self, key: &str) -> Result<(), MailError> {
        let text = self.say(key)?;
        self.blocks.push(Block::Text { text });
        Ok(())
    }

    /// A paragraph that many notices share.
    pub(crate) fn common_text(&mut self, key: &str) -> Result<(), MailError> {
        let text = self.common(key)?;
        self.blocks.push(Block::Text { text });
        Ok(())
    }

    /// A sentence that stands out: `ready`, `wait` or `bad`.
    pub(crate) fn status(&mut self, text: String, tone: &'static str) {
        self.blocks.push(Block::Status { text, tone });
    }

    /// Labelled values; those that are absent are left out.
    pub(crate) fn facts<const N: usize>(&mut self, facts: [(&str, Option<String>); N]) -> Result<(), MailError> {
        let mut known = Vec::new();
        for (label, value) in facts {
            if let Some(value) = value {
                known.push(self.fact(label, &value)?);
            }
        }
        if !known.is_empty() {
            self.blocks.push(Block::Facts { facts: known });
        }
        Ok(())
    }

    fn fact(&self, label: &str, value: &str) -> Result<Fact, MailError> {
        let value = clean_lines(long_text("value in a mail", value, 1000)?);
        Ok(Fact {
            label: self.common(label)?,
            rows: rows(&value),
            value,
        })
    }

    /// A text of a person, with its line ends.
    pub(crate) fn quote(&mut self, label: &str, text: &str) -> Result<(), MailError> {
        let text = clean_lines(long_text("text in a mail", text, 100_000)?);
        let label = Some(self.common(label)?);
        self.blocks.push(Block::Quote {
            label,
            rows: rows(&text),
            text,
        });
        Ok(())
    }

    /// A button that leads to a page; buttons that follow each other stand together.
    pub(crate) fn button(&mut self, label: &str, url: &str, tone: &'static str) -> Result<(), MailError> {
        let button = Button {
            label: self.common(label)?,
            url: checked_url(url)?,
            tone,
        };
        if let Some(Block::Buttons { buttons }) = self.blocks.last_mut() {
            buttons.push(button);
        } else {
            self.blocks.push(Block::Buttons { buttons: vec![button] });
        }
        Ok(())
    }

    /// A button by which the customer answers; the link is signed.
    pub(crate) fn choice(
        &mut self,
        label: &str,
        choice: Choice,
        about: &str,
        until: DateTime<Utc>,
        tone: &'static str,
    ) -> Result<(), MailError> {
        let links = self.setting.links.ok_or(MailError::NoLinks)?;
        let url = links.link(self.setting.subject, self.setting.key, about, choice, until)?;
        self.button(label, &url, tone)
    }

    pub(crate) fn table(
        &mut self,
        title: Option<&str>,
        lines: Vec<Line>,
        totals: Vec<(&str, Money)>,
    ) -> Result<(), MailError> {
        let title = title.map(|key| self.common(key)).transpose()?;
        let mut facts = Vec::new();
        for (label, amount) in totals {
            facts.push(self.fact(label, &self.money(amount))?);
        }
        let has_prices = lines.iter().any(|line| line.amount.is_some());
        let (item_label, amount_label) = (
            self.common("item")?,
            self.common(if has_prices { "amount" } else { "quantity" })?,
        );
        self.blocks.push(Block::Lines(Table {
            title,
            lines,
            totals: facts,
            item_label,
            amount_label,
        }));
        Ok(())
    }

    /// A line with its price and, of a product, what is true about it. The day that it tells becomes a promise.
    pub(crate) fn line(&mut self, order: &Order, number: usize, line: &OrderLine) -> Result<Line, MailError> {
        let availability = line.availability();
        let state = match line.kind() {
            LineKind::Product if availability != Availability::Unknown => {
                Some(self.state(order, number, availability)?)
            }
            _ => None,
        };
        Ok(Line {
            state,
            tone: tone(availability),
            ..self.priced(line)
        })
    }

    /// A line with its price, of which nothing else is said.
    pub(crate) fn priced(&self, line: &OrderLine) -> Line {
        Line {
            unit_price: Some(self.setting.texts.format.unit_price(line.unit_price())),
            amount: Some(self.money(line.amount())),
            ..self.bare(line, line.quantity())
        }
    }

    /// A quantity of a line, without its price.
    pub(crate) fn bare(&self, line: &OrderLine, quantity: Quantity) -> Line {
        Line {
            description: clean(line.description()),
            quantity: self.setting.texts.format.quantity(quantity),
            unit_price: None,
            amount: None,
            state: None,
            tone: "none",
        }
    }

    /// The sentence about a line follows from its availability, and from nothing else.
    fn state(&mut self, order: &Order, number: usize, availability: Availability) -> Result<String, MailError> {
        let about = about_line(order, number);
        let code = availability.code();
        // A day that is over is not told again.
        let day = availability.expected().filter(|day| *day >= self.today());
        match day {
            Some(day) => {
                let day = self.tell_day(about, "available", day)?;
                self.set("day", day);
                self.common(&format!("state_{code}_until"))
            }
            None => {
                // Of what cannot be had the mail says as well that the shop will write.
                if !availability.is_ready() {
                    self.tell_nothing(about, "available");
                }
                self.common(&format!("state_{code}"))
            }
        }
    }

    /// Tells a day that is not over: its words, and the promise that it is.
    pub(crate) fn tell_day(&mut self, about: String, what: &'static str, day: NaiveDate) -> Result<String, ValueError> {
        if day < self.today() {
            return Err(ValueError::new("day", "is over; it cannot be promised any more"));
        }
        self.tell(about, what, When::DueAt(self.end_of(day)));
        Ok(self.day(day))
    }

    /// Tells a moment that is to come: its words, and the promise that it is.
    pub(crate) fn tell_moment(
        &mut self,
        about: String,
        what: &'static str,
        at: DateTime<Utc>,
    ) -> Result<String, ValueError> {
        if at <= self.setting.now {
            return Err(ValueError::new("moment", "is over; it cannot be promised any more"));
        }
        self.tell(about, what, When::DueAt(at));
        Ok(self.moment(at))
    }

    /// Says of something that its day is not known, which must not take back a day that was told; and promises to write again.
    pub(crate) fn tell_nothing(&mut self, about: String, what: &'static str) {
        self.tell(about, what, When::NewsBy(after(self.setting.now, NEWS_WITHIN)));
    }

    fn tell(&mut self, about: String, what: &'static str, when: When) {
        self.steps.push(Step::Tell {
            about,
            what,
            when,
            instead_of: None,
        });
    }

    /// This mail is the one that says that what was told before has changed.
    pub(crate) fn says_instead_of(&mut self, told: Told) {
        for step in &mut self.steps {
            if let Step::Tell { instead_of, .. } = step {
                *instead_of = Some(told);
            }
        }
    }

    /// Says that something has happened now.
    pub(crate) fn keep(&mut self, about: String, what: &'static str) {
        let at = self.setting.now;
        self.keep_at(about, what, at);
    }

    /// Says that something has happened.
    pub(crate) fn keep_at(&mut self, about: String, what: &'static str, at: DateTime<Utc>) {
        self.steps.push(Step::Keep {
            about,
            what,
            at: at.min(self.setting.now),
        });
    }

    pub(crate) fn release(&mut self, about: String, what: &'static str) {
        self.steps.push(Step::Release { about, what });
    }

    /// A promised day is kept until its end, where the shop is.
    pub(crate) fn end_of(&self, day: NaiveDate) -> DateTime<Utc> {
        end_of(day, self.setting.zone)
    }

    pub(crate) fn money(&self, amount: Money) -> String {
        self.setting.texts.format.money(amount)
    }

    pub(crate) fn day(&self, day: NaiveDate) -> String {
        self.setting.texts.format.day(day)
    }

    pub(crate) fn moment(&self, at: DateTime<Utc>) -> String {
        self.setting
            .texts
            .format
            .moment(at.with_timezone(&(self.setting.zone)(at)))
    }

    /// The day of an instant, where the shop is.
    pub(crate) fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&(self.setting.zone)(at)).date_naive()
    }

    fn today(&self) -> NaiveDate {
        self.day_of(self.setting.now)
    }
}

/// What promises about an order are kept under.
pub(crate) fn about_order(order: &Order) -> String {
    format!("order:{}", order.number())
}

/// What promises about a line of an order are kept under.
pub(crate) fn about_line(order: &Order, number: usize) -> String {
    format!("order:{}/line:{number}", order.number())
}

/// A promised day is kept until its end, where the shop is.
fn end_of(day: NaiveDate, zone: &Zone) -> DateTime<Utc> {
    let next_day = day
        .checked_add_days(Days::new(1))
        .unwrap_or(day)
        .and_time(NaiveTime::MIN)
        .and_utc();
    let end = |offset: FixedOffset| {
        next_day - TimeDelta::seconds(i64::from(offset.local_minus_utc())) - TimeDelta::microseconds(1)
    };
    // The clock may have changed during the day: what counts is the offset at its end.
    end(zone(end(zone(next_day))))
}

fn tone(availability: Availability) -> &'static str {
    match availability {
        Availability::Unavailable => "bad",
        Availability::Unknown => "none",
        _ if availability.is_ready() => "ready",
        _ => "wait",
    }
}

/// An amount that is paid or goes back: more than nothing, in the currency of the order.
pub(crate) fn amount_of(order: &Order, what: &'static str, amount: Money) -> Result<Money, ValueError> {
    if amount.minor() <= 0 || amount.currency() != order.currency() {
        return Err(ValueError::new(
            what,
            "must be more than nothing, in the currency of the order",
        ));
    }
    Ok(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promised_day_ends_at_midnight_where_the_shop_is_also_when_the_clock_changes() {
        // Vienna in 2027: summer from 28 March, 01:00 UTC, to 31 October, 01:00 UTC.
        let change = |month, day| {
            NaiveDate::from_ymd_opt(2027, month, day)
                .unwrap()
                .and_hms_opt(1, 0, 0)
                .unwrap()
                .and_utc()
        };
        let (from, to) = (change(3, 28), change(10, 31));
        let vienna =
            move |at: DateTime<Utc>| FixedOffset::east_opt(if (from..to).contains(&at) { 7200 } else { 3600 }).unwrap();
        for (month, day, end) in [
            (3, 27, "2027-03-27T22:59:59.999999+00:00"),
            (3, 28, "2027-03-28T21:59:59.999999+00:00"),
            (10, 30, "2027-10-30T21:59:59.999999+00:00"),
            (10, 31, "2027-10-31T22:59:59.999999+00:00"),
        ] {
            let day = NaiveDate::from_ymd_opt(2027, month, day).unwrap();
            assert_eq!(end_of(day, &vienna).to_rfc3339(), end);
        }
    }
}
