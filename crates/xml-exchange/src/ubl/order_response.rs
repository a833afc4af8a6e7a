use std::fmt;

use chrono::{DateTime, Utc};
use ecrm_xml::{Element, Name, Vocabulary, Writer, XmlError};

use super::answer::{LineAnswer, RESPONSE_LIST};
use super::child_order::child_order;
use super::delivery::Delivery;
use super::heading::Heading;
use super::line::{LineItem, OrderLine};
use super::names::{CAC, CBC, cac, cbc};
use super::order::PurchaseOrder;
use super::reference::OrderReference;
use super::trading::{CustomerParty, SupplierParty};
use super::value::{CodeValue, all, at_least_one, one, only, put, required};
use crate::{Day, Document, ExchangeError};

const NAMESPACE: &str = "urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2";

static VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("", NAMESPACE), ("cac", CAC), ("cbc", CBC)],
    order: child_order,
};

/// The answer to an order, line by line: `OrderResponse`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderResponse {
    /// Number, date, notes.
    pub heading: Heading,
    /// `OrderResponseCode`, of [`RESPONSE_LIST`] in responses that are made here.
    pub code: Option<CodeValue>,
    /// `DocumentCurrencyCode`.
    pub currency: Option<String>,
    /// `CustomerReference`.
    pub customer_reference: Option<String>,
    /// `OrderReference`: at least one.
    pub orders: Vec<OrderReference>,
    /// `SellerSupplierParty`.
    pub seller: SupplierParty,
    /// `BuyerCustomerParty`.
    pub buyer: CustomerParty,
    /// `Delivery`.
    pub deliveries: Vec<Delivery>,
    /// `OrderLine`.
    pub lines: Vec<OrderLine>,
}

impl OrderResponse {
    /// A response about an order, of which nothing is said yet.
    #[must_use]
    pub fn new(id: &str, issue_date: Day, order: OrderReference) -> Self {
        Self {
            heading: Heading::new(id, issue_date),
            code: None,
            currency: None,
            customer_reference: None,
            orders: vec![order],
            seller: SupplierParty::default(),
            buyer: CustomerParty::default(),
            deliveries: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// The response to an order, with an answer for each of its lines. The code says no more than the lines do: accepted when all
    /// lines are confirmed whole, refused when all are refused, merely received while something is unsaid, else accepted with changes.
    ///
    /// # Errors
    /// When there is not one answer for each line, or an answer promises more than was ordered.
    pub fn answering(
        order: &PurchaseOrder,
        id: &str,
        issued_at: DateTime<Utc>,
        answers: &[LineAnswer],
    ) -> Result<Self, ExchangeError> {
        if answers.len() != order.lines.len() {
            return Err(ExchangeError::AnswerCount {
                lines: order.lines.len(),
                answers: answers.len(),
            });
        }
        let mut response = Self::new(
            id,
            Day::from(issued_at.date_naive()),
            OrderReference::from(&order.heading),
        );
        response.heading.issue_time = Some(issued_at.time().into());
        response.currency.clone_from(&order.currency);
        response.customer_reference.clone_from(&order.customer_reference);
        response.seller = order.seller.clone();
        response.buyer = order.buyer.clone();
        let mut all_confirmed = true;
        for (place, (line, answer)) in (1..).zip(order.lines.iter().zip(answers)) {
            let ordered = &line.line_item;
            let answered = answer_line(ordered, place, *answer)?;
            all_confirmed &= ordered
                .quantity
                .as_ref()
                .is_some_and(|measure| measure.quantity().is_ok_and(|quantity| answer.confirms_all(quantity)));
            response.lines.push(OrderLine::from(answered));
        }
        let code = if answers.contains(&LineAnswer::Unsaid) {
            "AB"
        } else if all_confirmed {
            "AP"
        } else if answers.iter().all(|answer| *answer == LineAnswer::Refused) {
            "RE"
        } else {
            "CA"
        };
        response.code = Some(CodeValue {
            list: Some(RESPONSE_LIST.to_owned()),
            ..CodeValue::from(code)
        });
        Ok(response)
    }
}

fn answer_line(ordered: &LineItem, place: usize, answer: LineAnswer) -> Result<LineItem, ExchangeError> {
    answer.line_item(ordered).map_err(|why| ExchangeError::Line {
        line: ordered.id.clone(),
        place,
        why,
    })
}

impl Document for OrderResponse {
    const ROOT: Name<'static> = Name::new(NAMESPACE, "OrderResponse");

    fn vocabulary() -> &'static Vocabulary {
        &VOCABULARY
    }

    fn read(root: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            heading: Heading::read(root)?,
            code: only(root, cbc("OrderResponseCode"))?,
            currency: only(root, cbc("DocumentCurrencyCode"))?,
            customer_reference: one(root, cbc("CustomerReference"))?,
            orders: at_least_one(root, cac("OrderReference"))?,
            seller: required(root, cac("SellerSupplierParty"))?,
            buyer: required(root, cac("BuyerCustomerParty"))?,
            deliveries: all(root, cac("Delivery"))?,
            lines: all(root, cac("OrderLine"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.within(Self::ROOT, |writer| {
            self.heading.write_start(writer);
            put(writer, cbc("OrderResponseCode"), &self.code);
            self.heading.write_notes(writer);
            put(writer, cbc("DocumentCurrencyCode"), &self.currency);
            put(writer, cbc("CustomerReference"), &self.customer_reference);
            put(writer, cac("OrderReference"), &self.orders);
            put(writer, cac("SellerSupplierParty"), [&self.seller]);
            put(writer, cac("BuyerCustomerParty"), [&self.buyer]);
            put(writer, cac("Delivery"), &self.deliveries);
            put(writer, cac("OrderLine"), &self.lines);
        });
    }
}

impl fmt::Debug for OrderResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderResponse")
            .field("heading", &self.heading)
            .field("code", &self.code)
            .field("orders", &self.orders)
            .field("lines", &self.lines)
            .finish_non_exhaustive()
    }
}
