//! The throw-away cluster starts, is cleaned up, and keeps tests apart.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use ecrm_testkit::{Durability, PostgresCluster};

#[test]
fn a_dropped_cluster_leaves_no_folder() {
    if PostgresCluster::shared().is_none() {
        return;
    }
    let cluster = PostgresCluster::start(Durability::Durable).unwrap();
    let folder = cluster.fresh_database("a").unwrap().socket_folder().to_owned();
    assert!(
        folder.join(".s.PGSQL.5432").exists(),
        "the server listens on a socket in its folder"
    );
    drop(cluster);
    assert!(!folder.exists());
}

#[test]
fn databases_of_one_name_are_different_databases() {
    let Some(cluster) = PostgresCluster::shared() else {
        return;
    };
    let first = cluster.fresh_database("shop").unwrap();
    let second = cluster.fresh_database("shop").unwrap();
    assert_ne!(first, second);
    assert!(first.connection_string().contains(&format!("dbname={}", first.name())));
    let host = first
        .connection_string()
        .split(' ')
        .find_map(|word| word.strip_prefix("host=").map(PathBuf::from));
    assert_eq!(host.as_deref(), Some(first.socket_folder()));
}

/// Set for the process that is going to be killed.
const VICTIM: &str = "ECRM_TESTKIT_VICTIM";

#[test]
fn a_killed_process_leaves_no_server() {
    if std::env::var_os(VICTIM).is_some() {
        let cluster = PostgresCluster::start(Durability::Fast).unwrap();
        println!(
            "folder={}",
            cluster.fresh_database("a").unwrap().socket_folder().display()
        );
        return std::io::stdin().lines().for_each(drop);
    }
    if PostgresCluster::shared().is_none() {
        return;
    }
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_killed_process_leaves_no_server", "--nocapture"])
        .env(VICTIM, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(victim.stdout.take().unwrap());
    let folder = output
        .lines()
        .find_map(|line| line.unwrap().split_once("folder=").map(|(_, path)| PathBuf::from(path)));
    let folder = folder.expect("the victim tells its folder");
    assert!(folder.exists());
    victim.kill().unwrap();
    victim.wait().unwrap();
    while folder.exists() {
        std::thread::yield_now();
    }
}
