//! The same document written by ours and by quick-xml's bare Writer, which checks nothing.

use ecrm::xml::{Name, Vocabulary, Writer};
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

const NS: &str = "urn:example:crm";
const CUSTOMERS: usize = 60_000;

static VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("", NS)],
    order: |_| &[],
};

const FIELDS: [(&str, &str); 5] = [
    ("name", "Zoë Müller & Sons"),
    ("email", "zoe@example.org"),
    ("birthday", "1975-03-02"),
    ("language", "de"),
    ("street", "Große Straße 17"),
];

pub(crate) fn ours() -> String {
    let mut out = Vec::new();
    let mut writer = Writer::to(&VOCABULARY, &mut out);
    let name = |local| Name::new(NS, local);
    writer.start(name("customers"));
    for number in 0..CUSTOMERS {
        writer.start(name("customer"));
        writer.attribute(Name::local("id"), &number.to_string());
        for (field, value) in FIELDS {
            writer.element(name(field), value);
        }
        writer.start(name("order"));
        writer.attribute(Name::local("currency"), "EUR");
        writer.attribute(Name::local("total"), "123.45");
        writer.end();
        writer.end();
    }
    writer.end();
    writer.finish().unwrap();
    format!("{} bytes", out.len())
}

pub(crate) fn quick_xml() -> String {
    let mut out = Vec::new();
    let mut writer = quick_xml::Writer::new(&mut out);
    let mut write = |event: Event<'_>| writer.write_event(event).unwrap();
    write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    let mut root = BytesStart::new("customers");
    root.push_attribute(("xmlns", NS));
    write(Event::Start(root));
    for number in 0..CUSTOMERS {
        let mut customer = BytesStart::new("customer");
        customer.push_attribute(("id", number.to_string().as_str()));
        write(Event::Start(customer));
        for (field, value) in FIELDS {
            write(Event::Start(BytesStart::new(field)));
            write(Event::Text(BytesText::new(value)));
            write(Event::End(BytesEnd::new(field)));
        }
        let mut order = BytesStart::new("order");
        order.push_attribute(("currency", "EUR"));
        order.push_attribute(("total", "123.45"));
        write(Event::Start(order));
        write(Event::End(BytesEnd::new("order")));
        write(Event::End(BytesEnd::new("customer")));
    }
    write(Event::End(BytesEnd::new("customers")));
    format!("{} bytes", out.len())
}
