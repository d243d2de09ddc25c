//! The demonstration runs the main job: a municipality's work package finds its businesses, and the answer says why.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use mistok::http::explorer::EXAMPLES;
use serde_json::{Value, json};

use crate::on_both;

const MATCHES: &str = "{ projects(first: 10) { nodes { title workPackages(first: 5) { title matches(first: 3) { totalCount nodes { business { name } total criteria { kind points reason } } } } } } }";

on_both! {
    async fn every_work_package_of_the_demonstration_finds_businesses_and_says_why(app) {
        mistok::demo::fill(&app.app).await.expect("fills");
        app.settle().await;
        let data = app.data(None, MATCHES, json!({})).await;
        let projects = data["projects"]["nodes"].as_array().expect("projects");
        assert_eq!(projects.len(), 4);
        for package in projects.iter().flat_map(|project| project["workPackages"].as_array().expect("work packages")) {
            let matches = package["matches"]["nodes"].as_array().expect("matches");
            assert!(!matches.is_empty(), "{package:#}");
            for found in matches {
                assert_eq!(sum_of_points(found), found["total"].as_f64().map(rounded), "{found:#}");
                assert!(found["criteria"].as_array().expect("criteria").iter().all(|criterion| criterion["reason"] != ""), "{found:#}");
            }
            let totals: Vec<f64> = matches.iter().filter_map(|found| found["total"].as_f64()).collect();
            assert!(totals.is_sorted_by(|better, worse| better >= worse), "{totals:?}");
        }
    }
}

fn sum_of_points(found: &Value) -> Option<i64> {
    let points = found["criteria"].as_array()?.iter().map(|criterion| criterion["points"].as_f64()).sum::<Option<f64>>()?;
    Some(rounded(points))
}

/// In millionths, since sums of binary fractions differ in their last digits.
#[expect(clippy::cast_possible_truncation, reason = "totals are far below the range")]
fn rounded(points: f64) -> i64 {
    (points * 1e6).round() as i64
}

/// Half of what anybody may ask for, so that a reader can add to an example.
const HALF_A_COST: u64 = 1_000;

on_both! {
    async fn every_example_of_the_explorer_runs_in_the_demonstration_as_it_stands(app) {
        mistok::demo::fill(&app.app).await.expect("fills");
        app.settle().await;
        let mut token = None;
        for example in EXAMPLES.split("\n\n# uk: ") {
            let comment = |name: &str| example.lines().find_map(|line| line.strip_prefix(&format!("# {name}: ")));
            let mut variables: Value = comment("variables").map_or_else(|| json!({}), |text| serde_json::from_str(text).expect("JSON"));
            if let Some(find) = comment("find") {
                fill_in(&mut variables, &app.data(None, find, json!({})).await);
            }
            let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header("x-mistok-cost", "1");
            let request = if let Some(token) = &token { request.header(header::AUTHORIZATION, format!("Bearer {token}")) } else { request };
            let query: String = example.lines().skip_while(|line| !line.starts_with("query ") && !line.starts_with("mutation ")).collect::<Vec<_>>().join("\n");
            let (_, answer) = app.send(request.body(Body::from(json!({ "query": query, "variables": variables }).to_string())).expect("a request")).await;
            assert!(answer.get("errors").is_none(), "{example}\n{answer:#}");
            assert!(answer["extensions"]["cost"].as_u64().is_some_and(|cost| cost <= HALF_A_COST), "{}: {example}", answer["extensions"]);
            for payload in answer["data"].as_object().expect("data").values() {
                assert!(payload["userErrors"].as_array().is_none_or(Vec::is_empty), "{example}\n{payload:#}");
                assert!(payload["nodes"].as_array().is_none_or(|nodes| !nodes.is_empty()), "{example}\nfinds nothing");
            }
            token = answer["data"]["signIn"]["accessToken"].as_str().map(str::to_owned).or(token);
        }
        assert!(token.is_some(), "an example signs in");
    }

    async fn places_of_the_demonstration_have_names(app) {
        mistok::demo::fill(&app.app).await.expect("fills");
        let data = app.data(None, "{ projects(first: 10) { nodes { territory { name(locale: UK) } } } }", json!({})).await;
        for project in data["projects"]["nodes"].as_array().expect("projects") {
            let name = project["territory"]["name"].as_str().expect("a name");
            assert!(!name.contains("UA") && name.chars().all(|letter| !letter.is_ascii_digit()), "{name}");
        }
    }

    async fn a_browser_finds_the_explorer_behind_the_front_door(app) {
        let open = async |accept: &str| {
            let request = Request::get("/").header(header::ACCEPT, accept).body(Body::empty()).expect("a request");
            app.text(request).await
        };
        assert_eq!(open("text/html,application/xhtml+xml,*/*;q=0.8").await.0, StatusCode::TEMPORARY_REDIRECT);
        let (status, text) = open("application/json").await;
        assert!(status == StatusCode::NOT_FOUND && text.contains("NOT_FOUND"), "{text}");
    }
}

/// Puts what was found where the variables name its path.
fn fill_in(variables: &mut Value, found: &Value) {
    match variables {
        Value::Object(fields) => fields.values_mut().for_each(|value| fill_in(value, found)),
        Value::String(text) if !text.contains(' ') && text.contains('.') => {
            *variables = found.pointer(&format!("/{}", text.replace('.', "/"))).unwrap_or_else(|| panic!("{text} is not in {found}")).clone();
        }
        _ => {}
    }
}
