//! The page: self-contained, readable on a telephone, light and dark.

use std::fmt::Write as _;

use ecrm::core::{Currency, Money};

use super::svg::{self, Column, Width, escape};
use super::{Figures, Month, growth};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The whole page.
pub fn render(figures: &Figures) -> String {
    let mut body = String::from("<h1>A shop's day</h1>");
    body.push_str(&period(figures));
    body.push_str(&tiles(figures));
    body.push_str(r#"<div class="cards">"#);
    if let Some(main) = figures.main {
        body.push_str(&months(figures, main));
    }
    body.push_str(&hours(figures));
    body.push_str(&loyalty(figures));
    body.push_str(&growth::segments(&figures.segments));
    if let Some(main) = figures.main {
        body.push_str(&countries(figures, main));
        body.push_str(&concentration(figures, main));
    }
    if figures.revenue.len() > 1 {
        body.push_str(&currencies(figures));
    }
    body.push_str("</div>");
    include_str!("page.html").replace("{{body}}", &body)
}

fn period(figures: &Figures) -> String {
    let months: Vec<_> = figures.loyalty.keys().collect();
    match (months.first(), months.last()) {
        (Some(first), Some(last)) => format!("<p>Orders from {} to {}</p>", long(first), long(last)),
        _ => "<p>No orders yet</p>".to_owned(),
    }
}

fn tiles(figures: &Figures) -> String {
    let mut tiles: Vec<(String, String)> = figures
        .revenue
        .values()
        .map(|revenue| {
            (
                grouped(*revenue),
                format!("{} revenue, less cancellations", revenue.currency()),
            )
        })
        .collect();
    tiles.extend([
        (count(figures.orders), "orders".to_owned()),
        (count(figures.customers), "customers".to_owned()),
        (count(figures.guest_orders), "orders of guests".to_owned()),
        (
            count(figures.cancellations),
            format!(
                "cancellations, {} with their order",
                count(figures.cancellations_linked)
            ),
        ),
        (
            count(figures.mails_sent),
            format!("confirmations sent of {}", count(figures.mails_queued)),
        ),
    ]);
    let mut html = String::from(r#"<div class="tiles">"#);
    for (value, label) in tiles {
        let _ = write!(
            html,
            r#"<div class="tile"><b>{}</b><span>{}</span></div>"#,
            escape(&value),
            escape(&label)
        );
    }
    html + "</div>"
}

fn months(figures: &Figures, main: Currency) -> String {
    let columns: Vec<Column> = figures
        .months
        .iter()
        .filter(|((currency, _), _)| *currency == main)
        .map(|((_, month), amount)| Column {
            label: short(month),
            parts: vec![major(*amount)],
            hint: format!("{}: {}", long(month), money(*amount)),
        })
        .collect();
    let title = format!("Revenue by month in {main}");
    card(
        "wide",
        &title,
        "Orders less cancellations, in the month in which each happened.",
        &svg::columns(&title, Width::Full, &columns, &compact),
    )
}

fn hours(figures: &Figures) -> String {
    let rows: Vec<_> = WEEKDAYS.iter().copied().zip(figures.hours).collect();
    let title = "Orders by weekday and hour";
    card(
        "heat",
        title,
        "The stronger the colour, the more orders.",
        &svg::heat_map(title, Width::Half, &rows),
    )
}

fn loyalty(figures: &Figures) -> String {
    let columns: Vec<Column> = figures
        .loyalty
        .iter()
        .map(|(month, [new, returning, guests])| Column {
            label: short(month),
            parts: vec![*new as f64, *returning as f64, *guests as f64],
            hint: format!("{}: {new} new, {returning} returning, {guests} guests", long(month)),
        })
        .collect();
    let key = r#"<div><span class="key"><i style="background:var(--a)"></i>first order</span><span class="key"><i style="background:var(--b)"></i>returning</span><span class="key"><i style="background:var(--c)"></i>guest</span></div>"#;
    let title = "New and returning customers";
    card(
        "",
        title,
        "Orders by month.",
        &format!("{key}{}", svg::columns(title, Width::Half, &columns, &compact)),
    )
}

fn countries(figures: &Figures, main: Currency) -> String {
    let most = figures
        .countries
        .first()
        .map_or(1, |(_, revenue, _)| revenue.minor().max(1)) as f64;
    let mut table =
        String::from("<table><thead><tr><th>Country</th><th>Orders</th><th>Revenue</th></tr></thead><tbody>");
    for (country, revenue, orders) in figures.countries.iter().take(12) {
        let width = (revenue.minor() as f64 / most * 100.0).max(0.0);
        let _ = write!(
            table,
            r#"<tr><td>{}<div class="bar" style="width:{width:.1}%"></div></td><td>{}</td><td>{}</td></tr>"#,
            escape(country),
            count(*orders),
            money(*revenue)
        );
    }
    table.push_str("</tbody></table>");
    let rest = figures.countries.len().saturating_sub(12);
    if rest > 0 {
        let _ = write!(table, r#"<p class="note" style="margin-top:8px">and {rest} more</p>"#);
    }
    card(
        "",
        &format!("Countries, orders in {main}"),
        "Of customers and guests.",
        &table,
    )
}

/// The curve of Lorenz, from the best customer down.
fn concentration(figures: &Figures, main: Currency) -> String {
    let positive: Vec<f64> = figures
        .by_customer
        .iter()
        .filter(|minor| **minor > 0)
        .map(|minor| *minor as f64)
        .collect();
    let total: f64 = positive.iter().sum();
    let mut points = vec![(0.0, 0.0)];
    let (mut sum, step) = (0.0, positive.len() / 200 + 1);
    for (index, minor) in positive.iter().enumerate() {
        sum += minor;
        if index % step == 0 || index + 1 == positive.len() {
            points.push(((index + 1) as f64 / positive.len() as f64, sum / total));
        }
    }
    let fifth = positive.iter().take(positive.len().div_ceil(5)).sum::<f64>() / total.max(1.0) * 100.0;
    let note = format!(
        "The best fifth of the customers brings {fifth:.0} % of the revenue in {main}. Dashed: if all were equal."
    );
    let title = "How revenue is spread over customers";
    card("", title, &note, &svg::share_curve(title, Width::Half, &points))
}

fn currencies(figures: &Figures) -> String {
    let currencies: Vec<_> = figures.revenue.keys().copied().collect();
    let months: std::collections::BTreeSet<Month> = figures.months.keys().map(|(_, month)| *month).collect();
    let mut table = String::from(r#"<div class="scroll"><table><thead><tr><th>Month</th>"#);
    for currency in &currencies {
        let _ = write!(table, "<th>{currency}</th>");
    }
    table.push_str("</tr></thead><tbody>");
    for month in months {
        let _ = write!(table, "<tr><td>{}</td>", short(&month));
        for currency in &currencies {
            let amount = figures
                .months
                .get(&(*currency, month))
                .map_or_else(|| "–".to_owned(), |amount| grouped(*amount));
            let _ = write!(table, "<td>{amount}</td>");
        }
        table.push_str("</tr>");
    }
    table.push_str("</tbody></table></div>");
    card(
        "wide",
        "Revenue by month and currency",
        "Amounts in different currencies are never added.",
        &table,
    )
}

pub fn card(class: &str, title: &str, note: &str, content: &str) -> String {
    format!(
        r#"<section class="card {class}"><h2>{}</h2><p class="note">{}</p>{content}</section>"#,
        escape(title),
        escape(note)
    )
}

pub fn short((year, month): &Month) -> String {
    format!("{} {:02}", MONTHS[(*month as usize + 11) % 12], year % 100)
}

pub fn long((year, month): &Month) -> String {
    format!("{} {year}", MONTHS[(*month as usize + 11) % 12])
}

fn major(amount: Money) -> f64 {
    amount.minor() as f64 / 10_i64.pow(amount.currency().exponent()) as f64
}

fn money(amount: Money) -> String {
    format!("{} {}", amount.currency(), grouped(amount))
}

/// The number with a thin space between groups of three digits.
fn grouped(amount: Money) -> String {
    let text = amount.to_decimal().to_string();
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text.as_str(), String::new()), |(whole, rest)| {
            (whole, format!(".{rest}"))
        });
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("−", digits));
    format!("{sign}{}{fraction}", group(digits))
}

pub fn count(number: u64) -> String {
    group(&number.to_string())
}

fn group(digits: &str) -> String {
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

/// A short number for an axis: 1.2M, 350k, 40.
pub fn compact(value: f64) -> String {
    match value.abs() {
        size if size >= 1e6 => format!("{:.1}M", value / 1e6),
        size if size >= 1e3 => format!("{:.0}k", value / 1e3),
        _ => format!("{value:.0}"),
    }
}
