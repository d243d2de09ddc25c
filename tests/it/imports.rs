//! Imports: what a table records, what it refuses, and what a person did before it stays.

use std::io::Cursor;
use std::time::Duration;

use entity::{identifier, organisation};
use futures_util::future::join;
use mistok::accounts::service as accounts;
use mistok::auth::Actor;
use mistok::exchange::{Options, Report, Source, import_awards, import_tenders};
use mistok::ids::decode;
use mistok::locale::Locale;
use mistok::organisations;
use mistok::reference::lists::{Format, TERRITORY_HEADER};
use mistok::reference::service::{import_classification, import_territories};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::on_both;
use crate::support::content::{self, edrpou, organisation, step, with};
use crate::support::{Person, TestApp};

on_both! {
    async fn a_tender_that_a_person_wrote_down_first_is_refused_and_the_rest_goes_in(app) {
        let cast = app.cast().await;
        let mine = json!({ "organisationId": cast.municipality.id(), "project": content::project(), "externalIds": [{ "scheme": "PROZORRO", "id": "UA-2" }] });
        let mine = app.done(&cast.municipality, "createProject", mine).await;
        for dry_run in [true, false] {
            let report = tenders(app, "UA-1,Міст,finished\nUA-2,Труба,finished\nUA-3,Дах,open\n", dry_run).await;
            assert!(report.stopped.is_none());
            assert_eq!((report.recorded, report.unchanged), (2, 0));
            let refused: Vec<(u64, &str, &str)> = report.refused.iter().map(|note| (note.line, note.code, note.column.as_str())).collect();
            assert_eq!(refused, [(3, "ALREADY_EXISTS", "key")]);
        }
        let query = "query($id: String!) { project(externalId: { scheme: \"PROZORRO\", id: $id }) { id workPackages { id version } } }";
        let found = app.data(cast.municipality.token(), query, json!({ "id": "UA-2" })).await;
        assert_eq!(found["project"]["id"], mine["id"], "it stays the person's");
        app.settle().await;
        let package = &app.data(None, query, json!({ "id": "UA-1" })).await["project"]["workPackages"][0];
        let told = app.data(None, "{ changes(types: [WORK_PACKAGE_ADDED]) { nodes { version node { id } } } }", json!({})).await;
        let told = told["changes"]["nodes"].as_array().expect("changes");
        assert_eq!(told.len(), 2);
        assert!(told.contains(&json!({ "version": 1, "node": { "id": package["id"] } })), "an imported work package is told too: {told:?}");
        let again = tenders(app, "UA-1,Міст,finished\nUA-2,Труба,finished\nUA-3,Дах,open\n", false).await;
        assert_eq!((again.recorded, again.unchanged, again.refused.len()), (0, 2, 1));
    }

    async fn all_that_is_wrong_with_a_row_is_told_at_once(app) {
        let report = awards(app, "1,1,,\n", false).await;
        let columns: Vec<&str> = report.refused.iter().flat_map(|note| std::iter::once(note).chain(&note.also)).map(|note| note.column.as_str()).collect();
        assert_eq!((report.refused.len(), columns), (1, vec!["supplier_id", "title"]));
    }

    async fn a_business_that_was_called_by_its_number_gets_its_name_from_a_later_row(app) {
        let (first, second, third) = (edrpou(50), edrpou(51), edrpou(52));
        let report = awards(app, &format!("1,{first},,Міст\n2,{second},,Труба\n3,{third},,Дах\n4,{third},ТОВ «Дах»,Дах школи\n"), false).await;
        assert_eq!((report.recorded, report.organisations, report.named), (4, 3, 0));
        assert_eq!(called(app, &first).await, json!({ "name": format!("UA-EDR {first}"), "version": 1 }));
        assert_eq!(called(app, &third).await, json!({ "name": "ТОВ «Дах»", "version": 1 }), "a name in the same batch is its first");
        for dry_run in [true, false] {
            let report = awards(app, &format!("1,{first},ТОВ «Міст»,Міст\n5,{second},ТОВ «Труба»,Друга труба\n6,{second},ТОВ «Інша»,Третя\n7,{third},ТОВ «Не дах»,Дах\n"), dry_run).await;
            assert_eq!((report.recorded, report.unchanged, report.organisations, report.named), (3, 1, 0, 2), "dry run: {dry_run}");
        }
        assert_eq!(called(app, &first).await, json!({ "name": "ТОВ «Міст»", "version": 2 }), "from a row that was there already");
        assert_eq!(called(app, &second).await, json!({ "name": "ТОВ «Труба»", "version": 2 }));
        assert_eq!(called(app, &third).await, json!({ "name": "ТОВ «Дах»", "version": 1 }), "a name that is one stays");
        app.settle().await;
        let told = app.data(None, "{ changes(types: [ORGANISATION_UPDATED]) { nodes { version } } }", json!({})).await;
        assert_eq!(told["changes"]["nodes"], json!([{ "version": 2 }, { "version": 2 }]));
    }

    async fn a_fact_about_an_organisation_that_nobody_has_verified_waits_until_somebody_does(app) {
        let cast = app.cast().await;
        let squatter = app.founder("squatter", organisation("BUSINESS", 53, "ТОВ «Чужий код»")).await;
        let society = app.appointed(&cast.administrator, "society", organisation("CSO", 54, "ГО «Місто»")).await;
        let buyer = app.founder("buyer", organisation("PUBLIC_BODY", 30, "Замовник")).await;
        let number = edrpou(57);
        app.founder("nameless", organisation("BUSINESS", 57, &format!("UA-EDR {number}"))).await;
        let rows = format!("1,{},,Міст\n2,{},,Труба\n3,{},,Дах\n", edrpou(53), edrpou(54), edrpou(55));
        let refused = |report: &Report| report.refused.iter().map(|note| (note.line, note.code, note.column.clone())).collect::<Vec<_>>();
        let column = |name: &str| name.to_owned();
        for dry_run in [true, false] {
            let report = awards(app, &rows, dry_run).await;
            assert_eq!(report.recorded, 1, "dry run: {dry_run}");
            assert_eq!(refused(&report), [(2, "NOT_VERIFIED", column("supplier_id")), (3, "BAD_USER_INPUT", column("supplier_id"))]);
            let report = tenders(app, "UA-1,Міст,finished\n", dry_run).await;
            assert_eq!((report.recorded, refused(&report)), (0, vec![(2, "NOT_VERIFIED", column("buyer_id"))]));
            let report = awards(app, &format!("4,{number},ТОВ «Міст»,Міст\n"), dry_run).await;
            assert_eq!((report.named, refused(&report)), (0, vec![(2, "NOT_VERIFIED", column("supplier_id"))]), "what is refused names nobody");
        }
        let works = "query($id: ID!) { organisation(id: $id) { pastWorks { nodes { title } } } }";
        let works = async |person: &Person| app.data(None, works, json!({ "id": person.id() })).await["organisation"]["pastWorks"]["nodes"].clone();
        assert_eq!((works(&squatter).await, works(&society).await), (json!([]), json!([])));
        for person in [&squatter, &buyer] {
            app.done(&cast.association, "verifyOrganisation", step(&person.organisation)).await;
        }
        let report = awards(app, &rows, false).await;
        assert_eq!((report.recorded, report.unchanged, report.refused.len()), (1, 1, 1), "the same file takes in what waited");
        assert_eq!(works(&squatter).await, json!([{ "title": "Міст" }]));
        assert_eq!(tenders(app, "UA-1,Міст,finished\n", false).await.recorded, 1);
    }

    async fn a_tender_that_is_refused_takes_no_number(app) {
        app.founder("buyer", organisation("PUBLIC_BODY", 31, "Замовник")).await;
        let reference = async |key: &str, refused: &str| {
            let table = format!("key,title,status,buyer_id\n{refused},Дах,open,{}\n{key},Міст,open,{}\n", edrpou(31), edrpou(30));
            let report = import_tenders(&app.app, &administrator(app).await, &options(false), Cursor::new(table)).await.expect("a table");
            assert_eq!((report.recorded, report.refused.len()), (1, 1));
            let query = "query($id: String!) { project(externalId: { scheme: \"PROZORRO\", id: $id }) { reference } }";
            let found = app.data(None, query, json!({ "id": key })).await;
            found["project"]["reference"].as_str().and_then(|reference| reference.rsplit('-').next()).and_then(|number| number.parse::<u32>().ok()).expect("a reference")
        };
        assert_eq!((reference("UA-1", "UA-2").await, reference("UA-3", "UA-4").await), (1, 2));
    }

    async fn an_amount_without_its_currency_is_told_with_the_amount(app) {
        let table = format!("key,supplier_id,title,value\n1,{0},Міст,\"1 234,50\"\n2,{0},Дах,багато\n", edrpou(58));
        let report = import_awards(&app.app, &administrator(app).await, &options(false), Cursor::new(table)).await.expect("a table");
        let told = |place: usize| std::iter::once(&report.refused[place]).chain(&report.refused[place].also).map(|note| note.column.as_str()).collect::<Vec<_>>();
        assert_eq!((told(0), told(1)), (vec!["currency"], vec!["value", "currency"]));
        assert!(report.refused[0].uk.starts_with("Сума 1234.50 у стовпці value без валюти."), "{}", report.refused[0].uk);
    }

    async fn what_a_source_writes_oddly_is_kept_as_far_as_it_says_something(app) {
        let number = edrpou(56);
        let table = format!(
            "key,supplier_id,title,date,cpv\n1,{number},\"Капітальний\nремонт мосту\",0001-01-01,99999999\n2,{number},Дах,2099-01-01,\n3,{number},а\u{202e}б,,\n4,{number},\u{200b},,\n5,{number},Труба,2025-01-31,45231300-1\n6,00000000,Двір,,\n"
        );
        let report = import_awards(&app.app, &administrator(app).await, &options(false), Cursor::new(table)).await.expect("a table");
        let warned: Vec<(u64, &str)> = report.warnings.iter().map(|note| (note.line, note.code)).collect();
        assert_eq!(warned, [(2, "LINE_BREAKS"), (2, "UNKNOWN_CPV"), (2, "IMPOSSIBLE_YEAR")]);
        let refused: Vec<(u64, &str)> = report.refused.iter().map(|note| (note.line, note.column.as_str())).collect();
        assert_eq!(refused, [(4, "date"), (5, "title"), (6, "title"), (8, "supplier_id")]);
        let query = "query($id: String!) { organisation(identifier: { scheme: \"UA-EDR\", id: $id }) { pastWorks { nodes { title awardedOn cpv { code } } } } }";
        let found = app.data(None, query, json!({ "id": number })).await;
        let works = found["organisation"]["pastWorks"]["nodes"].as_array().expect("past works");
        assert!(works.contains(&json!({ "title": "Капітальний ремонт мосту", "awardedOn": null, "cpv": { "code": "99999999" } })), "{works:?}");
        assert!(works.contains(&json!({ "title": "Труба", "awardedOn": "2025-01-31", "cpv": { "code": "45231300" } })), "{works:?}");
    }

    async fn a_code_has_one_spelling_before_and_after_the_whole_list_is_imported(app) {
        let cast = app.cast().await;
        let query = "query($id: ID!) { organisation(id: $id) { capability { cpv { code } } } }";
        let shown = async || app.data(None, query, json!({ "id": cast.business.id() })).await["organisation"]["capability"]["cpv"].clone();
        let declared = with(content::capability(&cast.business.organisation), json!({ "cpv": ["45231300-1", "45231300", "45231300-8", "45000000"] }));
        app.done(&cast.business, "declareCapability", declared).await;
        assert_eq!(shown().await, json!([{ "code": "45231300" }, { "code": "45000000-7" }]));
        let list = r#"{"45000000-7": "Construction work", "45231300-8": "Construction work for water and sewage pipelines"}"#;
        import_classification(&app.app, &administrator(app).await, "CPV", Format::Json(Locale::En), list.as_bytes(), false).await.expect("imports");
        assert_eq!(shown().await, json!([{ "code": "45231300-8" }, { "code": "45000000-7" }]));
        let mistyped = with(content::past_work(&cast.business.organisation), json!({ "cpv": "45231300-1" }));
        assert_eq!(app.refused(&cast.business, "addPastWork", mistyped).await, "BAD_USER_INPUT cpv");
    }

    async fn a_table_that_is_cut_short_says_so_and_keeps_what_was_read(app) {
        use std::io::Write as _;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"key,supplier_id,supplier_name,title\n").expect("writes");
        for row in 0..3_000 {
            writeln!(packed, "K{row},{},,Робота {}", edrpou(row % 40), row * 7919).expect("writes");
        }
        let mut packed = packed.finish().expect("packs");
        packed.truncate(packed.len() - 12);
        let actor = administrator(app).await;
        let report = import_awards(&app.app, &actor, &options(false), Cursor::new(packed)).await.expect("begins");
        let Some(mistok::error::Error::Refused(refusal)) = report.stopped else { panic!("it stops with what is wrong with the file") };
        assert!(refusal.message.en.starts_with("The packed file is damaged or cut short"), "{}", refusal.message.en);
        assert!(report.recorded >= 1_000, "{} rows are in", report.recorded);
        assert_eq!(report.recorded, report.rows, "what was read is in");
    }

    async fn a_table_of_refused_rows_ends_the_import_and_keeps_the_good_ones(app) {
        let good = |key: &str| format!("{key},{},,Міст\n", edrpou(60));
        let bad = "K,1,,\n".repeat(10_000);
        for dry_run in [true, false] {
            let report = awards(app, &format!("{}{bad}{}{bad}", good("A"), good("B")), dry_run).await;
            assert_eq!((report.rows, report.recorded, report.refused.len()), (10_001, 1, 10_000));
            let written = serde_json::to_value(&report).expect("a report");
            let told = written["stopped"]["en"].as_str().unwrap_or_default();
            assert!(told.contains("10000 of the 10001 rows") && told.contains("import it again"), "{told}");
        }
        assert_eq!(called(app, &edrpou(60)).await["version"], 1);
        let list = format!("{}\n{}", TERRITORY_HEADER.join(";"), "UA1;;;;;O;Чернівецька\n".repeat(20_000));
        let Err(mistok::error::Error::Refused(refusal)) = import_territories(&app.app, &administrator(app).await, list.as_bytes(), false).await else { panic!("it is refused") };
        assert!(refusal.message.en.contains("10000 of the 10000 lines"), "{}", refusal.message.en);
    }

    async fn the_same_table_imported_twice_at_the_same_time_is_recorded_once(app) {
        let actor = administrator(app).await;
        let rows: Vec<String> = (0..2_500).map(|row| format!("K{row},{},,Робота {row}\n", edrpou(row % 40))).collect();
        let table = format!("key,supplier_id,supplier_name,title\n{}", rows.concat());
        let import = async || import_awards(&app.app, &actor, &options(false), Cursor::new(table.clone())).await.expect("begins");
        let (one, other) = join(import(), import()).await;
        assert!(one.stopped.is_none() && other.stopped.is_none(), "{:?} {:?}", one.stopped, other.stopped);
        assert_eq!((one.recorded + other.recorded, one.unchanged + other.unchanged, one.organisations + other.organisations), (2_500, 2_500, 40));
    }

    async fn an_import_goes_on_when_somebody_registers_one_of_its_organisations_meanwhile(app) {
        let cast = app.cast().await;
        let system = Actor::system();
        let there = decode(cast.business.id().as_str().expect("an id")).expect("an id of ours").1;
        let meanwhile = app.app.begin(&system).await.expect("begins");
        let row = organisations::store::by_id(&*meanwhile, &system, there).await.expect("reads").expect("is there");
        let id = meanwhile.new_id();
        organisation::ActiveModel { id: Set(id), ..row.into() }.insert(&*meanwhile).await.expect("is written");
        let (first, second) = (edrpou(60), edrpou(61));
        let register = async |number: &str| {
            let (scheme, value) = (Set("UA-EDR".to_owned()), Set(number.to_owned()));
            let row = identifier::ActiveModel { id: Set(meanwhile.new_id()), organisation_id: Set(id), scheme, shown: value.clone(), value, checksum_valid: Set(Some(true)) };
            row.insert(&*meanwhile).await.expect("nobody waits for anybody in a circle");
        };
        register(&first).await;
        let table = format!("1,{second},,Міст\n2,{first},,Труба\n");
        administrator(app).await;
        let mut import = Box::pin(awards(app, &table, false));
        assert!(timeout(Duration::from_millis(500), &mut import).await.is_err(), "it waits for who registers the first");
        register(&second).await;
        meanwhile.commit().await.expect("commits");
        let report = import.await;
        assert!(report.stopped.is_none(), "{:?}", report.stopped);
        assert_eq!((report.recorded, report.organisations), (2, 0), "both are of the organisation that is there now");
    }

    async fn a_list_says_what_is_new_changed_and_as_it_was(app) {
        let list = |khotyn: &str, more: &str| format!("{}\nUA73000000000044923;;;;;O;Чернівецька\nUA73000000000044923;UA73040000000092863;;;;P;{khotyn}\n{more}", TERRITORY_HEADER.join(";"));
        let actor = administrator(app).await;
        let import = async |text: String, dry_run: bool| import_territories(&app.app, &actor, text.as_bytes(), dry_run).await.expect("imports");
        let first = import(list("Дністровський", ""), false).await;
        assert_eq!((first.listed, first.added, first.added + first.changed + first.unchanged), (2, 1, 2));
        let same = import(list("Дністровський", ""), false).await;
        assert_eq!((same.added, same.changed, same.unchanged, same.retired), (0, 0, 2, 0));
        for dry_run in [true, false] {
            let next = import(list("Хотинський", "UA73000000000044923;UA73040000000092863;UA73040190000062796;;;H;Хотинська\n"), dry_run).await;
            assert_eq!((next.added, next.changed, next.unchanged), (1, 1, 1), "dry run: {dry_run}");
        }
        let refused = import("nonsense\n".to_owned(), false).await;
        assert_eq!((refused.listed, refused.refused.len()), (0, 1));
        assert!(refused.refused[0].uk.starts_with("Перший рядок має бути"), "{}", refused.refused[0].uk);
    }
}

