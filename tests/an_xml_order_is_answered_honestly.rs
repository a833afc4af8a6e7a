//! The story of an XML order, from the document to the mail and the answer.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use ecrm::checkout::{Checkout, Confirmation, confirmation_key};
use ecrm::confirmation_mail::{Mailer, counts, find};
use ecrm::core::{OrderLine, Quantity, Refusal, SeededIds, Source};
use ecrm::store::{Session, customers, promises};
use ecrm::xml::Limits;
use ecrm::xml_exchange::Exchanged;
use ecrm::xml_exchange::ubl::{LineAnswer, OrderResponse};
use ecrm::xml_order::{AnsweredOrder, Profiles, XmlOrderError, XmlOrders};
use ecrm_testkit::hosts::on_each_database;
use support::{NOW, tables};

const ORDER: &str = include_str!("../examples/data/order.xml");

struct Taker {
    mailer: Mailer,
    ids: SeededIds,
    source: Source,
    limits: Limits,
}

impl Taker {
    fn new(seed: u64) -> Self {
        Self {
            mailer: Mailer::new("Lamps & Co", "orders@lamps.example".parse().unwrap()).unwrap(),
            ids: SeededIds::new(seed),
            source: Source::checkout(),
            limits: Limits::default(),
        }
    }

    fn take(
        &self,
        session: &mut dyn Session,
        sender: &str,
        profiles: Profiles,
        xml: &str,
        answer: impl FnMut(&OrderLine) -> LineAnswer,
    ) -> Result<AnsweredOrder, XmlOrderError> {
        let orders = XmlOrders {
            checkout: Checkout {
                mailer: &self.mailer,
                ids: &self.ids,
                source: &self.source,
            },
            sender,
            shop: "shop",
            profiles,
            limits: &self.limits,
        };
        let mut answer = answer;
        orders.place(session, xml.as_bytes(), &mut answer, NOW)
    }
}

fn in_stock(line: &OrderLine) -> LineAnswer {
    LineAnswer::Confirmed {
        quantity: line.quantity(),
        promised: None,
    }
}

fn mails(session: &mut dyn Session) -> u64 {
    counts(session).unwrap().iter().map(|(_, count)| count).sum()
}

/// The text of a mail as it is read: quoted-printable taken back.
#[test]
fn mail_and_answer_say_the_same_and_no_more_than_the_shop_did() {
    on_each_database("xml_honest", |host| {
        host.commit(tables);
        let taker = Taker::new(1);
        host.commit(|session| {
            let answered = taker.take(session, "partner", Profiles::NotKept, ORDER, |line| match line.sku() {
                "LAMP-7" => in_stock(line),
                "BULB-3" => LineAnswer::Partly {
                    now: Quantity::pieces(1),
                    later: Quantity::pieces(2),
                    promised: "2026-12-06".parse().ok(),
                },
                _ => LineAnswer::Unsaid,
            })?;
            let response = Exchanged::<OrderResponse>::read(answered.response.as_bytes(), &Limits::default())?.content;
            let answers: Vec<_> = response
                .lines
                .iter()
                .map(|line| line.line_item.answer().unwrap())
                .collect();
            let said = [
                LineAnswer::Confirmed {
                    quantity: Quantity::pieces(2),
                    promised: None,
                },
                LineAnswer::Partly {
                    now: Quantity::pieces(1),
                    later: Quantity::pieces(2),
                    promised: "2026-12-06".parse().ok(),
                },
                LineAnswer::Unsaid,
            ];
            assert_eq!(answers, said);
            let mail = find(session, &confirmation_key(&answered.number)).unwrap().unwrap();
            let text = mail.content.unwrap().text;
            assert!(
                text.contains("Bulb, warm white\n    1 × ") && text.contains("Bulb, warm white\n    2 × "),
                "{text}"
            );
            assert!(text.contains("expected on 6 December 2026"), "{text}");
            assert!(
                text.contains("101.30"),
                "the parts of a line come to the amount of the line: {text}"
            );
            let kept: Vec<_> = answered.kept.iter().map(ecrm::xml::Kept::path).collect();
            assert_eq!(kept[..2], ["comment()", "Order/TransactionConditions"]);
            assert_eq!(answered.disputed_total, None);
            assert_eq!(customers::count(session).unwrap(), 0, "a guest is enough");
            Ok::<_, XmlOrderError>(())
        });
    });
}

