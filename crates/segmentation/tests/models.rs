//! Named models: what they say, what they become, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ecrm_segmentation::criteria::{Name, Value, orders};
use ecrm_segmentation::models::{self, Area, Axis, Domain, Model, ModelError, Range, Stage};
use ecrm_segmentation::{Catalogue, Zone};

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// A model of one axis, with these lines.
fn over(axis: &str, stages: &[&str]) -> Result<Model, ModelError> {
    format!("model m\naxis x: {axis}\n{}", stages.join("\n")).parse()
}

fn refusal(axis: &str, stages: &[&str]) -> String {
    over(axis, stages).unwrap_err().to_string()
}

/// The criteria of each stage.
fn criteria(model: &Model) -> Vec<String> {
    model
        .segments()
        .iter()
        .map(|(_, criteria)| criteria.to_string())
        .collect()
}

#[test]
fn the_models_that_come_along_share_out_everybody() {
    for (text, stages) in [(models::RFM, 9), (models::LIFECYCLE, 6)] {
        let model = Model::parse(text).unwrap();
        assert_eq!(model.stages().len(), stages);
        let segments = model.segments();
        assert_eq!(segments.len(), stages);
        Catalogue::new(Zone::UTC, segments).unwrap();
    }
}

#[test]
fn the_guide_shows_the_model_that_comes_along() {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/segmentation.md");
    assert!(std::fs::read_to_string(guide).unwrap().contains(models::LIFECYCLE));
}

#[test]
fn a_stage_becomes_ordinary_criteria() {
    let rfm = Model::parse(models::RFM).unwrap();
    let segments = rfm.segments();
    assert_eq!(segments[0].0.as_str(), "RFM: champions");
    assert_eq!(
        segments[0].1.to_string(),
        "metric.rfm.recency_score in (4, 5) and metric.rfm.frequency_score in (4, 5)"
    );
    assert_eq!(
        segments[8].1.to_string(),
        "not metric.rfm.recency_score in (1, 2, 3, 4, 5) or not metric.rfm.frequency_score in (1, 2, 3, 4, 5)"
    );
    let lifecycle = Model::parse(models::LIFECYCLE).unwrap();
    assert_eq!(
        criteria(&lifecycle)[..3],
        [
            "count(orders) = 0 or days since last(orders) is missing",
            "count(orders) = 1 and days since last(orders) < 90",
            "count(orders) >= 2 and days since last(orders) < 90",
        ]
    );
}

#[test]
fn ranges_mean_what_their_axis_has() {
    let whole = over(
        "distinct(lines.category)",
        &["a: x 0..1", "b: x from 2 to 5", "c: x 5", "d: x from 6"],
    )
    .unwrap();
    let value = "distinct(lines.category)";
    assert_eq!(
        criteria(&whole),
        [
            format!("{value} between 0 and 1"),
            format!("{value} >= 2 and {value} < 5"),
            format!("{value} = 5"),
            format!("{value} >= 6"),
        ]
    );
    let domain = over("attribute.stars in 1..3", &["a: x until 3", "b: x 3", "c: x missing"]).unwrap();
    assert_eq!(
        criteria(&domain),
        [
            "attribute.stars in (1, 2)",
            "attribute.stars = 3",
            "not attribute.stars in (1, 2, 3)",
        ]
    );
    let all = over("count(visits)", &["a: everyone"]).unwrap();
    assert_eq!(criteria(&all), ["everyone"]);
    let present = over("count(visits)", &["a: x present"]).unwrap();
    assert_eq!(criteria(&present), ["everyone"]);
    let known = over("metric.value.clv", &["a: x present", "b: x missing"]).unwrap();
    assert_eq!(
        criteria(&known),
        ["metric.value.clv is present", "metric.value.clv is missing"]
    );
}