/// Who imports: the administrator, made when there is none yet.
async fn administrator(app: &TestApp) -> Actor {
    if accounts::administrator(&app.app, None).await.is_err() {
        app.administrator().await;
    }
    accounts::administrator(&app.app, None).await.expect("there is one")
}

async fn called(app: &TestApp, number: &str) -> Value {
    let query = "query($id: String!) { organisation(identifier: { scheme: \"UA-EDR\", id: $id }) { name version } }";
    app.data(None, query, json!({ "id": number })).await["organisation"].clone()
}

async fn tenders(app: &TestApp, rows: &str, dry_run: bool) -> Report {
    let buyer = edrpou(30);
    let table = format!("key,title,status,buyer_id\n{}", rows.replace('\n', &format!(",{buyer}\n")));
    import_tenders(&app.app, &administrator(app).await, &options(dry_run), Cursor::new(table)).await.expect("a table")
}

async fn awards(app: &TestApp, rows: &str, dry_run: bool) -> Report {
    let table = format!("key,supplier_id,supplier_name,title\n{rows}");
    import_awards(&app.app, &administrator(app).await, &options(dry_run), Cursor::new(table)).await.expect("a table")
}

fn options(dry_run: bool) -> Options {
    Options { source: Source::parse("PROZORRO").expect("a source"), language: None, dry_run }
}
