//! What somebody did on the site: visits, carts, wishes.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Channel, Code, ExternalRef, OrderId, Quantity, UnitPrice, ValueError, to_microseconds};

/// One visit to the site: where it came from, what was looked at, what was searched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    channel: Channel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    referrer: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pages: Vec<PageView>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    searches: Vec<Search>,
}

impl Visit {
    /// A visit over a channel, of which nothing else is known.
    #[must_use]
    pub fn new(channel: Channel) -> Self {
        Self {
            channel,
            referrer: None,
            pages: Vec::new(),
            searches: Vec::new(),
        }
    }

    /// The visit with the page that it came from.
    #[must_use]
    pub fn with_referrer(mut self, referrer: impl Into<String>) -> Self {
        self.referrer = Some(referrer.into());
        self
    }

    /// The visit with one more page.
    #[must_use]
    pub fn with_page(mut self, page: PageView) -> Self {
        self.pages.push(page);
        self
    }

    /// The visit with one more search.
    #[must_use]
    pub fn with_search(mut self, search: Search) -> Self {
        self.searches.push(search);
        self
    }

    /// The channel: the site, a shop, a telephone call.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The page that it came from.
    #[must_use]
    pub fn referrer(&self) -> Option<&str> {
        self.referrer.as_deref()
    }

    /// The pages, in the order in which they were looked at.
    #[must_use]
    pub fn pages(&self) -> &[PageView] {
        &self.pages
    }

    /// The searches, in the order in which they were made.
    #[must_use]
    pub fn searches(&self) -> &[Search] {
        &self.searches
    }
}

/// One page that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageView {
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    at: DateTime<Utc>,
}

impl PageView {
    /// A page by its path, and when it was opened.
    pub fn new(path: impl Into<String>, at: DateTime<Utc>) -> Self {
        Self {
            path: path.into(),
            section: None,
            at: to_microseconds(at),
        }
    }

    /// The page with the section of the site that it belongs to.
    #[must_use]
    pub fn in_section(mut self, section: impl Into<String>) -> Self {
        self.section = Some(section.into());
        self
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The section of the site.
    #[must_use]
    pub fn section(&self) -> Option<&str> {
        self.section.as_deref()
    }

    /// When it was opened.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

/// One search on the site. A search without result is a customer telling the shop what is missing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    query: String,
    results: u32,
    at: DateTime<Utc>,
}

impl Search {
    /// What was searched for, how many results it had, and when.
    pub fn new(query: impl Into<String>, results: u32, at: DateTime<Utc>) -> Self {
        Self {
            query: query.into(),
            results,
            at: to_microseconds(at),
        }
    }

    /// What was searched for.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// How many results it had.
    #[must_use]
    pub fn results(&self) -> u32 {
        self.results
    }

    /// True when something was found.
    #[must_use]
    pub fn found_something(&self) -> bool {
        self.results > 0
    }

    /// When it was made.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Search(…, {} results)", self.results)
    }
}

/// A cart, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    number: ExternalRef,
    lines: Vec<CartLine>,
    fate: CartFate,
}

impl Cart {
    /// A cart as it stands.
    #[must_use]
    pub fn new(number: ExternalRef, lines: Vec<CartLine>, fate: CartFate) -> Self {
        Self { number, lines, fate }
    }

    /// The shop's key of the cart.
    #[must_use]
    pub fn number(&self) -> &ExternalRef {
        &self.number
    }

    /// What lies in it.
    #[must_use]
    pub fn lines(&self) -> &[CartLine] {
        &self.lines
    }

    /// What became of it.
    #[must_use]
    pub fn fate(&self) -> CartFate {
        self.fate
    }
}

/// One product in a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    sku: String,
    quantity: Quantity,
    unit_price: UnitPrice,
}

impl CartLine {
    /// So many of a product at a price.
    pub fn new(sku: impl Into<String>, quantity: Quantity, unit_price: UnitPrice) -> Self {
        Self {
            sku: sku.into(),
            quantity,
            unit_price,
        }
    }

    /// The shop's key of the product.
    #[must_use]
    pub fn sku(&self) -> &str {
        &self.sku
    }

    /// How many, or how much.
    #[must_use]
    pub fn quantity(&self) -> Quantity {
        self.quantity
    }

    /// The price of one.
    #[must_use]
    pub fn unit_price(&self) -> UnitPrice {
        self.unit_price
    }
}

/// What became of a cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CartFate {
    /// All was taken out again.
    Emptied,
    /// It was left standing.
    Left,
    /// It is in use.
    Open,
    /// It became an order.
    Ordered(OrderId),
}

impl CartFate {
    /// The word of the fate, without its order.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Emptied => "emptied",
            Self::Left => "left",
            Self::Open => "open",
            Self::Ordered(_) => "ordered",
        }
    }

    /// The fate of a word, with the order that it became.
    ///
    /// # Errors
    /// When the word is not known, is `ordered` without an order, or another one with an order.
    pub fn from_code(code: &str, order: Option<OrderId>) -> Result<Self, ValueError> {
        let fate = match (code, order) {
            ("emptied", None) => Self::Emptied,
            ("left", None) => Self::Left,
            ("open", None) => Self::Open,
            ("ordered", Some(order)) => Self::Ordered(order),
            ("ordered", None) => return Err(ValueError::new("fate", "is ordered, and no order is named")),
            ("emptied" | "left" | "open", Some(_)) => {
                return Err(ValueError::new("fate", "must be ordered where an order is named"));
            }
            _ => return Err(ValueError::new("fate", "must be one of: emptied, left, open, ordered")),
        };
        Ok(fate)
    }
}

/// Something that a customer would like to have, or to be told about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    sku: String,
    quantity: Quantity,
    reason: WishReason,
}

impl Wish {
    /// A wish for a product.
    pub fn new(sku: impl Into<String>, quantity: Quantity, reason: WishReason) -> Self {
        Self {
            sku: sku.into(),
            quantity,
            reason,
        }
    }

    /// The shop's key of the product.
    #[must_use]
    pub fn sku(&self) -> &str {
        &self.sku
    }

    /// How many, or how much.
    #[must_use]
    pub fn quantity(&self) -> Quantity {
        self.quantity
    }

    /// Why it was wished for rather than bought.
    #[must_use]
    pub fn reason(&self) -> WishReason {
        self.reason
    }
}

/// Why something was wished for rather than bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WishReason {
    /// Tell me when it is there again.
    BackInStock,
    /// On the list, for later.
    List,
    /// The shop does not have it at all.
    NotOffered,
}

impl Code for WishReason {
    const WHAT: &'static str = "reason of a wish";
    const ALL: &'static [Self] = &[Self::BackInStock, Self::List, Self::NotOffered];

    fn code(self) -> &'static str {
        match self {
            Self::BackInStock => "back_in_stock",
            Self::List => "list",
            Self::NotOffered => "not_offered",
        }
    }
}
