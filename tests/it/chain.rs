//! Nobody changes history unseen: the chain of the journal, its checkpoints, and what is found when somebody tried.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use entity::{checkpoint, event};
use futures_util::future::join_all;
use migration::{Migrator, MigratorTrait as _};
use mistok::auth::checkpoint::{Checkpoint, Trust, Unbelieved};
use mistok::auth::key_file::Rotated;
use mistok::auth::token::Keys;
use mistok::auth::{Actor, token};
use mistok::error::Error;
use mistok::events::audit::{Audit, Fault, Keeper};
use mistok::events::chain::{self, Broken, Erased, Head};
use mistok::events::{self, sequencer};
use mistok::hash::hex;
use mistok::jobs;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::on_both;
use crate::support::content::{self, organisation};
use crate::support::program::{self, Served};
use crate::support::story::{self, Listener};
use crate::support::{Kind, Person, TestApp};

const JOURNAL: &str = "query($after: String) { journal(after: $after, first: 100) { nodes { sequence digest hash event { salt body } } endCursor hasMore } }";
const CHECKPOINTS: &str = "{ journalCheckpoints(first: 100) { nodes { sequence hash time keyId jws } } }";

on_both! {
    async fn the_journal_of_the_whole_story_is_whole(app) {
        told(app).await;
        jobs::begin_rounds(&app.app).await.expect("begins");
        app.settle().await;
        let found = audit(app, &[]).await;
        assert_eq!(found.faults, []);
        assert_eq!((found.head.seq, found.erased.count, found.late, found.checkpoints), (count(app).await, 0, 0, 1));
    }

    async fn a_stranger_verifies_the_chain_by_digests_alone_and_whoever_an_event_is_of_its_body_too(app) {
        let cast = app.cast().await;
        app.done(&cast.utility, "createNeed", json!({ "organisationId": cast.utility.id(), "need": content::need() })).await;
        app.settle().await;
        jobs::begin_rounds(&app.app).await.expect("begins");
        app.settle().await;
        let chain = read(app, &Person::nobody()).await;
        let mut before = vec![0; 32];
        for (place, link) in (1_u64..).zip(&chain) {
            assert_eq!(link["sequence"], place);
            assert!(link["event"].is_null(), "a body says who acted: {link}");
            let digest = bytes(&link["digest"]);
            before = sha256(&[b"mistok link 1\0", &before, &place.to_be_bytes(), &digest]);
            assert_eq!(bytes(&link["hash"]), before, "place {place}");
        }
        let theirs = async |person: &Person| -> Vec<Value> {
            let mut bodies = Vec::new();
            for link in read(app, person).await {
                let Some(body) = link["event"]["body"].as_str() else { continue };
                assert_eq!(bytes(&link["digest"]), sha256(&[b"mistok event 1\0", &bytes(&link["event"]["salt"]), body.as_bytes()]), "{body}");
                bodies.push(serde_json::from_str(body).expect("JSON"));
            }
            bodies
        };
        let tell = |bodies: &[Value], kind: &str| bodies.iter().any(|body| body["kind"] == kind);
        let all = theirs(&cast.administrator).await;
        assert!(all.len() == chain.len() && tell(&all, "ACCOUNT_CREATED"), "who sees all verifies every body");
        let utility = theirs(&cast.utility).await;
        assert!(tell(&utility, "NEED_DRAFTED") && tell(&utility, "ORGANISATION_REGISTERED") && !tell(&utility, "ACCOUNT_CREATED"));
        let business = theirs(&cast.business).await;
        assert!(!tell(&business, "NEED_DRAFTED") && !business.is_empty());
        let own = json!(mistok::ids::decode(cast.business.id().as_str().expect("an id")).expect("an id").1);
        assert!(business.iter().all(|body| body["organisation"] == own || body["counterpart"] == own), "of others also what is public is a digest: {business:?}");

        let signed = app.data(None, CHECKPOINTS, json!({})).await["journalCheckpoints"]["nodes"][0].clone();
        let request = Request::get("/.well-known/mistok-checkpoint-keys.json").body(Body::empty()).expect("a request");
        let (_, keys) = app.text(request).await;
        let said = Trust::read(&keys).expect("keys").believe(signed["jws"].as_str().expect("text")).expect("is believed");
        assert_eq!((usize::try_from(said.seq), said.hash.to_vec()), (Ok(chain.len()), before));
        assert_eq!((signed["sequence"].as_i64(), signed["hash"].as_str()), (Some(said.seq), Some(hex(&said.hash).as_str())));
    }

    async fn what_is_done_to_a_row_is_found_at_its_place(app) {
        let cast = app.cast().await;
        app.settle().await;
        let end = count(app).await;
        assert!(end > 10, "there is a journal");
        for (change, back, broken) in [
            ("UPDATE event SET entity_version = entity_version + 1 WHERE seq = 5", "UPDATE event SET entity_version = entity_version - 1 WHERE seq = 5", Broken::Body),
            ("UPDATE event SET public = NOT public WHERE seq = 5", "UPDATE event SET public = NOT public WHERE seq = 5", Broken::Body),
            ("UPDATE event SET seq = NULL WHERE seq = 5", "UPDATE event SET seq = 5 WHERE seq IS NULL", Broken::Missing),
            ("UPDATE event SET digest = salt WHERE seq = 5", "", Broken::Body),
        ] {
            let kept = rows(app).await;
            tamper(app, change).await;
            assert_eq!(audit(app, &[]).await.faults, [Fault::Event { seq: 5, broken }], "{change}");
            if back.is_empty() { put(app, &kept).await } else { tamper(app, back).await }
            assert_eq!(audit(app, &[]).await.faults, [], "{change} was taken back");
        }
        // Two events change places.
        tamper(app, "UPDATE event SET seq = -1 WHERE seq = 5").await;
        tamper(app, "UPDATE event SET seq = 5 WHERE seq = 6").await;
        tamper(app, "UPDATE event SET seq = 6 WHERE seq = -1").await;
        assert_eq!(audit(app, &[]).await.faults, [Fault::Event { seq: 5, broken: Broken::Hash }]);
        tamper(app, "UPDATE event SET seq = -1 WHERE seq = 5").await;
        tamper(app, "UPDATE event SET seq = 5 WHERE seq = 6").await;
        tamper(app, "UPDATE event SET seq = 6 WHERE seq = -1").await;

        tamper(app, "UPDATE event SET payload = NULL, salt = NULL WHERE seq IN (3, 7)").await;
        let found = audit(app, &[]).await;
        assert_eq!((found.faults, found.erased.first, found.head.seq), (vec![], vec![3, 7], end), "an erased body leaves the chain whole");
        // What else stands there may be forged then: it is named, and nobody is told of it.
        tamper(app, "UPDATE event SET kind = 'NEED_WITHDRAWN', public = TRUE WHERE seq = 3").await;
        assert_eq!(audit(app, &[]).await.erased, Erased { count: 2, first: vec![3, 7] });
        let changes = app.data(cast.administrator.token(), "{ changes(first: 100) { nodes { type cursor } } }", json!({})).await["changes"]["nodes"].clone();
        let changes = changes.as_array().expect("changes");
        assert!(!changes.is_empty() && changes.iter().all(|change| change["type"] != "NEED_WITHDRAWN"), "{changes:?}");
        assert!(changes.iter().all(|change| change["cursor"] != json!(events::graphql::cursor(3)) && change["cursor"] != json!(events::graphql::cursor(7))));
        let entry = read(app, &Person::nobody()).await[2].clone();
        assert!(entry["event"].is_null() && bytes(&entry["digest"]).len() == 32, "{entry}");
        assert!(app.data(None, "{ changes(first: 100) { nodes { type delegation { id } } } }", json!({})).await["changes"]["nodes"].is_array());

        tamper(app, "DELETE FROM event WHERE seq = 5").await;
        assert_eq!(audit(app, &[]).await.faults, [Fault::Event { seq: 5, broken: Broken::Missing }]);
    }

    async fn a_tail_that_the_operator_wrote_anew_is_found_by_a_checkpoint_that_somebody_kept(app) {
        app.cast().await;
        app.settle().await;
        let kept = [signed(app).await];
        let (end, honest) = (count(app).await, rows(app).await);
        assert_eq!((audit(app, &kept).await.faults, audit(app, &kept).await.given), (vec![], 1));
        // Whoever holds the database and the keys makes another history of it, with checkpoints to match.
        let mut forged = honest.clone();
        forged[4].public = !forged[4].public;
        relink(&mut forged);
        put(app, &forged).await;
        assert_eq!(audit(app, &[]).await.faults, [Fault::Disagrees { seq: end, keeper: Keeper::Installation }]);
        tamper(app, "DELETE FROM checkpoint").await;
        signed(app).await;
        assert_eq!(audit(app, &[]).await.faults, [], "the keys alone prove nothing against who holds them");
        assert_eq!(audit(app, &kept).await.faults, [Fault::Disagrees { seq: end, keeper: Keeper::Other }]);

        put(app, &honest).await;
        tamper(app, &format!("DELETE FROM event WHERE seq > {}", end - 2)).await;
        let cut = |keeper| Fault::CutOff { seq: end, end: end - 2, keeper };
        assert_eq!(audit(app, &kept).await.faults, [cut(Keeper::Installation), cut(Keeper::Other)]);
        tamper(app, "DELETE FROM checkpoint").await;
        assert_eq!(audit(app, &[]).await.faults, []);
        assert_eq!(audit(app, &kept).await.faults, [cut(Keeper::Other)]);
    }

    async fn a_forged_checkpoint_is_believed_by_nobody(app) {
        app.cast().await;
        app.settle().await;
        signed(app).await;
        let thief = Keys::ephemeral().expect("keys");
        let row = checkpoint::Entity::find().one(app.app.db.reader()).await.expect("reads").expect("a checkpoint");
        let statement = Checkpoint { seq: row.seq, hash: row.hash.clone().try_into().expect("32 bytes"), time: row.time, issuer: "https://thief.example".to_owned() };
        let forged = thief.checkpoints().sign(&statement).expect("signs");
        let why = Unbelieved::Signature { kid: thief.checkpoints().kid().to_owned() };
        assert_eq!(audit(app, &[forged.clone(), "nonsense".to_owned()]).await.faults, [
            Fault::Given { number: 1, why: why.clone() },
            Fault::Given { number: 2, why: Unbelieved::Unreadable },
        ]);
        tamper(app, &format!("UPDATE checkpoint SET signature = '{forged}'")).await;
        assert_eq!(audit(app, &[]).await.faults, [Fault::Unbelieved { seq: row.seq, why }]);
    }

    async fn a_checkpoint_whose_key_the_auditor_lacks_is_not_judged_and_hides_none_behind_it(app) {
        app.cast().await;
        app.settle().await;
        let folder = tempfile::tempdir().expect("a folder");
        let first = Keys::load_or_make(folder.path()).expect("makes");
        let rotated = || Keys::rotate(folder.path(), Rotated::Checkpoints).expect("rotates");
        let (second, third) = (rotated(), rotated());
        let end = count(app).await;
        let trusting = async |keys: &Keys, given: &[String]| events::audit(app.app.db.reader(), keys.trust(), given, app.now()).await.expect("reads");
        for (place, keys) in [(3, &first), (5, &third), (7, &second)] {
            put_checkpoint(app, place, keys).await;
        }
        let kept = [statement(app, end, &second).await];
        let why = Unbelieved::Signature { kid: third.checkpoints().kid().to_owned() };
        let found = trusting(&first, &kept).await;
        assert_eq!((found.faults.as_slice(), found.checkpoints, found.given), ([Fault::Unbelieved { seq: 5, why: why.clone() }].as_slice(), 2, 1));
        assert!(!found.faults[0].is_change(), "nobody changed anything: there was another rotation");
        let found = trusting(&third, &kept).await;
        assert_eq!((found.faults, found.checkpoints, found.given), (vec![], 3, 1), "by the keys as they are now all are known");
        // A row that cannot be believed is no proof that an end was cut off, and covers none up.
        put_checkpoint(app, end - 1, &first).await;
        put_checkpoint(app, end, &third).await;
        tamper(app, &format!("DELETE FROM event WHERE seq > {}", end - 2)).await;
        assert_eq!(trusting(&first, &[]).await.faults, [
            Fault::Unbelieved { seq: 5, why: why.clone() },
            Fault::Unbelieved { seq: end, why },
            Fault::CutOff { seq: end - 1, end: end - 2, keeper: Keeper::Installation },
        ]);
    }

    async fn a_row_of_a_checkpoint_is_what_was_signed(app) {
        app.cast().await;
        app.settle().await;
        signed(app).await;
        let end = count(app).await;
        for (change, back) in [
            ("UPDATE checkpoint SET key_id = key_id || 'x'", "UPDATE checkpoint SET key_id = substr(key_id, 1, length(key_id) - 1)"),
            ("UPDATE checkpoint SET seq = seq - 1", "UPDATE checkpoint SET seq = seq + 1"),
        ] {
            tamper(app, change).await;
            assert_eq!(audit(app, &[]).await.faults, [Fault::Altered { seq: if change.contains("seq") { end - 1 } else { end } }], "{change}");
            tamper(app, back).await;
            assert_eq!(audit(app, &[]).await.faults, [], "{change} was taken back");
        }
        let row = checkpoint::Entity::find().one(app.app.db.reader()).await.expect("reads").expect("a checkpoint");
        let later = checkpoint::ActiveModel { time: Set(row.time + TimeDelta::hours(1)), ..row.into() };
        later.update(app.app.db.reader()).await.expect("changes it");
        assert_eq!(audit(app, &[]).await.faults, [Fault::Altered { seq: end }]);
        tamper(app, "UPDATE checkpoint SET seq = 0").await;
        assert_eq!(audit(app, &[]).await.faults, [Fault::Altered { seq: 0 }], "also where there is no event");
    }

    async fn what_a_checkpoint_covers_is_not_chained_anew(app) {
        app.cast().await;
        app.settle().await;
        signed(app).await;
        let end = count(app).await;
        tamper(app, &format!("UPDATE event SET hash = NULL, digest = NULL, salt = NULL WHERE seq > {}", end - 3)).await;
        let fill = async || events::fill(&app.app.db, || token::random().map_err(Error::internal)).await;
        let Err(Error::Internal(cause)) = fill().await else { panic!("it is refused") };
        let said = cause.to_string();
        assert!(said.contains(&format!("event {} of the journal has no hash", end - 2)) && said.contains(&format!("(up to {end})")), "{said}");
        assert_eq!(rows(app).await.iter().filter(|row| row.hash.is_none()).count(), 3, "nothing was filled in");
        tamper(app, "DELETE FROM checkpoint").await;
        assert_eq!(fill().await.ok(), Some(3), "what nobody signed counts as it is found");
    }

    async fn what_was_written_before_there_was_a_chain_gets_its_place_in_it(app) {
        let cast = app.cast().await;
        app.settle().await;
        app.done(&cast.utility, "createNeed", json!({ "organisationId": cast.utility.id(), "need": content::need() })).await;
        let all = app.rows("SELECT id FROM event", |_| ()).await.len();
        // As an older program left it: without the steps that made the chain, which then run over what is there.
        let steps = Migrator::migrations().iter().filter(|step| step.name() >= "m0060").count();
        app.app.db.migrate_down(u32::try_from(steps).expect("few")).await.expect("takes the steps back");
        app.app.db.migrate_up().await.expect("migrates");
        assert_ne!(audit(app, &[]).await.faults, []);
        let other = app.another_app().await;
        let fill = async |node: &mistok::app::App| events::fill(&node.db, || token::random().map_err(Error::internal)).await.expect("fills");
        let filled = futures_util::future::join(fill(&app.app), fill(&other)).await;
        assert_eq!(usize::try_from(filled.0 + filled.1).expect("few"), all, "each once, also where two nodes start at once");
        app.done(&cast.utility, "createNeed", json!({ "organisationId": cast.utility.id(), "need": content::need() })).await;
        app.settle().await;
        let found = audit(app, &[]).await;
        assert_eq!((found.faults, found.head.seq, found.erased.count), (vec![], i64::try_from(all).expect("few") + 1, 0));
        assert_eq!(fill(&other).await, 0, "nothing is filled in twice");
    }

    async fn a_checkpoint_is_signed_each_hour_in_which_anything_happened_once_over_two_nodes(app) {
        let cast = app.cast().await;
        let other = app.another_app().await;
        app.settle().await;
        for node in [&app.app, &other] {
            jobs::begin_rounds(node).await.expect("begins");
        }
        let hour = async || {
            let (one, two) = futures_util::future::join(jobs::run_due(&app.app), jobs::run_due(&other)).await;
            one.expect("runs");
            two.expect("runs");
            app.settle().await;
            app.data(None, CHECKPOINTS, json!({})).await["journalCheckpoints"]["nodes"].as_array().expect("a list").iter().map(|node| node["sequence"].as_i64().expect("a place")).collect::<Vec<_>>()
        };
        let first = hour().await;
        assert_eq!(first, [count(app).await]);
        app.clock.advance(TimeDelta::hours(1));
        assert_eq!(hour().await, first, "nothing happened");
        app.done(&cast.utility, "createNeed", json!({ "organisationId": cast.utility.id(), "need": content::need() })).await;
        app.settle().await;
        app.clock.advance(TimeDelta::minutes(59));
        assert_eq!(hour().await, first);
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(hour().await, [count(app).await, first[0]], "newest first");
        assert_eq!(audit(app, &[]).await.checkpoints, 2);
    }

    async fn what_events_tell_are_ids_and_codes_and_no_words(app) {
        told(app).await;
        let mut seen = BTreeSet::new();
        for row in rows(app).await {
            let body: Value = serde_json::from_slice(&chain::body(&row).expect("JSON").expect("a body")).expect("JSON");
            let mut texts = Vec::new();
            collect(&body, &mut texts);
            for text in texts {
                assert!(is_id_or_code(text), "{text:?} in {} {}", row.kind, body["detail"]);
            }
            assert!(is_small_and_named(&body), "{} {}", row.kind, body["detail"]);
            seen.insert(row.kind);
        }
        assert!(seen.len() > 60, "the story tells most of what can happen: {seen:?}");
    }

    async fn an_event_that_waits_too_long_for_its_place_is_told_of(app) {
        app.cast().await;
        app.settle().await;
        tamper(app, &format!("UPDATE event SET seq = NULL WHERE seq = {}", count(app).await)).await;
        assert_eq!(audit(app, &[]).await.late, 0);
        app.clock.advance(TimeDelta::seconds(61));
        // One that has only just come is not late.
        tamper(app, &format!("UPDATE event SET seq = NULL WHERE seq = {}", count(app).await)).await;
        let waiting = event::Entity::find().filter(event::Column::Seq.is_null()).order_by_desc(event::Column::Id).one(app.app.db.reader()).await;
        let just = event::ActiveModel { occurred_at: Set(app.now()), ..waiting.expect("reads").expect("waits").into() };
        just.update(app.app.db.reader()).await.expect("changes it");
        assert_eq!(audit(app, &[]).await.late, 1);
    }
}

