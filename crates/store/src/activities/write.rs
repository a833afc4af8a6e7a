use chrono::{DateTime, Utc};
use ecrm_core::{Activity, Code, Event, ExternalRef, OrderLine, ReturnKind};
use serde::{Deserialize, Serialize};

use crate::changes::{self, ChangeKind};
use crate::{Batch, Session, StoreError, Type, Value, json};

const INSERT_EVENT: &str = "INSERT INTO ecrm_activity_event
    (subject_id, valid_at, activity_id, recorded_at, is_guest, kind, source, corrects, order_id, channel, currency, amount, detail)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
const EVENT_WIDTH: usize = 13;

const INSERT_LINE: &str = "INSERT INTO ecrm_activity_line
    (subject_id, valid_at, activity_id, position, kind, sku, description, quantity, unit_price, currency, amount, cost,
     category, brand, availability, expected_on)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
const LINE_WIDTH: usize = 16;

/// What an order's row keeps beside its columns and lines.
#[derive(Serialize, Deserialize)]
pub(super) struct OrderDetail {
    pub(super) number: ExternalRef,
    pub(super) placed_at: DateTime<Utc>,
}

/// What a return's row keeps beside its columns and lines.
#[derive(Serialize, Deserialize)]
pub(super) struct ReturnDetail {
    pub(super) number: ExternalRef,
    pub(super) kind: ReturnKind,
}

/// Appends one activity. Lock the customer first where another event of the same customer may come at the same time.
///
/// # Errors
/// [`StoreError::is_unique_violation`] when an activity of this id is there already.
pub fn append(session: &mut dyn Session, activity: &Activity) -> Result<(), StoreError> {
    append_all(session, std::slice::from_ref(activity))
}

/// Appends one activity, unless one with its whole key is there already: then nothing is written, and the answer is false.
///
/// # Errors
/// Those of the database.
pub fn append_new(session: &mut dyn Session, activity: &Activity) -> Result<bool, StoreError> {
    let insert = format!("{INSERT_EVENT} ON CONFLICT (subject_id, valid_at, activity_id) DO NOTHING");
    if session.execute(&insert, &event_row(activity)?)? == 0 {
        return Ok(false);
    }
    append_lines(session, std::slice::from_ref(activity))?;
    note(session, activity)?;
    Ok(true)
}

/// Appends many activities: for imports.
///
/// # Errors
/// As [`append`]; use a savepoint or the host's transaction so that all or none are written.
pub fn append_all(session: &mut dyn Session, activities: &[Activity]) -> Result<(), StoreError> {
    insert(session, activities)?;
    let changed = activities
        .iter()
        .map(|activity| (activity.subject().id(), activity.recorded_at()));
    changes::note_all(session, ChangeKind::Activity, changed)
}

/// Appends activities of one subject, for a consumer of changes who takes them into account in the same transaction: they are noted for
/// all others only.
///
/// # Errors
/// As [`append`], and [`StoreError::is_invalid_input`] where they are of several subjects.
pub fn append_for(session: &mut dyn Session, activities: &[Activity], consumer: &str) -> Result<(), StoreError> {
    let Some(last) = activities.last() else { return Ok(()) };
    let subject = last.subject().id();
    if activities.iter().any(|activity| activity.subject().id() != subject) {
        return Err(StoreError::invalid_input(
            "the activities are of several subjects; append those of each alone",
        ));
    }
    insert(session, activities)?;
    let writes = u32::try_from(activities.len()).unwrap_or(u32::MAX);
    changes::note_others(
        session,
        consumer,
        (subject, ChangeKind::Activity, writes),
        last.recorded_at(),
    )
}

fn insert(session: &mut dyn Session, activities: &[Activity]) -> Result<(), StoreError> {
    let mut events = Batch::new(EVENT_WIDTH);
    for activity in activities {
        events.push(event_row(activity)?)?;
    }
    session.execute_many(INSERT_EVENT, &events)?;
    append_lines(session, activities)
}

