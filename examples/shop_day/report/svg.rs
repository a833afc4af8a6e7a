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

/// How wide a chart is drawn; the page scales it to its card.
#[derive(Clone, Copy)]
pub enum Width {
    Full,
    Half,
}

impl Width {
    fn units(self) -> f64 {
        match self {
            Self::Full => 1000.0,
            Self::Half => 480.0,
        }
    }
}

const HEIGHT: f64 = 260.0;
const LEFT: f64 = 64.0;
const BOTTOM: f64 = 34.0;
const TOP: f64 = 12.0;

/// Columns of stacked parts, from zero up; columns below zero hang from the axis.
pub fn columns(title: &str, width: Width, columns: &[Column], tick: &dyn Fn(f64) -> String) -> String {
    let width = width.units();
    let scale = Scale::over(columns);
    let mut svg = open(title, width, HEIGHT);
    for value in scale.ticks() {
        let y = scale.place(value);
        let _ = write!(
            svg,
            r#"<line class="grid" x1="{LEFT}" x2="{width}" y1="{y:.1}" y2="{y:.1}"/>"#
        );
        svg.push_str(&label(LEFT - 8.0, y + 4.0, "end", &tick(value)));
    }
    let slot = (width - LEFT) / columns.len().max(1) as f64;
    // A label needs about 70 units.
    let every = (70.0 / slot).ceil().max(1.0) as usize;
    for (index, column) in columns.iter().enumerate() {
        let x = LEFT + slot * (index as f64 + 0.12);
        svg.push_str(&stack(column, x, slot * 0.76, &scale));
        if index % every == 0 {
            // On a telephone there is room for every third label of a full-width chart.
            let label = if index % (3 * every) == 0 {
                label
            } else {
                label_with_room
            };
            svg.push_str(&label(x + slot * 0.38, HEIGHT - 12.0, "middle", &column.label));
        }
    }
    svg + "</svg>"
}

/// Small columns, without an axis, but with their values. What does not fit is left out, but never the last.
pub fn small_columns(title: &str, columns: &[Column], tick: &dyn Fn(f64) -> String) -> String {
    let (width, height, top, foot) = (Width::Half.units(), 104.0, 20.0, 80.0);
    let value = |column: &Column| column.parts.iter().sum::<f64>();
    let most = columns.iter().map(value).fold(1.0, f64::max);
    let mut svg = open(title, width, height);
    // A few columns are no wider than many.
    let slot = width / columns.len().max(6) as f64;
    // The name of a month needs about 75 units on a telephone, a value 32 on a wide screen.
    let every = (75.0 / slot).ceil().max(1.0) as usize;
    let has_room = slot >= 32.0;
    for (index, column) in columns.iter().enumerate() {
        let (x, tall) = (slot * (index as f64 + 0.08), value(column) / most * (foot - top));
        let (y, w, middle) = (foot - tall, slot * 0.84, slot * (index as f64 + 0.5));
        let _ = write!(
            svg,
            r#"<g><title>{}</title><rect class="part0" x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{tall:.1}" rx="2"/></g>"#,
            escape(&column.hint)
        );
        let is_named = (columns.len() - 1 - index).is_multiple_of(every);
        let amount = tick(value(column));
        if is_named {
            svg.push_str(&label(middle, y - 5.0, "middle", &amount));
            svg.push_str(&label(middle, height - 6.0, "middle", &column.label));
        } else if has_room {
            svg.push_str(&label_with_room(middle, y - 5.0, "middle", &amount));
        }
    }
    let _ = write!(
        svg,
        r#"<line class="grid" x1="0" x2="{width}" y1="{foot}" y2="{foot}"/>"#
    );
    svg + "</svg>"
}

fn stack(column: &Column, x: f64, width: f64, scale: &Scale) -> String {
    let mut svg = format!("<g><title>{}</title>", escape(&column.hint));
    let mut from = 0.0;
    for (part, value) in column.parts.iter().enumerate() {
        let (top, foot) = (
            scale.place(f64::max(from, from + value)),
            scale.place(f64::min(from, from + value)),
        );
        let height = foot - top;
        let _ = write!(
            svg,
            r#"<rect class="part{part}" x="{x:.1}" y="{top:.1}" width="{width:.1}" height="{height:.1}" rx="2"/>"#
        );
        from += value;
    }
    svg + "</g>"
}

