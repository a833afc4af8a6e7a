//! One target for each reader. `cargo test` runs each for some seconds; README.md says how to run them for long.

use std::time::Duration;

use bolero::check;
use ecrm_fuzz::{Seeds, document, feed, records, strict, ubl};
use ecrm_xml_exchange::{ciq, xcard};

/// How long `cargo test` looks for a broken promise. An engine of cargo-bolero takes its own time.
const SMOKE: Duration = Duration::from_secs(5);

#[test]
fn strict_reader() {
    let seeds = Seeds::load();
    check!()
        .with_test_time(SMOKE)
        .for_each(|input: &[u8]| strict(&seeds.document(input)));
}

#[test]
fn own_records() {
    let seeds = Seeds::load();
    check!()
        .with_test_time(SMOKE)
        .for_each(|input: &[u8]| records(&seeds.document(input)));
}

#[test]
fn ubl_documents() {
    let seeds = Seeds::load();
    check!()
        .with_test_time(SMOKE)
        .for_each(|input: &[u8]| ubl(&seeds.document(input)));
}

#[test]
fn ciq_parties() {
    let seeds = Seeds::load();
    check!()
        .with_test_time(SMOKE)
        .for_each(|input: &[u8]| document::<ciq::Party>(&seeds.document(input)));
}

#[test]
fn xcards() {
    let seeds = Seeds::load();
    check!()
        .with_test_time(SMOKE)
        .for_each(|input: &[u8]| document::<xcard::Cards>(&seeds.document(input)));
}

#[test]
fn gzip_feeds() {
    let seeds = Seeds::load();
    check!()
        .with_test_time(SMOKE)
        .for_each(|input: &[u8]| feed(&seeds.document(input)));
}

/// Random inputs must get beyond the first character: a good part of them is read, and a good part is refused.
#[test]
fn edited_documents_are_near_to_documents() {
    let seeds = Seeds::load();
    let mut random = 2_026_u64;
    let mut next = || {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        random.to_be_bytes()[0]
    };
    let (mut read, inputs) = (0, 2_000);
    for _ in 0..inputs {
        let length = usize::from(next()) % 30;
        let input: Vec<u8> = (0..length).map(|_| next()).collect();
        read += usize::from(ecrm_xml::parse(&seeds.document(&input), &ecrm_xml::Limits::default()).is_ok());
    }
    println!("{read} of {inputs} edited documents are well-formed");
    assert!((inputs / 10..inputs * 9 / 10).contains(&read), "{read} of {inputs}");
}
