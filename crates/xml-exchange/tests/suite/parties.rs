//! Parties from one vocabulary to another.

use ecrm_xml::Limits;
use ecrm_xml_exchange::xcard::{Card, Cards};
use ecrm_xml_exchange::{Exchanged, PartyProfile, ciq, ubl};
use proptest::prelude::*;

use crate::laws::holds_in_xml;
use crate::support::{Schema, assert_valid, own_file, xml_of};

#[test]
fn a_card_becomes_a_party_and_a_card_again() {
    let cards = Exchanged::<Cards>::read(&own_file("cards.xml"), &Limits::default())
        .unwrap()
        .content;
    let profile = cards.cards[0].profile();
    let party = ciq::Party::from_profile(&profile);
    assert_eq!(party.profile(), profile);
    let back = Card::from_profile(&party.profile());
    assert_eq!(back.profile(), profile);
    assert_eq!(ubl::Party::from_profile(&profile).profile(), profile);
}

#[test]
fn nobody_is_shown_in_debug_output() {
    let party = Exchanged::<ciq::Party>::read(&own_file("party-ciq.xml"), &Limits::default()).unwrap();
    let cards = Exchanged::<Cards>::read(&own_file("cards.xml"), &Limits::default()).unwrap();
    let order = Exchanged::<ubl::PurchaseOrder>::read(&own_file("order-2.4.xml"), &Limits::default()).unwrap();
    let buyer = order.content.profile("shop");
    let confirmed = ubl::LineAnswer::of(ecrm_core::Availability::InStock, ecrm_core::Quantity::pieces(4));
    let response = ubl::OrderResponse::answering(&order.content, "1", chrono::DateTime::UNIX_EPOCH, &[confirmed]);
    let shown = format!(
        "{party:?} {cards:?} {order:?} {:?} {:?} {:?} {response:?}",
        order.content.lines, order.kept, buyer.contact
    );
    for name in [
        "Marta",
        "Silva",
        "Porto",
        "Ada",
        "Byron",
        "mail.example",
        "Priya",
        "Nair",
        "Mill Lane",
        "gold",
        "Ring",
        "Kitchen",
        "green one",
    ] {
        assert!(!shown.contains(name), "{name} in {shown}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// What is made of any customer is valid.
    #[test]
    fn parties_made_here_are_valid(contact in ecrm_testkit::generate::contact_data(), key in ecrm_testkit::generate::external_ref()) {
        let profile = PartyProfile::new(contact, vec![key.clone(), key]);
        prop_assume!(holds_in_xml(&profile));
        assert_valid(Schema::Ciq, &xml_of(ciq::Party::from_profile(&profile)));
        assert_valid(Schema::XCard, &xml_of(Cards::from(vec![Card::from_profile(&profile)])));
        let mut response = ubl::ApplicationResponse::new("1", chrono::NaiveDate::default().into(), Vec::new());
        response.sender = ubl::Party::from_profile(&profile);
        assert_valid(Schema::Ubl("ApplicationResponse"), &xml_of(response));
    }
}
