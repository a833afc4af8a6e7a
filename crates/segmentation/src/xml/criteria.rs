//! The nodes of the tree.

use ecrm_xml::values::{optional, required, write_attribute, write_optional, write_text};
use ecrm_xml::{Element, ErrorCode, Writer, XmlError};
use rust_decimal::Decimal;

use super::{children, events, expression, only_child, own, test, unknown, value, window};
use crate::criteria::{Criteria, DEPTH, Name, Step};

pub(super) fn write(criteria: &Criteria, writer: &mut Writer<'_>) {
    match criteria {
        Criteria::All(parts) => writer.within(own("all"), |writer| parts.iter().for_each(|part| write(part, writer))),
        Criteria::Any(parts) => writer.within(own("any"), |writer| parts.iter().for_each(|part| write(part, writer))),
        Criteria::Not(part) => writer.within(own("not"), |writer| write(part, writer)),
        Criteria::Is { value, test } => writer.within(own("is"), |writer| {
            expression::write(value, writer);
            test::write(test, writer);
        }),
        Criteria::Stopped { events, silent_for } => {
            writer.start(own("stopped"));
            write_attribute(writer, "silentFor", value::duration(*silent_for));
            events::write(events, writer);
            writer.end();
        }
        Criteria::Restarted { events, pause, within } => {
            writer.start(own("restarted"));
            write_attribute(writer, "pause", value::duration(*pause));
            write_attribute(writer, "within", value::duration(*within));
            events::write(events, writer);
            writer.end();
        }
        Criteria::Regularly {
            events,
            at_least,
            of,
            period,
        } => {
            writer.start(own("regularly"));
            write_attribute(writer, "atLeast", at_least);
            write_attribute(writer, "of", of);
            write_attribute(writer, "period", value::duration(*period));
            events::write(events, writer);
            writer.end();
        }
        Criteria::Sequence { first, then, window } => writer.within(own("sequence"), |writer| {
            writer.within(own("first"), |writer| events::write(first, writer));
            then.iter().for_each(|step| write_step(step, writer));
            window.iter().for_each(|window| window::write(window, writer));
        }),
        Criteria::InSegment(name) => write_text(writer, own("inSegment"), name.as_str()),
        Criteria::InList(name) => write_text(writer, own("inList"), name.as_str()),
        Criteria::Sample { percent, seed } => {
            writer.start(own("sample"));
            write_attribute(writer, "percent", percent.normalize());
            write_text(writer, own("seed"), seed);
            writer.end();
        }
    }
}

fn write_step(step: &Step, writer: &mut Writer<'_>) {
    writer.start(own("then"));
    write_optional(writer, "within", step.within.map(value::duration));
    events::write(&step.events, writer);
    if let Some(without) = &step.without {
        writer.within(own("without"), |writer| events::write(without, writer));
    }
    writer.end();
}

pub(super) fn read(element: &Element<'_>, depth: usize) -> Result<Criteria, XmlError> {
    if depth == DEPTH {
        return Err(element.error(ErrorCode::Limit, "more than 100 levels within each other"));
    }
    let all =
        || -> Result<Vec<Criteria>, XmlError> { children(element).iter().map(|part| read(part, depth + 1)).collect() };
    let events = || events::read(&only_child(element, "events")?, depth);
    Ok(match element.name().local {
        "all" => Criteria::All(all()?),
        "any" => Criteria::Any(all()?),
        "not" => Criteria::Not(Box::new(read(&only_child(element, "a criterion")?, depth + 1)?)),
        "is" => match &children(element)[..] {
            [found, wanted] => Criteria::Is {
                value: expression::read(found, depth)?,
                test: test::read(wanted)?,
            },
            _ => return Err(element.error(ErrorCode::Missing, "must hold a value and a test")),
        },
        "stopped" => Criteria::Stopped {
            silent_for: required(element, "silentFor", value::read_duration)?,
            events: events()?,
        },
        "restarted" => Criteria::Restarted {
            pause: required(element, "pause", value::read_duration)?,
            within: required(element, "within", value::read_duration)?,
            events: events()?,
        },
        "regularly" => Criteria::Regularly {
            at_least: required(element, "atLeast", str::parse)?,
            of: required(element, "of", str::parse)?,
            period: required(element, "period", value::read_duration)?,
            events: events()?,
        },
        "sequence" => sequence(element, depth)?,
        "inSegment" => Criteria::InSegment(name(element)?),
        "inList" => Criteria::InList(name(element)?),
        "sample" => Criteria::Sample {
            percent: required(element, "percent", str::parse::<Decimal>)?.normalize(),
            seed: ecrm_xml::values::required_text(element, own("seed"))?.into_owned(),
        },
        _ => return Err(unknown(element, "a criterion")),
    })
}

fn sequence(element: &Element<'_>, depth: usize) -> Result<Criteria, XmlError> {
    let (mut first, mut then, mut window) = (None, Vec::new(), None);
    for child in children(element) {
        match child.name().local {
            "first" if first.is_none() => first = Some(events::read(&only_child(&child, "events")?, depth)?),
            "then" => then.push(step(&child, depth)?),
            _ if window.is_none() => window = Some(window::read(&child)?),
            _ => return Err(unknown(&child, "a part of a sequence")),
        }
    }
    let first = first.ok_or_else(|| element.error(ErrorCode::Missing, "must begin with `first`"))?;
    Ok(Criteria::Sequence { first, then, window })
}

fn step(element: &Element<'_>, depth: usize) -> Result<Step, XmlError> {
    let within = optional(element, "within", value::read_duration)?;
    let (events, without) = match &children(element)[..] {
        [events] => (events::read(events, depth)?, None),
        [events, without] if without.name().local == "without" => (
            events::read(events, depth)?,
            Some(events::read(&only_child(without, "events")?, depth)?),
        ),
        _ => return Err(element.error(ErrorCode::Missing, "must hold events, and may hold `without`")),
    };
    Ok(Step {
        events,
        within,
        without,
    })
}

fn name(element: &Element<'_>) -> Result<Name, XmlError> {
    element.check(Name::new(&ecrm_xml::values::read_text(element)?))
}
