//! All kinds of records, and what is not understood of them: from a document into the store, and back.

use ecrm_core::{Customer, Event, Promise, Subject, SubjectId};
use ecrm_store::{Session, StoreError, activities, attributes, consents, customers, identifiers, metrics, promises};
use ecrm_testkit::hosts::Host;
use ecrm_xml::format::{AnyRecord, CustomerRecord, KnownIdentifier, RECORDS, VOCABULARY};
use ecrm_xml::{Limits, Writer, parse};
use ecrm_xml_exchange::import::kept_of;
use ecrm_xml_exchange::{keep, kept};

use super::support::*;

/// A customer of whom everything is told, with content that the schema does not know at several places.
fn extended(number: u32) -> String {
    let id = id(number);
    format!(
        "<customer f:grade=\"A\" id=\"{id}\" registeredAt=\"2026-11-22T09:30:00Z\" version=\"1\">\
         <contact f:checked=\"yes\"><email>c{number}@mail.example</email><extension><f:fax>none</f:fax></extension></contact>\
         <identifier><email>c{number}@mail.example</email></identifier>\
         <attribute name=\"club\" recordedAt=\"2026-11-22T09:30:00Z\" validAt=\"2026-11-22T09:30:00Z\"><source>erp</source>\
         <boolean>true</boolean><extension><f:since>2019</f:since></extension></attribute>\
         <consent channel=\"email\" decision=\"granted\" purpose=\"marketing\" recordedAt=\"2026-11-22T09:30:00Z\" subject=\"{id}\" \
         validAt=\"2026-11-22T09:30:00Z\"><source>erp</source></consent>\
         <extension><f:loyalty><f:tier>gold</f:tier></f:loyalty><!--for now--></extension></customer>"
    )
}

/// Everything that the store has of some customers, as a document.
fn exported(session: &mut dyn Session, numbers: &[u32]) -> Result<Vec<u8>, StoreError> {
    let mut writer = Writer::new(&VOCABULARY);
    writer.start(RECORDS);
    for number in numbers {
        let customer: Customer = customers::load(session, id(*number).parse().unwrap())?.unwrap();
        let (id, subject) = (customer.id(), Subject::Customer(customer.id()).id());
        let mut record = CustomerRecord::new(customer);
        for known in identifiers::of_customer(session, id)? {
            record = record.with_identifier(KnownIdentifier::new(known.identifier));
        }
        for name in ["club"] {
            for attribute in attributes::history(session, id, &ecrm_core::AttributeName::new(name).unwrap())? {
                record = record.with_attribute(attribute);
            }
        }
        for consent in consents::of_subject(session, subject)? {
            record = record.with_consent(consent);
        }
        let record = AnyRecord::Customer(record);
        let kept = kept_of(session, &record)?;
        let unplaced = writer.record(&kept, |writer| record.write(writer));
        assert_eq!(unplaced, [], "everything finds its place");
    }
    writer.end();
    Ok(writer.finish().unwrap())
}

#[test]
fn comments_around_the_records_of_a_feed_are_told_and_those_before_a_record_come_back_with_it() {
    let xml = feed([&customer(1), "<!--January-->", &customer(2), "<!--no more-->"]).replacen(
        "<records ",
        "<!--2026--><records batch='7' ",
        1,
    );
    on_each("comments_around", |host| {
        let report = import(host, &xml);
        let kept: Vec<_> = report
            .kept
            .iter()
            .map(|(path, count)| (path.as_str(), *count))
            .collect();
        assert_eq!(kept, [("comment()", 3), ("records/@batch", 1)]);
        let text = String::from_utf8(host.commit(|session| exported(session, &[1, 2]))).unwrap();
        let (_, behind) = text.split_once("<!--January-->").unwrap();
        assert!(
            behind.trim_start().starts_with(&format!("<customer id=\"{}\"", id(2))),
            "{text}"
        );
        assert_eq!(text.matches("<!--").count(), 1, "{text}");
    });
}

