//! Activities: what happened, between whom, and how the shop knows.

use ecrm_core::{Activity, Cart, Channel, Code, Contact, Direction, Event, Order, OrderProgress, Return, Visit, Wish};

use super::parts::{choice, own};
use super::provenance::{read_provenance, write_provenance};
use crate::values::{
    optional, optional_text, read_reference, read_subject, required, write_attribute, write_optional,
    write_optional_text, write_reference, write_subject,
};
use crate::{Element, ErrorCode, Name, WriteError, Writer, XmlError, XmlForm};

const REFERENCE: Name<'static> = own("reference");
const RETRACTED: Name<'static> = own("retracted");
const TOPIC: Name<'static> = own("topic");

impl XmlForm for Activity {
    const NAME: Name<'static> = own("activity");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "id", self.id());
        write_subject(writer, self.subject());
        write_optional(writer, "corrects", self.corrects());
        write_provenance(writer, self.valid_at(), self.recorded_at(), self.source());
        write_event(writer, self.event());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let id = required(element, "id", str::parse)?;
        let subject = read_subject(element)?;
        let (valid_at, recorded_at, source) = read_provenance(element)?;
        let event = choice(element, read_event)?
            .ok_or_else(|| element.error(ErrorCode::Missing, "nothing in it says what happened"))?;
        let activity = Self::new(id, subject, valid_at, recorded_at, source, event);
        Ok(match optional(element, "corrects", str::parse)? {
            Some(earlier) => activity.correcting(earlier),
            None => activity,
        })
    }
}

fn write_event(writer: &mut Writer<'_>, event: &Event) {
    match event {
        Event::Cart(cart) => cart.write(writer),
        Event::Contact(contact) => contact.write(writer),
        Event::Order(order) => order.write(writer),
        Event::OrderStatus(progress) => progress.write(writer),
        Event::Retracted => writer.within(RETRACTED, |_| {}),
        Event::Return(returned) => returned.write(writer),
        Event::Visit(visit) => visit.write(writer),
        Event::Wish(wish) => wish.write(writer),
        _ => writer.fail(WriteError::Structure(
            "an activity of a kind that this format has no element for cannot be written",
        )),
    }
}

fn read_event(name: &str, element: &Element<'_>) -> Option<Result<Event, XmlError>> {
    Some(match Name::new(super::NAMESPACE, name) {
        Cart::NAME => Cart::read(element).map(Event::Cart),
        Contact::NAME => Contact::read(element).map(Event::Contact),
        Order::NAME => Order::read(element).map(Event::Order),
        OrderProgress::NAME => OrderProgress::read(element).map(Event::OrderStatus),
        RETRACTED => Ok(Event::Retracted),
        Return::NAME => Return::read(element).map(Event::Return),
        Visit::NAME => Visit::read(element).map(Event::Visit),
        Wish::NAME => Wish::read(element).map(Event::Wish),
        _ => return None,
    })
}

impl XmlForm for Contact {
    /// Not `contact`: that is what people are called and where they are reached.
    const NAME: Name<'static> = own("interaction");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "channel", self.channel().code());
        write_attribute(writer, "direction", self.direction().code());
        write_optional_text(writer, TOPIC, self.topic());
        if let Some(reference) = self.reference() {
            write_reference(writer, REFERENCE, reference);
        }
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let channel = required(element, "channel", Channel::from_code)?;
        let direction = required(element, "direction", Direction::from_code)?;
        let mut contact = Self::new(channel, direction);
        if let Some(topic) = optional_text(element, TOPIC)? {
            contact = contact.about(topic);
        }
        if let Some(reference) = element.optional(REFERENCE)? {
            contact = contact.with_reference(read_reference(&reference)?);
        }
        Ok(contact)
    }
}
