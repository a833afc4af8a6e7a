//! Documents as they come from outside: other prefixes, other orders, later versions, odd values.

use ecrm_core::{Channel, Order, OrderId, Quantity, SeededIds};
use ecrm_xml::{ErrorCode, Limits};
use ecrm_xml_exchange::ubl::{
    ApplicationResponse, DespatchAdvice, LineAnswer, OrderCancellation, OrderResponse, OrderResponseSimple,
    PurchaseOrder, UblKind, detect,
};
use ecrm_xml_exchange::xcard::Cards;
use ecrm_xml_exchange::{Document, Exchanged, ciq};

use crate::support::{Schema, assert_valid, lost, own_file, there_and_back, turned_round};

pub(crate) fn placed(order: &PurchaseOrder) -> Order {
    let id = OrderId::new(&SeededIds::new(1), chrono::DateTime::UNIX_EPOCH);
    order.order(id, "shop", Channel::Web).unwrap()
}

fn kept<T>(document: &Exchanged<T>) -> Vec<&str> {
    document.kept.iter().map(ecrm_xml::Kept::path).collect()
}

#[test]
fn an_order_of_a_guest_in_any_order_of_elements_is_understood() {
    let order = there_and_back::<PurchaseOrder>(&own_file("order-guest.xml"));
    assert_valid(Schema::Ubl("Order"), &order.write().unwrap());
    assert_eq!(kept(&order), ["comment()"], "nothing but the comment before the root");
    let order = order.content;
    let buyer = order.profile("shop");
    assert!(buyer.contact.email().is_none() && buyer.identifiers.is_empty() && buyer.unusable.is_empty());
    assert_eq!(buyer.contact.name().unwrap().full(), "Chidi Okafor");
    assert_eq!(buyer.contact.address().unwrap().lines(), ["Quay Road 3"]);
    assert_eq!(placed(&order).total().to_string(), "29.00 EUR");
    assert_eq!(order.lines[0].notes, ["Please wrap it as a gift."]);
}

#[test]
fn what_a_later_version_has_added_is_kept() {
    let order = there_and_back::<PurchaseOrder>(&own_file("order-2.4.xml"));
    assert_eq!(
        kept(&order),
        [
            "Order/UBLExtensions",
            "Order/ID/@schemeID",
            "Order/OrderTypeCode",
            "Order/Note/@languageID",
            "Order/DocumentCurrencyCode/@listID",
            "Order/BuyerCustomerParty/Party/SocialMediaProfile",
            "Order/TaxTotal/TaxSubtotal",
            "Order/OrderLine/LineItem/Item/CommodityClassification",
        ]
    );
    let order = order.content;
    assert_eq!(order.heading.notes, ["Ring twice.\nThen knock."]);
    let placed = placed(&order);
    assert_eq!(placed.placed_at().to_rfc3339(), "2026-11-22T08:15:00.250+00:00");
    let kinds: Vec<String> = placed
        .lines()
        .iter()
        .map(|line| format!("{:?} {}", line.kind(), line.amount()))
        .collect();
    assert_eq!(kinds, ["Product 32.60 GBP", "Shipping 4.95 GBP", "Fee 7.51 GBP"]);
    assert_eq!(placed.lines()[0].brand(), Some("Millstone"));
    let buyer = order.profile("shop");
    let keys: Vec<String> = buyer.identifiers.iter().map(ToString::to_string).collect();
    assert_eq!(keys, ["shop:C-88", "loyalty-club:L-5"]);
    assert_eq!(buyer.contact.locale().unwrap().as_str(), "en-GB");
    assert_eq!(buyer.contact.address().unwrap().country().code(), "GB");
}

