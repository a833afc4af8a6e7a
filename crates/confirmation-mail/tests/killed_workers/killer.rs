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
    /// How often each step was aimed at.
    aims: BTreeMap<String, usize>,
    /// How often something was killed at each step.
    hits: BTreeMap<String, usize>,
    lives: usize,
    acknowledged: BTreeSet<String>,
}

/// At which steps something was killed how often, and which orders were acknowledged.
pub(crate) struct Killed {
    pub(crate) hits: BTreeMap<String, usize>,
    pub(crate) acknowledged: BTreeSet<String>,
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

    /// Lets so many workers live at once, one life after another, until enough were killed. The first life is alone, and shows the steps.
    pub(crate) fn run(self, workers: usize) -> Killed {
        self.one_life(None);
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    while let Some(step) = self.next_aim() {
                        self.one_life(Some(&step));
                    }
                });
            }
        });
        let known = self.known.into_inner().unwrap();
        Killed {
            hits: known.hits,
            acknowledged: known.acknowledged,
        }
    }

    /// The step that was aimed at least often; nothing when enough were killed.
    fn next_aim(&self) -> Option<String> {
        let mut known = self.known.lock().unwrap();
        if known.hits.values().sum::<usize>() >= self.kills {
            return None;
        }
        let step = known
            .aims
            .iter()
            .min_by_key(|(_, aims)| **aims)
            .map(|(step, _)| step.clone())?;
        *known.aims.get_mut(&step)? += 1;
        Some(step)
    }

    /// A life that ends when it comes to a step, or lives on without its connection.
    fn one_life(&self, aim: Option<&str>) {
        let life = {
            let mut known = self.known.lock().unwrap();
            known.lives += 1;
            known.lives
        };
        let mut child = self.start(life);
        let mut leave = child.stdin.take().unwrap();
        let (mut backend, mut is_hit) = (None, false);
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(order) = line.strip_prefix("acknowledged ") {
                self.known.lock().unwrap().acknowledged.insert(order.to_owned());
            } else if let Some(pid) = line.strip_prefix("backend ") {
                backend = Some(pid.parse::<i64>().unwrap());
            } else if let Some(step) = line.strip_prefix("step ") {
                if aim.is_none() {
                    self.known.lock().unwrap().aims.insert(step.to_owned(), 0);
                }
                if aim == Some(step) && !is_hit {
                    is_hit = true;
                    *self.known.lock().unwrap().hits.entry(step.to_owned()).or_default() += 1;
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
