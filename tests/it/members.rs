//! Who acts for an organisation: how people are invited, come and go, and what they may see of one another.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chrono::TimeDelta;
use entity::{Codes, account, invitation, membership};
use futures_util::future::join;
use mistok::app::App;
use mistok::auth::Role;
use mistok::config::Config;
use mistok::db::insert_many;
use mistok::ids::decode;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::on_both;
use crate::support::content::{self, organisation, step, with};
use crate::support::{Person, TestApp};

const OLHA: &str = "olha@mistok.example";
/// How often a race is run.
const MANY: usize = 8;

on_both! {
    async fn a_person_is_invited_acts_with_their_roles_and_is_refused_at_the_next_call_once_removed(app) {
        let cast = app.cast().await;
        let business = &cast.business;
        let invited = app.done(business, "inviteMember", with(invite(business, OLHA, &["EDITOR"]), json!({ "locale": "UK" }))).await;
        assert_eq!((&invited["state"], &invited["email"], &invited["roles"]), (&json!("PENDING"), &json!(OLHA), &json!(["EDITOR"])));
        let letter = app.letter_to(OLHA).await;
        assert!(letter.text().contains("від імені організації: ТОВ «Аква-Монтаж».") && letter.text().contains("редактор") && letter.text().contains("14 днів"), "{}", letter.text());

        // Without an account there is nothing to accept with yet.
        let (status, _, page) = app.page(letter.opened()).await;
        assert!(status == StatusCode::OK && page.contains("зареєструйтеся") && page.contains(OLHA) && page.contains("Аква-Монтаж"), "{page}");
        assert!(!page.contains("value=\"accept\"") && page.contains("value=\"decline\""), "{page}");
        let mut olha = app.person("olha").await;
        olha.organisation = business.organisation.clone();
        assert!(app.page(letter.opened()).await.2.contains("не підтверджено"));
        assert_eq!(app.page(letter.sent("answer=accept")).await.0, StatusCode::BAD_REQUEST, "somebody else may have signed up with it");
        assert_eq!(waiting(app, &olha).await, json!([]));
        app.confirm(&olha).await;
        assert_eq!(waiting(app, &olha).await, json!([{ "id": invited["id"], "roles": ["EDITOR"], "organisation": { "id": business.id() } }]));

        let (_, _, page) = app.page(letter.opened()).await;
        assert!(page.contains("value=\"accept\""), "{page}");
        assert_eq!(app.page(letter.sent("")).await.0, StatusCode::UNPROCESSABLE_ENTITY, "no button was pressed");
        let (status, _, page) = app.page(letter.sent("answer=accept")).await;
        assert!(status == StatusCode::OK && page.contains("прийнято"), "{page}");
        for again in [letter.opened(), letter.sent("answer=accept"), letter.sent("answer=decline")] {
            let (status, _, page) = app.page(again).await;
            assert!(status == StatusCode::OK && page.contains("Запрошення вже прийнято") && !page.contains("<form"), "{page}");
        }
        assert_eq!(waiting(app, &olha).await, json!([]));
        let own = app.data(olha.token(), "{ viewer { memberships { totalCount nodes { roles organisation { id } } } } }", json!({})).await;
        assert_eq!(own["viewer"]["memberships"], json!({ "totalCount": 1, "nodes": [{ "roles": ["EDITOR"], "organisation": { "id": business.id() } }] }));

        let work = |title: &str| with(content::past_work(&business.organisation), json!({ "title": title }));
        app.done(&olha, "addPastWork", work("Перша")).await;
        assert_eq!(app.refused(&olha, "inviteMember", invite(business, "other@mistok.example", &["VIEWER"])).await, "FORBIDDEN");
        let member = app.member(business, OLHA).await;
        app.proves_anew(business).await;
        let member = app.done(business, "changeMemberRoles", with(step(&member), json!({ "roles": ["VIEWER", "SIGNER", "VIEWER"] }))).await;
        assert_eq!(member["roles"], json!(["SIGNER", "VIEWER"]));
        let member = app.done(business, "changeMemberRoles", with(step(&member), json!({ "roles": ["VIEWER"] }))).await;
        assert_eq!(app.refused(&olha, "addPastWork", work("Друга")).await, "FORBIDDEN");
        assert_eq!(app.member(&olha, OLHA).await["roles"], json!(["VIEWER"]));
        app.done(business, "removeMember", step(&member)).await;
        assert_eq!(seen(app, &olha, business.id()).await, (false, false), "the membership is over at the next call");
        assert_eq!(app.refused(&olha, "addPastWork", work("Третя")).await, "FORBIDDEN");
        assert_eq!(app.refused(business, "removeMember", step(&member)).await, "NOT_FOUND id");

        app.settle().await;
        let told = app.data(cast.association.token(), "{ changes(first: 100, types: [MEMBER_INVITED, INVITATION_ACCEPTED, MEMBERSHIP_CHANGED, MEMBERSHIP_REVOKED]) { nodes { type } } }", json!({})).await;
        let told: Vec<&str> = told["changes"]["nodes"].as_array().expect("changes").iter().filter_map(|change| change["type"].as_str()).collect();
        assert_eq!(told, ["MEMBER_INVITED", "INVITATION_ACCEPTED", "MEMBERSHIP_CHANGED", "MEMBERSHIP_CHANGED", "MEMBERSHIP_REVOKED"]);
    }

    async fn an_invitation_is_answered_by_whom_it_is_for_and_once(app) {
        let cast = app.cast().await;
        let business = &cast.business;
        let invited = app.done(business, "inviteMember", invite(business, "OLHA@mistok.example", &["VIEWER"])).await;
        assert_eq!(app.refused(business, "inviteMember", invite(business, OLHA, &["EDITOR"])).await, "ALREADY_EXISTS email");
        let (olha, other) = (app.person("olha").await, app.person("other").await);
        app.confirm(&other).await;
        for person in [&olha, &other] {
            assert_eq!(app.refused(person, "acceptInvitation", step(&invited)).await, "NOT_FOUND id", "who has not confirmed the address, or has another");
        }
        assert_eq!(app.refused(business, "acceptInvitation", step(&invited)).await, "FORBIDDEN");
        app.confirm(&olha).await;
        assert_eq!(app.refused(&olha, "revokeInvitation", step(&invited)).await, "FORBIDDEN");
        let letter = app.letter_to("OLHA@mistok.example").await;
        let declined = app.done(&olha, "declineInvitation", step(&invited)).await;
        assert_eq!(declined["state"], "DECLINED");
        assert_eq!(app.refused(&olha, "acceptInvitation", step(&declined)).await, "INVALID_STATE");
        for (again, said) in [(letter.opened(), "You have declined this invitation already"), (letter.sent("answer=accept"), "Ви вже відмовилися від цього запрошення")] {
            let (status, _, page) = app.page(again).await;
            assert!(status == StatusCode::OK && page.contains(said), "by the link they read what they answered when signed in: {page}");
        }

        let invited = app.done(business, "inviteMember", invite(business, OLHA, &["VIEWER"])).await;
        let letter = app.letter_to("olha@mistok.example").await;
        let revoked = app.done(business, "revokeInvitation", step(&invited)).await;
        assert_eq!(app.page(letter.opened()).await.0, StatusCode::GONE);
        assert_eq!(app.page(letter.sent("answer=accept")).await.0, StatusCode::GONE);
        assert_eq!(app.refused(&olha, "acceptInvitation", step(&revoked)).await, "INVALID_STATE");
        assert_eq!(app.refused(business, "revokeInvitation", step(&revoked)).await, "INVALID_STATE");

        let invited = app.done(business, "inviteMember", invite(business, OLHA, &["VIEWER"])).await;
        let letter = app.letter_to(OLHA).await;
        let link = async { app.page(letter.sent("answer=accept")).await.2.contains("Запрошення прийнято") };
        let (by_link, by_call) = join(link, app.attempt(&olha, "acceptInvitation", step(&invited))).await;
        assert!(by_link != by_call.is_ok(), "one of two at once: {by_link} {by_call:?}");
        assert_eq!(app.refused(business, "inviteMember", invite(business, OLHA, &["EDITOR"])).await, "ALREADY_EXISTS email");
    }

    async fn invitations_are_no_letter_cannon(app) {
        let cast = app.cast().await;
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        let sent = async |owner: &Person, email: String| {
            let invited = app.attempt(owner, "inviteMember", invite(owner, &email, &["VIEWER"])).await?;
            app.done(owner, "revokeInvitation", step(&invited)).await;
            Ok::<_, String>(())
        };
        let braked = Err("RATE_LIMITED".to_owned());
        for turn in 0..10 {
            assert_eq!(sent(&founder, format!("{turn}@mistok.example")).await, Ok(()));
        }
        assert_eq!(sent(&founder, "11@mistok.example".to_owned()).await, braked, "ten from an organisation that nobody has checked");
        app.clock.advance(TimeDelta::minutes(15));
        for owner in [&founder, &cast.business, &cast.business, &founder, &cast.utility] {
            assert_eq!(sent(owner, OLHA.to_owned()).await, Ok(()));
        }
        let answer = app.ask(cast.donor.token(), &app.operations.mutation("inviteMember").document, json!({ "input": invite(&cast.donor, OLHA, &["VIEWER"]) })).await;
        let refused = &answer["errors"][0]["extensions"];
        assert_eq!((&refused["code"], &refused["retryAfter"]), (&json!("RATE_LIMITED"), &json!(24 * 60 * 60)), "five to one address, whoever invites: {answer}");
        for turn in 0..12 {
            assert_eq!(sent(&cast.business, format!("{turn}@mistok.example")).await, Ok(()), "who was checked invites its people");
        }
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(sent(&app.again(&cast.donor).await, OLHA.to_owned()).await, Ok(()));
    }

    async fn an_invitation_ends_by_itself_after_fourteen_days_and_can_be_sent_again(app) {
        let cast = app.cast().await;
        let invited = app.done(&cast.business, "inviteMember", invite(&cast.business, OLHA, &["VIEWER"])).await;
        let letter = app.letter_to(OLHA).await;
        app.clock.advance(TimeDelta::days(14) - TimeDelta::seconds(1));
        assert_eq!(app.page(letter.opened()).await.0, StatusCode::OK);
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(app.page(letter.opened()).await.0, StatusCode::GONE);
        let business = app.again(&cast.business).await;
        let state = async || {
            let seen = app.data(business.token(), "query($id: ID!) { node(id: $id) { ... on Invitation { state version } } }", json!({ "id": invited["id"] })).await;
            seen["node"].clone()
        };
        assert_eq!(state().await, json!({ "state": "EXPIRED", "version": 1 }), "before anybody has written it down");
        assert_eq!(app.refused(&business, "revokeInvitation", step(&invited)).await, "INVALID_STATE");
        app.settle().await;
        assert_eq!(state().await, json!({ "state": "EXPIRED", "version": 2 }));
        app.done(&business, "inviteMember", invite(&business, OLHA, &["VIEWER"])).await;
        assert_eq!(app.letters_to(OLHA).await.len(), 2);
    }

    async fn what_an_invitation_says_is_looked_at(app) {
        let cast = app.cast().await;
        let business = &cast.business;
        assert_eq!(app.refused(business, "inviteMember", invite(business, "olha", &["VIEWER"])).await, "BAD_USER_INPUT email");
        assert_eq!(app.refused(business, "inviteMember", invite(business, OLHA, &[])).await, "BAD_USER_INPUT roles");
        assert_eq!(app.refused(business, "inviteMember", invite(business, &business.email, &["VIEWER"])).await, "ALREADY_EXISTS email");
        let own = app.member(business, &business.email).await;
        assert_eq!(app.refused(business, "changeMemberRoles", with(step(&own), json!({ "roles": [] }))).await, "BAD_USER_INPUT roles");
    }

    async fn a_letter_names_no_organisation_that_nobody_has_verified(app) {
        let founder = app.founder("founder", organisation("BUSINESS", 70, "Ви виграли приз")).await;
        app.done(&founder, "inviteMember", with(invite(&founder, OLHA, &["VIEWER"]), json!({ "locale": "EN" }))).await;
        let letter = app.letter_to(OLHA).await;
        assert!(!letter.text().contains("приз") && letter.text().contains("nobody has verified"), "{}", letter.text());
    }

    async fn an_organisation_keeps_an_owner(app) {
        let cast = app.cast().await;
        let business = &cast.business;
        let own = app.member(business, &business.email).await;
        let leave = |row: &Value| json!({ "organisationId": business.id(), "expectedVersion": row["version"] });
        assert_eq!(app.refused(business, "leaveOrganisation", leave(&own)).await, "INVALID_STATE organisationId");
        assert_eq!(app.refused(business, "removeMember", step(&own)).await, "INVALID_STATE id");
        assert_eq!(app.refused(business, "changeMemberRoles", with(step(&own), json!({ "roles": ["SIGNER"] }))).await, "INVALID_STATE roles");
        let second = app.person("second").await;
        app.join(&second, &business.organisation, Role::Editor).await;
        assert_eq!(app.refused(business, "leaveOrganisation", leave(&own)).await, "INVALID_STATE organisationId", "an editor is no owner");
        let theirs = app.member(business, &second.email).await;
        app.proves_anew(business).await;
        app.done(business, "changeMemberRoles", with(step(&theirs), json!({ "roles": ["OWNER"] }))).await;
        app.done(business, "leaveOrganisation", leave(&own)).await;
        assert_eq!(app.refused(business, "leaveOrganisation", leave(&own)).await, "FORBIDDEN");
        assert_eq!(seen(app, business, business.id()).await, (false, false));
    }

    async fn of_two_owners_who_go_at_once_one_stays(app) {
        let cast = app.cast().await;
        let (first, mut second) = (&cast.business, app.person("second").await);
        second.organisation = first.organisation.clone();
        app.join(&second, &first.organisation, Role::Owner).await;
        app.proves_anew(first).await;
        app.proves_anew(&second).await;
        for turn in 0..MANY {
            let (mine, theirs) = (app.member(first, &first.email).await, app.member(first, &second.email).await);
            let leave = |row: &Value| json!({ "organisationId": first.id(), "expectedVersion": row["version"] });
            let outcomes = match turn % 3 {
                0 => join(app.attempt(first, "leaveOrganisation", leave(&mine)), app.attempt(&second, "leaveOrganisation", leave(&theirs))).await,
                1 => join(app.attempt(first, "removeMember", step(&theirs)), app.attempt(&second, "removeMember", step(&mine))).await,
                _ => join(
                    app.attempt(first, "changeMemberRoles", with(step(&mine), json!({ "roles": ["EDITOR"] }))),
                    app.attempt(&second, "changeMemberRoles", with(step(&theirs), json!({ "roles": ["EDITOR"] }))),
                )
                .await,
            };
            assert!(outcomes.0.is_ok() != outcomes.1.is_ok(), "{outcomes:?}");
            let gone = if (turn % 3 == 1) == outcomes.0.is_ok() { &second } else { first };
            let stays = if gone.email == first.email { &second } else { first };
            if turn % 3 == 2 {
                let row = app.member(stays, &gone.email).await;
                app.done(stays, "changeMemberRoles", with(step(&row), json!({ "roles": ["OWNER"] }))).await;
            } else {
                app.join(gone, &first.organisation, Role::Owner).await;
            }
        }
    }

    async fn who_was_an_owner_when_the_call_came_in_and_is_none_any_more_manages_nobody(app) {
        let cast = app.cast().await;
        let first = &cast.business;
        let mut people = Vec::new();
        for name in ["second", "third"] {
            let person = app.person(name).await;
            app.join(&person, &first.organisation, Role::Owner).await;
            people.push(person);
        }
        let (second, third) = (&people[0], &people[1]);
        app.proves_anew(first).await;
        for _ in 0..MANY {
            let (theirs, last) = (app.member(first, &second.email).await, app.member(first, &third.email).await);
            let (removed, demoted) = join(app.attempt(first, "removeMember", step(&theirs)), app.attempt(second, "changeMemberRoles", with(step(&last), json!({ "roles": ["VIEWER"] })))).await;
            assert!(removed.is_ok(), "{removed:?}");
            if let Ok(row) = &demoted {
                app.done(first, "changeMemberRoles", with(step(row), json!({ "roles": ["OWNER"] }))).await;
            } else {
                assert!(["FORBIDDEN", "NOT_FOUND id"].contains(&demoted.as_ref().expect_err("refused").as_str()), "{demoted:?}");
            }
            app.join(second, &first.organisation, Role::Owner).await;
        }
    }

    async fn members_are_seen_by_one_another_and_invitations_by_owners(app) {
        let cast = app.cast().await;
        let business = &cast.business;
        let (viewer, invited) = (app.person("viewer").await, app.person("olha").await);
        app.join(&viewer, &business.organisation, Role::Viewer).await;
        app.confirm(&invited).await;
        let invitation = app.done(business, "inviteMember", invite(business, OLHA, &["VIEWER"])).await;
        let member = app.member(business, &viewer.email).await;
        for (person, expected) in [
            (&Person::nobody(), (false, false)),
            (&cast.municipality, (false, false)),
            (&cast.donor, (false, false)),
            (&invited, (false, false)),
            (&viewer, (true, false)),
            (business, (true, true)),
            (&cast.association, (true, true)),
            (&cast.administrator, (true, true)),
        ] {
            assert_eq!(seen(app, person, business.id()).await, expected, "{}", person.email);
            let query = "query($member: ID!, $invitation: ID!) { member: node(id: $member) { id ... on Membership { member { email } } } invitation: node(id: $invitation) { id } }";
            let nodes = app.data(person.token(), query, json!({ "member": member["id"], "invitation": invitation["id"] })).await;
            let theirs = person.email == OLHA;
            assert_eq!((nodes["member"].is_object(), nodes["invitation"].is_object()), (expected.0, expected.1 || theirs), "{}", person.email);
        }
        let founder = app.confirmed("founder").await;
        let query = "mutation($input: RegisterOrganisationInput!) { registerOrganisation(input: $input) { organisation { members { nodes { roles member { email } } } invitations { totalCount } } } }";
        let answer = app.data(founder.token(), query, json!({ "input": organisation("BUSINESS", 71, "ТОВ «Своє»") })).await;
        let expected = json!({ "members": { "nodes": [{ "roles": ["OWNER", "SIGNER"], "member": { "email": founder.email } }] }, "invitations": { "totalCount": 0 } });
        assert_eq!(answer["registerOrganisation"]["organisation"], expected);
    }

    async fn who_gets_an_organisation_gets_none_of_those_whom_its_former_owners_invited(app) {
        let cast = app.cast().await;
        let impostor = app.founder("impostor", organisation("BUSINESS", 72, "ТОВ «Чуже»")).await;
        let accomplice = app.person("olha").await;
        app.confirm(&accomplice).await;
        app.proves_anew(&impostor).await;
        let invited = app.done(&impostor, "inviteMember", invite(&impostor, OLHA, &["OWNER"])).await;
        let letter = app.letter_to(OLHA).await;
        let refused = with(step(&impostor.organisation), json!({ "verified": false }));
        app.done(&cast.association, "verifyOrganisation", refused).await;
        let owner = app.person("owner").await;
        app.confirm(&owner).await;
        let claim = app.done(&owner, "claimOrganisation", content::claim(&impostor.organisation)).await;
        app.confirms(&cast.association, &claim, "Наказ бачили").await;
        assert_eq!(app.page(letter.sent("answer=accept")).await.0, StatusCode::GONE);
        assert_eq!(app.refused(&accomplice, "acceptInvitation", step(&invited)).await, "STALE_VERSION expectedVersion");
        assert_eq!(waiting(app, &accomplice).await, json!([]));
    }

    async fn a_thousand_members_and_invitations_come_in_pages_of_so_many_statements(app) {
        let cast = app.cast().await;
        let business = &cast.business;
        crowd(app, business, 1_000).await;
        let query = "query($id: ID!, $first: Int, $after: String) { organisation(id: $id) {
            members(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id roles member { name email } organisation { name } } }
            invitations(first: $first, after: $after) { totalCount nodes { id email state } } } }";
        let ask = async |first: u32| {
            app.data(business.token(), query, json!({ "id": business.id(), "first": first })).await;
            app.statements();
            let page = app.data(business.token(), query, json!({ "id": business.id(), "first": first })).await["organisation"].clone();
            let statements = app.statements();
            for list in ["members", "invitations"] {
                assert_eq!(page[list]["nodes"].as_array().map(Vec::len), Some(first as usize));
                assert!(page[list]["totalCount"].as_u64() >= Some(1_000));
            }
            statements
        };
        let (two, whole) = (ask(2).await, ask(100).await);
        assert_eq!(two.len(), whole.len(), "{}", whole.join("\n"));
        // The caller costs four; the organisation, its name again, two pages with their counts, and the people.
        assert!(whole.len() <= 11, "{} statements:\n{}", whole.len(), whole.join("\n"));

        let pages = "query($id: ID!, $after: String) { organisation(id: $id) { members(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { id } } } }";
        let (mut ids, mut after) = (std::collections::BTreeSet::new(), Value::Null);
        loop {
            let page = app.data(business.token(), pages, json!({ "id": business.id(), "after": after })).await["organisation"]["members"].clone();
            ids.extend(page["nodes"].as_array().expect("nodes").iter().map(|row| row["id"].to_string()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(ids.len(), 1_001);
        assert_eq!(app.refused(business, "inviteMember", invite(business, OLHA, &["VIEWER"])).await, "BAD_USER_INPUT organisationId", "a thousand wait");

        let own = "{ viewer { memberships(first: 100) { totalCount nodes { organisation { name } member { email } } } invitations(first: 100) { totalCount nodes { organisation { name } } } } }";
        app.data(business.token(), own, json!({})).await;
        app.statements();
        app.data(business.token(), own, json!({})).await;
        let statements = app.statements();
        assert!(statements.len() <= 11, "{} statements:\n{}", statements.len(), statements.join("\n"));
    }

    async fn a_request_for_one_organisation_has_the_rights_of_that_organisation_alone(app) {
        let cast = app.cast().await;
        let (business, municipality) = (&cast.business, &cast.municipality);
        let both = app.person("both").await;
        app.join(&both, &business.organisation, Role::Owner).await;
        app.join(&both, &municipality.organisation, Role::Editor).await;
        let need = app.done(municipality, "createNeed", json!({ "organisationId": municipality.id(), "need": content::need() })).await;
        let read = "query($id: ID!) { need(id: $id) { id } viewer { memberships { totalCount } } }";
        let write = &app.operations.mutation("createNeed").document;
        let input = json!({ "input": { "organisationId": municipality.id(), "need": content::need() } });
        for (named, may) in [(None, true), (Some(business.id()), false), (Some(municipality.id()), true)] {
            let names: Vec<&str> = named.iter().filter_map(|id| id.as_str()).collect();
            let (status, seen) = acting(app, &both, &names, read, json!({ "id": need["id"] })).await;
            assert_eq!((status, seen["data"]["need"].is_object()), (StatusCode::OK, may), "{seen}");
            assert_eq!(seen["data"]["viewer"]["memberships"]["totalCount"], 2, "what a person is a member of is theirs");
            let (_, written) = acting(app, &both, &names, write, input.clone()).await;
            assert_eq!(written["data"]["createNeed"]["userErrors"][0]["code"], if may { Value::Null } else { json!("FORBIDDEN") }, "{written}");
        }

        // Who watches over all or runs the platform does neither in the name of another organisation.
        let of_another = "query($id: ID!) { organisation(id: $id) { members { nodes { id } } } }";
        for watcher in [&cast.association, &cast.administrator] {
            let own = app.done(watcher, "registerOrganisation", organisation("BUSINESS", if watcher.email == cast.association.email { 73 } else { 74 }, "ТОВ «Інше»")).await;
            let seen = async |names: &[&str]| acting(app, watcher, names, of_another, json!({ "id": business.id() })).await.1["data"]["organisation"]["members"].is_object();
            assert!(seen(&[]).await && !seen(&[own["id"].as_str().expect("an id")]).await);
        }
    }

    async fn an_organisation_that_is_none_or_another_s_is_refused_before_anything_runs(app) {
        let cast = app.cast().await;
        let business = &cast.business;
        let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
        let (own, other) = (id(&business.organisation), id(&cast.municipality.organisation));
        let absent = mistok::ids::encode(mistok::ids::NodeKind::Organisation, app.app.ids.next(app.now())).to_string();
        let member = id(&app.member(business, &business.email).await);
        let write = &app.operations.mutation("addPastWork").document;
        let input = json!({ "input": content::past_work(&business.organisation) });
        for (names, status, code) in [
            (vec![""], StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            (vec!["організація"], StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            (vec![&member], StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            (vec![&own, &own], StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            (vec![&other], StatusCode::FORBIDDEN, "FORBIDDEN"),
            (vec![&absent], StatusCode::FORBIDDEN, "FORBIDDEN"),
        ] {
            let (found, answer) = acting(app, business, &names, write, input.clone()).await;
            let told = &answer["errors"][0]["extensions"];
            assert_eq!((found, &told["code"], &told["field"]), (status, &json!(code), &json!(["Mistok-Organisation"])), "{names:?} {answer}");
            assert!(told["remedy"].as_str().is_some_and(|remedy| remedy.contains("viewer.memberships")), "{answer}");
        }
        let (status, answer) = acting(app, &Person::nobody(), &[&own], "{ sectors { code } }", json!({})).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (StatusCode::UNAUTHORIZED, &json!("UNAUTHENTICATED")));
        let works = app.data(None, "query($id: ID!) { organisation(id: $id) { pastWorks { totalCount } } }", json!({ "id": own })).await;
        assert_eq!(works["organisation"]["pastWorks"]["totalCount"], 0, "nothing ran");
        assert_eq!(acting(app, business, &[&own], write, input).await.0, StatusCode::OK);
    }

    async fn pages_of_other_origins_may_name_the_organisation(app) {
        let config = Config { cors: vec!["https://partner.example".to_owned()], ..Config::clone(&app.app.config) };
        let open = App { config: Arc::new(config), ..app.app.clone() };
        let router = mistok::http::router(open, mistok::graphql::schema()).expect("the schema reads back");
        let preflight = Request::options("/graphql")
            .header(header::HOST, "localhost")
            .header(header::ORIGIN, "https://partner.example")
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "mistok-organisation");
        let answer = router.oneshot(preflight.body(Body::empty()).expect("a request")).await.expect("the router answers");
        let allowed = answer.headers()[header::ACCESS_CONTROL_ALLOW_HEADERS].to_str().expect("text");
        assert!(allowed.split(',').any(|name| name.trim() == "mistok-organisation"), "{allowed}");
    }
}

/// Asks with the header `Mistok-Organisation` once for each name; gives status and answer.
pub async fn acting(app: &TestApp, person: &Person, names: &[&str], query: &str, variables: Value) -> (StatusCode, Value) {
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT_LANGUAGE, "en");
    if let Some(token) = person.token() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    for name in names {
        request = request.header("Mistok-Organisation", *name);
    }
    app.send(request.body(Body::from(json!({ "query": query, "variables": variables }).to_string())).expect("a request")).await
}

fn invite(owner: &Person, email: &str, roles: &[&str]) -> Value {
    json!({ "organisationId": owner.id(), "email": email, "roles": roles })
}

/// The invitations that await a person's answer.
async fn waiting(app: &TestApp, person: &Person) -> Value {
    let data = app.data(person.token(), "{ viewer { invitations { nodes { id roles organisation { id } } } } }", json!({})).await;
    data["viewer"]["invitations"]["nodes"].clone()
}

/// Whether a person sees the members and the invitations of an organisation.
async fn seen(app: &TestApp, person: &Person, organisation: &Value) -> (bool, bool) {
    let data = app.data(person.token(), "query($id: ID!) { organisation(id: $id) { members { nodes { id } } invitations { nodes { id } } } }", json!({ "id": organisation })).await;
    (data["organisation"]["members"].is_object(), data["organisation"]["invitations"].is_object())
}

/// So many members and pending invitations of an organisation, written as rows: their passwords would take minutes.
async fn crowd(app: &TestApp, owner: &Person, many: u32) {
    let organisation = decode(owner.id().as_str().expect("an id")).expect("an id of ours").1;
    let (now, next) = (app.now(), || app.app.ids.next(app.now()));
    let (mut accounts, mut members, mut invitations) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..many {
        let (id, email): (Uuid, String) = (next(), format!("crowd{number}@mistok.example"));
        accounts.push(account::ActiveModel {
            id: Set(id),
            email: Set(email.clone()),
            email_key: Set(email.clone()),
            name: Set(format!("Людина {number}")),
            password_hash: Set(entity::account::PasswordHash(String::new())),
            administrator: Set(false),
            locale: Set("uk".to_owned()),
            email_confirmed_at: Set(Some(now)),
            erased_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
            version: Set(1),
        });
        members.push(membership::ActiveModel {
            id: Set(next()),
            account_id: Set(id),
            organisation_id: Set(organisation),
            roles: Set(Codes(vec!["VIEWER".to_owned()])),
            created_at: Set(now),
            updated_at: Set(now),
            version: Set(1),
        });
        invitations.push(invitation::ActiveModel {
            id: Set(next()),
            organisation_id: Set(organisation),
            email: Set(format!("not.{email}")),
            email_key: Set(format!("not.{email}")),
            roles: Set(Codes(vec!["VIEWER".to_owned()])),
            locale: Set("uk".to_owned()),
            state: Set(invitation::State::Pending),
            live: Set(Some(true)),
            expires_at: Set(now + TimeDelta::days(14)),
            decided_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
            version: Set(1),
        });
    }
    let transaction = app.app.db.begin().await.expect("begins");
    insert_many(&transaction, accounts).await.expect("writes");
    insert_many(&transaction, members).await.expect("writes");
    insert_many(&transaction, invitations).await.expect("writes");
    transaction.commit().await.expect("commits");
}