#[test]
fn what_is_not_understood_goes_through_the_store_and_comes_back() {
    let xml = feed([extended(1), customer(2)]);
    on_each("there_and_back", |host| {
        let report = import(host, &xml);
        assert_eq!((report.changed, &report.bad[..]), (2, &[][..]));
        let kept: Vec<_> = report
            .kept
            .iter()
            .map(|(path, count)| (path.as_str(), *count))
            .collect();
        assert_eq!(
            kept,
            [
                ("customer/@grade", 1),
                ("customer/attribute/extension", 1),
                ("customer/contact/@checked", 1),
                ("customer/contact/extension", 1),
                ("customer/extension", 1),
            ]
        );
        let out = host.commit(|session| exported(session, &[1, 2]));
        let text = String::from_utf8(out.clone()).unwrap();
        for part in [
            "grade=\"A\"",
            "checked=\"yes\"",
            ">none<",
            ">2019<",
            ">gold<",
            "<!--for now-->",
        ] {
            assert_eq!(text.matches(part).count(), 1, "{part} in {text}");
        }
        let again = import(host, &text);
        assert_eq!((again.changed, again.unchanged, &again.bad[..]), (0, 2, &[][..]));
    });
    // A new database gives the same bytes: nothing was changed on the way.
    on_each("from_the_export", |host| {
        import(host, &xml);
        let first = host.commit(|session| exported(session, &[1, 2]));
        on_each("second_shop", |other| {
            let report = import(other, std::str::from_utf8(&first).unwrap());
            assert_eq!(report.changed, 2);
            let second = other.commit(|session| exported(session, &[1, 2]));
            assert_eq!(String::from_utf8_lossy(&second), String::from_utf8_lossy(&first));
        });
    });
}

#[test]
fn what_is_kept_of_a_known_record_follows_the_feed_and_is_not_lost() {
    on_each("kept_follows", |host| {
        let plain = customer(1);
        let extended = |tier| {
            let extension = format!("</contact><extension><f:tier>{tier}</f:tier></extension>");
            plain.replace("</contact>", &extension)
        };
        assert_eq!(import(host, &feed([&plain])).changed, 1);
        for (tier, changed) in [("gold", 1), ("gold", 0), ("lead", 1)] {
            assert_eq!(import(host, &feed([extended(tier)])).changed, changed, "{tier}");
        }
        // A record without such content says nothing about it.
        assert_eq!(import(host, &feed([&plain])).unchanged, 1);
        let out = host.commit(|session| exported(session, &[1]));
        assert!(String::from_utf8(out).unwrap().contains(">lead<"));
    });
}

#[test]
fn keeping_nothing_forgets_what_was_kept_before() {
    on_each("kept_nothing", |host| {
        let record = parse(b"<a><b/></a>", &Limits::default()).unwrap();
        let left = record.leftovers().unwrap();
        let id = uuid::Uuid::nil();
        host.commit(|session| {
            keep(session, subject(), id, &left)?;
            assert_eq!(kept(session, subject(), id)?, left);
            keep(session, subject(), id, &[])?;
            assert_eq!(kept(session, subject(), id)?, []);
            Ok::<_, StoreError>(())
        });
    });
}

fn subject() -> SubjectId {
    Subject::Customer(id(1).parse().unwrap()).id()
}

fn metric(name: &str, value: u32, day: u32, more: &str) -> String {
    format!(
        "<metric asOf=\"2026-11-{day:02}T00:00:00Z\" name=\"{name}\" subject=\"{}\"><value>{value}</value><unit>days</unit>{more}</metric>",
        subject()
    )
}

#[test]
fn a_metric_follows_the_latest_instant_and_keeps_what_is_its_own() {
    let extension = |text: &str| format!("<extension><f:how>{text}</f:how></extension>");
    let records = [
        metric("rfm.recency", 3, 1, &extension("by hand")),
        metric("rfm.recency", 5, 2, &extension("by model")),
        metric("rfm.frequency", 7, 2, &extension("by count")),
    ];
    on_each("metrics", |host| {
        assert_eq!(import(host, &feed(&records)).changed, 3);
        // The earlier instant is history; what was kept of it is not what was kept of the later one.
        let again = import(host, &feed(&records[1..]));
        assert_eq!((again.changed, again.unchanged), (0, 2));
        let other = import(host, &feed([metric("rfm.recency", 6, 2, "")]));
        assert_eq!(other.bad[0].code, "duplicate");
        host.commit(|session| {
            for (name, how) in [("rfm.recency", "by model"), ("rfm.frequency", "by count")] {
                let stored = metrics::load(session, subject(), &ecrm_core::AttributeName::new(name).unwrap())?.unwrap();
                let kept = kept_of(session, &AnyRecord::Metric(stored))?;
                assert!(kept.len() == 1 && kept[0].xml().contains(how), "{name}");
            }
            Ok::<_, StoreError>(())
        });
    });
}

