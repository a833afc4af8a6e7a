//! What the schema does not know is kept and written back.

use ecrm_xml::format::{AnyRecord, VOCABULARY};
use ecrm_xml::{Kept, KeptKind, Limits, Writer, parse};

use super::sample;

/// Each record of the sample, with an extension at its end and a foreign attribute on it.
fn extended() -> impl Iterator<Item = String> {
    sample::records().into_iter().map(|record| {
        let mut writer = Writer::new(&VOCABULARY);
        record.write(&mut writer);
        let document = String::from_utf8(writer.finish().unwrap()).unwrap();
        let (start, end) = document.trim_end().rsplit_once("</").unwrap();
        let extension = "<extension><f:loyalty xmlns:f=\"urn:example:loyalty\" tier=\"gold\"><f:since>2019</f:since>\
                         </f:loyalty></extension>";
        let document = format!("{start}{extension}</{end}\n");
        document.replacen(
            "xmlns=\"urn:ecrm:xml:1\"",
            "xmlns=\"urn:ecrm:xml:1\" xmlns:g=\"urn:example:grade\" g:a=\"1\"",
            1,
        )
    })
}

#[test]
fn what_stands_in_an_extension_survives() {
    for document in extended() {
        let record = parse(document.as_bytes(), &Limits::default()).unwrap();
        let value = AnyRecord::read(&record.element()).unwrap();
        let kept = record.leftovers().unwrap();
        let name = record.element().name().local;
        let kinds: Vec<_> = kept.iter().map(|kept| (kept.kind(), kept.path().to_owned())).collect();
        assert_eq!(
            kinds,
            [
                (KeptKind::Attribute, format!("{name}/@a")),
                (KeptKind::Element, format!("{name}/extension"))
            ]
        );

        let mut writer = Writer::new(&VOCABULARY);
        assert_eq!(writer.record(&kept, |writer| value.write(writer)), []);
        let again = writer.finish().unwrap();
        let record = parse(&again, &Limits::default()).unwrap();
        assert_eq!(AnyRecord::read(&record.element()).unwrap(), value);
        assert_eq!(
            record.leftovers().unwrap(),
            kept,
            "nothing is lost on a second journey either"
        );
        let last = record.element().children().last().unwrap();
        assert_eq!(last.name().local, "extension", "it stays at the end");
        super::schema::validate("extension", &[&String::from_utf8(again).unwrap()]);
    }
}

#[test]
fn an_extension_deep_inside_survives_too() {
    let mut writer = Writer::new(&VOCABULARY);
    AnyRecord::Order(sample::order()).write(&mut writer);
    let document = String::from_utf8(writer.finish().unwrap()).unwrap();
    let document = document.replace(
        "</line>",
        "<extension><gift xmlns=\"urn:example:gift\">ribbon</gift></extension></line>",
    );
    let record = parse(document.as_bytes(), &Limits::default()).unwrap();
    let order = AnyRecord::read(&record.element()).unwrap();
    let kept = record.leftovers().unwrap();
    assert_eq!(
        kept.iter().map(Kept::path).collect::<Vec<_>>(),
        ["order/line/extension", "order/line[2]/extension"]
    );
    let mut writer = Writer::new(&VOCABULARY);
    assert_eq!(writer.record(&kept, |writer| order.write(writer)), []);
    assert_eq!(String::from_utf8(writer.finish().unwrap()).unwrap(), document);
}