#[test]
fn the_same_order_twice_is_one_order_one_mail_and_one_answer() {
    on_each_database("xml_twice", |host| {
        host.commit(tables);
        let taker = Taker::new(1);
        let first = host.commit(|session| taker.take(session, "partner", Profiles::Kept, ORDER, in_stock));
        // Another prefix, other white space, and another stock by now: it is the same order all the same.
        let again = ORDER
            .replace("cbc:", "b:")
            .replace("xmlns:cbc", "xmlns:b")
            .replace(">\n", ">\n\n  ");
        let second =
            host.commit(|session| taker.take(session, "partner", Profiles::Kept, &again, |_| LineAnswer::Refused));
        assert!(first.placed.is_some() && second.placed.is_none());
        assert_eq!(second.response, first.response);
        host.commit(|session| {
            assert_eq!((mails(session), customers::count(session)?), (1, 1));
            Ok::<_, ecrm::store::StoreError>(())
        });
    });
}

#[test]
fn the_same_number_with_another_content_is_refused_with_the_difference() {
    on_each_database("xml_differs", |host| {
        host.commit(tables);
        let taker = Taker::new(1);
        host.commit(|session| taker.take(session, "partner", Profiles::NotKept, ORDER, in_stock));
        let other = ORDER.replace("<cbc:Quantity unitCode=\"EA\">3<", "<cbc:Quantity unitCode=\"EA\">30<");
        host.commit(|session| {
            let refused = taker
                .take(session, "partner", Profiles::NotKept, &other, in_stock)
                .unwrap_err();
            let XmlOrderError::Differs { differences, .. } = &refused else {
                panic!("{refused}")
            };
            let told: Vec<_> = differences.iter().map(ToString::to_string).collect();
            assert_eq!(told, ["Order/OrderLine[2]/LineItem/Quantity: `3` became `30`"]);
            assert!(
                !refused.to_string().contains("30`"),
                "the error itself tells no content"
            );
            // The number of another sender is another number.
            let elsewhere = taker.take(session, "other", Profiles::NotKept, &other, in_stock)?;
            assert!(elsewhere.placed.is_some());
            assert_eq!(mails(session), 2);
            Ok::<_, XmlOrderError>(())
        });
    });
}

#[test]
fn a_buyer_is_recognised_where_profiles_are_kept() {
    on_each_database("xml_recognised", |host| {
        host.commit(tables);
        let taker = Taker::new(1);
        host.commit(|session| {
            let first = taker
                .take(session, "partner", Profiles::Kept, ORDER, in_stock)?
                .placed
                .unwrap();
            let next = ORDER.replace("PO-2026-117", "PO-2026-118");
            let second = taker
                .take(session, "partner", Profiles::Kept, &next, in_stock)?
                .placed
                .unwrap();
            assert!(first.new_customer.is_some() && second.new_customer.is_none());
            assert_eq!(first.subject, second.subject);
            Ok::<_, XmlOrderError>(())
        });
    });
}

#[test]
fn an_order_without_a_mailbox_gets_its_answer_and_no_mail() {
    on_each_database("xml_no_mailbox", |host| {
        host.commit(tables);
        let taker = Taker::new(1);
        let without = ORDER.replace("anna@buyer.example", "anna at work");
        host.commit(|session| {
            let answered = taker.take(session, "partner", Profiles::NotKept, &without, in_stock)?;
            assert_eq!(
                answered.placed.unwrap().confirmation,
                Confirmation::None(Refusal::NoAddress)
            );
            assert!(
                answered
                    .response
                    .contains("<cbc:ElectronicMail>anna at work</cbc:ElectronicMail>")
            );
            assert_eq!(answered.unusable[0].part, "email");
            assert_eq!(mails(session), 0);
            Ok::<_, XmlOrderError>(())
        });
    });
}

