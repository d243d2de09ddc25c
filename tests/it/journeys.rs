//! The thread as one story through the API: from a need, over a project and its call, to businesses that answer it.

use chrono::TimeDelta;
use entity::need;
use mistok::auth::Actor;
use mistok::ids::{NodeKind, decode, encode};
use mistok::needs;
use mistok::projects::rules::MOST_NEEDS;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, HOSHCHA, KHOTYN, because, organisation, step, with};
use crate::support::{Cast, Person, TestApp};

on_both! {
    async fn a_need_finds_its_businesses(app) {
        let cast = app.cast().await;
        prepare_business(app, &cast).await;
        let need = bring_need_to_priority(app, &cast).await;
        let project = bring_project_to_structure(app, &cast, &need).await;
        let call = publish_with_consent(app, &cast, &project).await;
        look_for_each_other(app, &cast, &project).await;
        answer_the_call(app, &cast, &call).await;
        let closed = close_in_time(app, &cast, &call).await;
        assert_eq!(closed["state"], "CLOSED");
    }

    async fn a_project_whose_need_was_not_verified_cannot_adopt_it(app) {
        let cast = app.cast().await;
        let need = app.done(&cast.municipality, "createNeed", json!({ "organisationId": cast.municipality.id(), "need": content::need() })).await;
        let input = json!({ "organisationId": cast.municipality.id(), "project": content::project(), "needIds": [need["id"]] });
        assert_eq!(app.refused(&cast.municipality, "createProject", input.clone()).await, "INVALID_STATE");
        let need = app.done(&cast.municipality, "submitNeed", step(&need)).await;
        app.done(&cast.association, "verifyNeed", step(&need)).await;
        app.done(&cast.municipality, "createProject", input.clone()).await;
        assert_eq!(app.refused(&cast.municipality, "createProject", input).await, "INVALID_STATE", "one project answers a need");
    }

    async fn a_municipality_that_nobody_checked_has_no_say_over_the_needs_of_others(app) {
        let cast = app.cast().await;
        let need = app.verified_need(&cast, &cast.utility).await;
        let impostor = app.founder("impostor", with(organisation("MUNICIPALITY", 66, "Хотинська громада (нова)"), json!({ "territory": KHOTYN }))).await;
        assert_eq!(app.refused(&impostor, "prioritiseNeed", step(&need)).await, "FORBIDDEN");
        let neighbour = app.appointed(&cast.administrator, "neighbour", with(organisation("MUNICIPALITY", 67, "Гощанська громада"), json!({ "territory": HOSHCHA }))).await;
        assert_eq!(app.refused(&neighbour, "prioritiseNeed", step(&need)).await, "FORBIDDEN");
        app.done(&cast.municipality, "prioritiseNeed", step(&need)).await;
    }

    async fn nobody_takes_the_need_of_another_organisation_into_a_project_of_their_own(app) {
        let cast = app.cast().await;
        let need = app.verified_need(&cast, &cast.utility).await;
        let stranger = app.founder("stranger", organisation("PUBLIC_BODY", 68, "Чужий орган")).await;
        let input = |owner: &Person| json!({ "organisationId": owner.id(), "project": content::project(), "needIds": [need["id"]] });
        assert_eq!(app.refused(&stranger, "createProject", input(&stranger)).await, "FORBIDDEN");
        let project = app.idea(&stranger, &[]).await;
        let add = json!({ "projectId": project["id"], "expectedVersion": project["version"], "needId": need["id"] });
        assert_eq!(app.refused(&stranger, "addNeedToProject", add).await, "FORBIDDEN");
        app.done(&cast.municipality, "createProject", input(&cast.municipality)).await;
    }

    async fn a_project_is_defined_only_with_a_work_package_and_goes_back_only_with_the_association(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let project = app.done(owner, "createProject", json!({ "organisationId": owner.id(), "project": content::project() })).await;
        assert_eq!(app.refused(owner, "defineProject", step(&project)).await, "INVALID_STATE");
        let project = app.done(owner, "addWorkPackage", json!({ "projectId": project["id"], "expectedVersion": project["version"], "workPackage": content::water_package() })).await;
        let project = app.done(owner, "defineProject", step(&project)).await;
        assert_eq!(project["state"], "DEFINED");
        let back = with(because(&project, "Уточніть межі робіт"), json!({ "to": "IDEA" }));
        assert_eq!(app.refused(owner, "moveProjectBack", back.clone()).await, "FORBIDDEN");
        let project = app.done(&cast.association, "moveProjectBack", back).await;
        assert_eq!((&project["state"], &project["stateComment"]), (&json!("IDEA"), &json!("Уточніть межі робіт")));
        let project = app.done(owner, "cancelProject", because(&project, "Немає коштів")).await;
        assert_eq!(app.refused(owner, "defineProject", step(&project)).await, "INVALID_STATE");
    }

    async fn what_is_read_of_a_work_package_and_of_a_profile_can_be_sent_back(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let described = json!({ "description": { "uk": "Замінити 3,4 км труб.", "en": "Replace 3.4 km of pipes." }, "contributions": ["IN_KIND", "EQUIPMENT"] });
        let package = with(content::water_package(), described);
        let project = app.done(owner, "createProject", json!({ "organisationId": owner.id(), "project": content::project(), "workPackages": [package] })).await;
        let id = app.packages(owner, &project).await[0]["id"].clone();
        let query = "query($id: ID!) { workPackage(id: $id) {
            titleTranslations { locale text } descriptionTranslations { locale text } cpv { code } category budget { amount currency } startsOn endsOn contributions
            requirements { kind code count amount { amount currency } must } version } }";
        let read = async || app.data(owner.token(), query, json!({ "id": id })).await["workPackage"].clone();
        let before = read().await;
        let sent = sent_back(&before);
        assert_eq!((&sent["description"]["en"], &sent["category"]), (&json!("Replace 3.4 km of pipes."), &json!("WORKS")));
        app.done(owner, "updateWorkPackage", json!({ "id": id, "expectedVersion": before["version"], "workPackage": sent })).await;
        assert_eq!(with(read().await, json!({ "version": before["version"] })), before);

        let business = &cast.business;
        let declared = with(content::capability(&business.organisation), json!({ "contributions": ["KNOW_HOW", "CASH"], "freeFrom": "2027-01-01" }));
        app.done(business, "declareCapability", declared).await;
        let query = "query($id: ID!) { organisation(id: $id) { version capability { cpv { code } excludedCpv { code } serviceArea { code } withNeighbours
            largestContract { amount currency } freeFrom freeTo staff languages contributions certificates { code name issuer validTo } } } }";
        let read = async || app.data(None, query, json!({ "id": business.id() })).await["organisation"].clone();
        let before = read().await;
        let again = with(sent_back(&before["capability"]), json!({ "organisationId": business.id(), "expectedVersion": before["version"] }));
        app.done(business, "declareCapability", again).await;
        assert_eq!(read().await["capability"], before["capability"]);

        let work = app.done(business, "addPastWork", content::past_work(&business.organisation)).await;
        assert_eq!(work["category"], "WORKS");
    }

    async fn a_project_with_an_open_call_stays_until_the_call_ends_and_then_frees_its_needs(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let need = app.verified_need(&cast, owner).await;
        let project = app.structured_project(owner, &[&need]).await;
        let call = app.drafted_call(owner, &project).await;
        app.done(owner, "publishCall", step(&call)).await;
        let version = json!({ "version": project["version"].as_i64().expect("a version") + 1 });
        let project = with(project, version);
        let back = with(because(&project, "Уточніть межі робіт"), json!({ "to": "STRUCTURED" }));
        assert_eq!(app.refused(owner, "cancelProject", because(&project, "Немає коштів")).await, "INVALID_STATE");
        assert_eq!(app.refused(&cast.association, "moveProjectBack", back.clone()).await, "INVALID_STATE");
        let open = app.data(None, "query($id: ID!) { call(id: $id) { id version } }", json!({ "id": call["id"] })).await;
        app.done(owner, "closeCall", step(&open["call"])).await;
        let project = app.done(&cast.association, "moveProjectBack", back).await;
        assert_eq!(project["state"], "STRUCTURED", "there is a way back once the call is over");
        app.done(owner, "cancelProject", because(&project, "Немає коштів")).await;
        let query = "query($id: ID!) { need(id: $id) { state stateComment project { id } } }";
        let free = app.data(owner.token(), query, json!({ "id": need["id"] })).await;
        assert_eq!(free["need"], json!({ "state": "VERIFIED", "stateComment": "Немає коштів", "project": { "id": project["id"] } }), "its owner sees what became of it");
        let next = app.idea(owner, &[&need]).await;
        let taken = app.data(owner.token(), query, json!({ "id": need["id"] })).await;
        assert_eq!(taken["need"], json!({ "state": "IN_PROJECT", "stateComment": null, "project": { "id": next["id"] } }));
    }

    async fn who_answered_a_call_sees_why_its_project_was_cancelled(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let call = app.open_call(owner).await;
        app.done(&cast.business, "expressInterest", offer(&cast.business, &call)).await;
        app.done(owner, "closeCall", step(&call)).await;
        let query = "query($id: ID!) { call(id: $id) { project { id version state stateComment workPackages { position } } } }";
        let project = async |who: &Person| app.data(who.token(), query, json!({ "id": call["id"] })).await["call"]["project"].clone();
        // Moved back to an idea it is its owner's alone.
        let found = project(owner).await;
        app.done(&cast.association, "moveProjectBack", with(because(&found, "Уточніть"), json!({ "to": "IDEA" }))).await;
        assert_eq!(project(&cast.business).await, Value::Null);
        app.done(owner, "cancelProject", because(&project(owner).await, "Немає коштів")).await;
        let seen = project(&cast.business).await;
        assert_eq!((&seen["state"], &seen["stateComment"], &seen["workPackages"]), (&json!("CANCELLED"), &json!("Немає коштів"), &json!([{ "position": 1 }, { "position": 2 }])));
        let other = app.founder("other", organisation("BUSINESS", 50, "ПП «Інше»")).await;
        assert_eq!((project(&other).await, project(&Person::nobody()).await), (Value::Null, Value::Null));
        app.settle().await;
        let query = "{ changes(types: [PROJECT_CANCELLED]) { nodes { nodeId removed } } }";
        let heard = app.data(cast.business.token(), query, json!({})).await;
        assert_eq!(heard["changes"]["nodes"], json!([{ "nodeId": seen["id"], "removed": false }]), "it hears of it");
        assert_eq!(app.data(other.token(), query, json!({})).await["changes"]["nodes"], json!([]));
    }

    async fn what_a_project_says_stays_while_a_municipality_is_asked_to_consent_to_a_call(app) {
        let cast = app.cast().await;
        let Cast { utility, municipality, .. } = &cast;
        let project = app.structured_project(utility, &[]).await;
        let call = app.drafted_call(utility, &project).await;
        let asked = app.done(utility, "requestCallConsent", step(&call)).await;
        let package = app.packages(utility, &project).await.remove(0);
        let change = with(step(&package), json!({ "workPackage": content::design_package() }));
        assert_eq!(app.refused(utility, "updateWorkPackage", change.clone()).await, "INVALID_STATE");
        assert_eq!(app.refused(utility, "updateProject", with(step(&project), json!({ "project": content::project() }))).await, "INVALID_STATE");
        let consented = app.done(municipality, "consentToCall", step(&asked)).await;
        assert_eq!(app.refused(utility, "updateWorkPackage", change.clone()).await, "INVALID_STATE", "nor once it has consented");
        app.done(utility, "withdrawCall", because(&consented, "Уточнюємо обсяг")).await;
        app.done(utility, "updateWorkPackage", change).await;
    }

    async fn a_project_answers_no_more_needs_than_it_may_be_set_up_with(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let one = app.verified_need(&cast, owner).await;
        let system = Actor::system();
        let writing = app.app.begin(&system).await.expect("begins");
        let row = needs::store::by_id(&*writing, &system, decode(one["id"].as_str().expect("an id")).expect("an id of ours").1).await.expect("reads").expect("is there");
        let mut alike = Vec::new();
        for number in 0..MOST_NEEDS {
            let id = writing.new_id();
            let row = need::ActiveModel { id: Set(id), reference: Set(format!("N-{number}")), ..row.clone().into() };
            row.insert(&*writing).await.expect("is written");
            alike.push(json!({ "id": encode(NodeKind::Need, id) }));
        }
        writing.commit().await.expect("commits");
        let project = app.idea(owner, &alike.iter().collect::<Vec<_>>()).await;
        let add = json!({ "projectId": project["id"], "expectedVersion": project["version"], "needId": one["id"] });
        assert_eq!(app.refused(owner, "addNeedToProject", add).await, "BAD_USER_INPUT needId");
    }

    async fn a_municipality_has_a_say_over_a_utility_that_names_it_once_that_was_checked(app) {
        let cast = app.cast().await;
        let Cast { association, municipality, utility, .. } = &cast;
        let owned = json!({ "territory": KHOTYN, "ownerMunicipalityId": municipality.id() });
        let claimant = app.founder("claimant", with(organisation("UTILITY", 71, "КП «Самозване»"), owned)).await;
        let sees = async |call: &Value| app.data(municipality.token(), "query($id: ID!) { call(id: $id) { id } }", json!({ "id": call["id"] })).await["call"].is_object();
        let call = app.drafted_call(&claimant, &app.idea(&claimant, &[]).await).await;
        assert!(!sees(&call).await, "it has only said so");
        app.done(association, "verifyOrganisation", step(&claimant.organisation)).await;
        assert!(sees(&call).await);

        let need = app.verified_need(&cast, utility).await;
        let renamed = app.done(utility, "updateOrganisation", with(step(&utility.organisation), json!({ "name": { "uk": "КП «Інша назва»" } }))).await;
        assert_eq!(renamed["verification"], "PENDING");
        let adopt = json!({ "organisationId": municipality.id(), "project": content::project(), "needIds": [need["id"]] });
        assert_eq!(app.refused(municipality, "createProject", adopt.clone()).await, "FORBIDDEN");
        app.done(association, "verifyOrganisation", step(&renamed)).await;
        app.done(municipality, "createProject", adopt).await;
    }

    async fn what_was_not_checked_prepares_and_sends_nothing_out(app) {
        let cast = app.cast().await;
        let call = app.open_call(&cast.municipality).await;
        let town = app.founder("town", with(organisation("MUNICIPALITY", 69, "Гощанська громада"), json!({ "territory": HOSHCHA }))).await;
        let need = with(content::need(), json!({ "territory": HOSHCHA }));
        let need = app.done(&town, "createNeed", json!({ "organisationId": town.id(), "need": need })).await;
        assert_eq!(app.refused(&town, "submitNeed", step(&need)).await, "NOT_VERIFIED");
        let project = app.idea(&town, &[]).await;
        assert_eq!(app.refused(&town, "defineProject", step(&project)).await, "NOT_VERIFIED", "it would be public");
        let draft = app.drafted_call(&town, &project).await;
        assert_eq!(app.refused(&town, "publishCall", step(&draft)).await, "NOT_VERIFIED");
        assert_eq!(app.refused(&cast.association, "defineProject", step(&project)).await, "FORBIDDEN", "the town did not let it");
        let utility = with(organisation("UTILITY", 71, "КП «Нове»"), json!({ "ownerMunicipalityId": cast.municipality.id() }));
        let utility = app.founder("waterworks", utility).await;
        let idea = app.idea(&utility, &[]).await;
        let of_utility = app.drafted_call(&utility, &idea).await;
        assert_eq!(app.refused(&utility, "requestCallConsent", step(&of_utility)).await, "NOT_VERIFIED", "the municipality would not hear of it");
        app.done(&cast.association, "verifyOrganisation", step(&utility.organisation)).await;
        app.done(&utility, "requestCallConsent", step(&of_utility)).await;
        let firm = app.founder("firm", organisation("BUSINESS", 70, "ПП «Нове»")).await;
        assert_eq!(app.refused(&firm, "expressInterest", offer(&firm, &call)).await, "NOT_VERIFIED");
        let interest = app.done(&firm, "draftInterest", offer(&firm, &call)).await;
        assert_eq!(app.refused(&firm, "submitInterest", step(&interest)).await, "NOT_VERIFIED");
        app.done(&cast.association, "verifyOrganisation", step(&firm.organisation)).await;
        app.done(&firm, "submitInterest", step(&interest)).await;
    }

    async fn what_was_checked_is_checked_anew_when_its_name_changes_but_not_when_it_first_gets_one(app) {
        let cast = app.cast().await;
        let call = app.open_call(&cast.municipality).await;
        let imported = app.imported(80, "").await;
        let mut owner = app.person("director").await;
        app.confirm(&owner).await;
        let claim = app.done(&owner, "claimOrganisation", content::claim(&imported)).await;
        app.confirms(&cast.association, &claim, "Наказ бачили").await;
        owner.organisation = with(imported, json!({ "version": 2 }));
        let named = |name: &str| json!({ "name": { "uk": name } });
        owner.organisation = app.done(&owner, "updateOrganisation", with(step(&owner.organisation), named("ТОВ «З реєстру»"))).await;
        assert_eq!(owner.organisation["verification"], "VERIFIED", "its number was checked, and it had no name");
        let interest = app.done(&owner, "expressInterest", offer(&owner, &call)).await;
        app.done(&owner, "withdrawInterest", step(&interest)).await;

        let said = async |expected: &str| {
            let document = &app.operations.mutation("expressInterest").document;
            let answer = app.ask(owner.token(), document, json!({ "input": offer(&owner, &call) })).await;
            let refusal = &answer["data"]["expressInterest"]["userErrors"][0];
            assert_eq!(refusal["code"], "NOT_VERIFIED");
            assert!(refusal["message"].as_str().is_some_and(|message| message.contains(expected)), "{refusal}");
        };
        let renamed = app.done(&owner, "updateOrganisation", with(step(&owner.organisation), named("ТОВ «Інше»"))).await;
        assert_eq!(renamed["verification"], "PENDING");
        said("awaits its verification").await;
        app.done(&cast.association, "verifyOrganisation", with(step(&renamed), json!({ "verified": false }))).await;
        said("has refused").await;
    }

    async fn a_business_that_the_association_refused_is_no_match(app) {
        let cast = app.cast().await;
        let call = app.open_call(&cast.municipality).await;
        let firm = app.founder("firm", organisation("BUSINESS", 70, "ПП «Нове»")).await;
        app.done(&firm, "declareCapability", content::capability(&firm.organisation)).await;
        let query = "query($id: ID!) { call(id: $id) { workPackages { matches(first: 10) { nodes { business { id } } } } } }";
        let among = async || {
            app.settle().await;
            let found = app.data(firm.token(), query, json!({ "id": call["id"] })).await;
            found["call"]["workPackages"].as_array().expect("packages").iter().any(|package| package["matches"]["nodes"].as_array().expect("matches").iter().any(|node| node["business"]["id"] == *firm.id()))
        };
        assert!(among().await);
        let read = app.data(firm.token(), "query($id: ID!) { organisation(id: $id) { id version } }", json!({ "id": firm.id() })).await;
        let refused = app.done(&cast.association, "verifyOrganisation", with(step(&read["organisation"]), json!({ "verified": false }))).await;
        assert_eq!(refused["verification"], "REJECTED");
        assert!(!among().await);
        app.done(&cast.association, "verifyOrganisation", step(&refused)).await;
        assert!(among().await);
    }

    async fn a_declined_business_may_answer_again_and_sees_why_it_was_declined(app) {
        let cast = app.cast().await;
        let call = app.open_call(&cast.municipality).await;
        let offer = offer(&cast.business, &call);
        let interest = app.done(&cast.business, "expressInterest", offer.clone()).await;
        assert_eq!(app.refused(&cast.municipality, "declineInterest", because(&interest, " ")).await, "BAD_USER_INPUT reason");
        let declined = app.done(&cast.municipality, "declineInterest", because(&interest, "Немає ліцензії")).await;
        assert_eq!((&declined["state"], &declined["stateComment"]), (&json!("DECLINED"), &json!("Немає ліцензії")));
        app.done(&cast.business, "expressInterest", offer).await;
    }

    async fn what_cannot_be_handed_in_says_what_can_be_done(app) {
        let cast = app.cast().await;
        let call = app.open_call(&cast.municipality).await;
        let draft = app.done(&cast.business, "draftInterest", offer(&cast.business, &call)).await;
        let document = &app.operations.mutation("expressInterest").document;
        let answer = app.ask(cast.business.token(), document, json!({ "input": offer(&cast.business, &call) })).await;
        let remedy = answer["data"]["expressInterest"]["userErrors"][0]["remedy"].as_str().unwrap_or_default().to_owned();
        assert!(["updateInterest", "submitInterest", "withdrawInterest"].iter().all(|step| remedy.contains(step)), "{remedy}");
        app.pass(TimeDelta::days(11)).await;
        let business = app.again(&cast.business).await;
        assert_eq!(app.refused(&business, "submitInterest", step(&draft)).await, "OUT_OF_TIME id");

        let unknown = with(organisation("BUSINESS", 50, "ПП «Чиєсь»"), json!({ "ownerEmail": "nobody@mistok.example" }));
        let administrator = app.again(&cast.administrator).await;
        let answer = app.ask(administrator.token(), &app.operations.mutation("registerOrganisation").document, json!({ "input": unknown })).await;
        let refusal = &answer["data"]["registerOrganisation"]["userErrors"][0];
        assert_eq!((&refusal["code"], &refusal["field"]), (&json!("NOT_FOUND"), &json!(["ownerEmail"])));
        assert!(refusal["remedy"].as_str().is_some_and(|remedy| remedy.contains("signUp") && remedy.contains("confirm")), "{refusal}");
    }

    async fn what_a_business_takes_back_counts_in_no_match(app) {
        let cast = app.cast().await;
        let work = app.done(&cast.business, "addPastWork", content::past_work(&cast.business.organisation)).await;
        app.settle().await;
        let project = app.structured_project(&cast.municipality, &[]).await;
        let query = "query($id: ID!) { project(id: $id) { workPackages(first: 1) { matches(first: 5) { nodes { criteria { evidence { pastWork { id } } } } } } } }";
        let counts = async || app.data(cast.municipality.token(), query, json!({ "id": project["id"] })).await.to_string().contains(&work["id"].to_string());
        assert!(counts().await);
        app.done(&cast.business, "removePastWork", json!({ "id": work["id"] })).await;
        app.settle().await;
        assert!(!counts().await);
    }

    async fn a_withdrawn_call_takes_no_more_interests_and_does_not_close_later(app) {
        let cast = app.cast().await;
        let call = app.open_call(&cast.municipality).await;
        let interest = app.done(&cast.business, "expressInterest", offer(&cast.business, &call)).await;
        let withdrawn = app.done(&cast.municipality, "withdrawCall", because(&call, "Змінився проєкт")).await;
        let other = app.checked(&cast.association, "other", organisation("BUSINESS", 50, "ПП «Інше»")).await;
        assert_eq!(app.refused(&other, "expressInterest", offer(&other, &call)).await, "NOT_FOUND callId", "it is public no more");
        let query = "query($id: ID!) { interest(id: $id) { call { state stateComment } } }";
        let seen = app.data(cast.business.token(), query, json!({ "id": interest["id"] })).await;
        assert_eq!(seen["interest"]["call"], json!({ "state": "WITHDRAWN", "stateComment": "Змінився проєкт" }), "who answered it sees what became of it");
        app.pass(TimeDelta::days(11)).await;
        let municipality = app.again(&cast.municipality).await;
        let now = app.data(municipality.token(), "query($id: ID!) { call(id: $id) { state version } }", json!({ "id": call["id"] })).await;
        assert_eq!(now["call"], json!({ "state": "WITHDRAWN", "version": withdrawn["version"] }));
    }
}

