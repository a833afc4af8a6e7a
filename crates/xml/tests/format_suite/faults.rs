//! What cannot be used is refused, with the place and a reason, and without repeating the value.

use ecrm_core::{Activity, Attribute, Availability, Cart, Customer, Identifier, Metric, Order, PersonName};
use ecrm_xml::format::{AnyRecord, CustomerRecord};
use ecrm_xml::{ErrorCode, Limits, XmlForm, parse};

use proptest::prelude::*;

use super::{read, sample, written};

/// The fault of a document: where, what kind, and the whole message.
fn fault<T: XmlForm>(document: &str) -> (String, ErrorCode, String) {
    let error = read::<T>(document).err().expect("it is refused");
    let position = error.position().expect("every fault has a place");
    (position.to_string(), error.code(), error.to_string())
}

#[test]
fn a_fault_names_line_column_path_and_reason() {
    let document = "<?xml version='1.0'?>\n<customer xmlns='urn:ecrm:xml:1' id='6e7c1a52-3f0e-4b7e-9a55-7a1c1f0d2b10'\n  \
                    registeredAt='2026-11-22T09:30:00Z'>\n  <contact>\n    <phone>030 901820</phone>\n  </contact>\n</customer>";
    let (position, code, text) = fault::<Customer>(document);
    assert_eq!((position.as_str(), code), ("5:5", ErrorCode::Value));
    assert_eq!(
        text,
        "5:5: customer/contact/phone: phone number must begin with + and the country code, such as `+49 30 901820`"
    );
}

#[test]
fn wrong_values_are_refused() {
    let order = written(&sample::order());
    for (right, wrong) in [
        ("id=\"", "id=\"x"),
        ("currency=\"EUR\"", "currency=\"euro\""),
        ("currency=\"EUR\">29.00", "currency=\"EUR\">29.001"),
        (">29.00<", ">1_000<"),
        (">29.00<", ">29,00<"),
        (">29.00<", "><"),
        ("<quantity>2<", "<quantity>2e0<"),
        ("<quantity>2<", "<quantity>0.0000001<"),
        ("channel=\"web\"", "channel=\"smoke_signal\""),
        ("expected=\"2026-12-01\"", "expected=\"2026-02-30\""),
        ("state=\"back_ordered\"", "state=\"in_stock\""),
        ("placedAt=\"2026-11-22T09:30:00Z\"", "placedAt=\"2026-11-22 09:30\""),
        ("<sku>LAMP-1<", "<sku><"),
        ("<sku>LAMP-1<", "<sku encoding=\"base64\">*<"),
        ("<sku>LAMP-1<", "<sku encoding=\"base64\">/w==<"),
        ("<sku>LAMP-1<", "<sku encoding=\"rot13\">YNZC<"),
        (" system=\"shop\"", ""),
        (" system=\"shop\"", " encoding=\"base64\""),
    ] {
        let document = order.replacen(right, wrong, 1);
        assert_ne!(document, order, "{right} stands in the sample");
        let (_, code, text) = fault::<Order>(&document);
        assert!(matches!(code, ErrorCode::Value | ErrorCode::Missing), "{wrong}: {text}");
    }
}

#[test]
fn a_total_that_is_not_the_sum_is_refused() {
    let document = written(&sample::order()).replace("<total currency=\"EUR\">33.95", "<total currency=\"EUR\">33.94");
    assert!(
        fault::<Order>(&document)
            .2
            .ends_with("order/total: the total is not the sum of the lines")
    );
}

#[test]
fn what_must_be_there_is_missed() {
    for (document, words) in [
        ("<order xmlns='urn:ecrm:xml:1'/>", "the attribute `id` is missing"),
        (
            "<name xmlns='urn:ecrm:xml:1'><title>Dr.</title></name>",
            "a given or a family name",
        ),
    ] {
        let error = if document.starts_with("<order") {
            read::<Order>(document).err()
        } else {
            read::<PersonName>(document).err()
        };
        let error = error.expect("it is refused");
        assert_eq!(error.code(), ErrorCode::Missing);
        assert!(error.text().contains(words), "{error}");
    }
    assert_eq!(
        fault::<Identifier>("<identifier xmlns='urn:ecrm:xml:1'/>").1,
        ErrorCode::Missing
    );
    let eventless = written(&sample::activity())
        .replace("wish>", "whim>")
        .replace("<wish", "<whim");
    assert_eq!(fault::<Activity>(&eventless).1, ErrorCode::Missing);
}

#[test]
fn a_value_of_a_later_version_is_not_taken_for_none() {
    let attribute = "<attribute xmlns='urn:ecrm:xml:1' name='a' validAt='2026-01-01T00:00:00Z' recordedAt='2026-01-01T00:00:00Z'>\
                     <source>a</source><duration>P1D</duration></attribute>";
    assert_eq!(fault::<Attribute>(attribute).1, ErrorCode::Missing);
}