#[test]
fn an_order_that_cannot_be_used_says_where_and_writes_nothing() {
    on_each_database("xml_unusable", |host| {
        host.commit(tables);
        let taker = Taker::new(1);
        for (broken, place) in [
            (
                ORDER.replace("<cbc:Quantity unitCode=\"EA\">2<", "<cbc:Quantity unitCode=\"EA\">two<"),
                "Order/OrderLine/LineItem/Quantity",
            ),
            (ORDER.replace("<cbc:ID>PO-2026-117</cbc:ID>", ""), "Order"),
            (
                ORDER.replace("<cbc:Quantity unitCode=\"EA\">3</cbc:Quantity>", ""),
                "Order/OrderLine[2]",
            ),
            (
                ORDER.replace(
                    "<cbc:IssueDate>",
                    "<cbc:CopyIndicator>true</cbc:CopyIndicator><cbc:IssueDate>",
                ),
                "Order/CopyIndicator",
            ),
            (
                // Both lines have the number 1, and the second one is wrong.
                ORDER
                    .replace("<cbc:ID>2</cbc:ID>", "<cbc:ID>1</cbc:ID>")
                    .replace("<cbc:Quantity unitCode=\"EA\">3</cbc:Quantity>", ""),
                "Order/OrderLine[2]",
            ),
            (ORDER.replace("PO-2026-117", "PO-\u{202E}711"), "Order"),
            (ORDER.replace("</cbc:Note>", ""), ""),
        ] {
            host.commit(|session| {
                let error = taker
                    .take(session, "partner", Profiles::Kept, &broken, in_stock)
                    .unwrap_err();
                let XmlOrderError::Xml(error) = &error else {
                    panic!("{error}")
                };
                assert_eq!(error.path().unwrap_or(""), place, "{error}");
                assert!(error.position().is_some());
                assert_eq!((mails(session), customers::count(session)?), (0, 0));
                Ok::<_, ecrm::store::StoreError>(())
            });
        }
    });
}

#[test]
fn a_total_that_is_none_is_told_and_the_order_goes_by_its_lines() {
    on_each_database("xml_total", |host| {
        host.commit(tables);
        let taker = Taker::new(1);
        let disputed = ORDER.replace("101.30", "99.99");
        host.commit(|session| {
            let answered = taker.take(session, "partner", Profiles::NotKept, &disputed, in_stock)?;
            assert!(
                answered.response.contains(">CA</cbc:OrderResponseCode>"),
                "it is not accepted as it stands"
            );
            assert!(answered.response.contains("99.99 EUR") && answered.response.contains("101.30 EUR"));
            let total = answered.disputed_total.unwrap();
            assert_eq!(
                (total.stated.to_string(), total.computed.to_string()),
                ("99.99 EUR".into(), "101.30 EUR".into())
            );
            Ok::<_, XmlOrderError>(())
        });
    });
}

#[test]
fn an_answer_that_promises_more_than_was_ordered_is_refused_and_writes_nothing() {
    on_each_database("xml_too_much", |host| {
        host.commit(tables);
        let taker = Taker::new(1);
        host.commit(|session| {
            let refused = taker.take(session, "partner", Profiles::NotKept, ORDER, |_| {
                LineAnswer::Confirmed {
                    quantity: Quantity::pieces(100),
                    promised: None,
                }
            });
            assert!(matches!(refused, Err(XmlOrderError::Exchange(_))));
            assert_eq!(mails(session), 0);
            Ok::<_, ecrm::store::StoreError>(())
        });
    });
}

#[test]
fn every_day_that_is_told_is_a_promise_on_record_with_a_mail_or_without() {
    on_each_database("xml_promises", |host| {
        host.commit(tables);
        let taker = Taker::new(1);
        let day = "2026-12-06".parse().ok();
        let answer = |line: &OrderLine| match line.sku() {
            "LAMP-7" => LineAnswer::Confirmed {
                quantity: line.quantity(),
                promised: day,
            },
            "BULB-3" => LineAnswer::BackOrdered {
                quantity: line.quantity(),
                promised: day,
            },
            _ => LineAnswer::Unsaid,
        };
        host.commit(|session| {
            for (number, xml) in [
                ("with", ORDER.to_owned()),
                ("without", ORDER.replace("anna@buyer.example", "nobody")),
            ] {
                let xml = xml.replace("PO-2026-117", number);
                let placed = taker
                    .take(session, "partner", Profiles::NotKept, &xml, answer)?
                    .placed
                    .unwrap();
                let due: Vec<_> = promises::of_subject(session, placed.subject)?
                    .iter()
                    .map(|promise| promise.due_at().date_naive())
                    .collect();
                assert_eq!(due, [day.unwrap(); 2], "{number} a mail");
            }
            Ok::<_, XmlOrderError>(())
        });
        host.commit(|session| {
            let past = |line: &OrderLine| LineAnswer::BackOrdered {
                quantity: line.quantity(),
                promised: "2026-11-21".parse().ok(),
            };
            assert!(matches!(
                taker.take(session, "other", Profiles::NotKept, ORDER, past),
                Err(XmlOrderError::Exchange(_))
            ));
            Ok::<_, ecrm::store::StoreError>(())
        });
    });
}
