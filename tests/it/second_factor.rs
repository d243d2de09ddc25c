//! Rights that bind others ask for a second factor; people of the other tests have sign-ins of the command line, which are asked
//! for none.

use std::sync::Arc;

use mistok::accounts::service::{self as accounts, authenticate};
use mistok::app::App;
use mistok::auth::Role;
use mistok::config::{Config, SecondFactor};
use mistok::ids::decode;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::Person;
use crate::support::content::{self, organisation, step, with};
use crate::support::people::PASSWORD;

const NEED: &str = "query($id: ID!) { need(id: $id) { state } }";

on_both! {
    async fn without_it_a_signer_edits_and_does_not_publish(app) {
        let cast = app.cast().await;
        let signer = app.by_password(&cast.municipality).await;
        let project = app.structured_project(&signer, &[]).await;
        let call = app.drafted_call(&signer, &project).await;
        assert_eq!(app.refused(&signer, "publishCall", step(&call)).await, "SECOND_FACTOR_REQUIRED");
        let editor = app.person("editor").await;
        app.join(&editor, &cast.municipality.organisation, Role::Editor).await;
        let editor = app.by_password(&editor).await;
        assert_eq!(app.refused(&editor, "publishCall", step(&call)).await, "FORBIDDEN", "a second factor would not help");
        app.turn_second_factor_on(&signer).await;
        app.done(&signer, "publishCall", step(&call)).await;
    }

    async fn without_it_the_association_reads_and_does_not_decide(app) {
        let cast = app.cast().await;
        let association = app.by_password(&cast.association).await;
        let owner = &cast.municipality;
        let need = app.done(owner, "createNeed", json!({ "organisationId": owner.id(), "need": content::need() })).await;
        let seen = async || app.data(association.token(), NEED, json!({ "id": need["id"] })).await["need"]["state"].clone();
        assert_eq!(seen().await, "DRAFT");
        app.done(owner, "grantDelegation", content::delegation(owner, &cast.association, app.now())).await;
        assert_eq!(app.refused(&association, "updateNeed", with(step(&need), json!({ "need": content::need() }))).await, "SECOND_FACTOR_REQUIRED");
        let need = app.done(owner, "submitNeed", step(&need)).await;
        assert_eq!(app.refused(&association, "verifyNeed", step(&need)).await, "SECOND_FACTOR_REQUIRED");
        // What is people's is not read either.
        app.stored(owner, "CERTIFICATE").await;
        let people = ["members(first: 1) { nodes { id } }", "invitations(first: 1) { nodes { id } }", "attachments(first: 1) { nodes { download { url } } }"];
        let asks = async |field: &str| app.ask(association.token(), &format!("query($id: ID!) {{ organisation(id: $id) {{ {field} }} }}"), json!({ "id": owner.id() })).await;
        for field in people {
            let answer = asks(field).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "SECOND_FACTOR_REQUIRED", "{field}: {answer:#}");
        }
        app.done(&association, "updateOrganisation", with(step(&cast.association.organisation), json!({ "scale": "SMALL" }))).await;
        app.turn_second_factor_on(&association).await;
        app.done(&association, "verifyNeed", step(&need)).await;
        assert_eq!(seen().await, "VERIFIED");
        for field in people {
            let answer = asks(field).await;
            assert_eq!(answer.get("errors"), None, "{field}: {answer:#}");
        }
    }

    async fn without_it_an_administrator_reads_and_does_not_run_the_platform(app) {
        let cast = app.cast().await;
        let administrator = app.by_password(&cast.administrator).await;
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        for (mutation, input) in [
            ("verifyOrganisation", step(&founder.organisation)),
            ("createProgramme", json!({ "programme": { "name": { "en": "Recovery" }, "funderId": cast.donor.id() } })),
            ("registerOrganisation", organisation("DONOR", 71, "Фонд")),
            ("registerOrganisation", with(organisation("BUSINESS", 72, "ТОВ «Інше»"), json!({ "ownerEmail": founder.email }))),
        ] {
            assert_eq!(app.refused(&administrator, mutation, input).await, "SECOND_FACTOR_REQUIRED", "{mutation}");
        }
        let own = app.done(&administrator, "registerOrganisation", organisation("BUSINESS", 73, "ТОВ «Власне»")).await;
        assert_eq!(own["verification"], "UNVERIFIED", "as anybody's");
        let need = app.done(&cast.utility, "createNeed", json!({ "organisationId": cast.utility.id(), "need": content::need() })).await;
        assert_eq!(app.data(administrator.token(), NEED, json!({ "id": need["id"] })).await["need"]["state"], "DRAFT");
        app.turn_second_factor_on(&administrator).await;
        app.done(&administrator, "verifyOrganisation", step(&founder.organisation)).await;
    }

    async fn each_sign_in_shows_it_for_itself(app) {
        let cast = app.cast().await;
        let before = app.by_password(&cast.association).await;
        let verified = async |person: &Person, number: u32| {
            let founder = app.founder(&format!("founder-{number}"), organisation("BUSINESS", number, "ТОВ «Нове»")).await;
            app.attempt(person, "verifyOrganisation", step(&founder.organisation)).await.map(drop)
        };
        let (address, codes) = app.turn_second_factor_on(&app.by_password(&cast.association).await).await;
        assert_eq!(verified(&before, 70).await, Err("SECOND_FACTOR_REQUIRED".to_owned()), "it showed the password alone");
        app.done(&before, "stepUp", json!({ "password": PASSWORD, "code": app.code_of(&address, 1) })).await;
        assert_eq!(verified(&before, 71).await, Ok(()));
        let fresh = app.by(&cast.association, json!({ "email": cast.association.email, "password": PASSWORD, "code": codes[0] })).await;
        assert_eq!(verified(&fresh, 72).await, Ok(()));
        app.done(&fresh, "disableSecondFactor", Value::Null).await;
        assert_eq!(verified(&before, 73).await, Err("SECOND_FACTOR_REQUIRED".to_owned()), "there is none any more");
        assert_eq!(verified(&cast.association, 74).await, Ok(()), "whoever owns the machine is not asked for one");
    }

    async fn who_lost_app_and_codes_is_helped_by_the_command_line_and_the_journal_says_so(app) {
        let olena = app.person("olena").await;
        app.turn_second_factor_on(&olena).await;
        accounts::remove_second_factor(&app.app, &olena.email).await.expect("is there");
        app.by_password(&olena).await;
        let told = app.rows("SELECT kind FROM event WHERE kind = 'SECOND_FACTOR_DISABLED'", |_| ()).await;
        assert_eq!(told.len(), 1);
        assert!(accounts::remove_second_factor(&app.app, &olena.email).await.is_err(), "there is none any more");
    }

    async fn an_installation_can_leave_it_to_each_person(app) {
        let cast = app.cast().await;
        let signer = app.by_password(&cast.municipality).await;
        let municipality = decode(signer.id().as_str().expect("an id")).expect("ours").1;
        let signs = async |setting: SecondFactor| {
            let config = Config { second_factor: setting, ..Config::clone(&app.app.config) };
            let app = App { config: Arc::new(config), ..app.app.clone() };
            authenticate(&app, signer.token().expect("a token")).await.expect("signed in").may(municipality, Role::Signer)
        };
        assert!(signs(SecondFactor::Optional).await);
        assert!(!signs(SecondFactor::Required).await);
    }
}