/// Two nodes write and number at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_write_at_once_leave_one_whole_chain() {
    let app = TestApp::start(Kind::Postgres).await;
    let cast = app.cast().await;
    let other = app.another_app().await;
    let actor = Actor::system();
    let write = async |number: u32| {
        let node = if number.is_multiple_of(2) { &app.app } else { &other };
        let input = organisation("BUSINESS", 200 + number, &format!("ТОВ «Одночасне {number}»"));
        if number.is_multiple_of(2) {
            app.done(&cast.business, "registerOrganisation", input).await;
        } else {
            let mut written = node.begin(&actor).await.expect("begins");
            let (kind, node, audience) = (events::EventKind::NeedUpdated, mistok::ids::NodeKind::Need, events::Audience::nobody());
            written.record(events::Event { kind, node, id: written.new_id(), version: 1, audience, detail: json!({ "state": "DRAFT" }) });
            written.commit().await.expect("commits");
        }
        sequencer::run_once(node).await.expect("sequences");
    };
    join_all((0..40).map(write)).await;
    app.settle().await;
    let found = audit(&app, &[]).await;
    assert_eq!((found.faults, found.head.seq), (vec![], count(&app).await));
    app.end().await;
}

/// Tells the story, to its end.
async fn told(app: &TestApp) {
    struct Does<'a>(&'a TestApp);
    impl Listener for Does<'_> {
        async fn step(&mut self, doer: &Person, mutation: &'static str, input: Value, _spoil: Value) -> Value {
            self.0.done(doer, mutation, input).await
        }
    }
    let cast = app.cast().await;
    app.imported_for_the_story().await;
    story::tell(app, &cast, &mut Does(app)).await;
    app.settle().await;
}

