//! The journal tells every change once, in order, and to nobody who may not learn of it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use mistok::auth::Actor;
use mistok::events::{Audience, Event, EventKind, sequencer};
use mistok::ids::{NodeKind, decode};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::on_both;
use crate::support::content::{self, because, organisation, step, with};
use crate::support::story::{self, Listener};
use crate::support::{Cast, Kind, Person, TestApp};

/// The tables whose rows have a version, and their names in the journal.
const VERSIONED: [(&str, &str); 15] = [
    ("account", "ACCOUNT"),
    ("api_token", "API_TOKEN"),
    ("membership", "MEMBERSHIP"),
    ("invitation", "INVITATION"),
    ("organisation", "ORGANISATION"),
    ("claim", "CLAIM"),
    ("attachment", "ATTACHMENT"),
    ("verification_request", "VERIFICATION_REQUEST"),
    ("delegation", "DELEGATION"),
    ("programme", "PROGRAMME"),
    ("need", "NEED"),
    ("project", "PROJECT"),
    ("work_package", "WORK_PACKAGE"),
    ("call", "CALL"),
    ("interest", "INTEREST"),
];

/// What changes no row that has a version: it ends sign-ins, sends a letter, or shows a secret.
const UNVERSIONED: [&str; 4] = ["signOut", "signOutEverywhere", "requestEmailConfirmation", "prepareSecondFactor"];

