//! The samples of the standards.

use ecrm_core::{Channel, EmailAddress, Locale, OrderId, PersonName, PhoneNumber, SeededIds};
use ecrm_xml_exchange::ubl::{DespatchAdvice, LineAnswer, OrderResponse, PurchaseOrder};
use ecrm_xml_exchange::xcard::Cards;

use crate::support::{Schema, assert_valid, corpora, there_and_back};

fn sample(name: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(corpora()?.join(name)).unwrap())
}

#[test]
fn the_order_of_ubl_comes_back_whole() {
    let Some(xml) = sample("ubl-2.1/samples/UBL-Order-2.1-Example.xml") else {
        return;
    };
    let order = there_and_back::<PurchaseOrder>(&xml);
    assert_valid(Schema::Ubl("Order"), &order.write().unwrap());
    assert!(order.kept.iter().any(|kept| kept.path() == "Order/Contract"));

    let order = order.content;
    let now = chrono::DateTime::UNIX_EPOCH;
    let placed = order
        .order(OrderId::new(&SeededIds::new(1), now), "shop", Channel::Web)
        .unwrap();
    assert_eq!(placed.total().to_string(), "6225.00 SEK");
    assert_eq!(placed.placed_at().to_rfc3339(), "2010-01-20T12:30:00+00:00");
    let lines: Vec<String> = placed
        .lines()
        .iter()
        .map(|line| {
            format!(
                "{} {} x {} = {}",
                line.sku(),
                line.quantity(),
                line.unit_price(),
                line.amount()
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "SItemNo001 120 x 50 SEK = 6000.00 SEK",
            "SItemNo011 15 x 15 SEK = 225.00 SEK",
            "CHARGE 1 x 100 SEK = 100.00 SEK",
            "ALLOWANCE 1 x -100 SEK = -100.00 SEK",
        ]
    );
    let buyer = order.profile("shop");
    assert_eq!(
        buyer.contact.name().map(PersonName::full).as_deref(),
        Some("Pelle X Svensson")
    );
    assert_eq!(
        buyer.contact.email().map(EmailAddress::as_str),
        Some("pelle@johnsson.se")
    );
    assert_eq!(buyer.contact.address().map(|address| address.lines().len()), Some(4));
    let unusable: Vec<&str> = buyer.unusable.iter().map(|unusable| unusable.part).collect();
    assert_eq!(unusable, ["phone"], "123456 is a national number");
}

#[test]
fn the_order_response_of_ubl_comes_back_whole() {
    let Some(xml) = sample("ubl-2.1/samples/UBL-OrderResponse-2.1-Example.xml") else {
        return;
    };
    let response = there_and_back::<OrderResponse>(&xml);
    assert_valid(Schema::Ubl("OrderResponse"), &response.write().unwrap());
    for line in &response.content.lines {
        assert_eq!(
            line.line_item.answer(),
            Ok(LineAnswer::Unsaid),
            "NoStatus and Disputed confirm nothing"
        );
    }
}

#[test]
fn the_despatch_advice_of_ubl_comes_back_whole() {
    let Some(xml) = sample("ubl-2.1/samples/UBL-DespatchAdvice-2.0-Example.xml") else {
        return;
    };
    let advice = there_and_back::<DespatchAdvice>(&xml);
    assert_valid(Schema::Ubl("DespatchAdvice"), &advice.write().unwrap());
    let line = &advice.content.lines[0];
    let quantity = |measure: &Option<ecrm_xml_exchange::ubl::Measure>| measure.as_ref().unwrap().value.to_string();
    assert_eq!(
        (quantity(&line.delivered), quantity(&line.backorder)),
        ("90".to_owned(), "10".to_owned())
    );
    assert_eq!(
        line.backorder_reasons,
        ["lack of stock as explained on telephone today"]
    );
}

#[test]
fn the_card_of_the_rfcs_author_comes_back_whole() {
    let Some(xml) = sample("xcard/rfc6351-example.xml") else {
        return;
    };
    let cards = there_and_back::<Cards>(&xml);
    assert_valid(Schema::XCard, &cards.write().unwrap());
    let profile = cards.content.cards[0].profile();
    assert_eq!(
        profile.contact.name().map(PersonName::full).as_deref(),
        Some("Simon Perreault ing. jr M.Sc.")
    );
    assert_eq!(profile.contact.phone().map(PhoneNumber::as_str), Some("+14186569254"));
    assert_eq!(profile.contact.locale().map(Locale::as_str), Some("fr"));
    assert_eq!(
        profile.contact.address().map(|address| address.country().code()),
        Some("CA")
    );
    assert!(profile.unusable.is_empty());
}
