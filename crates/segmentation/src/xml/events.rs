//! Events and their filters.

use ecrm_xml::values::{required, write_attribute};
use ecrm_xml::{Element, ErrorCode, Writer, XmlError};

use super::value::word;
use super::{children, only_child, own, test, unknown, window};
use crate::criteria::{DEPTH, EventSet, Events, Field, Filter};

pub(super) fn write(events: &Events, writer: &mut Writer<'_>) {
    writer.start(own("events"));
    write_attribute(writer, "set", events.set().word());
    if let Some(filter) = events.filter() {
        writer.within(own("where"), |writer| write_filter(filter, writer));
    }
    events
        .window()
        .into_iter()
        .for_each(|window| window::write(window, writer));
    writer.end();
}

pub(super) fn read(element: &Element<'_>, depth: usize) -> Result<Events, XmlError> {
    if element.name().local != "events" {
        return Err(unknown(element, "`events`"));
    }
    let mut events = Events::of(required(element, "set", word::<EventSet>)?);
    for child in children(element) {
        match child.name().local {
            "where" if events.filter().is_none() && events.window().is_none() => {
                events = events.filtered(read_filter(&only_child(&child, "a filter")?, depth)?);
            }
            _ if events.window().is_none() => events = events.during(window::read(&child)?),
            _ => {
                return Err(unknown(
                    &child,
                    "a part of events, which have at most one filter, then one window",
                ));
            }
        }
    }
    Ok(events)
}

fn write_filter(filter: &Filter, writer: &mut Writer<'_>) {
    let all = |parts: &[Filter], writer: &mut Writer<'_>| parts.iter().for_each(|part| write_filter(part, writer));
    match filter {
        Filter::All(parts) => writer.within(own("all"), |writer| all(parts, writer)),
        Filter::Any(parts) => writer.within(own("any"), |writer| all(parts, writer)),
        Filter::Not(part) => writer.within(own("not"), |writer| write_filter(part, writer)),
        Filter::Is { field, test } => {
            writer.start(own("field"));
            write_attribute(writer, "name", field.word());
            test::write(test, writer);
            writer.end();
        }
    }
}

fn read_filter(element: &Element<'_>, depth: usize) -> Result<Filter, XmlError> {
    if depth == DEPTH {
        return Err(element.error(ErrorCode::Limit, "more than 100 levels within each other"));
    }
    let all = || -> Result<Vec<Filter>, XmlError> {
        children(element)
            .iter()
            .map(|part| read_filter(part, depth + 1))
            .collect()
    };
    Ok(match element.name().local {
        "all" => Filter::All(all()?),
        "any" => Filter::Any(all()?),
        "not" => Filter::Not(Box::new(read_filter(&only_child(element, "a filter")?, depth + 1)?)),
        "field" => Filter::Is {
            field: required(element, "name", word::<Field>)?,
            test: test::read(&only_child(element, "a test")?)?,
        },
        _ => return Err(unknown(element, "a filter")),
    })
}
