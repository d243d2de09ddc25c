//! Delegations: the association acts on behalf of others where they let it, as long as they do, and the journal says so.

use chrono::TimeDelta;
use futures_util::future::join_all;
use mistok::auth::Role;
use mistok::ids::decode;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, because, delegation, organisation, step, with};
use crate::support::{Cast, Person, TestApp};

const GIVEN: &str = "query($id: ID!) { organisation(id: $id) { delegations { nodes { id holds revokedAt basis organisation { id } association { id } } } } }";

on_both! {
    async fn the_association_acts_for_those_who_let_it_and_for_nobody_else(app) {
        let cast = app.cast().await;
        let Cast { association, municipality, utility, .. } = &cast;
        let answer = app.ask(association.token(), &app.operations.mutation("createNeed").document, json!({ "input": drafts(municipality) })).await;
        let refused = &answer["data"]["createNeed"]["userErrors"][0];
        assert_eq!(refused["code"], "FORBIDDEN", "{answer}");
        assert!(refused["remedy"].as_str().is_some_and(|remedy| remedy.contains("grantDelegation")), "{answer}");

        let granted = app.done(municipality, "grantDelegation", delegation(municipality, association, app.now())).await;
        let need = app.done(association, "createNeed", drafts(municipality)).await;
        let need = app.done(association, "updateNeed", with(step(&need), json!({ "need": content::need() }))).await;
        let need = app.done(association, "submitNeed", step(&need)).await;
        assert_eq!(app.refused(association, "createNeed", drafts(utility)).await, "FORBIDDEN", "nobody let it act for the utility");
        let need = app.done(association, "verifyNeed", step(&need)).await;
        let project = json!({ "organisationId": municipality.id(), "project": content::project(), "needIds": [need["id"]], "workPackages": [content::water_package()] });
        let project = app.done(association, "createProject", project).await;
        let project = app.done(association, "defineProject", step(&project)).await;
        let packages = app.packages(association, &project).await;
        let call = content::call(&packages.iter().collect::<Vec<_>>(), app.now() + TimeDelta::days(10));
        assert_eq!(app.refused(association, "createCall", json!({ "projectId": project["id"], "call": call })).await, "FORBIDDEN", "calls stay with the owner");

        let by = json!(decode(granted["id"].as_str().expect("an id")).expect("ours").1);
        let logged = logged(app).await;
        let named = |kind: &str| logged.iter().find(|(told, _)| told == kind).map_or_else(|| panic!("{kind} in {logged:?}"), |(_, delegation)| delegation.clone());
        for kind in ["NEED_DRAFTED", "NEED_UPDATED", "NEED_SUBMITTED", "NEED_ADOPTED", "PROJECT_CREATED", "WORK_PACKAGE_ADDED", "PROJECT_ADVANCED"] {
            assert_eq!(named(kind), by, "{kind}");
        }
        assert_eq!(named("NEED_VERIFIED"), Value::Null, "that is the association's own right");
        app.settle().await;
        let query = "{ changes(types: [NEED_ADOPTED]) { nodes { delegation { id } } } }";
        assert_eq!(app.data(municipality.token(), query, json!({})).await["changes"]["nodes"], json!([{ "delegation": { "id": granted["id"] } }]));
        assert_eq!(app.data(None, query, json!({})).await["changes"]["nodes"], json!([{ "delegation": null }]));
    }

    async fn it_ends_at_once_when_it_is_revoked_and_by_itself_in_time(app) {
        let cast = app.cast().await;
        let Cast { association, municipality, .. } = &cast;
        let granted = app.done(municipality, "grantDelegation", delegation(municipality, association, app.now())).await;
        let need = app.done(association, "createNeed", drafts(municipality)).await;
        let editor = app.person("editor").await;
        app.join(&editor, &association.organisation, Role::Editor).await;
        for (other, said) in [(&editor, "FORBIDDEN"), (&cast.utility, "NOT_FOUND id")] {
            assert_eq!(app.refused(other, "revokeDelegation", step(&granted)).await, said);
        }
        let ended = app.done(municipality, "revokeDelegation", step(&granted)).await;
        assert_eq!((&ended["holds"], &ended["version"]), (&json!(false), &json!(2)));
        assert_eq!(app.done(municipality, "revokeDelegation", json!({ "id": granted["id"] })).await["version"], 2, "it was revoked once");
        assert_eq!(app.refused(association, "submitNeed", step(&need)).await, "FORBIDDEN");
        let seen = app.data(association.token(), "query($id: ID!) { need(id: $id) { id } }", json!({ "id": need["id"] })).await;
        assert_eq!(seen["need"]["id"], need["id"], "it goes on seeing it");

        app.done(municipality, "grantDelegation", delegation(municipality, association, app.now())).await;
        let need = app.done(association, "updateNeed", with(step(&need), json!({ "need": content::need() }))).await;
        app.clock.advance(TimeDelta::days(30));
        let (association, municipality) = (app.again(association).await, app.again(municipality).await);
        assert_eq!(app.refused(&association, "withdrawNeed", because(&need, "Помилка")).await, "FORBIDDEN");
        app.done(&municipality, "grantDelegation", delegation(&municipality, &association, app.now())).await;
        let shown = app.data(municipality.token(), GIVEN, json!({ "id": municipality.id() })).await["organisation"]["delegations"]["nodes"].clone();
        let holds: Vec<&Value> = shown.as_array().expect("delegations").iter().map(|row| &row["holds"]).collect();
        assert_eq!(holds, [&json!(true), &json!(false), &json!(false)], "the newest first");
        let revoked: Vec<bool> = shown.as_array().expect("delegations").iter().map(|row| row["revokedAt"].is_string()).collect();
        assert_eq!(revoked, [false, false, true], "one that ended by itself was not revoked");
        let past = app.done(&municipality, "revokeDelegation", json!({ "id": shown[1]["id"] })).await;
        assert_eq!((&past["version"], &past["revokedAt"]), (&json!(1), &Value::Null));
        assert_eq!(logged(app).await.iter().filter(|(kind, _)| kind == "DELEGATION_REVOKED").count(), 1);
        let ended = app.done(&association, "revokeDelegation", json!({ "id": shown[0]["id"] })).await;
        assert_eq!(ended["holds"], false, "an owner of the association ends it too");
        let received = app.data(association.token(), GIVEN, json!({ "id": association.id() })).await["organisation"]["delegations"]["nodes"][0].clone();
        assert_eq!(received["organisation"]["id"], *municipality.id());
        for other in [Person::nobody(), app.again(&cast.business).await] {
            assert_eq!(app.data(other.token(), GIVEN, json!({ "id": municipality.id() })).await["organisation"]["delegations"], Value::Null);
        }
    }

    async fn an_owner_grants_it_once_to_an_association_for_three_years_at_most(app) {
        let cast = app.cast().await;
        let Cast { association, municipality, business, .. } = &cast;
        let input = delegation(municipality, association, app.now());
        let signer = app.person("signer").await;
        app.join(&signer, &municipality.organisation, Role::Signer).await;
        assert_eq!(app.refused(&signer, "grantDelegation", input.clone()).await, "FORBIDDEN");
        for (wrong, said) in [
            (json!({ "until": app.now() }), "BAD_USER_INPUT until"),
            (json!({ "until": app.now() + TimeDelta::days(1_100) }), "BAD_USER_INPUT until"),
            (json!({ "basis": " " }), "BAD_USER_INPUT basis"),
            (json!({ "associationId": business.id() }), "BAD_USER_INPUT associationId"),
            (json!({ "organisationId": cast.utility.id() }), "FORBIDDEN"),
        ] {
            assert_eq!(app.refused(municipality, "grantDelegation", with(input.clone(), wrong)).await, said);
        }
        assert_eq!(app.refused(business, "grantDelegation", delegation(business, association, app.now())).await, "BAD_USER_INPUT organisationId");
        let outcomes = join_all((0..8).map(|_| app.attempt(municipality, "grantDelegation", input.clone()))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|refusal| refusal == "ALREADY_EXISTS associationId"), "{outcomes:?}");
    }

    async fn an_association_that_goes_to_somebody_else_takes_none_along(app) {
        let cast = app.cast().await;
        let Cast { administrator, association, municipality, business, .. } = &cast;
        let granted = app.done(municipality, "grantDelegation", delegation(municipality, association, app.now())).await;
        app.done(administrator, "verifyOrganisation", with(step(&app.found(1).await), json!({ "verified": false }))).await;
        let claim = app.done(business, "claimOrganisation", content::claim(&association.organisation)).await;
        app.confirms(administrator, &claim, "Наказ бачили").await;
        assert_eq!(app.found(1).await["verification"], "VERIFIED");
        assert_eq!(app.refused(business, "createNeed", drafts(municipality)).await, "FORBIDDEN");
        let shown = app.data(municipality.token(), GIVEN, json!({ "id": municipality.id() })).await["organisation"]["delegations"]["nodes"].clone();
        assert_eq!((&shown[0]["id"], &shown[0]["holds"], shown[0]["revokedAt"].is_string()), (&granted["id"], &json!(false), true));
        app.done(municipality, "grantDelegation", delegation(municipality, association, app.now())).await;
        app.done(business, "createNeed", drafts(municipality)).await;
    }

    async fn two_of_them_move_no_need_from_one_to_the_other(app) {
        let cast = app.cast().await;
        let Cast { association, utility, municipality, .. } = &cast;
        let other = app.founder("other", with(organisation("MUNICIPALITY", 70, "Гощанська громада"), json!({ "territory": content::HOSHCHA }))).await;
        for owner in [utility, municipality, &other] {
            app.done(owner, "grantDelegation", delegation(owner, association, app.now())).await;
        }
        let need = app.verified_need(&cast, utility).await;
        let answering = |owner: &Person| json!({ "organisationId": owner.id(), "project": content::project(), "needIds": [need["id"]] });
        assert_eq!(app.refused(association, "createProject", answering(&other)).await, "FORBIDDEN");
        app.done(association, "createProject", answering(municipality)).await;
        let need = app.verified_need(&cast, utility).await;
        app.done(association, "createProject", json!({ "organisationId": utility.id(), "project": content::project(), "needIds": [need["id"]] })).await;
    }

    async fn it_takes_an_editor_of_a_checked_association_and_a_checked_organisation_to_submit(app) {
        let cast = app.cast().await;
        let association = &cast.association;
        let owner = app.founder("owner", with(organisation("MUNICIPALITY", 70, "Гощанська громада"), json!({ "territory": content::HOSHCHA }))).await;
        app.done(&owner, "grantDelegation", delegation(&owner, association, app.now())).await;
        let need = with(content::need(), json!({ "territory": content::HOSHCHA }));
        let need = app.done(association, "createNeed", json!({ "organisationId": owner.id(), "need": need })).await;
        let answer = app.ask(association.token(), &app.operations.mutation("submitNeed").document, json!({ "input": step(&need) })).await;
        let refused = &answer["data"]["submitNeed"]["userErrors"][0];
        assert_eq!(refused["code"], "NOT_VERIFIED", "nobody has checked for whom it acts");
        assert!(refused["message"].as_str().is_some_and(|message| message.contains("for which you act")), "{answer}");
        let reader = app.person("reader").await;
        app.join(&reader, &association.organisation, Role::Viewer).await;
        assert_eq!(app.refused(&reader, "withdrawNeed", because(&need, "Помилка")).await, "FORBIDDEN");
        app.done(association, "verifyOrganisation", step(&owner.organisation)).await;
        app.done(association, "submitNeed", step(&need)).await;
    }
}

fn drafts(owner: &Person) -> Value {
    json!({ "organisationId": owner.id(), "need": content::need() })
}

/// Kinds of events, and the delegation that each names.
async fn logged(app: &TestApp) -> Vec<(String, Value)> {
    app.rows("SELECT kind, payload FROM event ORDER BY id", |row| {
        let payload: Value = serde_json::from_slice(&row.try_get::<Vec<u8>>("", "payload").expect("a payload")).expect("JSON");
        (row.try_get("", "kind").expect("a kind"), payload["delegation"].clone())
    })
    .await
}
