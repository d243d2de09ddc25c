//! What tests of notifications and of their letters share: who is told, and what there is to tell.

use chrono::{DateTime, Utc};
use mistok::auth::Role;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::content::organisation;
use super::people::PASSWORD;
use super::{Cast, Person, TestApp};

/// The address of [`ukrainian`].
pub const OLHA: &str = "olha@mistok.example";
/// How often a race is run, and how many rows a page has.
pub const MANY: usize = 8;

/// The kinds of a person's notifications, the newest first.
pub async fn kinds(app: &TestApp, person: &Person) -> Vec<String> {
    let data = app.data(person.token(), "{ viewer { notifications(first: 100) { nodes { kind } } } }", json!({})).await;
    let nodes = data["viewer"]["notifications"]["nodes"].as_array().expect("notifications");
    nodes.iter().filter_map(|node| node["kind"].as_str()).map(str::to_owned).collect()
}

/// Forgets what these people were told so far, for whom that is not what the test is about.
pub async fn settled(app: &TestApp, people: &[&Person]) {
    app.settle().await;
    for person in people {
        let sql = format!("DELETE FROM notification WHERE account_id IN (SELECT id FROM account WHERE email = '{}')", person.email);
        app.app.db.reader().execute_unprepared(&sql).await.expect("forgets");
    }
}

/// An open call of the municipality, and an interest of the business in it.
pub async fn interested(app: &TestApp, cast: &Cast) -> (Value, Value) {
    let call = app.open_call(&cast.municipality).await;
    let offer = json!({ "organisationId": cast.business.id(), "callId": call["id"], "offer": "Замінимо трубопровід." });
    let interest = app.done(&cast.business, "expressInterest", offer).await;
    (call, interest)
}

/// The call that an interest answers.
pub async fn call_of(app: &TestApp, person: &Person, interest: &Value) -> Value {
    let data = app.data(person.token(), "query($id: ID!) { interest(id: $id) { call { id } } }", json!({ "id": interest["id"] })).await;
    data["interest"]["call"]["id"].clone()
}

/// Somebody with a confirmed address who becomes a member with one role.
pub async fn colleague(app: &TestApp, of: &Person, name: &str, role: Role) -> Person {
    let person = app.confirmed(name).await;
    app.join(&person, &of.organisation, role).await;
    person
}

/// Somebody with a confirmed address who reads Ukrainian.
pub async fn ukrainian(app: &TestApp) -> Person {
    app.done(&Person::nobody(), "signUp", json!({ "email": OLHA, "name": "Ольга", "password": PASSWORD, "locale": "UK" })).await;
    let olha = app.signed_in(OLHA).await;
    app.confirm(&olha).await;
    olha
}

/// Another business that was checked.
pub async fn second_business(app: &TestApp, cast: &Cast) -> Person {
    app.checked(&cast.association, "second-business", organisation("BUSINESS", 90, "ПП «Друге»")).await
}

/// Moves the clock to a moment and lets the background run.
pub async fn at(app: &TestApp, moment: &str) {
    let moment: DateTime<Utc> = moment.parse().expect("a moment");
    app.settle().await;
    app.pass(moment - app.now()).await;
}
