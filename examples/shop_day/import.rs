//! From invoices to customers, orders, cancellations and queued confirmations: one transaction each, or for a batch.

use ecrm::checkout::{Buyer, Checkout, CheckoutError, Confirmation};
use ecrm::confirmation_mail::Mailer;
use ecrm::core::{
    Channel, Clock, ContactData, EmailAddress, ExternalRef, GuestId, Identifier, Locale, Order, OrderId, PersonName,
    Recipient, Return, ReturnKind, Source, Subject, SystemClock, SystemIds, ValueError,
};
use ecrm::recognition::{Person, recognise};
use ecrm::returns::{TakenBack, matching_order, take_back};
use ecrm::store::{Session, SessionExt, StoreError, UnitOfWork, external_refs};

use crate::Failure;
use crate::database::{Database, ShopRow};
use crate::index::Coming;
use crate::invoices::{BrokenLine, Invoice, Line};
use crate::lines;
use crate::summary::Summary;

const SYSTEM: &str = "shop-day";

/// Takes invoices and writes them in batches.
pub struct Import<'d> {
    database: &'d mut Database,
    shop: Shop,
    batch: usize,
    strict: bool,
    waiting: Vec<Ready>,
    /// Cancellations that come before an order that is not later than they are.
    early: Vec<Invoice>,
}

/// What the shop has at every invoice.
struct Shop {
    mailer: Mailer,
    source: Source,
}

/// An invoice that is ready to be written.
struct Ready {
    invoice: String,
    first_line: u64,
    row: ShopRow,
    what: What,
}

enum What {
    Order { buyer: Buyer, order: Order },
    Cancellation { person: Option<Person>, returned: Return },
}

/// What writing one invoice has led to.
enum Written {
    New,
    Before,
    Refused(String),
}

impl<'d> Import<'d> {
    pub fn new(database: &'d mut Database, batch: usize, strict: bool) -> Result<Self, Failure> {
        let mailer = Mailer::new("The Invented Shop", "orders@shop-day.example".parse()?)?
            .with_url("https://shop-day.example/")?;
        let shop = Shop {
            mailer,
            source: Source::new("shop_day")?,
        };
        Ok(Self {
            database,
            shop,
            batch: batch.max(1),
            strict,
            waiting: Vec::new(),
            early: Vec::new(),
        })
    }

    /// Takes one invoice; writes when a batch is full. A cancellation looks for its order, so it waits until all are there that it may
    /// belong to.
    pub fn take(&mut self, invoice: Invoice, coming: Coming, summary: &mut Summary) -> Result<(), Failure> {
        if invoice.is_cancellation() {
            self.early.push(invoice);
        } else {
            self.prepare(invoice, summary)?;
        }
        let may_be_late = |invoice: &Invoice| coming.next_order.is_some_and(|order| invoice.at() >= Some(order));
        let (early, ripe) = std::mem::take(&mut self.early).into_iter().partition(may_be_late);
        self.early = early;
        ripe.into_iter().try_for_each(|invoice| self.prepare(invoice, summary))
    }

    fn prepare(&mut self, invoice: Invoice, summary: &mut Summary) -> Result<(), Failure> {
        summary.lines += (invoice.lines.len() + invoice.broken.len()) as u64;
        let without = invoice.lines.iter().filter(|line| line.customer.is_none()).count();
        summary.lines_without_customer += without as u64;
        let (ready, broken) = prepare(invoice, summary);
        for line in broken {
            if self.strict {
                return Err(format!("line {}: {} (--strict stops here)", line.number, line.reason).into());
            }
            summary.broken(line);
        }
        self.waiting.extend(ready);
        if self.waiting.len() >= self.batch {
            self.write(summary)
        } else {
            Ok(())
        }
    }

    /// Writes what is left.
    pub fn finish(mut self, summary: &mut Summary) -> Result<(), Failure> {
        self.write(summary)
    }

    /// The one transaction: the shop's own row, customer, order and confirmation of each invoice.
    fn write(&mut self, summary: &mut Summary) -> Result<(), Failure> {
        let (shop, waiting) = (&self.shop, std::mem::take(&mut self.waiting));
        let mut written = Vec::new();
        self.database.run(&mut |session| {
            written = waiting
                .iter()
                .map(|ready| shop.write(session, ready))
                .collect::<Result<_, _>>()?;
            Ok(())
        })?;
        for (ready, written) in waiting.iter().zip(written) {
            match written {
                Written::New => summary.invoices_new += 1,
                Written::Before => {}
                Written::Refused(reason) => {
                    let reason = format!("invoice {}: {reason}", ready.invoice);
                    if self.strict {
                        return Err(format!("line {}: {reason} (--strict stops here)", ready.first_line).into());
                    }
                    summary.broken(BrokenLine {
                        number: ready.first_line,
                        reason,
                    });
                }
            }
        }
        Ok(())
    }
}

impl Shop {
    fn write(&self, session: &mut dyn Session, ready: &Ready) -> Result<Written, StoreError> {
        let written = match &ready.what {
            What::Order { buyer, order } => self.place(session, buyer, order)?,
            What::Cancellation { person, returned } => self.cancel(session, person.as_ref(), returned, &ready.row)?,
        };
        if matches!(written, Written::New) {
            ready.row.insert(session)?;
        }
        Ok(written)
    }