fn append_lines(session: &mut dyn Session, activities: &[Activity]) -> Result<(), StoreError> {
    let mut lines = Batch::new(LINE_WIDTH);
    for activity in activities {
        for (position, line) in (1_u32..).zip(lines_of(activity.event())) {
            lines.push(line_row(activity, position, line))?;
        }
    }
    if !lines.is_empty() {
        session.execute_many(INSERT_LINE, &lines)?;
    }
    Ok(())
}

fn note(session: &mut dyn Session, activity: &Activity) -> Result<(), StoreError> {
    changes::note(
        session,
        activity.subject().id(),
        ChangeKind::Activity,
        activity.recorded_at(),
    )
}

fn event_row(activity: &Activity) -> Result<[Value<'_>; EVENT_WIDTH], StoreError> {
    let columns = columns(activity.event())?;
    Ok([
        activity.subject().id().into(),
        activity.valid_at().into(),
        activity.id().into(),
        activity.recorded_at().into(),
        activity.subject().customer().is_none().into(),
        activity.event().kind().into(),
        activity.source().as_str().into(),
        Value::or_null(activity.corrects(), Type::Uuid),
        columns.order,
        columns.channel,
        columns.currency,
        columns.amount,
        Value::json(columns.detail),
    ])
}

/// The columns of an event that depend on its kind.
struct EventColumns {
    order: Value<'static>,
    channel: Value<'static>,
    currency: Value<'static>,
    amount: Value<'static>,
    detail: String,
}

impl EventColumns {
    fn of<T: Serialize>(detail: &T) -> Result<Self, StoreError> {
        Ok(Self {
            order: Value::Null(Type::Uuid),
            channel: Value::Null(Type::Text),
            currency: Value::Null(Type::Text),
            amount: Value::Null(Type::Integer),
            detail: json::to_text(detail)?,
        })
    }

    fn with_total(self, total: ecrm_core::Money) -> Self {
        Self {
            currency: total.currency().code().into(),
            amount: total.minor().into(),
            ..self
        }
    }
}

fn columns(event: &Event) -> Result<EventColumns, StoreError> {
    Ok(match event {
        Event::Order(order) => {
            let detail = OrderDetail {
                number: order.number().clone(),
                placed_at: order.placed_at(),
            };
            let columns = EventColumns::of(&detail)?.with_total(order.total());
            EventColumns {
                order: order.id().into(),
                channel: order.channel().code().into(),
                ..columns
            }
        }
        Event::Return(returned) => {
            let detail = ReturnDetail {
                number: returned.number().clone(),
                kind: returned.kind(),
            };
            let columns = EventColumns::of(&detail)?.with_total(returned.total());
            EventColumns {
                order: Value::or_null(returned.order(), Type::Uuid),
                ..columns
            }
        }
        Event::OrderStatus(progress) => EventColumns {
            order: progress.order.into(),
            ..EventColumns::of(event)?
        },
        Event::Visit(visit) => EventColumns {
            channel: visit.channel().code().into(),
            ..EventColumns::of(event)?
        },
        Event::Contact(contact) => EventColumns {
            channel: contact.channel().code().into(),
            ..EventColumns::of(event)?
        },
        other => EventColumns::of(other)?,
    })
}

fn lines_of(event: &Event) -> &[OrderLine] {
    match event {
        Event::Order(order) => order.lines(),
        Event::Return(returned) => returned.lines(),
        _ => &[],
    }
}

fn line_row<'a>(activity: &Activity, position: u32, line: &'a OrderLine) -> [Value<'a>; LINE_WIDTH] {
    [
        activity.subject().id().into(),
        activity.valid_at().into(),
        activity.id().into(),
        position.into(),
        line.kind().code().into(),
        line.sku().into(),
        line.description().into(),
        line.quantity().micros().into(),
        line.unit_price().micros().into(),
        line.amount().currency().code().into(),
        line.amount().minor().into(),
        Value::or_null(line.cost().map(ecrm_core::Money::minor), Type::Integer),
        Value::or_null(line.category(), Type::Text),
        Value::or_null(line.brand(), Type::Text),
        line.availability().code().into(),
        Value::or_null(line.availability().expected().map(|day| day.to_string()), Type::Text),
    ]
}
