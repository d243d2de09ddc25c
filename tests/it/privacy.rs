//! What a person is given of their data, and what is left of them once they had it erased.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::sign_in_round::Purpose;
use mistok::auth::Role;
use mistok::privacy::rules::PERSONAL;
use sea_orm::{ConnectionTrait as _, DbBackend};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, because, organisation, step, with};
use crate::support::people::PASSWORD;
use crate::support::{Cast, Person, TestApp};

/// What stands in the name of the person whom these tests are about, and in what they and others write of them.
const NAME: &str = "Planted-Олександра";
/// What stands in their address.
const ADDRESS: &str = "planted.address@mistok.example";

on_both! {
    async fn after_an_erasure_no_column_of_the_database_holds_name_or_address(app) {
        let cast = app.cast().await;
        let person = planted(app, &cast).await;
        app.settle().await;
        let personal: BTreeSet<String> = PERSONAL.iter().map(|(table, column)| format!("{table}.{column}")).collect();
        let found = planted_columns(app).await;
        assert_eq!(found, personal, "before it, they are in all columns that are known for it and in no others");
        erase(app, &person).await;
        app.settle().await;
        assert_eq!(planted_columns(app).await, BTreeSet::new());
    }

    async fn an_erasure_ends_what_the_person_had_and_leaves_what_organisations_wrote(app) {
        let cast = app.cast().await;
        let person = planted(app, &cast).await;
        let elsewhere = app.by_password(&person).await;
        let need = app.done(&person, "createNeed", json!({ "organisationId": cast.utility.id(), "need": content::need() })).await;
        let erased = erase(app, &person).await;
        assert_eq!((&erased["name"], &erased["email"], &erased["administrator"]), (&json!("Erased account"), &Value::Null, &json!(false)));
        for token in [person.token(), elsewhere.token()] {
            assert_eq!(app.refusal(token, "{ viewer { account { id } } }", json!({})).await, "UNAUTHENTICATED");
        }
        assert_eq!(app.refused(&Person::nobody(), "signIn", json!({ "email": ADDRESS, "password": PASSWORD })).await, "BAD_USER_INPUT password");
        let kept = app.data(cast.utility.token(), "query($id: ID!) { need(id: $id) { state } }", json!({ "id": need["id"] })).await;
        assert_eq!(kept["need"]["state"], "DRAFT");
        let claims = app.data(cast.association.token(), "{ claims { nodes { state evidence claimant { name email } } } }", json!({})).await;
        let whose = json!({ "name": "Erased account", "email": null });
        assert_eq!(claims["claims"]["nodes"][0]["state"], "DECLINED");
        let seen = app.data(cast.administrator.token(), "{ claims { nodes { state evidence claimant { name email } } } }", json!({})).await;
        assert_eq!(seen["claims"]["nodes"], json!([
            { "state": "DECLINED", "evidence": "", "claimant": whose },
            { "state": "WITHDRAWN", "evidence": "", "claimant": whose },
        ]));
        let told = app.rows("SELECT kind FROM event WHERE kind IN ('ACCOUNT_ERASED', 'CLAIM_WITHDRAWN', 'INVITATION_DECLINED', 'MEMBERSHIP_REVOKED') ORDER BY kind", |row| row.try_get::<String>("", "kind").expect("a kind")).await;
        assert_eq!(told, ["ACCOUNT_ERASED", "CLAIM_WITHDRAWN", "INVITATION_DECLINED", "MEMBERSHIP_REVOKED"]);
        let members = app.data(cast.utility.token(), "query($id: ID!) { organisation(id: $id) { contactEmail members { totalCount } } }", json!({ "id": cast.utility.id() })).await;
        assert_eq!(members["organisation"], json!({ "contactEmail": null, "members": { "totalCount": 1 } }));
    }

    async fn an_erasure_leaves_the_journal_as_it_is(app) {
        let cast = app.cast().await;
        let person = planted(app, &cast).await;
        let before = journal(app).await;
        erase(app, &person).await;
        app.settle().await;
        let after = journal(app).await;
        assert_eq!(after[..before.len()], before[..]);
        let whole = after.concat();
        assert!(!whole.contains("planted") && !whole.contains("Planted"), "no event holds name or address");
    }

    async fn a_letter_says_that_it_was_done_and_the_address_is_free_again(app) {
        let person = app.person("olena").await;
        app.confirm(&person).await;
        erase(app, &person).await;
        let letters = app.letters_to("olena@mistok.example").await;
        assert_eq!(letters.iter().filter(|letter| letter.text().contains("Your account at Mistok is erased")).count(), 1);
        let kept = app.rows("SELECT email FROM account", |row| row.try_get::<String>("", "email").expect("a text")).await;
        assert_eq!(kept, [""]);
        app.person("olena").await;
    }

    async fn a_letter_that_cannot_go_out_keeps_the_address_for_a_day_and_no_longer(app) {
        let person = app.person("olena").await;
        app.confirm(&person).await;
        // Where a file stands in the place of the folder, no letter can be kept.
        let folder = app.app.config.data.join("mail");
        std::fs::remove_dir_all(&folder).expect("takes the letters away");
        std::fs::write(&folder, "").expect("a file");
        erase(app, &person).await;
        let kept = async || app.rows("SELECT email FROM account", |row| row.try_get::<String>("", "email").expect("a text")).await;
        app.pass(TimeDelta::hours(20)).await;
        assert_eq!(kept().await, ["olena@mistok.example"]);
        app.pass(TimeDelta::hours(5)).await;
        assert_eq!(kept().await, [""]);
    }

    async fn it_asks_who_one_is_and_that_it_is_meant(app) {
        let olena = app.person("olena").await;
        let input = json!({ "email": olena.email });
        assert_eq!(app.refused(&olena, "eraseAccount", input.clone()).await, "STEP_UP_REQUIRED");
        assert_eq!(app.refused(&olena, "exportMyData", json!({})).await, "STEP_UP_REQUIRED");
        app.done(&olena, "stepUp", json!({ "password": PASSWORD })).await;
        assert_eq!(app.refused(&olena, "eraseAccount", json!({ "email": "taras@mistok.example" })).await, "BAD_USER_INPUT email");
        app.clock.advance(TimeDelta::minutes(5));
        assert_eq!(app.refused(&olena, "eraseAccount", input).await, "STEP_UP_REQUIRED");
    }

    async fn the_only_owner_among_others_and_the_only_administrator_stay(app) {
        let administrator = app.administrator().await;
        let owner = app.founder("owner", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        let colleague = app.person("colleague").await;
        app.join(&colleague, &owner.organisation, Role::Editor).await;
        for person in [&administrator, &owner] {
            app.done(person, "stepUp", json!({ "password": PASSWORD })).await;
            assert_eq!(app.refused(person, "eraseAccount", json!({ "email": person.email })).await, "INVALID_STATE");
        }
        let query = "mutation($input: EraseAccountInput!) { eraseAccount(input: $input) { userErrors { message } } }";
        let said = app.data(owner.token(), query, json!({ "input": { "email": owner.email } })).await;
        assert!(said["eraseAccount"]["userErrors"][0]["message"].as_str().is_some_and(|message| message.contains("ТОВ «Нове»")), "{said}");
        erase(app, &colleague).await;
        erase(app, &owner).await;
    }

    async fn of_two_administrators_who_go_at_once_one_stays(app) {
        let first = app.administrator().await;
        let second = app.person("second").await;
        let system = mistok::auth::Actor::system();
        let case = app.app.begin(&system).await.expect("begins");
        case.execute_unprepared("UPDATE account SET administrator = TRUE").await.expect("changes");
        case.commit().await.expect("commits");
        for person in [&first, &second] {
            app.done(person, "stepUp", json!({ "password": PASSWORD })).await;
        }
        let go = async |person: &Person| app.attempt(person, "eraseAccount", json!({ "email": person.email })).await.map(drop);
        let mut ends = <[_; 2]>::from(futures_util::join!(go(&first), go(&second)));
        ends.sort();
        assert_eq!(ends, [Ok(()), Err("INVALID_STATE".to_owned())]);
    }

    async fn who_accepts_an_invitation_while_they_go_is_no_member_afterwards(app) {
        let owner = app.founder("owner", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        for turn in 0..6 {
            let guest = app.person(&format!("guest-{turn}")).await;
            app.confirm(&guest).await;
            let invited = app.done(&owner, "inviteMember", json!({ "organisationId": owner.id(), "email": guest.email, "roles": ["EDITOR"] })).await;
            app.done(&guest, "stepUp", json!({ "password": PASSWORD })).await;
            let (gone, _) = futures_util::join!(
                app.attempt(&guest, "eraseAccount", json!({ "email": guest.email })),
                app.attempt(&guest, "acceptInvitation", step(&invited)),
            );
            assert!(gone.is_ok() || gone == Err("UNAVAILABLE".to_owned()), "{gone:?}");
        }
        let ghosts = "SELECT membership.id FROM membership JOIN account ON account.id = membership.account_id WHERE account.erased_at IS NOT NULL";
        assert_eq!(app.rows(ghosts, |_| ()).await.len(), 0);
    }

    async fn an_organisation_of_its_owner_alone_can_be_claimed_afterwards(app) {
        let cast = app.cast().await;
        let owner = app.founder("owner", organisation("BUSINESS", 70, "ФОП Шевченко")).await;
        app.done(&owner, "stepUp", json!({ "password": PASSWORD })).await;
        let wanted = json!({ "organisationId": owner.id(), "name": "Портал", "scopes": ["READ"], "expiresAt": app.now() + TimeDelta::days(30) });
        let secret = app.done(&owner, "createApiToken", wanted).await["secret"].clone();
        app.done(&owner, "inviteMember", json!({ "organisationId": owner.id(), "email": "taras@mistok.example", "roles": ["OWNER"] })).await;
        erase(app, &owner).await;
        assert_eq!(app.refusal(secret.as_str(), "{ viewer { account { id } } }", json!({})).await, "UNAUTHENTICATED");
        let found = app.found(70).await;
        assert_eq!(found["claimable"], true);
        let taras = app.person("taras").await;
        app.confirm(&taras).await;
        let query = "{ viewer { invitations { totalCount } } }";
        assert_eq!(app.data(taras.token(), query, json!({})).await["viewer"]["invitations"]["totalCount"], 0);
        let claim = app.done(&taras, "claimOrganisation", content::claim(&found)).await;
        app.confirms(&cast.association, &claim, "Наказ бачили").await;
    }

    async fn an_organisation_that_all_have_left_has_no_delegation_and_no_request_open(app) {
        let cast = app.cast().await;
        let owner = app.founder("owner", with(organisation("MUNICIPALITY", 70, "Гощанська громада"), json!({ "territory": content::HOSHCHA }))).await;
        let evidence = app.stored(&owner, "EVIDENCE").await;
        let request = app.done(&owner, "requestVerification", json!({ "organisationId": owner.id(), "attachmentIds": [evidence["id"]] })).await;
        app.done(&owner, "grantDelegation", content::delegation(&owner, &cast.association, app.now())).await;
        let drafts = json!({ "organisationId": owner.id(), "need": with(content::need(), json!({ "territory": content::HOSHCHA })) });
        app.done(&cast.association, "createNeed", drafts.clone()).await;
        erase(app, &owner).await;
        assert_eq!(app.refused(&cast.association, "createNeed", drafts).await, "FORBIDDEN");
        let query = "query($id: ID!) { node(id: $id) { ... on VerificationRequest { state } } }";
        let seen = app.data(cast.association.token(), query, json!({ "id": request["id"] })).await;
        assert_eq!(seen["node"]["state"], "OVERTAKEN");
    }

    async fn who_signed_up_with_an_address_that_is_not_theirs_erases_nothing_of_its_invitations(app) {
        let owner = app.founder("owner", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        app.done(&owner, "inviteMember", json!({ "organisationId": owner.id(), "email": ADDRESS, "roles": ["EDITOR"] })).await;
        app.settle().await;
        let before = app.letters_to(ADDRESS).await.len();
        let stranger = sign_up(app).await;
        erase(app, &stranger).await;
        assert_eq!(app.letters_to(ADDRESS).await.len(), before, "no letter, neither to confirm it nor to say farewell");
        let person = sign_up(app).await;
        app.confirm(&person).await;
        let invited = app.data(person.token(), "{ viewer { invitations { nodes { email state } } } }", json!({})).await;
        assert_eq!(invited["viewer"]["invitations"]["nodes"], json!([{ "email": ADDRESS, "state": "PENDING" }]));
    }

    async fn an_export_holds_all_that_is_known_of_the_person_and_no_secret(app) {
        let cast = app.cast().await;
        let person = planted(app, &cast).await;
        app.turn_second_factor_on(&person).await;
        let hashes = app.rows("SELECT password_hash FROM account", |row| row.try_get::<String>("", "password_hash").expect("a text")).await;
        let exported = app.done(&with_proof(app, &person).await, "exportMyData", json!({})).await;
        let document: Value = serde_json::from_str(exported["document"].as_str().expect("a document")).expect("JSON");
        assert_eq!(document["format"], "mistok-personal-data/1");
        assert_eq!((&document["account"]["email"], &document["account"]["name"]), (&json!(ADDRESS), &json!(NAME)));
        assert!(document["secondFactor"]["enabledAt"].is_string());
        assert_eq!(document["identities"][0]["issuer"], "https://id.example");
        assert_eq!(document["memberships"][0]["organisation"]["nameUk"], "КП «Водоканал»");
        assert_eq!(document["invitations"][0]["state"], "PENDING");
        assert_eq!((&document["claims"][0]["state"], &document["claims"][1]["state"]), (&json!("PENDING"), &json!("DECLINED")));
        assert_eq!(document["signIns"].as_array().map(Vec::len), Some(1));
        assert_eq!(document["lettersWithNotifications"], "DAILY");
        for list in ["verificationRequests", "delegations", "notifications"] {
            assert!(document[list].is_array(), "{list}");
        }
        let did: Vec<&str> = document["journal"].as_array().expect("a list").iter().filter_map(|fact| fact["type"].as_str()).collect();
        for kind in ["ACCOUNT_CREATED", "EMAIL_CONFIRMED", "ORGANISATION_CLAIMED", "SECOND_FACTOR_ENABLED"] {
            assert!(did.contains(&kind), "{kind} in {did:?}");
        }
        assert_eq!((&document["journalGoesOnAfter"], &exported["nextCursor"]), (&Value::Null, &Value::Null));
        let text = document.to_string();
        for hash in hashes {
            assert!(!text.contains(&hash));
        }
        assert!(!text.contains("association@mistok.example") && !text.contains("utility@mistok.example"), "nobody else's address");
    }
}

/// A person whose name or address is in every place where one can be.
async fn planted(app: &TestApp, cast: &Cast) -> Person {
    let owner = &cast.utility;
    let person = sign_up(app).await;
    app.confirm(&person).await;
    app.join(&person, &owner.organisation, Role::Editor).await;
    let contact = with(step(&owner.organisation), json!({ "contactEmail": ADDRESS }));
    app.done(owner, "updateOrganisation", contact).await;
    app.done(&cast.business, "inviteMember", json!({ "organisationId": cast.business.id(), "email": ADDRESS, "roles": ["VIEWER"] })).await;
    let (first, second) = (app.imported(80, "ТОВ «З реєстру»").await, app.imported(81, "ТОВ «Теж із реєстру»").await);
    let evidence = |organisation: &Value| with(content::claim(organisation), json!({ "evidence": format!("{NAME}, наказ № 1") }));
    let claim = app.done(&person, "claimOrganisation", evidence(&first)).await;
    app.done(&cast.association, "declineClaim", because(&claim, &format!("{NAME} не директорка"))).await;
    app.clock.advance(TimeDelta::seconds(1));
    app.done(&person, "claimOrganisation", evidence(&second)).await;
    app.done(&person, "stepUp", json!({ "password": PASSWORD })).await;
    app.done(&person, "linkIdentity", json!({ "code": app.code_for(Purpose::Link, ADDRESS).await })).await;
    person
}

async fn sign_up(app: &TestApp) -> Person {
    app.done(&Person::nobody(), "signUp", json!({ "email": ADDRESS, "name": NAME, "password": PASSWORD })).await;
    app.signed_in(ADDRESS).await
}

/// The same person, who has just proved who they are, also with a second factor.
async fn with_proof(app: &TestApp, person: &Person) -> Person {
    let factor = app.rows("SELECT id FROM second_factor", |row| row.try_get::<uuid::Uuid>("", "id").expect("an id")).await;
    let code = factor.first().map(|id| mistok::auth::second_factor::recovery_codes(&app.app.keys, *id, 0).remove(0));
    app.done(person, "stepUp", json!({ "password": PASSWORD, "code": code })).await;
    person.clone()
}

async fn erase(app: &TestApp, person: &Person) -> Value {
    app.done(person, "stepUp", json!({ "password": PASSWORD })).await;
    app.done(person, "eraseAccount", json!({ "email": person.email })).await
}

/// The columns of the whole database, whatever their types, in which a row holds what was planted.
async fn planted_columns(app: &TestApp) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (table, column) in columns(app).await {
        let text = match app.app.db.backend() {
            DbBackend::Postgres => {
                format!("LOWER(CASE WHEN pg_typeof(\"{column}\") = 'bytea'::regtype THEN encode(\"{column}\"::text::bytea, 'escape') ELSE \"{column}\"::text END)")
            }
            _ => format!("LOWER(CAST(\"{column}\" AS TEXT))"),
        };
        let sql = format!("SELECT COUNT(*) AS many FROM \"{table}\" WHERE {text} LIKE '%planted%'");
        let many = app.rows(&sql, |row| row.try_get::<i64>("", "many").expect("a count")).await[0];
        if many > 0 {
            found.insert(format!("{table}.{column}"));
        }
    }
    found
}

/// All columns of all tables, as the database itself tells.
async fn columns(app: &TestApp) -> Vec<(String, String)> {
    let pair = |row: &sea_orm::QueryResult| (row.try_get::<String>("", "held_in").expect("a table"), row.try_get::<String>("", "name").expect("a column"));
    let sql = match app.app.db.backend() {
        DbBackend::Postgres => "SELECT table_name::text AS held_in, column_name::text AS name FROM information_schema.columns WHERE table_schema = current_schema()",
        _ => "SELECT tables.name AS held_in, columns.name AS name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'",
    };
    let all = app.rows(sql, pair).await;
    assert!(all.len() > 100, "the schema was read");
    all
}

/// The journal as it is kept, an event a line.
async fn journal(app: &TestApp) -> Vec<String> {
    app.rows("SELECT id, kind, entity_id, entity_version, payload FROM event ORDER BY id", |row| {
        let id = |name: &str| row.try_get::<uuid::Uuid>("", name).expect("an id");
        let payload = String::from_utf8(row.try_get::<Vec<u8>>("", "payload").expect("bytes")).expect("text");
        format!(
            "{} {} {} {} {payload}\n",
            id("id"),
            row.try_get::<String>("", "kind").expect("a kind"),
            id("entity_id"),
            row.try_get::<i32>("", "entity_version").expect("a version")
        )
    })
    .await
}
