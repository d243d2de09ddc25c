//! Who may do what: every root query and every mutation for everybody, expectations written by hand from the domain's table.
//!
//! Each mutation is tried on an object that exists and is in a state that allows it, with an input that only its access or
//! its content can refuse; then one who may does it, which shows that the input was right.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use mistok::auth::Role;
use mistok::jobs;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, HOSHCHA, because, organisation, step, with};
use crate::support::story::{self, Listener};
use crate::support::{Cast, Person, TestApp};

/// Who stands in the columns of the tables: nobody; a viewer, an editor, a signer and an owner of the municipality, its
/// utility and the business alike; owner and signer of another municipality and business; association, donor and implementing
/// agency of the programme, civil society, administrator.
const COLUMNS: [&str; 11] = ["anonymous", "viewer", "editor", "signer", "owner", "stranger", "association", "donor", "agency", "cso", "administrator"];

/// `y` may; `f` sees it and may not; `n` does not see it; `u` must sign in first; `s` must
/// prove anew who they are.
const MUTATIONS: [(&str, &str); 81] = [
    ("signUp", "y y y y y y y y y y y"),
    ("signIn", "y y y y y y y y y y y"),
    ("signInWithCode", "y y y y y y y y y y y"),
    ("signOut", "u y y y y y y y y y y"),
    ("signOutEverywhere", "u y y y y y y y y y y"),
    // A sign-in of somebody else.
    ("endSession", "u n n n n n n n n n n"),
    // What it takes is the right itself; without that nobody has it.
    ("refreshSession", "u u u u u u u u u u u"),
    ("confirmEmail", "y y y y y y y y y y y"),
    ("requestEmailConfirmation", "u y y y y y y y y y y"),
    ("changePassword", "u y y y y y y y y y y"),
    ("prepareSecondFactor", "u y y y y y y y y y y"),
    ("enableSecondFactor", "u s s s s s s s s s s"),
    ("stepUp", "u y y y y y y y y y y"),
    ("renewRecoveryCodes", "u s s s s s s s s s s"),
    ("disableSecondFactor", "u s s s s s s s s s s"),
    ("requestPasswordReset", "y y y y y y y y y y y"),
    ("resetPassword", "y y y y y y y y y y y"),
    ("linkIdentity", "u s s s s s s s s s s"),
    ("unlinkIdentity", "u s s s s s s s s s s"),
    ("exportMyData", "u s s s s s s s s s s"),
    ("eraseAccount", "u s s s s s s s s s s"),
    ("createApiToken", "u f f f s f f f f f f"),
    ("revokeApiToken", "u n n n y n n n n n y"),
    ("registerOrganisation", "u y y y y y y y y y y"),
    ("updateOrganisation", "u f f f y f f f f f f"),
    ("requestUpload", "u f y y y f f f f f f"),
    ("removeAttachment", "u f y y y n f n n n f"),
    ("requestVerification", "u f f f y f f f f f f"),
    ("decideVerification", "u f f f f f y f f f y"),
    ("verifyOrganisation", "u f f f f f y f f f y"),
    // The utility of the story has granted one; that the association's rows below say `y` rests on it (`delegation.rs`).
    ("grantDelegation", "u f f f y f f f f f f"),
    ("revokeDelegation", "u f f f y n y n n n y"),
    ("inviteMember", "u f f f y f f f f f f"),
    ("acceptInvitation", "u n n n f n f n n n f"),
    ("declineInvitation", "u n n n f n f n n n f"),
    ("revokeInvitation", "u n n n y n f n n n f"),
    ("changeMemberRoles", "u f f f y n f n n n f"),
    ("removeMember", "u f f f y n f n n n f"),
    ("leaveOrganisation", "u y y y y f f f f f f"),
    ("claimOrganisation", "u y y y y y y y y y y"),
    ("confirmClaim", "u f f f f f s f f f s"),
    ("declineClaim", "u f f f f f y f f f y"),
    ("declareCapability", "u f f f y f f f f f f"),
    ("addPastWork", "u f y y y f f f f f f"),
    ("removePastWork", "u f y y y f f f f f f"),
    ("createProgramme", "u f f f f f f y f f y"),
    ("updateProgramme", "u f f f f f f y f f y"),
    ("createNeed", "u f y y y f y f f f f"),
    ("updateNeed", "n f y y y n y n n n f"),
    ("submitNeed", "n f y y y n y n n n f"),
    ("returnNeed", "n f f f f n y n n n f"),
    ("verifyNeed", "n f f f f n y n n n f"),
    ("prioritiseNeed", "u f y y y f f f f f f"),
    ("withdrawNeed", "n f y y y n y n n n f"),
    ("createProject", "u f y y y f y f f f f"),
    ("updateProject", "n f y y y n y f f n f"),
    ("addWorkPackage", "n f y y y n y f f n f"),
    ("updateWorkPackage", "n f y y y n y f f n f"),
    ("addNeedToProject", "n f y y y n y f f n f"),
    ("defineProject", "n f y y y n y f f n f"),
    ("appraiseProject", "u f y y y f y f f f f"),
    ("structureProject", "u f y y y f y f f f f"),
    ("moveProjectBack", "u f f f f f y f f f f"),
    ("cancelProject", "n f y y y n y f f n f"),
    ("createCall", "u f y y y f f f f f f"),
    ("updateCall", "n f y y y n f n n n f"),
    ("requestCallConsent", "n f y y y n f n n n f"),
    ("consentToCall", "n f f y f n f n n n f"),
    ("publishCall", "n f f y f n f n n n f"),
    ("closeCall", "u f y y y f f f f f f"),
    ("withdrawCall", "n f y y y n f n n n f"),
    ("expressInterest", "u f y y y f f f f f f"),
    ("draftInterest", "u f y y y f f f f f f"),
    ("updateInterest", "n f y y y n n n n n n"),
    ("submitInterest", "n f y y y n n n n n n"),
    ("acknowledgeInterest", "n f y y y n f n n n f"),
    ("declineInterest", "n f y y y n f n n n f"),
    ("withdrawInterest", "n f y y y n f n n n f"),
    ("markNotificationRead", "u n n n n n n n n n n"),
    ("markAllNotificationsRead", "u y y y y y y y y y y"),
    ("setNotificationPreferences", "u y y y y y y y y y y"),
];

