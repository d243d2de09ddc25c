//! `match`: the ranking of the API, asked through the API's own schema and printed with its reasons.

use async_graphql::{Request, Variables};
use serde_json::{Value, json};

use super::args::{Global, Match};
use super::failure::Failure;
use super::open::{self, Pending};
use super::{DONE, output};
use crate::auth::Actor;
use crate::graphql;
use crate::ids::{NodeKind, decode, encode};
use crate::matching;
use crate::projects;

/// Points that round to nothing are not printed; `--json` has them.
const LEAST_SHOWN: f64 = 0.0005;

/// What is asked of a work package.
const FIELDS: &str = "
    fragment Ranked on WorkPackage {
        id title cpv { code label } budget { amount currency }
        matches(first: $first) {
            excluded
            nodes {
                total confidence engineVersion inputsHash
                business { id name identifiers { scheme id } }
                gates { kind outcome reason cure }
                unknowns { turn reason cure }
                criteria { kind points reason evidence { kind amount similarity pastWork { id title } } }
            }
        }
    }";

/// Prints the ranking.
pub(super) async fn run(global: &Global, Match { wanted, locale, first }: &Match) -> Result<u8, Failure> {
    let app = open::app(open::existing(global.config()?)?, Pending::Refuse).await?;
    matching::live::load(&app).await?;
    // What another system calls a project is looked up first, so that the rest is asked by the project's own id.
    let known = match decode(wanted) {
        None => projects::store::by_any_external_id(app.db.reader(), &Actor::system(), wanted).await?,
        Some(_) => None,
    };
    let wanted = &known.map_or_else(|| wanted.clone(), |project| encode(NodeKind::Project, project.id).to_string());
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
        return Err(Failure::new(format!("there is no project or work package {wanted}"))
            .remedy("Give a project's reference such as P-2026-000123, the id that its source gave it, such as UA-2021-01-02-000123-a, or an id of the API."));
    }
    if global.json {
        output::json(found)?;
    } else {
        print(found, app.matcher.is_empty())?;
    }
    Ok(DONE)
}

fn print(found: &Value, empty: bool) -> Result<(), Failure> {
    let Some(packages) = found["workPackages"].as_array() else { return print_package(found, empty) };
    output::line(format!("{}  {}", text(&found["reference"]), text(&found["title"])))?;
    packages.iter().try_for_each(|package| print_package(package, empty))
}

fn print_package(package: &Value, empty: bool) -> Result<(), Failure> {
    output::line(format!("\n{}  [{}]", text(&package["title"]), text(&package["id"])))?;
    let matches = list(&package["matches"]["nodes"]);
    if matches.is_empty() {
        output::line(format!("  no business matches: {}", why_none(package, empty)))?;
    }
    for (place, found) in matches.iter().enumerate() {
        print_match(place + 1, found)?;
    }
    Ok(())
}

/// Why there is no match.
fn why_none(package: &Value, empty: bool) -> String {
    match package["matches"]["excluded"].as_u64() {
        _ if empty => "no business is known yet; register businesses or import awards".to_owned(),
        Some(excluded) if excluded > 0 => format!("each of the {excluded} that come close fails a condition; whyNot of the API tells which"),
        _ => "no past work, declared code or name comes near it in kind and size; give it a longer title, a code of DK 021:2015 or smaller parts".to_owned(),
    }
}

fn print_match(place: usize, found: &Value) -> Result<(), Failure> {
    let business = &found["business"];
    output::line(format!("{place:>3}. {:.3}  {}, confidence {:.0} %", number(&found["total"]), called(business), number(&found["confidence"]) * 100.0))?;
    for criterion in list(&found["criteria"]).iter().filter(|criterion| number(&criterion["points"]).abs() >= LEAST_SHOWN) {
        output::line(format!("       {:>+7.3}  {}", number(&criterion["points"]), text(&criterion["reason"])))?;
    }
    for gate in list(&found["gates"]).iter().filter(|gate| gate["outcome"] != "PASSED") {
        output::line(format!("       {:>7}  {}", text(&gate["outcome"]).to_lowercase(), text(&gate["reason"])))?;
    }
    for unknown in list(&found["unknowns"]) {
        output::line(format!("       {:>7}  {} [{}]", "unknown", text(&unknown["reason"]), text(&unknown["turn"])))?;
    }
    Ok(())
}

/// A business by its name and the numbers that registers know it by; one without a name is called by its number already.
fn called(business: &Value) -> String {
    let name = text(&business["name"]);
    let identifiers = list(&business["identifiers"]).iter().map(|held| format!("{} {}", text(&held["scheme"]), text(&held["id"])));
    let others: Vec<String> = identifiers.filter(|identifier| identifier != name).collect();
    if others.is_empty() { name.to_owned() } else { format!("{name} ({})", others.join(", ")) }
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

#[cfg(test)]
mod tests {
    use super::{called, why_none};
    use serde_json::json;

    #[test]
    fn a_business_without_a_name_is_called_once() {
        let held = json!([{ "scheme": "UA-EDR", "id": "32855961" }]);
        assert_eq!(called(&json!({ "name": "UA-EDR 32855961", "identifiers": held })), "UA-EDR 32855961");
        assert_eq!(called(&json!({ "name": "Водник", "identifiers": held })), "Водник (UA-EDR 32855961)");
    }

    #[test]
    fn no_match_has_its_reason() {
        let package = |excluded: u32| json!({ "matches": { "excluded": excluded } });
        assert!(why_none(&package(0), true).starts_with("no business is known"));
        assert!(why_none(&package(3), false).starts_with("each of the 3"));
        assert!(why_none(&package(0), false).starts_with("no past work"));
    }
}