#[test]
fn odd_values_stay_as_they_are_and_are_told() {
    let order = there_and_back::<PurchaseOrder>(&own_file("order-odd-values.xml"));
    assert_valid(Schema::Ubl("Order"), &order.write().unwrap());
    let order = order.content;
    assert_eq!(order.heading.id, "ODD/1");
    assert_eq!(order.heading.notes, ["5 < 6 & \"so\"", ""]);
    let party = order.buyer.party.as_ref().unwrap();
    assert_eq!(party.names, ["Fjell & Sønn", "F&S"]);
    assert_eq!(
        party.contact.as_ref().unwrap().email.as_deref(),
        Some("innkjop at fjell")
    );

    let buyer = order.profile("shop");
    let unusable: Vec<&str> = buyer.unusable.iter().map(|unusable| unusable.part).collect();
    assert_eq!(unusable, ["email", "phone", "address", "language", "identifier"]);
    assert_eq!(
        buyer.contact.email().unwrap().as_str(),
        "kari@fjell.example",
        "the next one that can be used"
    );
    for unusable in &buyer.unusable {
        assert!(
            !unusable.to_string().contains("fjell"),
            "no personal data in {unusable}"
        );
    }
    let lines: Vec<String> = placed(&order)
        .lines()
        .iter()
        .map(|line| {
            format!(
                "{} {} {} = {}",
                line.sku(),
                line.description(),
                line.unit_price(),
                line.amount()
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "07012345678901 Tau 8 mm 4.115226 NOK = 10.29 NOK",
            "Krok Krok 10 NOK = 30.00 NOK"
        ]
    );
}

#[test]
fn a_response_with_every_answer_is_understood() {
    let response = there_and_back::<OrderResponse>(&own_file("order-response-2.3.xml"));
    assert_valid(Schema::Ubl("OrderResponse"), &response.write().unwrap());
    let answers: Vec<LineAnswer> = response
        .content
        .lines
        .iter()
        .map(|line| line.line_item.answer().unwrap())
        .collect();
    let pieces = Quantity::pieces;
    assert_eq!(
        answers,
        [
            LineAnswer::Confirmed {
                quantity: pieces(3),
                promised: None
            },
            LineAnswer::Partly {
                now: pieces(2),
                later: pieces(1),
                promised: "2026-12-04".parse().ok()
            },
            LineAnswer::BackOrdered {
                quantity: pieces(5),
                promised: None
            },
            LineAnswer::Refused,
            LineAnswer::Unsaid,
        ]
    );
}

#[test]
fn the_other_documents_come_back_whole() {
    let advice = there_and_back::<DespatchAdvice>(&own_file("despatch-advice.xml"));
    assert_valid(Schema::Ubl("DespatchAdvice"), &advice.write().unwrap());
    assert_eq!(advice.content.lines[0].outstanding_reasons, ["See the back-order."]);
    let shipment = advice.content.shipment.as_ref().unwrap();
    assert_eq!(shipment.delivery.as_ref().unwrap().tracking.as_deref(), Some("JD0001"));

    let simple = there_and_back::<OrderResponseSimple>(&own_file("order-response-simple.xml"));
    assert_valid(Schema::Ubl("OrderResponseSimple"), &simple.write().unwrap());
    assert!(!simple.content.is_accepted);

    let cancellation = there_and_back::<OrderCancellation>(&own_file("order-cancellation.xml"));
    assert_valid(Schema::Ubl("OrderCancellation"), &cancellation.write().unwrap());
    assert_eq!(cancellation.content.orders.len(), 2);

    let response = there_and_back::<ApplicationResponse>(&own_file("application-response.xml"));
    assert_valid(Schema::Ubl("ApplicationResponse"), &response.write().unwrap());
    assert_eq!(
        kept(&response),
        ["ApplicationResponse/DocumentResponse/Response/Status"]
    );
    assert_eq!(response.content.documents[0].lines[0].line_id, "2");
}

#[test]
fn kinds_are_told_by_their_root_element() {
    for (file, kind) in [
        ("order-guest.xml", Some(UblKind::Order)),
        ("order-response-2.3.xml", Some(UblKind::OrderResponse)),
        ("order-response-simple.xml", Some(UblKind::OrderResponseSimple)),
        ("order-cancellation.xml", Some(UblKind::OrderCancellation)),
        ("despatch-advice.xml", Some(UblKind::DespatchAdvice)),
        ("application-response.xml", Some(UblKind::ApplicationResponse)),
        ("party-ciq.xml", None),
    ] {
        let record = ecrm_xml::parse(&own_file(file), &Limits::default()).unwrap();
        assert_eq!(detect(&record), kind, "{file}");
    }
    let error = Exchanged::<PurchaseOrder>::read(&own_file("cards.xml"), &Limits::default()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Unexpected);
}

#[test]
fn parties_of_ciq_come_back_whole() {
    let party = there_and_back::<ciq::Party>(&own_file("party-ciq.xml"));
    assert_valid(Schema::Ciq, &party.write().unwrap());
    let profile = party.content.profile();
    assert_eq!(profile.contact.name().unwrap().full(), "Dr. Marta E. Silva");
    assert_eq!(profile.contact.organisation().unwrap().as_str(), "Silva Azulejos Lda");
    assert_eq!(profile.contact.phone().unwrap().as_str(), "+351220000002");
    assert_eq!(profile.contact.email().unwrap().as_str(), "marta@azulejos.example");
    assert_eq!(profile.contact.locale().unwrap().as_str(), "pt-PT");
    assert_eq!(
        profile.contact.address().unwrap().lines(),
        ["Rua das Flores 100", "3.º Esq."]
    );
    let keys: Vec<String> = profile.identifiers.iter().map(ToString::to_string).collect();
    assert_eq!(keys, ["shop:4711", "TaxID:PT501964843", "erp:M-12"]);
    assert!(profile.unusable.is_empty());
}

#[test]
fn a_party_without_namespaces_on_its_attributes_is_understood_and_written_with_them() {
    let party = Exchanged::<ciq::Party>::read(&own_file("party-ciq-plain.xml"), &Limits::default()).unwrap();
    assert_eq!(kept(&party), ["comment()"], "nothing but the comment before the root");
    assert_valid(Schema::Ciq, &party.write().unwrap());
    let profile = party.content.profile();
    assert_eq!(profile.contact.organisation().unwrap().as_str(), "Bakery at the Gate");
    assert_eq!(profile.contact.address().unwrap().lines(), ["12 Shop Street"]);
    assert_eq!(profile.contact.email().unwrap().as_str(), "office@bakery.example");
}

#[test]
fn a_document_with_a_doctype_is_read_where_the_limits_say_so() {
    let cards = String::from_utf8(own_file("cards.xml")).unwrap();
    let cards = cards.replacen("?>", "?><!DOCTYPE vcards SYSTEM \"cards.dtd\">", 1);
    let refused = Exchanged::<Cards>::read(cards.as_bytes(), &Limits::default()).unwrap_err();
    assert_eq!(refused.code(), ecrm_xml::ErrorCode::Doctype);
    let limits = Limits {
        skips_doctype: true,
        ..Limits::default()
    };
    assert!(Exchanged::<Cards>::read(cards.as_bytes(), &limits).is_ok());
}

#[test]
fn cards_come_back_whole() {
    let cards = there_and_back::<Cards>(&own_file("cards.xml"));
    assert_eq!(
        kept(&cards),
        [
            "vcards/vcard/email[2]/parameters/pid",
            "vcards/vcard/fn/parameters",
            "vcards/vcard/n/parameters",
            "vcards/vcard/adr/parameters/geo",
            "vcards/vcard/note",
            "vcards/vcard/group",
            "vcards/vcard/tier",
            "vcards/vcard[2]/bday",
        ]
    );
    // The schema of the RFC has no room for what others have added.
    let mut without_foreign = cards.clone();
    without_foreign.kept.retain(|kept| !kept.path().ends_with("/tier"));
    assert_valid(Schema::XCard, &without_foreign.write().unwrap());

    let profile = cards.content.cards[0].profile();
    assert_eq!(
        profile.contact.email().unwrap().as_str(),
        "ada@mail.example",
        "preferred most"
    );
    assert_eq!(
        profile.contact.phone().unwrap().as_str(),
        "+442079460002",
        "a fax is no telephone"
    );
    assert_eq!(profile.contact.name().unwrap().full(), "Ada Augusta Byron");
    assert_eq!(profile.identifiers[0].to_string(), "shop:C-7");
    let firm = cards.content.cards[1].profile();
    assert!(firm.contact.name().is_none());
    assert_eq!(firm.contact.organisation().unwrap().as_str(), "Analytical Engines");
    assert_eq!(firm.contact.locale().unwrap().as_str(), "en-GB");
}

#[test]
fn what_is_required_is_asked_for_with_its_place() {
    let whole = String::from_utf8(own_file("order-response-simple.xml")).unwrap();
    let broken = |from: &str, to: &str| {
        let xml = whole.replace(from, to);
        assert_ne!(xml, whole);
        Exchanged::<OrderResponseSimple>::read(xml.as_bytes(), &Limits::default()).unwrap_err()
    };
    let missing = broken("<cbc:ID>ORS-1</cbc:ID>", "");
    assert_eq!(
        (missing.code(), missing.path()),
        (ErrorCode::Missing, Some("OrderResponseSimple"))
    );
    let twice = broken("<cbc:ID>ORS-1</cbc:ID>", "<cbc:ID>ORS-1</cbc:ID><cbc:ID>ORS-2</cbc:ID>");
    assert_eq!(twice.code(), ErrorCode::Duplicate);
    let empty = broken("<cbc:ID>ORS-1</cbc:ID>", "<cbc:ID> </cbc:ID>");
    assert_eq!(empty.code(), ErrorCode::Value);
    let date = broken("2026-11-23", "23.11.2026");
    assert_eq!((date.code(), date.position().unwrap().line), (ErrorCode::Value, 6));
    let flag = broken(">false<", ">no<");
    assert_eq!(flag.path(), Some("OrderResponseSimple/AcceptedIndicator"));

    let order = String::from_utf8(own_file("order-guest.xml")).unwrap();
    for (from, to, code, path) in [
        (
            ">2</Quantity>",
            ">two</Quantity>",
            ErrorCode::Value,
            "Order/OrderLine/LineItem/Quantity",
        ),
        (
            " currencyID=\"EUR\"",
            "",
            ErrorCode::Missing,
            "Order/OrderLine/LineItem/Price/PriceAmount",
        ),
        ("c:OrderLine>", "c:Line>", ErrorCode::Missing, "Order"),
    ] {
        let error =
            Exchanged::<PurchaseOrder>::read(order.replace(from, to).as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some(path)));
    }
}

