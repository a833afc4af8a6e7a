//! Criteria as text and as JSON.

use ecrm_segmentation::Criteria;
use ecrm_segmentation::models::Model;
use proptest::prelude::*;

use crate::trees::{criteria, nested, shapes};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_printed_is_read_back_as_the_same_tree(criteria in criteria()) {
        prop_assert_eq!(criteria.check(), Ok(()));
        let text = criteria.to_string();
        prop_assert_eq!(Criteria::parse(&text).map_err(|error| format!("{error} in {text}")), Ok(criteria));
    }

    #[test]
    fn what_is_written_as_json_is_read_back_as_the_same_tree(criteria in criteria()) {
        let json = serde_json::to_string(&criteria).unwrap();
        prop_assert_eq!(serde_json::from_str::<Criteria>(&json).unwrap(), criteria);
    }

    #[test]
    fn a_damaged_text_is_read_or_refused_with_its_place(criteria in criteria(), cut in any::<prop::sample::Index>(), insert in "[a-z(). \"<>=0-9-]{0,3}") {
        let mut text = criteria.to_string();
        let at = text.char_indices().map(|(at, _)| at).nth(cut.index(text.chars().count())).unwrap();
        text.replace_range(at..at + text[at..].chars().next().unwrap().len_utf8(), &insert);
        match Criteria::parse(&text) {
            Ok(other) => prop_assert_eq!(Criteria::parse(&other.to_string()), Ok(other)),
            Err(error) => prop_assert!(error.line >= 1 && error.column >= 1 && !error.expected.is_empty()),
        }
    }
}

#[test]
fn criteria_are_read_as_people_write_them() {
    for (written, printed) in [
        (
            "sum(orders.amount in last 90 days)>=200 EUR and (count(visits in last 30 days)>=3 or profile.country=DE)",
            "sum(orders.amount in last 90 days) >= 200.00 EUR and (count(visits in last 30 days) >= 3 or profile.country = \"DE\")",
        ),
        (
            "count(lines where category in (\"3\", \"7\")) > 0",
            "count(lines where category in (\"3\", \"7\")) > 0",
        ),
        ("not in segment \"vip\"", "not in segment \"vip\""),
        ("stopped(orders for 12 weeks)", "stopped(orders for 84 days)"),
        (
            "count(orders where channel = web in previous month) = 0",
            "count(orders where channel = \"web\" in previous month) = 0",
        ),
        (
            "preference.channel = email\n  and consent(marketing, email) = granted",
            "preference.channel = \"email\" and consent(marketing, email) = \"granted\"",
        ),
        (
            "values(lines.category) has all of (\"3\", \"11\")",
            "values(lines.category) has all of (\"3\", \"11\")",
        ),
        (
            "attribute.birthday has anniversary in next 7 days",
            "attribute.birthday has anniversary in next 7 days",
        ),
        ("everyone", "everyone"),
    ] {
        let criteria = Criteria::parse(written).unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(criteria.check(), Ok(()), "{written}");
        assert_eq!(criteria.to_string(), printed);
    }
}

#[test]
fn a_fault_is_told_with_its_place_and_with_what_would_be_right() {
    for (text, place, expected) in [
        ("", (1, 1), "a criterion"),
        ("count(orders) >", (1, 16), "a value"),
        ("count(orders) > 1\n  and and", (2, 7), "a criterion"),
        ("count(order) > 1", (1, 7), "a kind of event"),
        ("count(orders in last 3) > 1", (1, 23), "a unit"),
        ("profile.county = 1", (1, 9), "a field of the profile"),
        ("profile.city = \"x", (1, 18), "a closing quote"),
        ("count(orders) > 1 count(orders) > 1", (1, 19), "`and`, `or` or the end"),
        ("consent(marketing, fax) = granted", (1, 20), "a channel"),
        ("count(orders) ~ 1", (1, 15), "a word, a number"),
    ] {
        let error = Criteria::parse(text).unwrap_err();
        assert_eq!((error.line, error.column), place, "{text}: {error}");
        assert!(error.expected.starts_with(expected), "{text}: {error}");
    }
}

