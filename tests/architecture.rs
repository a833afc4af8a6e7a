//! The house as `docs/architecture.md` describes it: which way the arrows run, who names which driver, and what the tables look like.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecrm::store::{ACTIVITY, CONSENT, METRIC, Migration, Module, PROMISE, RECORD, STORE};
use serde_json::Value;

/// The crates that each crate may use. Whatever is not listed here is an arrow in the wrong direction.
const ARROWS: [(&str, &[&str]); 12] = [
    ("ecrm-core", &[]),
    ("ecrm-store", &["ecrm-core"]),
    ("ecrm-message", &["ecrm-core"]),
    ("ecrm-sqlite", &["ecrm-store"]),
    ("ecrm-postgres", &["ecrm-store"]),
    ("ecrm-sqlx", &["ecrm-store"]),
    ("ecrm-confirmation-mail", &["ecrm-core", "ecrm-store", "ecrm-xml"]),
    ("ecrm-xml", &["ecrm-core"]),
    ("ecrm-xml-exchange", &["ecrm-core", "ecrm-store", "ecrm-xml"]),
    ("ecrm-segmentation", &["ecrm-core", "ecrm-store", "ecrm-xml"]),
    (
        "ecrm-testkit",
        &["ecrm-core", "ecrm-store", "ecrm-sqlite", "ecrm-postgres"],
    ),
    (
        "ecrm",
        &[
            "ecrm-core",
            "ecrm-store",
            "ecrm-sqlite",
            "ecrm-postgres",
            "ecrm-sqlx",
            "ecrm-confirmation-mail",
            "ecrm-message",
            "ecrm-segmentation",
            "ecrm-xml",
            "ecrm-xml-exchange",
        ],
    ),
];

/// The crates that name a driver.
const DRIVERS: [(&str, &str); 3] = [
    ("rusqlite", "ecrm-sqlite"),
    ("tokio-postgres", "ecrm-postgres"),
    ("sqlx", "ecrm-sqlx"),
];

/// All modules with tables.
fn modules() -> Vec<&'static Module> {
    vec![
        &STORE,
        &RECORD,
        &CONSENT,
        &ACTIVITY,
        &METRIC,
        &PROMISE,
        &ecrm::confirmation_mail::MODULE,
        &ecrm::segmentation::MODULE,
        &ecrm::xml_exchange::MODULE,
    ]
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The packages of the workspace, as cargo sees them.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn name(package: &Value) -> &str {
    package["name"].as_str().unwrap()
}

/// The names of a package's dependencies, those of its tests left out.
fn dependencies(package: &Value) -> Vec<&str> {
    let all = package["dependencies"].as_array().unwrap().iter();
    all.filter(|dependency| dependency["kind"].as_str() != Some("dev"))
        .map(name)
        .collect()
}

/// All Rust files below a folder, with their text.
fn rust_files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
    files
}

/// The library code of the workspace: the façade and all crates but the test kit.
fn library_code() -> Vec<(PathBuf, String)> {
    let mut files = rust_files(&root().join("src"));
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.ends_with("testkit") {
            files.extend(rust_files(&folder.join("src")));
        }
    }
    files
}

#[test]
fn arrows_run_one_way() {
    let packages = packages();
    let known: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    assert_eq!(
        packages.iter().map(name).collect::<BTreeSet<_>>(),
        known.keys().copied().collect()
    );
    for package in &packages {
        for used in dependencies(package)
            .into_iter()
            .filter(|used| used.starts_with("ecrm"))
        {
            assert!(
                known[name(package)].contains(&used),
                "{} must not use {used}",
                name(package)
            );
        }
    }
}

#[test]
fn the_test_kit_is_used_by_tests_only() {
    for package in packages() {
        assert!(!dependencies(&package).contains(&"ecrm-testkit"), "{}", name(&package));
    }
}

#[test]
fn each_driver_is_named_in_one_adapter_only() {
    for package in packages() {
        for (driver, adapter) in DRIVERS {
            let uses = dependencies(&package).contains(&driver);
            assert_eq!(uses, name(&package) == adapter, "{driver} in {}", name(&package));
        }
    }
}

#[test]
fn no_feature_touches_a_database_adapter_weakly() {
    for package in packages() {
        for (feature, enables) in package["features"].as_object().unwrap() {
            for enabled in enables.as_array().unwrap().iter().filter_map(Value::as_str) {
                let is_weak = ["sqlite?", "postgres?", "sqlx?", "rusqlite?"]
                    .iter()
                    .any(|weak| enabled.contains(weak));
                assert!(
                    !is_weak,
                    "{} {feature} = {enabled}: it breaks hosts that have the adapter off",
                    name(&package)
                );
            }
        }
    }
}

#[test]
fn every_package_tells_what_it_is() {
    for package in packages() {
        for field in [
            "description",
            "license",
            "repository",
            "readme",
            "rust_version",
            "edition",
        ] {
            assert!(package[field].is_string(), "{} has no {field}", name(&package));
        }
        assert_eq!(package["license"], "MIT OR Apache-2.0");
        assert_eq!(package["rust_version"], "1.95");
        for list in ["keywords", "categories", "authors"] {
            assert!(
                !package[list].as_array().unwrap().is_empty(),
                "{} has no {list}",
                name(&package)
            );
        }
    }
}