/// The business says what it can do and what it has done; one without a licence stands beside it.
async fn prepare_business(app: &TestApp, cast: &Cast) {
    let declared = app.done(&cast.business, "declareCapability", content::capability(&cast.business.organisation)).await;
    app.done(&cast.business, "addPastWork", content::past_work(&declared)).await;
    app.settle().await;
}

async fn bring_need_to_priority(app: &TestApp, cast: &Cast) -> Value {
    let Cast { association, municipality, utility, business, .. } = cast;
    let draft = json!({ "organisationId": utility.id(), "need": content::need() });
    assert_eq!(app.refused(business, "createNeed", json!({ "organisationId": business.id(), "need": content::need() })).await, "FORBIDDEN");
    let drafted = app.done(utility, "createNeed", draft).await;
    assert_eq!(drafted["state"], "DRAFT");
    assert_eq!(app.refused(association, "verifyNeed", step(&drafted)).await, "INVALID_STATE", "a state cannot be skipped");
    assert_eq!(app.refused(business, "submitNeed", step(&drafted)).await, "NOT_FOUND id", "nobody else sees a draft");

    let submitted = app.done(utility, "submitNeed", step(&drafted)).await;
    assert_eq!(app.refused(utility, "verifyNeed", step(&submitted)).await, "FORBIDDEN");
    let returned = app.done(association, "returnNeed", because(&submitted, "Додайте кількість мешканців")).await;
    assert_eq!((&returned["state"], &returned["stateComment"]), (&json!("RETURNED"), &json!("Додайте кількість мешканців")));

    let fuller = with(content::need(), json!({ "peopleAffected": 8700 }));
    let stale = json!({ "id": returned["id"], "expectedVersion": submitted["version"], "need": fuller });
    assert_eq!(app.refused(utility, "updateNeed", stale).await, "STALE_VERSION expectedVersion");
    let edited = app.done(utility, "updateNeed", json!({ "id": returned["id"], "expectedVersion": returned["version"], "need": fuller })).await;
    assert_eq!(edited["peopleAffected"], 8700);
    let submitted = app.done(utility, "submitNeed", step(&edited)).await;
    let verified = app.done(association, "verifyNeed", step(&submitted)).await;
    let seen = app.data(None, "query($id: ID!) { need(id: $id) { state } }", json!({ "id": verified["id"] })).await;
    assert_eq!(seen["need"]["state"], "VERIFIED", "everybody sees it from here");
    assert_eq!(app.refused(utility, "prioritiseNeed", step(&verified)).await, "FORBIDDEN");
    app.done(municipality, "prioritiseNeed", step(&verified)).await
}

