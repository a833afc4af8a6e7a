//! Answers say what the shop knows, and no more.

use ecrm_core::{Availability, Quantity};
use ecrm_xml::Limits;
use ecrm_xml_exchange::ubl::{
    CustomerParty, Item, LineAnswer, LineItem, Measure, OrderLine, OrderResponse, Party, Price, PurchaseOrder,
};
use ecrm_xml_exchange::{ExchangeError, Exchanged};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::support::{Schema, assert_valid, xml_of};

/// An order with a line for each quantity, in millionths.
pub(crate) fn order(quantities: &[i64]) -> PurchaseOrder {
    let lines = quantities.iter().zip(1..).map(|(quantity, number)| {
        let quantity = Measure::new(Decimal::new(*quantity, 6).normalize(), Some("EA"));
        let price = Price::from(ecrm_xml_exchange::ubl::Amount::from(
            "9.90 EUR".parse::<ecrm_core::Money>().unwrap(),
        ));
        OrderLine::from(LineItem::new(
            &number.to_string(),
            quantity,
            price,
            Item::new("TEA-7", "Tea"),
        ))
    });
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let mut order = PurchaseOrder::new("PO-42", day.into(), lines.collect());
    order.buyer = CustomerParty::new(Some("C-1001"), None);
    order.seller = Party::default().into();
    order
}

fn answered(order: &PurchaseOrder, answers: &[LineAnswer]) -> Result<OrderResponse, ExchangeError> {
    OrderResponse::answering(order, "OR-1", chrono::DateTime::UNIX_EPOCH, answers)
}

/// Answers that can be given about a quantity.
fn answer(ordered: i64) -> impl Strategy<Value = LineAnswer> {
    let promised =
        proptest::option::of((1..40_000_u64).prop_map(|day| chrono::NaiveDate::default() + chrono::Days::new(day)));
    let quantity = (1..=ordered).prop_map(Quantity::from_micros);
    let parts = (1..ordered).prop_flat_map(move |now| (Just(now), 1..=ordered - now));
    prop_oneof![
        (quantity.clone(), promised.clone())
            .prop_map(|(quantity, promised)| LineAnswer::BackOrdered { quantity, promised }),
        (quantity, promised.clone()).prop_map(|(quantity, promised)| LineAnswer::Confirmed { quantity, promised }),
        (parts, promised).prop_map(|((now, later), promised)| LineAnswer::Partly {
            now: Quantity::from_micros(now),
            later: Quantity::from_micros(later),
            promised,
        }),
        Just(LineAnswer::Refused),
        Just(LineAnswer::Unsaid),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_answered_is_what_is_read(
        lines in proptest::collection::vec((2..9_000_000_000_i64).prop_flat_map(|ordered| (Just(ordered), answer(ordered))), 1..5)
    ) {
        let (quantities, answers): (Vec<i64>, Vec<LineAnswer>) = lines.into_iter().unzip();
        let response = answered(&order(&quantities), &answers).unwrap();
        let read = Exchanged::<OrderResponse>::read(&xml_of(response), &Limits::default()).unwrap();
        let understood: Vec<LineAnswer> = read.content.lines.iter().map(|line| line.line_item.answer().unwrap()).collect();
        prop_assert_eq!(understood, answers);
    }
}

#[test]
fn every_answer_makes_a_valid_response() {
    let pieces = Quantity::pieces;
    let promised = chrono::NaiveDate::from_ymd_opt(2026, 12, 4);
    let answers = [
        LineAnswer::Confirmed {
            quantity: pieces(3),
            promised,
        },
        LineAnswer::Partly {
            now: pieces(2),
            later: pieces(1),
            promised,
        },
        LineAnswer::BackOrdered {
            quantity: pieces(3),
            promised: None,
        },
        LineAnswer::Refused,
        LineAnswer::Unsaid,
    ];
    let response = answered(&order(&[3_000_000; 5]), &answers).unwrap();
    assert_valid(Schema::Ubl("OrderResponse"), &xml_of(response));
}

#[test]
fn the_code_of_a_response_says_no_more_than_its_lines() {
    let all = LineAnswer::Confirmed {
        quantity: Quantity::pieces(3),
        promised: None,
    };
    let fewer = LineAnswer::Confirmed {
        quantity: Quantity::pieces(2),
        promised: None,
    };
    for (answers, code) in [
        ([all, all], "AP"),
        ([all, fewer], "CA"),
        ([all, LineAnswer::Refused], "CA"),
        ([LineAnswer::Refused, LineAnswer::Refused], "RE"),
        ([all, LineAnswer::Unsaid], "AB"),
        ([LineAnswer::Refused, LineAnswer::Unsaid], "AB"),
    ] {
        let response = answered(&order(&[3_000_000, 3_000_000]), &answers).unwrap();
        assert_eq!(response.code.unwrap().value, code, "{answers:?}");
    }
}

#[test]
fn nothing_is_confirmed_that_nobody_has_said() {
    let three = Quantity::pieces(3);
    let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 4);
    for (availability, answer) in [
        (Availability::Unknown, LineAnswer::Unsaid),
        (Availability::Unavailable, LineAnswer::Refused),
        (
            Availability::Digital,
            LineAnswer::Confirmed {
                quantity: three,
                promised: None,
            },
        ),
        (
            Availability::BackOrdered { expected: None },
            LineAnswer::BackOrdered {
                quantity: three,
                promised: None,
            },
        ),
        (
            Availability::MadeToOrder { expected: day },
            LineAnswer::BackOrdered {
                quantity: three,
                promised: day,
            },
        ),
    ] {
        assert_eq!(LineAnswer::of(availability, three), answer);
        let response = answered(&order(&[3_000_000]), &[answer]).unwrap();
        assert_eq!(response.lines[0].line_item.answer(), Ok(answer));
    }
}

#[test]
fn answers_that_do_not_fit_are_refused() {
    let order = order(&[3_000_000]);
    let pieces = Quantity::pieces;
    assert_eq!(
        answered(&order, &[]),
        Err(ExchangeError::AnswerCount { lines: 1, answers: 0 })
    );
    for answer in [
        LineAnswer::Confirmed {
            quantity: pieces(4),
            promised: None,
        },
        LineAnswer::Confirmed {
            quantity: pieces(0),
            promised: None,
        },
        LineAnswer::Partly {
            now: pieces(2),
            later: pieces(2),
            promised: None,
        },
        LineAnswer::Partly {
            now: pieces(3),
            later: pieces(0),
            promised: None,
        },
        LineAnswer::BackOrdered {
            quantity: pieces(-1),
            promised: None,
        },
    ] {
        let refused = answered(&order, &[answer]);
        assert!(
            matches!(refused, Err(ExchangeError::Line { line, .. }) if line == "1"),
            "{answer:?}"
        );
    }
}

#[test]
fn a_line_without_a_quantity_can_be_refused_but_not_confirmed() {
    let mut order = order(&[3_000_000]);
    order.lines[0].line_item.quantity = None;
    for answer in [LineAnswer::Refused, LineAnswer::Unsaid] {
        let response = answered(&order, &[answer]).unwrap();
        assert_eq!(response.lines[0].line_item.answer(), Ok(answer));
    }
    let one = Quantity::pieces(1);
    let confirmed = answered(
        &order,
        &[LineAnswer::Confirmed {
            quantity: one,
            promised: None,
        }],
    );
    assert!(matches!(confirmed, Err(ExchangeError::Line { .. })));
}
