//! Named numbers about customers.

use ecrm_core::{AttributeName, Metric, ValueError};

use super::parts::own;
use crate::values::{read_instant, required, required_text, write_attribute, write_instant, write_text};
use crate::{Element, Name, Writer, XmlError, XmlForm};

const UNIT: Name<'static> = own("unit");
const VALUE: Name<'static> = own("value");

impl XmlForm for Metric {
    const NAME: Name<'static> = own("metric");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "subject", self.subject());
        write_attribute(writer, "name", self.name().as_str());
        write_attribute(writer, "asOf", write_instant(self.as_of()));
        // `Debug` is the shortest text that reads back as the same number, with an exponent where that is shorter.
        writer.element(VALUE, &format!("{:?}", self.value()));
        write_text(writer, UNIT, self.unit());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let subject = required(element, "subject", str::parse)?;
        let name = required(element, "name", AttributeName::new)?;
        let as_of = required(element, "asOf", read_instant)?;
        let value = element.required(VALUE)?;
        let number = value.check(number(value.text().trim_ascii()))?;
        let unit = required_text(element, UNIT)?;
        element.check(Self::new(subject, name, number, &unit, as_of))
    }
}

fn number(text: &str) -> Result<f64, ValueError> {
    let has_digits_only = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let number = text.parse().ok().filter(|_| has_digits_only);
    number.ok_or_else(|| ValueError::new("metric", "must be a number such as `12.5` or `1.25e3`"))
}
