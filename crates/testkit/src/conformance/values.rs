//! What is written is what is read.

use chrono::{DateTime, Utc};
use ecrm_store::{FromValue, Session, SessionExt, StoreErrorKind, Type, Value};
use uuid::Uuid;

use super::Database;
use super::cases;
use super::check::{Outcome, SECRET, committed, create, ensure, refused, same};

cases![
    every_type_comes_back_as_it_was_written,
    a_null_of_every_type_comes_back_as_no_value,
    text_of_every_script_comes_back_byte_by_byte,
    empty_is_not_null,
    blobs_keep_every_byte_and_a_megabyte_of_them,
    integers_keep_their_extremes,
    floating_point_numbers_keep_their_value,
    instants_are_kept_to_the_microsecond_before_1970_too,
    text_with_u0000_is_refused,
    a_number_that_is_none_is_refused,
    json_is_kept_as_it_was_written,
    a_column_of_another_type_is_a_type_mismatch,
    a_null_where_a_value_is_expected_is_a_type_mismatch,
];

const TABLE: &str = "CREATE TABLE sample (id {integer} PRIMARY KEY, a_blob {blob}, a_boolean {boolean}, an_integer {integer}, \
    a_json {json}, a_real {real}, a_text {text}, a_uuid {uuid})";

const TYPES: [(&str, Type); 7] = [
    ("a_blob", Type::Blob),
    ("a_boolean", Type::Boolean),
    ("an_integer", Type::Integer),
    ("a_json", Type::Json),
    ("a_real", Type::Real),
    ("a_text", Type::Text),
    ("a_uuid", Type::Uuid),
];

fn every_type_comes_back_as_it_was_written(database: &dyn Database) -> Outcome {
    table(database)?;
    let uuid = Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
    same(
        "a blob",
        round_trip(database, "a_blob", vec![1, 2, 3].into())?,
        vec![1_u8, 2, 3],
    )?;
    same("true", round_trip(database, "a_boolean", true.into())?, true)?;
    same("false", round_trip(database, "a_boolean", false.into())?, false)?;
    same("an integer", round_trip(database, "an_integer", 42_i64.into())?, 42_i64)?;
    same("a real", round_trip(database, "a_real", 2.5.into())?, 2.5)?;
    same(
        "a text",
        round_trip(database, "a_text", "shoe".into())?,
        "shoe".to_owned(),
    )?;
    same("a UUID", round_trip(database, "a_uuid", uuid.into())?, uuid)
}

fn a_null_of_every_type_comes_back_as_no_value(database: &dyn Database) -> Outcome {
    table(database)?;
    for (column, kind) in TYPES {
        let null = Value::Null(kind);
        let is_null = match kind {
            Type::Blob => round_trip::<Option<Vec<u8>>>(database, column, null)?.is_none(),
            Type::Boolean => round_trip::<Option<bool>>(database, column, null)?.is_none(),
            Type::Integer => round_trip::<Option<i64>>(database, column, null)?.is_none(),
            Type::Real => round_trip::<Option<f64>>(database, column, null)?.is_none(),
            Type::Uuid => round_trip::<Option<Uuid>>(database, column, null)?.is_none(),
            Type::Json => round_trip::<Option<JsonText>>(database, column, null)?.is_none(),
            _ => round_trip::<Option<String>>(database, column, null)?.is_none(),
        };
        ensure(is_null, &format!("a NULL in {column} is read as no value"))?;
    }
    Ok(())
}

fn text_of_every_script_comes_back_byte_by_byte(database: &dyn Database) -> Outcome {
    table(database)?;
    let texts = [
        "Zoë Müller-Łukasiewicz",
        "e\u{301} is not \u{e9}",
        "שלום \u{202e}עולם\u{202c}",
        "مرحبا ١٢٣",
        "日本語の商品名",
        "👩‍👩‍👧‍👦 🏳️‍🌈",
        "\u{10ffff}\u{feff}\u{1}\u{7f}",
        "quote ' \" ` \\ % _ $1 ?1 :a @b ; --",
        " leading and trailing \t\r\n",
    ];
    for text in texts {
        same(
            "the text",
            round_trip::<String>(database, "a_text", text.into())?,
            text.to_owned(),
        )?;
    }
    Ok(())
}

fn empty_is_not_null(database: &dyn Database) -> Outcome {
    table(database)?;
    same(
        "the text",
        round_trip(database, "a_text", "".into())?,
        Some(String::new()),
    )?;
    same(
        "the blob",
        round_trip(database, "a_blob", Vec::new().into())?,
        Some(Vec::<u8>::new()),
    )
}

fn blobs_keep_every_byte_and_a_megabyte_of_them(database: &dyn Database) -> Outcome {
    table(database)?;
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    let megabyte: Vec<u8> = every_byte.iter().copied().cycle().take(1 << 20).collect();
    for blob in [vec![0], vec![0; 100], every_byte, megabyte] {
        let read: Vec<u8> = round_trip(database, "a_blob", blob.as_slice().into())?;
        ensure(
            read == blob,
            &format!("a blob of {} bytes comes back unchanged", blob.len()),
        )?;
    }
    Ok(())
}

fn integers_keep_their_extremes(database: &dyn Database) -> Outcome {
    table(database)?;
    for number in [i64::MIN, i64::MIN + 1, -1, 0, 1, 1 << 53, (1 << 53) + 1, i64::MAX] {
        same(
            "the integer",
            round_trip(database, "an_integer", number.into())?,
            number,
        )?;
    }
    Ok(())
}

