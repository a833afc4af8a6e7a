//! Compressed feeds.

use std::io::{self, Read};

use ecrm_xml::format::{AnyRecord, VOCABULARY, write_records};
use ecrm_xml::{ErrorCode, Limits, Record, Writer};
use ecrm_xml_exchange::import::{End, Feed, Import, write_gzip};

use super::support::*;

fn compressed(text: &str) -> Vec<u8> {
    write_gzip(Vec::new(), |sink| Ok(sink.write_all(text.as_bytes())?)).unwrap()
}

#[test]
fn a_compressed_feed_gives_the_report_of_the_plain_one() {
    let xml = feed([&customer(1), "<invoice/>", &customer(2), &bad_customer(3)]);
    let (first, second) = xml.split_at(xml.len() / 2);
    let members = [compressed(first), compressed(second)].concat();
    on_each("gzip", |host| {
        let plain = dry_run(host, &Import::new("feed"), &xml);
        for (name, bytes) in [("one", compressed(&xml)), ("members", members.clone())] {
            let again = Import::new(name);
            let report = run(host, &again, &bytes, Limits::default()).unwrap();
            assert_eq!((report.records, &report.bad, &report.end), (4, &plain.bad, &plain.end));
            assert_eq!(report.changed + report.unchanged, 2);
        }
        // What was begun compressed goes on plain.
        let import = Import::new("one");
        let report = run(host, &import, xml.as_bytes(), Limits::default()).unwrap();
        assert_eq!((report.unchanged, report.end), (2, Some(End::Complete)));
    });
}

#[test]
fn compressing_is_deterministic_and_comes_back() {
    let records = feed((1..=50).map(customer));
    let parsed = ecrm_xml::parse(records.as_bytes(), &Limits::default()).unwrap();
    let read = || {
        let children = parsed.element().children();
        children.map(|child| AnyRecord::read(&child).unwrap())
    };
    let write = || {
        write_gzip(Vec::new(), |sink| {
            let mut writer = Writer::to(&VOCABULARY, sink);
            write_records(&mut writer, &[], read().map(|record| (record, Vec::new())));
            writer.finish().map(drop)
        })
        .unwrap()
    };
    let bytes = write();
    assert_eq!(bytes, write());
    assert!(bytes.len() < records.len() / 4);
    let (mut feed, mut record, mut back) = (Feed::new(&bytes[..], Limits::default()), Record::new(), Vec::new());
    while feed.next(&mut record).unwrap() {
        back.push(AnyRecord::read(&record.element()).unwrap());
    }
    assert_eq!(back, read().collect::<Vec<_>>());
    assert_eq!(feed.number(), 50);
}

#[test]
fn a_damaged_or_cut_gzip_ends_as_broken() {
    let xml = feed((1..=2_000).map(customer));
    let whole = compressed(&xml);
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 0x55;
    on_each("damaged_gzip", |host| {
        for (name, bytes) in [("cut", &whole[..whole.len() - 9]), ("damaged", &damaged[..])] {
            let report = run(host, &Import::new(name), bytes, Limits::default()).unwrap();
            assert!(matches!(report.end, Some(End::Broken(_))), "{name}: {:?}", report.end);
            let report = run(host, &Import::new(name), &whole, Limits::default()).unwrap();
            assert_eq!((report.records, report.end), (2_000, Some(End::Complete)));
        }
    });
}

#[test]
fn the_limit_of_the_input_counts_what_comes_out_of_gzip() {
    let limits = Limits {
        input_bytes: 100_000,
        ..Limits::default()
    };
    let bomb = compressed(&format!(
        "<records xmlns=\"urn:ecrm:xml:1\">{}</records>",
        " ".repeat(10_000_000)
    ));
    assert!(bomb.len() < 100_000);
    let error = Feed::new(&bomb[..], limits).next(&mut Record::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Limit);
}

/// An input that is interrupted before each byte.
struct Hesitant<'b>(&'b [u8], bool);

impl Read for Hesitant<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let most = buffer.len().min(1);
        self.0.read(&mut buffer[..most])
    }
}

#[test]
fn an_input_that_is_interrupted_is_read_to_its_end() {
    let xml = feed((1..=3).map(customer));
    for bytes in [xml.as_bytes(), &compressed(&xml)] {
        let (mut feed, mut record) = (Feed::new(Hesitant(bytes, false), Limits::default()), Record::new());
        while feed.next(&mut record).unwrap() {}
        assert_eq!(feed.number(), 3);
    }
}