fn promise(number: u32, attributes: &str, more: &str) -> String {
    format!(
        "<promise id=\"{}\" subject=\"{}\" dueAt=\"2026-12-01T00:00:00Z\" {attributes}><about>order:1</about>\
         <what>delivery</what><madeBy>checkout</madeBy>{more}</promise>",
        id(number),
        subject()
    )
}

#[test]
fn promises_are_stored_with_their_ends_in_whatever_order_they_come() {
    let first = "madeAt=\"2026-11-22T09:00:00Z\"";
    let second = format!("madeAt=\"2026-11-23T09:00:00Z\" supersedes=\"{}\"", id(51));
    let superseded = "<end at=\"2026-11-23T09:00:00Z\" how=\"superseded\"/>";
    let kept = "<end at=\"2026-11-30T00:00:00Z\" how=\"kept\"><evidence>parcel 7</evidence></end>";
    let open = feed([promise(51, first, ""), promise(52, &second, "")]);
    let ended = feed([promise(51, first, superseded), promise(52, &second, kept)]);
    let otherwise = feed([promise(52, &second, superseded)]);
    on_each("promises", |host: &mut Host| {
        let load =
            |host: &mut Host| -> Vec<Promise> { host.commit(|session| promises::of_subject(session, subject())) };
        let report = import(host, &ended);
        assert_eq!(
            (report.changed, &report.bad[..]),
            (2, &[][..]),
            "what an export gives is taken"
        );
        let stored = load(host);
        assert_eq!(stored[1].ended().unwrap().evidence.as_deref(), Some("parcel 7"));
        for xml in [&ended, &open] {
            assert_eq!(import(host, xml).unchanged, 2);
        }
        assert_eq!(import(host, &otherwise).bad[0].code, "duplicate");
        assert_eq!(load(host), stored);
    });
    on_each("promises_later", |host| {
        assert_eq!(import(host, &open).changed, 2);
        let report = import(host, &ended);
        assert_eq!(
            (report.changed, report.unchanged),
            (1, 1),
            "the end is further knowledge"
        );
    });
}

#[test]
fn activities_are_stored_once_and_a_correction_is_another_one() {
    let activity = |number, topic: &str| {
        format!(
            "<activity id=\"{}\" subject=\"{}\" subjectKind=\"customer\" validAt=\"2026-11-22T09:00:00Z\" recordedAt=\"2026-11-22T09:00:00Z\"><source>erp</source>\
             <interaction channel=\"phone\" direction=\"inbound\"><topic>{topic}</topic></interaction></activity>",
            id(number),
            id(1)
        )
    };
    let xml = feed([activity(61, "lamp"), activity(62, "lamp"), activity(61, "mantle")]);
    on_each("activities", |host| {
        let report = import(host, &xml);
        assert_eq!((report.changed, report.bad.len()), (2, 1), "{:?}", report.bad);
        assert_eq!((report.bad[0].number, report.bad[0].code), (3, "duplicate"));
        let mut topics = Vec::new();
        host.commit(|session| {
            activities::for_each(session, &mut |activity| {
                if let Event::Contact(contact) = activity.event() {
                    topics.extend(contact.topic().map(str::to_owned));
                }
                Ok(std::ops::ControlFlow::Continue(()))
            })
        });
        assert_eq!(topics, ["lamp", "lamp"]);
    });
}

#[test]
fn the_provenance_of_an_identifier_is_that_of_the_record() {
    let seen = customer(1).replace(
        "</contact>",
        "</contact><identifier firstSeenAt=\"2025-01-01T00:00:00Z\" lastSeenAt=\"2026-01-01T00:00:00Z\"><source>till</source>\
         <email>c1@mail.example</email></identifier><identifier><phone>+4930901820</phone></identifier>\
         <identifier><phone>+4930901820</phone></identifier>",
    );
    assert!(parse(feed([&seen]).as_bytes(), &Limits::default()).is_ok());
    on_each("sightings", |host| {
        let report = import(host, &feed([&seen]));
        assert_eq!((report.changed, &report.bad[..]), (1, &[][..]));
        let known = host.commit(|session| identifiers::of_customer(session, id(1).parse().unwrap()));
        let (email, phone) = (&known[1], &known[0]);
        assert_eq!((phone.first_seen_at, phone.last_seen_at), (NOW, NOW));
        assert_eq!(email.first_seen_at.to_rfc3339(), "2025-01-01T00:00:00+00:00");
        assert_eq!(email.last_seen_at.to_rfc3339(), "2026-01-01T00:00:00+00:00");
        assert_eq!(import(host, &feed([&seen])).unchanged, 1);
    });
}
