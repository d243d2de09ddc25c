//! Who comes second is told so: calls at the same time have one winner, and none is lost between two that exclude each other.

use std::pin::pin;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use mistok::auth::{Actor, second_factor};
use mistok::ids::decode;
use mistok::{accounts, calls, needs, projects};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tokio::time::timeout;
use uuid::Uuid;

use crate::on_both;
use crate::support::content::{self, because, step, with};
use crate::support::people::PASSWORD;
use crate::support::{Kind, Person, TestApp};

/// How many call at once.
const MANY: usize = 8;

on_both! {
    async fn of_many_who_change_one_version_one_does_and_the_others_hear_the_version_that_stands(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let need = app.done(owner, "createNeed", json!({ "organisationId": owner.id(), "need": content::need() })).await;
        one_wins(app, owner, "updateNeed", with(step(&need), json!({ "need": content::need() }))).await;
        let project = app.idea(owner, &[]).await;
        one_wins(app, owner, "defineProject", step(&project)).await;
        let package = app.packages(owner, &project).await.remove(0);
        one_wins(app, owner, "updateWorkPackage", with(step(&package), json!({ "workPackage": content::water_package() }))).await;
        let call = app.open_call(owner).await;
        one_wins(app, owner, "closeCall", step(&call)).await;
        one_wins(app, &cast.business, "updateOrganisation", with(step(&cast.business.organisation), json!({ "scale": "SMALL" }))).await;
        let programme = json!({ "programme": { "name": { "en": "Recovery" }, "funderId": cast.donor.id() } });
        let made = app.done(&cast.donor, "createProgramme", programme.clone()).await;
        one_wins(app, &cast.donor, "updateProgramme", with(step(&made), programme)).await;
        let open = app.open_call(owner).await;
        let offer = json!({ "organisationId": cast.business.id(), "callId": open["id"], "offer": "Так" });
        let interest = app.done(&cast.business, "expressInterest", offer).await;
        one_wins(app, owner, "acknowledgeInterest", step(&interest)).await;
    }

    async fn a_project_is_never_cancelled_under_a_call_that_opens_at_the_same_time(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        for _ in 0..MANY {
            let project = app.structured_project(owner, &[]).await;
            let call = app.drafted_call(owner, &project).await;
            let (published, cancelled) = join(app.attempt(owner, "publishCall", step(&call)), app.attempt(owner, "cancelProject", because(&project, "Немає коштів"))).await;
            assert!(published.is_ok() != cancelled.is_ok(), "{published:?} {cancelled:?}");
        }
    }

    async fn nor_under_a_second_call_when_the_project_looks_for_partners_already(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        for turn in 0..MANY {
            let project = app.structured_project(owner, &[]).await;
            let first = app.drafted_call(owner, &project).await;
            let first = app.done(owner, "publishCall", step(&first)).await;
            app.done(owner, "closeCall", step(&first)).await;
            let second = app.drafted_call(owner, &project).await;
            let found = app.data(owner.token(), "query($id: ID!) { project(id: $id) { id version state } }", json!({ "id": project["id"] })).await;
            let project = &found["project"];
            assert_eq!(project["state"], "PARTNERING");
            let (who, end, input) = if turn % 2 == 0 {
                (owner, "cancelProject", because(project, "Немає коштів"))
            } else {
                (&cast.association, "moveProjectBack", with(because(project, "Уточніть"), json!({ "to": "DEFINED" })))
            };
            let (published, ended) = join(app.attempt(owner, "publishCall", step(&second)), app.attempt(who, end, input)).await;
            assert!(published.is_ok() != ended.is_ok(), "{published:?} {ended:?}");
        }
    }

    async fn a_work_package_is_offered_by_one_open_call_at_a_time(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        for _ in 0..MANY {
            let project = app.structured_project(owner, &[]).await;
            let (one, other) = (app.drafted_call(owner, &project).await, app.drafted_call(owner, &project).await);
            let (first, second) = join(app.attempt(owner, "publishCall", step(&one)), app.attempt(owner, "publishCall", step(&other))).await;
            let ((Ok(open), Err(refusal)) | (Err(refusal), Ok(open))) = (first, second) else { panic!("one opens") };
            assert_eq!(refusal, "INVALID_STATE");
            app.done(owner, "closeCall", step(&open)).await;
            let left = if open["id"] == one["id"] { other } else { one };
            app.done(owner, "publishCall", step(&left)).await;
        }
        let project = app.structured_project(owner, &[]).await;
        for package in app.packages(owner, &project).await {
            let call = json!({ "projectId": project["id"], "call": content::call(&[&package], app.now() + TimeDelta::days(10)) });
            let call = app.done(owner, "createCall", call).await;
            app.done(owner, "publishCall", step(&call)).await;
        }
    }

    async fn consent_is_not_asked_while_the_project_is_being_changed(app) {
        let cast = app.cast().await;
        let utility = &cast.utility;
        let project = app.structured_project(utility, &[]).await;
        let call = app.drafted_call(utility, &project).await;
        let id = decode(project["id"].as_str().expect("an id")).expect("an id of ours").1;
        let system = Actor::system();
        let change = app.app.begin(&system).await.expect("begins");
        projects::store::to_change(&*change, &system, id).await.expect("reads").expect("is there");
        let mut ask = pin!(app.attempt(utility, "requestCallConsent", step(&call)));
        assert!(timeout(Duration::from_millis(200), &mut ask).await.is_err(), "it waits for the change");
        drop(change);
        ask.await.expect("asks");
    }

    async fn a_password_that_is_changed_while_somebody_signs_in_with_the_old_one_lets_nobody_in(app) {
        let olena = app.person("olena").await;
        let id = account_of(app, &olena).await;
        let system = Actor::system();
        let change = app.app.begin(&system).await.expect("begins");
        accounts::store::account_to_change(&*change, id).await.expect("reads").expect("is there");
        let nobody = Person::nobody();
        let mut sign_in = pin!(app.attempt(&nobody, "signIn", json!({ "email": olena.email, "password": PASSWORD })));
        assert!(timeout(Duration::from_millis(200), &mut sign_in).await.is_err(), "it waits for the change");
        change.execute_unprepared("UPDATE account SET password_hash = 'another'").await.expect("changes");
        change.commit().await.expect("commits");
        assert_eq!(sign_in.await, Err("BAD_USER_INPUT password".to_owned()));
    }

    async fn a_sign_in_that_ends_meanwhile_takes_no_second_factor_away(app) {
        let olena = app.person("olena").await;
        app.turn_second_factor_on(&olena).await;
        app.clock.advance(TimeDelta::minutes(1));
        let code = app.rows("SELECT id FROM second_factor", |row| row.try_get::<Uuid>("", "id").expect("an id")).await;
        let code = second_factor::recovery_codes(&app.app.keys, code[0], 0)[0].clone();
        app.done(&olena, "stepUp", json!({ "password": PASSWORD, "code": code })).await;
        let id = account_of(app, &olena).await;
        let system = Actor::system();
        let change = app.app.begin(&system).await.expect("begins");
        accounts::store::account_to_change(&*change, id).await.expect("reads").expect("is there");
        let mut disable = pin!(app.attempt(&olena, "disableSecondFactor", Value::Null));
        assert!(timeout(Duration::from_millis(200), &mut disable).await.is_err(), "it waits for the change");
        accounts::store::revoke_all(&*change, id, None, app.now()).await.expect("ends");
        change.commit().await.expect("commits");
        assert_eq!(disable.await, Err("UNAUTHENTICATED".to_owned()));
    }

    async fn an_account_is_held_before_its_links_and_before_its_sign_ins(app) {
        let olena = app.person("olena").await;
        let letter = app.letter_to(&olena.email).await;
        app.done(&Person::nobody(), "requestPasswordReset", json!({ "email": olena.email })).await;
        let reset = app.letter_to(&olena.email).await;
        let id = account_of(app, &olena).await;
        let nobody = Person::nobody();
        for (who, mutation, input) in [
            (&olena, "signOutEverywhere", Value::Null),
            (&nobody, "confirmEmail", json!({ "token": letter.token(), "password": PASSWORD })),
            (&nobody, "resetPassword", json!({ "token": reset.token(), "password": PASSWORD })),
        ] {
            let system = Actor::system();
            let holder = app.app.begin(&system).await.expect("begins");
            accounts::store::account_to_change(&*holder, id).await.expect("reads").expect("is there");
            let mut other = pin!(app.attempt(who, mutation, input));
            assert!(timeout(Duration::from_secs(1), &mut other).await.is_err(), "{mutation} waits for the account");
            let free = async {
                holder.execute_unprepared("UPDATE link SET created_at = created_at").await.expect("the links are free");
                holder.execute_unprepared("UPDATE session SET created_at = created_at").await.expect("the sign-ins are free");
            };
            timeout(Duration::from_secs(5), free).await.unwrap_or_else(|_| panic!("{mutation} holds links or sign-ins before the account"));
            drop(holder);
            drop(other.await);
        }
    }

    async fn a_call_does_not_close_while_an_interest_in_it_is_being_written(app) {
        let cast = app.cast().await;
        let call = app.open_call(&cast.municipality).await;
        let id = decode(call["id"].as_str().expect("an id")).expect("an id of ours").1;
        let system = Actor::system();
        let interest = app.app.begin(&system).await.expect("begins");
        calls::store::to_answer(&*interest, &system, id).await.expect("reads").expect("is there");
        let mut close = pin!(app.attempt(&cast.municipality, "closeCall", step(&call)));
        assert!(timeout(Duration::from_millis(200), &mut close).await.is_err(), "it waits for the interest");
        drop(interest);
        close.await.expect("closes");
    }
}

