//! Generators of the parts of UBL.

use ecrm_xml_exchange::ubl::{
    Address, AddressCountry, AllowanceCharge, Contact, CustomerParty, Delivery, DeliveryLocation, DespatchLine,
    DocumentReference, DocumentResponse, Heading, Item, LineItem, LineResponse, MonetaryTotal, OrderLine,
    OrderLineReference, OrderReference, Party, PartyLanguage, PartyLegalEntity, PartyTaxScheme, Period, Person, Price,
    Response, SupplierParty, TaxTotal,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::values::{amount, code, day, identification, measure, texts, time, token, tokens};

pub(crate) fn heading() -> BoxedStrategy<Heading> {
    let first = (of(token()), of(identification()), of(identification()), token());
    (first, of(token()), day(), of(time()), texts())
        .prop_map(|(first, uuid, date, time, notes)| {
            let mut heading = Heading::new(&first.3, date);
            (heading.ubl_version, heading.customization, heading.profile) = (first.0, first.1, first.2);
            (heading.uuid, heading.issue_time, heading.notes) = (uuid, time, notes);
            heading
        })
        .boxed()
}

fn address() -> BoxedStrategy<Address> {
    let country = (of(token()), of(token())).prop_map(|(code, name)| {
        let mut country = AddressCountry::default();
        (country.code, country.name) = (code, name);
        country
    });
    let parts = (
        (of(identification()), of(token()), of(token()), of(token())),
        (of(token()), of(token()), of(token()), of(token())),
        (of(token()), of(token()), of(token()), of(token())),
        (tokens(), of(country)),
    );
    parts
        .prop_map(|(first, second, third, last)| {
            let mut address = Address::default();
            (address.id, address.postbox, address.floor, address.room) = first;
            (
                address.street,
                address.additional_street,
                address.building_name,
                address.building_number,
            ) = second;
            (address.department, address.city, address.postal_zone, address.region) = third;
            (address.lines, address.country) = last;
            address
        })
        .boxed()
}

fn contact() -> BoxedStrategy<Contact> {
    (of(token()), of(token()), of(token()), of(token()))
        .prop_map(|parts| {
            let mut contact = Contact::default();
            (contact.name, contact.telephone, contact.telefax, contact.email) = parts;
            contact
        })
        .boxed()
}

fn person() -> BoxedStrategy<Person> {
    let parts = (
        (of(token()), of(token()), of(token()), of(token()), of(token())),
        (of(token()), of(token()), of(day()), of(contact())),
    );
    parts
        .prop_map(|(first, last)| {
            let mut person = Person::default();
            (person.given, person.family, person.title, person.middle, person.suffix) = first;
            let birth = last.2.map(|day| day.to_string());
            (person.job_title, person.gender, person.birth_date, person.contact) = (last.0, last.1, birth, last.3);
            person
        })
        .boxed()
}

pub(crate) fn party() -> BoxedStrategy<Party> {
    let language = (of(token()), of(token()), of(token())).prop_map(|parts| {
        let mut language = PartyLanguage::default();
        (language.id, language.name, language.locale) = parts;
        language
    });
    let tax = (of(token()), of(identification()), of(identification())).prop_map(|parts| {
        let mut tax = PartyTaxScheme::default();
        (tax.registration_name, tax.company, tax.scheme) = parts;
        tax
    });
    let legal = (of(token()), of(identification())).prop_map(|parts| {
        let mut legal = PartyLegalEntity::default();
        (legal.registration_name, legal.company) = parts;
        legal
    });
    let parts = (
        (
            of(token()),
            of(identification()),
            vec(identification(), 0..3),
            tokens(),
            of(language),
        ),
        (
            of(address()),
            vec(tax, 0..2),
            vec(legal, 0..2),
            of(contact()),
            vec(person(), 0..3),
        ),
    );
    parts
        .prop_map(|(first, last)| {
            let mut party = Party::default();
            (
                party.website,
                party.endpoint,
                party.identifications,
                party.names,
                party.language,
            ) = first;
            (
                party.address,
                party.tax_schemes,
                party.legal_entities,
                party.contact,
                party.persons,
            ) = last;
            party
        })
        .boxed()
}

pub(crate) fn customer() -> BoxedStrategy<CustomerParty> {
    let parts = (
        of(token()),
        of(token()),
        tokens(),
        of(party()),
        of(contact()),
        of(contact()),
    );
    parts
        .prop_map(|(own, number, additional, party, delivery, buyer)| {
            let mut customer = CustomerParty::new(number.as_deref(), party);
            (customer.customer_number, customer.additional_numbers) = (own, additional);
            (customer.delivery_contact, customer.buyer_contact) = (delivery, buyer);
            customer
        })
        .boxed()
}

pub(crate) fn supplier() -> BoxedStrategy<SupplierParty> {
    (of(token()), tokens(), of(party()), of(contact()), of(contact()))
        .prop_map(|parts| {
            let mut supplier = SupplierParty::default();
            (
                supplier.customer_number,
                supplier.additional_numbers,
                supplier.party,
                supplier.despatch_contact,
                supplier.seller_contact,
            ) = parts;
            supplier
        })
        .boxed()
}

fn period() -> BoxedStrategy<Period> {
    (of(day()), of(day()))
        .prop_map(|(start, end)| {
            let mut period = Period::default();
            (period.start, period.end) = (start, end);
            period
        })
        .boxed()
}

pub(crate) fn delivery() -> BoxedStrategy<Delivery> {
    let location = (of(token()), of(address())).prop_map(|(id, address)| {
        let mut location = DeliveryLocation::default();
        (location.id, location.address) = (id, address);
        location
    });
    let parts = (
        (of(token()), of(measure()), of(token()), of(address()), of(location)),
        (of(period()), of(period()), of(period()), of(party())),
    );
    parts
        .prop_map(|(first, last)| {
            let mut delivery = Delivery::default();
            (
                delivery.id,
                delivery.quantity,
                delivery.tracking,
                delivery.address,
                delivery.location,
            ) = first;
            (
                delivery.requested,
                delivery.promised,
                delivery.estimated,
                delivery.party,
            ) = last;
            delivery
        })
        .boxed()
}

pub(crate) fn charge() -> BoxedStrategy<AllowanceCharge> {
    (any::<bool>(), of(token()), texts(), amount())
        .prop_map(|parts| {
            let mut charge = AllowanceCharge::default();
            (charge.is_charge, charge.reason_code, charge.reasons, charge.amount) = parts;
            charge
        })
        .boxed()
}

pub(crate) fn tax() -> BoxedStrategy<TaxTotal> {
    (amount(), of(any::<bool>()))
        .prop_map(|parts| {
            let mut tax = TaxTotal::default();
            (tax.amount, tax.is_included) = parts;
            tax
        })
        .boxed()
}

pub(crate) fn total() -> BoxedStrategy<MonetaryTotal> {
    let parts = (
        (of(amount()), of(amount()), of(amount()), of(amount())),
        (of(amount()), of(amount()), of(amount()), amount()),
    );
    parts
        .prop_map(|(first, last)| {
            let mut total = MonetaryTotal::default();
            (total.lines, total.without_tax, total.with_tax, total.allowances) = first;
            (total.charges, total.prepaid, total.rounding, total.payable) = last;
            total
        })
        .boxed()
}

pub(crate) fn item() -> BoxedStrategy<Item> {
    let parts = (
        (texts(), of(token()), tokens()),
        (of(identification()), of(identification()), of(identification())),
    );
    parts
        .prop_map(|(first, last)| {
            let mut item = Item::default();
            (item.descriptions, item.name, item.brands) = first;
            (item.buyers_id, item.sellers_id, item.standard_id) = last;
            item
        })
        .boxed()
}

pub(crate) fn order_line() -> BoxedStrategy<OrderLine> {
    let price = (amount(), of(measure())).prop_map(|(amount, base)| {
        let mut price = Price::from(amount);
        price.base_quantity = base;
        price
    });
    let parts = (
        (texts(), token(), texts(), of(code()), of(measure()), of(amount())),
        (of(measure()), of(measure()), of(any::<bool>())),
        (
            vec(delivery(), 0..2),
            vec(charge(), 0..2),
            of(price),
            item(),
            vec(tax(), 0..2),
        ),
    );
    parts
        .prop_map(|(first, second, last)| {
            let mut line = LineItem::default();
            let notes = first.0;
            (line.id, line.notes, line.status, line.quantity, line.amount) =
                (first.1, first.2, first.3, first.4, first.5);
            (line.minimum_backorder, line.maximum_backorder, line.backorder_allowed) = second;
            (line.deliveries, line.charges, line.price, line.item, line.taxes) = last;
            let mut line = OrderLine::from(line);
            line.notes = notes;
            line
        })
        .boxed()
}

pub(crate) fn order_reference() -> BoxedStrategy<OrderReference> {
    (token(), of(token()), of(token()), of(day()), of(token()))
        .prop_map(|parts| {
            let mut order = OrderReference::default();
            (
                order.id,
                order.sales_order_id,
                order.uuid,
                order.issue_date,
                order.customer_reference,
            ) = parts;
            order
        })
        .boxed()
}

pub(crate) fn order_line_reference() -> BoxedStrategy<OrderLineReference> {
    (token(), of(token()), of(order_reference()))
        .prop_map(|parts| {
            let mut line = OrderLineReference::default();
            (line.line_id, line.sales_order_line_id, line.order) = parts;
            line
        })
        .boxed()
}

pub(crate) fn document_response() -> BoxedStrategy<DocumentResponse> {
    let document = (token(), of(token()), of(day()), of(token()), of(token())).prop_map(|parts| {
        let mut document = DocumentReference::default();
        (
            document.id,
            document.uuid,
            document.issue_date,
            document.type_code,
            document.document_type,
        ) = parts;
        document
    });
    let line = (token(), vec(response(), 1..3)).prop_map(|(id, responses)| {
        let mut line = LineResponse::new(&id, Response::received());
        line.responses = responses;
        line
    });
    (response(), vec(document, 1..3), vec(line, 0..3))
        .prop_map(|parts| {
            let mut response = DocumentResponse::default();
            (response.response, response.documents, response.lines) = parts;
            response
        })
        .boxed()
}

fn response() -> BoxedStrategy<Response> {
    (of(token()), of(code()), texts(), of(day()))
        .prop_map(|parts| {
            let mut response = Response::default();
            (
                response.reference,
                response.code,
                response.descriptions,
                response.effective_date,
            ) = parts;
            response
        })
        .boxed()
}

pub(crate) fn despatch_line() -> BoxedStrategy<DespatchLine> {
    let parts = (
        (token(), texts(), of(code()), of(measure()), of(measure())),
        (texts(), of(measure()), texts(), of(measure())),
        (vec(order_line_reference(), 1..3), item()),
    );
    parts
        .prop_map(|(first, second, last)| {
            let mut line = DespatchLine::default();
            (line.id, line.notes, line.status, line.delivered, line.backorder) = first;
            (
                line.backorder_reasons,
                line.outstanding,
                line.outstanding_reasons,
                line.oversupply,
            ) = second;
            (line.order_lines, line.item) = last;
            line
        })
        .boxed()
}