#[test]
fn two_where_one_may_stand_are_refused() {
    let two = "<identifier xmlns='urn:ecrm:xml:1'><phone>+4930901820</phone><email>a@b.example</email></identifier>";
    let (position, code, _) = fault::<Identifier>(two);
    assert_eq!((position.as_str(), code), ("1:62", ErrorCode::Duplicate));
    let order = written(&sample::order());
    let start = order.find("<number").unwrap();
    let end = order.find("</number>").unwrap() + "</number>".len();
    let twice = format!("{}{}{}", &order[..end], &order[start..end], &order[end..]);
    assert_eq!(fault::<Order>(&twice).1, ErrorCode::Duplicate);
}

#[test]
fn contradictions_are_refused() {
    let cart =
        |attributes: &str| format!("<cart xmlns='urn:ecrm:xml:1' {attributes}><number system='shop'>1</number></cart>");
    for attributes in [
        "fate='ordered'",
        "fate='left' order='6e7c1a52-3f0e-4b7e-9a55-7a1c1f0d2b10'",
        "fate='lost'",
        "fate=''",
    ] {
        assert_eq!(fault::<Cart>(&cart(attributes)).1, ErrorCode::Value);
    }
    let digital = "<availability xmlns='urn:ecrm:xml:1' state='digital' expected='2026-12-01'/>";
    assert_eq!(fault::<Availability>(digital).1, ErrorCode::Value);
    for number in ["NaN", "inf", "-INF", "1e999", "", "infinity"] {
        let metric = format!(
            "<metric xmlns='urn:ecrm:xml:1' subject='6e7c1a52-3f0e-4b7e-9a55-7a1c1f0d2b10' name='a' \
             asOf='2026-01-01T00:00:00Z'><value>{number}</value><unit>1</unit></metric>"
        );
        assert_eq!(fault::<Metric>(&metric).1, ErrorCode::Value, "{number}");
    }
}

#[test]
fn what_is_no_record_is_refused_as_one() {
    let record = parse(
        b"<records xmlns='urn:ecrm:xml:1'><invoice/></records>",
        &Limits::default(),
    )
    .unwrap();
    let error = record
        .element()
        .children()
        .find_map(|child| AnyRecord::read(&child).err())
        .expect("it is refused");
    assert_eq!(error.code(), ErrorCode::Unexpected);
    assert_eq!(
        error.position().map(|position| position.to_string()).as_deref(),
        Some("1:33")
    );
}

#[test]
fn prefixes_and_the_order_of_elements_do_not_matter() {
    let order = sample::order();
    let plain = written(&order);
    let prefixed = plain
        .replace("</", "\u{1}")
        .replace('<', "<e:")
        .replace('\u{1}', "</e:")
        .replace("<e:?", "<?");
    let prefixed = prefixed.replace("xmlns=", "xmlns:e=");
    assert_eq!(read::<Order>(&prefixed).unwrap(), order);
    let (start, end) = (
        plain.find("<number").unwrap(),
        plain.find("</number>").unwrap() + "</number>".len(),
    );
    let last = plain.find("</order>").unwrap();
    let moved = format!(
        "{}{}{}{}",
        &plain[..start],
        &plain[end..last],
        &plain[start..end],
        &plain[last..]
    );
    assert_eq!(read::<Order>(&moved).unwrap(), order);
}

#[test]
fn what_the_core_fills_in_may_be_left_out() {
    let customer = "<customer xmlns='urn:ecrm:xml:1' id='6e7c1a52-3f0e-4b7e-9a55-7a1c1f0d2b10' registeredAt='2026-11-22T10:30:00+01:00'/>";
    let record = read::<CustomerRecord>(customer).unwrap();
    assert_eq!(record.customer().version(), 0);
    assert_eq!(
        record.customer().registered_at().to_rfc3339(),
        "2026-11-22T09:30:00+00:00"
    );
}

proptest! {
    #[test]
    fn a_damaged_document_is_read_or_refused(at in any::<prop::sample::Index>(), length in 0..40_usize, patch in "[<>/=\"a-z0-9 .&;:-]{0,6}") {
        let document = sample::document();
        let start = at.index(document.len());
        let end = document.len().min(start + length);
        let mut bytes = document.into_bytes();
        bytes.splice(start..end, patch.into_bytes());
        if let Ok(record) = parse(&bytes, &Limits::default()) {
            for child in record.element().children() {
                if let Err(error) = AnyRecord::read(&child) {
                    prop_assert!(error.position().is_some() && error.path().is_some(), "{}", error);
                }
            }
            let _ = record.leftovers().unwrap();
        }
    }
}
