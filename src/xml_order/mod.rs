//! The story of an XML order: it comes in, its buyer is recognised where profiles are kept, it is recorded, its confirmation is queued
//! and it is answered, honestly line by line. All of that in the host's transaction, or none of it.

mod told;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use ecrm_core::{
    Channel, ContactData, ExternalRef, GuestId, Identifier, Money, OrderId, OrderLine, Promise, PromiseId, Recipient,
    ValueError,
};
use ecrm_store::{Session, SessionExt, StoreError, promises};
use ecrm_xml::{Difference, ErrorCode, Kept, Limits, Record, WriteError, XmlError, differences, parse};
use ecrm_xml_exchange::ubl::{LineAnswer, OrderResponse, PurchaseOrder};
use ecrm_xml_exchange::{ExchangeError, Exchanged, StoredDocument, Unusable, find_document, store_document};

use crate::checkout::{Buyer, Checkout, CheckoutError, Confirmation, Placed};
use crate::recognition::Person;

/// What a shop needs to take XML orders.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the parts are the shop's own, and given by name"
)]
pub struct XmlOrders<'a> {
    /// Records the order and queues its confirmation.
    pub checkout: Checkout<'a>,
    /// Whose order numbers these are: the system of the sender.
    pub sender: &'a str,
    /// The system whose customer numbers the shop has given out. A sender who gives such a number is believed: its orders are those of
    /// that customer. Give `profiles: Profiles::NotKept` for senders who are not to be believed.
    pub shop: &'a str,
    /// Whether buyers are recognised.
    pub profiles: Profiles,
    /// How large an order may be.
    pub limits: &'a Limits,
}

/// Whether a shop keeps profiles of its customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a shop does, or does not")]
pub enum Profiles {
    /// A buyer is recognised, or becomes a customer.
    Kept,
    /// Every buyer is a guest. A confirmation needs no more.
    NotKept,
}

/// An order that was taken, or had been taken before.
#[derive(Clone)]
#[non_exhaustive]
pub struct AnsweredOrder {
    /// The number that the sender has given it.
    pub number: ExternalRef,
    /// What became of it; nothing when the same order was taken before, and nothing was written now.
    pub placed: Option<Placed>,
    /// The OrderResponse to send; when the same order was taken before, the one that was sent then.
    pub response: String,
    /// What was in the order and not understood. It is stored with the order.
    pub kept: Vec<Kept>,
    /// What was said about the buyer and cannot be used, such as a mailbox that is none.
    pub unusable: Vec<Unusable>,
    /// The order says that another sum is to be paid than its parts come to. It was taken by its parts.
    pub disputed_total: Option<DisputedTotal>,
}

/// The response is about a person, and is not shown.
impl std::fmt::Debug for AnsweredOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnsweredOrder")
            .field("number", &self.number)
            .field("placed", &self.placed)
            .field("kept", &self.kept)
            .field("unusable", &self.unusable)
            .field("disputed_total", &self.disputed_total)
            .finish_non_exhaustive()
    }
}

/// Two sums that should be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DisputedTotal {
    /// What the order says is to be paid.
    pub stated: Money,
    /// What its lines, charges and taxes come to.
    pub computed: Money,
}

/// Why an order was not taken. Nothing of it was written, and the host's transaction is still usable.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum XmlOrderError {
    /// An order of this number came before and said something else.
    #[error("the order {number} came before with another content; send it under a new number, or send a change ({} differences, the first: {})",
        .differences.len(), .differences.first().map_or("", |difference| &difference.path))]
    Differs {
        /// The number.
        number: ExternalRef,
        /// In what: the order that came before, and this one.
        differences: Vec<Difference>,
    },
    /// The document cannot be read, or the order in it cannot be used.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// The order cannot be answered like that.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// The answer cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The order cannot be recorded or confirmed.
    #[error(transparent)]
    Checkout(#[from] CheckoutError),
}

impl From<StoreError> for XmlOrderError {
    fn from(error: StoreError) -> Self {
        Self::Checkout(error.into())
    }
}

impl From<ValueError> for XmlOrderError {
    fn from(error: ValueError) -> Self {
        Self::Exchange(error.into())
    }
}

impl XmlOrderError {
    /// True when repeating the host's whole transaction may succeed.
    #[must_use]
    pub fn should_retry_transaction(&self) -> bool {
        matches!(self, Self::Checkout(error) if error.should_retry_transaction())
    }
}

/// UN/EDIFACT 4343.
const ACCEPTED: &str = "AP";
const ACCEPTED_WITH_CHANGES: &str = "CA";