    fn place(&self, session: &mut dyn Session, buyer: &Buyer, order: &Order) -> Result<Written, StoreError> {
        let checkout = Checkout {
            mailer: &self.mailer,
            ids: &SystemIds,
            source: &self.source,
        };
        match checkout.place(session, buyer, order, SystemClock.now()) {
            Ok(placed) if placed.confirmation == Confirmation::PlacedBefore => Ok(Written::Before),
            Ok(_) => Ok(Written::New),
            Err(CheckoutError::Store(error)) => Err(error),
            Err(error) if error.should_retry_transaction() => Err(StoreError::new(
                ecrm::store::StoreErrorKind::SerializationFailure,
                error.to_string(),
            )),
            Err(error) => Ok(Written::Refused(error.to_string())),
        }
    }

    fn cancel(
        &self,
        session: &mut dyn Session,
        person: Option<&Person>,
        returned: &Return,
        row: &ShopRow,
    ) -> Result<Written, StoreError> {
        let now = SystemClock.now();
        // A cancellation that is refused leaves nothing behind, not even a customer.
        let written = session.atomically(|session| {
            let subject: Subject = match person {
                Some(person) => recognise(session, person, &self.source, &SystemIds, now)?
                    .customer
                    .id()
                    .into(),
                None => GuestId::new(&SystemIds, now).into(),
            };
            let returned = match matching_order(session, subject, returned.lines(), row.placed_at)? {
                Some(order) => returned.clone().of_order(order),
                None => returned.clone(),
            };
            take_back(
                session,
                subject,
                &returned,
                row.placed_at,
                &self.source,
                &SystemIds,
                now,
            )
        });
        match written {
            Ok(TakenBack::Now(_)) => Ok(Written::New),
            Ok(TakenBack::Before) => Ok(Written::Before),
            Err(error) if error.is_conflict() => Ok(Written::Refused(error.to_string())),
            Err(error) => Err(error),
        }
    }
}

/// An invoice as it will be written, and its lines that cannot be.
fn prepare(invoice: Invoice, summary: &mut Summary) -> (Option<Ready>, Vec<BrokenLine>) {
    let is_cancellation = invoice.is_cancellation();
    let mut broken = invoice.broken;
    let Some(first) = invoice.lines.first() else {
        return (None, broken);
    };
    let mut built = Vec::new();
    for line in &invoice.lines {
        let result = if line.customer != first.customer || line.unit_price.currency() != first.unit_price.currency() {
            Err(ValueError::new(
                "line",
                "is of another customer or currency than the first line of its invoice",
            ))
        } else if is_cancellation {
            lines::taken_back(line, &mut summary.odd)
        } else {
            lines::ordered(line, &mut summary.odd)
        };
        match result {
            Ok(line) => built.push(line),
            Err(error) => broken.push(BrokenLine {
                number: line.number,
                reason: error.to_string(),
            }),
        }
    }
    match ready(&invoice.number, first, is_cancellation, built) {
        Ok(ready) => (Some(ready), broken),
        Err(error) => {
            broken.push(BrokenLine {
                number: first.number,
                reason: format!("invoice {}: {error}", invoice.number),
            });
            (None, broken)
        }
    }
}

fn ready(
    number: &str,
    first: &Line,
    is_cancellation: bool,
    built: Vec<ecrm::core::OrderLine>,
) -> Result<Ready, ValueError> {
    let reference = ExternalRef::new(SYSTEM, number)?;
    let person = first
        .customer
        .as_deref()
        .map(|key| person(key, &first.country))
        .transpose()?;
    let (what, total) = if is_cancellation {
        let returned = Return::new(reference, ReturnKind::Cancellation, built)?;
        let total = returned.total().checked_neg()?;
        (What::Cancellation { person, returned }, total)
    } else {
        let id = OrderId::new(&SystemIds, first.at);
        let order = Order::new(id, reference, first.at, Channel::Web, built)?;
        let total = order.total();
        let buyer = match person {
            Some(person) => Buyer::Customer(person),
            // The data has no addresses of guests: they get no mail, and are counted.
            None => Buyer::Guest(Recipient::new(GuestId::new(&SystemIds, first.at), ContactData::new())),
        };
        (What::Order { buyer, order }, total)
    };
    let row = ShopRow {
        number: number.to_owned(),
        placed_at: first.at,
        country: first.country.clone(),
        is_cancellation,
        total,
    };
    Ok(Ready {
        invoice: number.to_owned(),
        first_line: first.number,
        row,
        what,
    })
}

/// The customer of a key. The data has neither names nor addresses, so both are invented.
fn person(key: &str, country: &str) -> Result<Person, ValueError> {
    let language = if matches!(country, "France" | "Belgium") {
        "fr"
    } else {
        "en"
    };
    let is_plain = key.len() <= 40
        && key
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    // Two keys never share a mailbox: by it two customers would be taken for one.
    let mailbox = match external_refs::digest(&key) {
        Ok(digest) if !is_plain => digest[..40].to_owned(),
        _ => key.to_owned(),
    };
    let (locale, email): (Locale, EmailAddress) =
        (language.parse()?, format!("customer-{mailbox}@mail.example").parse()?);
    let name = PersonName::single(&format!("Customer {key}"))?;
    Ok(Person::new(Identifier::External(ExternalRef::new(SYSTEM, key)?))
        .and(Identifier::Email(email.clone()))
        .with_contact(ContactData::new().with_name(name).with_email(email).with_locale(locale)))
}
