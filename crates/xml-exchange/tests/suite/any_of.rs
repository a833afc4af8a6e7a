//! Generators of every part of every document.

use chrono::{NaiveDate, NaiveTime};
use ecrm_xml_exchange::ubl::{
    Address, AddressCountry, AllowanceCharge, Amount, CodeValue, Contact, CustomerParty, Delivery, DeliveryLocation,
    DocumentReference, DocumentResponse, Heading, Identification, Item, LineItem, LineResponse, Measure, MonetaryTotal,
    OrderLine, OrderLineReference, OrderReference, Party, PartyLanguage, PartyLegalEntity, PartyTaxScheme, Period,
    Person, Price, Response, SupplierParty, TaxTotal,
};
use ecrm_xml_exchange::{Day, TimeOfDay, ciq, xcard};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// One line, with everything in it that has to be escaped.
pub(crate) fn token() -> impl Strategy<Value = String> + Clone {
    "[!-~äß€😀]([ -~äß€]{0,8}[!-~äß€])?"
}

/// Several lines and any white space.
fn text() -> impl Strategy<Value = String> {
    "[ -~äß€\t\n\r]{0,20}"
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..3)
}

fn tokens() -> impl Strategy<Value = Vec<String>> {
    vec(token(), 0..3)
}

pub(crate) fn day() -> impl Strategy<Value = Day> {
    let zone = prop_oneof![Just(""), Just("Z"), Just("+01:00"), Just("-05:30")];
    (0..60_000, zone).prop_map(|(days, zone)| {
        let date = NaiveDate::from_num_days_from_ce_opt(700_000 + days).unwrap();
        format!("{date}{zone}").parse().unwrap()
    })
}

pub(crate) fn time() -> impl Strategy<Value = TimeOfDay> {
    (0..86_400_u32, 0..1_000_000_000_u32).prop_map(|(second, nano)| {
        NaiveTime::from_num_seconds_from_midnight_opt(second, nano)
            .unwrap()
            .into()
    })
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0..12_u32).prop_map(|(number, scale)| Decimal::new(number, scale))
}

fn measure() -> BoxedStrategy<Measure> {
    (decimal(), of(token()))
        .prop_map(|(value, unit)| Measure::new(value, unit.as_deref()))
        .boxed()
}

fn amount() -> BoxedStrategy<Amount> {
    (decimal(), token())
        .prop_map(|(value, currency)| {
            let mut amount = Amount::default();
            (amount.value, amount.currency) = (value, currency);
            amount
        })
        .boxed()
}

fn identification() -> BoxedStrategy<Identification> {
    (token(), of(token()), of(token()))
        .prop_map(|(value, scheme, agency)| {
            let mut id = Identification::from(value.as_str());
            (id.scheme, id.agency) = (scheme, agency);
            id
        })
        .boxed()
}

