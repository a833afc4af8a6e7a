use ecrm_core::PostalAddress;
use ecrm_xml::{Element, Writer, XmlError};

use super::names::{cac, cbc};
use super::value::{Identification, Part, all_in, one, put, put_in};
use crate::profile::{AddressParts, joined};

/// An address: `PostalAddress`, `DeliveryAddress`, or the `Address` of a place.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Address {
    /// `ID`, such as a GLN.
    pub id: Option<Identification>,
    /// `Postbox`.
    pub postbox: Option<String>,
    /// `Floor`.
    pub floor: Option<String>,
    /// `Room`.
    pub room: Option<String>,
    /// `StreetName`.
    pub street: Option<String>,
    /// `AdditionalStreetName`.
    pub additional_street: Option<String>,
    /// `BuildingName`.
    pub building_name: Option<String>,
    /// `BuildingNumber`.
    pub building_number: Option<String>,
    /// `Department`.
    pub department: Option<String>,
    /// `CityName`.
    pub city: Option<String>,
    /// `PostalZone`.
    pub postal_zone: Option<String>,
    /// `CountrySubentity`: a state, province or county.
    pub region: Option<String>,
    /// `AddressLine/Line`.
    pub lines: Vec<String>,
    /// `Country`.
    pub country: Option<AddressCountry>,
}

/// The country of an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AddressCountry {
    /// `IdentificationCode`: a code of ISO 3166-1 in all orderly documents.
    pub code: Option<String>,
    /// `Name`.
    pub name: Option<String>,
}

impl Address {
    pub(super) fn parts(&self) -> AddressParts {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let house = joined([&*text(&self.street), &*text(&self.building_number)]);
        let beside = [
            &self.additional_street,
            &self.building_name,
            &self.floor,
            &self.room,
            &self.department,
            &self.postbox,
        ];
        let mut lines = vec![house];
        lines.extend(beside.into_iter().map(text));
        lines.extend(self.lines.iter().cloned());
        let country = self.country.clone().unwrap_or_default();
        AddressParts {
            lines,
            locality: text(&self.city),
            region: text(&self.region),
            postal_code: text(&self.postal_zone),
            countries: country.code.into_iter().chain(country.name).collect(),
        }
    }
}

impl From<&PostalAddress> for Address {
    /// The first line becomes the street, the second the additional street; a number is not taken out of its line.
    fn from(address: &PostalAddress) -> Self {
        let mut lines = address.lines().iter().cloned();
        Self {
            street: lines.next(),
            additional_street: lines.next(),
            lines: lines.collect(),
            city: Some(address.locality().to_owned()),
            postal_zone: address.postal_code().map(str::to_owned),
            region: address.region().map(str::to_owned),
            country: Some(AddressCountry {
                code: Some(address.country().code().to_owned()),
                name: None,
            }),
            ..Self::default()
        }
    }
}

impl Part for Address {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            id: one(element, cbc("ID"))?,
            postbox: one(element, cbc("Postbox"))?,
            floor: one(element, cbc("Floor"))?,
            room: one(element, cbc("Room"))?,
            street: one(element, cbc("StreetName"))?,
            additional_street: one(element, cbc("AdditionalStreetName"))?,
            building_name: one(element, cbc("BuildingName"))?,
            building_number: one(element, cbc("BuildingNumber"))?,
            department: one(element, cbc("Department"))?,
            city: one(element, cbc("CityName"))?,
            postal_zone: one(element, cbc("PostalZone"))?,
            region: one(element, cbc("CountrySubentity"))?,
            lines: all_in(element, cac("AddressLine"), cbc("Line"))?,
            country: one(element, cac("Country"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("ID"), &self.id);
        put(writer, cbc("Postbox"), &self.postbox);
        put(writer, cbc("Floor"), &self.floor);
        put(writer, cbc("Room"), &self.room);
        put(writer, cbc("StreetName"), &self.street);
        put(writer, cbc("AdditionalStreetName"), &self.additional_street);
        put(writer, cbc("BuildingName"), &self.building_name);
        put(writer, cbc("BuildingNumber"), &self.building_number);
        put(writer, cbc("Department"), &self.department);
        put(writer, cbc("CityName"), &self.city);
        put(writer, cbc("PostalZone"), &self.postal_zone);
        put(writer, cbc("CountrySubentity"), &self.region);
        put_in(writer, cac("AddressLine"), cbc("Line"), &self.lines);
        put(writer, cac("Country"), &self.country);
    }
}

impl Part for AddressCountry {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            code: one(element, cbc("IdentificationCode"))?,
            name: one(element, cbc("Name"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("IdentificationCode"), &self.code);
        put(writer, cbc("Name"), &self.name);
    }
}

redacted!(Address);