/// On SQLite the one writer has the database to itself.
#[tokio::test]
async fn a_new_project_that_waits_for_a_need_keeps_no_other_waiting() {
    let app = TestApp::start(Kind::Postgres).await;
    let cast = app.cast().await;
    let owner = &cast.municipality;
    let need = app.verified_need(&cast, owner).await;
    let id = decode(need["id"].as_str().expect("an id")).expect("an id of ours").1;
    let system = Actor::system();
    let other = app.app.begin(&system).await.expect("begins");
    needs::store::to_change(&*other, &system, id).await.expect("reads").expect("is there");
    let needing = [&need];
    let mut waiting = Box::pin(app.idea(owner, &needing));
    assert!(timeout(Duration::from_millis(200), &mut waiting).await.is_err(), "it waits for the need");
    timeout(Duration::from_secs(5), app.idea(owner, &[])).await.expect("another is set up meanwhile");
    drop(other);
    waiting.await;
    app.end().await;
}

async fn account_of(app: &TestApp, person: &Person) -> Uuid {
    let viewer = app.data(person.token(), "{ viewer { account { id } } }", json!({})).await;
    decode(viewer["viewer"]["account"]["id"].as_str().expect("an id")).expect("an id of ours").1
}

async fn one_wins(app: &TestApp, who: &Person, mutation: &str, input: Value) {
    let outcomes = join_all((0..MANY).map(|_| app.attempt(who, mutation, input.clone()))).await;
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1, "{mutation}");
    for refusal in lost {
        assert_eq!(refusal.expect_err("lost"), "STALE_VERSION expectedVersion", "{mutation}");
    }
}
