//! Instants at which an answer may change: everything that is known or named, moved by every span that is named.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use ecrm_core::{AttributeValue, Event, PageView, Search};
use ecrm_segmentation::History;
use ecrm_segmentation::criteria::Criteria;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use crate::oracle::Time;
use crate::trees::NOW;

/// Which of the edges, and on which side of it.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    of_calendar: bool,
    base: Index,
    span: Index,
    times: i32,
    micros: i64,
}

pub(crate) fn choice() -> impl Strategy<Value = Choice> {
    let times = prop_oneof![2 => Just(0), 4 => Just(1), 2 => Just(-1), 1 => 2..7];
    (
        proptest::bool::weighted(0.15),
        any::<Index>(),
        any::<Index>(),
        times,
        -1_i64..=1,
    )
        .prop_map(|(of_calendar, base, span, times, micros)| Choice {
            of_calendar,
            base,
            span,
            times,
            micros,
        })
}

/// The edges of criteria and a customer.
pub(crate) struct Edges {
    times: Vec<DateTime<Utc>>,
    spans: Vec<i64>,
    zone: Tz,
}

impl Edges {
    pub(crate) fn of(criteria: &Criteria, history: &History, zone: Tz) -> Self {
        let mut edges = Self {
            times: vec![NOW],
            // The other segments of the catalogue look at so many days.
            spans: vec![TimeDelta::days(90).num_microseconds().unwrap()],
            zone,
        };
        edges.add_history(history);
        edges.add_json(&serde_json::to_value(criteria).unwrap());
        edges
    }

    /// An edge, or the microsecond beside it.
    pub(crate) fn choose(&self, choice: &Choice) -> DateTime<Utc> {
        let base = if choice.of_calendar {
            let days = i64::try_from(choice.base.index(1_200)).unwrap() - 600;
            self.start_of(NOW.date_naive() + TimeDelta::days(days))
        } else {
            *choice.base.get(&self.times)
        };
        let span = i64::from(choice.times) * choice.span.get(&self.spans);
        base + TimeDelta::microseconds(span + choice.micros)
    }

    fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        Time::new(self.zone, NOW).start(day)
    }

    /// A day begins in the zone, and comes again every year; it may become the day after.
    fn add_day(&mut self, day: NaiveDate) {
        use chrono::Datelike;
        for year in [day.year(), 2025, 2026, 2027, 2028] {
            let again = day
                .with_year(year)
                .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
                .unwrap();
            for day in [again, again.succ_opt().unwrap()] {
                self.times.push(self.start_of(day));
            }
        }
    }

    fn add_history(&mut self, history: &History) {
        self.times.push(history.customer.registered_at());
        for activity in &history.activities {
            self.times.push(activity.valid_at());
            if let Event::Visit(visit) = activity.event() {
                self.times.extend(visit.pages().iter().map(PageView::at));
                self.times.extend(visit.searches().iter().map(Search::at));
            }
        }
        for version in &history.attributes {
            self.times.push(version.valid_at());
            match version.value() {
                Some(AttributeValue::Date(day)) => self.add_day(*day),
                Some(AttributeValue::Instant(instant)) => self.times.push(*instant),
                _ => {}
            }
        }
        for entry in &history.consents {
            self.times.push(entry.valid_at());
            self.times.extend(entry.expires_at());
        }
        for suppressed in &history.suppressed {
            self.times.push(suppressed.from);
            self.times.extend(suppressed.until);
        }
    }

    /// Whole numbers of a tree are spans, or so small that it does no harm to take them for one.
    fn add_json(&mut self, tree: &Value) {
        match tree {
            Value::Number(number) => self.spans.extend(number.as_i64()),
            Value::String(text) => {
                if let Ok(instant) = text.parse::<DateTime<Utc>>() {
                    self.times.push(instant);
                } else if let Ok(day) = text.parse::<NaiveDate>() {
                    self.add_day(day);
                }
            }
            Value::Array(parts) => parts.iter().for_each(|part| self.add_json(part)),
            Value::Object(parts) => parts.values().for_each(|part| self.add_json(part)),
            Value::Null | Value::Bool(_) => {}
        }
    }
}
