//! What the feature `tracing` tells: which step was taken, and nothing of the customer or the order.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use ecrm_testkit::hosts::on_each_database;
use support::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps the fields of every span and event as text.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Vec<String>>>);

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut text = Text(span.metadata().name().to_owned());
        span.record(&mut text);
        let mut heard = self.0.lock().unwrap();
        heard.push(text.0);
        Id::from_u64(heard.len() as u64)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut text = Text(String::new());
        values.record(&mut text);
        self.0.lock().unwrap().push(text.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        self.0.lock().unwrap().push(text.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

#[test]
fn a_checkout_is_told_by_its_steps_and_by_nothing_else() {
    let listener = Listener::default();
    tracing::subscriber::with_default(listener.clone(), || {
        on_each_database("spans", |host| {
            host.commit(tables);
            let shop = Shop::new(1);
            host.commit(|session| shop.place(session, &customer("Ada"), &shop.order("10248", "LAMP")));
        });
    });
    let heard: Vec<String> = listener
        .0
        .lock()
        .unwrap()
        .iter()
        .filter(|span| span.starts_with("ecrm"))
        .cloned()
        .collect();
    for step in [
        "ecrm module=\"store\" step=\"migrate\"",
        "ecrm module=\"checkout\" step=\"place\"",
        "ecrm module=\"confirmation_mail\" step=\"enqueue\"",
    ] {
        assert!(heard.iter().any(|span| span == step), "{step} in {heard:?}");
    }
    for secret in ["Ada", "ada", "mail.example", "10248", "LAMP"] {
        assert!(!heard.iter().any(|span| span.contains(secret)), "{secret} was told");
    }
}
