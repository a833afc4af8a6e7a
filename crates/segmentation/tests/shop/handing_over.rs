use std::process::Command;

use ecrm_core::{Channel, ConsentDecision, Purpose};
use ecrm_segmentation::criteria::ProfileField;
use ecrm_segmentation::{Handover, SegmentationError};
use ecrm_testkit::hosts::on_each_database;

use crate::{NOW, Shop, name};

fn handover() -> Handover {
    Handover::new(name("all"), Purpose::Marketing, Channel::Email).with_fields(&[
        ProfileField::GivenName,
        ProfileField::Email,
        ProfileField::City,
    ])
}

#[test]
fn nobody_is_handed_over_who_does_not_agree_and_a_control_group_is_held_out() {
    on_each_database("handover", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "all", "everyone")?;
            shop.define(session, "control", "profile.given_name = \"Carla\"")?;
            let ada = shop.customer(session, "Ada, \"the first\"")?;
            let carla = shop.customer(session, "Carla")?;
            let bea = shop.customer(session, "Bea")?;
            shop.customer(session, "Dora")?;
            shop.consents(session, ada, ConsentDecision::Granted)?;
            shop.consents(session, carla, ConsentDecision::Granted)?;
            shop.consents(session, bea, ConsentDecision::Withdrawn)?;

            let mut csv = Vec::new();
            let handover = handover().holding_out(name("control"));
            let done = shop.segments.write_csv(session, &handover, NOW, &mut csv)?;
            assert_eq!((done.written, done.held_out), (1, 1));
            let refused: Vec<_> = done.refused.into_iter().collect();
            let expected = [
                "consent is needed for this purpose, and none was given",
                "consent was withdrawn",
            ];
            assert_eq!(refused, expected.map(|reason| (reason.to_owned(), 1)));
            let text = String::from_utf8(csv).unwrap();
            let line = format!("{ada},\"Ada, \"\"the first\"\"\",adathefirst@mail.example,\r\n");
            assert_eq!(text, format!("customer_id,given_name,email,city\r\n{line}"));
            Ok::<_, SegmentationError>(())
        });
    });
}

#[test]
fn members_in_xml_are_valid_by_the_published_schema() {
    on_each_database("members", |host| {
        let document = host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "all", "everyone")?;
            for given in ["Ada", "Bea <b>", "C & D"] {
                let id = shop
                    .customer(session, given)
                    .or_else(|_| shop.customer(session, "Eva"))?;
                shop.consents(session, id, ConsentDecision::Granted)?;
            }
            let mut xml = Vec::new();
            let fields = [ProfileField::GivenName, ProfileField::RegisteredAt];
            let handover = handover().with_fields(&fields);
            let done = shop.segments.write_xml(session, &handover, NOW, &mut xml)?;
            assert_eq!(done.written, 3);
            Ok::<_, SegmentationError>(xml)
        });
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("members.xml");
        std::fs::write(&file, &document).unwrap();
        let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schema/ecrm-segmentation-1.xsd");
        match Command::new("xmllint")
            .args(["--nonet", "--noout", "--schema", schema])
            .arg(&file)
            .output()
        {
            Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
            Err(_) => println!("xmllint is not here, so the schema was not tried"),
        }
    });
}

#[test]
fn a_spreadsheet_takes_no_name_for_a_formula_where_that_is_asked_for() {
    on_each_database("formulas", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "all", "everyone")?;
            let ada = shop.customer(session, "=Ada")?;
            shop.consents(session, ada, ConsentDecision::Granted)?;
            let written = |session: &mut dyn ecrm_store::Session, handover| {
                let mut csv = Vec::new();
                shop.segments.write_csv(session, &handover, NOW, &mut csv)?;
                Ok::<_, SegmentationError>(String::from_utf8(csv).unwrap())
            };
            assert!(written(session, handover())?.contains(",=Ada,"));
            assert!(written(session, handover().for_spreadsheets())?.contains(",'=Ada,"));
            Ok::<_, SegmentationError>(())
        });
    });
}
