//! From an order to the texts of its mail.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, Utc};
use ecrm_core::{
    Availability, EmailAddress, IdSource, LineKind, Locale, Money, Order, OrderLine, Organisation, PersonName,
    Recipient, ValueError,
};
use minijinja::{Environment, ErrorKind, State, UndefinedBehavior, Value, context};

use crate::MailError;
use crate::format::Conventions;
use crate::model::OrderConfirmation;

const HTML: &str = "order_confirmation.html";
const TEXT: &str = "order_confirmation.txt";

/// The languages that have texts, the first one being used where none fits.
const LOCALES: [(&str, &str); 2] = [
    ("en", include_str!("locales/en.json")),
    ("fr", include_str!("locales/fr.json")),
];

/// Composes the mails of one shop: its name and address, the templates and the languages. Made once, used for every mail.
///
/// ```
/// use ecrm_confirmation_mail::Mailer;
/// let mailer = Mailer::new("Lamps & Co", "orders@lamps.example".parse()?)?.with_url("https://lamps.example/");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Mailer {
    shop: Organisation,
    sender: EmailAddress,
    url: Option<String>,
    offset: FixedOffset,
    templates: Environment<'static>,
}

/// A mail before it becomes a message: every text final, in one language.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RenderedMail {
    /// The language of the texts.
    pub locale: &'static str,
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    pub(crate) shop: String,
    pub(crate) sender: EmailAddress,
    pub(crate) recipient: EmailAddress,
    pub(crate) recipient_name: Option<String>,
}

impl std::fmt::Debug for RenderedMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RenderedMail({}, …)", self.locale)
    }
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mailer({})", self.shop.as_str())
    }
}

impl Mailer {
    /// A mailer for a shop that sends from an address.
    ///
    /// # Errors
    /// When the name is empty, too long or has control characters, or a built-in template is broken.
    pub fn new(shop: &str, sender: EmailAddress) -> Result<Self, MailError> {
        Ok(Self {
            shop: Organisation::new(shop)?,
            sender,
            url: None,
            offset: Utc.fix(),
            templates: templates()?,
        })
    }

    /// The mailer with the address of the shop's site.
    #[must_use]
    pub fn with_url(mut self, url: &str) -> Self {
        self.url = Some(url.to_owned());
        self
    }

    /// The mailer with the shop's distance from UTC, which decides on which day an order near midnight was placed.
    #[must_use]
    pub fn with_utc_offset(mut self, offset: FixedOffset) -> Self {
        self.offset = offset;
        self
    }

    /// The texts of a confirmation, as they would be queued: for a preview.
    ///
    /// # Errors
    /// [`MailError::Template`], and [`MailError::Refused`] for a recipient without a mailbox.
    pub fn preview(
        &self,
        recipient: &Recipient,
        notice: OrderConfirmation<'_>,
        now: DateTime<Utc>,
    ) -> Result<RenderedMail, MailError> {
        self.render(recipient, self.locale_for(recipient.contact().locale()), notice, now)
    }

    /// The day that a line tells the customer: of a product, and not over yet. It is what a promise is made of.
    pub(crate) fn day_told(&self, line: &OrderLine, now: DateTime<Utc>) -> Option<NaiveDate> {
        let today = now.with_timezone(&self.offset).date_naive();
        let day = line.availability().expected().filter(|day| *day >= today);
        day.filter(|_| line.kind() == LineKind::Product)
    }