/// A vertical axis with round ticks that has room for every column.
struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    fn over(columns: &[Column]) -> Self {
        let sums = || columns.iter().map(|column| column.parts.iter().sum::<f64>());
        let (top, bottom) = (sums().fold(0.0, f64::max), sums().fold(0.0, f64::min));
        let step = nice_step((top - bottom).max(1.0) / 4.0);
        let high = ((top / step).ceil() * step).max(step);
        Self {
            low: (bottom / step).floor() * step,
            high,
            step,
        }
    }

    fn ticks(&self) -> impl Iterator<Item = f64> + '_ {
        let count = ((self.high - self.low) / self.step).round() as u32;
        (0..=count).map(|index| self.low + f64::from(index) * self.step)
    }

    fn place(&self, value: f64) -> f64 {
        TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)
    }
}

/// A grid of weekdays and hours; the stronger a field, the more orders.
pub fn heat_map(title: &str, width: Width, rows: &[(&str, [u64; 24])]) -> String {
    let width = width.units();
    let most = rows
        .iter()
        .flat_map(|(_, hours)| hours)
        .copied()
        .max()
        .unwrap_or(0)
        .max(1) as f64;
    let left = 44.0;
    let (cell_width, cell_height, gap) = ((width - left) / 24.0, 32.0, 3.0);
    let height = rows.len() as f64 * cell_height + 26.0;
    let mut svg = open(title, width, height);
    for (row, (name, hours)) in rows.iter().enumerate() {
        let y = row as f64 * cell_height;
        svg.push_str(&label(left - 8.0, y + 20.0, "end", name));
        for (hour, &orders) in hours.iter().enumerate() {
            let opacity = if orders == 0 {
                0.05
            } else {
                0.15 + 0.85 * (orders as f64 / most).sqrt()
            };
            let x = left + hour as f64 * cell_width;
            let (w, h) = (cell_width - gap, cell_height - gap);
            let _ = write!(
                svg,
                r#"<rect class="part0" x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}" rx="3" fill-opacity="{opacity:.2}"><title>{name} {hour}:00, {orders} orders</title></rect>"#
            );
        }
    }
    for hour in (0..24_u8).step_by(3) {
        let x = left + (f64::from(hour) + 0.5) * cell_width;
        svg.push_str(&label(x, height - 6.0, "middle", &hour.to_string()));
    }
    svg + "</svg>"
}

/// A curve from 0 to 100 % on both axes, with the diagonal of perfect equality.
pub fn share_curve(title: &str, width: Width, points: &[(f64, f64)]) -> String {
    let (whole, height) = (width.units(), 400.0);
    let (inner_width, inner_height) = (whole - LEFT - 16.0, height - TOP - BOTTOM);
    let place = |(x, y): (f64, f64)| (LEFT + x * inner_width, TOP + (1.0 - y) * inner_height);
    let mut svg = open(title, whole, height);
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let (x, y) = place((share, share));
        let right = LEFT + inner_width;
        let _ = write!(
            svg,
            r#"<line class="grid" x1="{LEFT}" x2="{right:.1}" y1="{y:.1}" y2="{y:.1}"/>"#
        );
        let percent = format!("{:.0} %", share * 100.0);
        svg.push_str(&label(LEFT - 8.0, y + 4.0, "end", &percent));
        svg.push_str(&label(x.min(whole - 24.0), height - 10.0, "middle", &percent));
    }
    let ((x1, y1), (x2, y2)) = (place((0.0, 0.0)), place((1.0, 1.0)));
    let _ = write!(
        svg,
        r#"<line class="even" x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}"/>"#
    );
    let path: Vec<String> = points
        .iter()
        .map(|&point| place(point))
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    let path = path.join(" ");
    let _ = write!(
        svg,
        r#"<polygon class="area" points="{x1:.1},{y1:.1} {path} {x2:.1},{y1:.1}"/>"#
    );
    let _ = write!(svg, r#"<polyline class="curve" points="{path}"/>"#);
    svg + "</svg>"
}

fn open(title: &str, width: f64, height: f64) -> String {
    format!(
        r#"<svg viewBox="0 0 {width} {height}" role="img" aria-label="{}">"#,
        escape(title)
    )
}

fn label(x: f64, y: f64, anchor: &str, text: &str) -> String {
    text_of_class("tick", (x, y), anchor, text)
}

/// A label for which there is no room on a telephone.
fn label_with_room(x: f64, y: f64, anchor: &str, text: &str) -> String {
    text_of_class("tick more", (x, y), anchor, text)
}

fn text_of_class(class: &str, (x, y): (f64, f64), anchor: &str, text: &str) -> String {
    format!(
        r#"<text class="{class}" x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{}</text>"#,
        escape(text)
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