async fn audit(app: &TestApp, given: &[String]) -> Audit {
    events::audit(app.app.db.reader(), app.app.keys.trust(), given, app.now()).await.expect("reads")
}

/// A checkpoint of how far the journal goes, as somebody keeps it.
async fn signed(app: &TestApp) -> String {
    events::checkpoint(app.app.db.reader(), &app.app, app.now()).await.expect("signs").expect("there is a journal").signature
}

/// What is signed of a place with some keys.
async fn statement(app: &TestApp, seq: i64, keys: &Keys) -> String {
    let row = rows(app).await.into_iter().find(|row| row.seq == Some(seq)).expect("an event");
    let hash = row.hash.and_then(|hash| hash.try_into().ok()).expect("32 bytes");
    keys.checkpoints().sign(&Checkpoint { seq, hash, time: app.now(), issuer: String::new() }).expect("signs")
}

/// Puts a checkpoint into the table.
async fn put_checkpoint(app: &TestApp, seq: i64, keys: &Keys) {
    let signature = statement(app, seq, keys).await;
    let hash = keys.trust().believe(&signature).expect("their own").hash.to_vec();
    let row = checkpoint::Model { seq, hash, time: app.now(), key_id: keys.checkpoints().kid().to_owned(), signature };
    checkpoint::Entity::insert(row.into_active_model()).exec_without_returning(app.app.db.reader()).await.expect("writes");
}

