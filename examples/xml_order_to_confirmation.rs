//! An XML order comes in; the confirmation and the answer go out.
//!
//! ```sh
//! cargo run --example xml_order_to_confirmation --features xml-exchange -- [FILE] [--out DIR]
//! ```
//!
//! Without FILE it takes an order of an invented shop. DIR receives `order-response.xml` and, where the buyer has a mailbox, `mail.eml`.
//! What was in the order and not understood is listed. Exit status 2: the file cannot be used, and why.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its user")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use ecrm::checkout::{Checkout, Confirmation, confirmation_key};
use ecrm::confirmation_mail::{MailError, Mailer, find};
use ecrm::core::{Clock, OrderLine, Quantity, Source, SystemClock, SystemIds};
use ecrm::sqlite::SqliteSession;
use ecrm::sqlite::rusqlite::{Connection, TransactionBehavior};
use ecrm::xml::Limits;
use ecrm::xml_exchange::ubl::LineAnswer;
use ecrm::xml_order::{AnsweredOrder, Profiles, XmlOrders};

/// An XML order comes in; the confirmation and the answer go out.
#[derive(Parser)]
struct Options {
    /// A UBL order; without it one of an invented shop.
    file: Option<PathBuf>,
    /// Where the mail and the answer are written to.
    #[arg(long, default_value = "out")]
    out: PathBuf,
}

const SENDER: &str = "partner";

fn main() -> ExitCode {
    let options = Options::parse();
    let order = match &options.file {
        Some(file) => fs::read(file).map_err(|error| format!("{}: {error}", file.display())),
        None => Ok(include_bytes!("data/order.xml").to_vec()),
    };
    let name = options.file.as_deref().unwrap_or(Path::new("examples/data/order.xml"));
    match order.and_then(|order| run(&order, &options.out).map_err(|error| said(name, error.as_ref()))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::from(2)
        }
    }
}

/// The reason with the place in the file.
fn said(file: &Path, error: &(dyn std::error::Error + 'static)) -> String {
    format!("{}:{error}", file.display())
}

fn run(order: &[u8], out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let (ids, now, source) = (SystemIds, SystemClock.now(), Source::checkout());
    let mailer = Mailer::new("Lamps & Co", "orders@lamps.example".parse()?)?;
    let mut database = Connection::open_in_memory()?; // in a shop: its own database, in its own transaction
    let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut session = SqliteSession::new(&transaction)?;
    ecrm::migrate(&mut session, now)?;

    let orders = XmlOrders {
        checkout: Checkout {
            mailer: &mailer,
            ids: &ids,
            source: &source,
        },
        sender: SENDER,
        shop: "shop",
        profiles: Profiles::NotKept,
        limits: &Limits::default(),
    };
    let answered = orders.place(&mut session, order, &mut stock, now)?;
    let mail = mail_of(&mut session, &answered)?;
    transaction.commit()?;

    fs::create_dir_all(out)?;
    fs::write(out.join("order-response.xml"), &answered.response)?;
    println!("answer: {}", out.join("order-response.xml").display());
    if let Some(mail) = mail {
        fs::write(out.join("mail.eml"), mail)?;
        println!("mail: {}", out.join("mail.eml").display());
    }
    tell(&answered);
    Ok(())
}

/// What the invented shop has on its shelves. Of what it does not know it says nothing.
fn stock(line: &OrderLine) -> LineAnswer {
    let ordered = line.quantity();
    let promised = SystemClock.now().date_naive().checked_add_days(chrono::Days::new(14));
    match line.sku() {
        "LAMP-7" => LineAnswer::Confirmed {
            quantity: ordered,
            promised: None,
        },
        "BULB-3" if ordered > Quantity::pieces(1) => LineAnswer::Partly {
            now: Quantity::pieces(1),
            later: Quantity::from_micros(ordered.micros() - Quantity::pieces(1).micros()),
            promised,
        },
        "DIM-1" => LineAnswer::Refused,
        _ => LineAnswer::Unsaid,
    }
}

/// The mail that was queued, if one was.
fn mail_of(session: &mut SqliteSession<'_>, answered: &AnsweredOrder) -> Result<Option<Vec<u8>>, MailError> {
    let mail = find(session, &confirmation_key(&answered.number))?;
    Ok(mail.and_then(|mail| mail.content).map(|content| content.message))
}

fn tell(answered: &AnsweredOrder) {
    match answered.placed.as_ref().map(|placed| placed.confirmation) {
        Some(Confirmation::None(refusal)) => println!("no mail could be sent: {refusal}"),
        Some(Confirmation::Queued(_)) => println!("the confirmation is queued in the order's transaction"),
        Some(Confirmation::PlacedBefore) | None => println!("the order was taken before; nothing was written"),
    }
    for part in &answered.unusable {
        println!("of the buyer cannot be used: {part}");
    }
    if let Some(total) = answered.disputed_total {
        println!(
            "the order says that {} are to be paid; its parts come to {}",
            total.stated, total.computed
        );
    }
    println!("kept without being understood: {}", answered.kept.len());
    for part in &answered.kept {
        println!("  {}", part.path());
    }
}
