//! What the shop does with an invoice, in one transaction: its own row, the customer, the order or cancellation, the confirmation and
//! the segments.

use ecrm::checkout::{Buyer, Checkout, CheckoutError, Confirmation};
use ecrm::confirmation_mail::Mailer;
use ecrm::core::{
    Activity, Attribute, AttributeName, AttributeValue, Clock, GuestId, Order, Return, Source, Subject, SystemClock,
    SystemIds, ValueError,
};
use ecrm::recognition::{Person, recognise};
use ecrm::returns::{TakenBack, matching_order, take_back};
use ecrm::store::{Session, SessionExt, StoreError, StoreErrorKind, attributes};

use crate::Failure;
use crate::database::Database;
use crate::prepare::{Ready, What};
use crate::segments::Segments;

/// What the shop has at every invoice.
pub struct Shop {
    mailer: Mailer,
    source: Source,
    pub segments: Segments,
}

/// What writing one invoice has led to.
pub enum Written {
    New,
    Before,
    Refused(String),
}

impl Shop {
    pub fn new(database: &mut Database) -> Result<Self, Failure> {
        let mailer = Mailer::new("The Invented Shop", "orders@shop-day.example".parse()?)?
            .with_url("https://shop-day.example/")?;
        Ok(Self {
            mailer,
            source: Source::new("shop_day")?,
            segments: Segments::new(database)?,
        })
    }

    pub fn write(&self, session: &mut dyn Session, ready: &Ready) -> Result<Written, StoreError> {
        let written = match &ready.what {
            What::Order { buyer, order } => self.place(session, buyer, order, ready)?,
            What::Cancellation { person, returned } => self.cancel(session, person.as_ref(), returned, ready)?,
        };
        if matches!(written, Written::New) {
            ready.row.insert(session)?;
        }
        Ok(written)
    }

    fn place(
        &self,
        session: &mut dyn Session,
        buyer: &Buyer,
        order: &Order,
        ready: &Ready,
    ) -> Result<Written, StoreError> {
        let checkout = Checkout {
            mailer: &self.mailer,
            ids: &SystemIds,
            source: &self.source,
        };
        match checkout.place(session, buyer, order, SystemClock.now()) {
            Ok(placed) if placed.confirmation == Confirmation::PlacedBefore => Ok(Written::Before),
            Ok(placed) => {
                if let Some(activity) = placed.activity {
                    self.segment(session, activity, placed.new_customer.is_some(), ready)?;
                }
                Ok(Written::New)
            }
            Err(CheckoutError::Store(error)) => Err(error),
            Err(error) if error.should_retry_transaction() => {
                Err(StoreError::new(StoreErrorKind::SerializationFailure, error.to_string()))
            }
            Err(error) => Ok(Written::Refused(error.to_string())),
        }
    }

    fn cancel(
        &self,
        session: &mut dyn Session,
        person: Option<&Person>,
        returned: &Return,
        ready: &Ready,
    ) -> Result<Written, StoreError> {
        let now = SystemClock.now();
        // A cancellation that is refused leaves nothing behind, not even a customer.
        let at = ready.row.placed_at;
        let written: Result<Written, StoreError> = session.atomically(|session| {
            let recognised = person
                .map(|person| recognise(session, person, &self.source, &SystemIds, now))
                .transpose()?;
            let subject: Subject = match &recognised {
                Some(recognised) => recognised.customer.id().into(),
                None => GuestId::new(&SystemIds, now).into(),
            };
            let returned = match matching_order(session, subject, returned.lines(), at)? {
                Some(order) => returned.clone().of_order(order),
                None => returned.clone(),
            };
            let taken_back = take_back(session, subject, &returned, at, &self.source, &SystemIds, now)?;
            match taken_back {
                TakenBack::Before => Ok(Written::Before),
                TakenBack::Now(activity) => {
                    let is_new = recognised.is_some_and(|recognised| recognised.is_new);
                    self.segment(session, *activity, is_new, ready)?;
                    Ok(Written::New)
                }
            }
        });
        match written {
            Ok(written) => Ok(written),
            Err(error) if error.is_conflict() => Ok(Written::Refused(error.to_string())),
            Err(error) => Err(error),
        }
    }

    /// Brings the segments of the customer up to date; of a new one it is noted first where the invoice goes to.
    fn segment(
        &self,
        session: &mut dyn Session,
        activity: Activity,
        is_new: bool,
        ready: &Ready,
    ) -> Result<(), StoreError> {
        let Some(customer) = activity.subject().customer() else {
            return Ok(());
        };
        if is_new {
            let invalid = |error: ValueError| StoreError::invalid_input(error.to_string());
            let name = AttributeName::new("country").map_err(invalid)?;
            let country = AttributeValue::Text(ready.row.country.clone());
            let attribute = Attribute::new(name, Some(country), ready.now, SystemClock.now(), self.source.clone());
            attributes::set(session, &SystemIds, customer, &attribute)?;
        }
        self.segments.update(session, customer, activity, ready.now)
    }
}
