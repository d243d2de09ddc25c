//! How many statements an answer costs: a number that does not grow with the page.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, HOSHCHA, organisation, step, with};
use crate::support::{Cast, Person, TestApp};

const PAGE: &str = "query($first: Int!) { projects(first: $first) { nodes {
    title organisation { name territory { name } } needs { title organisation { name } } workPackages(first: 5) { title cpv { label } requirements { kind } } calls { state }
    interests(first: 5) { state organisation { name identifiers { id } } } } } }";

/// Other lists with a list in each row: the query, and how many statements it costs at most.
const LISTS: [(&str, usize); 3] = [
    ("query($first: Int!) { organisations(first: $first) { nodes { name territory { name } pastWorks(first: 3) { totalCount nodes { title buyer { name } } } } } }", 5),
    ("query($first: Int!) { calls(first: $first) { nodes { reference workPackages { title } interests(first: 2) { totalCount nodes { offer organisation { name } } } } } }", 5),
    ("query($first: Int!) { needs(first: $first) { nodes { title territory { name } project { title territory { name } } } } }", 8),
];

/// Projects, each of a municipality with a need and three interests.
const PROJECTS: u32 = 20;

on_both! {
    async fn a_page_of_projects_costs_as_many_statements_as_two(app) {
        let cast = app.cast().await;
        fill(app, &cast).await;
        let (two, whole) = (tally(cost(app, &cast.association, 2).await), tally(cost(app, &cast.association, 20).await));
        assert_eq!(two.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>(), "the same statements for two and for twenty");
        for (table, times) in whole {
            assert!(times <= levels(&table), "{table} was read {times} times");
        }
    }
}

on_both! {
    async fn a_list_in_each_row_costs_no_statement_a_row(app) {
        let cast = app.cast().await;
        fill(app, &cast).await;
        for (query, most) in LISTS {
            let ask = async |first: usize| {
                app.data(None, query, json!({ "first": first })).await;
                app.statements()
            };
            ask(20).await;
            let whole = ask(20).await;
            assert!(whole.len() <= most, "{query}\ncosts {} statements for twenty rows:\n{}", whole.len(), whole.join("\n"));
        }
    }
}

/// How often each table is read, by the table that a statement names first.
fn tally(statements: Vec<String>) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for sql in statements {
        let table = sql.split(" FROM \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or(&sql).to_owned();
        let list = if table == "call" && !sql.contains("\"state\"") { "call of interests".to_owned() } else { table };
        *times.entry(list).or_default() += 1;
    }
    times
}

/// At how many levels of the answer a table is named: each is one statement, or one with another that is due at the same time.
fn levels(table: &str) -> usize {
    match table {
        // Those of the caller, and the owners of projects, the owners of needs, the businesses.
        "organisation" => 4,
        _ => 1,
    }
}

/// The statements of a page, once the codes are known.
async fn cost(app: &TestApp, person: &Person, first: usize) -> Vec<String> {
    let ask = async || app.data(person.token(), PAGE, json!({ "first": first })).await;
    ask().await;
    app.statements();
    let page = ask().await;
    let statements = app.statements();
    let projects = page["projects"]["nodes"].as_array().expect("projects");
    assert_eq!(projects.len(), first);
    for project in projects {
        assert_eq!((project["needs"].as_array().map(Vec::len), project["interests"].as_array().map(Vec::len)), (Some(1), Some(3)), "{project:#}");
        assert!(project["interests"][0]["organisation"]["name"].is_string());
    }
    statements
}

async fn fill(app: &TestApp, cast: &Cast) {
    let neighbour = app.appointed(&cast.administrator, "neighbour", with(organisation("MUNICIPALITY", 70, "Гощанська громада"), json!({ "territory": HOSHCHA }))).await;
    let mut businesses: Vec<Value> = vec![cast.business.organisation.clone()];
    for number in 71..71 + PROJECTS {
        let registered = app.done(&cast.business, "registerOrganisation", organisation("BUSINESS", number, &format!("ПП «{number}»"))).await;
        app.done(&cast.business, "addPastWork", content::past_work(&registered)).await;
        if businesses.len() < 3 {
            businesses.push(app.done(&cast.association, "verifyOrganisation", step(&registered)).await);
        }
    }
    for number in 0..PROJECTS {
        let (owner, place) = if number % 2 == 0 { (&cast.municipality, content::KHOTYN) } else { (&neighbour, HOSHCHA) };
        let call = call(app, cast, owner, place).await;
        for business in &businesses {
            app.done(&cast.business, "expressInterest", json!({ "organisationId": business["id"], "callId": call["id"], "offer": "Так" })).await;
        }
    }
}

async fn call(app: &TestApp, cast: &Cast, owner: &Person, place: &str) -> Value {
    let need = with(content::need(), json!({ "territory": place, "critical": true }));
    let need = app.done(owner, "createNeed", json!({ "organisationId": owner.id(), "need": need })).await;
    let need = app.done(owner, "submitNeed", step(&need)).await;
    let need = app.done(&cast.association, "verifyNeed", step(&need)).await;
    let project = app.structured_project(owner, &[&need]).await;
    let call = app.drafted_call(owner, &project).await;
    app.done(owner, "publishCall", step(&call)).await
}
