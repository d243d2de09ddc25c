//! `matchFound`: what suits a business, told as it is opened to partners.

use serde_json::json;

use crate::on_both;
use crate::support::content::{self, step, with};

const FOLLOW: &str =
    "subscription($id: ID!, $after: String) { matchFound(organisation: $id, after: $after) { cursor type matches { total workPackage { title } criteria { reason } } } }";

on_both! {
    async fn a_business_hears_of_what_suits_it_when_it_is_opened_and_goes_on_by_the_cursor(app) {
        let cast = app.cast().await;
        let (owner, business) = (&cast.municipality, &cast.business);
        app.done(business, "declareCapability", content::capability(&business.organisation)).await;
        app.settle().await;
        let address = app.listen().await;
        let mut socket = address.of(business, json!({})).await;
        socket.call("1", FOLLOW, json!({ "id": business.id() })).await;
        // The answer to a later message shows that the subscription was taken.
        socket.say(json!({ "type": "ping" })).await;
        assert_eq!(socket.hears().await, json!({ "type": "pong" }));

        let project = app.idea(owner, &[]).await;
        let project = app.done(owner, "defineProject", step(&project)).await;
        app.settle().await;
        let told = socket.hears().await["payload"]["data"]["matchFound"].clone();
        assert_eq!(told["type"], "PROJECT_ADVANCED", "an idea is nobody's to hear of: {told:#}");
        let matches = told["matches"].as_array().expect("matches");
        assert!(!matches.is_empty() && matches.iter().all(|found| found["total"].as_f64() > Some(0.0) && found["criteria"][0]["reason"].is_string()), "{told:#}");
        drop(socket);

        let project = app.done(owner, "appraiseProject", step(&project)).await;
        let back = with(step(&project), json!({ "to": "DEFINED", "reason": "Бракує кошторису" }));
        let mut project = app.done(&cast.association, "moveProjectBack", back).await;
        for mutation in ["appraiseProject", "structureProject"] {
            project = app.done(owner, mutation, step(&project)).await;
        }
        let call = app.drafted_call(owner, &project).await;
        app.done(owner, "publishCall", step(&call)).await;
        app.settle().await;
        let mut again = address.of(business, json!({})).await;
        again.call("1", FOLLOW, json!({ "id": business.id(), "after": told["cursor"] })).await;
        assert_eq!(again.hears().await["payload"]["data"]["matchFound"]["type"], "CALL_PUBLISHED", "a project is opened once");
    }

    async fn others_are_refused_and_what_is_no_business_has_no_matches(app) {
        let cast = app.cast().await;
        let address = app.listen().await;
        for (person, organisation, code) in [
            (&cast.municipality, &cast.business, "FORBIDDEN"),
            (&cast.donor, &cast.business, "FORBIDDEN"),
            (&cast.municipality, &cast.municipality, "BAD_USER_INPUT"),
        ] {
            let mut socket = address.of(person, json!({})).await;
            socket.call("1", FOLLOW, json!({ "id": organisation.id() })).await;
            let heard = socket.hears().await;
            let errors = if heard["type"] == "error" { &heard["payload"] } else { &heard["payload"]["errors"] };
            assert_eq!(errors[0]["extensions"]["code"], code, "{heard:#}");
        }
    }
}
