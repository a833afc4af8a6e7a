//! How the segments grew: one small chart for each, and all numbers in a table.

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};

use super::Month;
use super::page::{card, compact, count, long, short};
use super::svg::{self, Column, escape};
use crate::segments::Growth;

/// A card with all of them; nothing where nothing was counted.
pub fn segments(segments: &[Growth]) -> String {
    if segments.iter().all(|segment| segment.months.is_empty()) {
        return String::new();
    }
    let mut charts = String::from(r#"<div class="multiples">"#);
    for segment in segments {
        let _ = write!(
            charts,
            r#"<section><h3>{}<b>{}</b></h3><code>{}</code>{}</section>"#,
            escape(segment.name),
            count(segment.now()),
            escape(segment.criteria),
            chart(segment)
        );
    }
    charts.push_str("</div>");
    charts.push_str(&table(segments));
    let note =
        "Customers at the end of each month; in the last month, at the last invoice. Each chart has its own scale.";
    card("wide", "Segments", note, &charts)
}

/// What the charts show, for those who cannot see them or want to go on reckoning. All segments were counted in the same months.
fn table(segments: &[Growth]) -> String {
    let mut table = String::from(
        r#"<details><summary>All numbers in a table</summary><div class="scroll"><table><thead><tr><th>Segment</th>"#,
    );
    for (day, _) in segments.iter().take(1).flat_map(|segment| &segment.months) {
        let _ = write!(table, "<th>{}</th>", short(&month(day)));
    }
    table.push_str("</tr></thead><tbody>");
    for segment in segments {
        let _ = write!(table, r#"<tr><th scope="row">{}</th>"#, escape(segment.name));
        for (_, members) in &segment.months {
            let _ = write!(table, "<td>{}</td>", count(*members));
        }
        table.push_str("</tr>");
    }
    table + "</tbody></table></div></details>"
}

fn chart(segment: &Growth) -> String {
    let column = |(day, members): &(NaiveDate, u64)| Column {
        label: short(&month(day)),
        parts: vec![*members as f64],
        hint: format!("{}: {}", long(&month(day)), count(*members)),
    };
    let columns: Vec<Column> = segment.months.iter().map(column).collect();
    let title = format!("Customers of the segment {} by month", segment.name);
    svg::small_columns(&title, &columns, &short_count)
}

fn month(day: &NaiveDate) -> Month {
    (day.year(), day.month())
}

/// Four digits have room above a column.
fn short_count(members: f64) -> String {
    if members < 1e4 {
        format!("{members:.0}")
    } else {
        compact(members)
    }
}
