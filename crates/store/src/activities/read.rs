use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use ecrm_core::{
    Activity, ActivityId, Availability, Channel, Code, Currency, Event, Id, LineKind, Money, Order, OrderId, OrderLine,
    Quantity, Return, Source, Subject, SubjectId, UnitPrice,
};
use uuid::Uuid;

use super::write::{OrderDetail, ReturnDetail};
use crate::json::{self, unreadable_value as unreadable};
use crate::{Row, Session, SessionExt, StoreError, Value};

/// Events with their lines, one row a line, in the order in which things happened to each customer.
const EVENTS_WITH_LINES: &str =
    "SELECT e.subject_id, e.valid_at, e.activity_id, e.recorded_at, e.is_guest, e.kind, e.source,
        e.corrects, e.order_id, e.channel, e.detail,
        l.kind, l.sku, l.description, l.quantity, l.unit_price, l.currency, l.amount, l.cost,
        l.category, l.brand, l.availability, l.expected_on
    FROM ecrm_activity_event e
    LEFT JOIN ecrm_activity_line l
        ON l.subject_id = e.subject_id AND l.valid_at = e.valid_at AND l.activity_id = e.activity_id";

const IN_ORDER: &str = "ORDER BY e.subject_id, e.valid_at, e.activity_id, l.position";

/// The column of [`EVENTS_WITH_LINES`] at which the line begins.
const LINE: usize = 11;

/// Hands every activity to `on_activity`: customer by customer, and for each in the order in which things happened. Memory does
/// not grow with their number.
///
/// # Errors
/// Those of the database, and whatever `on_activity` returns.
pub fn for_each(
    session: &mut dyn Session,
    on_activity: &mut dyn FnMut(Activity) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    stream(session, &format!("{EVENTS_WITH_LINES} {IN_ORDER}"), &[], on_activity)
}

/// Hands every activity of one customer or guest to `on_activity`, in the order in which things happened.
///
/// # Errors
/// Those of the database, and whatever `on_activity` returns.
pub fn of_subject(
    session: &mut dyn Session,
    subject: SubjectId,
    on_activity: &mut dyn FnMut(Activity) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    let sql = format!("{EVENTS_WITH_LINES} WHERE e.subject_id = $1 {IN_ORDER}");
    stream(session, &sql, &[subject.into()], on_activity)
}

/// Hands every activity of the customers and guests from one id to another, both included, to `on_activity`: one after the other, and
/// for each in the order in which things happened.
///
/// # Errors
/// Those of the database, and whatever `on_activity` returns.
pub fn between(
    session: &mut dyn Session,
    (first, last): (SubjectId, SubjectId),
    on_activity: &mut dyn FnMut(Activity) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    let sql = format!("{EVENTS_WITH_LINES} WHERE e.subject_id >= $1 AND e.subject_id <= $2 {IN_ORDER}");
    stream(session, &sql, &[first.into(), last.into()], on_activity)
}

/// One activity, by its whole key.
///
/// # Errors
/// Those of the database.
pub fn find(
    session: &mut dyn Session,
    subject: SubjectId,
    valid_at: DateTime<Utc>,
    id: ActivityId,
) -> Result<Option<Activity>, StoreError> {
    let sql =
        format!("{EVENTS_WITH_LINES} WHERE e.subject_id = $1 AND e.valid_at = $2 AND e.activity_id = $3 {IN_ORDER}");
    let mut found = None;
    stream(
        session,
        &sql,
        &[subject.into(), valid_at.into(), id.into()],
        &mut |activity| {
            found = Some(activity);
            Ok(ControlFlow::Break(()))
        },
    )?;
    Ok(found)
}

/// The orders of a subject up to an instant that have at least a quantity of a product, the latest first: candidates for what a
/// cancellation or return without an order number refers to.
///
/// # Errors
/// Those of the database.
pub fn find_orders_with(
    session: &mut dyn Session,
    subject: SubjectId,
    sku: &str,
    quantity: Quantity,
    until: DateTime<Utc>,
) -> Result<Vec<OrderId>, StoreError> {
    session.query_all(
        "SELECT e.order_id, e.valid_at, e.activity_id
         FROM ecrm_activity_event e JOIN ecrm_activity_line l
             ON l.subject_id = e.subject_id AND l.valid_at = e.valid_at AND l.activity_id = e.activity_id
         WHERE e.subject_id = $1 AND e.valid_at <= $2 AND e.kind = 'order' AND l.sku = $3
         GROUP BY e.order_id, e.valid_at, e.activity_id
         HAVING sum(l.quantity) >= $4
         ORDER BY e.valid_at DESC, e.activity_id DESC",
        &[subject.into(), until.into(), sku.into(), quantity.micros().into()],
        |row| row.get(0),
    )
}