async fn count(app: &TestApp) -> i64 {
    app.rows("SELECT COUNT(*) AS many FROM event WHERE seq IS NOT NULL", |row| row.try_get("", "many").expect("a count")).await[0]
}

async fn tamper(app: &TestApp, statement: &str) {
    app.app.db.reader().execute_unprepared(statement).await.expect("the database does it");
}

async fn rows(app: &TestApp) -> Vec<event::Model> {
    event::Entity::find().order_by_asc(event::Column::Seq).all(app.app.db.reader()).await.expect("reads")
}

/// Writes the rows of events over those that are there.
async fn put(app: &TestApp, rows: &[event::Model]) {
    for row in rows {
        let id = row.id;
        let row = row.clone().into_active_model().reset_all();
        event::Entity::update_many().set(row).filter(event::Column::Id.eq(id)).exec(app.app.db.reader()).await.expect("writes");
    }
}

/// Gives rows that were changed digests and hashes to match.
fn relink(rows: &mut [event::Model]) {
    let mut head = Head::START;
    for row in rows {
        chain::seal(row, token::random().expect("random")).expect("JSON");
        head = head.followed_by(row.digest.as_deref().expect("a digest"));
        row.hash = Some(head.hash.to_vec());
    }
}

/// The whole chain, as somebody is shown it.
async fn read(app: &TestApp, person: &Person) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = app.data(person.token(), JOURNAL, json!({ "after": after })).await["journal"].clone();
        all.extend(page["nodes"].as_array().expect("links").clone());
        if page["hasMore"] == false {
            return all;
        }
        after = page["endCursor"].clone();
    }
}

