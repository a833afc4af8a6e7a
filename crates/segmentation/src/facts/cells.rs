//! The values of an event, field by field.

use chrono::{Datelike, NaiveDate};
use ecrm_core::{Code, Contact, Currency, OrderLine, Quantity, Visit};

use super::table::{Column, MoneyUnit, Symbol, Table};
use crate::criteria::Field;

/// The value of a field of an event.
pub(super) enum Cell<'h> {
    Text(Option<&'h str>),
    Date(Option<NaiveDate>),
    /// In millionths.
    Number(i64),
    /// In the smallest unit.
    Money(Option<(i64, Currency)>),
    /// In millionths.
    Price(i64, Currency),
}

pub(super) type Cells<'h, const N: usize> = [(Field, Cell<'h>); N];

/// Events of one kind have the same fields, in the same order.
pub(super) fn push_cell(table: &mut Table, (place, field): (usize, Field), cell: &Cell<'_>, symbol: Symbol) {
    if place == table.columns.len() {
        table.columns.push((field, empty_column(cell)));
    }
    let Some((known, column)) = table.columns.get_mut(place) else {
        return;
    };
    debug_assert_eq!(*known, field, "the fields of an event come in their order");
    match (column, cell) {
        (Column::Text(symbols), Cell::Text(_)) => symbols.push(symbol),
        (Column::Date(days), Cell::Date(day)) => days.push(day.map_or(i32::MIN, |day| day.num_days_from_ce())),
        (Column::Number(numbers), Cell::Number(number)) => numbers.push(*number),
        (
            Column::Money {
                amounts, currencies, ..
            },
            Cell::Money(_) | Cell::Price(..),
        ) => {
            amounts.push(match cell {
                Cell::Money(money) => money.map_or(0, |(amount, _)| amount),
                Cell::Price(price, _) => *price,
                _ => 0,
            });
            currencies.push(symbol);
        }
        // A field has one type in events of one kind.
        _ => {}
    }
}

fn empty_column(cell: &Cell<'_>) -> Column {
    let money = |unit| Column::Money {
        amounts: Vec::new(),
        currencies: Vec::new(),
        unit,
    };
    match cell {
        Cell::Text(_) => Column::Text(Vec::new()),
        Cell::Date(_) => Column::Date(Vec::new()),
        Cell::Number(_) => Column::Number(Vec::new()),
        Cell::Money(_) => money(MoneyUnit::Minor),
        Cell::Price(..) => money(MoneyUnit::Micro),
    }
}

pub(super) fn money(money: ecrm_core::Money) -> Cell<'static> {
    Cell::Money(Some((money.minor(), money.currency())))
}

pub(super) fn quantity(quantity: Quantity) -> Cell<'static> {
    Cell::Number(quantity.micros())
}

pub(super) fn count(number: usize) -> Cell<'static> {
    Cell::Number(i64::try_from(number).unwrap_or(i64::MAX).saturating_mul(1_000_000))
}

/// What is earned by a line whose cost is known.
pub(super) fn margin(line: &OrderLine) -> Option<i64> {
    line.amount().minor().checked_sub(line.cost()?.minor())
}

pub(super) fn line_cells(line: &OrderLine) -> Cells<'_, 12> {
    let currency = line.amount().currency();
    [
        (Field::Amount, money(line.amount())),
        (Field::Availability, Cell::Text(Some(line.availability().code()))),
        (Field::Brand, Cell::Text(line.brand())),
        (Field::Category, Cell::Text(line.category())),
        (
            Field::Cost,
            Cell::Money(line.cost().map(|cost| (cost.minor(), currency))),
        ),
        (Field::Description, Cell::Text(Some(line.description()))),
        (Field::ExpectedOn, Cell::Date(line.availability().expected())),
        (Field::Kind, Cell::Text(Some(line.kind().code()))),
        (
            Field::Margin,
            Cell::Money(margin(line).map(|margin| (margin, currency))),
        ),
        (Field::Quantity, quantity(line.quantity())),
        (Field::Sku, Cell::Text(Some(line.sku()))),
        (
            Field::UnitPrice,
            Cell::Price(line.unit_price().micros(), line.unit_price().currency()),
        ),
    ]
}

pub(super) fn contact_cells(contact: &Contact) -> Cells<'_, 3> {
    [
        (Field::Channel, Cell::Text(Some(contact.channel().code()))),
        (Field::Direction, Cell::Text(Some(contact.direction().code()))),
        (Field::Topic, Cell::Text(contact.topic())),
    ]
}

pub(super) fn visit_cells(visit: &Visit) -> Cells<'_, 3> {
    [
        (Field::Channel, Cell::Text(Some(visit.channel().code()))),
        (Field::Pages, count(visit.pages().len())),
        (Field::Referrer, Cell::Text(visit.referrer())),
    ]
}