async fn bring_project_to_structure(app: &TestApp, cast: &Cast, need: &Value) -> Value {
    let utility = &cast.utility;
    let project = app.idea(utility, &[need]).await;
    let adopted = app.data(None, "query($id: ID!) { need(id: $id) { state } }", json!({ "id": need["id"] })).await;
    assert_eq!(adopted["need"]["state"], "IN_PROJECT");
    let hidden = app.data(cast.business.token(), "query($id: ID!) { project(id: $id) { id } }", json!({ "id": project["id"] })).await;
    assert_eq!(hidden["project"], Value::Null, "an idea is its owner's");
    assert_eq!(app.refused(utility, "structureProject", step(&project)).await, "INVALID_STATE");
    let defined = app.done(utility, "defineProject", step(&project)).await;
    assert_eq!(app.refused(utility, "appraiseProject", step(&project)).await, "STALE_VERSION expectedVersion");
    let appraised = app.done(utility, "appraiseProject", step(&defined)).await;
    app.done(utility, "structureProject", step(&appraised)).await
}

async fn publish_with_consent(app: &TestApp, cast: &Cast, project: &Value) -> Value {
    let Cast { municipality, utility, business, .. } = cast;
    let draft = app.drafted_call(utility, project).await;
    assert_eq!(app.refused(business, "publishCall", step(&draft)).await, "NOT_FOUND id");
    assert_eq!(app.refused(utility, "publishCall", step(&draft)).await, "INVALID_STATE", "a utility needs consent");
    let asked = app.done(utility, "requestCallConsent", step(&draft)).await;
    assert_eq!(app.refused(utility, "consentToCall", step(&asked)).await, "FORBIDDEN");
    let consented = app.done(municipality, "consentToCall", step(&asked)).await;
    let published = app.done(utility, "publishCall", step(&consented)).await;
    assert_eq!(published["state"], "PUBLISHED");
    let seen = app.data(None, "query($id: ID!) { project(id: $id) { state calls { id } } }", json!({ "id": project["id"] })).await;
    assert_eq!(seen["project"], json!({ "state": "PARTNERING", "calls": [{ "id": published["id"] }] }));
    published
}

