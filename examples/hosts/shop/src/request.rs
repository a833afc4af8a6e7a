//! The JSON of an order, parsed into types that cannot be wrong.

use std::num::NonZeroU16;

use chrono::{DateTime, Utc};
use ecrm::checkout::{Buyer, Confirmation, Placed};
use ecrm::core::{
    Channel, ContactData, EmailAddress, ExternalRef, Identifier, Locale, Order, OrderId, OrderLine, PersonName,
    Quantity, SystemIds, ValueError,
};
use ecrm::recognition::Person;
use serde::{Deserialize, Serialize};

/// An order as a browser sends it: text that nobody has looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderRequest {
    number: String,
    name: String,
    email: String,
    language: Option<String>,
    lines: Vec<LineRequest>,
}

/// A line of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineRequest {
    sku: String,
    description: String,
    quantity: NonZeroU16,
    unit_price: String,
}

/// An order that is well formed and may be placed.
#[derive(Debug, Clone)]
pub struct Cart {
    number: ExternalRef,
    buyer: Buyer,
    lines: Vec<OrderLine>,
    products: Vec<(String, i64)>,
}

/// What the browser is told.
#[derive(Debug, Serialize)]
pub struct Answer {
    order: String,
    confirmation: String,
}

impl OrderRequest {
    /// The request in the types of ecrm.
    ///
    /// # Errors
    /// Says which part of the request cannot be used, and why.
    pub fn parse(self) -> Result<Cart, ValueError> {
        let email: EmailAddress = self.email.parse()?;
        let name = PersonName::single(&self.name)?;
        let locale: Option<Locale> = self.language.map(|tag| tag.parse()).transpose()?;
        let mut contact = ContactData::new().with_name(name).with_email(email.clone());
        if let Some(locale) = locale {
            contact = contact.with_locale(locale);
        }
        let person = Person::new(Identifier::Email(email)).with_contact(contact);
        let products = self
            .lines
            .iter()
            .map(|line| (line.sku.clone(), line.quantity.get().into()));
        let cart = Cart {
            products: products.collect(),
            number: ExternalRef::new("shop", &self.number)?,
            buyer: Buyer::Customer(person),
            lines: self.lines.iter().map(LineRequest::parse).collect::<Result<_, _>>()?,
        };
        // An order knows more rules than its parts, such as that all lines are in one currency.
        cart.order(DateTime::UNIX_EPOCH)?;
        Ok(cart)
    }
}

impl LineRequest {
    fn parse(&self) -> Result<OrderLine, ValueError> {
        let quantity = Quantity::pieces(i32::from(self.quantity.get()));
        OrderLine::product(&self.sku, &self.description, quantity, self.unit_price.parse()?)
    }
}

impl Cart {
    /// The number of the order.
    #[must_use]
    pub fn number(&self) -> &str {
        self.number.key()
    }

    /// Who places it.
    #[must_use]
    pub fn buyer(&self) -> &Buyer {
        &self.buyer
    }

    /// What is to be taken from stock: products and pieces.
    pub fn products(&self) -> &[(String, i64)] {
        &self.products
    }

    /// The order, placed at an instant.
    ///
    /// # Errors
    /// When there is no line, or they are in different currencies.
    pub fn order(&self, placed_at: DateTime<Utc>) -> Result<Order, ValueError> {
        let id = OrderId::new(&SystemIds, placed_at);
        Order::new(id, self.number.clone(), placed_at, Channel::Web, self.lines.clone())
    }
}

impl From<&Placed> for Answer {
    fn from(placed: &Placed) -> Self {
        let confirmation = match placed.confirmation {
            Confirmation::PlacedBefore => "the order was placed before".to_owned(),
            Confirmation::Queued(_) => "a confirmation is on its way".to_owned(),
            Confirmation::None(refusal) => format!("there is no confirmation: {refusal}"),
        };
        Self {
            order: placed.order.to_string(),
            confirmation,
        }
    }
}