/// The kind under which orders are stored.
const ORDER: &str = "ubl-order";

impl XmlOrders<'_> {
    /// Takes a UBL order inside the host's transaction. `answer` says of each line of goods how it can be had; where nobody has said,
    /// [`LineAnswer::Unsaid`], and neither the mail nor the response claims anything.
    ///
    /// The same order once more changes nothing and gets the same response.
    ///
    /// # Errors
    /// [`XmlOrderError::Differs`] when an order of this number came before with another content; otherwise what cannot be read or used.
    pub fn place(
        &self,
        session: &mut dyn Session,
        xml: &[u8],
        answer: &mut dyn FnMut(&OrderLine) -> LineAnswer,
        now: DateTime<Utc>,
    ) -> Result<AnsweredOrder, XmlOrderError> {
        let record = parse(xml, self.limits)?;
        let document = Exchanged::<PurchaseOrder>::from_record(&record)?;
        refuse_copy(&record)?;
        let number = ExternalRef::new(self.sender, &document.content.heading.id)
            .map_err(|error| located(&record, &error.into()))?;
        if let Some(before) = find_document(session, &number, ORDER)? {
            return self.repeated(&before, &record, document, number);
        }
        let placed =
            session.atomically(|session| self.placed(session, &record, document.clone(), number.clone(), answer, now));
        match placed {
            // Another transaction may have taken the same order since its document was looked for.
            Err(XmlOrderError::Checkout(CheckoutError::OrderDiffers(differs))) => {
                match find_document(session, &number, ORDER)? {
                    Some(before) => self.repeated(&before, &record, document, number),
                    None => Err(CheckoutError::OrderDiffers(differs).into()),
                }
            }
            placed => placed,
        }
    }

    /// An order whose number came before: the same, or another.
    fn repeated(
        &self,
        before: &StoredDocument,
        record: &Record,
        document: Exchanged<PurchaseOrder>,
        number: ExternalRef,
    ) -> Result<AnsweredOrder, XmlOrderError> {
        let differences = differences(&parse(before.content.as_bytes(), self.limits)?, record);
        if !differences.is_empty() {
            return Err(XmlOrderError::Differs { number, differences });
        }
        Ok(AnsweredOrder {
            number,
            placed: None,
            response: before.answer.clone(),
            unusable: document.content.profile(self.shop).unusable,
            kept: document.kept,
            disputed_total: None,
        })
    }

    fn placed(
        &self,
        session: &mut dyn Session,
        record: &Record,
        document: Exchanged<PurchaseOrder>,
        number: ExternalRef,
        answer: &mut dyn FnMut(&OrderLine) -> LineAnswer,
        now: DateTime<Utc>,
    ) -> Result<AnsweredOrder, XmlOrderError> {
        let content = &document.content;
        let id = OrderId::new(self.checkout.ids, now);
        let asked = content.order_by_its_parts(id, self.sender, Channel::Web);
        let (asked, difference) = asked.map_err(|error| located(record, &error))?;
        // The lines of goods come first, in the order of the document.
        let goods = content.lines.len();
        let answers: Vec<LineAnswer> = asked.lines().iter().take(goods).map(&mut *answer).collect();
        refuse_past_days(content, &answers, now)?;
        // This refuses answers that promise more than was ordered.
        let response = OrderResponse::answering(content, &format!("{}-R", number.key()), now, &answers)?;
        let response = with_dispute(response, difference.as_ref());
        let response = String::from_utf8_lossy(&Exchanged::from(response).write()?).into_owned();
        let order = told::told(&asked, &answers)?;
        let (buyer, unusable) = self.buyer(content, now);
        let placed = self.checkout.place(session, &buyer, &order, now)?;
        self.promise(session, &placed, &number, &answers, now)?;
        let stored = StoredDocument::new(placed.subject, now, record.source().to_owned(), response.clone());
        store_document(session, &number, ORDER, &stored)?;
        Ok(AnsweredOrder {
            number,
            placed: Some(placed),
            response,
            unusable,
            kept: document.kept,
            disputed_total: match difference {
                Some(ExchangeError::Total { stated, computed }) => Some(DisputedTotal { stated, computed }),
                _ => None,
            },
        })
    }

    /// Every day that the response tells is a promise on record. Those that the mail tells as well were made with the mail.
    fn promise(
        &self,
        session: &mut dyn Session,
        placed: &Placed,
        number: &ExternalRef,
        answers: &[LineAnswer],
        now: DateTime<Utc>,
    ) -> Result<(), XmlOrderError> {
        let has_mail = matches!(placed.confirmation, Confirmation::Queued(_));
        for (place, answer) in (1..).zip(answers) {
            let is_in_mail = has_mail && !matches!(answer, LineAnswer::Confirmed { .. });
            if let Some(day) = day_of(*answer).filter(|_| !is_in_mail) {
                let id = PromiseId::new(self.checkout.ids, now);
                let about = format!("order:{number}/item:{place}");
                let promise = Promise::new(
                    id,
                    placed.subject,
                    &about,
                    "available",
                    end_of(day),
                    now,
                    "xml_exchange",
                )?;
                promises::make(session, &promise)?;
            }
        }
        Ok(())
    }

    /// Who orders. A key that the sender has given is the sender's: the same key of another sender is somebody else's.
    fn buyer(&self, order: &PurchaseOrder, now: DateTime<Utc>) -> (Buyer, Vec<Unusable>) {
        let profile = order.profile(self.shop);
        let scoped = profile.identifiers.iter().filter_map(|key| {
            if key.system() == self.shop {
                return Some(key.clone());
            }
            let sender = self.sender.replace('%', "%25").replace('/', "%2F");
            ExternalRef::new(&format!("{sender}/{}", key.system()), key.key()).ok()
        });
        let email = profile.contact.email().cloned().map(Identifier::Email);
        let mut identifiers = scoped.map(Identifier::External).chain(email);
        match identifiers.next().filter(|_| self.profiles == Profiles::Kept) {
            Some(first) => {
                let person = identifiers.fold(Person::new(first), Person::and);
                (Buyer::Customer(person.with_contact(profile.contact)), profile.unusable)
            }
            None => (Buyer::Guest(guest(profile.contact, self, now)), profile.unusable),
        }
    }
}