/// The work package finds the business, and the business the work package, for the same reasons.
async fn look_for_each_other(app: &TestApp, cast: &Cast, project: &Value) {
    let query = "query($id: ID!) { project(id: $id) { workPackages(first: 5) { id matches(first: 5) { nodes { business { id } total confidence gates { kind outcome } criteria { kind points reason evidence { pastWork { title } } } } } } } }";
    let found = app.data(None, query, json!({ "id": project["id"] })).await;
    let water = &found["project"]["workPackages"][0];
    let best = &water["matches"]["nodes"][0];
    assert_eq!(best["business"]["id"], *cast.business.id());
    assert!(best["gates"].as_array().is_some_and(|gates| gates.contains(&json!({ "kind": "CERTIFICATE", "outcome": "PASSED" }))), "{best:#}");
    let criteria = best["criteria"].as_array().expect("criteria");
    let points: f64 = criteria.iter().filter_map(|criterion| criterion["points"].as_f64()).sum();
    assert!((points - best["total"].as_f64().expect("a total")).abs() < 1e-6, "the total is the sum of its reasons: {best:#}");
    assert!(criteria.iter().all(|criterion| criterion["reason"].as_str().is_some_and(|reason| !reason.is_empty())));

    let query = "query($id: ID!) { organisation(id: $id) { matches(first: 5) { nodes { total workPackage { id } } } } }";
    let suits = app.data(cast.business.token(), query, json!({ "id": cast.business.id() })).await;
    let nodes = suits["organisation"]["matches"]["nodes"].as_array().expect("matches");
    let same = nodes.iter().find(|node| node["workPackage"]["id"] == water["id"]).expect("the work package is among them");
    assert_eq!(same["total"], best["total"]);

    let newcomer = app.done(&cast.business, "registerOrganisation", organisation("BUSINESS", 91, "ТОВ «Щойно»")).await;
    let query = "query($id: ID!, $package: ID!) { whyNot(organisation: $id, workPackage: $package) { passes match { confidence unknowns { turn reason cure } } }
        organisation(id: $id) { matches(first: 5) { excluded nodes { workPackage { id } } } } }";
    let found = app.data(cast.business.token(), query, json!({ "id": newcomer["id"], "package": water["id"] })).await;
    assert!(found["whyNot"]["match"]["unknowns"].as_array().is_some_and(|unknowns| !unknowns.is_empty()), "whoever registered a moment ago is answered: {found:#}");
    assert_eq!(found["organisation"]["matches"]["excluded"].as_u64().map(|excluded| excluded > 0), found["whyNot"]["passes"].as_bool().map(|passes| !passes), "{found:#}");
}

