//! Whatever is in a record, it is in the document, and the other way round.

use ecrm_core::ExternalRef;
use ecrm_testkit::generate;
use ecrm_xml::{Limits, WriteError};
use ecrm_xml_exchange::ubl::{
    ApplicationResponse, DespatchAdvice, OrderCancellation, OrderReference, OrderResponse, OrderResponseSimple, Party,
    PurchaseOrder, Shipment,
};
use ecrm_xml_exchange::{Document, Exchanged, PartyProfile, ciq, xcard};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use crate::any_of;

/// Writes and reads again.
fn again<T: Document + Clone>(content: &T) -> Exchanged<T> {
    let written = Exchanged::from(content.clone()).write().unwrap();
    Exchanged::read(&written, &Limits::default()).unwrap()
}

macro_rules! assert_reads_back {
    ($content:expr) => {
        let read = again(&$content);
        prop_assert!(
            read.content == $content,
            "{}",
            String::from_utf8(Exchanged::from($content.clone()).write().unwrap()).unwrap()
        );
        prop_assert!(read.kept.is_empty(), "{:?}", read.kept);
    };
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn an_order_reads_back(
        heading in any_of::heading(),
        (currency, reference) in (of(any_of::token()), of(any_of::token())),
        (buyer, seller) in (any_of::customer(), any_of::supplier()),
        (deliveries, charges) in (vec(any_of::delivery(), 0..2), vec(any_of::charge(), 0..2)),
        (taxes, total) in (vec(any_of::tax(), 0..2), of(any_of::total())),
        lines in vec(any_of::order_line(), 1..3),
    ) {
        let mut order = PurchaseOrder::new("", heading.issue_date.clone(), lines);
        (order.heading, order.currency, order.customer_reference) = (heading, currency, reference);
        (order.buyer, order.seller) = (buyer, seller);
        (order.deliveries, order.charges, order.taxes, order.total) = (deliveries, charges, taxes, total);
        assert_reads_back!(order);
    }

    #[test]
    fn an_order_response_reads_back(
        heading in any_of::heading(),
        (code, currency, reference) in (of(any_of::code()), of(any_of::token()), of(any_of::token())),
        (buyer, seller) in (any_of::customer(), any_of::supplier()),
        (orders, deliveries) in (vec(any_of::order_reference(), 1..3), vec(any_of::delivery(), 0..2)),
        lines in vec(any_of::order_line(), 0..3),
    ) {
        let mut response = OrderResponse::new("", heading.issue_date.clone(), OrderReference::default());
        (response.heading, response.code, response.currency, response.customer_reference) = (heading, code, currency, reference);
        (response.buyer, response.seller, response.orders) = (buyer, seller, orders);
        (response.deliveries, response.lines) = (deliveries, lines);
        assert_reads_back!(response);
    }

    #[test]
    fn a_simple_response_and_a_cancellation_read_back(
        heading in any_of::heading(),
        (reason, reference) in (any_of::token(), of(any_of::token())),
        (buyer, seller) in (any_of::customer(), any_of::supplier()),
        orders in vec(any_of::order_reference(), 1..3),
    ) {
        let day = heading.issue_date.clone();
        let mut simple = OrderResponseSimple::refusing("", day.clone(), orders[0].clone(), &reason);
        (simple.heading, simple.customer_reference) = (heading.clone(), reference);
        (simple.buyer, simple.seller) = (buyer.clone(), seller.clone());
        assert_reads_back!(simple);
        let mut cancellation = OrderCancellation::new("", day, orders[0].clone(), &reason);
        (cancellation.heading, cancellation.orders) = (heading, orders);
        (cancellation.buyer, cancellation.seller) = (buyer, seller);
        assert_reads_back!(cancellation);
    }

    #[test]
    fn a_despatch_advice_reads_back(
        heading in any_of::heading(),
        (sender, receiver) in (any_of::supplier(), any_of::customer()),
        (seller, buyer) in (of(any_of::supplier()), of(any_of::customer())),
        orders in vec(any_of::order_reference(), 0..3),
        shipment in of((of(any_of::token()), of(any_of::delivery()))),
        lines in vec(any_of::despatch_line(), 1..3),
    ) {
        let mut advice = DespatchAdvice::new("", heading.issue_date.clone(), lines);
        (advice.heading, advice.sender, advice.receiver) = (heading, sender, receiver);
        (advice.seller, advice.buyer, advice.orders) = (seller, buyer, orders);
        advice.shipment = shipment.map(|(id, delivery)| {
            let mut shipment = Shipment::default();
            (shipment.id, shipment.delivery) = (id, delivery);
            shipment
        });
        assert_reads_back!(advice);
    }

    #[test]
    fn an_application_response_reads_back(
        heading in any_of::heading(),
        (date, time) in (of(any_of::day()), of(any_of::time())),
        (sender, receiver) in (any_of::party(), any_of::party()),
        documents in vec(any_of::document_response(), 0..3),
    ) {
        let mut response = ApplicationResponse::new("", heading.issue_date.clone(), documents);
        (response.heading, response.response_date, response.response_time) = (heading, date, time);
        (response.sender, response.receiver) = (sender, receiver);
        assert_reads_back!(response);
    }

    #[test]
    fn a_ciq_party_reads_back(party in any_of::ciq_party()) {
        assert_reads_back!(party);
    }

    #[test]
    fn cards_read_back(cards in vec(any_of::card(), 1..3)) {
        assert_reads_back!(cards[0]);
        let cards = xcard::Cards::from(cards);
        assert_reads_back!(cards);
    }

    /// Whatever becomes of a document on its way, reading it ends with a record or an error.
    #[test]
    fn damaged_documents_are_read_or_refused(
        file in proptest::sample::select(vec!["order-2.4.xml", "order-response-2.3.xml", "despatch-advice.xml", "party-ciq.xml", "cards.xml"]),
        damage in vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut xml = crate::support::own_file(file);
        for (place, byte) in damage {
            let place = place.index(xml.len());
            xml[place] = byte;
        }
        let limits = Limits::default();
        if let Ok(order) = Exchanged::<PurchaseOrder>::read(&xml, &limits) {
            let _ = order.content.order(ecrm_core::OrderId::new(&ecrm_core::SeededIds::new(1), chrono::DateTime::UNIX_EPOCH), "shop", ecrm_core::Channel::Web);
            let _ = order.content.profile("shop");
            prop_assert!(order.write().is_ok());
        }
        if let Ok(response) = Exchanged::<OrderResponse>::read(&xml, &limits) {
            for line in &response.content.lines {
                let _ = line.line_item.answer();
            }
            prop_assert!(response.write().is_ok());
        }
        if let Ok(advice) = Exchanged::<DespatchAdvice>::read(&xml, &limits) {
            prop_assert!(advice.write().is_ok());
        }
        if let Ok(party) = Exchanged::<ciq::Party>::read(&xml, &limits) {
            let _ = party.content.profile();
            prop_assert!(party.write().is_ok());
        }
        if let Ok(cards) = Exchanged::<xcard::Cards>::read(&xml, &limits) {
            for card in &cards.content.cards {
                let _ = card.profile();
            }
            prop_assert!(cards.write().is_ok());
        }
    }

    #[test]
    fn a_party_of_the_core_model_survives_every_vocabulary(
        contact in generate::contact_data(),
        keys in vec(("[a-z][a-z0-9 ]{0,8}[a-z]", "[!-~äß]{1,12}"), 0..3),
    ) {
        let keys: Vec<ExternalRef> = keys.iter().map(|(system, key)| ExternalRef::new(system, key).unwrap()).collect();
        let profile = PartyProfile::new(contact.clone(), keys.clone());
        prop_assume!(holds_in_xml(&profile));
        prop_assert!(again(&UblParty(Party::from_profile(&profile))).content.0.profile() == profile);
        prop_assert!(again(&ciq::Party::from_profile(&profile)).content.profile() == profile);
        let card = PartyProfile::new(contact, keys.into_iter().take(1).collect());
        prop_assert!(again(&xcard::Card::from_profile(&profile)).content.profile() == card);
    }
}

/// Some characters of the core model cannot stand in XML; a writer says so.
pub(crate) fn holds_in_xml(profile: &PartyProfile) -> bool {
    let written = Exchanged::from(ciq::Party::from_profile(profile)).write();
    !matches!(written, Err(WriteError::Character(_)))
}

/// A party in a document that has little else.
#[derive(Clone)]
struct UblParty(Party);

impl Document for UblParty {
    const ROOT: ecrm_xml::Name<'static> = ApplicationResponse::ROOT;

    fn vocabulary() -> &'static ecrm_xml::Vocabulary {
        ApplicationResponse::vocabulary()
    }

    fn read(root: &ecrm_xml::Element<'_>) -> Result<Self, ecrm_xml::XmlError> {
        ApplicationResponse::read(root).map(|response| Self(response.sender))
    }

    fn write(&self, writer: &mut ecrm_xml::Writer<'_>) {
        let day = chrono::NaiveDate::default();
        let mut response = ApplicationResponse::new("1", day.into(), Vec::new());
        response.sender = self.0.clone();
        response.write(writer);
    }
}
