//! The association is told of what waits for its decision, and so is who would lose an organisation by it.

use chrono::TimeDelta;
use mistok::auth::Role;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, because, organisation, step, with};
use crate::support::letters::Letter;
use crate::support::news::{at, colleague, kinds, settled};
use crate::support::{Person, TestApp};

on_both! {
    async fn who_may_decide_is_told_of_a_request_for_verification_once(app) {
        let cast = app.cast().await;
        let second = app.appointed(&cast.administrator, "second-association", organisation("ASSOCIATION", 60, "Друга асоціація")).await;
        let refused = app.appointed(&cast.administrator, "refused-association", organisation("ASSOCIATION", 61, "Третя асоціація")).await;
        app.done(&cast.association, "verifyOrganisation", with(step(&refused.organisation), json!({ "verified": false }))).await;
        let (editor, viewer) = (colleague(app, &cast.association, "editor", Role::Editor).await, colleague(app, &cast.association, "viewer", Role::Viewer).await);
        app.join(&editor, &second.organisation, Role::Signer).await;
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        let insider = colleague(app, &founder, "insider", Role::Viewer).await;
        app.join(&insider, &cast.association.organisation, Role::Owner).await;
        settled(app, &[&cast.association, &second, &refused, &editor, &viewer, &founder, &insider, &cast.administrator]).await;
        let request = asking(app, &founder).await;
        app.settle().await;
        let query = "{ viewer { notifications { nodes { kind title(locale: UK) textUk: text(locale: UK) text subject { id } organisation { id } } } } }";
        assert_eq!(app.data(editor.token(), query, json!({})).await["viewer"]["notifications"]["nodes"], json!([{
            "kind": "VERIFICATION_REQUESTED",
            "title": "Новий запит на перевірку",
            "textUk": "Організація просить перевірити її: ТОВ «Нове». Докази додано до запиту.",
            "text": "ТОВ «Нове» asks to be verified. The request has the evidence.",
            "subject": { "id": request["id"] },
            "organisation": { "id": founder.id() },
        }]));
        for (person, told) in [(&cast.association, 1), (&second, 1), (&refused, 0), (&viewer, 0), (&founder, 0), (&insider, 0), (&cast.administrator, 0)] {
            assert_eq!(kinds(app, person).await.len(), told, "{}", person.email);
        }
        // A node that was put back to an older copy of where it was hears it all again.
        app.app.db.reader().execute_unprepared("UPDATE setting SET value = '0' WHERE \"key\" = 'notifications.heard'").await.expect("goes back");
        app.settle().await;
        assert_eq!(kinds(app, &editor).await.iter().filter(|kind| *kind == "VERIFICATION_REQUESTED").count(), 1);

        at(app, "2026-11-25T06:00:00Z").await;
        let letter = app.letter_to(&editor.email).await;
        assert!(letter.text().contains("An organisation asks to be verified.") && !letter.text().contains("Нове"), "{}", letter.text());
    }

    async fn what_reached_a_person_for_the_association_is_seen_for_as_long_as_they_act_for_it(app) {
        let cast = app.cast().await;
        let editor = colleague(app, &cast.association, "editor", Role::Editor).await;
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        asking(app, &founder).await;
        app.settle().await;
        assert_eq!(kinds(app, &editor).await, ["VERIFICATION_REQUESTED"]);
        app.done(&cast.association, "removeMember", step(&app.member(&cast.association, &editor.email).await)).await;
        app.settle().await;
        assert_eq!(kinds(app, &editor).await, ["MEMBERSHIP_REVOKED"]);
    }

    async fn of_a_claim_hear_who_may_decide_and_the_owners_who_would_give_way(app) {
        let cast = app.cast().await;
        let editor = colleague(app, &cast.association, "editor", Role::Editor).await;
        let squatter = app.founder("squatter", organisation("BUSINESS", 84, "ТОВ «Чуже»")).await;
        let reader = colleague(app, &squatter, "reader", Role::Viewer).await;
        app.done(&cast.association, "verifyOrganisation", with(step(&squatter.organisation), json!({ "verified": false }))).await;
        settled(app, &[&cast.association, &editor, &squatter, &reader]).await;
        let claim = app.done(&editor, "claimOrganisation", content::claim(&squatter.organisation)).await;
        app.settle().await;
        let told = async |person: &Person| app.data(person.token(), "{ viewer { notifications { nodes { kind text subject { id } } } } }", json!({})).await["viewer"]["notifications"]["nodes"].clone();
        assert_eq!(told(&cast.association).await, json!([{
            "kind": "CLAIM_RECEIVED",
            "text": "Somebody claims ТОВ «Чуже». The claim says what shows that it is theirs.",
            "subject": { "id": claim["id"] },
        }]));
        assert_eq!(told(&squatter).await, json!([{
            "kind": "ORGANISATION_CLAIMED",
            "text": "Somebody else claims ТОВ «Чуже». If the association confirms the claim, you can act for it no more. If it is yours, ask for its verification again.",
            "subject": null,
        }]), "and not who it is");
        assert_eq!((told(&editor).await, told(&reader).await), (json!([]), json!([])), "whose claim it is, and who owns nothing");

        app.clock.advance(TimeDelta::seconds(1));
        let imported = app.imported(80, "ТОВ «З реєстру»").await;
        app.done(&cast.administrator, "claimOrganisation", with(content::claim(&imported), json!({ "ownerEmail": cast.business.email }))).await;
        app.settle().await;
        assert_eq!(kinds(app, &editor).await, ["CLAIM_RECEIVED"], "one that the administrator makes for somebody is decided likewise");
        assert!(!kinds(app, &cast.business).await.contains(&"CLAIM_RECEIVED".to_owned()));
        let decided = app.done(&cast.donor, "claimOrganisation", content::claim(&imported)).await;
        app.done(&cast.association, "declineClaim", because(&decided, "Немає наказу")).await;
        app.settle().await;
        assert_eq!(kinds(app, &editor).await, ["CLAIM_RECEIVED"], "what was decided before anybody heard of it waits no more");
    }

    async fn a_letter_tells_of_nothing_that_waits_once_it_is_decided(app) {
        let cast = app.cast().await;
        let squatter = app.founder("squatter", organisation("BUSINESS", 84, "ТОВ «Чуже»")).await;
        app.done(&cast.association, "verifyOrganisation", with(step(&squatter.organisation), json!({ "verified": false }))).await;
        settled(app, &[&cast.association, &squatter]).await;
        let request = asking(app, &squatter).await;
        let mut claims = Vec::new();
        for claimant in [&cast.business, &cast.donor] {
            claims.push(app.done(claimant, "claimOrganisation", content::claim(&squatter.organisation)).await);
        }
        app.settle().await;
        app.done(&cast.association, "declineClaim", because(&claims[0], "Немає наказу")).await;
        app.done(&cast.association, "decideVerification", with(because(&request, "Підпис не той"), json!({ "decision": "REJECTED" }))).await;
        at(app, "2026-11-25T06:00:00Z").await;
        let (deciding, owning) = (app.letter_to(&cast.association.email).await, app.letter_to(&squatter.email).await);
        let count = |letter: &Letter, said: &str| letter.text().matches(said).count();
        assert_eq!((count(&deciding, "Somebody claims"), count(&deciding, "asks to be verified")), (1, 0), "one claim waits: {}", deciding.text());
        assert_eq!(count(&owning, "Somebody else claims"), 1, "{}", owning.text());
    }
}

/// A request with a document.
async fn asking(app: &TestApp, owner: &Person) -> Value {
    let evidence = app.stored(owner, "EVIDENCE").await;
    app.done(owner, "requestVerification", json!({ "organisationId": owner.id(), "attachmentIds": [evidence["id"]] })).await
}
