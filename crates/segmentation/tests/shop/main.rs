//! A shop with a few customers and its segments, on both databases.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[cfg(all(feature = "csv", feature = "xml"))]
mod handing_over;
mod life;
mod open_ends;
mod packing;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::{
    Activity, ActivityId, Channel, Consent, ConsentDecision, ContactData, Customer, CustomerId, Event, ExternalRef,
    Order, OrderId, OrderLine, PersonName, Purpose, Quantity, SeededIds, Source, Subject,
};
use ecrm_segmentation::criteria::Name;
use ecrm_segmentation::{Criteria, MODULE, Segmentation, SegmentationError, Zone};
use ecrm_store::{Session, consents, customers, migrate};

const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_305_600, 0).unwrap();

fn later(hours: i64) -> DateTime<Utc> {
    NOW + TimeDelta::hours(hours)
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn criteria(text: &str) -> Criteria {
    text.parse().unwrap()
}

fn source() -> Source {
    Source::new("tests").unwrap()
}

/// A shop with segments and without customers.
struct Shop {
    segments: Segmentation,
    ids: SeededIds,
}

impl Shop {
    fn open(session: &mut dyn Session) -> Result<Self, SegmentationError> {
        migrate(session, &[&MODULE], NOW)?;
        let segments = Segmentation::new();
        segments.install(session, Zone::new("Europe/Vienna").unwrap(), NOW)?;
        let shop = Self {
            segments,
            ids: SeededIds::new(1),
        };
        shop.advance(session, NOW)?;
        Ok(shop)
    }

    /// Until it is complete, in steps that are smaller than some tests have customers.
    fn advance(&self, session: &mut dyn Session, now: DateTime<Utc>) -> Result<(), SegmentationError> {
        while !self.segments.advance(session, 3, now)?.is_complete {}
        Ok(())
    }

    fn define(&self, session: &mut dyn Session, segment: &str, text: &str) -> Result<(), SegmentationError> {
        self.segments
            .define(session, [(name(segment), criteria(text))], NOW)
            .map(|_| ())
    }

    fn customer(&self, session: &mut dyn Session, given: &str) -> Result<CustomerId, SegmentationError> {
        let id = CustomerId::new(&self.ids, NOW);
        let letters: String = given.chars().filter(char::is_ascii_alphanumeric).collect();
        let mail = format!("{}@mail.example", letters.to_lowercase());
        let contact = ContactData::new()
            .with_name(PersonName::new(given, "Keller").unwrap())
            .with_email(mail.parse().unwrap());
        let customer = Customer::new(id, NOW).with_contact(contact);
        customers::insert(session, &customer, &source(), NOW)?;
        self.segments.update(session, id, &[], NOW)?;
        Ok(id)
    }

    fn consents(
        &self,
        session: &mut dyn Session,
        id: CustomerId,
        decision: ConsentDecision,
    ) -> Result<(), SegmentationError> {
        let subject = Subject::Customer(id).id();
        let consent = Consent::new(subject, Purpose::Marketing, Channel::Email, decision, NOW, source());
        consents::record(session, &self.ids, &consent)?;
        self.segments.update(session, id, &[], NOW).map(|_| ())
    }

    fn orders(&self, session: &mut dyn Session, id: CustomerId, at: DateTime<Utc>) -> Result<(), SegmentationError> {
        self.segments.append(session, &[self.order(id, at)], at).map(|_| ())
    }

    fn order(&self, id: CustomerId, at: DateTime<Utc>) -> Activity {
        let price = "25.00 EUR".parse().unwrap();
        let lines = vec![OrderLine::product("lamp", "Lamp", Quantity::pieces(1), price).unwrap()];
        let order = OrderId::new(&self.ids, at);
        let number = ExternalRef::new("shop", &order.to_string()).unwrap();
        let event = Event::Order(Order::new(order, number, at, Channel::Web, lines).unwrap());
        Activity::new(ActivityId::new(&self.ids, at), id, at, at, source(), event)
    }

    fn is_in(&self, session: &mut dyn Session, id: CustomerId, segment: &str) -> Result<bool, SegmentationError> {
        let page = self.segments.members(session, &name(segment), None, 100, NOW)?;
        Ok(page.customers.contains(&id))
    }
}