/// Reads a file with everything turned round, and asserts that nothing is lost and no more is kept.
fn turned_round_too<T: Document>(file: &str) -> Exchanged<T> {
    let xml = String::from_utf8(own_file(file)).unwrap();
    let turned = turned_round(&xml);
    let read = |xml: &str| Exchanged::<T>::read(xml.as_bytes(), &Limits::default()).unwrap();
    let (plain, read) = (read(&xml), read(&turned));
    assert_eq!(read.kept.len(), plain.kept.len(), "{file}");
    let written = String::from_utf8(read.write().unwrap()).unwrap();
    assert_eq!(lost(&turned, &written), Vec::<String>::new(), "{file}");
    read
}

#[test]
fn the_order_of_elements_and_the_prefixes_do_not_matter() {
    let order = turned_round_too::<PurchaseOrder>("order-2.4.xml").content;
    let plain = Exchanged::<PurchaseOrder>::read(&own_file("order-2.4.xml"), &Limits::default())
        .unwrap()
        .content;
    assert!(order == plain);
    let response = turned_round_too::<OrderResponse>("order-response-2.3.xml");
    assert_valid(Schema::Ubl("OrderResponse"), &response.write().unwrap());
    let advice = turned_round_too::<DespatchAdvice>("despatch-advice.xml");
    assert_valid(Schema::Ubl("DespatchAdvice"), &advice.write().unwrap());
    let simple = turned_round_too::<OrderResponseSimple>("order-response-simple.xml");
    assert_valid(Schema::Ubl("OrderResponseSimple"), &simple.write().unwrap());
    let cancellation = turned_round_too::<OrderCancellation>("order-cancellation.xml");
    assert_valid(Schema::Ubl("OrderCancellation"), &cancellation.write().unwrap());
    let response = turned_round_too::<ApplicationResponse>("application-response.xml");
    assert_valid(Schema::Ubl("ApplicationResponse"), &response.write().unwrap());
    let party = turned_round_too::<ciq::Party>("party-ciq.xml");
    assert_valid(Schema::Ciq, &party.write().unwrap());
}