/// A copy tells of an order that is on its way elsewhere.
fn refuse_copy(record: &Record) -> Result<(), XmlError> {
    let mut children = record.element().children();
    let indicator = children.find(|child| child.name().local == "CopyIndicator");
    match indicator.filter(|indicator| matches!(indicator.text().trim(), "true" | "1")) {
        Some(indicator) => Err(indicator.error(ErrorCode::Value, "a copy of an order is no order; send the original")),
        None => Ok(()),
    }
}

/// The day that an answer tells.
fn day_of(answer: LineAnswer) -> Option<NaiveDate> {
    match answer {
        LineAnswer::BackOrdered { promised, .. }
        | LineAnswer::Confirmed { promised, .. }
        | LineAnswer::Partly { promised, .. } => promised,
        _ => None,
    }
}

/// A promised day is kept until its end. The response names no time zone, so that it is the day in UTC.
fn end_of(day: NaiveDate) -> DateTime<Utc> {
    let next_day = day.checked_add_days(Days::new(1)).unwrap_or(day);
    next_day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::microseconds(1)
}

/// Nobody is promised a day that is over.
fn refuse_past_days(order: &PurchaseOrder, answers: &[LineAnswer], now: DateTime<Utc>) -> Result<(), ExchangeError> {
    let today = now.date_naive();
    let is_past = |answer: &LineAnswer| day_of(*answer).is_some_and(|day| day < today);
    let mut answered = (1..).zip(order.lines.iter().zip(answers));
    match answered.find(|(_, (_, answer))| is_past(answer)) {
        Some((place, (line, _))) => Err(ExchangeError::Line {
            line: line.line_item.id.clone(),
            place,
            why: ValueError::new("answer", "promises a day that is over"),
        }),
        None => Ok(()),
    }
}

/// The response, with the two sums where the order says another one than its parts: it is not accepted as it stands.
fn with_dispute(mut response: OrderResponse, difference: Option<&ExchangeError>) -> OrderResponse {
    if let Some(difference) = difference {
        response.heading.notes.push(difference.to_string());
        if let Some(code) = response.code.as_mut().filter(|code| code.value == ACCEPTED) {
            ACCEPTED_WITH_CHANGES.clone_into(&mut code.value);
        }
    }
    response
}

/// The fault with the place of the line that it is about, or of the order.
fn located(record: &Record, error: &ExchangeError) -> XmlError {
    let root = record.element();
    let line = match error {
        ExchangeError::Line { place, .. } => {
            let mut lines = root.children().filter(|child| child.name().local == "OrderLine");
            lines.nth(place.saturating_sub(1))
        }
        _ => None,
    };
    line.unwrap_or(root).error(ErrorCode::Value, error)
}

fn guest(contact: ContactData, orders: &XmlOrders<'_>, now: DateTime<Utc>) -> Recipient {
    Recipient::new(GuestId::new(orders.checkout.ids, now), contact)
}