async fn answer_the_call(app: &TestApp, cast: &Cast, call: &Value) {
    let Cast { association, utility, business, .. } = cast;
    let offer = offer(business, call);
    assert_eq!(app.refused(utility, "expressInterest", with(offer.clone(), json!({ "organisationId": utility.id() }))).await, "FORBIDDEN", "a utility is no business");
    let interest = app.done(business, "expressInterest", offer.clone()).await;
    assert_eq!(interest["state"], "SUBMITTED");
    assert_eq!(app.refused(business, "expressInterest", offer.clone()).await, "ALREADY_EXISTS callId", "one live interest a call");
    assert_eq!(app.refused(business, "acknowledgeInterest", step(&interest)).await, "FORBIDDEN");
    let taken = app.done(utility, "acknowledgeInterest", step(&interest)).await;
    assert_eq!(taken["state"], "ACKNOWLEDGED");
    assert_eq!(app.refused(utility, "acknowledgeInterest", step(&interest)).await, "STALE_VERSION expectedVersion");
    assert_eq!(app.refused(utility, "acknowledgeInterest", step(&taken)).await, "INVALID_STATE");

    let other = app.checked(association, "other", organisation("BUSINESS", 50, "ПП «Інше»")).await;
    let interest = app.done(&other, "expressInterest", self::offer(&other, call)).await;
    let declined = app.done(utility, "declineInterest", because(&interest, "Немає досвіду")).await;
    assert_eq!(declined["state"], "DECLINED");

    let third = app.checked(association, "third", organisation("BUSINESS", 51, "ПП «Третє»")).await;
    let interest = app.done(&third, "draftInterest", self::offer(&third, call)).await;
    let unseen = app.data(utility.token(), "query($id: ID!) { interest(id: $id) { id } }", json!({ "id": interest["id"] })).await;
    assert_eq!(unseen["interest"], Value::Null, "the caller sees what was handed in");
    let interest = app.done(&third, "submitInterest", step(&interest)).await;
    let withdrawn = app.done(&third, "withdrawInterest", step(&interest)).await;
    assert_eq!(withdrawn["state"], "WITHDRAWN");
}

