//! A feed of any size that is made while it is read.

use std::fmt::Write as _;
use std::io::{self, Read};

/// Customers one after the other, until the document has so many bytes.
pub(crate) struct Generated {
    wanted: u64,
    made: u64,
    number: u64,
    text: String,
    at: usize,
    is_ended: bool,
}

impl Generated {
    pub(crate) fn of_bytes(wanted: u64) -> Self {
        Self {
            wanted,
            made: 0,
            number: 0,
            text: "<?xml version=\"1.0\"?>\n<records xmlns=\"urn:ecrm:xml:1\">\n".to_owned(),
            at: 0,
            is_ended: false,
        }
    }

    /// The next piece of the document: a record, its end, or nothing.
    fn next(&mut self) {
        self.made += self.text.len() as u64;
        self.text.clear();
        self.at = 0;
        if self.is_ended {
            return;
        }
        if self.made >= self.wanted {
            self.is_ended = true;
            self.text.push_str("</records>\n");
            return;
        }
        self.number += 1;
        let number = self.number;
        let _ = write!(
            self.text,
            "  <customer id=\"0199e0a5-0000-7000-8000-{number:012x}\" version=\"1\" registeredAt=\"2026-11-22T09:30:{:02}Z\">\n    \
             <contact>\n      <name><given>Ada</given><family>Customer {number}</family></name>\n      \
             <email>customer-{number}@mail.example</email>\n      <address>\n        <addressLine>{}</addressLine>\n        \
             <locality>Leipzig</locality>\n        <postalCode>04109</postalCode>\n        <country>DE</country>\n      \
             </address>\n      <locale>de-DE</locale>\n    </contact>\n    \
             <extension>{}</extension>\n  </customer>\n",
            number % 60,
            "Straße &amp; Hof ".repeat(1 + number as usize % 5),
            "<!-- nothing that anybody needs -->".repeat(number as usize % 20),
        );
    }
}

impl Read for Generated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.text.len() {
            self.next();
        }
        let mut rest = &self.text.as_bytes()[self.at..];
        let count = rest.read(buffer)?;
        self.at += count;
        Ok(count)
    }
}
