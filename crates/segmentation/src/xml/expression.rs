//! The values of a customer.

use ecrm_core::{AttributeName, Channel, Code, Purpose};
use ecrm_xml::values::{required, write_attribute};
use ecrm_xml::{Element, Writer, XmlError};
use rust_decimal::Decimal;

use super::value::word;
use super::{children, criteria, events, only_child, own, unknown};
use crate::criteria::{Aggregate, Edge, Expression, Field, Function, ProfileField, Weighted};

pub(super) fn write(expression: &Expression, writer: &mut Writer<'_>) {
    match expression {
        Expression::Profile(field) => {
            writer.start(own("profile"));
            write_attribute(writer, "field", field.word());
        }
        Expression::Attribute(name) => {
            writer.start(own("attribute"));
            write_attribute(writer, "name", name.as_str());
        }
        Expression::Metric(name) => {
            writer.start(own("metric"));
            write_attribute(writer, "name", name.as_str());
        }
        Expression::Consent { purpose, channel } => purpose_and_channel("consent", *purpose, *channel, writer),
        Expression::Reachable { purpose, channel } => purpose_and_channel("reachable", *purpose, *channel, writer),
        Expression::Count(of) => {
            writer.start(own("count"));
            events::write(of, writer);
        }
        Expression::Aggregate(aggregate) => {
            writer.start(own("aggregate"));
            write_attribute(writer, "function", aggregate.function.word());
            write_attribute(writer, "field", aggregate.field.word());
            events::write(&aggregate.of, writer);
        }
        Expression::DaysSince { edge, of } => {
            writer.start(own("daysSince"));
            write_attribute(writer, "edge", edge.word());
            events::write(of, writer);
        }
        Expression::Distance { latitude, longitude } => {
            writer.start(own("distance"));
            write_attribute(writer, "latitude", latitude.normalize());
            write_attribute(writer, "longitude", longitude.normalize());
        }
        Expression::Score(parts) => {
            writer.start(own("score"));
            for part in parts {
                writer.start(own("if"));
                write_attribute(writer, "points", part.points.normalize());
                criteria::write(&part.when, writer);
                writer.end();
            }
        }
    }
    writer.end();
}

fn purpose_and_channel(name: &str, purpose: Purpose, channel: Channel, writer: &mut Writer<'_>) {
    writer.start(own(name));
    write_attribute(writer, "purpose", purpose.code());
    write_attribute(writer, "channel", channel.code());
}

pub(super) fn read(element: &Element<'_>, depth: usize) -> Result<Expression, XmlError> {
    let of = || events::read(&only_child(element, "events")?, depth);
    let decimal = |name| required(element, name, str::parse::<Decimal>).map(|number| number.normalize());
    Ok(match element.name().local {
        "profile" => Expression::Profile(required(element, "field", word::<ProfileField>)?),
        "attribute" => Expression::Attribute(required(element, "name", AttributeName::new)?),
        "metric" => Expression::Metric(required(element, "name", AttributeName::new)?),
        "consent" => Expression::Consent {
            purpose: required(element, "purpose", Purpose::from_code)?,
            channel: required(element, "channel", Channel::from_code)?,
        },
        "reachable" => Expression::Reachable {
            purpose: required(element, "purpose", Purpose::from_code)?,
            channel: required(element, "channel", Channel::from_code)?,
        },
        "count" => Expression::Count(of()?),
        "aggregate" => Expression::Aggregate(Aggregate {
            function: required(element, "function", word::<Function>)?,
            field: required(element, "field", word::<Field>)?,
            of: of()?,
        }),
        "daysSince" => Expression::DaysSince {
            edge: required(element, "edge", word::<Edge>)?,
            of: of()?,
        },
        "distance" => Expression::Distance {
            latitude: decimal("latitude")?,
            longitude: decimal("longitude")?,
        },
        "score" => {
            let part = |part: &Element<'_>| {
                Ok(Weighted {
                    points: required(part, "points", str::parse::<Decimal>)?.normalize(),
                    when: criteria::read(&only_child(part, "a criterion")?, depth + 1)?,
                })
            };
            let parts = children(element);
            Expression::Score(parts.iter().map(part).collect::<Result<_, XmlError>>()?)
        }
        _ => return Err(unknown(element, "a value")),
    })
}
