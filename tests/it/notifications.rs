//! People are told what concerns them, once, and say what they have read.

use axum::http::StatusCode;
use chrono::TimeDelta;
use futures_util::future::join;
use mistok::accounts::service as accounts;
use mistok::auth::{Actor, Role};
use mistok::{jobs, notifications};
use sea_orm::{ConnectionTrait as _, DbBackend};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, because, organisation, step, with};
use crate::support::news::{MANY, OLHA, at, call_of, colleague, interested, kinds, second_business, settled};
use crate::support::people::PASSWORD;
use crate::support::{Person, TestApp};

on_both! {
    async fn an_interest_is_told_to_those_who_may_answer_and_its_answer_to_those_who_expressed_it(app) {
        let cast = app.cast().await;
        let (editor, viewer) = (colleague(app, &cast.municipality, "editor", Role::Editor).await, colleague(app, &cast.municipality, "viewer", Role::Viewer).await);
        settled(app, &[&cast.municipality, &cast.business]).await;
        let (call, interest) = interested(app, &cast).await;
        app.settle().await;
        let query = "{ viewer { unreadNotifications notifications { totalCount nodes { kind uk: title(locale: UK) title textUk: text(locale: UK) text subject { id } organisation { id } readAt version } } } }";
        let told = app.data(editor.token(), query, json!({})).await;
        let (of, to) = (interest["reference"].as_str().expect("a reference"), call["reference"].as_str().expect("a reference"));
        assert_eq!(told["viewer"], json!({ "unreadNotifications": 1, "notifications": { "totalCount": 1, "nodes": [{
            "kind": "INTEREST_RECEIVED",
            "uk": "Новий відгук на ваш конкурс",
            "title": "A new interest in your call",
            "textUk": format!("ТОВ «Аква-Монтаж» подає відгук {of} на конкурс {to}. Дайте відповідь до 04.12.2026 11:00 (за Києвом)."),
            "text": format!("ТОВ «Аква-Монтаж» hands in the interest {of} in the call {to}. Answer by 4 December 2026, 11:00 (Kyiv time)."),
            "subject": { "id": interest["id"] },
            "organisation": { "id": cast.municipality.id() },
            "readAt": null,
            "version": 1,
        }] } }));
        assert_eq!(kinds(app, &cast.municipality).await, ["INTEREST_RECEIVED"]);
        assert_eq!(kinds(app, &viewer).await, Vec::<String>::new(), "who only reads answers nothing");
        assert_eq!(kinds(app, &cast.business).await, Vec::<String>::new(), "they did it themselves");

        let interest = app.done(&editor, "acknowledgeInterest", step(&interest)).await;
        app.done(&cast.municipality, "declineInterest", because(&interest, "Запізно")).await;
        app.settle().await;
        assert_eq!(kinds(app, &cast.business).await, ["INTEREST_DECLINED", "INTEREST_ACKNOWLEDGED"], "the newest first");
        assert_eq!(kinds(app, &editor).await, ["INTEREST_RECEIVED"]);
        let told = app.data(editor.token(), "{ viewer { notifications { nodes { text } } } }", json!({})).await;
        let text = told["viewer"]["notifications"]["nodes"][0]["text"].as_str().expect("a text");
        assert!(text.ends_with(&format!("in the call {to}.")), "nobody is asked for an answer that was given: {text}");
    }

    async fn a_person_marks_what_they_have_read_and_nobody_else_sees_or_marks_it(app) {
        let cast = app.cast().await;
        settled(app, &[&cast.municipality]).await;
        let (_, interest) = interested(app, &cast).await;
        let interest = app.done(&cast.business, "withdrawInterest", because(&interest, "Передумали")).await;
        app.clock.advance(TimeDelta::seconds(1));
        app.settle().await;
        let offer = json!({ "organisationId": cast.business.id(), "callId": call_of(app, &cast.business, &interest).await, "offer": "Так" });
        app.done(&cast.business, "expressInterest", offer.clone()).await;
        app.clock.advance(TimeDelta::seconds(1));
        app.settle().await;
        let all = app.data(cast.municipality.token(), "{ viewer { notifications { nodes { id } } } }", json!({})).await;
        let [newer, older] = [0, 1].map(|place| all["viewer"]["notifications"]["nodes"][place]["id"].clone());
        for person in [&cast.business, &cast.administrator, &cast.association] {
            assert_eq!(app.refused(person, "markNotificationRead", json!({ "id": newer })).await, "NOT_FOUND id", "{}", person.email);
            assert_eq!(app.refused(person, "markAllNotificationsRead", json!({ "upTo": newer })).await, "NOT_FOUND upTo");
            assert_eq!(app.data(person.token(), "query($id: ID!) { node(id: $id) { id } }", json!({ "id": newer })).await["node"], Value::Null);
        }
        assert_eq!(app.refused(&Person::nobody(), "markNotificationRead", json!({ "id": newer })).await, "UNAUTHENTICATED");
        assert_eq!(unread(app, &cast.municipality).await, 2);
        assert_eq!(app.done(&cast.municipality, "markAllNotificationsRead", json!({ "upTo": older })).await["unreadNotifications"], 1);
        let read = app.done(&cast.municipality, "markNotificationRead", json!({ "id": newer })).await;
        assert_eq!((&read["version"], &read["updatedAt"]), (&json!(2), &read["readAt"]));
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(app.done(&cast.municipality, "markNotificationRead", json!({ "id": newer })).await, read, "it stays as it is");
        assert_eq!(unread(app, &cast.municipality).await, 0);
        let filtered = "{ viewer { unread: notifications(filter: { unread: true }) { totalCount } read: notifications(filter: { unread: false }) { totalCount } } }";
        let filtered = app.data(cast.municipality.token(), filtered, json!({})).await;
        assert_eq!((&filtered["viewer"]["unread"]["totalCount"], &filtered["viewer"]["read"]["totalCount"]), (&json!(0), &json!(2)));
    }

    async fn a_program_has_no_notifications(app) {
        let cast = app.cast().await;
        app.done(&cast.municipality, "stepUp", json!({ "password": PASSWORD })).await;
        let wanted = json!({ "organisationId": cast.municipality.id(), "name": "Портал", "scopes": ["WRITE"], "expiresAt": app.now() + TimeDelta::days(30) });
        let token = app.done(&cast.municipality, "createApiToken", wanted).await;
        interested(app, &cast).await;
        app.settle().await;
        let all = app.data(cast.municipality.token(), "{ viewer { notifications { nodes { id } } } }", json!({})).await;
        let first = &all["viewer"]["notifications"]["nodes"][0]["id"];
        let program = cast.municipality.with_token(&token["secret"]);
        assert_eq!(app.data(program.token(), "query($id: ID!) { viewer { unreadNotifications } node(id: $id) { id } }", json!({ "id": first })).await, json!({ "viewer": null, "node": null }));
        for (mutation, input) in [("markNotificationRead", json!({ "id": first })), ("markAllNotificationsRead", json!({})), ("setNotificationPreferences", json!({ "email": "NEVER" }))] {
            assert_eq!(app.refused(&program, mutation, input).await, "FORBIDDEN", "{mutation}");
        }
    }

    async fn each_event_is_told_once_however_many_nodes_hear_it_and_however_often(app) {
        let cast = app.cast().await;
        let (_, interest) = interested(app, &cast).await;
        app.done(&cast.municipality, "acknowledgeInterest", step(&interest)).await;
        app.sequence().await;
        let other = app.another_app().await;
        let both = async || {
            loop {
                let (here, there) = join(notifications::service::notify(&app.app), notifications::service::notify(&other)).await;
                if here.expect("tells") + there.expect("tells") == 0 {
                    return;
                }
            }
        };
        both().await;
        let told = rows(app).await;
        assert_eq!(told.iter().filter(|row| row.1 == "INTEREST_RECEIVED" || row.1 == "INTEREST_ACKNOWLEDGED").count(), 2, "{told:?}");
        // A node that was put back to an older copy of where it was, or wrote and could not say so, hears it all again.
        app.app.db.reader().execute_unprepared("UPDATE setting SET value = '0' WHERE \"key\" = 'notifications.heard'").await.expect("goes back");
        both().await;
        assert_eq!(rows(app).await, told);
        app.clock.advance(TimeDelta::days(2));
        let (here, there) = join(jobs::run_due(&app.app), jobs::run_due(&other)).await;
        here.expect("runs");
        there.expect("runs");
        assert_eq!(app.letters_to(&cast.municipality.email).await.len(), 2, "one to confirm the address, one digest");
    }

    async fn a_round_that_dies_has_told_nothing_and_the_next_tells_all(app) {
        let cast = app.cast().await;
        app.settle().await;
        interested(app, &cast).await;
        app.sequence().await;
        let before = rows(app).await;
        let heard = async || app.rows("SELECT value FROM setting WHERE \"key\" = 'notifications.heard'", |row| row.try_get::<String>("", "value").expect("a place")).await;
        let place = heard().await;
        // The last thing that a round writes is where it is: without that nothing of it lasts.
        let database = &app.app.db;
        let (refuse, allow) = match database.backend() {
            DbBackend::Postgres => (format!("ALTER TABLE setting ADD CONSTRAINT stuck CHECK (key <> 'notifications.heard' OR value = '{}')", place[0]), "ALTER TABLE setting DROP CONSTRAINT stuck"),
            _ => ("CREATE TRIGGER stuck BEFORE UPDATE ON setting BEGIN SELECT RAISE(ABORT, 'stuck'); END".to_owned(), "DROP TRIGGER stuck"),
        };
        database.reader().execute_unprepared(&refuse).await.expect("refuses");
        assert!(notifications::service::notify(&app.app).await.is_err());
        database.reader().execute_unprepared(allow).await.expect("allows");
        assert_eq!((rows(app).await, heard().await), (before, place));
        app.settle().await;
        assert!(kinds(app, &cast.municipality).await.contains(&"INTEREST_RECEIVED".to_owned()));
    }

    async fn members_hear_what_becomes_of_them_and_owners_who_joined(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        settled(app, &[owner]).await;
        let olha = app.person("olha").await;
        app.confirm(&olha).await;
        let invite = json!({ "organisationId": owner.id(), "email": OLHA, "roles": ["EDITOR"] });
        let invited = app.done(owner, "inviteMember", invite.clone()).await;
        app.done(&olha, "acceptInvitation", step(&invited)).await;
        app.settle().await;
        assert_eq!((kinds(app, &olha).await, kinds(app, owner).await), (Vec::new(), vec!["MEMBER_JOINED".to_owned()]));
        let joined = async || app.data(owner.token(), "{ viewer { notifications(first: 1) { nodes { uk: text(locale: UK) text } } } }", json!({})).await["viewer"]["notifications"]["nodes"][0].clone();
        assert_eq!(joined().await, json!({
            "uk": "olha тепер діє від імені організації: ТОВ «Аква-Монтаж». Роль: редактор.",
            "text": "olha acts for ТОВ «Аква-Монтаж» now. Role: editor.",
        }));
        let member = app.member(owner, OLHA).await;
        app.proves_anew(owner).await;
        let member = app.done(owner, "changeMemberRoles", with(step(&member), json!({ "roles": ["SIGNER", "VIEWER"] }))).await;
        app.settle().await;
        let told = app.data(olha.token(), "{ viewer { notifications { nodes { kind text(locale: UK) subject { id } } } } }", json!({})).await;
        assert_eq!(told["viewer"]["notifications"]["nodes"], json!([{
            "kind": "MEMBERSHIP_CHANGED",
            "text": "Ви дієте від імені організації: ТОВ «Аква-Монтаж». Тепер ваша роль: підписант, читач.",
            "subject": { "id": member["id"] },
        }]));
        app.done(owner, "removeMember", step(&member)).await;
        app.settle().await;
        assert_eq!(joined().await["text"], "An invited person acts for ТОВ «Аква-Монтаж» now. Role: editor.", "what they are called is for their colleagues");
        let told = app.data(olha.token(), "{ viewer { notifications(first: 1) { nodes { kind text subject { id } organisation { id } } } } }", json!({})).await;
        assert_eq!(told["viewer"]["notifications"]["nodes"], json!([{
            "kind": "MEMBERSHIP_REVOKED", "text": "You can act for ТОВ «Аква-Монтаж» no more.", "subject": null, "organisation": { "id": owner.id() },
        }]));

        let invited = app.done(owner, "inviteMember", invite).await;
        let letter = app.letter_to(OLHA).await;
        assert_eq!(app.page(letter.sent("answer=accept")).await.0, StatusCode::OK);
        app.settle().await;
        assert_eq!(kinds(app, &olha).await.len(), 2, "who accepts by the link did it themselves too: {invited}");
        assert_eq!(kinds(app, owner).await, ["MEMBER_JOINED", "MEMBER_JOINED"]);
        let leave = json!({ "organisationId": owner.id(), "expectedVersion": app.member(owner, OLHA).await["version"] });
        app.done(&olha, "leaveOrganisation", leave).await;
        app.settle().await;
        assert_eq!(kinds(app, &olha).await.len(), 2, "who leaves knows it");
    }

    async fn owners_and_claimants_hear_what_was_decided(app) {
        let cast = app.cast().await;
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        let rejected = app.done(&cast.association, "verifyOrganisation", with(step(&founder.organisation), json!({ "verified": false }))).await;
        app.settle().await;
        app.clock.advance(TimeDelta::seconds(1));
        app.done(&cast.association, "verifyOrganisation", step(&rejected)).await;
        app.settle().await;
        assert_eq!(kinds(app, &founder).await, ["ORGANISATION_VERIFIED", "ORGANISATION_REJECTED"]);
        assert_eq!(kinds(app, &cast.association).await.into_iter().filter(|kind| kind != "MEMBERSHIP_GRANTED").count(), 0);

        let imported = app.imported(80, "ТОВ «З реєстру»").await;
        let (first, second) = (app.person("first").await, app.person("second").await);
        app.confirm(&first).await;
        let declined = app.done(&first, "claimOrganisation", content::claim(&imported)).await;
        app.done(&cast.association, "declineClaim", because(&declined, "Немає наказу")).await;
        app.settle().await;
        app.clock.advance(TimeDelta::seconds(1));
        let claim = app.done(&first, "claimOrganisation", content::claim(&imported)).await;
        app.done(&second, "claimOrganisation", content::claim(&imported)).await;
        app.confirms(&cast.association, &claim, "Наказ бачили").await;
        app.settle().await;
        assert_eq!(kinds(app, &first).await, ["CLAIM_CONFIRMED", "CLAIM_DECLINED"], "one deed is told once");
        assert_eq!(kinds(app, &second).await, ["CLAIM_OVERTAKEN"]);
    }

    async fn who_has_a_draft_or_owes_an_answer_is_reminded_three_days_before(app) {
        let cast = app.cast().await;
        settled(app, &[&cast.municipality, &cast.business]).await;
        app.done(&cast.business, "setNotificationPreferences", json!({ "email": "WEEKLY" })).await;
        let call = app.open_call(&cast.municipality).await;
        let draft = json!({ "organisationId": cast.business.id(), "callId": call["id"], "offer": "Так" });
        let draft = app.done(&cast.business, "draftInterest", draft).await;
        let second = second_business(app, &cast).await;
        settled(app, &[&second]).await;
        let offer = json!({ "organisationId": second.id(), "callId": call["id"], "offer": "Так" });
        app.done(&second, "expressInterest", offer).await;
        at(app, "2026-12-01T08:59:59Z").await;
        let (municipality, business) = (app.again(&cast.municipality).await, app.again(&cast.business).await);
        assert_eq!((kinds(app, &municipality).await, kinds(app, &business).await), (vec!["INTEREST_RECEIVED".to_owned()], Vec::new()));
        at(app, "2026-12-01T09:00:00Z").await;
        assert_eq!(kinds(app, &municipality).await, ["ANSWER_DUE_SOON", "INTEREST_RECEIVED"]);
        assert_eq!(kinds(app, &app.again(&second).await).await, Vec::<String>::new(), "it has handed in");
        let told = app.data(business.token(), "{ viewer { notifications { nodes { kind text subject { id } } } } }", json!({})).await;
        let text = format!("Your interest {} in the call {} is a draft still. Hand it in by 4 December 2026, 11:00 (Kyiv time).", draft["reference"].as_str().expect("one"), call["reference"].as_str().expect("one"));
        assert_eq!(told["viewer"]["notifications"]["nodes"], json!([{ "kind": "CALL_CLOSES_SOON", "text": text, "subject": { "id": draft["id"] } }]));
        at(app, "2026-12-02T06:00:00Z").await;
        assert!(app.letter_to(&cast.business.email).await.text().contains("Subject: A call closes soon"), "a reminder waits for no Monday");

        let business = app.again(&cast.business).await;
        app.done(&business, "submitInterest", step(&draft)).await;
        at(app, "2026-12-09T06:00:00Z").await;
        let municipality = app.again(&cast.municipality).await;
        assert_eq!(kinds(app, &municipality).await, ["ANSWER_DUE_SOON", "INTEREST_RECEIVED", "ANSWER_DUE_SOON", "INTEREST_RECEIVED"]);
        assert_eq!(kinds(app, &app.again(&cast.business).await).await, ["CALL_CLOSES_SOON"]);
    }

    async fn who_answered_or_handed_in_before_is_not_reminded_nor_when_the_call_is_over(app) {
        let cast = app.cast().await;
        settled(app, &[&cast.municipality, &cast.business]).await;
        let (call, interest) = interested(app, &cast).await;
        app.done(&cast.municipality, "acknowledgeInterest", step(&interest)).await;
        let second = second_business(app, &cast).await;
        settled(app, &[&second]).await;
        let draft = json!({ "organisationId": second.id(), "callId": call["id"], "offer": "Так" });
        app.done(&second, "draftInterest", draft).await;
        app.done(&cast.municipality, "closeCall", step(&call)).await;
        at(app, "2026-12-03T09:00:00Z").await;
        assert_eq!(kinds(app, &app.again(&cast.municipality).await).await, ["INTEREST_RECEIVED"]);
        assert_eq!(kinds(app, &app.again(&second).await).await, Vec::<String>::new());
    }

    async fn a_page_costs_as_many_statements_as_two_rows(app) {
        let cast = app.cast().await;
        let (call, mut interest) = interested(app, &cast).await;
        for _ in 0..MANY {
            app.done(&cast.business, "withdrawInterest", step(&interest)).await;
            interest = app.done(&cast.business, "expressInterest", json!({ "organisationId": cast.business.id(), "callId": call["id"], "offer": "Так" })).await;
        }
        app.settle().await;
        let query = "query($first: Int!) { viewer { unreadNotifications notifications(first: $first) { totalCount nodes { title text subject { id } organisation { name } } } } }";
        let statements = async |first: usize| {
            let ask = async || app.data(cast.municipality.token(), query, json!({ "first": first })).await;
            ask().await;
            app.statements();
            let told = ask().await;
            assert_eq!(told["viewer"]["notifications"]["nodes"].as_array().map(Vec::len), Some(first), "{told:#}");
            app.statements().len()
        };
        let (two, whole) = (statements(2).await, statements(MANY + 1).await);
        assert!(whole <= two, "{whole} statements for a page, {two} for two rows");
    }

    async fn what_happened_before_there_were_notifications_is_told_to_nobody(app) {
        let cast = app.cast().await;
        let (_, interest) = interested(app, &cast).await;
        app.sequence().await;
        app.without_step("m0042_notification").await;
        app.settle().await;
        assert_eq!(rows(app).await, Vec::new());
        app.done(&cast.municipality, "acknowledgeInterest", step(&interest)).await;
        app.settle().await;
        assert_eq!(rows(app).await, [(cast.business.email.clone(), "INTEREST_ACKNOWLEDGED".to_owned())]);
    }

    async fn nothing_stays_of_a_person_who_is_erased(app) {
        let cast = app.cast().await;
        let editor = colleague(app, &cast.municipality, "editor", Role::Editor).await;
        app.done(&editor, "setNotificationPreferences", json!({ "email": "WEEKLY" })).await;
        interested(app, &cast).await;
        app.settle().await;
        let account = accounts::find(&app.app, &editor.email).await.expect("looks").expect("an account").id;
        let system = Actor::system();
        let erasing = app.app.begin(&system).await.expect("begins");
        notifications::store::remove_of_account(&*erasing, account).await.expect("removes");
        erasing.commit().await.expect("commits");
        for table in ["notification", "digest", "notification_preference"] {
            let theirs = format!("SELECT account_id FROM {table} WHERE account_id IN (SELECT id FROM account WHERE email = '{}')", editor.email);
            assert!(app.rows(&theirs, |_| ()).await.is_empty(), "{table}");
        }
        at(app, "2026-11-30T06:00:00Z").await;
        assert_eq!(app.letters_to(&editor.email).await.len(), 1, "the letter that was planned is none");
        assert!(kinds(app, &app.again(&cast.municipality).await).await.contains(&"INTEREST_RECEIVED".to_owned()), "others keep theirs");
    }

    async fn what_is_older_than_half_a_year_goes(app) {
        let cast = app.cast().await;
        interested(app, &cast).await;
        jobs::begin_rounds(&app.app).await.expect("begins");
        app.settle().await;
        let kept = async || {
            let both = "SELECT (SELECT COUNT(*) FROM notification) AS told, (SELECT COUNT(*) FROM digest) AS gathered";
            app.rows(both, |row| (row.try_get::<i64>("", "told").expect("a count"), row.try_get::<i64>("", "gathered").expect("a count"))).await[0]
        };
        let (told, gathered) = kept().await;
        assert!(told > 0 && gathered > 0);
        app.pass(TimeDelta::days(179)).await;
        assert!(kept().await.0 >= told, "what is younger stays");
        app.pass(TimeDelta::days(2)).await;
        app.pass(TimeDelta::days(2)).await;
        let (left, _) = kept().await;
        assert!(left < told, "{left} of {told}");
        app.pass(TimeDelta::days(180)).await;
        app.pass(TimeDelta::days(1)).await;
        assert_eq!(kept().await, (0, 0));
    }
}

async fn unread(app: &TestApp, person: &Person) -> u64 {
    app.data(person.token(), "{ viewer { unreadNotifications } }", json!({})).await["viewer"]["unreadNotifications"].as_u64().expect("a number")
}

/// Who was told of what, in what order.
async fn rows(app: &TestApp) -> Vec<(String, String)> {
    let read = |row: &sea_orm::QueryResult| (row.try_get("", "email").expect("an address"), row.try_get("", "kind").expect("a kind"));
    app.rows("SELECT account.email, notification.kind FROM notification JOIN account ON account.id = notification.account_id ORDER BY notification.id", read).await
}