fn bytes(hex: &Value) -> Vec<u8> {
    let digits = hex.as_str().expect("text");
    (0..digits.len()).step_by(2).map(|place| u8::from_str_radix(&digits[place..place + 2], 16).expect("hexadecimal")).collect()
}

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().fold(Sha256::new(), Sha256::chain_update).finalize().to_vec()
}

fn collect<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, texts)),
        _ => {}
    }
}

/// Whether all numbers are too small for somebody's number or an amount, and all members have names that a programmer gave.
fn is_small_and_named(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_u64().is_some_and(|number| number < 100_000),
        Value::Array(items) => items.iter().all(is_small_and_named),
        Value::Object(fields) => {
            fields.iter().all(|(name, value)| (name == "sha256" || name.len() <= 30 && name.bytes().all(|byte| byte.is_ascii_alphabetic())) && is_small_and_named(value))
        }
        _ => true,
    }
}

/// Whether a text is a UUID, a code in capitals with a letter in it, a digest, a day or a moment: what no name, address or sentence is.
fn is_id_or_code(text: &str) -> bool {
    let code = text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'));
    let code = code && text.bytes().any(|byte| byte.is_ascii_uppercase());
    let digest = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    code || digest || day || text.parse::<uuid::Uuid>().is_ok() || text.parse::<chrono::DateTime<chrono::Utc>>().is_ok()
}