on_both! {
    async fn every_mutation_writes_one_event_for_each_entity_whose_version_it_changed(app) {
        let cast = app.cast().await;
        app.imported_for_the_story().await;
        let mut ledger = Ledger { app, rows: versions(app).await, events: events(app).await.len(), told: BTreeSet::from(UNVERSIONED) };
        story::tell(app, &cast, &mut ledger).await;
        assert_eq!(ledger.told, app.operations.mutations().collect(), "the story does every mutation");
    }

    async fn a_refused_mutation_writes_nothing(app) {
        let cast = app.cast().await;
        let draft = app.done(&cast.utility, "createNeed", json!({ "organisationId": cast.utility.id(), "need": content::need() })).await;
        let (rows, told) = (versions(app).await, events(app).await.len());
        app.refused(&cast.utility, "verifyNeed", step(&draft)).await;
        app.refused(&cast.utility, "createProject", json!({ "organisationId": cast.utility.id(), "project": content::project(), "needIds": [draft["id"]], "workPackages": [content::water_package()] })).await;
        assert_eq!((versions(app).await, events(app).await.len()), (rows, told));
    }

    async fn a_call_that_closes_itself_is_told_too(app) {
        let cast = app.cast().await;
        let call = app.open_call(&cast.municipality).await;
        app.pass(chrono::TimeDelta::days(10)).await;
        let page = app.data(None, "{ changes(types: [CALL_CLOSED]) { nodes { version node { id ... on Call { state version } } } } }", json!({})).await;
        let version = call["version"].as_i64().map(|version| version + 1);
        assert_eq!(page["changes"]["nodes"], json!([{ "version": version, "node": { "id": call["id"], "state": "CLOSED", "version": version } }]));
    }

    async fn changes_come_in_pages_that_skip_nothing_and_repeat_nothing(app) {
        let cast = app.cast().await;
        app.verified_need(&cast, &cast.utility).await;
        app.settle().await;
        let whole = pages(app, &cast.association, 100).await;
        assert!(whole.len() > 10, "{whole:?}");
        for size in [1, 3] {
            assert_eq!(pages(app, &cast.association, size).await, whole, "in pages of {size}");
        }
    }

    async fn reading_on_from_the_last_cursor_finds_what_came_since(app) {
        let cast = app.cast().await;
        app.settle().await;
        let end = app.data(None, "{ changes(first: 100) { endCursor hasMore } }", json!({})).await["changes"].clone();
        assert_eq!(end["hasMore"], false);
        let query = "query($after: String!) { changes(after: $after) { nodes { type } endCursor } }";
        let nothing = app.data(None, query, json!({ "after": end["endCursor"] })).await;
        assert_eq!(nothing["changes"], json!({ "nodes": [], "endCursor": end["endCursor"] }));
        app.verified_need(&cast, &cast.municipality).await;
        app.settle().await;
        let news = app.data(None, query, json!({ "after": end["endCursor"] })).await;
        assert_eq!(news["changes"]["nodes"], json!([{ "type": "NEED_VERIFIED" }]), "the public learns of a need when it is verified");
    }

    async fn what_the_caller_may_no_longer_see_is_told_as_removed(app) {
        let cast = app.cast().await;
        let need = app.verified_need(&cast, &cast.municipality).await;
        app.done(&cast.municipality, "withdrawNeed", because(&need, "Вирішено інакше")).await;
        app.settle().await;
        let query = "{ changes(types: [NEED_VERIFIED, NEED_WITHDRAWN]) { nodes { type nodeId removed node { id } } } }";
        let public = app.data(None, query, json!({})).await;
        let id = &need["id"];
        assert_eq!(public["changes"]["nodes"], json!([
            { "type": "NEED_VERIFIED", "nodeId": id, "removed": true, "node": null },
            { "type": "NEED_WITHDRAWN", "nodeId": id, "removed": true, "node": null },
        ]));
        let owner = app.data(cast.municipality.token(), query, json!({})).await;
        assert_eq!(owner["changes"]["nodes"][1], json!({ "type": "NEED_WITHDRAWN", "nodeId": id, "removed": false, "node": { "id": id } }));
    }

    async fn whoever_sees_a_project_of_a_programme_hears_of_it(app) {
        let cast = app.cast().await;
        let Cast { donor, utility, .. } = &cast;
        let agency = app.appointed(&cast.administrator, "agency", organisation("IMPLEMENTING_AGENCY", 72, "Виконавець")).await;
        let programme = json!({ "programme": { "name": { "en": "Recovery" }, "funderId": donor.id(), "implementerId": agency.id() } });
        let programme = app.done(donor, "createProgramme", programme).await;
        let input = |content: Value| json!({ "organisationId": utility.id(), "project": content, "workPackages": [content::water_package()] });
        let idea = app.done(utility, "createProject", input(with(content::project(), json!({ "programmeId": programme["id"] })))).await;
        let package = app.packages(utility, &idea).await.remove(0);
        app.done(utility, "createProject", input(content::project())).await;
        app.done(utility, "cancelProject", because(&idea, "Немає коштів")).await;
        app.settle().await;
        let query = "{ changes(types: [PROJECT_CREATED, WORK_PACKAGE_ADDED, PROJECT_CANCELLED]) { nodes { type nodeId removed } } }";
        let told = |kind: &str, entity: &Value| json!({ "type": kind, "nodeId": entity["id"], "removed": false });
        for person in [donor, &agency] {
            let heard = app.data(person.token(), query, json!({})).await;
            assert_eq!(heard["changes"]["nodes"], json!([told("PROJECT_CREATED", &idea), told("WORK_PACKAGE_ADDED", &package), told("PROJECT_CANCELLED", &idea)]));
        }
        for person in [&Person::nobody(), &cast.business, &cast.municipality] {
            assert_eq!(app.data(person.token(), query, json!({})).await["changes"]["nodes"], json!([]));
        }
    }

    async fn a_utilitys_municipality_hears_that_its_consent_is_asked(app) {
        let cast = app.cast().await;
        let project = app.structured_project(&cast.utility, &[]).await;
        let call = app.drafted_call(&cast.utility, &project).await;
        app.done(&cast.utility, "requestCallConsent", step(&call)).await;
        app.settle().await;
        let query = "{ changes(types: [CALL_CONSENT_REQUESTED]) { nodes { nodeId node { id } } } }";
        let heard = app.data(cast.municipality.token(), query, json!({})).await;
        assert_eq!(heard["changes"]["nodes"], json!([{ "nodeId": call["id"], "node": { "id": call["id"] } }]));
        let others = app.data(cast.business.token(), query, json!({})).await;
        assert_eq!(others["changes"]["nodes"], json!([]));
    }

    async fn the_place_in_the_journal_is_gapless_whoever_writes_at_once(app) {
        let cast = app.cast().await;
        let write = async |number: u32| {
            let input = organisation("BUSINESS", 200 + number, &format!("ТОВ «Одночасне {number}»"));
            let done = app.done(&cast.business, "registerOrganisation", input).await;
            sequencer::run_once(&app.app).await.expect("sequences");
            done["id"].as_str().expect("an id").to_owned()
        };
        let made: BTreeSet<String> = join_all((0..24).map(write)).await.into_iter().collect();
        assert_eq!(made.len(), 24);
        app.settle().await;
        let places: Vec<i64> = app.rows("SELECT seq FROM event ORDER BY seq", |row| row.try_get("", "seq").expect("every event has its place")).await;
        assert_eq!(places, (1..=i64::try_from(places.len()).expect("few")).collect::<Vec<_>>());
    }

    async fn the_events_of_one_use_case_keep_the_order_in_which_they_were_written(app) {
        let cast = app.cast().await;
        let need = app.verified_need(&cast, &cast.municipality).await;
        app.idea(&cast.municipality, &[&need]).await;
        app.settle().await;
        assert_eq!(newest(app, 4).await, ["WORK_PACKAGE_ADDED", "WORK_PACKAGE_ADDED", "PROJECT_CREATED", "NEED_ADOPTED"], "newest first");
    }

    async fn the_events_of_one_entity_keep_the_order_of_its_versions(app) {
        let cast = app.cast().await;
        app.imported_for_the_story().await;
        let mut ledger = Ledger { app, rows: versions(app).await, events: events(app).await.len(), told: BTreeSet::new() };
        story::tell(app, &cast, &mut ledger).await;
        app.settle().await;
        let mut last: BTreeMap<Uuid, i32> = BTreeMap::new();
        let order = "SELECT entity_id, entity_version FROM event ORDER BY seq";
        for (entity, version) in app.rows(order, |row| (row.try_get::<Uuid>("", "entity_id").expect("an id"), row.try_get::<i32>("", "entity_version").expect("a version"))).await {
            let before = last.insert(entity, version).unwrap_or_default();
            assert!(version > before, "version {version} of {entity} comes after {before}");
        }
    }
}

