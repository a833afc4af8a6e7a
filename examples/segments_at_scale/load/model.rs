//! From the rows of the files to the core model.

use chrono::{DateTime, Utc};
use ecrm::core::{
    Activity, ActivityId, Attribute, AttributeName, AttributeValue, Channel, Consent, ConsentDecision, ContactData,
    Customer, CustomerId, Event, ExternalRef, IdSource, Order, OrderId, OrderLine, PostalAddress, Purpose, Quantity,
    SeededIds, Source, SubjectId, Visit,
};

use super::rows::{CustomerRow, LineRow, OrderRow};
use crate::Failure;

/// What everything that is loaded has in common.
pub struct Model {
    ids: SeededIds,
    source: Source,
    preference: AttributeName,
    now: DateTime<Utc>,
}

impl Model {
    /// Ids are the same at every run, so that two loads make the same database.
    pub fn new(now: DateTime<Utc>) -> Result<Self, Failure> {
        Ok(Self {
            ids: SeededIds::new(20_261_122),
            source: Source::new("shop")?,
            preference: AttributeName::preference("channel")?,
            now,
        })
    }

    pub fn ids(&self) -> &dyn IdSource {
        &self.ids
    }

    pub fn source(&self) -> &Source {
        &self.source
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The files know the country alone; an address has a street and a town.
    pub fn customer(&self, row: &CustomerRow) -> Result<Customer, Failure> {
        let address = PostalAddress::new(&["Street"], "Town", row.country)?;
        Ok(Customer::new(id(row.id), row.created).with_contact(ContactData::new().with_address(address)))
    }

    pub fn preference(&self, row: &CustomerRow) -> Result<Attribute, Failure> {
        Ok(Attribute::new(
            self.preference.clone(),
            Some(AttributeValue::Text(row.preferred_channel.clone())),
            row.created,
            row.created,
            self.source.clone(),
        ))
    }

    pub fn consents(&self, row: &CustomerRow) -> Result<[Consent; 2], Failure> {
        let consent = |channel, agreed| {
            let decision = if agreed {
                ConsentDecision::Granted
            } else {
                ConsentDecision::Denied
            };
            let subject = SubjectId::from_uuid(id(row.id).uuid());
            Consent::new(
                subject,
                Purpose::Marketing,
                channel,
                decision,
                row.created,
                self.source.clone(),
            )
        };
        Ok([consent(Channel::Email, row.email), consent(Channel::Sms, row.sms)])
    }

    pub fn order(&self, customer: CustomerId, at: i64, row: &OrderRow) -> Result<Activity, Failure> {
        let at = instant(at)?;
        let lines = row.lines.iter().map(line).collect::<Result<_, _>>()?;
        let number = ExternalRef::new("shop", &row.id.to_string())?;
        let order = Order::new(OrderId::new(&self.ids, at), number, at, Channel::Web, lines)?;
        Ok(self.activity(customer, at, Event::Order(order)))
    }

    pub fn visit(&self, customer: CustomerId, at: i64) -> Result<Activity, Failure> {
        Ok(self.activity(customer, instant(at)?, Event::Visit(Visit::new(Channel::Web))))
    }

    /// One more order: three lines, 123.45 EUR in all.
    pub fn extra_order(
        &self,
        ids: &dyn IdSource,
        customer: CustomerId,
        number: u64,
        at: DateTime<Utc>,
    ) -> Result<Activity, Failure> {
        let rows = [(7, 2_345), (8, 5_000), (9, 5_000)].map(|(category, cents)| LineRow {
            product: category,
            category,
            quantity: 1,
            cents,
        });
        let lines = rows.iter().map(line).collect::<Result<_, _>>()?;
        let number = ExternalRef::new("shop", &number.to_string())?;
        let order = Order::new(OrderId::new(ids, at), number, at, Channel::Web, lines)?;
        let (id, event) = (ActivityId::new(ids, at), Event::Order(order));
        Ok(Activity::new(id, customer, at, at, self.source.clone(), event))
    }

    fn activity(&self, customer: CustomerId, at: DateTime<Utc>, event: Event) -> Activity {
        let id = ActivityId::new(&self.ids, at);
        Activity::new(id, customer, at, at, self.source.clone(), event)
    }
}

/// Ids of the library sort as the numbers of the files do.
pub fn id(number: u64) -> CustomerId {
    CustomerId::from_uuid(uuid::Uuid::from_u64_pair(0, number))
}

fn line(row: &LineRow) -> Result<OrderLine, Failure> {
    let (sku, description) = (format!("P{}", row.product), format!("Product {}", row.product));
    let line = OrderLine::product(&sku, &description, Quantity::pieces(row.quantity), row.price())?;
    Ok(line.with_category(&row.category.to_string())?)
}

fn instant(seconds: i64) -> Result<DateTime<Utc>, Failure> {
    DateTime::from_timestamp(seconds, 0).ok_or_else(|| "a temporary file has no instant".into())
}
