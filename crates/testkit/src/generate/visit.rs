use ecrm_core::{Cart, CartFate, CartLine, Channel, Code, PageView, Search, Visit, Wish, WishReason};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::activity::instant;
use super::{external_ref, id, quantity, text, unit_price};

/// A page that was looked at.
pub fn page_view() -> impl Strategy<Value = PageView> {
    (text(20), instant(), option::of(text(10))).prop_map(|(path, at, section)| match section {
        Some(section) => PageView::new(path, at).in_section(section),
        None => PageView::new(path, at),
    })
}

/// A search, with and without result.
pub fn search() -> impl Strategy<Value = Search> {
    (text(20), prop_oneof![Just(0), any::<u32>()], instant())
        .prop_map(|(query, results, at)| Search::new(query, results, at))
}

/// A visit with up to three pages and two searches.
pub fn visit() -> impl Strategy<Value = Visit> {
    (
        select(Channel::ALL),
        option::of(text(30)),
        vec(page_view(), 0..4),
        vec(search(), 0..3),
    )
        .prop_map(|(channel, referrer, pages, searches)| {
            let visit = Visit::new(channel);
            let visit = match referrer {
                Some(referrer) => visit.with_referrer(referrer),
                None => visit,
            };
            let visit = pages.into_iter().fold(visit, Visit::with_page);
            searches.into_iter().fold(visit, Visit::with_search)
        })
}

/// A cart of any fate.
pub fn cart() -> impl Strategy<Value = Cart> {
    let line =
        (text(10), quantity(), unit_price()).prop_map(|(sku, quantity, price)| CartLine::new(sku, quantity, price));
    let fate = prop_oneof![
        Just(CartFate::Open),
        Just(CartFate::Left),
        Just(CartFate::Emptied),
        id().prop_map(CartFate::Ordered),
    ];
    (external_ref(), vec(line, 0..4), fate).prop_map(|(number, lines, fate)| Cart::new(number, lines, fate))
}

/// A wish of any reason.
pub fn wish() -> impl Strategy<Value = Wish> {
    let reason = select(&[WishReason::BackInStock, WishReason::List, WishReason::NotOffered]);
    (text(10), quantity(), reason).prop_map(|(sku, quantity, reason)| Wish::new(sku, quantity, reason))
}
