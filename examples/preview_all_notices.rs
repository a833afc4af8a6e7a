//! Every mail that a customer can get, in every language, to look at before anybody gets one.
//!
//! ```sh
//! cargo run --example preview_all_notices -- [--out DIR] [--theme FOLDER] [--shop NAME] [--accent "#1f5fbf"]
//! ```
//!
//! DIR receives an `index.html`, and of each mail the HTML part, the text part and the whole message. FOLDER has the shop's own templates
//! and texts; what is broken in them is told with its place, and the exit status is 2.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its user")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use ecrm::confirmation_mail::{Brand, ComposedMail, Links, MailRequest, Mailer, Sample, Theme};
use ecrm::core::SeededIds;

/// Every mail that a customer can get, in every language.
#[derive(Parser)]
struct Options {
    /// Where the previews are written to.
    #[arg(long, default_value = "out/notices")]
    out: PathBuf,
    /// A folder with the shop's own templates and texts.
    #[arg(long)]
    theme: Option<PathBuf>,
    /// The name of the shop.
    #[arg(long, default_value = "Lamps & Co")]
    shop: String,
    /// The colour of the shop.
    #[arg(long, default_value = "#1f5fbf")]
    accent: String,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let theme = match &options.theme {
        Some(folder) => Theme::builtin()?.with_folder(folder)?,
        None => Theme::builtin()?,
    };
    let locales: Vec<String> = theme.locales().map(str::to_owned).collect();
    let brand =
        Brand::new(&options.accent)?.with_imprint(&["Lamps & Co, Lindengasse 7, 1070 Wien", "orders@lamps.example"]);
    let mailer = Mailer::new(&options.shop, "orders@lamps.example".parse()?)?
        .with_url("https://lamps.example/")?
        .with_brand(brand)
        .with_links(Links::new("https://lamps.example/answer", &[7; 32])?) // in a shop: a secret from its settings
        .with_theme(theme)?;

    fs::create_dir_all(&options.out)?;
    let sample = Sample::new()?;
    let mut rows = String::new();
    for (title, notice) in sample.notices() {
        write!(rows, "<tr><th>{title}</th>")?;
        for locale in &locales {
            let recipient = sample.recipient(locale)?;
            let mail = mailer.compose(
                &MailRequest::new("preview", &recipient, notice),
                &SeededIds::new(1),
                sample.now(),
            )?;
            let stem = format!("{}-{locale}", title.replace([',', ' '], "_").replace("__", "_"));
            save(&options.out, &stem, &mail)?;
            write!(
                rows,
                "<td><a href=\"{stem}.html\">{locale}</a> <a href=\"{stem}.txt\">text</a> <a href=\"{stem}.eml\">eml</a></td>"
            )?;
        }
        rows.push_str("</tr>\n");
    }
    let index = options.out.join("index.html");
    fs::write(&index, page(&rows))?;
    println!(
        "{} notices in {} languages: {}",
        sample.notices().len(),
        locales.len(),
        index.display()
    );
    Ok(())
}

fn save(folder: &Path, stem: &str, mail: &ComposedMail) -> std::io::Result<()> {
    let texts = mail.texts();
    fs::write(folder.join(format!("{stem}.html")), &texts.html)?;
    fs::write(
        folder.join(format!("{stem}.txt")),
        format!("{}\n({})\n\n{}\n", texts.subject, texts.preheader, texts.text),
    )?;
    fs::write(folder.join(format!("{stem}.eml")), mail.content())
}

fn page(rows: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">
<title>All notices</title><style>body{{font:16px/1.5 system-ui,sans-serif;margin:1rem;color-scheme:light dark}}
table{{border-collapse:collapse}}th{{text-align:start;font-weight:500}}td,th{{padding:.3rem .8rem;border-bottom:1px solid #8884}}</style></head>
<body><h1>All notices</h1><div style=\"overflow-x:auto\"><table>\n{rows}</table></div></body></html>\n"
    )
}
