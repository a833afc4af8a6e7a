//! What has to be read from the text of a statement, because sqlx does not tell it on SQLite.

/// The numbers of the lowest and the highest parameter, outside of quotes and comments; (1, 0) without parameters.
pub(super) fn range(sql: &str) -> (usize, usize) {
    let (mut lowest, mut highest) = (1, 0);
    let mut rest = sql;
    while let Some(at) = rest.find(['$', '\'', '"', '-', '/']) {
        let (mark, after) = rest[at..].split_at(1);
        rest = match mark {
            "$" => {
                let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                if let Ok(number) = after[..digits].parse::<usize>() {
                    lowest = lowest.min(number);
                    highest = highest.max(number);
                }
                &after[digits..]
            }
            "-" if after.starts_with('-') => behind(after, "\n"),
            "/" if after.starts_with('*') => behind(after, "*/"),
            "-" | "/" => after,
            quote => behind(after, quote),
        };
    }
    (lowest, highest)
}

/// True for the statements after which SQLite's count of changed rows is their own; after any other it is still that of an earlier one.
pub(super) fn counts_changes(sql: &str) -> bool {
    let word = sql
        .trim_start()
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or_default();
    ["DELETE", "INSERT", "REPLACE", "UPDATE", "WITH"]
        .iter()
        .any(|counting| word.eq_ignore_ascii_case(counting))
}

/// True for the statement that succeeds only while the transaction is there.
pub(super) fn is_rollback_to(sql: &str) -> bool {
    sql.starts_with("ROLLBACK TO")
}

/// What follows the first `end`.
fn behind<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, behind)| behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_outside_of_quotes_and_comments() {
        assert_eq!(range("SELECT 1"), (1, 0));
        assert_eq!(range("SELECT $2, $12, $1"), (1, 12));
        assert_eq!(
            range("SELECT '$9', \"$8\" -- $7\n, $1 /* $6 */ - 1 / $2, '''$5'"),
            (1, 2)
        );
        assert_eq!(range("SELECT $0"), (0, 0));
        assert_eq!(range("SELECT 'open $3"), (1, 0));
    }

    #[test]
    fn only_statements_that_write_rows_count() {
        assert!(counts_changes("\n  insert INTO t VALUES (1)"));
        assert!(counts_changes("WITH a AS (SELECT 1) DELETE FROM t"));
        assert!(!counts_changes("CREATE TABLE t (a)"));
        assert!(!counts_changes("SAVEPOINT ecrm"));
        assert!(!counts_changes(""));
    }
}
