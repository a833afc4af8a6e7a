//! Mails: composing, queueing, sending, and claiming beside a million that are done. `benches/mail.sh` runs it beside the yardsticks
//! and prints the ratios.
//!
//! Every line is `name <tab> seconds <tab> what was done`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench fails by panicking and prints its lines"
)]
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]
#![allow(clippy::cast_precision_loss, reason = "figures for reading")]

mod compose;
mod queue;
mod send;
mod settled;
mod shop;

use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    match arguments.next().as_deref() {
        Some("compose") => compose::run(),
        Some("queue") => queue::run(),
        Some("send") => send::run(arguments.next().and_then(|port| port.parse().ok()).unwrap()),
        Some("settled") => settled::run(),
        _ => {
            compose::run();
            queue::run();
        }
    }
}

/// The median seconds of five runs.
fn median(mut run: impl FnMut()) -> f64 {
    let mut seconds: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[2]
}
