//! Generators of every part of every document.

mod documents;
mod parties;
mod parts;
mod values;

pub(crate) use documents::{
    application_response, despatch_advice, order, order_cancellation, order_response, order_response_simple,
};
pub(crate) use parties::{card, ciq_party};