fn stream(
    session: &mut dyn Session,
    sql: &str,
    parameters: &[Value<'_>],
    on_activity: &mut dyn FnMut(Activity) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    let mut open: Option<OpenActivity> = None;
    let mut stopped = false;
    session.query(sql, parameters, &mut |row| {
        let id = row.get::<ActivityId>(2)?;
        if open.as_ref().is_none_or(|activity| activity.id != id) {
            if let Some(finished) = open.take() {
                stopped = on_activity(finished.finish()?)?.is_break();
                if stopped {
                    return Ok(ControlFlow::Break(()));
                }
            }
            open = Some(OpenActivity::read(row)?);
        }
        if let (Some(activity), Some(line)) = (open.as_mut(), read_line(row)?) {
            activity.lines.push(line);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    match open {
        Some(last) if !stopped => on_activity(last.finish()?).map(|_| ()),
        _ => Ok(()),
    }
}

/// An activity of which more lines may come.
struct OpenActivity {
    id: ActivityId,
    subject: Subject,
    valid_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    kind: String,
    source: Source,
    corrects: Option<ActivityId>,
    order: Option<OrderId>,
    channel: Option<String>,
    detail: String,
    lines: Vec<OrderLine>,
}

impl OpenActivity {
    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let subject: Uuid = row.get(0)?;
        let is_guest: bool = row.get(4)?;
        Ok(Self {
            id: row.get(2)?,
            subject: if is_guest {
                Subject::Guest(Id::from_uuid(subject))
            } else {
                Subject::Customer(Id::from_uuid(subject))
            },
            valid_at: row.get(1)?,
            recorded_at: row.get(3)?,
            kind: row.get(5)?,
            source: Source::new(&row.text(6)?).map_err(unreadable)?,
            corrects: row.get(7)?,
            order: row.get(8)?,
            channel: row.get(9)?,
            detail: row.json(10)?.into_owned(),
            lines: Vec::new(),
        })
    }

    fn finish(self) -> Result<Activity, StoreError> {
        let event = match self.kind.as_str() {
            "order" => Event::Order(self.order(json::from_text(&self.detail)?)?),
            "return" => Event::Return(self.returned(json::from_text(&self.detail)?)?),
            _ => json::from_text(&self.detail)?,
        };
        let activity = Activity::new(
            self.id,
            self.subject,
            self.valid_at,
            self.recorded_at,
            self.source,
            event,
        );
        Ok(match self.corrects {
            Some(earlier) => activity.correcting(earlier),
            None => activity,
        })
    }

    fn order(&self, detail: OrderDetail) -> Result<Order, StoreError> {
        let id = self.order.ok_or_else(|| json::unreadable("an order without its id"))?;
        let channel = self.channel.as_deref().unwrap_or_default();
        let channel = Channel::from_code(channel).map_err(unreadable)?;
        Order::new(id, detail.number, detail.placed_at, channel, self.lines.clone()).map_err(unreadable)
    }

    fn returned(&self, detail: ReturnDetail) -> Result<Return, StoreError> {
        let returned = Return::new(detail.number, detail.kind, self.lines.clone()).map_err(unreadable)?;
        Ok(match self.order {
            Some(order) => returned.of_order(order),
            None => returned,
        })
    }
}

/// The line in a row, unless its event has none.
fn read_line(row: &Row<'_>) -> Result<Option<OrderLine>, StoreError> {
    let Some(kind) = row.get::<Option<String>>(LINE)? else {
        return Ok(None);
    };
    let currency: Currency = row.text(LINE + 5)?.parse().map_err(unreadable)?;
    let amount = Money::from_minor(row.get(LINE + 6)?, currency);
    let cost = row
        .get::<Option<i64>>(LINE + 7)?
        .map(|minor| Money::from_minor(minor, currency));
    let (category, brand) = (
        row.get::<Option<String>>(LINE + 8)?,
        row.get::<Option<String>>(LINE + 9)?,
    );
    let expected = row.get::<Option<String>>(LINE + 11)?;
    let expected = expected
        .map(|day| day.parse())
        .transpose()
        .map_err(|_| json::unreadable("an expected day"))?;
    let availability = Availability::from_code(&row.text(LINE + 10)?, expected).map_err(unreadable)?;
    let mut line = OrderLine::of(
        LineKind::from_code(&kind).map_err(unreadable)?,
        &row.text(LINE + 1)?,
        &row.text(LINE + 2)?,
        Quantity::from_micros(row.get(LINE + 3)?),
        UnitPrice::from_micros(row.get(LINE + 4)?, currency),
    )
    .and_then(|line| line.with_amount(amount))
    .map_err(unreadable)?
    .with_availability(availability);
    if let Some(cost) = cost {
        line = line.with_cost(cost).map_err(unreadable)?;
    }
    if let Some(category) = category {
        line = line.with_category(&category).map_err(unreadable)?;
    }
    if let Some(brand) = brand {
        line = line.with_brand(&brand).map_err(unreadable)?;
    }
    Ok(Some(line))
}