pub(crate) fn code() -> BoxedStrategy<CodeValue> {
    (token(), of(token()), of(token()), of(token()))
        .prop_map(|(value, list, agency, name)| {
            let mut code = CodeValue::from(value.as_str());
            (code.list, code.agency, code.list_name) = (list, agency, name);
            code
        })
        .boxed()
}

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
        (of(token()), of(token()), of(token()), of(contact())),
    );
    parts
        .prop_map(|(first, last)| {
            let mut person = Person::default();
            (person.given, person.family, person.title, person.middle, person.suffix) = first;
            (person.job_title, person.gender, person.birth_date, person.contact) = last;
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
        (vec(delivery(), 0..2), vec(charge(), 0..2), of(price), item()),
    );
    parts
        .prop_map(|(first, second, last)| {
            let mut line = LineItem::default();
            let notes = first.0;
            (line.id, line.notes, line.status, line.quantity, line.amount) =
                (first.1, first.2, first.3, first.4, first.5);
            (line.minimum_backorder, line.maximum_backorder, line.backorder_allowed) = second;
            (line.deliveries, line.charges, line.price, line.item) = last;
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

pub(crate) fn despatch_line() -> BoxedStrategy<ecrm_xml_exchange::ubl::DespatchLine> {
    let parts = (
        (token(), texts(), of(code()), of(measure()), of(measure())),
        (texts(), of(measure()), texts(), of(measure())),
        (vec(order_line_reference(), 1..3), item()),
    );
    parts
        .prop_map(|(first, second, last)| {
            let mut line = ecrm_xml_exchange::ubl::DespatchLine::default();
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

fn typed() -> impl Strategy<Value = ciq::Typed> + Clone {
    (of(token()), token()).prop_map(|(kind, text)| ciq::Typed::new(kind.as_deref(), &text))
}

fn place() -> impl Strategy<Value = Vec<ciq::PlacePart>> {
    let part = prop_oneof![
        token().prop_map(ciq::PlacePart::Name),
        token().prop_map(ciq::PlacePart::Number)
    ];
    vec(part, 0..3)
}

fn ciq_address() -> BoxedStrategy<ciq::Address> {
    let parts = (
        (of(token()), tokens(), vec(typed(), 0..3), tokens(), tokens()),
        (place(), place(), tokens(), tokens()),
    );
    parts
        .prop_map(|(first, last)| {
            let mut address = ciq::Address::default();
            (
                address.kind,
                address.free_lines,
                address.countries,
                address.regions,
                address.localities,
            ) = first;
            (
                address.thoroughfare,
                address.premises,
                address.post_codes,
                address.delivery_points,
            ) = last;
            address
        })
        .boxed()
}

pub(crate) fn ciq_party() -> BoxedStrategy<ciq::Party> {
    let names = vec(vec(typed(), 0..3), 0..3);
    let name = (tokens(), names.clone(), names).prop_map(|(lines, persons, organisations)| {
        let mut name = ciq::PartyName::default();
        (name.lines, name.persons, name.organisations) = (lines, persons, organisations);
        name
    });
    let number = (of(token()), vec(typed(), 0..3)).prop_map(|(media, elements)| {
        let mut number = ciq::ContactNumber::default();
        (number.media, number.elements) = (media, elements);
        number
    });
    let identifier = (of(token()), vec(typed(), 0..3), vec(typed(), 0..2)).prop_map(|parts| {
        let mut identifier = ciq::PartyIdentifier::default();
        (identifier.kind, identifier.elements, identifier.issuer) = parts;
        identifier
    });
    let parts = (
        (
            of(token()),
            of(token()),
            of(token()),
            of(name),
            vec(ciq_address(), 0..3),
        ),
        (vec(number, 0..3), vec(typed(), 0..3), vec(identifier, 0..3)),
        (of(token()), of(token()), vec(typed(), 0..3), vec(typed(), 0..3)),
    );
    parts
        .prop_map(|(first, second, last)| {
            let mut party = ciq::Party::default();
            (party.id, party.id_type, party.kind, party.name, party.addresses) = first;
            (party.contact_numbers, party.electronic_addresses, party.identifiers) = second;
            (party.gender, party.birth, party.languages, party.preferences) = last;
            party
        })
        .boxed()
}

fn property<T: std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = xcard::Property<T>> {
    (of(1..=100_u8), tokens(), value).prop_map(|(preference, types, value)| {
        let mut property = xcard::Property::from(value);
        property.parameters.preference = preference.map(|number| number.to_string());
        property.parameters.types = types;
        property
    })
}

pub(crate) fn card() -> BoxedStrategy<xcard::Card> {
    let name = (tokens(), tokens(), tokens(), tokens(), tokens()).prop_map(|parts| {
        let mut name = xcard::StructuredName::default();
        (name.surnames, name.given, name.additional, name.prefixes, name.suffixes) = parts;
        name
    });
    let gender = (token(), of(token())).prop_map(|(sex, identity)| {
        let mut gender = xcard::Gender::default();
        (gender.sex, gender.identity) = (sex, identity);
        gender
    });
    let address = (tokens(), tokens(), tokens(), tokens(), tokens(), tokens(), tokens()).prop_map(|parts| {
        let mut address = xcard::CardAddress::default();
        (
            address.post_boxes,
            address.extensions,
            address.streets,
            address.localities,
            address.regions,
            address.postal_codes,
            address.countries,
        ) = parts;
        address
    });
    let phone = prop_oneof![
        token().prop_map(xcard::PhoneValue::Text),
        token().prop_map(xcard::PhoneValue::Uri)
    ];
    let parts = (
        (
            of(token()),
            of(token()),
            of(token()),
            vec(property(token()), 0..3),
            of(name),
        ),
        (
            of(token()),
            of(gender),
            vec(property(address), 0..3),
            vec(property(phone), 0..3),
        ),
        (vec(property(token()), 0..3), vec(property(token()), 0..3)),
        (
            vec(property(vec(token(), 1..3)), 0..2),
            vec(property(vec(token(), 1..3)), 0..2),
        ),
    );
    parts
        .prop_map(|(first, second, third, last)| {
            let mut card = xcard::Card::default();
            (card.uid, card.rev, card.kind, card.full_names, card.name) = first;
            (card.birthday, card.gender, card.addresses, card.phones) = second;
            (card.emails, card.languages) = third;
            (card.organisations, card.categories) = last;
            card
        })
        .boxed()
}
