//! Generators of the documents of UBL.

use ecrm_xml_exchange::ubl::{
    ApplicationResponse, DespatchAdvice, OrderCancellation, OrderReference, OrderResponse, OrderResponseSimple,
    PurchaseOrder, Shipment,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::parts::{
    charge, customer, delivery, despatch_line, document_response, heading, order_line, order_reference, party,
    supplier, tax, total,
};
use super::values::{code, day, texts, time, token};

pub(crate) fn order() -> BoxedStrategy<PurchaseOrder> {
    let parts = (
        (heading(), of(token()), of(token()), customer(), supplier()),
        (
            vec(delivery(), 0..2),
            vec(charge(), 0..2),
            vec(tax(), 0..2),
            of(total()),
        ),
        vec(order_line(), 1..3),
    );
    parts
        .prop_map(|(first, second, lines)| {
            let mut order = PurchaseOrder::new("", first.0.issue_date.clone(), lines);
            (
                order.heading,
                order.currency,
                order.customer_reference,
                order.buyer,
                order.seller,
            ) = first;
            (order.deliveries, order.charges, order.taxes, order.total) = second;
            order
        })
        .boxed()
}

pub(crate) fn order_response() -> BoxedStrategy<OrderResponse> {
    let parts = (
        (heading(), of(code()), of(token()), of(token())),
        (customer(), supplier(), vec(order_reference(), 1..3)),
        (vec(delivery(), 0..2), vec(order_line(), 0..3)),
    );
    parts
        .prop_map(|(first, second, last)| {
            let day = first.0.issue_date.clone();
            let mut response = OrderResponse::new("", day, OrderReference::default());
            (
                response.heading,
                response.code,
                response.currency,
                response.customer_reference,
            ) = first;
            (response.buyer, response.seller, response.orders) = second;
            (response.deliveries, response.lines) = last;
            response
        })
        .boxed()
}

pub(crate) fn order_response_simple() -> BoxedStrategy<OrderResponseSimple> {
    let parts = (
        heading(),
        any::<bool>(),
        texts(),
        of(token()),
        order_reference(),
        supplier(),
        customer(),
    );
    parts
        .prop_map(|parts| {
            let day = parts.0.issue_date.clone();
            let mut response = OrderResponseSimple::accepting("", day, OrderReference::default());
            (
                response.heading,
                response.is_accepted,
                response.rejection_notes,
                response.customer_reference,
                response.order,
                response.seller,
                response.buyer,
            ) = parts;
            response
        })
        .boxed()
}

pub(crate) fn order_cancellation() -> BoxedStrategy<OrderCancellation> {
    let parts = (
        heading(),
        vec(token(), 1..3),
        vec(order_reference(), 1..3),
        customer(),
        supplier(),
    );
    parts
        .prop_map(|parts| {
            let day = parts.0.issue_date.clone();
            let mut cancellation = OrderCancellation::new("", day, OrderReference::default(), "");
            (
                cancellation.heading,
                cancellation.reasons,
                cancellation.orders,
                cancellation.buyer,
                cancellation.seller,
            ) = parts;
            cancellation
        })
        .boxed()
}

pub(crate) fn despatch_advice() -> BoxedStrategy<DespatchAdvice> {
    let shipment = (token(), of(delivery())).prop_map(|(id, delivery)| {
        let mut shipment = Shipment::default();
        (shipment.id, shipment.delivery) = (Some(id), delivery);
        shipment
    });
    let parts = (
        (heading(), vec(order_reference(), 0..3), supplier(), customer()),
        (of(customer()), of(supplier()), of(shipment)),
        vec(despatch_line(), 1..3),
    );
    parts
        .prop_map(|(first, second, lines)| {
            let mut advice = DespatchAdvice::new("", first.0.issue_date.clone(), lines);
            (advice.heading, advice.orders, advice.sender, advice.receiver) = first;
            (advice.buyer, advice.seller, advice.shipment) = second;
            advice
        })
        .boxed()
}

pub(crate) fn application_response() -> BoxedStrategy<ApplicationResponse> {
    let parts = (
        heading(),
        of(day()),
        of(time()),
        party(),
        party(),
        vec(document_response(), 0..3),
    );
    parts
        .prop_map(|parts| {
            let mut response = ApplicationResponse::new("", parts.0.issue_date.clone(), Vec::new());
            (
                response.heading,
                response.response_date,
                response.response_time,
                response.sender,
                response.receiver,
                response.documents,
            ) = parts;
            response
        })
        .boxed()
}
