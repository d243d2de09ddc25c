//! What is new for a person goes out in one letter, as often as they like and no longer than they like.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use futures_util::future::join;
use mistok::auth::Role;
use mistok::{jobs, notifications};
use serde_json::json;

use crate::on_both;
use crate::support::TestApp;
use crate::support::content::{organisation, step};
use crate::support::news::{MANY, OLHA, at, call_of, colleague, interested, kinds, second_business, settled, ukrainian};

/// What one letter tells at most.
const MOST_IN_A_LETTER: usize = 50;

on_both! {
    async fn what_is_new_goes_out_in_one_letter_each_morning_in_the_language_of_its_person(app) {
        let cast = app.cast().await;
        let olha = ukrainian(app).await;
        app.join(&olha, &cast.municipality.organisation, Role::Editor).await;
        settled(app, &[&cast.municipality]).await;
        let (_, interest) = interested(app, &cast).await;
        let second = second_business(app, &cast).await;
        let offer = json!({ "organisationId": second.id(), "callId": call_of(app, &cast.business, &interest).await, "offer": "Так" });
        app.clock.advance(TimeDelta::minutes(5));
        app.done(&second, "expressInterest", offer).await;
        at(app, "2026-11-25T05:59:59Z").await;
        assert_eq!(app.letters_to(OLHA).await.len(), 1, "the one that confirms the address");
        at(app, "2026-11-25T06:00:00Z").await;
        let letters = app.letters_to(OLHA).await;
        assert_eq!(letters.len(), 2);
        let letter = letters.last().expect("a letter");
        let (head, text) = letter.text().split_once("\r\n\r\n").expect("a body");
        assert!(head.contains("Content-Language: uk") && head.contains("List-Unsubscribe: <http://"), "{head}");
        let expected = "Вітаємо!

Ось що нового для вас у «Містку».

Новий відгук на ваш конкурс
ТОВ «Аква-Монтаж» подає відгук I-2026-000001 на конкурс C-2026-000001. Дайте відповідь до 04.12.2026 11:00 (за Києвом).
24.11.2026 11:00 (за Києвом)

Новий відгук на ваш конкурс
ПП «Друге» подає відгук I-2026-000002 на конкурс C-2026-000001. Дайте відповідь до 04.12.2026 11:05 (за Києвом).
24.11.2026 11:05 (за Києвом)

Такі листи надходять щодня о 8:00, якщо є новини. Щоб їх більше не було, відкрийте посилання й натисніть кнопку:

LINK

Місток";
        assert_eq!(text.replace("\r\n", "\n").replace(letter.link(), "LINK").trim_end(), expected);
        let english = app.letter_to(&cast.municipality.email).await;
        assert!(english.text().contains("Subject: What is new at Mistok: 2"), "{}", english.text());
        assert!(english.text().contains("ПП «Друге» hands in the interest I-2026-000002 in the call C-2026-000001. Answer by 4 December 2026, 11:05 (Kyiv time)."), "{}", english.text());
        at(app, "2026-11-26T06:00:00Z").await;
        assert_eq!(app.letters_to(OLHA).await.len(), 2, "nothing is new");
    }

    async fn letters_go_out_as_often_as_their_person_likes(app) {
        let cast = app.cast().await;
        let [instant, weekly, never] = [("instant", "INSTANT"), ("weekly", "WEEKLY"), ("never", "NEVER")];
        let mut people = Vec::new();
        for (name, rhythm) in [instant, weekly, never] {
            let person = colleague(app, &cast.municipality, name, Role::Editor).await;
            let preferences = "{ viewer { notificationPreferences { email } } }";
            assert_eq!(app.data(person.token(), preferences, json!({})).await["viewer"]["notificationPreferences"]["email"], "DAILY");
            assert_eq!(app.done(&person, "setNotificationPreferences", json!({ "email": rhythm })).await["email"], rhythm);
            assert_eq!(app.data(person.token(), preferences, json!({})).await["viewer"]["notificationPreferences"]["email"], rhythm);
            people.push(person);
        }
        let unconfirmed = app.person("unconfirmed").await;
        app.join(&unconfirmed, &cast.municipality.organisation, Role::Editor).await;
        interested(app, &cast).await;
        let count = async || {
            let mut counts = Vec::new();
            for person in people.iter().chain([&unconfirmed]) {
                counts.push(app.letters_to(&person.email).await.len() - 1);
            }
            counts
        };
        assert_eq!(count().await, [1, 0, 0, 0]);
        at(app, "2026-11-30T05:59:59Z").await;
        assert_eq!(count().await, [1, 0, 0, 0]);
        at(app, "2026-11-30T06:00:00Z").await;
        assert_eq!(count().await, [1, 1, 0, 0], "a Monday; and nothing goes to an address that nobody confirmed");
        assert_eq!(kinds(app, &app.again(&people[2]).await).await, ["INTEREST_RECEIVED"], "it is in the API all the same");
    }

    async fn who_chooses_another_rhythm_gets_what_is_gathered_as_they_choose_now(app) {
        let cast = app.cast().await;
        let editor = colleague(app, &cast.municipality, "editor", Role::Editor).await;
        interested(app, &cast).await;
        app.settle().await;
        app.done(&editor, "setNotificationPreferences", json!({ "email": "WEEKLY" })).await;
        at(app, "2026-11-25T06:00:00Z").await;
        assert_eq!(app.letters_to(&editor.email).await.len(), 1);
        app.done(&app.again(&editor).await, "setNotificationPreferences", json!({ "email": "INSTANT" })).await;
        assert_eq!(app.letters_to(&editor.email).await.len(), 2);
    }

    async fn a_letter_says_no_more_than_its_person_may_see_and_has_not_read(app) {
        let cast = app.cast().await;
        let (reads, leaves) = (colleague(app, &cast.municipality, "reads", Role::Editor).await, colleague(app, &cast.municipality, "leaves", Role::Editor).await);
        interested(app, &cast).await;
        app.settle().await;
        app.done(&reads, "markAllNotificationsRead", json!({})).await;
        let member = app.member(&cast.municipality, &leaves.email).await;
        app.done(&cast.municipality, "removeMember", step(&member)).await;
        app.settle().await;
        assert_eq!(kinds(app, &leaves).await, ["MEMBERSHIP_REVOKED"], "what reached them as a member is no more theirs");
        at(app, "2026-11-25T06:00:00Z").await;
        assert_eq!(app.letters_to(&reads.email).await.len(), 1, "there is nothing that they have not read");
        let letter = app.letter_to(&leaves.email).await;
        assert!(letter.text().contains("You can act for Хотинська громада no more.") && !letter.text().contains("Аква-Монтаж"), "{}", letter.text());
    }

    async fn an_organisation_that_nobody_verified_is_not_named_in_a_letter(app) {
        let founder = app.founder("founder", organisation("BUSINESS", 70, "Ви виграли приз")).await;
        let olha = colleague(app, &founder, "olha", Role::Editor).await;
        let member = app.member(&founder, &olha.email).await;
        app.done(&founder, "removeMember", step(&member)).await;
        at(app, "2026-11-25T06:00:00Z").await;
        let letter = app.letter_to(&olha.email).await;
        assert!(letter.text().contains("You can act for an organisation no more.") && !letter.text().contains("приз"), "{}", letter.text());
    }

    async fn every_letter_has_a_way_out_that_its_button_opens_and_nothing_else(app) {
        let cast = app.cast().await;
        let editor = colleague(app, &cast.municipality, "editor", Role::Editor).await;
        interested(app, &cast).await;
        at(app, "2026-11-25T06:00:00Z").await;
        let letter = app.letter_to(&editor.email).await;
        let rhythm = async || app.data(app.again(&editor).await.token(), "{ viewer { notificationPreferences { email } } }", json!({})).await["viewer"]["notificationPreferences"]["email"].clone();
        for _ in 0..2 {
            let (status, headers, page) = app.page(letter.opened()).await;
            assert!(status == StatusCode::OK && page.contains("<form method=\"post\"") && page.contains("Send no more"), "{page}");
            assert!(headers["content-security-policy"].to_str().expect("text").contains("default-src 'none'"));
        }
        assert_eq!(rhythm().await, "DAILY", "a scanner of mail opens links too");
        let (status, _, page) = app.page(letter.sent("answer=yes")).await;
        assert!(status == StatusCode::OK && page.contains("більше не буде") && page.contains("href=\"./../\"") && !page.contains("setNotificationPreferences"), "{page}");
        assert_eq!(rhythm().await, "NEVER");
        assert_eq!(app.page(letter.sent("answer=yes")).await.0, StatusCode::OK, "it stays so");

        app.done(&app.again(&editor).await, "setNotificationPreferences", json!({ "email": "DAILY" })).await;
        let (_, target) = letter.link().split_once("8080").expect("an address");
        for (kind, body) in [("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"), ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n")] {
            app.done(&app.again(&editor).await, "setNotificationPreferences", json!({ "email": "DAILY" })).await;
            let press = Request::post(target).header("content-type", kind).body(Body::from(body)).expect("a request");
            assert_eq!(app.page(press).await.0, StatusCode::OK);
            assert_eq!(rhythm().await, "NEVER", "the mailbox's own button, {kind}");
        }
        let other = TestApp::as_letter(&format!("http://127.0.0.1:8080/notifications/stop?token={}&lang=en", &letter.token()[1..]));
        for damaged in [other.opened(), other.sent("")] {
            let (status, _, page) = app.page(damaged).await;
            assert!(status == StatusCode::BAD_REQUEST && !page.contains("setNotificationPreferences"), "{page}");
        }
    }

    async fn what_comes_in_while_a_letter_goes_out_is_in_that_one_or_in_the_next(app) {
        let cast = app.cast().await;
        let editor = colleague(app, &cast.municipality, "editor", Role::Editor).await;
        app.done(&editor, "setNotificationPreferences", json!({ "email": "INSTANT" })).await;
        let (call, mut interest) = interested(app, &cast).await;
        let other = app.another_app().await;
        for _ in 0..MANY {
            app.sequence().await;
            let (told, sent) = join(notifications::service::notify(&app.app), jobs::run_due(&other)).await;
            told.expect("tells");
            sent.expect("sends");
            interest = app.done(&cast.business, "withdrawInterest", step(&interest)).await;
            interest = app.done(&cast.business, "expressInterest", json!({ "organisationId": cast.business.id(), "callId": call["id"], "offer": interest["reference"] })).await;
        }
        let letters: String = app.letters_to(&editor.email).await.iter().map(|letter| letter.text().to_owned()).collect();
        assert_eq!(kinds(app, &editor).await.len(), MANY + 1);
        for number in 1..=MANY + 1 {
            assert_eq!(letters.matches(&format!("I-2026-{number:06}")).count(), 1, "{letters}");
        }
    }

    async fn what_a_letter_counts_beyond_its_length_is_what_it_would_tell(app) {
        let cast = app.cast().await;
        let editor = colleague(app, &cast.municipality, "editor", Role::Editor).await;
        let (_, answered) = interested(app, &cast).await;
        let second = second_business(app, &cast).await;
        at(app, "2026-12-01T08:59:59Z").await;
        let second = app.again(&second).await;
        let offer = json!({ "organisationId": second.id(), "callId": call_of(app, &app.again(&cast.business).await, &answered).await, "offer": "Так" });
        for _ in 0..MOST_IN_A_LETTER + 3 {
            let interest = app.done(&second, "expressInterest", offer.clone()).await;
            app.done(&second, "withdrawInterest", step(&interest)).await;
        }
        at(app, "2026-12-01T09:00:00Z").await;
        let editor = app.again(&editor).await;
        assert_eq!(kinds(app, &editor).await[0], "ANSWER_DUE_SOON");
        app.done(&editor, "acknowledgeInterest", step(&answered)).await;
        at(app, "2026-12-02T06:00:00Z").await;
        let letter = app.letter_to(&editor.email).await;
        assert!(letter.text().contains("There are 3 more;") && letter.text().contains("Subject: What is new at Mistok: 53"), "{}", letter.text());
    }
}
