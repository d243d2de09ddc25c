//! `match`: the ranking of the API, asked through the API's own schema and printed with its reasons.

use async_graphql::{Request, Variables};
use serde_json::{Value, json};

use super::args::{Global, Match};
use super::failure::Failure;
use super::open::{self, Pending};
use super::{DONE, output};
use crate::auth::Actor;
use crate::graphql;
use crate::ids::{NodeKind, decode};
use crate::matching;

/// Points that round to nothing are not printed; `--json` has them.
const LEAST_SHOWN: f64 = 0.0005;

/// What is asked of a work package.
const FIELDS: &str = "
    fragment Ranked on WorkPackage {
        id title cpv { code label } budget { amount currency }
        matches(first: $first) {
            nodes {
                total confidence engineVersion inputsHash
                business { id name identifiers { scheme id } }
                gates { kind outcome reason cure }
                criteria { kind points reason evidence { kind amount similarity pastWork { id title } } }
            }
        }
    }";

/// Prints the ranking.
pub(super) async fn run(global: &Global, Match { wanted, locale, first }: &Match) -> Result<u8, Failure> {
    let app = open::app(open::existing(global.config()?)?, Pending::Refuse).await?;
    matching::live::load(&app).await?;
    let query = match decode(wanted).map(|(kind, _)| kind) {
        None => format!("query($wanted: String!, $first: Int!) {{ found: project(reference: $wanted) {{ reference title workPackages {{ ...Ranked }} }} }} {FIELDS}"),
        Some(NodeKind::Project) => {
            format!("query($wanted: ID!, $first: Int!) {{ found: node(id: $wanted) {{ ... on Project {{ reference title workPackages {{ ...Ranked }} }} }} }} {FIELDS}")
        }
        Some(NodeKind::WorkPackage) => format!("query($wanted: ID!, $first: Int!) {{ found: node(id: $wanted) {{ ...Ranked }} }} {FIELDS}"),
        Some(other) => return Err(Failure::new(format!("this is the id of a {}", other.type_name())).remedy("Give a project's reference, or the id of a project or work package.")),
    };
    let variables = Variables::from_json(json!({ "wanted": wanted, "first": first }));
    let answer = graphql::execute(&graphql::schema(), &app, Actor::system(), (*locale).into(), Request::new(query).variables(variables)).await;
    if let Some(error) = answer.errors.first() {
        return Err(Failure::new(error.message.clone()));
    }
    let data = answer.data.into_json().map_err(|cause| Failure::because("the answer is no JSON", cause))?;
    let found = &data["found"];
    if found.is_null() {
        return Err(Failure::new(format!("there is no project or work package {wanted}")).remedy("Give a project's reference such as P-2026-000123, or an id of the API."));
    }
    if global.json {
        output::json(found)?;
    } else {
        print(found)?;
    }
    Ok(DONE)
}

fn print(found: &Value) -> Result<(), Failure> {
    let Some(packages) = found["workPackages"].as_array() else { return print_package(found) };
    output::line(format!("{}  {}", text(&found["reference"]), text(&found["title"])))?;
    packages.iter().try_for_each(print_package)
}

fn print_package(package: &Value) -> Result<(), Failure> {
    output::line(format!("\n{}  [{}]", text(&package["title"]), text(&package["id"])))?;
    let matches = list(&package["matches"]["nodes"]);
    if matches.is_empty() {
        output::line("  no business matches")?;
    }
    for (place, found) in matches.iter().enumerate() {
        print_match(place + 1, found)?;
    }
    Ok(())
}

fn print_match(place: usize, found: &Value) -> Result<(), Failure> {
    let business = &found["business"];
    let identifiers = list(&business["identifiers"]).iter().map(|held| format!("{} {}", text(&held["scheme"]), text(&held["id"]))).collect::<Vec<_>>().join(", ");
    output::line(format!("{place:>3}. {:.3}  {} ({identifiers}), confidence {:.0} %", number(&found["total"]), text(&business["name"]), number(&found["confidence"]) * 100.0))?;
    for criterion in list(&found["criteria"]).iter().filter(|criterion| number(&criterion["points"]).abs() >= LEAST_SHOWN) {
        output::line(format!("       {:>+7.3}  {}", number(&criterion["points"]), text(&criterion["reason"])))?;
    }
    for gate in list(&found["gates"]).iter().filter(|gate| gate["outcome"] != "PASSED") {
        output::line(format!("       {:>7}  {}", text(&gate["outcome"]).to_lowercase(), text(&gate["reason"])))?;
    }
    Ok(())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}
