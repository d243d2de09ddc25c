//! Verification: who asks with what, who decides, and what an organisation may do meanwhile.

use chrono::TimeDelta;
use futures_util::future::join_all;
use mistok::auth::Role;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, because, organisation, step, with};
use crate::support::people::PASSWORD;
use crate::support::{Cast, Person, TestApp};

const REQUESTS: &str = "query($filter: VerificationRequestFilter) { verificationRequests(filter: $filter) { totalCount nodes {
    id version state note reason decidedAt organisation { id verification } evidence { id fileName download { url } } } } }";

on_both! {
    async fn an_owner_asks_with_a_document_and_the_association_verifies(app) {
        let cast = app.cast().await;
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        let evidence = app.stored(&founder, "EVIDENCE").await;
        let request = app.done(&founder, "requestVerification", with(asked(&founder, &[&evidence]), json!({ "note": "Наказ про призначення" }))).await;
        assert_eq!((&request["state"], &request["version"]), (&json!("PENDING"), &json!(1)));
        assert_eq!(app.found(70).await["verification"], "PENDING");

        let queue = app.data(cast.association.token(), REQUESTS, json!({ "filter": { "state": ["PENDING"] } })).await["verificationRequests"].clone();
        assert_eq!((&queue["totalCount"], &queue["nodes"][0]["id"], &queue["nodes"][0]["note"]), (&json!(1), &request["id"], &json!("Наказ про призначення")));
        let paper = &queue["nodes"][0]["evidence"][0];
        assert_eq!((&paper["id"], app.followed(&paper["download"]["url"]).await.0.as_u16()), (&evidence["id"], 200), "the association reads the document");
        let decided = app.done(&cast.association, "decideVerification", with(step(&request), json!({ "decision": "VERIFIED" }))).await;
        assert_eq!((&decided["state"], &decided["version"]), (&json!("VERIFIED"), &json!(2)));
        assert_eq!(app.found(70).await["verification"], "VERIFIED");
        assert_eq!(app.refused(&cast.association, "decideVerification", with(step(&decided), json!({ "decision": "VERIFIED" }))).await, "INVALID_STATE");
        assert_eq!(app.refused(&founder, "requestVerification", asked(&founder, &[&evidence])).await, "INVALID_STATE organisationId");
        assert_eq!(app.refused(&founder, "removeAttachment", json!({ "id": evidence["id"] })).await, "INVALID_STATE id", "evidence stays");

        app.settle().await;
        let told = app.data(founder.token(), "{ changes(types: [VERIFICATION_REQUESTED, VERIFICATION_DECIDED, ORGANISATION_VERIFIED], first: 100) { nodes { type } } }", json!({})).await;
        let told: Vec<&str> = told["changes"]["nodes"].as_array().expect("changes").iter().rev().take(3).filter_map(|change| change["type"].as_str()).collect();
        assert_eq!(told, ["ORGANISATION_VERIFIED", "VERIFICATION_DECIDED", "VERIFICATION_REQUESTED"]);
        assert_eq!(findings(app).await.last().expect("a finding"), "{\"finding\":\"VERIFIED\"}");
    }

    async fn who_is_refused_reads_why_stays_refused_and_may_ask_again(app) {
        let cast = app.cast().await;
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        let request = asking(app, &founder).await;
        for (wrong, said) in [(json!({ "reason": null }), "BAD_USER_INPUT reason"), (json!({ "expectedVersion": 2 }), "STALE_VERSION expectedVersion")] {
            let input = with(with(because(&request, "Підпис не той"), json!({ "decision": "REJECTED" })), wrong);
            assert_eq!(app.refused(&cast.association, "decideVerification", input).await, said);
        }
        app.done(&cast.association, "decideVerification", with(because(&request, "Підпис не той"), json!({ "decision": "REJECTED" }))).await;
        let seen = app.data(founder.token(), REQUESTS, json!({})).await["verificationRequests"]["nodes"][0].clone();
        assert_eq!((&seen["state"], &seen["reason"], &seen["organisation"]["verification"]), (&json!("REJECTED"), &json!("Підпис не той"), &json!("REJECTED")));
        assert_eq!(findings(app).await.last().expect("a finding"), "{\"finding\":\"REJECTED\"}");

        let again = asking(app, &founder).await;
        assert_eq!(app.found(70).await["verification"], "REJECTED", "asking hides no finding");
        app.done(&cast.administrator, "decideVerification", with(step(&again), json!({ "decision": "VERIFIED", "reason": "Новий наказ" }))).await;
        assert_eq!(app.found(70).await["verification"], "VERIFIED");
    }

    async fn a_finding_without_a_request_is_the_same_decision(app) {
        let cast = app.cast().await;
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        let request = asking(app, &founder).await;
        let now = app.found(70).await;
        assert_eq!(app.refused(&cast.association, "verifyOrganisation", with(step(&now), json!({ "verified": false }))).await, "BAD_USER_INPUT reason", "who asked reads why not");
        app.done(&cast.association, "verifyOrganisation", with(step(&now), json!({ "verified": false, "reason": "Немає печатки" }))).await;
        let settled = app.data(founder.token(), REQUESTS, json!({})).await["verificationRequests"].clone();
        assert_eq!((&settled["totalCount"], &settled["nodes"][0]["id"]), (&json!(1), &request["id"]), "it settles the open request");
        assert_eq!((&settled["nodes"][0]["state"], &settled["nodes"][0]["reason"]), (&json!("REJECTED"), &json!("Немає печатки")));
        app.done(&cast.association, "verifyOrganisation", step(&app.found(70).await)).await;
        let rows = app.data(founder.token(), "query($id: ID!) { organisation(id: $id) { verificationRequests { nodes { state evidence { id } } } } }", json!({ "id": founder.id() })).await;
        assert_eq!(rows["organisation"]["verificationRequests"]["nodes"][0], json!({ "state": "VERIFIED", "evidence": [] }), "where none is open it leaves one");
    }

    async fn a_request_is_made_by_an_owner_with_evidence_of_their_own_and_once(app) {
        let cast = app.cast().await;
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        let evidence = app.stored(&founder, "EVIDENCE").await;
        let paper = app.stored(&founder, "CERTIFICATE").await;
        let theirs = app.stored(&cast.business, "EVIDENCE").await;
        let (awaited, _) = app.described(&founder, "EVIDENCE", b"later").await;
        for (ids, said) in [
            (Vec::new(), "BAD_USER_INPUT attachmentIds"),
            (vec![&evidence; 21], "BAD_USER_INPUT attachmentIds"),
            (vec![&evidence, &theirs], "NOT_FOUND attachmentIds.1"),
            (vec![&paper], "NOT_FOUND attachmentIds.0"),
            (vec![&evidence, &evidence, &awaited], "INVALID_STATE attachmentIds.2"),
        ] {
            assert_eq!(app.refused(&founder, "requestVerification", asked(&founder, &ids)).await, said);
        }
        let editor = app.person("editor").await;
        app.join(&editor, &founder.organisation, Role::Editor).await;
        assert_eq!(app.refused(&editor, "requestVerification", asked(&founder, &[&evidence])).await, "FORBIDDEN");
        let stale = with(asked(&founder, &[&evidence]), json!({ "expectedVersion": 9 }));
        assert_eq!(app.refused(&founder, "requestVerification", stale).await, "STALE_VERSION expectedVersion");
        let outcomes = join_all((0..8).map(|_| app.attempt(&founder, "requestVerification", asked(&founder, &[&evidence])))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|refusal| refusal == "ALREADY_EXISTS organisationId"), "{outcomes:?}");
        for other in [&Person::nobody(), &cast.business, &cast.donor] {
            let seen = app.data(other.token(), "query($id: ID!) { organisation(id: $id) { verificationRequests { totalCount } } }", json!({ "id": founder.id() })).await;
            assert_eq!(seen["organisation"]["verificationRequests"], Value::Null);
        }
    }

    async fn nobody_decides_on_their_own_organisation(app) {
        let cast = app.cast().await;
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        app.join(&founder, &cast.association.organisation, Role::Editor).await;
        let request = asking(app, &founder).await;
        let founder = app.again(&founder).await;
        let verified = with(step(&request), json!({ "decision": "VERIFIED" }));
        assert_eq!(app.refused(&founder, "decideVerification", verified.clone()).await, "FORBIDDEN");
        assert_eq!(app.refused(&founder, "verifyOrganisation", step(&app.found(70).await)).await, "FORBIDDEN");
        app.done(&cast.association, "decideVerification", verified).await;
    }

    async fn an_organisation_that_waits_prepares_and_hands_nothing_in(app) {
        let cast = app.cast().await;
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        let call = app.open_call(&cast.municipality).await;
        let offer = json!({ "organisationId": founder.id(), "callId": call["id"], "offer": "Так" });
        let draft = app.done(&founder, "draftInterest", offer).await;
        assert_eq!(app.refused(&founder, "submitInterest", step(&draft)).await, "NOT_VERIFIED");
        let request = asking(app, &founder).await;
        assert_eq!(app.refused(&founder, "submitInterest", step(&draft)).await, "NOT_VERIFIED");
        app.done(&cast.association, "decideVerification", with(step(&request), json!({ "decision": "VERIFIED" }))).await;
        app.done(&founder, "submitInterest", step(&draft)).await;
    }

    async fn an_organisation_that_goes_to_somebody_else_takes_no_request_along(app) {
        let cast = app.cast().await;
        let squatter = app.founder("squatter", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        app.done(&cast.association, "verifyOrganisation", with(step(&app.found(70).await), json!({ "verified": false }))).await;
        let request = asking(app, &squatter).await;
        let Cast { association, business, .. } = &cast;
        let claim = app.done(business, "claimOrganisation", content::claim(&squatter.organisation)).await;
        app.confirms(association, &claim, "Наказ бачили").await;
        assert_eq!(app.refused(association, "decideVerification", with(step(&request), json!({ "decision": "VERIFIED", "expectedVersion": 2 }))).await, "INVALID_STATE");
        let seen = app.data(association.token(), REQUESTS, json!({ "filter": { "state": ["OVERTAKEN"] } })).await;
        assert_eq!(seen["verificationRequests"]["nodes"][0]["id"], request["id"]);
    }

    async fn what_showed_who_spoke_for_an_organisation_is_not_for_whoever_is_given_it_later(app) {
        let cast = app.cast().await;
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        let (passport, paper) = (app.stored(&founder, "EVIDENCE").await, app.stored(&founder, "CERTIFICATE").await);
        let request = app.done(&founder, "requestVerification", with(asked(&founder, &[&passport]), json!({ "note": "Я, Іван Франко, директор" }))).await;
        app.done(&cast.association, "decideVerification", with(step(&request), json!({ "decision": "VERIFIED" }))).await;
        app.done(&founder, "stepUp", json!({ "password": PASSWORD })).await;
        app.done(&founder, "eraseAccount", json!({ "email": founder.email })).await;
        app.clock.advance(TimeDelta::seconds(1));
        let claim = app.done(&cast.business, "claimOrganisation", content::claim(&founder.organisation)).await;
        app.confirms(&cast.association, &claim, "Наказ бачили").await;

        let owner = cast.business.acting_for(&founder.organisation);
        let own = app.stored(&owner, "EVIDENCE").await;
        let query = "query($id: ID!, $file: ID!) { node(id: $file) { id } organisation(id: $id) { attachments { totalCount nodes { id } } verificationRequests { nodes { note evidence { id } } } } }";
        let seen_by = async |person: &Person| app.data(person.token(), query, json!({ "id": founder.id(), "file": passport["id"] })).await;
        let seen = seen_by(&owner).await;
        assert_eq!((&seen["node"], &seen["organisation"]["verificationRequests"]["nodes"]), (&Value::Null, &json!([])));
        assert_eq!(seen["organisation"]["attachments"], json!({ "totalCount": 2, "nodes": [{ "id": own["id"] }, { "id": paper["id"] }] }), "certificates are the organisation's");
        let seen = seen_by(&cast.association).await;
        assert_eq!((&seen["node"]["id"], &seen["organisation"]["attachments"]["totalCount"]), (&passport["id"], &json!(3)), "who decided on it has it");
        assert_eq!(seen["organisation"]["verificationRequests"]["nodes"], json!([{ "note": "Я, Іван Франко, директор", "evidence": [{ "id": passport["id"] }] }]));

        let renamed = app.done(&owner, "updateOrganisation", with(step(&app.found(70).await), json!({ "name": { "uk": "ТОВ «Інше»" } }))).await;
        assert_eq!(renamed["verification"], "PENDING");
        assert_eq!(app.refused(&owner, "requestVerification", asked(&owner, &[&own, &passport])).await, "NOT_FOUND attachmentIds.1");
        app.done(&owner, "requestVerification", asked(&owner, &[&own])).await;
        assert_eq!(seen_by(&owner).await["organisation"]["verificationRequests"]["nodes"], json!([{ "note": null, "evidence": [{ "id": own["id"] }] }]));
    }
}

/// What `requestVerification` takes.
fn asked(owner: &Person, evidence: &[&Value]) -> Value {
    json!({ "organisationId": owner.id(), "attachmentIds": evidence.iter().map(|row| &row["id"]).collect::<Vec<_>>() })
}

/// A request with a document.
async fn asking(app: &TestApp, owner: &Person) -> Value {
    let evidence = app.stored(owner, "EVIDENCE").await;
    app.done(owner, "requestVerification", asked(owner, &[&evidence])).await
}

/// What the journal says was found, in order.
async fn findings(app: &TestApp) -> Vec<String> {
    let read = |row: &sea_orm::QueryResult| String::from_utf8(row.try_get::<Vec<u8>>("", "payload").expect("a payload")).expect("text");
    app.rows("SELECT payload FROM event WHERE kind = 'ORGANISATION_VERIFIED' ORDER BY id", read).await
}