/// What an auditor does with the program itself, against whoever runs it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_auditor_verifies_with_keys_and_checkpoints_that_they_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let file = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let verify = |more: &[&str]| program::run(&data, &[&["audit", "verify"], more].concat());
    program::run(&data, &["admin", "create", "--email", "ivan@mistok.example", "--name", "Ivan"]);
    let served = Served::start(&mut program::mistok(&data, &["serve", "--listen", "127.0.0.1:0"]));
    let mut answer = json!(null);
    while answer["journalCheckpoints"]["nodes"].as_array().is_none_or(Vec::is_empty) {
        answer = served.data(None, CHECKPOINTS, json!({})).await;
    }
    let keys = served.address("GraphQL").replace("/graphql", "/.well-known/mistok-checkpoint-keys.json");
    let keys = reqwest::get(keys).await.expect("an answer").text().await.expect("text");
    served.stop();
    std::fs::write(file("answer.json"), json!({ "data": answer }).to_string()).expect("writes");
    std::fs::write(file("lines"), answer["journalCheckpoints"]["nodes"][0]["jws"].as_str().expect("text")).expect("writes");
    std::fs::write(file("keys.json"), keys).expect("writes");

    let (code, said) = verify(&[]);
    assert!(code == Some(0) && said.contains("the journal is whole") && said.contains("it proves nothing"), "{said}");
    for name in ["answer.json", "lines"] {
        let (code, said) = verify(&["--trust", &file("keys.json"), "--checkpoints", &file(name)]);
        assert!(code == Some(0) && said.contains("agree: 1 of 1") && !said.contains("it proves nothing"), "{said}");
    }
    // Another key signs from the next start on; who kept the older set knows it already.
    let (code, said) = program::run(&data, &["keys", "rotate", "checkpoints"]);
    assert!(code == Some(0) && said.contains("checkpoints of the journal are signed with"), "{said}");
    assert_eq!(verify(&["--trust", &file("keys.json")]).0, Some(0));
    assert_eq!(verify(&[]).0, Some(0), "a former key is known for good");
    let (code, said) = program::run(&data, &["keys", "rotate", "identifiers"]);
    assert!(code == Some(1) && said.contains("cannot be rotated"), "{said}");

    let stranger = tempfile::tempdir().expect("a folder");
    program::run(stranger.path(), &["admin", "create", "--email", "ivan@mistok.example", "--name", "Ivan"]);
    let (code, said) = program::run(stranger.path(), &["audit", "verify", "--checkpoints", &file("lines")]);
    assert!(code == Some(1) && said.contains("no key that you trust signed it") && said.contains("could not be judged: 1. Fetch the keys anew"), "{said}");
    assert!(!said.contains("was changed"), "a key that is missing shows no change: {said}");

    let url = mistok::config::DatabaseUrl::sqlite_in(&data);
    let db = mistok::db::Db::connect(&url).await.expect("connects");
    db.reader().execute_unprepared("UPDATE event SET account_id = NULL, public = NOT public WHERE seq = 1").await.expect("changes it");
    db.reader().close_by_ref().await.expect("closes");
    let (code, said) = verify(&["--trust", &file("keys.json"), "--locale", "uk"]);
    assert!(code == Some(1) && said.contains("Вміст події 1 не той") && said.contains("Журнал змінено"), "{said}");
    let (code, said) = verify(&["--json"]);
    let said: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("no JSON: {said}"));
    assert_eq!((code, &said["whole"], &said["changed"], &said["faults"][0]["sequence"]), (Some(1), &json!(false), &json!(true), &json!(1)));
    for (arguments, words) in [(["--trust", "lines"], "no JSON Web Key Set"), (["--checkpoints", "empty"], "cannot be read")] {
        let (code, said) = verify(&[arguments[0], &file(arguments[1])]);
        assert!(code == Some(1) && said.contains(words), "{said}");
    }
}
