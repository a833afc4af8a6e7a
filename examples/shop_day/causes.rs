//! What a user is told of an error.

use std::error::Error;

/// The error and where it came from, in one line: a driver says `db error`, and its source says which. What an error has said of its
/// source is not said again.
pub fn with_causes(error: &dyn Error) -> String {
    let (mut said, mut source) = (error.to_string(), error.source());
    while let Some(cause) = source {
        let more = cause.to_string();
        if !said.contains(&more) {
            said = format!("{said}: {more}");
        }
        source = cause.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use std::fmt::{self, Display, Formatter};

    use super::*;

    #[derive(Debug)]
    struct Said(&'static str, Option<Box<Said>>);

    impl Display for Said {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Said {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|cause| cause as _)
        }
    }

    #[test]
    fn each_cause_is_said_once() {
        let said = |texts: &[&'static str]| {
            let error = texts
                .iter()
                .rev()
                .fold(None, |cause, text| Some(Box::new(Said(text, cause))));
            with_causes(&*error.unwrap())
        };
        assert_eq!(said(&["no mail"]), "no mail");
        assert_eq!(said(&["no mail", "no relay", "no net"]), "no mail: no relay: no net");
        assert_eq!(
            said(&["no mail: no relay", "no relay", "no net"]),
            "no mail: no relay: no net"
        );
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn a_database_that_cannot_be_reached_is_told_with_the_cause() {
        use crate::database::Database;

        let told = |connection: &str| match Database::postgres(Some(connection)) {
            Ok(_) => "reached".to_owned(),
            Err(error) => with_causes(error.as_ref()),
        };
        assert!(
            told("nonsense").starts_with("invalid connection string: "),
            "{}",
            told("nonsense")
        );
        let nowhere = told("host=/nowhere user=shop");
        assert!(
            nowhere.starts_with("error connecting to server: No such file"),
            "{nowhere}"
        );

        let Some(cluster) = ecrm_testkit::PostgresCluster::shared() else {
            return;
        };
        let there = cluster.connection_string();
        let unknown = told(&there.replace("dbname=postgres", "dbname=not_there"));
        assert!(
            unknown.contains("not_there") && unknown.ends_with("does not exist"),
            "{unknown}"
        );
    }
}
