//! The few charts that the report needs, as SVG that follows the page's colours.

use std::fmt::Write as _;

/// Text that is safe inside XML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// One column of a bar chart: its label, the parts stacked in it, and what a pointer is told.
pub struct Column {
    pub label: String,
    pub parts: Vec<f64>,
    pub hint: String,
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 64.0;
const BOTTOM: f64 = 34.0;
const TOP: f64 = 12.0;

/// Columns of stacked parts, from zero up; columns below zero hang from the axis.
pub fn columns(title: &str, columns: &[Column], tick: &dyn Fn(f64) -> String) -> String {
    let top = columns
        .iter()
        .map(|column| column.parts.iter().sum::<f64>())
        .fold(0.0, f64::max);
    let low = columns
        .iter()
        .map(|column| column.parts.iter().sum::<f64>())
        .fold(0.0, f64::min);
    let step = nice_step((top - low).max(1.0) / 4.0);
    let (high, low) = ((top / step).ceil() * step, (low / step).floor() * step);
    let span = (high - low).max(step);
    let y = |value: f64| TOP + (high - value) / span * (HEIGHT - TOP - BOTTOM);
    let mut svg = open(title);
    let mut line = low;
    while line <= high + step / 2.0 {
        let at = y(line);
        let _ = write!(
            svg,
            r#"<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{at:.1}" y2="{at:.1}"/>"#
        );
        let _ = write!(
            svg,
            r#"<text class="tick" x="{:.1}" y="{:.1}" text-anchor="end">{}</text>"#,
            LEFT - 8.0,
            at + 4.0,
            escape(&tick(line))
        );
        line += step;
    }
    let slot = (WIDTH - LEFT) / columns.len().max(1) as f64;
    let every = (columns.len() / 13 + 1).max(1);
    for (index, column) in columns.iter().enumerate() {
        let x = LEFT + slot * index as f64 + slot * 0.12;
        let mut from = 0.0;
        let _ = write!(svg, "<g><title>{}</title>", escape(&column.hint));
        for (part, value) in column.parts.iter().enumerate() {
            let (above, below) = (y(f64::max(from, from + value)), y(f64::min(from, from + value)));
            let _ = write!(
                svg,
                r#"<rect class="part{part}" x="{x:.1}" y="{above:.1}" width="{:.1}" height="{:.1}" rx="2"/>"#,
                slot * 0.76,
                (below - above).max(0.0)
            );
            from += value;
        }
        svg.push_str("</g>");
        if index % every == 0 {
            let _ = write!(
                svg,
                r#"<text class="tick" x="{:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
                x + slot * 0.38,
                HEIGHT - 12.0,
                escape(&column.label)
            );
        }
    }
    svg + "</svg>"
}

/// A grid of weekdays and hours; the darker a field, the more orders.
pub fn heat_map(title: &str, rows: &[(&str, [u64; 24])]) -> String {
    let most = rows
        .iter()
        .flat_map(|(_, hours)| hours)
        .copied()
        .max()
        .unwrap_or(0)
        .max(1) as f64;
    let (left, cell, gap) = (48.0, 27.0, 3.0);
    let height = rows.len() as f64 * cell + 30.0;
    let mut svg = format!(
        r#"<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{}">"#,
        escape(title)
    );
    for (row, (name, hours)) in rows.iter().enumerate() {
        let y = row as f64 * cell;
        let _ = write!(
            svg,
            r#"<text class="tick" x="{:.1}" y="{:.1}" text-anchor="end">{name}</text>"#,
            left - 8.0,
            y + 17.0
        );
        for (hour, &orders) in hours.iter().enumerate() {
            let strength = (orders as f64 / most).sqrt();
            let opacity = if orders == 0 { 0.04 } else { 0.12 + 0.88 * strength };
            let _ = write!(
                svg,
                r#"<rect class="part0" x="{:.1}" y="{y:.1}" width="{:.1}" height="{:.1}" rx="3" fill-opacity="{opacity:.2}"><title>{name} {hour}:00 — {orders} orders</title></rect>"#,
                left + hour as f64 * 28.0,
                28.0 - gap,
                cell - gap
            );
        }
    }
    for hour in (0..24).step_by(3) {
        let _ = write!(
            svg,
            r#"<text class="tick" x="{:.1}" y="{:.1}" text-anchor="middle">{hour}</text>"#,
            left + f64::from(hour) * 28.0 + 12.5,
            height - 8.0
        );
    }
    svg + "</svg>"
}

/// A curve from 0 to 100 % on both axes, with the diagonal of perfect equality.
pub fn share_curve(title: &str, points: &[(f64, f64)]) -> String {
    let (width, height) = (WIDTH - LEFT - 8.0, HEIGHT + 60.0 - TOP - BOTTOM);
    let place = |(x, y): (f64, f64)| (LEFT + x * width, TOP + (1.0 - y) * height);
    let mut svg = format!(
        r#"<svg viewBox="0 0 {WIDTH} {}" role="img" aria-label="{}">"#,
        HEIGHT + 60.0,
        escape(title)
    );
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let (x, y) = place((share, share));
        let _ = write!(
            svg,
            r#"<line class="grid" x1="{LEFT}" x2="{:.1}" y1="{y:.1}" y2="{y:.1}"/>"#,
            LEFT + width
        );
        let _ = write!(
            svg,
            r#"<text class="tick" x="{:.1}" y="{:.1}" text-anchor="end">{:.0} %</text>"#,
            LEFT - 8.0,
            y + 4.0,
            share * 100.0
        );
        let _ = write!(
            svg,
            r#"<text class="tick" x="{:.1}" y="{:.1}" text-anchor="middle">{:.0} %</text>"#,
            x.min(WIDTH - 22.0),
            HEIGHT + 48.0,
            share * 100.0
        );
    }
    let ((x1, y1), (x2, y2)) = (place((0.0, 0.0)), place((1.0, 1.0)));
    let _ = write!(
        svg,
        r#"<line class="even" x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}"/>"#
    );
    let path: Vec<String> = points
        .iter()
        .map(|&point| {
            let (x, y) = place(point);
            format!("{x:.1},{y:.1}")
        })
        .collect();
    let _ = write!(
        svg,
        r#"<polygon class="area" points="{x1:.1},{y1:.1} {} {x2:.1},{y1:.1}"/>"#,
        path.join(" ")
    );
    let _ = write!(svg, r#"<polyline class="curve" points="{}"/>"#, path.join(" "));
    svg + "</svg>"
}

fn open(title: &str) -> String {
    format!(
        r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}">"#,
        escape(title)
    )
}

/// The next larger of 1, 2, 2.5, 5 times a power of ten.
fn nice_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough)
        .unwrap_or(10.0 * power)
}
