//! Whatever is in a record, it is in the document, and the other way round.

use ecrm_core::ExternalRef;
use ecrm_testkit::generate;
use ecrm_xml::{Limits, WriteError};
use ecrm_xml_exchange::ubl::{ApplicationResponse, DespatchAdvice, OrderResponse, Party, PurchaseOrder};
use ecrm_xml_exchange::{Document, Exchanged, PartyProfile, ciq, xcard};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::any_of;
use crate::support::{Schema, assert_valid, xml_of};

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
    fn an_order_reads_back(order in any_of::order()) {
        assert_reads_back!(order);
    }

    #[test]
    fn an_order_response_reads_back(response in any_of::order_response()) {
        assert_reads_back!(response);
    }

    #[test]
    fn a_simple_order_response_reads_back(response in any_of::order_response_simple()) {
        assert_reads_back!(response);
    }

    #[test]
    fn an_order_cancellation_reads_back(cancellation in any_of::order_cancellation()) {
        assert_reads_back!(cancellation);
    }

    #[test]
    fn a_despatch_advice_reads_back(advice in any_of::despatch_advice()) {
        assert_reads_back!(advice);
    }

    #[test]
    fn an_application_response_reads_back(response in any_of::application_response()) {
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn whatever_is_written_fits_the_schemas(
        (order, response, simple) in (any_of::order(), any_of::order_response(), any_of::order_response_simple()),
        cancellation in any_of::order_cancellation(),
        (advice, acknowledgement) in (any_of::despatch_advice(), any_of::application_response()),
    ) {
        assert_valid(Schema::Ubl("Order"), &xml_of(order));
        assert_valid(Schema::Ubl("OrderResponse"), &xml_of(response));
        assert_valid(Schema::Ubl("OrderResponseSimple"), &xml_of(simple));
        assert_valid(Schema::Ubl("OrderCancellation"), &xml_of(cancellation));
        assert_valid(Schema::Ubl("DespatchAdvice"), &xml_of(advice));
        assert_valid(Schema::Ubl("ApplicationResponse"), &xml_of(acknowledgement));
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
