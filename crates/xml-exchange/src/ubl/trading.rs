//! The two sides of a trade: a party with the numbers that each side has given to the other.

use ecrm_xml::{Element, Writer, XmlError};

use super::names::{cac, cbc};
use super::party::Party;
use super::person::Contact;
use super::value::{Part, all, one, put};
use crate::profile::PartyProfile;

/// Who buys or receives.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CustomerParty {
    /// `CustomerAssignedAccountID`: the customer's own number of itself.
    pub customer_number: Option<String>,
    /// `SupplierAssignedAccountID`: the shop's number of the customer.
    pub supplier_number: Option<String>,
    /// `AdditionalAccountID`.
    pub additional_numbers: Vec<String>,
    /// `Party`.
    pub party: Option<Party>,
    /// `DeliveryContact`: who takes the goods.
    pub delivery_contact: Option<Contact>,
    /// `BuyerContact`: who has ordered them.
    pub buyer_contact: Option<Contact>,
}

impl CustomerParty {
    /// A customer whose number in the shop is known, or is not.
    #[must_use]
    pub fn new(supplier_number: Option<&str>, party: Option<Party>) -> Self {
        Self {
            supplier_number: supplier_number.map(str::to_owned),
            party,
            ..Self::default()
        }
    }

    /// What the core model can use of the customer. `system` is the shop's own: its number of the customer is a key of it, and
    /// comes first. Who merely takes the goods is not the customer, and is not asked.
    #[must_use]
    pub fn profile(&self, system: &str) -> PartyProfile {
        let nobody = Party::default();
        let further: Vec<&Contact> = self.buyer_contact.iter().collect();
        let mut profile = self.party.as_ref().unwrap_or(&nobody).profile_with(&further);
        if let Some(number) = self.supplier_number.as_deref().filter(|number| !number.is_empty()) {
            let others = std::mem::take(&mut profile.identifiers);
            profile.use_identifier(system, number);
            profile.identifiers.extend(others);
        }
        profile
    }
}

impl Part for CustomerParty {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            customer_number: one(element, cbc("CustomerAssignedAccountID"))?,
            supplier_number: one(element, cbc("SupplierAssignedAccountID"))?,
            additional_numbers: all(element, cbc("AdditionalAccountID"))?,
            party: one(element, cac("Party"))?,
            delivery_contact: one(element, cac("DeliveryContact"))?,
            buyer_contact: one(element, cac("BuyerContact"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("CustomerAssignedAccountID"), &self.customer_number);
        put(writer, cbc("SupplierAssignedAccountID"), &self.supplier_number);
        put(writer, cbc("AdditionalAccountID"), &self.additional_numbers);
        put(writer, cac("Party"), &self.party);
        put(writer, cac("DeliveryContact"), &self.delivery_contact);
        put(writer, cac("BuyerContact"), &self.buyer_contact);
    }
}

/// Who sells or sends.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SupplierParty {
    /// `CustomerAssignedAccountID`: the customer's number of the shop.
    pub customer_number: Option<String>,
    /// `AdditionalAccountID`.
    pub additional_numbers: Vec<String>,
    /// `Party`.
    pub party: Option<Party>,
    /// `DespatchContact`: who sends the goods.
    pub despatch_contact: Option<Contact>,
    /// `SellerContact`: who sells them.
    pub seller_contact: Option<Contact>,
}

impl From<Party> for SupplierParty {
    fn from(party: Party) -> Self {
        Self {
            party: Some(party),
            ..Self::default()
        }
    }
}

impl Part for SupplierParty {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            customer_number: one(element, cbc("CustomerAssignedAccountID"))?,
            additional_numbers: all(element, cbc("AdditionalAccountID"))?,
            party: one(element, cac("Party"))?,
            despatch_contact: one(element, cac("DespatchContact"))?,
            seller_contact: one(element, cac("SellerContact"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("CustomerAssignedAccountID"), &self.customer_number);
        put(writer, cbc("AdditionalAccountID"), &self.additional_numbers);
        put(writer, cac("Party"), &self.party);
        put(writer, cac("DespatchContact"), &self.despatch_contact);
        put(writer, cac("SellerContact"), &self.seller_contact);
    }
}

redacted!(CustomerParty, SupplierParty);