fn floating_point_numbers_keep_their_value(database: &dyn Database) -> Outcome {
    table(database)?;
    let numbers = [
        -0.0,
        0.1 + 0.2,
        1.0,
        -3.0,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        f64::from_bits(1),
        f64::EPSILON,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1e23,
    ];
    for number in numbers {
        // SQLite keeps a whole number as an integer and so forgets the sign of zero: the value is promised, not the bits.
        same("the number", round_trip(database, "a_real", number.into())?, number)?;
    }
    Ok(())
}

fn instants_are_kept_to_the_microsecond_before_1970_too(database: &dyn Database) -> Outcome {
    table(database)?;
    let microseconds = [
        0,
        -1,
        1,
        -999_999,
        1_700_000_000_123_456,
        -62_135_596_800_000_000,
        253_402_300_799_999_999,
    ];
    for instant in microseconds
        .into_iter()
        .filter_map(DateTime::<Utc>::from_timestamp_micros)
    {
        same(
            "the instant",
            round_trip(database, "an_integer", instant.into())?,
            instant,
        )?;
    }
    Ok(())
}

fn text_with_u0000_is_refused(database: &dyn Database) -> Outcome {
    table(database)?;
    committed(database, |session| {
        for value in [Value::from("ada\0"), Value::json("{\"a\":\"\0\"}")] {
            let inserted = session.execute("INSERT INTO sample (id, a_text) VALUES (1, $1)", &[value]);
            refused(inserted, StoreErrorKind::InvalidInput)?;
        }
        // The statement was not sent, so that the transaction is usable on PostgreSQL as well.
        same("rows", session.query_value("SELECT count(*) FROM sample", &[])?, 0_i64)
    })
}

fn a_number_that_is_none_is_refused(database: &dyn Database) -> Outcome {
    table(database)?;
    committed(database, |session| {
        let inserted = session.execute("INSERT INTO sample (id, a_real) VALUES (1, $1)", &[f64::NAN.into()]);
        refused(inserted, StoreErrorKind::InvalidInput)?;
        Ok(())
    })
}

fn json_is_kept_as_it_was_written(database: &dyn Database) -> Outcome {
    table(database)?;
    for json in [
        "{\"b\": 1,  \"a\": [null, 1.50, \"\u{1f45f}\"], \"b\": 2}",
        "null",
        "[]",
        "\"\"",
    ] {
        same(
            "the JSON",
            round_trip::<JsonText>(database, "a_json", Value::json(json))?.0,
            json.to_owned(),
        )?;
    }
    Ok(())
}

fn a_column_of_another_type_is_a_type_mismatch(database: &dyn Database) -> Outcome {
    table(database)?;
    committed(database, |session| {
        write(session, "a_text", SECRET.into())?;
        refused(
            session.query_value::<i64>("SELECT a_text FROM sample", &[]),
            StoreErrorKind::TypeMismatch,
        )?;
        refused(
            session.query_value::<f64>("SELECT a_text FROM sample", &[]),
            StoreErrorKind::TypeMismatch,
        )?;
        refused(
            session.query_value::<bool>("SELECT a_text FROM sample", &[]),
            StoreErrorKind::TypeMismatch,
        )?;
        refused(
            session.query_value::<Uuid>("SELECT a_text FROM sample", &[]),
            StoreErrorKind::TypeMismatch,
        )?;
        refused(
            session.query_value::<Vec<u8>>("SELECT a_text FROM sample", &[]),
            StoreErrorKind::TypeMismatch,
        )?;
        refused(
            session.query_value::<String>("SELECT id FROM sample", &[]),
            StoreErrorKind::TypeMismatch,
        )?;
        let beyond = session.query_first("SELECT id FROM sample", &[], |row| row.get::<i64>(1));
        refused(beyond, StoreErrorKind::TypeMismatch)?;
        same(
            "the same row read rightly",
            session.query_value("SELECT id FROM sample", &[])?,
            1_i64,
        )
    })
}

fn a_null_where_a_value_is_expected_is_a_type_mismatch(database: &dyn Database) -> Outcome {
    table(database)?;
    committed(database, |session| {
        write(session, "a_text", Value::Null(Type::Text))?;
        refused(
            session.query_value::<String>("SELECT a_text FROM sample", &[]),
            StoreErrorKind::TypeMismatch,
        )?;
        Ok(())
    })
}

fn table(database: &dyn Database) -> Outcome {
    committed(database, |session| create(session, &[TABLE]))
}

/// Writes a value into a column and reads it back, after the commit and on another connection.
fn round_trip<T: FromValue>(database: &dyn Database, column: &str, value: Value<'_>) -> Outcome<T> {
    committed(database, |session| write(session, column, value))?;
    committed(database, |session| {
        Ok(session.query_value(&format!("SELECT {column} FROM sample WHERE id = 1"), &[])?)
    })
}

fn write(session: &mut dyn Session, column: &str, value: Value<'_>) -> Outcome {
    session.execute("DELETE FROM sample", &[])?;
    session.execute(&format!("INSERT INTO sample (id, {column}) VALUES (1, $1)"), &[value])?;
    Ok(())
}

/// JSON, read as its text.
struct JsonText(String);

impl FromValue for JsonText {
    const TYPE: Type = Type::Json;

    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Json(text) => Some(Self(text.into_owned())),
            _ => None,
        }
    }
}
