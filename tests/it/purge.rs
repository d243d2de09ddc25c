//! What nobody needs any more is taken away once a day.

use chrono::TimeDelta;
use mistok::jobs;
use serde_json::json;

use crate::on_both;
use crate::support::content::organisation;
use crate::support::people::PASSWORD;
use crate::support::{Person, TestApp};

on_both! {
    async fn what_ended_long_ago_goes_and_what_holds_or_ended_lately_stays(app) {
        let owner = app.founder("owner", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        app.done(&owner, "stepUp", json!({ "password": PASSWORD })).await;
        for days in [1, 366] {
            let wanted = json!({ "organisationId": owner.id(), "name": "Портал", "scopes": ["READ"], "expiresAt": app.now() + TimeDelta::days(days) });
            app.done(&owner, "createApiToken", wanted).await;
        }
        app.refused(&Person::nobody(), "signIn", json!({ "email": "nobody@mistok.example", "password": PASSWORD })).await;
        jobs::begin_rounds(&app.app).await.expect("begins");
        app.pass(TimeDelta::days(30)).await;
        assert_eq!(kept(app).await, [1, 1, 2, 2], "sign-in and link ended less than 30 days ago; one that failed counts from its place and from everywhere");
        app.person("olena").await;
        app.pass(TimeDelta::days(10)).await;
        assert_eq!(kept(app).await, [1, 1, 2, 0], "those of the one who came later");
        app.pass(TimeDelta::days(50)).await;
        assert_eq!(kept(app).await, [0, 0, 2, 0], "a token stays for 90 days");
        app.pass(TimeDelta::days(2)).await;
        assert_eq!(kept(app).await, [0, 0, 1, 0], "the other holds");
        let jobs = app.rows("SELECT kind, done_at IS NULL AS waits FROM job ORDER BY kind", |row| (row.try_get::<String>("", "kind").expect("a kind"), row.try_get::<bool>("", "waits").expect("yes or no"))).await;
        assert_eq!(jobs, [("CHECKPOINT".to_owned(), true), ("PURGE".to_owned(), true)], "it comes round again, and letters that went out are forgotten");
    }
}

/// How many sign-ins, links, tokens and counted guesses there are.
async fn kept(app: &TestApp) -> [i64; 4] {
    let mut kept = [0; 4];
    for (place, table) in ["session", "link", "api_token", "guess"].into_iter().enumerate() {
        kept[place] = app.rows(&format!("SELECT COUNT(*) AS many FROM {table}"), |row| row.try_get::<i64>("", "many").expect("a count")).await[0];
    }
    kept
}
