//! Lists: pages that stay stable while rows come, filters, order and search.

use mistok::accounts::service as accounts;
use mistok::reference::lists::TERRITORY_HEADER;
use mistok::reference::service::import_territories;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, KHOTYN, organisation, with};
use crate::support::{Person, TestApp};

const BY_NAME: &str = "query($first: Int, $after: String, $direction: OrderDirection! = ASC, $filter: OrganisationFilter) {
    organisations(first: $first, after: $after, filter: $filter, orderBy: [{ field: NAME, direction: $direction }]) { nodes { name } edges { cursor node { name } } pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }";

/// Names in the order of the Ukrainian alphabet, which is not that of their code points.
const NAMES: [&str; 8] = ["Галич", "Ґанок", "Єдність", "Житло", "Іскра", "Їжак", "Йод", "Яр"];

on_both! {
    async fn names_come_in_the_order_of_the_ukrainian_alphabet(app) {
        register(app, &NAMES).await;
        let page = app.data(None, BY_NAME, json!({})).await;
        assert_eq!(names(&page), NAMES);
        let page = app.data(None, BY_NAME, json!({ "direction": "DESC" })).await;
        assert_eq!(names(&page), NAMES.into_iter().rev().collect::<Vec<_>>());
    }

    async fn pages_skip_nothing_and_repeat_nothing_while_rows_come(app) {
        let owner = register(app, &NAMES).await;
        let first = app.data(None, BY_NAME, json!({ "first": 3 })).await;
        assert_eq!(names(&first), NAMES[..3]);
        let info = &first["organisations"]["pageInfo"];
        assert_eq!((&info["hasNextPage"], &info["hasPreviousPage"]), (&json!(true), &json!(false)));
        add(app, &owner, &["Абрикос", "Зоря"], 50).await;
        let mut seen = names(&first);
        let mut after = info["endCursor"].clone();
        loop {
            let page = app.data(None, BY_NAME, json!({ "first": 3, "after": after })).await;
            seen.extend(names(&page));
            let info = &page["organisations"]["pageInfo"];
            assert_eq!(info["hasPreviousPage"], true);
            after = info["endCursor"].clone();
            if info["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(seen, ["Галич", "Ґанок", "Єдність", "Житло", "Зоря", "Іскра", "Їжак", "Йод", "Яр"], "what came before the cursor is not seen, what came after it is");
    }

    async fn an_empty_search_is_as_if_absent_in_every_list(app) {
        let cast = app.cast().await;
        app.idea(&cast.municipality, &[]).await;
        app.verified_need(&cast, &cast.municipality).await;
        app.done(&cast.donor, "createProgramme", json!({ "programme": { "name": { "en": "Recovery" }, "funderId": cast.donor.id() } })).await;
        let lists = ["organisations(filter: { WORDS })", "projects(filter: { WORDS })", "needs(filter: { WORDS })", "programmes(filter: { WORDS })", "territories(WORDS)", "classifications(scheme: CPV, WORDS)"];
        for list in lists {
            let count = async |words: &str| app.data(cast.association.token(), &format!("{{ found: {} {{ totalCount }} }}", list.replace("WORDS", words)), json!({})).await["found"]["totalCount"].clone();
            let all = count("search: null").await;
            assert!(all.as_u64().is_some_and(|all| all > 0), "{list}");
            assert_eq!((count("search: \"\"").await, count("search: \" \\u200B\"").await), (all.clone(), all), "{list}");
            assert_eq!(count("search: \"жодного такого слова\"").await, 0, "{list}");
        }
    }

    async fn territories_come_the_widest_first_and_page_by_page(app) {
        let units = [
            ("UA23000000000064947;;;;;O", "Запорізька"),
            ("UA23000000000064947;UA23060000000039024;;;;P", "Запорізький"),
            ("UA23000000000064947;UA23060000000039024;UA23060070000082704;;;H", "Запорізька"),
            ("UA23000000000064947;UA23060000000039024;UA23060070000082704;UA23060070010069526;;M", "Запоріжжя"),
            ("UA23000000000064947;UA23060000000039024;UA23060070000082704;UA23060070010069526;UA23060070010110000;B", "Запоріжжя-Вознесенівський"),
            ("UA23000000000064947;UA23060000000039024;UA23060070000082704;UA23060070020011111;;C", "Запоріжжя"),
            ("UA23000000000064947;UA23060000000039024;UA23060070000082704;UA23060070030022222;;C", "Запоріжжя"),
            ("UA23000000000064947;UA23060000000039024;UA23060070000082704;UA23060070040033333;;X", "Запоріжжя-Друге"),
        ];
        let lines: Vec<String> = units.iter().rev().map(|(codes, name)| format!("{codes};{name}")).collect();
        let list = format!("{}\n{}\n", TERRITORY_HEADER.join(";"), lines.join("\n"));
        app.administrator().await;
        let administrator = accounts::administrator(&app.app, None).await.expect("there is one");
        import_territories(&app.app, &administrator, list.as_bytes(), false).await.expect("imports");
        let query = "query($after: String) { territories(search: \"запор\", first: 3, after: $after) { nodes { category code name } pageInfo { endCursor hasNextPage } } }";
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = app.data(None, query, json!({ "after": after })).await;
            seen.extend(page["territories"]["nodes"].as_array().expect("nodes").iter().map(|unit| format!("{} {}", unit["category"].as_str().unwrap_or_default(), unit["code"].as_str().unwrap_or_default())));
            after = page["territories"]["pageInfo"]["endCursor"].clone();
            if page["territories"]["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        let expected = [
            "O UA23000000000064947", "P UA23060000000039024", "H UA23060070000082704", "M UA23060070010069526", "X UA23060070040033333", "C UA23060070020011111", "C UA23060070030022222", "B UA23060070010110000",
        ];
        assert_eq!(seen, expected);
    }

    async fn the_cursor_of_every_edge_goes_on_after_its_node(app) {
        register(app, &NAMES).await;
        let whole = app.data(None, BY_NAME, json!({})).await;
        for (place, edge) in whole["organisations"]["edges"].as_array().expect("edges").iter().enumerate() {
            let rest = app.data(None, BY_NAME, json!({ "after": edge["cursor"], "direction": "ASC" })).await;
            assert_eq!(names(&rest), NAMES[place + 1..]);
        }
        let info = &whole["organisations"]["pageInfo"];
        assert_eq!((&info["startCursor"], &info["endCursor"]), (&whole["organisations"]["edges"][0]["cursor"], &whole["organisations"]["edges"][7]["cursor"]));
    }

    async fn rows_that_are_equal_in_the_order_have_one_order_all_the_same(app) {
        let owner = app.confirmed("owner").await;
        add(app, &owner, &["Один", "Два", "Три", "Чотири", "П'ять"], 0).await;
        let query = "query($after: String) { organisations(first: 2, after: $after, orderBy: [{ field: CREATED_AT, direction: DESC }]) { nodes { name } pageInfo { endCursor hasNextPage } } }";
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        for _ in 0..3 {
            let page = app.data(None, query, json!({ "after": after })).await;
            seen.extend(names(&page));
            after = page["organisations"]["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(seen, ["П'ять", "Чотири", "Три", "Два", "Один"], "they were made in the same instant");
    }

    async fn a_cursor_belongs_to_its_list_and_its_order(app) {
        let cast = app.cast().await;
        app.verified_need(&cast, &cast.municipality).await;
        app.structured_project(&cast.municipality, &[]).await;
        let by_created = "organisations(first: 1, after: $after, orderBy: [{ field: CREATED_AT, direction: ASC }]) { pageInfo { endCursor } }";
        let cursor = app.data(None, &format!("query($after: String) {{ {by_created} }}"), json!({})).await["organisations"]["pageInfo"]["endCursor"].clone();
        for other in [
            "organisations(first: 1, after: $after, orderBy: [{ field: CREATED_AT, direction: DESC }]) { nodes { id } }",
            "organisations(first: 1, after: $after, orderBy: [{ field: NAME, direction: ASC }]) { nodes { id } }",
            "needs(first: 1, after: $after, orderBy: [{ field: CREATED_AT, direction: ASC }]) { nodes { id } }",
            "projects(first: 1, after: $after, orderBy: [{ field: CREATED_AT, direction: ASC }]) { nodes { id } }",
            "territories(first: 1, after: $after) { nodes { code } }",
            "changes(first: 1, after: $after) { nodes { cursor } }",
        ] {
            let answer = app.ask(None, &format!("query($after: String) {{ {other} }}"), json!({ "after": cursor })).await;
            let extensions = &answer["errors"][0]["extensions"];
            assert_eq!((&extensions["code"], &extensions["field"]), (&json!("BAD_USER_INPUT"), &json!(["after"])), "{other}: {answer}");
        }
        app.data(None, &format!("query($after: String) {{ {by_created} }}"), json!({ "after": cursor })).await;
    }

    async fn rows_are_counted_only_when_asked(app) {
        register(app, &NAMES).await;
        let counts = |statements: Vec<String>| statements.iter().filter(|sql| sql.to_uppercase().contains("COUNT(")).count();
        app.statements();
        let data = app.data(None, "{ organisations(first: 2) { totalCount nodes { name } } }", json!({})).await;
        assert_eq!((&data["organisations"]["totalCount"], counts(app.statements())), (&json!(8), 1));
        app.data(None, "{ organisations(first: 2) { nodes { name } } }", json!({})).await;
        assert_eq!(counts(app.statements()), 0);
    }

    async fn filters_are_joined_with_and_or_and_not(app) {
        let owner = app.confirmed("owner").await;
        for (number, (kind, name, scale)) in (0..).zip([("BUSINESS", "Перше", "SMALL"), ("BUSINESS", "Друге", "MICRO"), ("CSO", "Третє", "SMALL"), ("PUBLIC_BODY", "Четверте", "LARGE")]) {
            app.done(&owner, "registerOrganisation", with(organisation(kind, number, name), json!({ "scale": scale, "territory": KHOTYN }))).await;
        }
        let found = async |filter: Value| {
            let page = app.data(None, BY_NAME, json!({ "filter": filter })).await;
            names(&page)
        };
        assert_eq!(found(json!({ "kind": ["BUSINESS"], "scale": ["SMALL"] })).await, ["Перше"], "fields of one filter hold together");
        assert_eq!(found(json!({ "or": [{ "kind": ["CSO"] }, { "scale": ["MICRO"] }] })).await, ["Друге", "Третє"]);
        assert_eq!(found(json!({ "not": { "kind": ["BUSINESS"] } })).await, ["Третє", "Четверте"]);
        assert_eq!(found(json!({ "and": [{ "scale": ["SMALL"] }, { "not": { "kind": ["CSO"] } }] })).await, ["Перше"]);
        assert!(found(json!({ "or": [] })).await.is_empty(), "none of no parts fits");
        assert_eq!(found(json!({ "kind": ["BUSINESS", "CSO"], "or": [{ "scale": ["MICRO"] }, { "search": "третє" }] })).await, ["Друге", "Третє"]);
        assert_eq!(found(json!({ "kind": [] })).await, Vec::<String>::new(), "one of none");
        assert_eq!(found(json!({ "territoryUnder": content::CHERNIVTSI })).await.len(), 4);
        assert_eq!(found(json!({ "territoryUnder": content::HOSHCHA })).await, Vec::<String>::new());
        assert_eq!(found(json!({})).await.len(), 4);
    }

    async fn a_search_finds_a_name_however_it_is_typed(app) {
        register(app, &["Кам’янець-Подільська громада", "ТОВ «М'ята 100%»", "ТОВ «М_ята»", "Їжаківська громада"]).await;
        let found = async |words: &str| {
            let page = app.data(None, BY_NAME, json!({ "filter": { "search": words } })).await;
            names(&page)
        };
        for words in ["кам'янець", "КАМ`ЯНЕЦЬ", "  громада КАМʼЯН ", "подільська"] {
            assert_eq!(found(words).await, ["Кам’янець-Подільська громада"], "{words}");
        }
        assert_eq!(found("їЖАК").await, ["Їжаківська громада"]);
        assert_eq!(found("100%").await, ["ТОВ «М'ята 100%»"]);
        assert_eq!(found("%").await, ["ТОВ «М'ята 100%»"], "no sign means anything");
        assert_eq!(found("м_").await, ["ТОВ «М_ята»"]);
        assert_eq!(found("\\").await, Vec::<String>::new());
        assert_eq!(found("").await.len(), 4);
    }

    async fn what_is_unknown_is_not_what_a_filter_excludes(app) {
        register(app, &["ТОВ «Без розміру»"]).await;
        let page = app.data(None, BY_NAME, json!({ "filter": { "not": { "scale": ["MICRO"] } } })).await;
        assert_eq!(names(&page), ["ТОВ «Без розміру»"]);
    }

    async fn a_filter_has_a_bound_and_the_largest_within_it_still_runs(app) {
        let parts = |count: usize, inner: &Value| json!(vec![inner; count]);
        let (leaf, word) = (json!({ "kind": ["CSO"] }), json!({ "search": "а" }));
        let code = app.refusal(None, BY_NAME, json!({ "filter": { "and": parts(17, &leaf) } })).await;
        assert_eq!(code, "BAD_USER_INPUT");
        let deep = (0..10).fold(json!({ "and": parts(16, &word), "or": parts(16, &word) }), |inner, _| json!({ "and": [leaf, leaf, leaf, leaf, leaf, leaf, leaf, leaf, leaf, leaf, leaf, leaf, leaf, leaf, leaf, inner], "or": parts(16, &leaf) }));
        app.data(None, BY_NAME, json!({ "filter": deep })).await;
        let wide = json!({ "and": parts(16, &json!({ "or": parts(16, &json!({ "and": parts(16, &leaf) })) })) });
        assert_eq!(app.refusal(None, BY_NAME, json!({ "filter": wide })).await, "QUERY_TOO_COMPLEX");
        let deeper = (0..13).fold(word, |inner, _| json!({ "and": [inner] }));
        assert_eq!(app.refusal(None, BY_NAME, json!({ "filter": deeper })).await, "BAD_USER_INPUT");
    }

    async fn amounts_are_compared_in_the_currency_that_the_filter_names(app) {
        let cast = app.cast().await;
        app.structured_project(&cast.municipality, &[]).await;
        let found = async |range: Value| {
            let data = app.data(None, "query($range: MoneyRange!) { projects(filter: { budget: $range }) { totalCount } }", json!({ "range": range })).await;
            data["projects"]["totalCount"].as_i64()
        };
        assert_eq!(found(json!({ "currency": "UAH", "gte": "15400000" })).await, Some(1), "the budget is the sum of its work packages");
        assert_eq!(found(json!({ "currency": "UAH", "gte": "15400000.01" })).await, Some(0));
        assert_eq!(found(json!({ "currency": "UAH", "gte": "1", "lte": "15400000.00" })).await, Some(1));
        assert_eq!(found(json!({ "currency": "EUR", "gte": "1" })).await, Some(0));
    }
}

fn names(page: &Value) -> Vec<String> {
    page["organisations"]["nodes"].as_array().expect("nodes").iter().map(|node| node["name"].as_str().expect("a name").to_owned()).collect()
}

/// Registers businesses in the opposite order of their names, so that no list is in order by chance.
async fn register(app: &TestApp, names: &[&str]) -> Person {
    let owner = app.confirmed("owner").await;
    let backwards: Vec<&str> = names.iter().rev().copied().collect();
    add(app, &owner, &backwards, 0).await;
    owner
}

async fn add(app: &TestApp, owner: &Person, names: &[&str], from: u32) {
    for (number, name) in (from..).zip(names) {
        app.done(owner, "registerOrganisation", organisation("BUSINESS", number, name)).await;
    }
}
