//! Comparisons.

use chrono::NaiveDate;
use ecrm_xml::values::{
    optional, read_date, read_text, required, write_attribute, write_date, write_optional, write_text,
};
use ecrm_xml::{Element, ErrorCode, Writer, XmlError};

use super::value::{duration, read_duration};
use super::{children, only_child, own, unknown, value, window};
use crate::criteria::{Test, Value};

pub(super) fn write(test: &Test, writer: &mut Writer<'_>) {
    let name = own(name(test));
    match test {
        Test::Equals(one)
        | Test::Differs(one)
        | Test::Less(one)
        | Test::AtMost(one)
        | Test::Greater(one)
        | Test::AtLeast(one) => writer.within(name, |writer| value::write(one, writer)),
        Test::Between(low, high) | Test::NotBetween(low, high) => writer.within(name, |writer| {
            value::write(low, writer);
            value::write(high, writer);
        }),
        Test::OneOf(values)
        | Test::NoneOf(values)
        | Test::HasAll(values)
        | Test::HasAny(values)
        | Test::HasNone(values) => {
            writer.within(name, |writer| values.iter().for_each(|one| value::write(one, writer)));
        }
        Test::Missing | Test::Present => writer.within(name, |_| ()),
        Test::Contains(text)
        | Test::NotContains(text)
        | Test::StartsWith(text)
        | Test::NotStartsWith(text)
        | Test::EndsWith(text)
        | Test::NotEndsWith(text)
        | Test::Matches(text)
        | Test::NotMatches(text) => write_text(writer, name, text),
        Test::OnDay(day) | Test::NotOnDay(day) => {
            writer.start(name);
            write_attribute(writer, "date", write_date(*day));
            writer.end();
        }
        Test::Within(window) | Test::NotWithin(window) => {
            writer.within(name, |writer| window::write(window, writer));
        }
        Test::Anniversary(span) => {
            writer.start(name);
            write_optional(writer, "within", span.map(duration));
            writer.end();
        }
    }
}

fn name(test: &Test) -> &'static str {
    match test {
        Test::Equals(_) => "equals",
        Test::Differs(_) => "differs",
        Test::Less(_) => "less",
        Test::AtMost(_) => "atMost",
        Test::Greater(_) => "greater",
        Test::AtLeast(_) => "atLeast",
        Test::Between(..) => "between",
        Test::NotBetween(..) => "notBetween",
        Test::OneOf(_) => "oneOf",
        Test::NoneOf(_) => "noneOf",
        Test::Missing => "missing",
        Test::Present => "present",
        Test::Contains(_) => "contains",
        Test::NotContains(_) => "notContains",
        Test::StartsWith(_) => "startsWith",
        Test::NotStartsWith(_) => "notStartsWith",
        Test::EndsWith(_) => "endsWith",
        Test::NotEndsWith(_) => "notEndsWith",
        Test::Matches(_) => "matches",
        Test::NotMatches(_) => "notMatches",
        Test::OnDay(_) => "onDay",
        Test::NotOnDay(_) => "notOnDay",
        Test::Within(_) => "within",
        Test::NotWithin(_) => "notWithin",
        Test::Anniversary(_) => "anniversary",
        Test::HasAll(_) => "hasAll",
        Test::HasAny(_) => "hasAny",
        Test::HasNone(_) => "hasNone",
    }
}

pub(super) fn read(element: &Element<'_>) -> Result<Test, XmlError> {
    let one = || value::read(&only_child(element, "a value")?);
    let many = || {
        children(element)
            .iter()
            .map(value::read)
            .collect::<Result<Vec<Value>, _>>()
    };
    let two = || match &children(element)[..] {
        [low, high] => Ok((value::read(low)?, value::read(high)?)),
        _ => Err(element.error(ErrorCode::Missing, "must hold two values")),
    };
    let text = || Ok::<_, XmlError>(read_text(element)?.into_owned());
    let day = || required::<NaiveDate, _>(element, "date", read_date);
    let window = || window::read(&only_child(element, "a window")?);
    Ok(match element.name().local {
        "equals" => Test::Equals(one()?),
        "differs" => Test::Differs(one()?),
        "less" => Test::Less(one()?),
        "atMost" => Test::AtMost(one()?),
        "greater" => Test::Greater(one()?),
        "atLeast" => Test::AtLeast(one()?),
        "between" => two().map(|(low, high)| Test::Between(low, high))?,
        "notBetween" => two().map(|(low, high)| Test::NotBetween(low, high))?,
        "oneOf" => Test::OneOf(many()?),
        "noneOf" => Test::NoneOf(many()?),
        "missing" => Test::Missing,
        "present" => Test::Present,
        "contains" => Test::Contains(text()?),
        "notContains" => Test::NotContains(text()?),
        "startsWith" => Test::StartsWith(text()?),
        "notStartsWith" => Test::NotStartsWith(text()?),
        "endsWith" => Test::EndsWith(text()?),
        "notEndsWith" => Test::NotEndsWith(text()?),
        "matches" => Test::Matches(text()?),
        "notMatches" => Test::NotMatches(text()?),
        "onDay" => Test::OnDay(day()?),
        "notOnDay" => Test::NotOnDay(day()?),
        "within" => Test::Within(window()?),
        "notWithin" => Test::NotWithin(window()?),
        "anniversary" => Test::Anniversary(optional(element, "within", read_duration)?),
        "hasAll" => Test::HasAll(many()?),
        "hasAny" => Test::HasAny(many()?),
        "hasNone" => Test::HasNone(many()?),
        _ => return Err(unknown(element, "a test")),
    })
}
