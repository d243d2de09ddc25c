//! What concerns the safety of an account or an organisation is told at once, whatever its person chose, and in a letter of its own.

use chrono::TimeDelta;
use entity::sign_in_round::Purpose;
use futures_util::future::join;
use mistok::accounts::service as accounts;
use mistok::auth::Role;
use mistok::notifications;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::step;
use crate::support::news::{OLHA, at, colleague, interested, kinds, settled, ukrainian};
use crate::support::people::PASSWORD;
use crate::support::{Person, TestApp};

on_both! {
    async fn a_new_password_is_told_at_once_and_once_to_who_wants_no_letters(app) {
        let olha = ukrainian(app).await;
        app.done(&olha, "setNotificationPreferences", json!({ "email": "NEVER" })).await;
        change_password(app, &olha).await;
        let letters = app.letters_to(OLHA).await;
        assert_eq!(letters.len(), 2, "after the one that confirms the address");
        let (head, text) = letters[1].text().split_once("\r\n\r\n").expect("a body");
        assert!(head.contains("Content-Language: uk") && !head.contains("List-Unsubscribe"), "{head}");
        let text = text.replace("\r\n", "\n");
        for said in ["Ваш пароль змінено\n", "24.11.2026 11:00 (за Києвом)\n", "Якщо ні,", "\n\nhttp://127.0.0.1:8080/forgotten-password?lang=uk\n\n", "signOutEverywhere", "надходять завжди"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        at(app, "2026-11-25T06:00:00Z").await;
        assert_eq!(app.letters_to(OLHA).await.len(), 2);
        assert_eq!(kinds(app, &app.again(&olha).await).await, ["PASSWORD_CHANGED"]);
    }

    async fn all_that_concerns_an_account_is_told_to_its_person_though_they_did_it(app) {
        let olena = app.confirmed("olena").await;
        let mut told = 0;
        let mut letter = async |kind: &str, said: &str| {
            told += 1;
            let letters = app.letters_to(&olena.email).await;
            assert_eq!(letters.len(), told + 1, "{kind}");
            let text = letters[told].text();
            assert!(text.contains(said) && text.contains("ask for a new password at once"), "{kind}: {text}");
            let seen = app.data(olena.token(), "{ viewer { notifications(first: 1) { nodes { kind text subject { __typename } organisation { id } } } } }", json!({})).await;
            let seen = &seen["viewer"]["notifications"]["nodes"][0];
            assert_eq!((&seen["kind"], &seen["subject"]["__typename"], &seen["organisation"]), (&json!(kind), &json!("Account"), &Value::Null));
            app.clock.advance(TimeDelta::seconds(30));
        };
        let (address, _) = app.turn_second_factor_on(&olena).await;
        letter("SECOND_FACTOR_ENABLED", "Your second factor was turned on").await;
        app.done(&olena, "stepUp", json!({ "password": PASSWORD, "code": app.code_of(&address, 0) })).await;
        app.done(&olena, "renewRecoveryCodes", Value::Null).await;
        letter("RECOVERY_CODES_RENEWED", "take others (renewRecoveryCodes)").await;
        app.done(&olena, "linkIdentity", json!({ "code": app.code_for(Purpose::Link, &olena.email).await })).await;
        letter("IDENTITY_LINKED", "take it off (unlinkIdentity)").await;
        app.done(&olena, "unlinkIdentity", json!({ "issuer": "https://id.example" })).await;
        letter("IDENTITY_UNLINKED", "signs nobody in to your account any more").await;
        accounts::remove_second_factor(&app.app, &olena.email).await.expect("an administrator takes it away");
        letter("SECOND_FACTOR_DISABLED", "an administrator of the platform took it away").await;
        change_password(app, &olena).await;
        letter("PASSWORD_CHANGED", "Your account has a new password").await;
    }

    async fn a_password_that_a_letter_reset_is_told_too(app) {
        let olena = app.confirmed("olena").await;
        app.done(&Person::nobody(), "requestPasswordReset", json!({ "email": olena.email })).await;
        app.done(&Person::nobody(), "resetPassword", json!({ "token": app.letter_to(&olena.email).await.token(), "password": PASSWORD })).await;
        assert!(app.letter_to(&olena.email).await.text().contains("Subject: Your password was changed"));
    }

    async fn what_is_gathered_waits_for_its_morning_and_what_was_read_is_written_all_the_same(app) {
        let cast = app.cast().await;
        let editor = colleague(app, &cast.municipality, "editor", Role::Editor).await;
        interested(app, &cast).await;
        change_password(app, &editor).await;
        app.sequence().await;
        while notifications::service::notify(&app.app).await.expect("tells people") > 0 {
            app.sequence().await;
        }
        // Whoever is in somebody's sign-in may say so before the letter is out.
        app.done(&editor, "markAllNotificationsRead", json!({})).await;
        let letters = app.letters_to(&editor.email).await;
        assert_eq!(letters.len(), 2);
        assert!(letters[1].text().contains("Your password was changed") && !letters[1].text().contains("interest"), "{}", letters[1].text());
        let member = app.member(&cast.municipality, &editor.email).await;
        app.done(&cast.municipality, "removeMember", step(&member)).await;
        assert_eq!(app.letters_to(&editor.email).await.len(), 2, "it waits");
        at(app, "2026-11-25T06:00:00Z").await;
        let letters = app.letters_to(&editor.email).await;
        let saying = |said: &str| letters.iter().filter(|letter| letter.text().contains(said)).count();
        assert_eq!((letters.len(), saying("You can act for"), saying("Your password was changed")), (3, 1, 1), "each is told once");
    }

    async fn an_api_token_is_told_to_all_owners_and_to_nobody_else(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let (second, editor) = (colleague(app, owner, "second", Role::Owner).await, colleague(app, owner, "editor", Role::Editor).await);
        settled(app, &[owner, &second, &editor]).await;
        let before = app.letters_to(&owner.email).await.len();
        app.proves_anew(owner).await;
        let wanted = json!({ "organisationId": owner.id(), "name": "Портал", "scopes": ["WRITE"], "expiresAt": app.now() + TimeDelta::days(30) });
        let made = app.done(owner, "createApiToken", wanted).await;
        app.settle().await;
        for (person, letters) in [(owner, before), (&second, 1)] {
            let letter = app.letters_to(&person.email).await;
            assert_eq!(letter.len(), letters + 1, "{}", person.email);
            assert!(letter[letters].text().contains("A program with a new token can act for ТОВ «Аква-Монтаж»."), "{}", letter[letters].text());
            let seen = app.data(person.token(), "{ viewer { notifications { nodes { kind subject { id } organisation { id } } } } }", json!({})).await;
            assert_eq!(seen["viewer"]["notifications"]["nodes"], json!([{ "kind": "API_TOKEN_CREATED", "subject": { "id": made["apiToken"]["id"] }, "organisation": { "id": owner.id() } }]));
        }
        assert_eq!((app.letters_to(&editor.email).await.len(), kinds(app, &editor).await), (1, Vec::new()));
    }

    async fn several_changes_at_once_are_one_letter_that_says_what_they_are(app) {
        let olena = app.confirmed("olena").await;
        app.turn_second_factor_on(&olena).await;
        change_password(app, &olena).await;
        let letters = app.letters_to(&olena.email).await;
        assert_eq!(letters.len(), 2, "after the one that confirms the address");
        assert!(letters[1].text().contains("Subject: Changes that concern your safety at Mistok: 2"), "{}", letters[1].text());
    }

    async fn nothing_goes_to_an_address_that_nobody_confirmed(app) {
        let olena = app.person("olena").await;
        change_password(app, &olena).await;
        assert_eq!(app.letters_to(&olena.email).await.len(), 1, "the one with which it is confirmed");
        assert_eq!(kinds(app, &olena).await, ["PASSWORD_CHANGED"]);
    }

    async fn two_nodes_at_once_tell_it_once(app) {
        let olena = app.confirmed("olena").await;
        let other = app.another_app().await;
        for turn in 1..=8 {
            change_password(app, &olena).await;
            app.sequence().await;
            let (one, two) = join(notifications::service::notify(&app.app), notifications::service::notify(&other)).await;
            one.and(two).expect("tells people");
            assert_eq!(app.letters_to(&olena.email).await.len(), 1 + turn);
        }
    }

    async fn notifications_that_were_there_before_stay(app) {
        let cast = app.cast().await;
        interested(app, &cast).await;
        app.settle().await;
        let before = kinds(app, &cast.municipality).await;
        change_password(app, &cast.municipality).await;
        app.settle().await;
        app.without_step("m0053_notification.organisation_id").await;
        assert_eq!(kinds(app, &cast.municipality).await, before, "what is about no organisation went");
        change_password(app, &cast.municipality).await;
        app.settle().await;
        assert_eq!(kinds(app, &cast.municipality).await.len(), before.len() + 1);
    }
}

async fn change_password(app: &TestApp, person: &Person) {
    app.done(person, "changePassword", json!({ "currentPassword": PASSWORD, "password": PASSWORD })).await;
}