/// `y` finds it, `n` does not. The need and the call are drafts, the project an idea in the donor's programme, the interest
/// handed in, the claim somebody else's. `$x` stands for the object's id.
const QUERIES: [(&str, &str, &str); 29] = [
    ("node", "n y y y y n y n n n y", "node(id: $need) { id }"),
    ("nodes", "n y y y y n y n n n y", "nodes(ids: [$need]) { id }"),
    ("viewer", "n y y y y y y y y y y", "viewer { account { id } }"),
    ("signInMethods", "y y y y y y y y y y y", "signInMethods { password }"),
    ("sectors", "y y y y y y y y y y y", "sectors { code }"),
    ("territory", "y y y y y y y y y y y", "territory(code: \"UA73000000000044923\") { code }"),
    ("territories", "y y y y y y y y y y y", "territories(first: 1) { nodes { code } }"),
    ("classification", "y y y y y y y y y y y", "classification(scheme: CPV, code: \"45000000-7\") { code }"),
    ("classifications", "y y y y y y y y y y y", "classifications(scheme: CPV, first: 1) { nodes { code } }"),
    ("organisation", "y y y y y y y y y y y", "organisation(id: $business) { id }"),
    ("organisations", "y y y y y y y y y y y", "organisations(filter: { kind: [BUSINESS] }) { nodes { id } }"),
    ("claim", "n n n n n n y n n n y", "claim(id: $claim) { id }"),
    ("claims", "n n n n n n y n n n y", "claims { nodes { id } }"),
    ("verificationRequests", "n y y y y n y n n n y", "verificationRequests { nodes { id } }"),
    ("programme", "y y y y y y y y y y y", "programme(id: $programme) { id }"),
    ("programmes", "y y y y y y y y y y y", "programmes { nodes { id } }"),
    ("need", "n y y y y n y n n n y", "need(id: $need) { id }"),
    ("needs", "n y y y y n y n n n y", "needs(filter: { state: [DRAFT] }) { nodes { id } }"),
    ("project", "n y y y y n y y y n y", "project(id: $project) { id }"),
    ("projects", "n y y y y n y y y n y", "projects(filter: { state: [IDEA] }) { nodes { id } }"),
    ("workPackage", "n y y y y n y y y n y", "workPackage(id: $package) { id }"),
    ("call", "n y y y y n y n n n y", "call(id: $call) { id }"),
    ("calls", "n y y y y n y n n n y", "calls(filter: { state: [DRAFT] }) { nodes { id } }"),
    ("whyNot", "n y y y y n y y y n y", "whyNot(organisation: $business, workPackage: $package) { passes }"),
    ("interest", "n y y y y n y n n n y", "interest(id: $interest) { id }"),
    ("interests", "n y y y y n y n n n y", "interests { nodes { id } }"),
    ("changes", "n y y y y n y n n n y", "changes(types: [NEED_DRAFTED]) { nodes { nodeId } }"),
    // The chain is everybody's; which events it shows is in `chain.rs`.
    ("journal", "y y y y y y y y y y y", "journal { nodes { hash } }"),
    ("journalCheckpoints", "y y y y y y y y y y y", "journalCheckpoints { nodes { jws } }"),
];