/// The call closes by itself when its time comes, and takes no interest from that moment on.
async fn close_in_time(app: &TestApp, cast: &Cast, call: &Value) -> Value {
    let late = app.checked(&cast.association, "late", organisation("BUSINESS", 52, "ПП «Запізніле»")).await;
    app.pass(TimeDelta::days(10) - TimeDelta::seconds(1)).await;
    let query = "query($id: ID!) { call(id: $id) { state closedAt: closesAt } }";
    let before = app.data(None, query, json!({ "id": call["id"] })).await;
    assert_eq!(before["call"]["state"], "PUBLISHED");
    app.clock.advance(TimeDelta::seconds(1));
    let late = app.again(&late).await;
    assert_eq!(app.refused(&late, "expressInterest", offer(&late, call)).await, "OUT_OF_TIME callId", "its end has come, whether the job ran or not");
    app.settle().await;
    let utility = app.again(&cast.utility).await;
    assert_eq!(app.refused(&utility, "withdrawCall", because(call, "Запізно")).await, "STALE_VERSION expectedVersion");
    app.data(None, query, json!({ "id": call["id"] })).await["call"].clone()
}

fn offer(business: &Person, call: &Value) -> Value {
    json!({ "organisationId": business.id(), "callId": call["id"], "offer": "Замінимо трубопровід за три місяці." })
}

/// What a frontend sends back of what it read: texts by language, codes, and no version.
fn sent_back(read: &Value) -> Value {
    let code = |unit: &Value| unit.as_object().is_some_and(|unit| unit.len() == 1).then(|| unit["code"].clone());
    let field = |(name, value): (&String, &Value)| match name.strip_suffix("Translations") {
        Some(text) => {
            let texts = value.as_array().into_iter().flatten().map(|text| (text["locale"].as_str().unwrap_or_default().to_lowercase(), text["text"].clone()));
            (text.to_owned(), Value::Object(texts.collect()))
        }
        None => (name.clone(), value.as_array().map_or_else(|| value.clone(), |list| list.iter().map(|unit| code(unit).unwrap_or_else(|| unit.clone())).collect())),
    };
    Value::Object(read.as_object().into_iter().flatten().filter(|(name, _)| *name != "version").map(field).collect())
}
