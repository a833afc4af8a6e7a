//! Watches workers, gives them leave for each step, and kills them where it was least often so far.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;

use ecrm_store::SessionExt;

use crate::{host, worker};

pub(crate) struct Killer {
    database: String,
    folder: PathBuf,
    kills: usize,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// How often something was killed at each step.
    hits: BTreeMap<String, usize>,
    killed: usize,
    lives: usize,
    acknowledged: BTreeSet<String>,
}

impl Killer {
    pub(crate) fn new(database: &str, folder: &Path, kills: usize) -> Self {
        Self {
            database: database.to_owned(),
            folder: folder.to_owned(),
            kills,
            known: Mutex::default(),
        }
    }

    /// Lets so many workers live at once, one life after another, until enough were killed. At which steps, and what was acknowledged.
    pub(crate) fn run(self, workers: usize) -> (BTreeMap<String, usize>, BTreeSet<String>) {
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    while self.known.lock().unwrap().killed < self.kills {
                        self.one_life();
                    }
                });
            }
        });
        let known = self.known.into_inner().unwrap();
        (known.hits, known.acknowledged)
    }

    fn one_life(&self) {
        let life = {
            let mut known = self.known.lock().unwrap();
            known.lives += 1;
            known.lives
        };
        let mut child = self.start(life);
        let mut leave = child.stdin.take().unwrap();
        let (mut backend, mut steps) = (None, 0);
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(order) = line.strip_prefix("acknowledged ") {
                self.known.lock().unwrap().acknowledged.insert(order.to_owned());
            } else if let Some(pid) = line.strip_prefix("backend ") {
                backend = Some(pid.parse::<i64>().unwrap());
            } else if let Some(step) = line.strip_prefix("step ") {
                steps += 1;
                if self.is_to_be_killed(step, life, steps) {
                    match backend.filter(|_| life.is_multiple_of(3)) {
                        Some(pid) => self.cut_connection(pid),
                        None => {
                            child.kill().unwrap();
                            break;
                        }
                    }
                }
                // A worker that has just been killed by itself takes no leave.
                let _ = leave.write_all(b"\n");
            }
        }
        child.wait().unwrap();
    }

    /// Kills where it was least often; a life that has gone on for long enough is not interrupted at its first steps again.
    fn is_to_be_killed(&self, step: &str, life: usize, steps: usize) -> bool {
        let mut known = self.known.lock().unwrap();
        if known.killed >= self.kills || life == 1 {
            known.hits.entry(step.to_owned()).or_default();
            return false;
        }
        let least = known.hits.values().min().copied().unwrap_or(0);
        let hits = known.hits.entry(step.to_owned()).or_default();
        // Some lives go on, so that the last steps are reached too.
        if *hits > least + (life + steps) % 2 {
            return false;
        }
        *hits += 1;
        known.killed += 1;
        true
    }

    fn start(&self, life: usize) -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args([
                "a_thousand_kills_lose_no_mail_and_what_is_doubled_is_marked",
                "--exact",
                "--nocapture",
            ])
            .env(worker::DATABASE, &self.database)
            .env(worker::FOLDER, &self.folder)
            .env(worker::LIFE, format!("{life:05}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Cuts the connection of a worker, which lives on.
    fn cut_connection(&self, backend: i64) {
        host(&self.database).commit(|session| {
            session.query_value::<bool>("SELECT pg_terminate_backend($1::bigint::integer)", &[backend.into()])
        });
    }
}
