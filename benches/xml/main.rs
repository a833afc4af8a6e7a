//! How fast documents are read into typed records and written, and how fast a feed is imported:
//!
//! ```sh
//! cargo bench --bench xml -- FILE          # FILE is what generate_xml.py of the yardsticks makes
//! bash benches/xml.sh YARDSTICKS           # the yardsticks beside it in the same run, and the ratios
//! ```

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench talks to its user and may fail"
)]
#![allow(clippy::disallowed_methods, reason = "a bench measures")]
#![allow(clippy::cast_precision_loss, reason = "figures for reading")]

mod customers;
mod import;
mod writing;

use std::time::Instant;

/// Prints the median of a few runs in the form of the yardsticks: name, seconds, and what was found.
fn measure(what: &str, rounds: usize, run: impl Fn() -> String) -> f64 {
    let mut seconds: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(run());
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds[rounds / 2];
    println!("{what}\t{median:.6}\t{}", run());
    median
}

fn main() {
    let file = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    match &file {
        Some(file) => {
            measure("ecrm/records", 5, || customers::read_borrowed(file));
            measure("ecrm/records-owned", 5, || customers::read_owned(file));
        }
        None => println!("reading is left out: name a file that generate_xml.py has made"),
    }
    let ours = measure("ecrm/write", 5, writing::ours);
    let theirs = measure("quick-xml/write", 5, writing::quick_xml);
    println!(
        "writing: {:.2} x quick-xml's bare Writer (at least 0.5 is asked for)",
        theirs / ours
    );
    import::compare();
}