#[test]
fn a_value_that_no_bound_compares_with_is_a_missing_one() {
    let money = over(
        "last(orders.amount)",
        &["a: x until 100 EUR", "b: x from 100 EUR", "c: x missing"],
    )
    .unwrap();
    assert_eq!(
        criteria(&money)[2],
        "not (last(orders.amount) < 100.00 EUR or last(orders.amount) >= 100.00 EUR)"
    );
    let attribute = over("attribute.size", &["a: x until 1.5 or x missing", "b: x from 1.5"]).unwrap();
    assert_eq!(
        criteria(&attribute)[0],
        "attribute.size < 1.5 or not (attribute.size < 1.5 or attribute.size >= 1.5)"
    );
}

#[test]
fn a_gap_is_told_with_a_point_in_it() {
    let gap = |axis, stages: &[&str]| refusal(axis, stages).replace("; add it to a stage", "");
    assert_eq!(
        gap("count(orders)", &["a: x 0..2", "b: x from 4"]),
        "nothing covers x 3"
    );
    assert_eq!(gap("count(orders)", &["a: x from 4"]), "nothing covers x 0");
    assert_eq!(gap("metric.a in 1..5", &["a: x 1..5"]), "nothing covers x missing");
    assert_eq!(
        gap("metric.a in -2..5", &["a: x -1..5", "b: x missing"]),
        "nothing covers x -2"
    );
    assert_eq!(
        gap("metric.a", &["a: x from 2.5", "b: x missing"]),
        "nothing covers x 1.5"
    );
    assert_eq!(
        gap("days since last(orders)", &["a: x from 30 or x missing"]),
        "nothing covers x 0"
    );
    assert_eq!(
        gap("days since last(orders in next 7 days)", &["a: x from 0 or x missing"]),
        "nothing covers x -1"
    );
    assert_eq!(
        gap("sum(orders.amount)", &["a: x until 5 EUR", "b: x from 5.01 EUR"]),
        "nothing covers x 5.00 EUR"
    );
    let rfm = models::RFM.replace("    or recency 1..2 and frequency 4..5 and monetary missing\n", "");
    assert_eq!(
        Model::parse(&rfm).unwrap_err().to_string(),
        "nothing covers recency 1, frequency 4, monetary missing; add it to a stage"
    );
}

#[test]
fn an_overlap_is_told_with_both_stages_and_a_point() {
    let rfm = models::RFM.replace("promising: recency 3", "promising: recency 2..3");
    assert_eq!(
        Model::parse(&rfm).unwrap_err().to_string(),
        "`promising` and `hibernating` both cover recency 2, frequency 1, monetary 1; take it out of one of them"
    );
    let overlap = over("count(orders)", &["a: x until 2 or x 0", "b: x from 2", "c: x 7"]);
    let Err(ModelError::Overlap { stages, point }) = overlap else {
        panic!("{overlap:?}")
    };
    assert_eq!((stages, point.as_str()), ([name("b"), name("c")], "x 7"));
}