/// `y` hears first what not everybody hears, `n` does not.
const SUBSCRIPTIONS: [(&str, &str, &str); 2] = [
    ("changed", "n y y y y n y n n n y", "it: changed(types: [NEED_DRAFTED, ORGANISATION_REGISTERED], after: $after) { type }"),
    ("matchFound", "n y y y y n y n n n y", "it: matchFound(organisation: $business, after: $after) { matches { total } }"),
];

/// A settlement of the Khotyn municipality.
const EXACT: &str = "UA73040190010032793";

on_both! {
    async fn every_operation_has_a_row(app) {
        let rows: BTreeSet<&str> = QUERIES.iter().map(|row| row.0).collect();
        assert_eq!(rows, app.operations.queries().collect());
        let rows: BTreeSet<&str> = MUTATIONS.iter().map(|row| row.0).collect();
        assert_eq!(rows, app.operations.mutations().collect());
        let rows: BTreeSet<&str> = SUBSCRIPTIONS.iter().map(|row| row.0).collect();
        assert_eq!(rows, app.operations.subscriptions().collect());
    }

    async fn every_mutation_is_done_by_those_who_may(app) {
        let cast = app.cast().await;
        app.imported_for_the_story().await;
        let people = everybody(app, &cast).await;
        let mut matrix = Matrix { app, people: &people, wrong: Vec::new(), tried: BTreeSet::new() };
        story::tell(app, &cast, &mut matrix).await;
        for (person, column) in people.iter().zip(COLUMNS) {
            for mutation in ["requestEmailConfirmation", "prepareSecondFactor", "signOut"] {
                matrix.compare(mutation, column, &letter(&app.attempt(person, mutation, Value::Null).await));
            }
            let again = if person.token().is_some() { app.again(person).await } else { person.clone() };
            matrix.compare("signOutEverywhere", column, &letter(&app.attempt(&again, "signOutEverywhere", Value::Null).await));
        }
        let Matrix { wrong, mut tried, .. } = matrix;
        tried.extend(["requestEmailConfirmation", "prepareSecondFactor", "signOut", "signOutEverywhere"]);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(tried, MUTATIONS.iter().map(|row| row.0).collect(), "the story does every mutation");
    }

    async fn every_query_shows_what_its_caller_may_see(app) {
        let cast = app.cast().await;
        let people = everybody(app, &cast).await;
        let objects = objects(app, &cast).await;
        app.settle().await;
        jobs::begin_rounds(&app.app).await.expect("a checkpoint is due");
        app.settle().await;
        let mut wrong = Vec::new();
        for (person, (column, place)) in people.iter().zip(COLUMNS.iter().zip(0..)) {
            for (name, expected, field) in QUERIES {
                let found = if finds(app, person, field, &objects).await { "y" } else { "n" };
                let expected = expected.split(' ').nth(place).expect("a letter a column");
                if found != expected {
                    wrong.push(format!("{name} for {column}: {found}, expected {expected}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn a_subscription_tells_what_its_caller_may_see(app) {
        let cast = app.cast().await;
        let people = everybody(app, &cast).await;
        app.settle().await;
        let mut after = json!(null);
        loop {
            let read = app.data(None, "query($after: String) { changes(after: $after, first: 100) { endCursor hasMore } }", json!({ "after": after })).await;
            after = read["changes"]["endCursor"].clone();
            if read["changes"]["hasMore"] == false {
                break;
            }
        }
        // What not everybody hears of, and then what everybody does.
        app.done(&cast.utility, "createNeed", json!({ "organisationId": cast.utility.id(), "need": content::need() })).await;
        app.done(&cast.business, "registerOrganisation", organisation("BUSINESS", 64, "ТОВ «Відоме»")).await;
        app.done(&cast.business, "declareCapability", content::capability(&cast.business.organisation)).await;
        app.open_call(&cast.municipality).await;
        app.settle().await;
        let address = app.listen().await;
        for (person, (column, place)) in people.iter().zip(COLUMNS.iter().zip(0..)) {
            for (name, expected, field) in SUBSCRIPTIONS {
                let mut socket = address.of(person, json!({})).await;
                let business = if field.contains("$business") { ", $business: ID!" } else { "" };
                let document = format!("subscription($after: String{business}) {{ {field} }}");
                socket.call("1", &document, json!({ "after": after, "business": cast.business.id() })).await;
                let told = socket.hears().await["payload"]["data"]["it"].clone();
                let heard = if told["type"] == "NEED_DRAFTED" || told["matches"][0]["total"].is_number() { "y" } else { "n" };
                assert_eq!(Some(heard), expected.split(' ').nth(place), "{name} for {column}");
            }
        }
    }

    async fn who_has_no_right_is_told_so_before_what_they_give_is_looked_at(app) {
        let cast = app.cast().await;
        let wrong = json!({ "amount": "0.001", "currency": "UAH" });
        let package = with(content::water_package(), json!({ "budget": wrong }));
        for (mutation, input) in [
            ("addPastWork", with(content::past_work(&cast.business.organisation), json!({ "value": wrong }))),
            ("declareCapability", with(content::capability(&cast.business.organisation), json!({ "largestContract": wrong }))),
            ("createNeed", json!({ "organisationId": cast.municipality.id(), "need": with(content::need(), json!({ "costMax": wrong })) })),
            ("createProject", json!({ "organisationId": cast.municipality.id(), "project": content::project(), "workPackages": [package] })),
            ("createProject", json!({ "organisationId": cast.business.id(), "project": content::project() })),
            ("createProgramme", json!({ "programme": { "name": { "en": "x" }, "funderId": cast.donor.id(), "envelope": wrong } })),
        ] {
            assert_eq!(app.refused(&Person::nobody(), mutation, input).await, "UNAUTHENTICATED", "{mutation}");
        }
        let stranger = app.person("stranger").await;
        let declared = with(content::capability(&cast.business.organisation), json!({ "staff": -1 }));
        assert_eq!(app.refused(&stranger, "declareCapability", declared).await, "FORBIDDEN");
        let work = with(content::past_work(&cast.business.organisation), json!({ "title": "" }));
        assert_eq!(app.refused(&stranger, "addPastWork", work).await, "FORBIDDEN");
        assert_eq!(app.refused(&stranger, "createProject", json!({ "organisationId": cast.business.id(), "project": content::project() })).await, "FORBIDDEN");
    }

    async fn past_works_are_of_those_who_work(app) {
        let cast = app.cast().await;
        assert_eq!(app.refused(&cast.municipality, "addPastWork", content::past_work(&cast.municipality.organisation)).await, "BAD_USER_INPUT organisationId");
        app.done(&cast.utility, "addPastWork", content::past_work(&cast.utility.organisation)).await;
        app.done(&cast.business, "addPastWork", content::past_work(&cast.business.organisation)).await;
    }

    async fn a_past_work_is_added_once_and_taken_back_by_those_who_added_it(app) {
        let cast = app.cast().await;
        let input = content::past_work(&cast.business.organisation);
        let work = app.done(&cast.business, "addPastWork", input.clone()).await;
        assert_eq!(app.refused(&cast.business, "addPastWork", input.clone()).await, "ALREADY_EXISTS title");
        for other in [json!({ "awardedOn": "2024-05-15" }), json!({ "awardedOn": null }), json!({ "cpv": null }), json!({ "title": "Інша" }), json!({ "buyerName": null }), json!({ "value": null })] {
            let other = with(input.clone(), other);
            app.done(&cast.business, "addPastWork", other.clone()).await;
            assert_eq!(app.refused(&cast.business, "addPastWork", other).await, "ALREADY_EXISTS title");
        }
        app.done(&cast.utility, "addPastWork", content::past_work(&cast.utility.organisation)).await;

        let remove = json!({ "id": work["id"] });
        assert_eq!(app.refused(&cast.utility, "removePastWork", remove.clone()).await, "FORBIDDEN");
        assert_eq!(app.refused(&cast.business, "removePastWork", with(remove.clone(), json!({ "expectedVersion": 2 }))).await, "STALE_VERSION expectedVersion");
        app.done(&cast.business, "removePastWork", remove.clone()).await;
        assert_eq!(app.refused(&cast.business, "removePastWork", remove).await, "NOT_FOUND id");
        app.settle().await;
        let told = app.data(None, "{ changes(types: [PAST_WORK_REMOVED]) { nodes { nodeId version removed } } }", json!({})).await;
        assert_eq!(told["changes"]["nodes"], json!([{ "nodeId": work["id"], "version": 2, "removed": true }]));
        app.done(&cast.business, "addPastWork", input).await;
    }

    async fn a_past_work_that_an_import_recorded_stays(app) {
        let cast = app.cast().await;
        let imported = app.imported(80, "ТОВ «З реєстру»").await;
        let claim = app.done(&cast.business, "claimOrganisation", content::claim(&imported)).await;
        app.confirms(&cast.association, &claim, "Наказ бачили").await;
        let works = app.data(None, "query($id: ID!) { organisation(id: $id) { pastWorks { nodes { id } } } }", json!({ "id": imported["id"] })).await;
        let work = &works["organisation"]["pastWorks"]["nodes"][0]["id"];
        assert_eq!(app.refused(&cast.business, "removePastWork", json!({ "id": work })).await, "INVALID_STATE id");
    }

    async fn who_registers_an_organisation_sees_how_to_reach_it_at_once(app) {
        let founder = app.confirmed("founder").await;
        let mut input = with(organisation("BUSINESS", 70, "ТОВ «Своє»"), json!({ "contactEmail": "office@svoje.example" }));
        let number = input["identifiers"][0].clone();
        input["identifiers"] = json!([{ "scheme": "PL-REGON", "id": "7" }, number, number]);
        let query = "mutation($input: RegisterOrganisationInput!) { registerOrganisation(input: $input) { organisation { contactEmail identifiers { scheme } } userErrors { code } } }";
        let data = app.data(founder.token(), query, json!({ "input": input })).await;
        let made = &data["registerOrganisation"]["organisation"];
        assert_eq!(made["contactEmail"], "office@svoje.example");
        assert_eq!(made["identifiers"].as_array().map(Vec::len), Some(2), "the same number twice is one: {data}");
    }

    async fn how_to_reach_an_organisation_is_for_its_members_and_those_who_watch(app) {
        let cast = app.cast().await;
        let input = with(step(&cast.business.organisation), json!({ "contactEmail": "office@aqua.example" }));
        app.done(&cast.business, "updateOrganisation", input).await;
        let seen = async |person: &Person| {
            let data = app.data(person.token(), "query($id: ID!) { organisation(id: $id) { contactEmail } }", json!({ "id": cast.business.id() })).await;
            data["organisation"]["contactEmail"].is_string()
        };
        assert!(seen(&cast.business).await && seen(&cast.association).await && seen(&cast.administrator).await);
        assert!(!seen(&Person::nobody()).await && !seen(&cast.municipality).await && !seen(&cast.donor).await);
    }

    async fn the_number_of_a_sole_trader_is_shown_masked_and_finds_nobody(app) {
        let cast = app.cast().await;
        let number = (0..10).map(|check| format!("325481231{check}")).find(|number| mistok::reference::codes::Rnokpp::parse(number).is_ok_and(|code| code.checksum_valid())).expect("one check digit is right");
        let trader = with(organisation("BUSINESS", 40, "ФОП Шевченко"), json!({ "identifiers": [{ "scheme": "UA-RNOKPP", "id": number }] }));
        let trader = app.founder("trader", trader).await;
        let query = "query($id: ID!, $number: String!) { organisation(id: $id) { identifiers { scheme id } } byNumber: organisation(identifier: { scheme: \"UA-RNOKPP\", id: $number }) { id } }";
        for person in [&Person::nobody(), &cast.municipality, &trader] {
            let data = app.data(person.token(), query, json!({ "id": trader.id(), "number": number })).await;
            let shown = data["organisation"]["identifiers"][0]["id"].as_str().expect("something is shown");
            assert!(!shown.contains(|letter: char| letter.is_ascii_digit()), "{shown}");
            assert_eq!(data["byNumber"], Value::Null);
        }
    }

    async fn a_project_tells_no_more_of_where_critical_infrastructure_is_than_its_need(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let need = with(content::need(), json!({ "critical": true, "territory": EXACT }));
        let need = app.done(owner, "createNeed", json!({ "organisationId": owner.id(), "need": need })).await;
        let need = app.done(owner, "submitNeed", step(&need)).await;
        let need = app.done(&cast.association, "verifyNeed", step(&need)).await;
        let project = json!({ "organisationId": owner.id(), "project": with(content::project(), json!({ "territory": EXACT })), "needIds": [need["id"]], "workPackages": [content::water_package()] });
        let project = app.done(owner, "createProject", project).await;
        let project = app.done(owner, "defineProject", step(&project)).await;
        let query = "query($id: ID!, $exact: KatottgCode!) { project(id: $id) { territory { code } } needs(filter: { territoryUnder: $exact }) { totalCount } projects(filter: { territoryUnder: $exact }) { totalCount } }";
        let data = app.data(None, query, json!({ "id": project["id"], "exact": EXACT })).await;
        assert_ne!(data["project"]["territory"]["code"], EXACT);
        assert_eq!((&data["needs"]["totalCount"], &data["projects"]["totalCount"]), (&json!(0), &json!(0)));
        let data = app.data(owner.token(), query, json!({ "id": project["id"], "exact": EXACT })).await;
        assert_eq!(data["project"]["territory"]["code"], EXACT, "its owner knows");
    }

    async fn a_cancelled_project_shows_neither_a_withdrawn_need_nor_where_a_critical_one_was(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let programme = app.done(&cast.donor, "createProgramme", json!({ "programme": { "name": { "en": "Recovery" }, "funderId": cast.donor.id() } })).await;
        let verified = async |content: Value| {
            let need = app.done(owner, "createNeed", json!({ "organisationId": owner.id(), "need": content })).await;
            let need = app.done(owner, "submitNeed", step(&need)).await;
            app.done(&cast.association, "verifyNeed", step(&need)).await
        };
        let critical = verified(with(content::need(), json!({ "critical": true, "territory": EXACT }))).await;
        let other = verified(content::need()).await;
        let content = with(content::project(), json!({ "territory": EXACT, "programmeId": programme["id"] }));
        let project = json!({ "organisationId": owner.id(), "project": content, "needIds": [critical["id"], other["id"]] });
        let project = app.done(owner, "createProject", project).await;
        app.done(owner, "cancelProject", because(&project, "Немає коштів")).await;
        app.idea(owner, &[&critical]).await;
        let query = "query($id: ID!, $exact: KatottgCode!) { project(id: $id) { territory { code } needs { id } } projects(filter: { territoryUnder: $exact }) { totalCount } }";
        let seen = async |person: &Person| app.data(person.token(), query, json!({ "id": project["id"], "exact": EXACT })).await;
        let donor = seen(&cast.donor).await;
        assert_eq!(donor["project"]["needs"], json!([{ "id": other["id"] }]), "verified again, so everybody sees it");
        let free = app.data(owner.token(), "query($id: ID!) { need(id: $id) { id version } }", json!({ "id": other["id"] })).await;
        app.done(owner, "withdrawNeed", because(&free["need"], "Вирішено інакше")).await;
        let donor = seen(&cast.donor).await;
        assert_eq!(donor["project"]["needs"], json!([]), "it is withdrawn");
        assert_ne!(donor["project"]["territory"]["code"], EXACT);
        assert_eq!(donor["projects"]["totalCount"], 0);
        let ours = seen(owner).await;
        assert_eq!(ours["project"], json!({ "territory": { "code": EXACT }, "needs": [{ "id": other["id"] }] }), "its owner sees both");
    }

    async fn the_exact_place_of_critical_infrastructure_is_its_owners(app) {
        let cast = app.cast().await;
        let need = with(content::need(), json!({ "critical": true, "territory": EXACT }));
        let need = app.done(&cast.utility, "createNeed", json!({ "organisationId": cast.utility.id(), "need": need })).await;
        let need = app.done(&cast.utility, "submitNeed", step(&need)).await;
        let need = app.done(&cast.association, "verifyNeed", step(&need)).await;
        let query = "query($id: ID!) { need(id: $id) { critical territory { code } } }";
        let data = app.data(None, query, json!({ "id": need["id"] })).await;
        assert_ne!(data["need"]["territory"]["code"], EXACT);
        let data = app.data(cast.utility.token(), query, json!({ "id": need["id"] })).await;
        assert_eq!(data["need"], json!({ "critical": true, "territory": { "code": EXACT } }), "its owner knows");
    }
}

/// The people of the columns.
async fn everybody(app: &TestApp, cast: &Cast) -> Vec<Person> {
    let mut people = vec![Person::nobody()];
    for (name, role) in [("viewer", Role::Viewer), ("editor", Role::Editor), ("signer", Role::Signer), ("owner", Role::Owner)] {
        let person = app.person(name).await;
        for house in [&cast.municipality, &cast.utility, &cast.business] {
            app.join(&person, &house.organisation, role).await;
        }
        people.push(person);
    }
    let elsewhere = with(organisation("MUNICIPALITY", 60, "Гощанська громада"), json!({ "territory": HOSHCHA }));
    let stranger = app.appointed(&cast.administrator, "stranger", elsewhere).await;
    app.done(&stranger, "registerOrganisation", organisation("BUSINESS", 61, "ТОВ «Чуже»")).await;
    let agency = app.appointed(&cast.administrator, "agency", organisation("IMPLEMENTING_AGENCY", story::AGENCY, "Програма розвитку")).await;
    let society = app.appointed(&cast.administrator, "society", organisation("CSO", 63, "ГО «Наглядова»")).await;
    people.extend([stranger, cast.association.clone(), cast.donor.clone(), agency, society, cast.administrator.clone()]);
    // Each stands here with a sign-in of their own, which they may end.
    let mut again = Vec::new();
    for person in people {
        again.push(if person.token().is_some() { app.again(&person).await } else { person });
    }
    again
}

struct Matrix<'a> {
    app: &'a TestApp,
    people: &'a [Person],
    wrong: Vec<String>,
    tried: BTreeSet<&'static str>,
}

impl Matrix<'_> {
    fn compare(&mut self, mutation: &str, column: &str, outcome: &str) {
        let place = COLUMNS.iter().position(|known| *known == column).expect("a column");
        let row = MUTATIONS.iter().find(|row| row.0 == mutation).unwrap_or_else(|| panic!("{mutation} has no row"));
        let expected = row.1.split(' ').nth(place).expect("a letter a column");
        if outcome != expected {
            self.wrong.push(format!("{mutation} for {column}: {outcome}, expected {expected}"));
        }
    }
}

impl Listener for Matrix<'_> {
    async fn step(&mut self, doer: &Person, mutation: &'static str, input: Value, spoil: Value) -> Value {
        let spoil = if spoil.is_null() { json!({ "expectedVersion": 999 }) } else { spoil };
        let spoiled = with(input.clone(), spoil);
        if self.tried.insert(mutation) {
            for (person, column) in self.people.iter().zip(COLUMNS) {
                if mutation == "signIn" {
                    // More wrong passwords in a row than the brake on guesses lets through.
                    self.app.clock.advance(TimeDelta::minutes(2));
                }
                let outcome = self.app.attempt(person, mutation, spoiled.clone()).await;
                self.compare(mutation, column, &letter(&outcome));
            }
        }
        self.app.done(doer, mutation, input).await
    }
}

/// The letter of an outcome; whoever gets as far as the content of a spoiled input may.
fn letter(outcome: &Result<Value, String>) -> String {
    let code = match outcome {
        Ok(_) => return "y".to_owned(),
        Err(refusal) => refusal.split(' ').next().unwrap_or_default(),
    };
    match code {
        "STALE_VERSION" | "BAD_USER_INPUT" | "OUT_OF_TIME" | "UNKNOWN_CODE" => "y".to_owned(),
        "FORBIDDEN" => "f".to_owned(),
        "NOT_FOUND" => "n".to_owned(),
        "UNAUTHENTICATED" => "u".to_owned(),
        "STEP_UP_REQUIRED" => "s".to_owned(),
        other => other.to_owned(),
    }
}

/// The ids of what the queries look for.
async fn objects(app: &TestApp, cast: &Cast) -> Value {
    let utility = &cast.utility;
    let imported = app.imported(80, "ТОВ «З реєстру»").await;
    let claim = app.done(&app.person("claimant").await, "claimOrganisation", content::claim(&imported)).await;
    let agency = app.found(story::AGENCY).await["id"].clone();
    let programme = json!({ "programme": { "name": { "en": "Recovery" }, "funderId": cast.donor.id(), "implementerId": agency } });
    let programme = app.done(&cast.donor, "createProgramme", programme).await;
    let need = app.done(utility, "createNeed", json!({ "organisationId": utility.id(), "need": content::need() })).await;
    let content = with(content::project(), json!({ "programmeId": programme["id"] }));
    let project = app.done(utility, "createProject", json!({ "organisationId": utility.id(), "project": content, "workPackages": [content::water_package()] })).await;
    let package = app.packages(utility, &project).await.remove(0);
    let call = app.drafted_call(utility, &project).await;
    let open = app.open_call(&cast.municipality).await;
    let interest = app.done(&cast.business, "expressInterest", json!({ "organisationId": cast.business.id(), "callId": open["id"], "offer": "Так" })).await;
    json!({
        "programme": programme["id"], "need": need["id"], "project": project["id"], "package": package["id"],
        "call": call["id"], "interest": interest["id"], "claim": claim["id"], "business": cast.business.id(),
    })
}

/// Whether a query of one root field finds what it looks for.
async fn finds(app: &TestApp, person: &Person, field: &str, objects: &Value) -> bool {
    let used: Vec<(&String, &Value)> = objects.as_object().expect("ids").iter().filter(|(name, _)| field.contains(&format!("${name}"))).collect();
    let declared: Vec<String> = used.iter().map(|(name, _)| format!("${name}: ID!")).collect();
    let query = if declared.is_empty() { format!("{{ it: {field} }}") } else { format!("query({}) {{ it: {field} }}", declared.join(", ")) };
    let variables: Value = used.into_iter().map(|(name, id)| (name.clone(), id.clone())).collect::<serde_json::Map<_, _>>().into();
    let data = app.data(person.token(), &query, variables).await;
    match &data["it"] {
        Value::Null => false,
        Value::Array(found) => found.iter().any(|one| !one.is_null()),
        found => found.get("nodes").is_none_or(|nodes| nodes.as_array().is_some_and(|nodes| !nodes.is_empty())),
    }
}
