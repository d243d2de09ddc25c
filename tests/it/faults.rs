//! What goes wrong beside the program: a database that another holds, a disk that is full.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::{Kind, Person, TestApp};

fn somebody(name: &str) -> Value {
    json!({ "email": format!("{name}@example.org"), "password": "довгий пароль 2026", "name": name, "locale": "UK" })
}

on_both! {
    async fn a_database_that_another_program_holds_is_unavailable_and_the_same_call_later_will_do(app) {
        let nobody = Person::nobody();
        let other = app.held().await;
        assert_eq!(app.refused(&nobody, "signUp", somebody("held")).await, "UNAVAILABLE");
        other.close().await.expect("closes");
        app.done(&nobody, "signUp", somebody("held")).await;
    }
}

/// Lets the database have so many pages, or those that it has.
async fn pages(app: &TestApp, most: u32) {
    let limit = app.app.db.begin().await.expect("begins");
    limit.execute_unprepared(&format!("CREATE TABLE IF NOT EXISTS filler (bytes BLOB); PRAGMA max_page_count = {most}")).await.expect("sets the limit");
    limit.commit().await.expect("commits");
}

/// SQLite ends the transaction by itself when the disk is full. What comes later must not hang on what is left of it.
#[tokio::test]
async fn what_is_acknowledged_after_a_full_disk_is_stored() {
    let app = TestApp::start(Kind::Sqlite).await;
    let nobody = Person::nobody();
    app.done(&nobody, "signUp", somebody("before")).await;
    pages(&app, 1).await;
    let filling = app.app.db.begin().await.expect("begins");
    filling.execute_unprepared("INSERT INTO filler VALUES (zeroblob(9000000))").await.expect_err("the disk is full");
    drop(filling);
    pages(&app, 1_000_000).await;
    assert_eq!(app.refused(&nobody, "signUp", somebody("before")).await, "ALREADY_EXISTS email", "a transaction that is rolled back");
    app.done(&nobody, "signUp", somebody("after")).await;
    let stored = app.rows("SELECT id FROM account WHERE email_key = 'after@example.org'", |_| ()).await;
    assert_eq!(stored.len(), 1);
    app.end().await;
}
