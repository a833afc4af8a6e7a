use std::fmt;

use chrono::NaiveDate;
use ecrm_xml::{Element, Writer, XmlError};

use super::address::Address;
use super::names::{cac, cbc};
use super::party::Party;
use super::value::{Measure, Part, one, put};
use crate::text::Day;

/// Where and when something is to be, or will be, delivered.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// `ID`.
    pub id: Option<String>,
    /// `Quantity`: how many of the line it is about.
    pub quantity: Option<Measure>,
    /// `TrackingID`.
    pub tracking: Option<String>,
    /// `DeliveryAddress`.
    pub address: Option<Address>,
    /// `DeliveryLocation`.
    pub location: Option<DeliveryLocation>,
    /// `RequestedDeliveryPeriod`: what the buyer wishes.
    pub requested: Option<Period>,
    /// `PromisedDeliveryPeriod`: what the seller promises.
    pub promised: Option<Period>,
    /// `EstimatedDeliveryPeriod`: what the seller expects, and does not promise.
    pub estimated: Option<Period>,
    /// `DeliveryParty`: who takes the goods.
    pub party: Option<Party>,
}

impl Delivery {
    /// A promise of a quantity by a day.
    #[must_use]
    pub fn promised(quantity: Measure, by: NaiveDate) -> Self {
        Self {
            quantity: Some(quantity),
            promised: Some(Period {
                end: Some(Day::from(by)),
                ..Period::default()
            }),
            ..Self::default()
        }
    }

    /// The address, given directly or as that of a place.
    #[must_use]
    pub fn postal_address(&self) -> Option<&Address> {
        let of_place = self.location.as_ref().and_then(|location| location.address.as_ref());
        self.address.as_ref().or(of_place)
    }
}

impl Part for Delivery {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            id: one(element, cbc("ID"))?,
            quantity: one(element, cbc("Quantity"))?,
            tracking: one(element, cbc("TrackingID"))?,
            address: one(element, cac("DeliveryAddress"))?,
            location: one(element, cac("DeliveryLocation"))?,
            requested: one(element, cac("RequestedDeliveryPeriod"))?,
            promised: one(element, cac("PromisedDeliveryPeriod"))?,
            estimated: one(element, cac("EstimatedDeliveryPeriod"))?,
            party: one(element, cac("DeliveryParty"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("ID"), &self.id);
        put(writer, cbc("Quantity"), &self.quantity);
        put(writer, cbc("TrackingID"), &self.tracking);
        put(writer, cac("DeliveryAddress"), &self.address);
        put(writer, cac("DeliveryLocation"), &self.location);
        put(writer, cac("RequestedDeliveryPeriod"), &self.requested);
        put(writer, cac("PromisedDeliveryPeriod"), &self.promised);
        put(writer, cac("EstimatedDeliveryPeriod"), &self.estimated);
        put(writer, cac("DeliveryParty"), &self.party);
    }
}

/// A place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryLocation {
    /// `ID`.
    pub id: Option<String>,
    /// `Address`.
    pub address: Option<Address>,
}

impl Part for DeliveryLocation {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            id: one(element, cbc("ID"))?,
            address: one(element, cac("Address"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("ID"), &self.id);
        put(writer, cac("Address"), &self.address);
    }
}

/// From when until when. Times of day are kept beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Period {
    /// `StartDate`.
    pub start: Option<Day>,
    /// `EndDate`.
    pub end: Option<Day>,
}

impl Part for Period {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            start: one(element, cbc("StartDate"))?,
            end: one(element, cbc("EndDate"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("StartDate"), &self.start);
        put(writer, cbc("EndDate"), &self.end);
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("quantity", &self.quantity)
            .field("requested", &self.requested)
            .field("promised", &self.promised)
            .field("estimated", &self.estimated)
            .finish_non_exhaustive()
    }
}
