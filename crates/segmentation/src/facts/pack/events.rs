//! Events as bytes: when they were, and a column for each of their properties.

use super::MOST;
use super::bytes::{Input, Output};
use super::numbering::{Numbering, pack_symbols};
use super::numbers::{pack_instants, pack_numbers, unpack_instants, unpack_numbers, unpack_small, unpack_symbols};
use crate::criteria::{EventSet, Field, Needs};
use crate::facts::table::{Column, MoneyUnit, Table};

/// How many events each customer has, and when they were.
pub(super) fn pack_times(table: &Table, output: &mut Output) {
    let counts = table.starts.windows(2).map(|pair| i64::from(pair[1] - pair[0]));
    if table.at.is_empty() {
        return output.byte(0);
    }
    output.byte(1);
    pack_numbers(counts, 1, output);
    pack_instants(table.at.iter().copied(), output);
}

pub(super) fn unpack_times(input: &mut Input<'_>, customers: usize) -> Option<Table> {
    let mut table = Table {
        starts: vec![0; customers + 1],
        ..Table::default()
    };
    if input.byte()? == 0 {
        return Some(table);
    }
    let counts = unpack_small(input, customers, |count| u32::try_from(count).ok())?;
    let mut end: u32 = 0;
    for (start, count) in table.starts.iter_mut().skip(1).zip(counts) {
        end = end.checked_add(count).filter(|end| *end <= MOST)?;
        *start = end;
    }
    table.at = unpack_instants(input, end as usize)?;
    Some(table)
}

pub(super) fn pack_columns(
    table: &Table,
    is_wanted: impl Fn(Field) -> bool,
    numbering: &Numbering,
    output: &mut Output,
) {
    let wanted = || table.columns.iter().filter(|(field, _)| is_wanted(*field));
    output.length(wanted().count());
    for (field, column) in wanted() {
        output.byte(*field as u8);
        output.slice(|output| pack_column(column, numbering, output));
    }
}

fn pack_column(column: &Column, numbering: &Numbering, output: &mut Output) {
    match column {
        Column::Text(symbols) => {
            output.byte(0);
            pack_symbols(symbols.iter().copied(), numbering, output);
        }
        Column::Date(days) => {
            output.byte(1);
            pack_numbers(days.iter().map(|day| i64::from(*day)), 1, output);
        }
        Column::Number(numbers) => {
            output.byte(2);
            pack_numbers(numbers.iter().copied(), 1_000_000, output);
        }
        Column::Money {
            amounts,
            currencies,
            unit,
        } => {
            output.byte(match unit {
                MoneyUnit::Minor => 3,
                MoneyUnit::Micro => 4,
            });
            pack_symbols(currencies.iter().copied(), numbering, output);
            pack_numbers(amounts.iter().copied(), 10_000, output);
        }
    }
}

/// The columns of a kind of events that are needed.
pub(super) fn unpack_columns(
    table: &mut Table,
    input: &mut Input<'_>,
    (set, needs): (EventSet, Option<&Needs>),
) -> Option<()> {
    let events = table.events();
    for _ in 0..input.length(2)? {
        let field = *Field::ALL.get(usize::from(input.byte()?))?;
        let mut inside = Input::new(input.slice()?);
        if needs.is_some_and(|needs| !needs.has_field(set, field)) {
            continue;
        }
        let column = match inside.byte()? {
            0 => Column::Text(unpack_symbols(&mut inside, events)?),
            1 => Column::Date(unpack_small(&mut inside, events, |day| i32::try_from(day).ok())?),
            2 => Column::Number(unpack_numbers(&mut inside, events)?),
            kind @ (3 | 4) => Column::Money {
                currencies: unpack_symbols(&mut inside, events)?,
                amounts: unpack_numbers(&mut inside, events)?,
                unit: if kind == 3 { MoneyUnit::Minor } else { MoneyUnit::Micro },
            },
            _ => return None,
        };
        table.columns.push((field, column));
    }
    Some(())
}