#[test]
fn the_library_never_begins_commits_sets_a_pragma_or_starts_a_thread() {
    let absent = [
        "\"BEGIN",
        "\"COMMIT",
        "\"ROLLBACK\"",
        "PRAGMA ",
        "thread::spawn",
        "Connection::open",
        "println!",
        "dbg!(",
    ];
    for (file, text) in library_code() {
        let code = text.split("#[cfg(test)]").next().unwrap();
        let code: String = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        for word in absent {
            assert!(!code.contains(word), "{word} in {}", file.display());
        }
    }
}

#[test]
fn a_modules_sql_names_its_own_tables_only() {
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        let own = folder.file_name().unwrap().to_string_lossy().replace('-', "_");
        if !folder.join("src/migrations").exists() || own == "store" {
            continue;
        }
        for (file, text) in rust_files(&folder.join("src")) {
            let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let statements = words.filter(|word| word.starts_with("ecrm_") && !is_crate(word));
            for table in statements {
                assert!(
                    table.starts_with(&format!("ecrm_{own}_")),
                    "{table} in {}",
                    file.display()
                );
            }
        }
    }
}

/// Whether a word is the name of one of our crates, as Rust writes it.
fn is_crate(word: &str) -> bool {
    ARROWS.iter().any(|(package, _)| package.replace('-', "_") == word)
}

#[test]
fn migrations_are_numbered_without_gaps_and_name_their_own_tables() {
    for module in modules() {
        for (expected, migration) in (1..).zip(module.migrations) {
            assert_eq!(migration.version, expected, "{}", module.name);
        }
        for table in module.migrations.iter().flat_map(tables) {
            assert!(
                table.name.starts_with(&format!("ecrm_{}_", module.name)),
                "{} in {}",
                table.name,
                module.name
            );
        }
    }
}

/// A table as a migration makes it.
struct Table {
    name: String,
    first_column: String,
    primary_key: Vec<String>,
    unique: Vec<Vec<String>>,
}

/// The first of them distributes the table over several machines.
fn tables(migration: &Migration) -> Vec<Table> {
    let statements = migration.statements(ecrm::store::Dialect::Postgres);
    let mut tables: Vec<Table> = Vec::new();
    for statement in &statements {
        let words: Vec<&str> = statement.split_whitespace().collect();
        match words[..] {
            ["CREATE", "TABLE", name, ..] => tables.push(table(name, statement)),
            ["CREATE", "UNIQUE", "INDEX", _, "ON", name, ..] => {
                let table = tables.iter_mut().find(|table| table.name == name).unwrap();
                table
                    .unique
                    .push(columns_after(statement, &format!("ON {name}")).unwrap());
            }
            _ => {}
        }
    }
    tables
}

fn table(name: &str, statement: &str) -> Table {
    let body = statement.split_once('(').unwrap().1.trim_start();
    let first_column = body.split_whitespace().next().unwrap().to_owned();
    let primary_key = columns_after(statement, "\n    PRIMARY KEY").unwrap_or_else(|| vec![first_column.clone()]);
    assert!(statement.contains("PRIMARY KEY"), "{name} has no primary key");
    assert!(
        !statement.contains("REFERENCES"),
        "{name} has a foreign key, which does not work across machines"
    );
    Table {
        name: name.to_owned(),
        first_column,
        primary_key,
        unique: Vec::new(),
    }
}

/// The columns in the first brackets after some words.
fn columns_after(statement: &str, words: &str) -> Option<Vec<String>> {
    let list = statement
        .split_once(words)?
        .1
        .trim_start()
        .strip_prefix('(')?
        .split(')')
        .next()?;
    Some(list.split(',').map(|column| column.trim().to_owned()).collect())
}

#[test]
fn every_table_can_be_distributed_over_several_machines() {
    for table in modules().iter().flat_map(|module| module.migrations).flat_map(tables) {
        let distribution = &table.first_column;
        assert_eq!(
            &table.primary_key[0], distribution,
            "{}: the distribution column comes first",
            table.name
        );
        for unique in &table.unique {
            assert!(
                unique.contains(distribution),
                "{}: a unique index without {distribution}",
                table.name
            );
        }
    }
}

#[test]
fn every_migration_file_is_part_of_its_module() {
    let known: usize = modules().iter().map(|module| module.migrations.len()).sum();
    let crates = fs::read_dir(root().join("crates")).unwrap();
    let folders = crates.map(|entry| entry.unwrap().path().join("src/migrations"));
    let files: usize = folders
        .filter(|folder| folder.is_dir())
        .map(|folder| sql_files(&folder))
        .sum();
    assert_eq!(files, known);
}

fn sql_files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            if path.is_dir() {
                sql_files(&path)
            } else {
                usize::from(path.extension().is_some_and(|e| e == "sql"))
            }
        })
        .sum()
}

#[test]
fn no_file_is_longer_than_600_lines() {
    let mut files = library_code();
    for folder in ["tests", "examples", "crates/testkit/src"] {
        files.extend(rust_files(&root().join(folder)));
    }
    for (file, text) in files {
        assert!(text.lines().count() <= 600, "{}", file.display());
    }
}
