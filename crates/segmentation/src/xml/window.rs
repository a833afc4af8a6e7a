//! Windows of time.

use ecrm_xml::values::{optional, read_instant, required, write_attribute, write_instant, write_optional};
use ecrm_xml::{Element, Writer, XmlError};

use super::value::{duration, read_duration, word};
use super::{own, unknown};
use crate::criteria::{CalendarUnit, Window};

pub(super) fn write(window: &Window, writer: &mut Writer<'_>) {
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

pub(super) fn read(element: &Element<'_>) -> Result<Window, XmlError> {
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
