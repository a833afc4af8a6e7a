//! The first story: an order is placed. Customer recognised, order recorded, confirmation queued: all of it, or none.

use chrono::{DateTime, Utc};
use ecrm_confirmation_mail::{Enqueued, MailError, MailRequest, Mailer, NoticeKind, OrderReceived, enqueue};
use ecrm_core::{
    Activity, ActivityId, Channel, Customer, EmailAddress, Event, ExternalRef, IdSource, Identifier, Order, OrderId,
    Recipient, Refusal, Source, SubjectId,
};
use ecrm_store::external_refs::{self, Target};
use ecrm_store::{Session, SessionExt, StoreError, activities, may_contact};

use crate::recognition::{Person, Recognised, recognise};

/// Who places an order.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_enums, reason = "whoever is no customer is a guest")]
pub enum Buyer {
    /// Somebody who is to be recognised, or to become a customer.
    Customer(Person),
    /// A guest, who stays one.
    Guest(Recipient),
}

impl Buyer {
    /// What tells one buyer from another, for as long as the order exists: the same number from somebody else is another order.
    fn key(&self) -> Option<String> {
        match self {
            Self::Customer(person) => person
                .identifiers()
                .first()
                .map(|first| format!("{}:{}", first.kind(), first.key())),
            Self::Guest(recipient) => recipient.contact().email().map(EmailAddress::key),
        }
    }
}

/// What the checkout of a shop needs at every order.
#[derive(Clone, Copy)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the parts are the shop's own, and given by name"
)]
pub struct Checkout<'a> {
    /// Composes the confirmations.
    pub mailer: &'a Mailer,
    /// Where ids come from.
    pub ids: &'a dyn IdSource,
    /// What is written down as the origin of customers and orders.
    pub source: &'a Source,
}

/// An order that is recorded.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Placed {
    /// Our id of the order; of the earlier one where it was placed before.
    pub order: OrderId,
    /// Under whose id it is recorded.
    pub subject: SubjectId,
    /// The customer, if this order has made one.
    pub new_customer: Option<Customer>,
    /// Strong identifiers of the buyer that belong to another customer; see [`crate::recognition::Recognised`].
    pub contested: Vec<Identifier>,
    /// What became of the confirmation.
    pub confirmation: Confirmation,
    /// What was recorded, for modules that follow the record and then need not read it; nothing where the order was placed before.
    pub activity: Option<Activity>,
}

/// What became of the confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a shop has to look at each")]
pub enum Confirmation {
    /// The order was placed before; nothing was written.
    PlacedBefore,
    /// It is queued.
    Queued(Enqueued),
    /// There will be none; why.
    None(Refusal),
}

/// Why an order was not placed. Nothing of it was written, and the host's transaction is still usable.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckoutError {
    /// The number was used for another content.
    #[error("an order {0} with another content was placed before; use a new number, or record a change to the order")]
    OrderDiffers(ExternalRef),
    /// The confirmation.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CheckoutError {
    /// True when repeating the host's whole transaction may succeed.
    #[must_use]
    pub fn should_retry_transaction(&self) -> bool {
        match self {
            Self::Mail(error) => error.should_retry_transaction(),
            Self::Store(error) => error.should_retry_transaction(),
            Self::OrderDiffers(_) => false,
        }
    }
}

impl std::fmt::Debug for Checkout<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Checkout({:?}, {})", self.mailer, self.source)
    }
}

impl Checkout<'_> {
    /// Places an order inside the host's transaction: recognises or makes the customer, records the order, and queues its
    /// confirmation. The same order once more changes nothing.
    ///
    /// # Errors
    /// [`CheckoutError::OrderDiffers`] when the number was used for another content; otherwise those of the mail and the database.
    pub fn place(
        &self,
        session: &mut dyn Session,
        buyer: &Buyer,
        order: &Order,
        now: DateTime<Utc>,
    ) -> Result<Placed, CheckoutError> {
        let _span = ecrm_store::span("checkout", "place");
        let digest = external_refs::digest(&(order.content(), buyer.key()))?;
        if let Some(before) = external_refs::find(session, order.number(), "order")? {
            return placed_before(order, &before, &digest);
        }
        session.atomically(|session| {
            let (recipient, recognised) = self.recipient(session, buyer, now)?;
            let subject = recipient.subject();
            let target = Target::new(order.id(), subject.id(), digest);
            if external_refs::claim(session, order.number(), "order", &target, now)?.is_some() {
                return Err(raced().into());
            }
            let activity = Activity::new(
                ActivityId::new(self.ids, now),
                subject,
                order.placed_at(),
                now,
                self.source.clone(),
                Event::Order(order.clone()),
            );
            activities::append(session, &activity)?;
            let confirmation = self.confirm(session, &recipient, order, now)?;
            let (new_customer, contested) = match recognised {
                Some(known) => (known.is_new.then_some(known.customer), known.contested),
                None => (None, Vec::new()),
            };
            Ok(Placed {
                order: order.id(),
                subject: subject.id(),
                new_customer,
                contested,
                confirmation,
                activity: Some(activity),
            })
        })
    }

    /// Who gets the confirmation: by the address that was given with this order, else by the one on record.
    fn recipient(
        &self,
        session: &mut dyn Session,
        buyer: &Buyer,
        now: DateTime<Utc>,
    ) -> Result<(Recipient, Option<Recognised>), CheckoutError> {
        match buyer {
            Buyer::Guest(recipient) => Ok((recipient.clone(), None)),
            Buyer::Customer(person) => {
                let recognised = recognise(session, person, self.source, self.ids, now)?;
                Ok((person.recipient(&recognised.customer), Some(recognised)))
            }
        }
    }

    fn confirm(
        &self,
        session: &mut dyn Session,
        recipient: &Recipient,
        order: &Order,
        now: DateTime<Utc>,
    ) -> Result<Confirmation, CheckoutError> {
        // Asked first: a mail that may not be sent need not be composed.
        let permission = match may_contact(
            session,
            recipient,
            NoticeKind::OrderReceived.purpose(),
            Channel::Email,
            now,
        )? {
            Ok(permission) => permission,
            Err(refusal) => return Ok(Confirmation::None(refusal)),
        };
        let key = confirmation_key(order.number());
        let mail = MailRequest::new(&key, recipient, OrderReceived { order });
        let mail = self.mailer.compose(&mail, self.ids, now)?;
        Ok(Confirmation::Queued(enqueue(
            session,
            &permission,
            &mail,
            self.ids,
            now,
        )?))
    }
}

/// The key under which the confirmation of an order is queued.
#[must_use]
pub fn confirmation_key(order: &ExternalRef) -> String {
    format!("order:{order}:confirmation")
}

fn placed_before(order: &Order, before: &Target, digest: &str) -> Result<Placed, CheckoutError> {
    if before.digest != digest {
        return Err(CheckoutError::OrderDiffers(order.number().clone()));
    }
    Ok(Placed {
        order: OrderId::from_uuid(before.id),
        subject: before.subject,
        new_customer: None,
        contested: Vec::new(),
        confirmation: Confirmation::PlacedBefore,
        activity: None,
    })
}

fn raced() -> StoreError {
    StoreError::new(
        ecrm_store::StoreErrorKind::SerializationFailure,
        "the same order was placed by another transaction at this moment; repeat the transaction",
    )
}
