//! A shop's own templates and texts.

use ecrm_confirmation_mail::{MailError, Mailer, OrderReceived, Theme, load_theme, save_template};
use ecrm_testkit::hosts::on_each_database;
use tempfile::tempdir;

use crate::support::*;

fn with(files: &[(&str, &str)]) -> Result<Mailer, MailError> {
    let mut theme = Theme::builtin()?;
    for (name, source) in files {
        theme = theme.with_file(name, source)?;
    }
    mailer().with_theme(theme)
}

fn refusal(files: &[(&str, &str)]) -> String {
    with(files).unwrap_err().to_string()
}

fn mail(mailer: &Mailer, locale: &str) -> ecrm_confirmation_mail::RenderedMail {
    mailer
        .preview(
            &ada(locale),
            OrderReceived {
                order: &lamp_in_stock("10248"),
            },
            NOW,
        )
        .unwrap()
}

#[test]
fn a_shop_says_single_phrases_in_its_own_words() {
    let mailer = with(&[(
        "locales/en.json",
        r#"{"notices":{"order_received":{"heading":"Ta, {shop} got it"}}}"#,
    )])
    .unwrap();
    let mail = mail(&mailer, "en");
    assert!(mail.text.contains("Ta, Lampen & Söhne got it"));
    assert!(mail.text.contains("Order number"), "all else is as before");
}

#[test]
fn a_folder_of_a_theme_that_is_not_there_is_told_and_not_passed_over() {
    let folder = tempdir().unwrap();
    assert!(
        Theme::builtin().unwrap().with_folder(folder.path()).is_ok(),
        "an empty one changes nothing"
    );
    let missing = Theme::builtin().unwrap().with_folder(&folder.path().join("theme"));
    assert!(matches!(missing, Err(MailError::Template(_))));
}

#[test]
fn a_template_of_one_notice_extends_the_frame_of_all() {
    let own = "{% extends \"builtin/mail.txt\" %}{% block header %}== {{ shop }} =={% endblock %}";
    let mailer = with(&[("order_received.txt", own)]).unwrap();
    assert!(mail(&mailer, "en").text.starts_with("== Lampen & Söhne =="));
    assert!(mail(&mailer, "en").fallback.is_none());
}

#[test]
fn what_is_broken_is_refused_when_it_is_loaded_with_the_place_of_the_fault() {
    let broken = refusal(&[("mail.html", "<p>\n{{ shop\n</p>")]);
    assert!(broken.contains("mail.html") && broken.contains("line 3"), "{broken}");
    let undefined = refusal(&[("order_shipped.txt", "{{ shop }}\n{{ nobody }}")]);
    assert!(
        undefined.contains("order_shipped") && undefined.contains("line 2"),
        "{undefined}"
    );
    let place = refusal(&[(
        "locales/en.json",
        r#"{"notices":{"order_received":{"heading":"{surname}"}}}"#,
    )]);
    assert!(
        place.contains("order_received.heading") && place.contains("surname"),
        "{place}"
    );
    let unknown = refusal(&[("locales/en.json", r#"{"common":{"greting":"Hi"}}"#)]);
    assert!(unknown.contains("greting"), "{unknown}");
    assert!(refusal(&[("other.html", "x")]).contains("no template of a mail"));
    assert!(refusal(&[("../mail.html", "x")]).contains("no template of a mail"));
}

#[test]
fn a_new_language_must_say_everything() {
    let incomplete = r#"{"format":{"direction":"ltr","plural":"one","decimal":",","group":".","group_from":4,"symbol":"last",
        "day":"{day} {month} {year}","first_day":"1","moment":"{day} {time}",
        "months":["1","2","3","4","5","6","7","8","9","10","11","12"]},"common":{"greeting":"Dag {name},"}}"#;
    assert!(refusal(&[("locales/nl.json", incomplete)]).contains("is missing"));
    assert!(refusal(&[("locales/nl.json", "{}")]).contains("format"));
}

#[test]
fn a_language_that_is_written_from_right_to_left_is_laid_out_so() {
    let english = include_str!("../../src/theme/locales/en.json");
    let arabic = english.replace("\"direction\": \"ltr\"", "\"direction\": \"rtl\"");
    let mailer = with(&[("locales/ar.json", &arabic)]).unwrap();
    let mail = mail(&mailer, "ar-EG");
    assert_eq!(mail.locale, "ar");
    assert!(mail.html.contains("dir=\"rtl\"") && !mail.html.contains("dir=\"ltr\""));
}

#[test]
fn a_template_that_breaks_on_real_data_falls_back_visibly_and_queues_the_mail() {
    // It stands every sample; only an order with this number breaks it.
    let own = "{% extends \"builtin/mail.txt\" %}{% block header %}{% if \"broken\" in subject %}{{ nobody }}{% endif %}{% endblock %}";
    let mailer = with(&[("mail.txt", own)]).unwrap();
    let order = order("broken-7", vec![line("Lamp", ecrm_core::Availability::InStock)]);
    on_each_database("fallback", |host| {
        host.commit(|session| {
            tables(session);
            let ada = ada("en");
            let request = ecrm_confirmation_mail::MailRequest::new("order:7", &ada, OrderReceived { order: &order });
            let composed = mailer.compose(&request, &ecrm_core::SeededIds::new(1), NOW)?;
            put(session, &composed, NOW)?;
            let queued = ecrm_confirmation_mail::find(session, "order:7")?.unwrap();
            assert!(queued.fallback.unwrap().contains("mail.txt"));
            assert!(queued.content.unwrap().text.contains("broken-7"));
            assert_eq!(ecrm_confirmation_mail::fallbacks(session, 10)?.len(), 1);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_theme_comes_from_a_folder_or_from_the_database() {
    let folder = tempdir().unwrap();
    std::fs::create_dir(folder.path().join("locales")).unwrap();
    std::fs::write(folder.path().join("notes.md"), "not read").unwrap();
    std::fs::write(folder.path().join("mail.txt"), "{{ heading }} / {{ shop }}").unwrap();
    std::fs::write(folder.path().join("locales/de.json"), r#"{"common":{"item":"Ding"}}"#).unwrap();
    let mailer = mailer()
        .with_theme(Theme::builtin().unwrap().with_folder(folder.path()).unwrap())
        .unwrap();
    assert!(mail(&mailer, "en").text.ends_with("/ Lampen & Söhne"));
    assert!(mail(&mailer, "de").html.contains("Ding"));
    on_each_database("stored_theme", |host| {
        host.commit(|session| {
            tables(session);
            save_template(session, "mail.txt", "first", NOW)?;
            save_template(session, "mail.txt", "{{ shop }} says {{ heading }}", NOW)?;
            assert!(matches!(
                save_template(session, "mail.html", "{{", NOW),
                Err(MailError::Template(_))
            ));
            let mailer = crate::support::mailer().with_theme(load_theme(session)?)?;
            assert!(mail(&mailer, "en").text.starts_with("Lampen & Söhne says"));
            Ok::<_, MailError>(())
        });
    });
}
