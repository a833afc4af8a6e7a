//! Runs that only tell what would happen.

use ecrm_xml::Limits;
use ecrm_xml_exchange::import::Import;

use super::support::*;

#[test]
fn a_dry_run_gives_the_report_of_the_run_that_follows_and_leaves_no_trace() {
    let contradiction = with_email(2, "other@mail.example");
    let extended = customer(4).replace("</contact>", "</contact><extension><f:tier>gold</f:tier></extension>");
    let xml = feed([
        &customer(1),
        &customer(2),
        &bad_customer(3),
        &contradiction,
        &customer(1),
        &extended,
        "<invoice/>",
        &customer(5),
    ]);
    on_each("dry_run", |host| {
        import(host, &feed([customer(5)]));
        let before = rows(host);
        for import in [
            Import::new("new").in_batches_of(3),
            Import::new("stopping").stopping_at_bad_records(),
        ] {
            let dry = dry_run(host, &import, &xml);
            assert_eq!(rows(host), before, "a dry run leaves no trace");
            assert_eq!(dry, dry_run(host, &import, &xml));
            let wet = run(host, &import, xml.as_bytes(), Limits::default()).unwrap();
            assert_eq!(dry, wet);
            assert_eq!(dry.bad.iter().map(|bad| bad.number).next(), Some(3));
            if dry.records == 8 {
                assert_eq!((dry.changed, dry.unchanged, dry.bad.len()), (3, 2, 3));
                assert_eq!(dry.kept["customer/extension"], 1);
            }
            // For the next way to import.
            host.commit(|session| {
                for table in ["customer", "customer_version"] {
                    let sql = format!("DELETE FROM ecrm_record_{table} WHERE customer_id <> $1");
                    session.execute(&sql, &[id(5).parse::<uuid::Uuid>().unwrap().into()])?;
                }
                session.execute("DELETE FROM ecrm_xml_exchange_kept", &[])?;
                session.execute("DELETE FROM ecrm_store_change", &[])?;
                session.execute("DELETE FROM ecrm_xml_exchange_feed WHERE feed <> 'feed'", &[])
            });
            if before != rows(host) {
                break;
            }
        }
    });
}

#[test]
fn a_dry_run_begins_where_the_run_would() {
    let xml = feed((1..=6).map(customer));
    on_each("dry_resume", |host| {
        let import = Import::new("feed").in_batches_of(2);
        run_batches(host, &import, &xml, 2);
        let dry = dry_run(host, &import, &xml);
        assert_eq!((dry.done_before, dry.records, dry.changed), (4, 6, 2));
        assert_eq!(dry, run(host, &import, xml.as_bytes(), Limits::default()).unwrap());
    });
}