#[test]
fn a_word_in_capitals_is_told_how_to_be_written() {
    for (text, place, word) in [
        ("count(orders)>=3 AND count(orders)<5", (1, 18), "and"),
        ("count(orders) between 3 AND 5", (1, 25), "and"),
        ("profile.country = DE\nOr everyone", (2, 1), "or"),
        ("sum(orders.amount) > 3 EUR AND everyone", (1, 28), "and"),
        ("NOT everyone", (1, 1), "not"),
        ("Count(orders) > 1", (1, 1), "count"),
        ("count(Orders) > 1", (1, 7), "orders"),
        ("COUNT(ORDERS) > 1", (1, 1), "count"),
        ("profile.country IN (DE, AT)", (1, 17), "in"),
        ("count(orders in Last 90 Days) > 1", (1, 17), "last"),
        ("count(orders in last 90 Days) > 1", (1, 25), "days"),
        ("consent(marketing, EMAIL) = granted", (1, 20), "email"),
    ] {
        let error = Criteria::parse(text).unwrap_err();
        assert_eq!((error.line, error.column), place, "{text}: {error}");
        let expected = format!("`{word}`, in small letters as all words of the language");
        assert_eq!(error.expected, expected, "{text}");
    }
    let stage = "model M\naxis orders: count(orders)\nall: orders 0 OR orders from 1";
    let error = Model::parse(stage).unwrap_err().to_string();
    assert!(
        error.starts_with("line 3, column 15: expected `or`, in small letters"),
        "{error}"
    );
    for text in ["in segment Count", "count(orders in last 3 WEEKENDS) > 1", "FOO"] {
        let error = Criteria::parse(text).unwrap_err();
        assert!(!error.expected.contains("small letters"), "{text}: {error}");
    }
}

#[test]
fn an_amount_that_is_none_is_told_what_its_currency_takes() {
    for (amount, column, expected) in [
        ("10.005 EUR", 22, "an amount with at most 2 decimals, as EUR has"),
        ("10.5 JPY", 22, "an amount without decimals, since JPY has none"),
        ("10.1234 KWD", 22, "an amount with at most 3 decimals, as KWD has"),
        (
            "92233720368547758.08 EUR",
            22,
            "an amount of EUR that fits into 64 bits of minor units",
        ),
        ("200 EUX", 26, "a currency of ISO 4217 with a minor unit, such as `EUR`"),
    ] {
        let error = Criteria::parse(&format!("sum(orders.amount) > {amount}")).unwrap_err();
        assert_eq!((error.column, error.expected.as_str()), (column, expected), "{amount}");
    }
    for amount in ["200 Euro", "200 eur", "200 Euro AND everyone", "200 Euro and everyone"] {
        let error = Criteria::parse(&format!("sum(orders.amount) > {amount}")).unwrap_err();
        assert!(error.expected.ends_with("as in `200.00 EUR`"), "{amount}: {error}");
        assert_eq!((error.line, error.column), (1, 26), "{amount}");
    }
    for text in [
        "count(orders) > 1 count(orders) > 1",
        "count(orders) > 1 profile.city = Ulm",
        "count(orders in last 3 euros) > 1",
        "profile.city = Ulm Euro",
    ] {
        let error = Criteria::parse(text).unwrap_err();
        assert!(!error.expected.contains("ISO 4217"), "{text}: {error}");
    }
}

#[test]
fn a_day_before_the_year_1_is_refused_since_it_would_not_be_read_back() {
    for test in ["on -026-11-22", "= -026-11-22"] {
        let error = Criteria::parse(&format!("attribute.since {test}")).unwrap_err();
        assert_eq!(error.found, "`-026-11-22`");
    }
}

#[test]
fn a_span_is_bounded_as_a_whole_and_not_in_its_numbers() {
    let counted = |span: &str| Criteria::parse(&format!("count(orders in last {span}) > 1"));
    for (written, printed) in [
        ("86400000001 microseconds", "1 day 1 microsecond"),
        ("8640000000000000 microseconds", "100000 days"),
        ("0 days 100000 days", "100000 days"),
    ] {
        assert_eq!(counted(written), counted(printed), "{written}");
        assert!(counted(written).unwrap().to_string().contains(printed), "{written}");
    }
    for (span, found) in [
        ("8640000000000001 microseconds", "`8640000000000001`"),
        ("100000 days 1 microsecond", "`100000`"),
        ("99999999999999999999999 weeks 1 day", "`99999999999999999999999`"),
        ("0 days", "`0`"),
    ] {
        let error = counted(span).unwrap_err();
        assert!(
            error.expected.ends_with("of 1 microsecond to 100,000 days"),
            "{span}: {error}"
        );
        assert_eq!((error.column, error.found.as_str()), (22, found));
    }
    for span in ["-3 days", "1.5 days"] {
        assert_eq!(counted(span).unwrap_err().expected, "a whole number");
    }
}