    /// The language for a recipient: `de-AT`, else `de`, else the first one that there is.
    pub(crate) fn locale_for(&self, wanted: Option<&Locale>) -> &'static str {
        wanted
            .into_iter()
            .flat_map(Locale::fallbacks)
            .find_map(|tag| LOCALES.iter().find(|(locale, _)| *locale == tag))
            .map_or(LOCALES[0].0, |(locale, _)| locale)
    }

    pub(crate) fn utc_offset(&self) -> FixedOffset {
        self.offset
    }

    pub(crate) fn sender(&self) -> &EmailAddress {
        &self.sender
    }

    /// A Message-ID (RFC 5322, 3.6.4) in the sender's domain.
    pub(crate) fn new_message_id(&self, ids: &dyn IdSource, now: DateTime<Utc>) -> String {
        format!("<{}@{}>", ids.uuid(now).simple(), self.sender.domain())
    }

    pub(crate) fn render(
        &self,
        recipient: &Recipient,
        locale: &'static str,
        notice: OrderConfirmation<'_>,
        now: DateTime<Utc>,
    ) -> Result<RenderedMail, MailError> {
        let address = recipient.contact().email().ok_or(ecrm_core::Refusal::NoAddress)?;
        let order = notice.order;
        let conventions = Conventions::of(locale);
        let shop = self.shop.as_str().to_owned();
        let stock = Stock::of(order);
        let number = order.number().key();
        let name = recipient.contact().name().map(PersonName::full);
        let base = context! { locale, shop => shop.as_str(), number };
        let say = |key: &str, more: Value| self.phrase(locale, key, &context! { ..more, ..base.clone() });
        let greeting = match &name {
            Some(name) => say("greeting", context! { name })?,
            None => say("greeting_unnamed", context! {})?,
        };
        let subject = say("subject", context! {})?;
        let lines = order
            .lines()
            .iter()
            .map(|line| self.line(line, locale, now))
            .collect::<Result<Vec<_>, _>>()?;
        let context = context! {
            greeting,
            all_ready => stock == Stock::AllReady,
            not_all_ready => stock == Stock::NotAllReady,
            subject => subject.as_str(),
            lines,
            preheader => say(stock.preheader(), context! {})?,
            placed_on => conventions.day(order.placed_at().with_timezone(&self.offset).date_naive()),
            total => conventions.money(sum_of_what_can_be_had(order)?),
            total_word => say(if has_unavailable(order) { "total_available" } else { "total" }, context! {})?,
            url => self.url.as_deref(),
            ..base
        };
        Ok(RenderedMail {
            locale,
            text: self.template(TEXT, &context)?,
            html: self.template(HTML, &context)?,
            subject,
            shop,
            sender: self.sender.clone(),
            recipient: address.clone(),
            recipient_name: name,
        })
    }

    /// One line as the templates see it.
    fn line(&self, line: &OrderLine, locale: &'static str, now: DateTime<Utc>) -> Result<Value, MailError> {
        let conventions = Conventions::of(locale);
        let state = match line.kind() {
            LineKind::Product if line.availability() != Availability::Unknown => {
                Some(self.state(line.availability(), self.day_told(line, now), locale)?)
            }
            _ => None,
        };
        Ok(context! {
            state,
            description => line.description(),
            quantity => conventions.quantity(line.quantity()),
            unit_price => conventions.unit_price(line.unit_price()),
            amount => conventions.money(line.amount()),
            ready => line.availability().is_ready(),
        })
    }

    /// The sentence about a line follows from its availability, and from nothing else.
    fn state(
        &self,
        availability: Availability,
        day: Option<NaiveDate>,
        locale: &'static str,
    ) -> Result<String, MailError> {
        let until = if day.is_some() { "_until" } else { "" };
        let key = format!("state_{}{until}", availability.code());
        let day = day.map(|day| Conventions::of(locale).day(day));
        self.phrase(locale, &key, &context! { day })
    }

    fn phrase(&self, locale: &str, key: &str, context: &Value) -> Result<String, MailError> {
        self.template(&phrase_name(locale, key), context)
    }

    fn template(&self, name: &str, context: &Value) -> Result<String, MailError> {
        self.templates
            .get_template(name)
            .and_then(|template| template.render(context))
            .map_err(template_error)
    }
}

/// What may be said of an order as a whole. It follows from its products, and from nothing else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stock {
    AllReady,
    NotAllReady,
    /// Nobody has said, or there are no products.
    Unknown,
}

impl Stock {
    fn of(order: &Order) -> Self {
        let products = || order.lines().iter().filter(|line| line.kind() == LineKind::Product);
        let states = || products().map(OrderLine::availability);
        if states().any(|state| !state.is_ready() && state != Availability::Unknown) {
            Self::NotAllReady
        } else if products().count() > 0 && states().all(Availability::is_ready) {
            Self::AllReady
        } else {
            Self::Unknown
        }
    }

    fn preheader(self) -> &'static str {
        match self {
            Self::AllReady => "preheader_ready",
            Self::NotAllReady => "preheader_open",
            Self::Unknown => "thanks",
        }
    }
}

fn templates() -> Result<Environment<'static>, MailError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment
        .add_template(HTML, include_str!("templates/order_confirmation.html"))
        .map_err(template_error)?;
    environment
        .add_template(TEXT, include_str!("templates/order_confirmation.txt"))
        .map_err(template_error)?;
    for (locale, phrases) in LOCALES {
        let phrases: BTreeMap<String, String> = serde_json::from_str(phrases)
            .map_err(|error| MailError::Template(format!("texts of {locale}: {error}")))?;
        for (key, phrase) in phrases {
            environment
                .add_template_owned(phrase_name(locale, &key), phrase)
                .map_err(template_error)?;
        }
    }
    environment.add_function("say", say);
    Ok(environment)
}

/// In a template: `say("thanks")` is the phrase in the mail's language. It sees the template's variables, and is escaped like any
/// other value where it is put.
fn say(state: &State<'_, '_>, key: &str) -> Result<String, minijinja::Error> {
    let variable = |name: &str| state.lookup(name).unwrap_or_default();
    let locale = variable("locale");
    let locale = locale.as_str().ok_or_else(|| {
        minijinja::Error::new(
            ErrorKind::UndefinedError,
            "the template has no locale to say something in",
        )
    })?;
    let context = context! { shop => variable("shop"), number => variable("number") };
    state.env().get_template(&phrase_name(locale, key))?.render(context)
}

fn phrase_name(locale: &str, key: &str) -> String {
    format!("{locale}/{key}.txt")
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn template_error(error: minijinja::Error) -> MailError {
    let place = error.name().map_or_else(String::new, |name| format!(" in {name}"));
    let line = error.line().map_or_else(String::new, |line| format!(" at line {line}"));
    MailError::Template(format!("{}{place}{line}", error.kind()))
}

fn has_unavailable(order: &Order) -> bool {
    order
        .lines()
        .iter()
        .any(|line| line.availability() == Availability::Unavailable)
}

/// What is not to be had is not to be paid.
fn sum_of_what_can_be_had(order: &Order) -> Result<Money, ValueError> {
    let lines = order
        .lines()
        .iter()
        .filter(|line| line.availability() != Availability::Unavailable);
    Money::sum(order.currency(), lines.map(OrderLine::amount))
}
