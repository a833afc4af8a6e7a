//! Events, their filters and their windows.

use ecrm_xml::values::{optional, read_instant, required, write_attribute, write_instant, write_optional};
use ecrm_xml::{Element, ErrorCode, Writer, XmlError};

use super::value::{duration, read_duration, word};
use super::{children, only_child, own, test, unknown};
use crate::criteria::{CalendarUnit, DEPTH, EventSet, Events, Field, Filter, Window};

pub(super) fn write(events: &Events, writer: &mut Writer<'_>) {
    writer.start(own("events"));
    write_attribute(writer, "set", events.set().word());
    if let Some(filter) = events.filter() {
        writer.within(own("where"), |writer| write_filter(filter, writer));
    }
    events
        .window()
        .into_iter()
        .for_each(|window| write_window(window, writer));
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
            _ if events.window().is_none() => events = events.during(read_window(&child)?),
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

pub(super) fn write_window(window: &Window, writer: &mut Writer<'_>) {
    match window {
        Window::Last(span) => {
            writer.start(own("last"));
            write_attribute(writer, "span", duration(*span));
        }
        Window::Next(span) => {
            writer.start(own("next"));
            write_attribute(writer, "span", duration(*span));
        }
        Window::This(unit) => {
            writer.start(own("this"));
            write_attribute(writer, "unit", unit.word());
        }
        Window::Previous { count, unit } => {
            writer.start(own("previous"));
            write_attribute(writer, "count", count);
            write_attribute(writer, "unit", unit.word());
        }
        Window::Fixed { from, to } => {
            writer.start(own("fixed"));
            write_optional(writer, "from", from.map(write_instant));
            write_optional(writer, "to", to.map(write_instant));
        }
    }
    writer.end();
}

pub(super) fn read_window(element: &Element<'_>) -> Result<Window, XmlError> {
    Ok(match element.name().local {
        "last" => Window::Last(required(element, "span", read_duration)?),
        "next" => Window::Next(required(element, "span", read_duration)?),
        "this" => Window::This(required(element, "unit", word::<CalendarUnit>)?),
        "previous" => Window::Previous {
            count: required(element, "count", str::parse)?,
            unit: required(element, "unit", word::<CalendarUnit>)?,
        },
        "fixed" => Window::Fixed {
            from: optional(element, "from", read_instant)?,
            to: optional(element, "to", read_instant)?,
        },
        _ => return Err(unknown(element, "a window")),
    })
}
