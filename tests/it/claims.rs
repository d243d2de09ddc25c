//! Claims: who owns what an import recorded.

use std::io::Cursor;

use futures_util::future::join_all;
use mistok::accounts::service as accounts;
use mistok::auth::Role;
use mistok::exchange::{Options, Source, import_awards, import_tenders};
use mistok::ids::{NodeKind, encode};
use mistok::reference::codes::Rnokpp;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, CHERNIVTSI, KHOTYN, WATER_MAINS, because, edrpou, organisation, step, with};
use crate::support::{Person, TestApp};

on_both! {
    async fn a_business_that_an_import_recorded_finds_its_owner_who_answers_a_call(app) {
        let cast = app.cast().await;
        let imported = app.imported(80, "ТОВ «З реєстру»").await;
        assert_eq!((&imported["claimable"], &imported["verification"]), (&json!(true), &json!("UNVERIFIED")));
        let person = app.person("director").await;
        let registered = refusal(app, &cast.business, "registerOrganisation", organisation("BUSINESS", 80, "ТОВ «З реєстру»")).await;
        assert_eq!(registered["code"], "ALREADY_EXISTS");
        assert!(registered["remedy"].as_str().is_some_and(|remedy| remedy.contains("claimOrganisation")), "{registered}");

        let claim = app.done(&person, "claimOrganisation", content::claim(&imported)).await;
        assert_eq!(app.refused(&person, "claimOrganisation", content::claim(&imported)).await, "ALREADY_EXISTS organisationId");
        let query = "{ claims(filter: { state: [PENDING] }) { nodes { id version evidence claimant { email } organisation { id } } } }";
        let seen = app.data(cast.association.token(), query, json!({})).await;
        assert_eq!(seen["claims"]["nodes"][0]["claimant"]["email"], json!(person.email), "they decide on it");
        assert_eq!(seen["claims"]["nodes"][0]["organisation"]["id"], imported["id"]);
        assert_eq!(app.refused(&cast.association, "confirmClaim", because(&claim, "Наказ бачили")).await, "STEP_UP_REQUIRED", "a stolen sign-in makes nobody an owner");
        app.proves_anew(&cast.association).await;
        assert_eq!(app.refused(&cast.association, "confirmClaim", because(&claim, " ")).await, "BAD_USER_INPUT reason");
        assert_eq!(app.refused(&cast.association, "confirmClaim", because(&claim, "Наказ бачили")).await, "INVALID_STATE id", "anybody signs up with the address of a director");
        app.confirm(&person).await;
        let confirmed = app.confirms(&cast.association, &claim, "Наказ бачили").await;
        assert_eq!((&confirmed["state"], &confirmed["reason"]), (&json!("CONFIRMED"), &json!("Наказ бачили")));
        assert_eq!(app.refused(&cast.association, "declineClaim", because(&confirmed, "Передумали")).await, "INVALID_STATE");

        let owned = app.data(person.token(), "query($id: ID!) { organisation(id: $id) { verification claimable version } viewer { memberships { nodes { roles organisation { id } } } } }", json!({ "id": imported["id"] })).await;
        assert_eq!(owned["organisation"], json!({ "verification": "VERIFIED", "claimable": false, "version": 2 }));
        assert_eq!(owned["viewer"]["memberships"]["nodes"], json!([{ "roles": ["OWNER", "SIGNER"], "organisation": { "id": imported["id"] } }]));
        let call = app.open_call(&cast.municipality).await;
        let interest = app.done(&person, "expressInterest", json!({ "organisationId": imported["id"], "callId": call["id"], "offer": "Замінимо трубопровід." })).await;
        assert_eq!(interest["state"], "SUBMITTED");

        let late = app.person("late").await;
        let refused = refusal(app, &late, "claimOrganisation", content::claim(&imported)).await;
        assert_eq!(refused["code"], "ALREADY_EXISTS");
        assert!(refused["remedy"].as_str().is_some_and(|remedy| remedy.contains("owner")), "{refused}");
        let again = app.imported(80, "ТОВ «З реєстру»").await;
        assert_eq!(again["version"], 2, "a later import changes nothing");
    }

    async fn who_has_not_confirmed_their_address_registers_nothing(app) {
        let person = app.person("director").await;
        let refused = refusal(app, &person, "registerOrganisation", organisation("BUSINESS", 80, "ТОВ «Нове»")).await;
        assert_eq!((&refused["code"], &refused["message"]), (&json!("INVALID_STATE"), &json!("You have not confirmed your address yet.")));
        assert!(refused["remedy"].as_str().is_some_and(|remedy| remedy.contains("requestEmailConfirmation")), "{refused}");
        assert_eq!(app.found(80).await, Value::Null);
        app.confirm(&person).await;
        app.done(&person, "registerOrganisation", organisation("BUSINESS", 80, "ТОВ «Нове»")).await;
    }

    async fn a_buyer_says_what_it_is_and_opens_a_call(app) {
        let cast = app.cast().await;
        import_buyer(app, 81, "Недобоївська сільська рада").await;
        let head = app.person("head").await;
        app.confirm(&head).await;
        let recorded = app.found(81).await;
        let as_what = |kind: &str| with(content::claim(&recorded), json!({ "kind": kind }));
        assert_eq!(app.refused(&head, "claimOrganisation", as_what("UTILITY")).await, "BAD_USER_INPUT ownerMunicipalityId");
        assert_eq!(app.refused(&head, "claimOrganisation", content::claim(&recorded)).await, "BAD_USER_INPUT kind", "a mayor would become a public body without a say");
        for kind in ["BUSINESS", "CSO", "ASSOCIATION", "DONOR", "IMPLEMENTING_AGENCY"] {
            assert_eq!(app.refused(&head, "claimOrganisation", as_what(kind)).await, "BAD_USER_INPUT kind", "{kind} holds no projects, and the import recorded one");
        }
        let claim = app.done(&head, "claimOrganisation", as_what("MUNICIPALITY")).await;
        app.confirms(&cast.association, &claim, "Рішення ради № 1").await;
        let mut council = head;
        council.organisation = app.found(81).await;
        assert_eq!(council.organisation["kind"], "MUNICIPALITY");
        let call = app.open_call(&council).await;
        assert_eq!(call["state"], "PUBLISHED");

        let business = app.imported(82, "ТОВ «З реєстру»").await;
        let other = with(content::claim(&business), json!({ "kind": "UTILITY", "ownerMunicipalityId": cast.municipality.id() }));
        assert_eq!(app.refused(&council, "claimOrganisation", other).await, "BAD_USER_INPUT kind", "a business is one");
    }

    async fn what_an_import_did_not_know_is_filled_in_without_another_check(app) {
        let cast = app.cast().await;
        let head = app.person("head").await;
        app.confirm(&head).await;
        let claimed = async |number: u32| {
            import_buyer(app, number, "").await;
            let claim = app.done(&head, "claimOrganisation", with(content::claim(&app.found(number).await), json!({ "kind": "MUNICIPALITY" }))).await;
            app.confirms(&cast.association, &claim, "Рішення ради № 1").await;
            app.found(number).await
        };
        let update = async |council: &Value, more: Value| app.done(&head, "updateOrganisation", with(step(council), more)).await;

        let profile = json!({ "name": { "uk": "Хотинська міська рада" }, "contactEmail": "rada@khotyn.example", "activities": ["84.11"], "scale": "SMALL" });
        let council = update(&claimed(87).await, profile.clone()).await;
        assert_eq!(council["verification"], "VERIFIED");
        let need = app.done(&head, "createNeed", json!({ "organisationId": council["id"], "need": content::need() })).await;
        app.done(&head, "submitNeed", step(&need)).await;
        let council = update(&council, profile).await;
        assert_eq!(council["verification"], "VERIFIED", "it says again what it said");
        for change in [json!({ "territory": CHERNIVTSI }), json!({ "name": { "uk": "Хотинська міська рада", "en": "The Cabinet of Ministers" } })] {
            let changed = update(&app.found(87).await, change.clone()).await;
            assert_eq!(changed["verification"], "PENDING", "{change}");
            app.done(&cast.association, "verifyOrganisation", step(&changed)).await;
        }

        let seated = update(&claimed(88).await, json!({ "territory": KHOTYN })).await;
        assert_eq!(seated["verification"], "PENDING", "a municipality has a say over the needs of its seat");
    }

    async fn who_took_a_number_that_is_not_theirs_gives_way_to_its_owner(app) {
        let cast = app.cast().await;
        let squatter = app.founder("squatter", organisation("BUSINESS", 84, "ТОВ «Чуже»")).await;
        let owner = app.person("director").await;
        app.confirm(&owner).await;
        assert_eq!(app.refused(&owner, "claimOrganisation", content::claim(&squatter.organisation)).await, "ALREADY_EXISTS organisationId");
        let refused = app.done(&cast.association, "verifyOrganisation", with(step(&squatter.organisation), json!({ "verified": false }))).await;
        assert_eq!(app.found(84).await["claimable"], true);
        let claim = app.done(&owner, "claimOrganisation", content::claim(&squatter.organisation)).await;
        app.confirms(&cast.association, &claim, "Наказ бачили").await;
        let found = app.found(84).await;
        assert_eq!((&found["verification"], &found["claimable"]), (&json!("VERIFIED"), &json!(false)));
        let change = with(step(&found), json!({ "scale": "SMALL" }));
        assert_eq!(app.refused(&squatter, "updateOrganisation", with(step(&refused), json!({ "scale": "MICRO" }))).await, "FORBIDDEN");
        app.done(&owner, "updateOrganisation", change).await;
    }

    async fn of_several_who_claim_an_organisation_one_gets_it_and_the_others_see_why_not(app) {
        let cast = app.cast().await;
        let imported = app.imported(83, "ТОВ «З реєстру»").await;
        let (mut people, mut claims) = (Vec::new(), Vec::new());
        for name in ["first", "second", "third", "fourth"] {
            people.push(app.person(name).await);
            app.confirm(people.last().expect("somebody")).await;
            claims.push(app.done(people.last().expect("somebody"), "claimOrganisation", content::claim(&imported)).await);
        }
        let declined = app.done(&cast.association, "declineClaim", because(&claims[0], "Немає наказу")).await;
        app.proves_anew(&cast.association).await;
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
        assert_eq!(app.refused(&people[0], "claimOrganisation", content::claim(&imported)).await, "ALREADY_EXISTS organisationId");
    }

    async fn nobody_decides_on_a_claim_of_their_own_and_the_administrator_claims_for_others(app) {
        let cast = app.cast().await;
        let imported = app.imported(84, "ТОВ «З реєстру»").await;
        let own = app.done(&cast.association, "claimOrganisation", content::claim(&imported)).await;
        assert_eq!(app.refused(&cast.association, "confirmClaim", because(&own, "Моя")).await, "FORBIDDEN");
        let own = app.done(&cast.administrator, "claimOrganisation", content::claim(&imported)).await;
        for decision in ["confirmClaim", "declineClaim"] {
            assert_eq!(app.refused(&cast.administrator, decision, because(&own, "Моя")).await, "FORBIDDEN", "nor does the administrator");
        }
        app.done(&cast.association, "declineClaim", because(&own, "Наказу немає")).await;
        let owner = app.person("owner").await;
        let claim = with(content::claim(&imported), json!({ "ownerEmail": owner.email }));
        assert_eq!(app.refused(&cast.association, "claimOrganisation", claim.clone()).await, "FORBIDDEN");
        let named = with(organisation("BUSINESS", 84, "ТОВ «З реєстру»"), json!({ "ownerEmail": owner.email }));
        for (mutation, input) in [("registerOrganisation", named.clone()), ("claimOrganisation", claim.clone())] {
            assert_eq!(app.refused(&cast.administrator, mutation, input).await, "INVALID_STATE ownerEmail", "whoever signed up may not be whom the administrator means");
        }
        app.confirm(&owner).await;
        assert_eq!(app.refused(&cast.administrator, "registerOrganisation", named).await, "ALREADY_EXISTS identifiers");
        let claim = app.done(&cast.administrator, "claimOrganisation", claim).await;
        app.confirms(&cast.administrator, &claim, "Договір № 5").await;
        let found = app.data(owner.token(), "{ viewer { memberships { nodes { organisation { id } } } } claims { nodes { state } } }", json!({})).await;
        assert_eq!(found["viewer"]["memberships"]["nodes"], json!([{ "organisation": { "id": imported["id"] } }]));
        assert_eq!(found["claims"]["nodes"], json!([{ "state": "CONFIRMED" }]));
    }

    async fn what_is_not_there_or_has_an_owner_is_not_claimed(app) {
        let cast = app.cast().await;
        let person = app.person("somebody").await;
        let absent = encode(NodeKind::Organisation, app.app.ids.next(app.now()));
        assert_eq!(app.refused(&person, "claimOrganisation", content::claim(&json!({ "id": absent.as_str() }))).await, "NOT_FOUND organisationId");
        assert_eq!(app.refused(&person, "claimOrganisation", content::claim(&cast.business.organisation)).await, "ALREADY_EXISTS organisationId");
        let seen = app.data(None, "query($id: ID!) { organisation(id: $id) { claimable } }", json!({ "id": cast.business.id() })).await;
        assert_eq!(seen["organisation"]["claimable"], false);
    }

    async fn whose_a_claim_is_is_for_those_who_decide_while_they_do(app) {
        let cast = app.cast().await;
        let imported = app.imported(85, "ТОВ «З реєстру»").await;
        let (claimant, watcher) = (app.person("claimant").await, app.person("watcher").await);
        app.join(&watcher, &cast.association.organisation, Role::Viewer).await;
        let claim = app.done(&claimant, "claimOrganisation", content::claim(&imported)).await;
        let seen_by = async |person: &Person| {
            let seen = app.data(person.token(), "query($id: ID!) { claim(id: $id) { id claimant { name email } } }", json!({ "id": claim["id"] })).await;
            assert_eq!(seen["claim"]["id"], claim["id"]);
            seen["claim"]["claimant"]["email"] == json!(claimant.email)
        };
        assert!(seen_by(&claimant).await && seen_by(&cast.association).await && seen_by(&cast.administrator).await);
        assert!(!seen_by(&watcher).await, "who only reads for the association decides on nothing");
        app.done(&cast.association, "declineClaim", because(&claim, "Немає наказу")).await;
        assert!(seen_by(&claimant).await && seen_by(&cast.administrator).await);
        assert!(!seen_by(&cast.association).await, "it is decided");
        let account = app.data(claimant.token(), "{ viewer { account { id } } }", json!({})).await["viewer"]["account"]["id"].clone();
        let seen = app.data(cast.association.token(), "query($id: ID!) { node(id: $id) { id } }", json!({ "id": account })).await;
        assert_eq!(seen["node"], Value::Null, "an account is its person's alone");
    }

    async fn a_number_tells_no_more_of_a_sole_trader_than_that_it_is_taken(app) {
        let cast = app.cast().await;
        let number = (0..10).map(|check| format!("325481231{check}")).find(|number| Rnokpp::parse(number).is_ok_and(|code| code.checksum_valid())).expect("one check digit is right");
        let table = format!("key,supplier_id,supplier_name,title,cpv\n1,{number},ФОП Шевченко,Заміна водогону,{WATER_MAINS}\n");
        let options = Options { source: Source::parse("PROZORRO").expect("a source"), language: None, dry_run: false };
        let administrator = accounts::administrator(&app.app, None).await.expect("there is one");
        import_awards(&app.app, &administrator, &options, Cursor::new(table)).await.expect("a table");
        let trader = app.person("trader").await;
        app.confirm(&trader).await;
        let registration = |name: &str| with(organisation("BUSINESS", 86, name), json!({ "identifiers": [{ "scheme": "UA-RNOKPP", "id": number }] }));
        let ownerless = refusal(app, &trader, "registerOrganisation", registration("ФОП Шевченко")).await;
        assert_eq!(ownerless["code"], "ALREADY_EXISTS");
        let remedy = ownerless["remedy"].as_str().unwrap_or_default();
        assert!(remedy.contains("by name in organisations") && remedy.contains("write to the association"), "{remedy}");

        let found = app.data(trader.token(), "{ organisations(filter: { search: \"ФОП Шевченко\" }) { nodes { id claimable } } }", json!({})).await;
        let found = &found["organisations"]["nodes"][0];
        assert_eq!(found["claimable"], true);
        let claim = app.done(&trader, "claimOrganisation", content::claim(found)).await;
        app.confirms(&cast.association, &claim, "Паспорт бачили").await;
        let owned = refusal(app, &app.confirmed("curious").await, "registerOrganisation", registration("ФОП Інший")).await;
        assert_eq!(owned, ownerless);
    }

    async fn a_person_has_twenty_pending_claims_at_most_even_when_they_come_at_once(app) {
        let cast = app.cast().await;
        let mut recorded = Vec::new();
        for number in 100..122 {
            recorded.push(app.imported(number, "ТОВ «З реєстру»").await);
        }
        let person = app.person("collector").await;
        for organisation in &recorded[..19] {
            app.done(&person, "claimOrganisation", content::claim(organisation)).await;
        }
        let outcomes = join_all(recorded[19..].iter().map(|organisation| app.attempt(&person, "claimOrganisation", content::claim(organisation)))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|refusal| refusal == "BAD_USER_INPUT organisationId"), "{outcomes:?}");

        let other = app.person("other").await;
        app.done(&other, "claimOrganisation", content::claim(&recorded[21])).await;
        let free = outcomes.iter().position(Result::is_err).expect("two were refused") + 19;
        let pending = app.data(person.token(), "{ claims(first: 1) { nodes { id version } } }", json!({})).await;
        app.done(&cast.association, "declineClaim", because(&pending["claims"]["nodes"][0], "Немає наказу")).await;
        app.done(&person, "claimOrganisation", content::claim(&recorded[free])).await;
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
