//! One-time links and the letters that carry them: what a link is good for, and how a letter gets to its person.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use futures_util::future::join_all;
use mistok::accounts::service as accounts;
use mistok::app::App;
use mistok::config::Config;
use mistok::jobs;
use mistok::locale::Locale;
use mistok::mail::Route;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use crate::on_both;
use crate::support::letters::Letter;
use crate::support::people::PASSWORD;
use crate::support::{Person, TestApp};

const EMAIL: &str = "olena@mistok.example";

on_both! {
    async fn a_link_is_good_for_its_purpose_in_its_time_and_while_it_is_the_newest(app) {
        let olena = app.person("olena").await;
        let confirm = app.letter_to(EMAIL).await;
        assert_eq!(reset(app, confirm.token()).await, "OUT_OF_TIME token", "it confirms and changes no password");
        app.clock.advance(TimeDelta::minutes(5));
        app.done(&olena, "requestEmailConfirmation", Value::Null).await;
        assert_eq!(app.refused(&Person::nobody(), "confirmEmail", json!({ "token": confirm.token(), "password": PASSWORD })).await, "OUT_OF_TIME token", "a newer one was sent");
        app.done(&Person::nobody(), "requestPasswordReset", json!({ "email": EMAIL })).await;
        let letter = app.letter_to(EMAIL).await;
        app.clock.advance(TimeDelta::hours(4));
        assert_eq!(reset(app, letter.token()).await, "OUT_OF_TIME token");
        assert_eq!(reset(app, &letter.token()[1..]).await, "BAD_USER_INPUT token");
        assert_eq!(app.page(letter.opened()).await.0, StatusCode::GONE);
        app.done(&Person::nobody(), "confirmEmail", json!({ "token": app.letters_to(EMAIL).await[1].token(), "password": PASSWORD })).await;
    }

    async fn of_many_who_use_one_link_at_once_one_does(app) {
        app.person("olena").await;
        let token = app.letter_to(EMAIL).await.token().to_owned();
        let nobody = Person::nobody();
        let outcomes = join_all((0..8).map(|_| app.attempt(&nobody, "confirmEmail", json!({ "token": token, "password": PASSWORD })))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    }

    async fn of_many_who_use_one_refresh_token_at_once_at_most_one_gets_the_next_and_the_sign_in_ends(app) {
        app.person("olena").await;
        let nobody = Person::nobody();
        let signed = app.done(&nobody, "signIn", json!({ "email": EMAIL, "password": PASSWORD })).await;
        let outcomes = join_all((0..8).map(|_| app.attempt(&nobody, "refreshSession", json!({ "refreshToken": signed["refreshToken"] })))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert_eq!(app.refusal(signed["accessToken"].as_str(), "{ viewer { account { id } } }", json!({})).await, "UNAUTHENTICATED");
    }

    async fn a_letter_that_cannot_go_out_is_tried_again_later_each_time(app) {
        app.person("olena").await;
        let offline = App { config: Arc::new(Config { mail: Route::Smtp("smtp://127.0.0.1:1".to_owned()), ..Config::clone(&app.app.config) }), ..app.app.clone() };
        assert_eq!(jobs::run_due(&offline).await.expect("runs"), 0);
        app.clock.advance(TimeDelta::seconds(14));
        assert!(app.letters_to(EMAIL).await.is_empty(), "it waits");
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(jobs::run_due(&offline).await.expect("runs"), 0);
        app.clock.advance(TimeDelta::seconds(29));
        assert!(app.letters_to(EMAIL).await.is_empty(), "it waits longer");
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(app.letters_to(EMAIL).await.len(), 1);
    }

    async fn a_letter_goes_to_a_server_of_smtp(app) {
        app.person("olena").await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let route = Route::Smtp(format!("smtp://{}", listener.local_addr().expect("an address")));
        let online = App { config: Arc::new(Config { mail: route, ..Config::clone(&app.app.config) }), ..app.app.clone() };
        let server = tokio::spawn(take_one_letter(listener));
        assert_eq!(jobs::run_due(&online).await.expect("runs"), 1);
        let heard = server.await.expect("ends");
        assert!(heard.iter().any(|line| line == &format!("RCPT TO:<{EMAIL}>")), "{heard:#?}");
        assert!(heard.iter().any(|line| line.starts_with("Message-ID: <")), "{heard:#?}");
    }

    async fn the_first_administrator_comes_by_a_link_that_is_good_once_and_while_there_is_none(app) {
        let first = accounts::first_link(&app.app, Locale::Uk).await.expect("makes").expect("nobody runs the platform");
        let second = accounts::first_link(&app.app, Locale::Uk).await.expect("makes").expect("still nobody does");
        let (first, second) = (TestApp::as_letter(&first), TestApp::as_letter(&second));
        assert_eq!(app.page(first.opened()).await.0, StatusCode::GONE, "another start has printed a newer one");
        let fields = "name=%3Cb%3EIvan&email=ivan%40mistok.example&password=short";
        let (status, _, page) = app.page(second.sent(fields)).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("value=\"ivan@mistok.example\"") && !page.contains("<b>Ivan"), "{page}");
        let fields = fields.replace("short", "long+enough+for+all");
        assert_eq!(app.page(second.sent(&fields)).await.0, StatusCode::OK);
        let ivan = app.signed_in("ivan@mistok.example").await;
        let viewer = app.data(ivan.token(), "{ viewer { account { administrator emailConfirmed } } }", json!({})).await;
        assert_eq!(viewer["viewer"]["account"], json!({ "administrator": true, "emailConfirmed": false }));
        let (status, _, page) = app.page(second.sent(&fields)).await;
        assert!(status == StatusCode::OK && page.contains("обліковий запис уже створено"), "a second press makes nobody: {page}");
        assert_eq!(accounts::first_link(&app.app, Locale::Uk).await.expect("looks"), None);
        let input = accounts::SignUp { email: "other@mistok.example".to_owned(), name: "Other".to_owned(), password: PASSWORD.to_owned(), locale: Locale::En };
        assert!(accounts::administrator_of_the_settings(&app.app, input).await.expect("looks").is_none());
    }

    async fn a_page_whose_link_is_good_no_more_says_why_and_leads_to_another(app) {
        app.person("olena").await;
        app.done(&Person::nobody(), "requestPasswordReset", json!({ "email": EMAIL })).await;
        let first = app.letter_to(EMAIL).await;
        app.clock.advance(TimeDelta::minutes(5));
        let (status, headers, page) = app.page(Request::get("/forgotten-password?lang=en").body(Body::empty()).expect("a request")).await;
        assert!(status == StatusCode::OK && page.contains("Send the letter") && page.contains("?lang=uk") && !page.contains("<script"), "{page}");
        assert!(headers["content-security-policy"].to_str().expect("text").contains("form-action 'self'"));
        let ask = async |email: &str| {
            let form = Request::post("/forgotten-password?lang=uk").header("content-type", "application/x-www-form-urlencoded");
            app.page(form.body(Body::from(format!("email={email}&answer=yes"))).expect("a request")).await
        };
        let (known, unknown) = (ask(EMAIL).await, ask("nobody@mistok.example").await);
        assert_eq!((known.0, &known.2), (StatusCode::OK, &unknown.2), "whose an address is it does not tell");
        assert!(known.2.contains("Перевірте свою пошту") && known.2.contains("4 години"), "{}", known.2);
        assert!(app.letters_to("nobody@mistok.example").await.is_empty());
        for wrong in ["", "abc"] {
            let (status, _, page) = ask(wrong).await;
            assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("Надіслати лист") && !page.contains("Перевірте свою пошту"), "{wrong}: {page}");
        }
        let lost = Request::post("/forgotten-password?lang=uk").header("content-type", "text/plain").body(Body::from(format!("email={EMAIL}"))).expect("a request");
        let (status, _, page) = app.page(lost).await;
        assert!(status == StatusCode::BAD_REQUEST && page.contains("Форма не надійшла") && page.contains("forgotten-password"), "{page}");
        let second = app.letter_to(EMAIL).await;
        let gone = async |letter: &Letter, english: &str, ukrainian: &str| {
            for (request, why) in [(letter.opened(), english), (letter.sent("password=long+enough+for+all"), ukrainian)] {
                let (status, _, page) = app.page(request).await;
                assert!(status == StatusCode::GONE && page.contains(why) && page.contains("href=\"./forgotten-password?lang="), "{page}");
                assert!(!page.contains("requestPasswordReset") && !page.contains("signIn"), "{page}");
            }
        };
        assert_ne!(first.token(), second.token());
        gone(&first, "a newer one replaced it", "замінило новіше").await;
        app.clock.advance(TimeDelta::hours(4));
        gone(&second, "The time of this link is over", "Час цього посилання минув").await;
        ask(EMAIL).await;
        assert_eq!(app.page(app.letter_to(EMAIL).await.sent("password=long+enough+for+all")).await.0, StatusCode::OK);
    }

    async fn a_form_that_is_none_or_too_large_does_nothing(app) {
        app.person("olena").await;
        let letter = app.letter_to(EMAIL).await;
        assert_eq!(app.page(letter.sent(&format!("x={}", "x".repeat(20_000)))).await.0, StatusCode::BAD_REQUEST);
        let mut json = letter.sent("");
        json.headers_mut().insert("content-type", "text/plain".parse().expect("a header"));
        assert_eq!(app.page(json).await.0, StatusCode::BAD_REQUEST);
        assert_eq!(app.page(letter.sent("")).await.0, StatusCode::UNPROCESSABLE_ENTITY, "the password is missing");
        assert_eq!(app.page(letter.sent(&format!("password={}", PASSWORD.replace(' ', "+")))).await.0, StatusCode::OK);
    }

    async fn whoever_reads_the_mailbox_does_not_vouch_for_the_account_of_a_stranger(app) {
        let stranger = app.person("olena").await;
        let letter = app.letter_to(EMAIL).await;
        let (address, _) = app.turn_second_factor_on(&stranger).await;
        assert_eq!(app.refused(&Person::nobody(), "confirmEmail", json!({ "token": letter.token(), "password": "інші чотири слова" })).await, "BAD_USER_INPUT password");
        let (status, _, page) = app.page(letter.sent("password=x")).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(letter.token()), "the form stays: {page}");
        app.done(&Person::nobody(), "requestPasswordReset", json!({ "email": EMAIL })).await;
        let theirs = "зовсім інші слова";
        app.done(&Person::nobody(), "resetPassword", json!({ "token": app.letter_to(EMAIL).await.token(), "password": theirs })).await;
        assert_eq!(app.refusal(stranger.token(), "{ viewer { account { id } } }", json!({})).await, "UNAUTHENTICATED");
        let code = app.code_of(&address, 1);
        assert_eq!(app.refused(&Person::nobody(), "signIn", json!({ "email": EMAIL, "password": PASSWORD, "code": code })).await, "BAD_USER_INPUT password");
        let olena = app.by(&stranger, json!({ "email": EMAIL, "password": theirs })).await;
        let seen = app.data(olena.token(), "{ viewer { account { emailConfirmed } } }", json!({})).await;
        assert_eq!(seen["viewer"]["account"]["emailConfirmed"], true);
        app.done(&olena, "prepareSecondFactor", Value::Null).await;
    }

    async fn a_second_factor_outlives_a_new_password_where_the_address_was_confirmed(app) {
        let olena = app.person("olena").await;
        app.confirm(&olena).await;
        app.turn_second_factor_on(&olena).await;
        // That it is on is told before the letter with the link.
        app.settle().await;
        app.done(&Person::nobody(), "requestPasswordReset", json!({ "email": EMAIL })).await;
        app.done(&Person::nobody(), "resetPassword", json!({ "token": app.letter_to(EMAIL).await.token(), "password": PASSWORD })).await;
        assert_eq!(app.refused(&Person::nobody(), "signIn", json!({ "email": EMAIL, "password": PASSWORD })).await, "SECOND_FACTOR_REQUIRED code");
    }

    async fn one_letter_of_a_kind_goes_out_in_five_minutes_and_nobody_costs_as_much_as_somebody(app) {
        let olena = app.person("olena").await;
        let (first, again) = (asked_for_a_reset(app, EMAIL).await, asked_for_a_reset(app, EMAIL).await);
        assert_eq!((asked_for_a_reset(app, "nobody@mistok.example").await, asked_for_a_reset(app, "nobody@mistok.example").await), (first.clone(), again.clone()));
        assert!(again.len() < first.len(), "nothing is written: {again:?}");
        app.done(&olena, "requestEmailConfirmation", Value::Null).await;
        let letters = app.letters_to(EMAIL).await;
        assert_eq!(letters.len(), 2, "one of each kind");
        app.clock.advance(TimeDelta::minutes(5));
        app.done(&Person::nobody(), "requestPasswordReset", json!({ "email": EMAIL })).await;
        assert_eq!(app.letters_to(EMAIL).await.len(), 3);
        let links: Vec<bool> = app.rows("SELECT subject_id FROM link", |row| row.try_get::<Option<uuid::Uuid>>("", "subject_id").expect("an id").is_none()).await;
        assert!(!links.contains(&true), "no two addresses share a subject");
    }

    async fn a_page_whose_database_is_away_keeps_its_token(app) {
        app.person("olena").await;
        let letter = app.letter_to(EMAIL).await;
        app.app.db.reader().close_by_ref().await.expect("closes");
        let (status, _, page) = app.page(letter.opened()).await;
        assert!(status == StatusCode::SERVICE_UNAVAILABLE && page.contains(&format!("value=\"{}\"", letter.token())), "{page}");
    }
}