#[test]
fn what_an_axis_does_not_have_is_refused() {
    for (axis, stage, expected) in [
        (
            "profile.city",
            "a: x present",
            "axis `x`: is a text; an axis is a number or an amount of money",
        ),
        (
            "values(lines.sku)",
            "a: x present",
            "axis `x`: values(lines.sku): several values are no one value",
        ),
        (
            "sum(orders.at)",
            "a: x present",
            "axis `x`: sum(orders.at): `at` is an instant",
        ),
        (
            "metric.a in 5..1",
            "a: x 1",
            "axis `x`: its domain must be 1 to 1,000 whole numbers",
        ),
        (
            "metric.a in 1..1001",
            "a: x 1",
            "axis `x`: its domain must be 1 to 1,000 whole numbers",
        ),
        ("sum(orders.amount) in 1..5", "a: x 1", "axis `x`: its domain must be"),
        (
            "metric.a in 1..5",
            "a: x 0..3",
            "stage `a`, axis `x`: `0..3` reaches beyond what there is; metric.a has 1..5",
        ),
        (
            "metric.a in 1..5",
            "a: x from 6",
            "`from 6` reaches beyond what there is",
        ),
        (
            "count(orders)",
            "a: x -1..3",
            "`-1..3` reaches beyond what there is; count(orders) has 0 or more",
        ),
        (
            "count(orders)",
            "a: x until 0",
            "`until 0` reaches beyond what there is",
        ),
        ("count(orders)", "a: x missing", "count(orders) is never missing"),
        ("count(orders)", "a: x from 1.5", "has no 1.5, but whole numbers alone"),
        (
            "metric.a",
            "a: x 1..3",
            "has more than whole numbers; write `from 1 to 4`",
        ),
        ("metric.a", "a: x from 3 to 1", "`from 3 to 1` ends before it begins"),
        (
            "metric.a",
            "a: x from 1 EUR",
            "begins and ends at numbers of at most 6 decimals, not at 1.00 EUR",
        ),
        (
            "metric.a",
            "a: x from 0.0000001",
            "begins and ends at numbers of at most 6 decimals",
        ),
        (
            "sum(orders.amount)",
            "a: x from 1 EUR or x until 1 USD",
            "begins and ends at amounts in EUR, not at 1.00 USD",
        ),
        (
            "attribute.a",
            "a: x from \"b\"",
            "begins and ends at numbers of at most 6 decimals, not at \"b\"",
        ),
        (
            "average(orders.amount)",
            "a: x present or x missing",
            "stage `a`: any[1]/average(orders.amount): compare it with an amount",
        ),
        ("metric.a", "a: y 1", "stage `a` has a range on `y`, which is no axis"),
        ("metric.a", "a: x missing\na: x present", "there are two stages `a`"),
        ("metric.a\naxis x: metric.b", "a: everyone", "there are two axes `x`"),
    ] {
        let error = refusal(axis, &[stage]);
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn limits_are_told() {
    let axes: Vec<Axis> = (0..5)
        .map(|index| Axis::new(name(&format!("x{index}")), orders().count()))
        .collect();
    let cut =
        |index: usize, at: i64| Area::everything().within(name(&format!("x{index}")), Range::From(Value::from(at)));
    let areas: Vec<Area> = (0..5).flat_map(|axis| (1..10).map(move |at| cut(axis, at))).collect();
    let all = Stage::new(name("all"), areas);
    let cells = Model::new(name("m"), axes[..4].to_vec(), vec![all.clone()]);
    assert!(matches!(cells, Err(ModelError::Unknown { .. })), "{cells:?}");
    let cells = Model::new(name("m"), axes.clone(), vec![all]);
    assert!(matches!(cells, Err(ModelError::Gap { .. })), "{cells:?}");
    let more: Vec<Area> = (0..5).flat_map(|axis| (1..12).map(move |at| cut(axis, at))).collect();
    let cells = Model::new(name("m"), axes.clone(), vec![Stage::new(name("all"), more)]);
    assert_eq!(cells, Err(ModelError::Cells));
    let nothing = Model::new(name("m"), axes.clone(), vec![Stage::new(name("a"), vec![])]);
    assert_eq!(nothing, Err(ModelError::Empty(name("a"))));
    let everyone = Stage::new(name("a"), vec![Area::everything(); 1_001]);
    assert_eq!(
        Model::new(name("m"), axes.clone(), vec![everyone]),
        Err(ModelError::Size)
    );
    assert_eq!(Model::new(name("m"), axes.clone(), vec![]), Err(ModelError::Size));
    assert_eq!(Model::new(name("m"), vec![], vec![]), Err(ModelError::Size));
    let long = Stage::new(name(&"s".repeat(98)), vec![Area::everything()]);
    assert_eq!(
        Model::new(name("m"), axes, vec![long.clone()]),
        Err(ModelError::LongName(long.name().clone()))
    );
}

#[test]
fn a_text_is_read_as_people_write_it() {
    let text = "\u{feff}# A comment\r\nmodel \"Model 1\"\r\n\r\naxis x: count(orders)\r\naxis \"my y\": metric.y in 1..2\r\n\
                a b: x 0 and \"my y\" any\r\n\"axis c\": x from 1\r\n  # in between\r\n\tand \"my y\" missing\r\n  or x from 1 and \"my y\" present\r\n";
    let model = Model::parse(text).unwrap();
    let printed = "model \"Model 1\"\naxis x: count(orders)\naxis my y: metric.y in 1..2\n\n\
                   a b: x 0\n\"axis c\": x from 1 and \"my y\" missing or x from 1 and \"my y\" present\n";
    assert_eq!(model.to_string(), printed);
    assert_eq!(Model::parse(printed).unwrap(), model);
}

#[test]
fn an_error_of_a_text_tells_its_place() {
    for (text, line, column, expected, found) in [
        ("", 1, 1, "`model` and its name", "the end"),
        ("axis x: count(orders)", 1, 1, "`model` and its name", "something else"),
        ("model a\nmodel b", 2, 1, "an axis or a stage", "a second `model`"),
        ("model a\naxis x: count(order)", 2, 15, "a kind of event", "`order`"),
        (
            "model a\naxis x: count(orders) in 1..",
            2,
            26,
            "whole numbers such as `1..5`",
            "`1..`",
        ),
        (
            "model a\naxis x: count(orders)\na: x 1\n   or y",
            4,
            8,
            "a range",
            "the end",
        ),
        (
            "model a\na: x 1 and x 2",
            2,
            12,
            "an axis that the area has no range on yet",
            "`x`",
        ),
        ("model a\na: x 1 b", 2, 8, "the end of the line", "`b`"),
        ("model a\na x 1", 2, 5, "`:`", "`1`"),
        ("model 7", 1, 7, "a name of 1 to 100 characters", "`7`"),
    ] {
        let Err(ModelError::Text(error)) = Model::parse(text) else {
            panic!("{text}")
        };
        assert_eq!(
            (error.line, error.column, error.found.as_str()),
            (line, column, found),
            "{text}: {error}"
        );
        assert!(error.expected.starts_with(expected), "{text}: {error}");
    }
}

#[test]
fn json_is_checked_as_the_text_is() {
    let model = Model::parse(models::LIFECYCLE).unwrap();
    let json = serde_json::to_value(&model).unwrap();
    assert_eq!(json["stages"][1]["areas"][0]["orders"]["whole"]["first"], 1);
    assert_eq!(json["stages"][1]["areas"][0]["silence"]["until"]["number"], "90");
    assert_eq!(serde_json::from_value::<Model>(json.clone()).unwrap(), model);
    let mut gap = json.clone();
    gap["stages"].as_array_mut().unwrap().pop();
    let error = serde_json::from_value::<Model>(gap).unwrap_err().to_string();
    assert_eq!(error, "nothing covers orders 1, silence 365; add it to a stage");
    let mut unknown = json;
    unknown["stages"][0]["colour"] = "red".into();
    assert!(serde_json::from_value::<Model>(unknown).is_err());
}

#[test]
fn a_model_is_built_in_rust() {
    let stage = |text: &str, range| Stage::new(name(text), vec![Area::everything().within(name("orders"), range)]);
    let model = Model::new(
        name("loyalty"),
        vec![Axis::new(name("orders"), orders().count())],
        vec![
            stage("few", Range::Whole(Domain { first: 0, last: 2 })),
            stage("many", Range::From(Value::from(3))),
        ],
    )
    .unwrap();
    assert_eq!(model.name().as_str(), "loyalty");
    assert_eq!(
        model.to_string(),
        "model loyalty\naxis orders: count(orders)\n\nfew: orders 0..2\nmany: orders from 3\n"
    );
}
