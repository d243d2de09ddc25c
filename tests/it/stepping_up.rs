//! Proving anew who one is, for what a stolen sign-in must not do.

use chrono::TimeDelta;
use mistok::accounts::service as accounts;
use mistok::auth::Role;
use mistok::auth::api_token::Scope;
use mistok::claims::service as claims;
use mistok::error::Code;
use mistok::ids::decode;
use mistok::locale::Locale;
use mistok::members::service as members;
use mistok::tokens::service as tokens;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, step, with};
use crate::support::people::PASSWORD;
use crate::support::{Person, TestApp};

on_both! {
    async fn who_proved_anew_who_they_are_may_for_five_minutes_in_that_sign_in_alone(app) {
        let (olena, address, _) = with_a_second_factor(app).await;
        let elsewhere = app.again(&olena).await;
        assert_eq!(app.refused(&olena, "renewRecoveryCodes", Value::Null).await, "STEP_UP_REQUIRED");
        assert_eq!(app.refused(&olena, "disableSecondFactor", Value::Null).await, "STEP_UP_REQUIRED");
        step_up(app, &olena, 1, &address).await;
        assert_eq!(app.refused(&elsewhere, "renewRecoveryCodes", Value::Null).await, "STEP_UP_REQUIRED", "another sign-in proved nothing");
        app.clock.advance(TimeDelta::minutes(5) - TimeDelta::seconds(1));
        app.done(&olena, "renewRecoveryCodes", Value::Null).await;
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(app.refused(&olena, "disableSecondFactor", Value::Null).await, "STEP_UP_REQUIRED");
        step_up(app, &olena, 0, &address).await;
        app.done(&olena, "disableSecondFactor", Value::Null).await;
        assert_eq!(app.refused(&olena, "renewRecoveryCodes", Value::Null).await, "INVALID_STATE", "there is none any more");
    }

    async fn the_password_is_asked_for_first_and_each_code_is_good_once(app) {
        let (olena, address, codes) = with_a_second_factor(app).await;
        let attempt = async |input: Value| app.attempt(&olena, "stepUp", input).await.map(drop);
        let code = app.code_of(&address, 1);
        assert_eq!(attempt(json!({ "password": "інші чотири слова", "code": code })).await, Err("BAD_USER_INPUT password".to_owned()));
        assert_eq!(attempt(json!({ "password": PASSWORD })).await, Err("SECOND_FACTOR_REQUIRED code".to_owned()));
        assert_eq!(attempt(json!({ "password": PASSWORD, "code": app.code_of(&address, 0) })).await, Err("BAD_USER_INPUT code".to_owned()), "it turned the factor on");
        assert_eq!(attempt(json!({ "password": PASSWORD, "code": code })).await, Ok(()), "a wrong password does not use a code up");
        assert_eq!(attempt(json!({ "password": PASSWORD, "code": code })).await, Err("BAD_USER_INPUT code".to_owned()));
        assert_eq!(attempt(json!({ "password": PASSWORD, "code": codes[0] })).await, Ok(()));
        assert_eq!(attempt(json!({ "password": PASSWORD, "code": codes[0] })).await, Err("BAD_USER_INPUT code".to_owned()));
        let nobody = app.attempt(&Person::nobody(), "stepUp", json!({ "password": PASSWORD })).await;
        assert_eq!(nobody.map(drop), Err("UNAUTHENTICATED".to_owned()));
    }

    async fn who_gives_neither_or_a_used_recovery_code_is_told_what_to_give(app) {
        let (olena, _, codes) = with_a_second_factor(app).await;
        let remedy = async |input: Value| {
            let answer = app.ask(olena.token(), &app.operations.mutation("stepUp").document, json!({ "input": input })).await;
            answer["data"]["stepUp"]["userErrors"][0]["remedy"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
        };
        assert_eq!(remedy(json!({})).await, "Give one of them, and only one.");
        app.done(&olena, "stepUp", json!({ "password": PASSWORD, "code": codes[0] })).await;
        assert!(remedy(json!({ "password": PASSWORD, "code": codes[0] })).await.contains("another of your recovery codes"));
    }

    async fn who_makes_an_owner_or_a_signer_proved_anew_who_they_are(app) {
        let cast = app.cast().await;
        let business = &cast.business;
        for roles in [["OWNER", "VIEWER"], ["EDITOR", "SIGNER"]] {
            assert_eq!(app.refused(business, "inviteMember", invite(business, "olha@mistok.example", &roles)).await, "STEP_UP_REQUIRED", "{roles:?}");
        }
        app.done(business, "inviteMember", invite(business, "olha@mistok.example", &["EDITOR", "VIEWER"])).await;
        let second = app.person("second").await;
        app.join(&second, &business.organisation, Role::Editor).await;
        let changes = async |row: &Value, roles: &[&str]| app.attempt(business, "changeMemberRoles", with(step(row), json!({ "roles": roles }))).await;
        let editor = app.member(business, &second.email).await;
        for roles in [["EDITOR", "OWNER"], ["SIGNER", "VIEWER"]] {
            assert_eq!(changes(&editor, &roles).await, Err("STEP_UP_REQUIRED".to_owned()), "{roles:?}");
        }
        app.proves_anew(business).await;
        let both = changes(&editor, &["OWNER", "SIGNER"]).await.expect("they proved it");
        app.done(business, "inviteMember", invite(business, "third@mistok.example", &["SIGNER"])).await;
        app.clock.advance(TimeDelta::minutes(5));
        let signer = changes(&both, &["SIGNER", "EDITOR"]).await.expect("nothing is given that they did not hold");
        assert_eq!(changes(&signer, &["SIGNER", "OWNER"]).await, Err("STEP_UP_REQUIRED".to_owned()), "it is five minutes ago");
        let viewer = changes(&signer, &["VIEWER"]).await.expect("taking away asks for nothing");
        let fresh = app.by_password(business).await;
        app.done(&fresh, "changeMemberRoles", with(step(&viewer), json!({ "roles": ["OWNER"] }))).await;
    }

    async fn an_owner_who_goes_leaves_no_invitation_behind_that_would_make_another(app) {
        let cast = app.cast().await;
        let business = &cast.business;
        let (second, guest, reader) = (app.person("second").await, app.person("guest").await, app.person("reader").await);
        app.confirm(&guest).await;
        app.confirm(&reader).await;
        app.join(&second, &business.organisation, Role::Owner).await;
        app.proves_anew(&second).await;
        let bound = app.done(&second, "inviteMember", invite(business, &guest.email, &["OWNER", "SIGNER"])).await;
        let plain = app.done(&second, "inviteMember", invite(business, &reader.email, &["VIEWER"])).await;
        let row = app.member(business, &second.email).await;
        app.done(business, "removeMember", step(&row)).await;
        assert_eq!(app.refused(&guest, "acceptInvitation", with(step(&bound), json!({ "expectedVersion": 2 }))).await, "INVALID_STATE");
        app.done(&reader, "acceptInvitation", step(&plain)).await;
    }

    async fn a_call_that_waits_while_its_person_chooses_a_new_password_makes_nobody_an_owner(app) {
        let cast = app.cast().await;
        let (business, association) = (&cast.business, &cast.association);
        let second = app.person("second").await;
        app.join(&second, &business.organisation, Role::Editor).await;
        let editor = app.member(business, &second.email).await;
        let claim = app.done(&second, "claimOrganisation", content::claim(&app.imported(80, "ТОВ «З реєстру»").await)).await;
        let mut waiting = Vec::new();
        for person in [business, association] {
            app.proves_anew(person).await;
            waiting.push(accounts::authenticate(&app.app, person.token().expect("a token")).await.expect("signed in"));
            let own = app.again(person).await;
            app.done(&own, "changePassword", json!({ "currentPassword": PASSWORD, "password": "зовсім інші слова" })).await;
        }
        let [owner, decider] = waiting.as_slice() else { panic!("two wait") };
        let uuid = |id: &Value| decode(id.as_str().expect("an id")).expect("an id of ours").1;
        let roles = vec![Role::Owner];
        let organisation = uuid(business.id());
        let refusals = [
            members::change_roles(&app.app, owner, uuid(&editor["id"]), 1, &roles).await.map(drop),
            members::invite(&app.app, owner, members::Invite { organisation, email: "third@mistok.example".to_owned(), roles, locale: Locale::Uk }).await.map(drop),
            tokens::create(&app.app, owner, tokens::Wanted { organisation, name: "Портал".to_owned(), scopes: vec![Scope::Read], expires_at: app.now() + TimeDelta::days(30) }).await.map(drop),
            claims::decide(&app.app, decider, claims::Decision::Confirm, uuid(&claim["id"]), 1, "Наказ бачили").await.map(drop),
        ];
        for refusal in refusals {
            assert_eq!(refusal.expect_err("the sign-in ended").code(), Code::Unauthenticated);
        }
    }

    async fn renewed_recovery_codes_replace_those_before_them(app) {
        let (olena, address, old) = with_a_second_factor(app).await;
        step_up(app, &olena, 1, &address).await;
        let new = app.done(&olena, "renewRecoveryCodes", Value::Null).await["recoveryCodes"].clone();
        let sign_in = async |code: &Value| app.attempt(&Person::nobody(), "signIn", json!({ "email": olena.email, "password": PASSWORD, "code": code })).await.map(drop);
        assert_eq!(sign_in(&old[2]).await, Err("BAD_USER_INPUT code".to_owned()));
        assert_eq!(sign_in(&new[2]).await, Ok(()));
    }

    async fn a_fresh_sign_in_has_proved_it_and_a_second_factor_forgets_what_was_proved_without_it(app) {
        let olena = app.person("olena").await;
        let fresh = app.by_password(&olena).await;
        assert_eq!(app.refused(&fresh, "disableSecondFactor", Value::Null).await, "INVALID_STATE", "it gets as far as that there is none");
        let address = app.done(&olena, "prepareSecondFactor", Value::Null).await["address"].clone();
        assert_eq!(app.refused(&olena, "enableSecondFactor", json!({ "code": app.code_of(&address, 0) })).await, "STEP_UP_REQUIRED");
        let (address, _) = app.turn_second_factor_on(&olena).await;
        assert_eq!(app.refused(&fresh, "disableSecondFactor", Value::Null).await, "STEP_UP_REQUIRED");
        step_up(app, &fresh, 1, &address).await;
        app.done(&fresh, "disableSecondFactor", Value::Null).await;
    }
}

/// Somebody new with a second factor; the address that their app took, and the recovery codes.
async fn with_a_second_factor(app: &TestApp) -> (Person, Value, Value) {
    let olena = app.person("olena").await;
    let (address, codes) = app.turn_second_factor_on(&olena).await;
    (olena, address, codes)
}

async fn step_up(app: &TestApp, person: &Person, steps: u64, address: &Value) {
    app.done(person, "stepUp", json!({ "password": PASSWORD, "code": app.code_of(address, steps) })).await;
}

fn invite(owner: &Person, email: &str, roles: &[&str]) -> Value {
    json!({ "organisationId": owner.id(), "email": email, "roles": roles })
}