/// A transaction that began before another and ends after it writes a later version under an older number of its own.
#[tokio::test]
async fn versions_keep_their_order_however_their_transactions_overlap() {
    let app = TestApp::start(Kind::Postgres).await;
    let system = Actor::system();
    let entity = app.app.ids.next(app.now());
    let event = |version| Event { kind: EventKind::NeedUpdated, node: NodeKind::Need, id: entity, version, audience: Audience::nobody(), detail: json!({}) };
    let begun = async || {
        let case = app.app.begin(&system).await.expect("begins");
        case.execute_unprepared("SELECT pg_current_xact_id()").await.expect("takes its number");
        case
    };
    let mut oldest = begun().await;
    let between = begun().await;
    let mut youngest = begun().await;
    youngest.record(event(1));
    youngest.commit().await.expect("commits");
    oldest.record(event(2));
    oldest.commit().await.expect("commits");
    sequencer::run_once(&app.app).await.expect("sequences");
    let placed = async || {
        app.rows(&format!("SELECT entity_version FROM event WHERE entity_id = '{entity}' AND seq IS NOT NULL ORDER BY seq"), |row| {
            row.try_get::<i32>("", "entity_version").expect("a version")
        })
        .await
    };
    assert_eq!(placed().await, Vec::<i32>::new(), "the second version waits for the first, which waits for the transaction between");
    between.commit().await.expect("commits");
    app.settle().await;
    assert_eq!(placed().await, [1, 2]);
    app.end().await;
}

/// What changed and what was told of it, step by step.
struct Ledger<'a> {
    app: &'a TestApp,
    rows: BTreeMap<(String, Uuid), i32>,
    events: usize,
    told: BTreeSet<&'static str>,
}

impl Listener for Ledger<'_> {
    async fn step(&mut self, doer: &Person, mutation: &'static str, input: Value, _spoil: Value) -> Value {
        self.told.insert(mutation);
        let done = self.app.done(doer, mutation, input).await;
        let rows = versions(self.app).await;
        let mut changed: Vec<(String, Uuid, i32)> =
            rows.iter().filter(|(key, version)| self.rows.get(*key) != Some(version)).map(|((kind, id), version)| (kind.clone(), *id, *version)).collect();
        // A row that is gone had one version more when it went.
        changed.extend(self.rows.iter().filter(|(key, _)| !rows.contains_key(*key)).map(|((kind, id), version)| (kind.clone(), *id, version + 1)));
        // A past work has no column for its version.
        if let Some(version) = [("addPastWork", 1), ("removePastWork", 2)].into_iter().find_map(|(name, version)| (name == mutation).then_some(version)) {
            let id = done["id"].as_str().and_then(decode).expect("an id").1;
            changed.push(("PAST_WORK".to_owned(), id, version));
        }
        let all = events(self.app).await;
        let mut told = all[self.events..].to_vec();
        told.sort();
        changed.sort();
        assert_eq!(told, changed, "events (left) and changed versions (right) of {mutation}");
        (self.rows, self.events) = (rows, all.len());
        done
    }
}

/// The kinds of the last events, newest first.
async fn newest(app: &TestApp, many: u32) -> Vec<String> {
    app.rows(&format!("SELECT kind FROM event ORDER BY seq DESC LIMIT {many}"), |row| row.try_get("", "kind").expect("a kind")).await
}

async fn versions(app: &TestApp) -> BTreeMap<(String, Uuid), i32> {
    let mut all = BTreeMap::new();
    for (table, kind) in VERSIONED {
        let rows = app
            .rows(&format!("SELECT id, version FROM \"{table}\""), |row| ((kind.to_owned(), row.try_get("", "id").expect("an id")), row.try_get("", "version").expect("a version")))
            .await;
        all.extend(rows);
    }
    all
}

/// All events in the order in which they were written, sequenced or not.
async fn events(app: &TestApp) -> Vec<(String, Uuid, i32)> {
    let read = |row: &sea_orm::QueryResult| {
        (row.try_get("", "entity_kind").expect("a kind"), row.try_get("", "entity_id").expect("an id"), row.try_get("", "entity_version").expect("a version"))
    };
    app.rows("SELECT entity_kind, entity_id, entity_version FROM event ORDER BY id", read).await
}

/// Reads the whole feed in pages of a size.
async fn pages(app: &TestApp, person: &Person, size: i32) -> Vec<Value> {
    let query = "query($after: String, $first: Int) { changes(after: $after, first: $first) { nodes { cursor type nodeId version operation } endCursor hasMore } }";
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = app.data(person.token(), query, json!({ "after": after, "first": size })).await["changes"].clone();
        all.extend(page["nodes"].as_array().expect("nodes").iter().cloned());
        after = page["endCursor"].clone();
        if page["hasMore"] == false {
            return all;
        }
    }
}