/// The statements of a request for a new password.
async fn asked_for_a_reset(app: &TestApp, email: &str) -> Vec<String> {
    app.statements();
    app.done(&Person::nobody(), "requestPasswordReset", json!({ "email": email })).await;
    app.statements()
}

async fn reset(app: &TestApp, token: &str) -> String {
    app.refused(&Person::nobody(), "resetPassword", json!({ "token": token, "password": PASSWORD })).await
}

/// A server that takes one letter; gives the lines that it heard.
async fn take_one_letter(listener: TcpListener) -> Vec<String> {
    let (stream, _) = listener.accept().await.expect("somebody comes");
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut heard = Vec::new();
    let mut in_letter = false;
    writer.write_all(b"220 mail.example\r\n").await.expect("greets");
    while let Some(line) = lines.next_line().await.expect("a line") {
        let answer: Option<&[u8]> = match line.as_str() {
            "." => Some(b"250 taken\r\n"),
            _ if in_letter => None,
            "DATA" => Some(b"354 go on\r\n"),
            "QUIT" => Some(b"221 bye\r\n"),
            _ => Some(b"250 ok\r\n"),
        };
        in_letter = (in_letter && line != ".") || line == "DATA";
        heard.push(line.clone());
        if let Some(answer) = answer {
            writer.write_all(answer).await.expect("answers");
        }
        if line == "QUIT" {
            break;
        }
    }
    heard
}
