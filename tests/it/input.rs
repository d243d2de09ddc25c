//! Bad input: a coded error that names the field, never a fault of ours, and never a database's words.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, edrpou, organisation, step, with};
use crate::support::{Cast, Person};

/// What only a database or its driver would say.
const DATABASE_WORDS: [&str; 12] =
    ["sqlite", "postgres", "syntax error", "relation \"", "constraint", "sqlx", "sea_orm", "seaorm", "panicked", "select ", "insert into", "operator does not exist"];

on_both! {
    async fn a_request_that_is_no_request_is_answered_with_a_code(app) {
        for (body, kind, status, code) in [
            ("{\"query\": ", "application/json", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            ("", "application/json", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            ("null", "application/json", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            ("[{\"query\": \"{ sectors { code } }\"}]", "application/json", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            ("{\"query\": 7}", "application/json", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            ("{\"query\": \"{ sectors { code } }\", \"variables\": []}", "application/json", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            ("{\"query\": \"{ sectors { code } }\"}", "text/plain", StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE"),
            ("query=%7B%20sectors%20%7B%20code%20%7D%20%7D", "application/x-www-form-urlencoded", StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE"),
            ("{\"query\": \"{ sectors { code }\"}", "application/json", StatusCode::OK, "GRAPHQL_SYNTAX"),
            ("{\"query\": \"{ sectors { kode } }\"}", "application/json", StatusCode::OK, "GRAPHQL_VALIDATION"),
            ("{\"query\": \"\"}", "application/json", StatusCode::OK, "GRAPHQL_SYNTAX"),
            ("{\"query\": \"\\u0000\"}", "application/json", StatusCode::OK, "GRAPHQL_SYNTAX"),
        ] {
            let request = Request::post("/graphql").header(header::CONTENT_TYPE, kind).body(Body::from(body)).expect("a request");
            let answer = app.send(request).await;
            assert_eq!((answer.0, &answer.1["errors"][0]["extensions"]["code"]), (status, &json!(code)), "{kind} {body}: {}", answer.1);
            clean(body, &answer.1);
        }
    }

    async fn a_body_that_is_not_text_or_too_large_is_refused(app) {
        let request = |body: Vec<u8>| Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").body(Body::from(body)).expect("a request");
        let (status, answer) = app.send(request(b"{\"query\": \"\xff\xfe\"}".to_vec())).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (StatusCode::BAD_REQUEST, &json!("BAD_USER_INPUT")));
        let large = json!({ "query": "{ sectors { code } }", "variables": { "x": "я".repeat(200 * 1024) } }).to_string().into_bytes();
        let (status, answer) = app.send(request(large)).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("PAYLOAD_TOO_LARGE")));
    }

    async fn a_mutation_over_get_is_refused(app) {
        let request = Request::get("/graphql?query=mutation%7BsignOut%7BaccountId%7D%7D").header(header::ACCEPT, "application/json").body(Body::empty()).expect("a request");
        let (status, answer) = app.send(request).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (StatusCode::METHOD_NOT_ALLOWED, &json!("METHOD_NOT_ALLOWED")));
    }

    async fn a_page_has_one_to_a_hundred_rows(app) {
        for list in ["organisations", "programmes", "needs", "projects", "calls", "interests", "claims", "territories", "changes"] {
            for first in ["0", "-1", "101", "2147483647", "2147483648", "99999999999999999999", "1.5", "\"7\""] {
                let inner = if list == "territories" { "code" } else if list == "changes" { "cursor" } else { "id" };
                let answer = app.ask(None, &format!("{{ {list}(first: {first}) {{ nodes {{ {inner} }} }} }}"), json!({})).await;
                refused(&format!("{list} {first}"), &answer, &["first"]);
            }
            let inner = if list == "territories" { "code" } else if list == "changes" { "cursor" } else { "id" };
            let query = format!("query($first: Int) {{ {list}(first: $first) {{ nodes {{ {inner} }} }} }}");
            for first in [json!(0), json!(2_147_483_648_u64), json!(-1), json!("7"), json!(1.5), json!(true), json!([1, 2])] {
                let answer = app.ask(None, &query, json!({ "first": first })).await;
                refused(&format!("{list} {first}"), &answer, &["first"]);
            }
        }
    }

    async fn a_wrong_argument_of_a_query_is_named(app) {
        let owner = app.founder("owner", organisation("BUSINESS", 1, "ТОВ «Ввід»")).await;
        let id = owner.id().as_str().expect("an id");
        let long = "я".repeat(7_000);
        for (field, query) in [
            ("id", "{ node(id: \"\") { id } }".to_owned()),
            ("id", "{ node(id: \"../../etc/passwd\") { id } }".to_owned()),
            ("id", "{ node(id: 7) { id } }".to_owned()),
            ("ids.0", "{ nodes(ids: [\"x\"]) { id } }".to_owned()),
            ("id", format!("{{ need(id: \"{id}\") {{ id }} }}")),
            ("workPackage", format!("{{ whyNot(organisation: \"{id}\", workPackage: \"{id}\") {{ passes }} }}")),
            ("after", "{ organisations(after: \"bm9wZQ\") { nodes { id } } }".to_owned()),
            ("after", "{ changes(after: \"bm9wZQ\") { nodes { cursor } } }".to_owned()),
            ("after", "{ changes(after: \"c2VxOi0x\") { nodes { cursor } } }".to_owned()),
            ("code", "{ territory(code: \"UA7300000000004492\") { code } }".to_owned()),
            ("code", "{ territory(code: \"UA73000000000044923\\u0000\") { code } }".to_owned()),
            ("filter.search", format!("{{ needs(filter: {{ search: \"{long}\" }}) {{ nodes {{ id }} }} }}")),
            ("filter.search", "{ organisations(filter: { search: \"a\\u0000b\" }) { nodes { id } } }".to_owned()),
            ("filter", "{ organisations(filter: { kind: [BAKERY] }) { nodes { id } } }".to_owned()),
            ("filter.updatedAt.gte", "{ needs(filter: { updatedAt: { gte: \"учора\" } }) { nodes { id } } }".to_owned()),
            ("filter.updatedAt.gte", "{ needs(filter: { updatedAt: { gte: \"+12345-01-01T00:00:00Z\" } }) { nodes { id } } }".to_owned()),
            ("filter.updatedAt.lte", "{ projects(filter: { updatedAt: { lte: \"1899-12-31T23:59:59Z\" } }) { nodes { id } } }".to_owned()),
            ("filter.updatedAt.lte", "{ organisations(filter: { updatedAt: { lte: \"2200-12-31T23:59:59-01:00\" } }) { nodes { id } } }".to_owned()),
            ("filter.closesAt.lte", "{ calls(filter: { closesAt: { lte: \"-0001-01-01T00:00:00Z\" } }) { nodes { id } } }".to_owned()),
            ("filter.kind", format!("{{ organisations(filter: {{ kind: [{}] }}) {{ nodes {{ id }} }} }}", "CSO ".repeat(101))),
            ("filter.state", format!("{{ interests(filter: {{ state: [{}] }}) {{ nodes {{ id }} }} }}", "DRAFT ".repeat(101))),
            ("filter.sector", format!("{{ needs(filter: {{ sector: [{}] }}) {{ nodes {{ id }} }} }}", "\"energy\" ".repeat(101))),
            ("filter.sector", "{ needs(filter: { sector: [\"a\\u0000b\"] }) { nodes { id } } }".to_owned()),
            ("types", format!("{{ changes(types: [{}]) {{ nodes {{ cursor }} }} }}", "NEED_DRAFTED ".repeat(101))),
            ("reference", "{ need(reference: \"N-2026-\\u0000\") { id } }".to_owned()),
            ("reference", "{ project(reference: \"a\\u0000b\") { id } }".to_owned()),
            ("externalId", "{ project(externalId: { scheme: \"DREAM\", id: \"a\\u0000b\" }) { id } }".to_owned()),
            ("code", "{ classification(scheme: CPV, code: \"a\\u0000b\") { code } }".to_owned()),
            ("code", "{ classification(scheme: CPV, code: \"abc\") { code } }".to_owned()),
            ("code", "{ classification(scheme: CPV, code: \"45330000-1\") { code } }".to_owned()),
            ("code", "{ classification(scheme: KVED, code: \"4322\") { code } }".to_owned()),
            ("search", "{ classifications(scheme: CPV, search: \"a\\u0000b\") { nodes { code } } }".to_owned()),
            ("search", "{ territories(search: \"a\\u0000b\") { nodes { code } } }".to_owned()),
            ("filter.budget.lte", "{ projects(filter: { budget: { currency: \"UAH\", lte: \"0.001\" } }) { nodes { id } } }".to_owned()),
            ("filter", "{ projects(filter: { budget: { currency: \"UAH\", gte: 5 } }) { nodes { id } } }".to_owned()),
            ("filter.or.1.updatedAt.lte", "{ needs(filter: { or: [{}, { updatedAt: { gte: \"2026-02-01T00:00:00Z\", lte: \"2026-02-30T00:00:00Z\" } }] }) { nodes { id } } }".to_owned()),
            ("filter.updatedAt.gte", "{ needs(filter: { updatedAt: { gte: \"2026-02-30T00:00:00Z\" } }) { nodes { id } } }".to_owned()),
            ("filter", "{ projects(filter: { budget: { currency: \"XYZ\" } }) { nodes { id } } }".to_owned()),
            ("filter.budget.gte", "{ projects(filter: { budget: { currency: \"UAH\", gte: \"0.001\" } }) { nodes { id } } }".to_owned()),
            ("orderBy", "{ needs(orderBy: [{ field: REFERENCE, direction: ASC }, { field: REFERENCE, direction: ASC }, { field: REFERENCE, direction: ASC }, { field: REFERENCE, direction: ASC }]) { nodes { id } } }".to_owned()),
            ("orderBy", "{ needs(orderBy: [{ field: COLOUR, direction: ASC }]) { nodes { id } } }".to_owned()),
            ("identifier.id", "{ organisation(identifier: { scheme: \"UA-EDR\", id: \"x\" }) { id } }".to_owned()),
            ("identifier.scheme", "{ organisation(identifier: { scheme: \"'; DROP TABLE need; --\", id: \"1\" }) { id } }".to_owned()),
            ("id", "{ organisation { id } }".to_owned()),
        ] {
            let answer = app.ask(None, &query, json!({})).await;
            refused(&query, &answer, &[field]);
        }
    }

    async fn a_code_that_is_in_no_list_is_told_where_a_list_is_asked_for_it(app) {
        for (field, query) in [
            ("filter.sector.1", "{ needs(filter: { sector: [\"energy\", \"magic\"] }) { nodes { id } } }"),
            ("filter.not.sector.0", "{ projects(filter: { not: { sector: [\"magic\"] } }) { nodes { id } } }"),
            ("filter.territoryUnder", "{ needs(filter: { territoryUnder: \"UA99000000000044923\" }) { nodes { id } } }"),
            ("filter.or.1.and.0.territoryUnder", "{ projects(filter: { or: [{}, { and: [{ territoryUnder: \"UA99000000000044923\" }] }] }) { nodes { id } } }"),
            ("filter.territoryUnder", "{ organisations(filter: { territoryUnder: \"UA99000000000044923\" }) { nodes { id } } }"),
            ("under", "{ territories(under: \"UA99000000000044923\") { nodes { code } } }"),
        ] {
            let answer = app.ask(None, query, json!({})).await;
            let extensions = &answer["errors"][0]["extensions"];
            let path: Vec<&str> = extensions["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            assert_eq!((&extensions["code"], path.join(".").as_str()), (&json!("UNKNOWN_CODE"), field), "{query}: {answer:#}");
        }
    }

    async fn a_classification_is_asked_for_by_a_code_of_its_form(app) {
        let found = async |scheme: &str, code: &str| {
            let data = app.data(None, &format!("{{ classification(scheme: {scheme}, code: \"{code}\") {{ code }} }}"), json!({})).await;
            data["classification"]["code"].as_str().map(str::to_owned)
        };
        for code in ["45330000", "45330000-9", " 45330000-9 "] {
            assert_eq!(found("CPV", code).await.as_deref(), Some("45330000-9"), "{code}");
        }
        assert_eq!(found("KVED", "43.22").await.as_deref(), Some("43.22"));
        for (scheme, unknown) in [("CPV", "45999999-1"), ("CPV", "45999999"), ("KVED", "99.98")] {
            assert_eq!(found(scheme, unknown).await, None, "{unknown} has the form of a code");
        }
        let answer = app.ask(None, "{ classification(scheme: CPV, code: \"45330000-1\") { code } }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["remedy"], "Did you mean 45330000-9?");
    }

    async fn a_search_of_a_hundred_thousand_characters_is_refused(app) {
        let query = "query($words: String!) { organisations(filter: { search: $words }) { nodes { id } } }";
        let answer = app.ask(None, query, json!({ "words": "я".repeat(100_000) })).await;
        refused("a long search", &answer, &["filter.search", "words"]);
        let answer = app.ask(None, "query($words: String!) { territories(search: $words) { nodes { code } } }", json!({ "words": "я".repeat(100_000) })).await;
        refused("a long search of territories", &answer, &["search"]);
    }

    async fn a_wrong_value_of_a_mutation_is_named(app) {
        let cast = app.cast().await;
        let mut wrong = Vec::new();
        for (mutation, field, input) in of_people_and_businesses(&cast).into_iter().chain(of_needs_and_projects(&cast)) {
            let document = &app.operations.mutation(mutation).document;
            let answer = app.ask(cast_member(&cast, mutation).token(), document, json!({ "input": input })).await;
            clean(mutation, &answer);
            let refusal = match answer["errors"].get(0) {
                Some(error) => (&error["extensions"]["code"], &error["extensions"]["field"]),
                None => (&answer["data"][mutation]["userErrors"][0]["code"], &answer["data"][mutation]["userErrors"][0]["field"]),
            };
            let path: Vec<&str> = refusal.1.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let path = path.join(".");
            if !matches!(refusal.0.as_str(), Some("BAD_USER_INPUT" | "UNKNOWN_CODE" | "IDENTIFIER_CHECKSUM")) {
                wrong.push(format!("{mutation} was not refused for {field}: {input}: {answer}"));
            }
            if path != field {
                wrong.push(format!("{mutation} names {path:?} instead of {field:?}: {answer}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn a_call_opens_and_closes_in_the_years_that_are_held(app) {
        let cast = app.cast().await;
        let project = app.structured_project(&cast.municipality, &[]).await;
        let packages = app.packages(&cast.municipality, &project).await;
        let call = content::call(&packages.iter().collect::<Vec<_>>(), app.now() + chrono::TimeDelta::days(30));
        for moment in ["завтра", "2027-02-30T00:00:00Z"] {
            let input = json!({ "projectId": project["id"], "call": with(call.clone(), json!({ "closesAt": moment })) });
            let answer = app.ask(cast.municipality.token(), &app.operations.mutation("createCall").document, json!({ "input": input })).await;
            assert_eq!(answer["errors"][0]["extensions"]["field"], json!(["call", "closesAt"]), "{moment}: {answer:#}");
        }
        for (field, moment) in [("closesAt", "+12345-01-01T00:00:00Z"), ("closesAt", "2201-01-01T00:00:00Z"), ("opensAt", "-4713-01-01T00:00:00Z"), ("opensAt", "1900-01-01T00:00:00+02:00")] {
            let input = json!({ "projectId": project["id"], "call": with(call.clone(), json!({ field: moment })) });
            assert_eq!(app.refused(&cast.municipality, "createCall", input).await, format!("BAD_USER_INPUT call.{field}"), "{moment}");
        }
    }

    async fn a_person_is_told_at_once_of_all_that_is_wrong(app) {
        let cast = app.cast().await;
        let project = app.structured_project(&cast.municipality, &[]).await;
        let hryvnias = content::hryvnias;
        let wrong = with(content::water_package(), json!({ "title": {}, "endsOn": "2020-01-01", "cpv": ["99000000"] }));
        for (person, mutation, input, fields) in [
            (&Person::nobody(), "signUp", json!({ "email": "не адреса", "name": "", "password": "коротко" }), vec!["email", "name", "password"]),
            (
                &cast.business,
                "registerOrganisation",
                with(organisation("BUSINESS", 81, " "), json!({ "identifiers": [{ "scheme": "UA-EDR", "id": "1" }, { "scheme": "x", "id": "1" }], "activities": ["42.21", "04.11"] })),
                vec!["name", "identifiers.0.id", "identifiers.1.scheme", "activities.1"],
            ),
            (
                &cast.municipality,
                "createProject",
                json!({ "organisationId": cast.municipality.id(), "project": with(content::project(), json!({ "title": {}, "sector": "magic" })), "workPackages": [content::design_package(), wrong] }),
                vec!["project.title", "project.sector", "workPackages.1.title", "workPackages.1.cpv.0", "workPackages.1.endsOn"],
            ),
            (
                &cast.municipality,
                "createNeed",
                json!({ "organisationId": cast.municipality.id(), "need": with(content::need(), json!({
                    "title": {}, "sector": "magic", "peopleAffected": -1, "territory": content::HOSHCHA, "costMin": hryvnias("0.001"), "costMax": hryvnias("-1"), "fundingGap": null
                })) }),
                vec!["need.title", "need.sector", "need.territory", "need.peopleAffected", "need.costMin.amount", "need.costMax.amount"],
            ),
            (
                &cast.municipality,
                "createNeed",
                json!({ "organisationId": cast.municipality.id(), "need": with(content::need(), json!({
                    "title": {}, "costMin": hryvnias("1"), "costMax": { "amount": "2", "currency": "EUR" }, "fundingGap": hryvnias("1")
                })) }),
                vec!["need.title", "need.costMax.currency"],
            ),
            (
                &cast.municipality,
                "createProject",
                json!({ "organisationId": cast.municipality.id(), "project": content::project(), "workPackages": [with(content::water_package(), json!({
                    "title": {}, "budget": hryvnias("-1"), "requirements": [{ "kind": "LARGEST_CONTRACT", "amount": hryvnias("-1") }, { "kind": "SIMILAR_WORKS", "code": "x" }]
                }))] }),
                vec!["workPackages.0.title", "workPackages.0.budget.amount", "workPackages.0.requirements.0.amount.amount", "workPackages.0.requirements.1.code", "workPackages.0.requirements.1.count"],
            ),
            (
                &cast.municipality,
                "createCall",
                json!({ "projectId": project["id"], "call": {
                    "workPackageIds": [], "text": { "uk": "\u{7}", "en": "\u{7}" }, "opensAt": "2201-01-01T00:00:00Z", "closesAt": "1899-01-01T00:00:00Z", "responseDays": 91,
                    "criteria": [{ "name": " ", "weight": 0 }, { "name": "", "weight": 100 }]
                } }),
                vec!["call.text.uk", "call.text.en", "call.workPackageIds", "call.closesAt", "call.opensAt", "call.responseDays", "call.criteria.0.name", "call.criteria.0.weight", "call.criteria.1.name"],
            ),
            (
                &cast.business,
                "declareCapability",
                json!({ "organisationId": cast.business.id(), "expectedVersion": cast.business.organisation["version"], "cpv": ["99000000"], "largestContract": hryvnias("-1"), "staff": -1,
                    "freeFrom": "2027-01-02", "freeTo": "2027-01-01", "languages": ["не код"], "certificates": [{ "code": "", "name": "" }] }),
                vec!["cpv.0", "largestContract.amount", "certificates.0.code", "certificates.0.name", "languages.0", "staff", "freeTo"],
            ),
            (
                &cast.business,
                "addPastWork",
                with(content::past_work(&cast.business.organisation), json!({ "title": "", "value": hryvnias("-1") })),
                vec!["title", "value.amount"],
            ),
            (
                &cast.donor,
                "createProgramme",
                json!({ "programme": { "name": {}, "funderId": cast.donor.id(), "envelope": hryvnias("-1") } }),
                vec!["programme.name", "programme.envelope.amount"],
            ),
        ] {
            let answer = app.ask(person.token(), &app.operations.mutation(mutation).document, json!({ "input": input })).await;
            let path = |error: &Value| error["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(".");
            let told: Vec<String> = answer["data"][mutation]["userErrors"].as_array().into_iter().flatten().map(path).collect();
            assert_eq!(told, fields, "{mutation}: {answer:#}");
        }
    }

    async fn a_refusal_is_told_in_the_callers_language_with_what_mends_it(app) {
        for (query, message, remedy) in [
            ("{ projects(first: 2147483648) { nodes { id } } }", "Значення поля first не підходить.", "Візьміть від 1 до 100; без first буде 20."),
            ("{ need(id: true) { id } }", "Значення поля id не підходить.", "Дайте id таким, яким його повернув запит."),
            ("{ need(id: \"x\") { id } }", "Такого id тут немає.", "Дайте id типу Need таким, яким його повернув запит."),
            ("{ organisations(filter: { kind: [BAKERY] }) { nodes { id } } }", "Значення BAKERY у переліку OrganisationKind немає.", "Візьміть значення типу OrganisationKind зі схеми: /schema.graphql."),
        ] {
            let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT_LANGUAGE, "uk");
            let (_, answer) = app.send(request.body(Body::from(json!({ "query": query }).to_string())).expect("a request")).await;
            let error = &answer["errors"][0];
            assert_eq!((&error["message"], &error["extensions"]["remedy"]), (&json!(message), &json!(remedy)), "{query}");
        }
    }
}

fn cast_member<'a>(cast: &'a Cast, mutation: &str) -> &'a Person {
    match mutation {
        "createNeed" | "updateNeed" | "createProject" => &cast.municipality,
        "createProgramme" => &cast.donor,
        _ => &cast.business,
    }
}

/// A mutation with one wrong value, and the field that is to be named.
type Wrong = (&'static str, &'static str, Value);

fn of_people_and_businesses(cast: &Cast) -> Vec<Wrong> {
    let sign_up = |more: Value| ("signUp", with(json!({ "email": "new@mistok.example", "name": "Нова", "password": "чотири слова поспіль" }), more));
    let register = |more: Value| ("registerOrganisation", with(organisation("BUSINESS", 80, "ТОВ «Нове»"), more));
    let identified = |scheme: &str, id: &str| register(json!({ "identifiers": [{ "scheme": scheme, "id": id }] }));
    let wrong_check = (0..10).map(|check| format!("{}{check}", &edrpou(80)[..7])).find(|code| *code != edrpou(80)).expect("nine are wrong");
    let work = |more: Value| ("addPastWork", with(content::past_work(&cast.business.organisation), more));
    let paid = |amount: &str, currency: &str| work(json!({ "value": { "amount": amount, "currency": currency } }));
    let declare = |more: Value| ("declareCapability", with(content::capability(&cast.business.organisation), more));
    wrong(vec![
        ("excludedCpv.1", declare(json!({ "cpv": ["45231300-8"], "excludedCpv": ["45000000-7", "45231300-8"] }))),
        ("email", sign_up(json!({ "email": "не адреса" }))),
        ("email", sign_up(json!({ "email": "a\u{0}b@mistok.example" }))),
        ("email", sign_up(json!({ "email": format!("{}@mistok.example", "a".repeat(300)) }))),
        ("name", sign_up(json!({ "name": " \u{a0} " }))),
        ("email", sign_up(json!({ "email": "a@x..example" }))),
        ("name", sign_up(json!({ "name": "\u{200b}\u{2060}" }))),
        ("name", sign_up(json!({ "name": "Нова\nлюдина" }))),
        ("name", sign_up(json!({ "name": 7 }))),
        ("password", sign_up(json!({ "password": "коротко" }))),
        ("password", sign_up(json!({ "password": "д".repeat(10_000) }))),
        ("locale", sign_up(json!({ "locale": "FR" }))),
        ("kind", register(json!({ "kind": "BAKERY" }))),
        ("name", register(json!({ "name": {} }))),
        ("name.uk", register(json!({ "name": { "uk": "a\u{0}b" } }))),
        ("name.uk", register(json!({ "name": { "uk": "я".repeat(20_000) } }))),
        ("name", register(json!({ "name": { "uk": "\u{3164}", "en": "\u{feff}" } }))),
        ("name.uk", register(json!({ "name": { "uk": "ТОВ «\u{202e}еволС\u{202c}»" } }))),
        ("name.en", register(json!({ "name": { "en": "Aqua\nLtd" } }))),
        ("identifiers", register(json!({ "identifiers": [] }))),
        ("identifiers.0.id", identified("UA-EDR", "1234567")),
        ("identifiers.0.id", identified("UA-EDR", &wrong_check)),
        ("identifiers.0.id", identified("UA-RNOKPP", "1234567890")),
        ("identifiers.0.id", identified("UA-RNOKPP", "0000000000")),
        ("identifiers.0.id", identified("UA-EDR", "00000000")),
        ("identifiers.0.scheme", identified("X-PROZORRO", "1")),
        ("identifiers.0.scheme", identified("x-prozorro", "1")),
        ("identifiers.0.id", identified("PL-REGON", "1\n2")),
        ("identifiers.0.scheme", identified("UA-NONE", "1")),
        ("territory", register(json!({ "territory": "UA00000000000000000" }))),
        ("territory", register(json!({ "territory": "Хотин" }))),
        ("activities.0", register(json!({ "activities": ["04.11"] }))),
        ("activities", register(json!({ "activities": vec!["42.21"; 201] }))),
        ("identifiers", register(json!({ "identifiers": vec![json!({ "scheme": "PL-REGON", "id": "1" }); 21] }))),
        ("identifiers.0.id", identified("PL-REGON", "1\u{0}2")),
        ("contactEmail", register(json!({ "contactEmail": "a\u{0}b@mistok.example" }))),
        ("contactEmail", register(json!({ "contactEmail": "тел. 044 000 00 00" }))),
        ("contactEmail", ("updateOrganisation", with(step(&cast.business.organisation), json!({ "contactEmail": "office" })))),
        ("password", ("signIn", json!({ "email": "a\u{0}b@mistok.example", "password": "чотири слова поспіль" }))),
        ("password", ("signIn", json!({ "email": "nobody@mistok.example", "password": "чотири\u{0}слова" }))),
        ("activities.0", register(json!({ "activities": ["abc"] }))),
        ("value.amount", paid("NaN", "UAH")),
        ("value.amount", paid("1e400", "UAH")),
        ("value.amount", paid("1234567890123456789012345678901234567890", "UAH")),
        ("value.amount", paid("1234567890123456.00", "UAH")),
        ("value.amount", paid("1.001", "UAH")),
        ("value.amount", paid("1.5", "JPY")),
        ("value.amount", paid("-1", "UAH")),
        ("value.amount", paid("-0", "UAH")),
        ("value.amount", paid("+1", "UAH")),
        ("value.amount", paid("1_000", "UAH")),
        ("value.amount", paid(" 1", "UAH")),
        ("value.amount", paid("1 ", "UAH")),
        ("value.amount", work(json!({ "value": { "amount": 12, "currency": "UAH" } }))),
        ("value.amount", work(json!({ "value": { "amount": 0.1, "currency": "UAH" } }))),
        ("value.amount", work(json!({ "value": { "currency": "UAH" } }))),
        ("value.colour", work(json!({ "value": { "amount": "1", "currency": "UAH", "colour": 1 } }))),
        ("buyerName", work(json!({ "buyerName": "a\u{0}b" }))),
        ("cpv", declare(json!({ "cpv": vec![content::WATER_MAINS; 201] }))),
        ("excludedCpv", declare(json!({ "excludedCpv": vec![content::WATER_MAINS; 201] }))),
        ("serviceArea", declare(json!({ "serviceArea": vec![content::KHOTYN; 201] }))),
        ("serviceArea.0", declare(json!({ "serviceArea": ["UA00000000000000000"] }))),
        ("languages", declare(json!({ "languages": vec!["uk"; 51] }))),
        ("languages.1", declare(json!({ "languages": ["uk", "a\u{0}"] }))),
        ("contributions", declare(json!({ "contributions": vec!["CASH"; 21] }))),
        ("certificates", declare(json!({ "certificates": vec![json!({ "code": "ISO-9001", "name": "x" }); 201] }))),
        ("certificates.0.code", declare(json!({ "certificates": [{ "code": "ISO\u{0}", "name": "x" }] }))),
        ("certificates.0.name", declare(json!({ "certificates": [{ "code": "ISO-9001", "name": "а\u{2066}б" }] }))),
        ("certificates.0.issuer", declare(json!({ "certificates": [{ "code": "ISO-9001", "name": "x", "issuer": "а\nб" }] }))),
        ("value.amount", work(json!({ "value": { "amount": true, "currency": "UAH" } }))),
        ("value.currency", paid("1", "XXZ")),
        ("value.currency", paid("1", "uah")),
        ("awardedOn", work(json!({ "awardedOn": "2025-02-30" }))),
        ("awardedOn", work(json!({ "awardedOn": "15.05.2025" }))),
        ("awardedOn", work(json!({ "awardedOn": "+2025-01-01" }))),
        ("awardedOn", work(json!({ "awardedOn": "2025-1-1" }))),
        ("awardedOn", work(json!({ "awardedOn": "2099-01-01" }))),
        ("cpv", work(json!({ "cpv": "99999999" }))),
        ("cpv", work(json!({ "cpv": "4523" }))),
        ("language", work(json!({ "language": "українська мова" }))),
        ("category", work(json!({ "category": "MAGIC" }))),
        ("title", work(json!({ "title": "" }))),
        ("title", work(json!({ "title": "\u{200b}" }))),
        ("title", work(json!({ "title": "Дах\nшколи" }))),
    ])
}

fn of_needs_and_projects(cast: &Cast) -> Vec<Wrong> {
    let need = |more: Value| ("createNeed", json!({ "organisationId": cast.municipality.id(), "need": with(content::need(), more) }));
    let package = |more: Value| {
        (
            "createProject",
            json!({ "organisationId": cast.municipality.id(), "project": content::project(), "workPackages": [content::design_package(), with(content::water_package(), more)] }),
        )
    };
    let project = |more: Value| ("createProject", with(json!({ "organisationId": cast.municipality.id(), "project": content::project() }), more));
    let needs: Vec<Value> = (0..51).map(|number| json!(mistok::ids::encode(mistok::ids::NodeKind::Need, uuid::Uuid::from_u128(number)).as_str())).collect();
    wrong(vec![
        ("need.sector", need(json!({ "sector": "magic" }))),
        ("need.sector", need(json!({ "sector": "energy\u{0}" }))),
        ("need.cpv", need(json!({ "cpv": vec![content::WATER_MAINS; 51] }))),
        ("need.cpv.1", need(json!({ "cpv": [content::WATER_MAINS, "99000000"] }))),
        ("need.territory", need(json!({ "territory": content::HOSHCHA }))),
        ("need.costMax", need(json!({ "costMax": content::hryvnias("1") }))),
        ("need.peopleAffected", need(json!({ "peopleAffected": -5 }))),
        ("need.urgency", need(json!({ "urgency": "SOON" }))),
        ("need.peopleAffected", need(json!({ "peopleAffected": 2_147_483_648_u64 }))),
        ("workPackages.1.requirements.1.count", package(json!({ "requirements": [{ "kind": "STAFF", "count": 5 }, { "kind": "STAFF", "count": -2_147_483_649_i64 }] }))),
        (
            "expectedVersion",
            (
                "updateNeed",
                json!({ "id": mistok::ids::encode(mistok::ids::NodeKind::Need, uuid::Uuid::from_u128(1)).as_str(), "expectedVersion": 2_147_483_648_u64, "need": content::need() }),
            ),
        ),
        ("need.title.en", need(json!({ "title": { "en": "x\u{7}y" } }))),
        ("workPackages.1.endsOn", package(json!({ "startsOn": "2027-09-30", "endsOn": "2027-04-01" }))),
        ("workPackages.1.requirements.0.code", package(json!({ "requirements": [{ "kind": "CERTIFICATE" }] }))),
        ("workPackages.1.requirements.0.code", package(json!({ "requirements": [{ "kind": "CERTIFICATE", "code": "ISO\u{0}" }] }))),
        ("workPackages.1.requirements.0.code", package(json!({ "requirements": [{ "kind": "LANGUAGE", "code": "українська мова" }] }))),
        ("workPackages.1.requirements.0.count", package(json!({ "requirements": [{ "kind": "STAFF", "count": 0 }] }))),
        ("workPackages.1.title", package(json!({ "title": {} }))),
        ("workPackages.1.cpv", package(json!({ "cpv": vec![content::WATER_MAINS; 51] }))),
        ("workPackages.1.contributions", package(json!({ "contributions": vec!["CASH"; 21] }))),
        ("needIds", project(json!({ "needIds": needs }))),
        ("externalIds", project(json!({ "externalIds": vec![json!({ "scheme": "DREAM", "id": "1" }); 21] }))),
        ("externalIds.1.id", project(json!({ "externalIds": [{ "scheme": "DREAM", "id": "1" }, { "scheme": "DREAM", "id": "2\u{0}" }] }))),
        ("externalIds.0.scheme", project(json!({ "externalIds": [{ "scheme": "DREAM\u{0}", "id": "1" }] }))),
        ("programme.territories", ("createProgramme", json!({ "programme": { "name": { "en": "x" }, "funderId": cast.donor.id(), "territories": vec![content::KHOTYN; 201] } }))),
        ("workPackages.1.contributions.0", package(json!({ "contributions": ["LUCK"] }))),
        ("programme.funderId", ("createProgramme", json!({ "programme": { "name": { "en": "x" }, "funderId": "зовсім не id" } }))),
    ])
}

fn wrong(rows: Vec<(&'static str, (&'static str, Value))>) -> Vec<Wrong> {
    rows.into_iter().map(|(field, (mutation, input))| (mutation, field, input)).collect()
}

/// A query's argument was refused with a code, and the field is one of those.
fn refused(what: &str, answer: &Value, fields: &[&str]) {
    clean(what, answer);
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(extensions["code"], "BAD_USER_INPUT", "{what}: {answer:#}");
    let path: Vec<&str> = extensions["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let path = path.join(".");
    assert!(fields.iter().any(|field| path == *field || path.starts_with(&format!("{field}."))), "{what} names {path:?}: {answer:#}");
    assert!(extensions["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{what} has a remedy: {answer:#}");
}

/// No fault of ours, and none of a database's words.
fn clean(what: &str, answer: &Value) {
    let text = answer.to_string().to_lowercase();
    assert!(!text.contains("\"internal\""), "{what}: {answer:#}");
    for word in DATABASE_WORDS {
        assert!(!text.contains(word), "{what} lets {word:?} out: {answer:#}");
    }
}
