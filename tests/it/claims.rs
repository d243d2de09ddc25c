//! Claims: who owns what an import recorded.

use std::io::Cursor;

use futures_util::future::join_all;
use mistok::accounts::service as accounts;
use mistok::exchange::{Options, Source, import_tenders};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, KHOTYN, because, edrpou, organisation, with};
use crate::support::{Person, TestApp};

on_both! {
    async fn a_business_that_an_import_recorded_finds_its_owner_who_answers_a_call(app) {
        let cast = app.cast().await;
        let imported = app.imported(80, "ТОВ «З реєстру»").await;
        assert_eq!((&imported["claimable"], &imported["verification"]), (&json!(true), &json!("UNVERIFIED")));
        let person = app.person("director").await;
        let registered = refusal(app, &person, "registerOrganisation", organisation("BUSINESS", 80, "ТОВ «З реєстру»")).await;
        assert_eq!(registered["code"], "ALREADY_EXISTS");
        assert!(registered["remedy"].as_str().is_some_and(|remedy| remedy.contains("claimOrganisation")), "{registered}");

        let claim = app.done(&person, "claimOrganisation", content::claim(80)).await;
        assert_eq!(app.refused(&person, "claimOrganisation", content::claim(80)).await, "ALREADY_EXISTS identifier");
        let query = "{ claims(filter: { state: [PENDING] }) { nodes { id version evidence claimant { email } organisation { id } } } }";
        let seen = app.data(cast.association.token(), query, json!({})).await;
        assert_eq!(seen["claims"]["nodes"][0]["claimant"]["email"], json!(person.email));
        assert_eq!(seen["claims"]["nodes"][0]["organisation"]["id"], imported["id"]);
        assert_eq!(app.refused(&cast.association, "confirmClaim", because(&claim, " ")).await, "BAD_USER_INPUT reason");
        let confirmed = app.done(&cast.association, "confirmClaim", because(&claim, "Наказ бачили")).await;
        assert_eq!((&confirmed["state"], &confirmed["reason"]), (&json!("CONFIRMED"), &json!("Наказ бачили")));
        assert_eq!(app.refused(&cast.association, "declineClaim", because(&confirmed, "Передумали")).await, "INVALID_STATE");

        let owned = app.data(person.token(), "query($id: ID!) { organisation(id: $id) { verification claimable version } viewer { memberships { roles organisation { id } } } }", json!({ "id": imported["id"] })).await;
        assert_eq!(owned["organisation"], json!({ "verification": "VERIFIED", "claimable": false, "version": 2 }));
        assert_eq!(owned["viewer"]["memberships"], json!([{ "roles": ["OWNER", "SIGNER"], "organisation": { "id": imported["id"] } }]));
        let call = app.open_call(&cast.municipality).await;
        let interest = app.done(&person, "expressInterest", json!({ "organisationId": imported["id"], "callId": call["id"], "offer": "Замінимо трубопровід." })).await;
        assert_eq!(interest["state"], "SUBMITTED");

        let late = app.person("late").await;
        let refused = refusal(app, &late, "claimOrganisation", content::claim(80)).await;
        assert_eq!(refused["code"], "ALREADY_EXISTS");
        assert!(refused["remedy"].as_str().is_some_and(|remedy| remedy.contains("owner")), "{refused}");
        let again = app.imported(80, "ТОВ «З реєстру»").await;
        assert_eq!(again["version"], 2, "a later import changes nothing");
    }

    async fn a_buyer_says_what_it_is_and_opens_a_call(app) {
        let cast = app.cast().await;
        import_buyer(app, 81, "Недобоївська сільська рада").await;
        let head = app.person("head").await;
        let as_what = |kind: &str| with(content::claim(81), json!({ "kind": kind }));
        assert_eq!(app.refused(&head, "claimOrganisation", as_what("UTILITY")).await, "BAD_USER_INPUT ownerMunicipalityId");
        assert_eq!(app.refused(&head, "claimOrganisation", as_what("ASSOCIATION")).await, "FORBIDDEN");
        let claim = app.done(&head, "claimOrganisation", as_what("MUNICIPALITY")).await;
        app.done(&cast.association, "confirmClaim", because(&claim, "Рішення ради № 1")).await;
        let found = app.data(head.token(), "query($id: String!) { organisation(identifier: { scheme: \"UA-EDR\", id: $id }) { id version kind } }", json!({ "id": edrpou(81) })).await;
        assert_eq!(found["organisation"]["kind"], "MUNICIPALITY");
        let mut council = head;
        council.organisation = found["organisation"].clone();
        let call = app.open_call(&council).await;
        assert_eq!(call["state"], "PUBLISHED");

        app.imported(82, "ТОВ «З реєстру»").await;
        let other = with(content::claim(82), json!({ "kind": "UTILITY", "ownerMunicipalityId": cast.municipality.id() }));
        assert_eq!(app.refused(&council, "claimOrganisation", other).await, "BAD_USER_INPUT kind", "a business is one");
    }

    async fn of_several_who_claim_an_organisation_one_gets_it_and_the_others_see_why_not(app) {
        let cast = app.cast().await;
        app.imported(83, "ТОВ «З реєстру»").await;
        let (mut people, mut claims) = (Vec::new(), Vec::new());
        for name in ["first", "second", "third", "fourth"] {
            people.push(app.person(name).await);
            claims.push(app.done(people.last().expect("somebody"), "claimOrganisation", content::claim(83)).await);
        }
        let declined = app.done(&cast.association, "declineClaim", because(&claims[0], "Немає наказу")).await;
        let outcomes = join_all(claims[1..].iter().map(|claim| app.attempt(&cast.association, "confirmClaim", because(claim, "Так")))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let mut states = Vec::new();
        for (person, claim) in people.iter().zip(&claims) {
            let seen = app.data(person.token(), "{ claims { nodes { id state reason } } }", json!({})).await;
            let [own] = seen["claims"]["nodes"].as_array().expect("claims").as_slice() else { panic!("their own and no other: {seen}") };
            assert_eq!(own["id"], claim["id"]);
            states.push(own["state"].as_str().expect("a state").to_owned());
            if claim["id"] == declined["id"] {
                assert_eq!(own["reason"], "Немає наказу");
            }
        }
        states.sort();
        assert_eq!(states, ["CONFIRMED", "DECLINED", "OVERTAKEN", "OVERTAKEN"]);
        let members: Vec<i64> = app.rows("SELECT COUNT(*) AS members FROM membership JOIN claim ON claim.organisation_id = membership.organisation_id WHERE claim.state = 'CONFIRMED'", |row| row.try_get("", "members").expect("a count")).await;
        assert_eq!(members, [1]);
        assert_eq!(app.refused(&people[0], "claimOrganisation", content::claim(83)).await, "ALREADY_EXISTS identifier");
    }

    async fn nobody_decides_on_a_claim_of_their_own_and_the_administrator_claims_for_others(app) {
        let cast = app.cast().await;
        app.imported(84, "ТОВ «З реєстру»").await;
        let own = app.done(&cast.association, "claimOrganisation", content::claim(84)).await;
        assert_eq!(app.refused(&cast.association, "confirmClaim", because(&own, "Моя")).await, "FORBIDDEN");
        assert_eq!(app.refused(&cast.association, "claimOrganisation", with(content::claim(84), json!({ "ownerEmail": cast.business.email }))).await, "FORBIDDEN");
        let named = with(organisation("BUSINESS", 84, "ТОВ «З реєстру»"), json!({ "ownerEmail": cast.business.email }));
        assert_eq!(app.refused(&cast.administrator, "registerOrganisation", named).await, "ALREADY_EXISTS identifiers");
        let claim = app.done(&cast.administrator, "claimOrganisation", with(content::claim(84), json!({ "ownerEmail": cast.business.email }))).await;
        app.done(&cast.administrator, "confirmClaim", because(&claim, "Договір № 5")).await;
        let found = app.data(cast.business.token(), "{ viewer { memberships { organisation { id } } } claims { nodes { state } } }", json!({})).await;
        assert_eq!(found["viewer"]["memberships"].as_array().map(Vec::len), Some(2));
        assert_eq!(found["claims"]["nodes"], json!([{ "state": "CONFIRMED" }]));
    }

    async fn what_is_not_there_or_has_an_owner_is_not_claimed(app) {
        let cast = app.cast().await;
        let person = app.person("somebody").await;
        assert_eq!(app.refused(&person, "claimOrganisation", content::claim(85)).await, "NOT_FOUND identifier");
        assert_eq!(app.refused(&person, "claimOrganisation", content::claim(5)).await, "ALREADY_EXISTS identifier");
        let seen = app.data(None, "query($id: ID!) { organisation(id: $id) { claimable } }", json!({ "id": cast.business.id() })).await;
        assert_eq!(seen["organisation"]["claimable"], false);
    }
}

/// A buyer that an import of tenders recorded.
async fn import_buyer(app: &TestApp, number: u32, name: &str) {
    let table = format!("key,title,status,buyer_id,buyer_name,territory\nUA-{number},Міст,finished,{},{name},{KHOTYN}\n", edrpou(number));
    let options = Options { source: Source::parse("PROZORRO").expect("a source"), language: None, dry_run: false };
    let administrator = accounts::administrator(&app.app, None).await.expect("there is one");
    import_tenders(&app.app, &administrator, &options, Cursor::new(table)).await.expect("a table");
}

/// The whole first refusal of a mutation.
async fn refusal(app: &TestApp, who: &Person, mutation: &str, input: Value) -> Value {
    let answer = app.ask(who.token(), &app.operations.mutation(mutation).document, json!({ "input": input })).await;
    answer["data"][mutation]["userErrors"][0].clone()
}