#[test]
fn what_cannot_be_evaluated_exactly_is_refused_with_its_place() {
    for (text, said) in [
        (
            "count(orders) = \"3\"",
            "count(orders): is compared with a text, but it is a number",
        ),
        (
            "sum(orders.amount) >= 3",
            "is compared with a number, but it is an amount of money",
        ),
        ("sum(orders.amount) between 1 EUR and 2 USD", "different currencies"),
        ("sum(orders.amount) is present", "which currency is meant"),
        (
            "sum(orders.channel) = \"web\"",
            "`channel` is a text, of which there is no sum",
        ),
        (
            "count(visits where sku = \"1\") > 0",
            "where sku: visits have no `sku`, but at, channel, day, pages, referrer",
        ),
        (
            "stopped(orders for 90 days) and profile.city > \"A\"",
            "all[2]/profile.city: only numbers, money, days and instants have an order",
        ),
        ("count(orders) between 3 and 1", "must not be above"),
        ("profile.city = \"\"", "an empty text is a missing one"),
        (
            "consent(marketing, email) = \"grantd\"",
            "is never \"grantd\", but denied",
        ),
        ("count(visits where channel = \"wbe\") > 0", "is never \"wbe\""),
        ("last(carts.fate) in (\"left\", \"lost\")", "is never \"lost\""),
        ("profile.country = de", "is never \"de\"; it is written as DE"),
        (
            "profile.country in (DE, Deutschland)",
            "is written as DE, by ISO 3166-1",
        ),
        ("profile.locale = \"de-at\"", "is never \"de-at\", but \"de-AT\""),
        ("profile.city matches \"(\"", "the pattern cannot be read"),
        (
            "profile.city in last 3 days",
            "only a day or an instant lies in a window",
        ),
        ("sample(101%, \"x\")", "0 to 100 per cent"),
        (
            "regularly(orders in 4 of 3 periods of 30 days)",
            "not more than there are",
        ),
        (
            "count(orders from 2026-01-02T00:00:00Z to 2026-01-01T00:00:00Z) > 1",
            "ends before it begins",
        ),
        (
            "sequence(visits then orders in next 7 days)",
            "sequence: looks at what has happened",
        ),
    ] {
        let error = Criteria::parse(text).unwrap().check().unwrap_err();
        assert!(error.to_string().contains(said), "{text}: {error}");
    }
}

#[test]
fn depth_and_size_are_bounded_before_the_stack_is_used_up() {
    let deep = format!("{}everyone{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(Criteria::parse(&deep).unwrap_err().expected.contains("100 levels"));
    let negated = format!("{}everyone", "not ".repeat(100_000));
    assert!(Criteria::parse(&negated).unwrap_err().expected.contains("100 levels"));
    assert!(
        Criteria::parse(&" ".repeat(2 << 20))
            .unwrap_err()
            .expected
            .contains("1 MiB")
    );
}

#[test]
fn what_passes_the_check_can_be_kept_in_every_form_however_deep_it_is() {
    let mut most = Vec::new();
    for shape in shapes() {
        let depths = (1..=100).map(|depth| (depth, nested(depth, shape)));
        let passing: Vec<_> = depths.filter(|(_, criteria)| criteria.check().is_ok()).collect();
        for (depth, criteria) in &passing {
            let json = serde_json::to_string(criteria).unwrap();
            assert_eq!(
                serde_json::from_str::<Criteria>(&json).unwrap(),
                *criteria,
                "{depth} levels"
            );
            assert_eq!(
                Criteria::parse(&criteria.to_string()).unwrap(),
                *criteria,
                "{depth} levels"
            );
        }
        most.push(passing.len());
    }
    assert_eq!(most, [87, 44, 18]);
    // The innermost is a level too, and none of these.
    let said = "at most about 43 of `and` and `or`, 86 of `not`, 17 of `score`";
    for (most, shape) in most.into_iter().zip(shapes()) {
        let error = nested(most + 1, shape).check().unwrap_err().to_string();
        assert!(error.ends_with(said), "{error}");
    }
}
