//! A registry of 200,000 businesses with 1,000,000 past works: how long it takes to import, to index and to ask.
//!
//! `cargo bench --bench registry` prints the figures; `-- 20000` takes another number of businesses, with five works each.
//! The file is made up: titles of frequent words and rare names of places, spread as such words are (Zipf).

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use mistok::accounts::service::{SignUp, authenticate, create_administrator, issue_token};
use mistok::app::App;
use mistok::auth::token::Keys;
use mistok::clock::SystemClock;
use mistok::config::{Config, DatabaseUrl};
use mistok::db::Db;
use mistok::exchange::{Options, Source, import_awards, import_tenders};
use mistok::locale::Locale;
use mistok::{graphql, http, matching, reference};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::{Value, json};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BUSINESSES: usize = 200_000;
const WORKS_EACH: usize = 5;
const PACKAGES: usize = 200;
const CLIENTS: usize = 8;
const CALLS_EACH: usize = 100;

const ACTIONS: [&str; 8] = ["Капітальний ремонт", "Поточний ремонт", "Реконструкція", "Будівництво", "Заміна", "Монтаж", "Технічне обслуговування", "Відновлення"];
const OBJECTS: [(&str, &str); 16] = [
    ("водопровідної мережі", "45231300-8"),
    ("каналізаційного колектора", "45232400-6"),
    ("насосної станції", "45232150-8"),
    ("системи опалення школи", "45331100-7"),
    ("даху дитячого садка", "45261900-3"),
    ("дорожнього покриття", "45233142-6"),
    ("мосту через річку", "45221111-3"),
    ("мереж вуличного освітлення", "45316110-9"),
    ("трансформаторної підстанції", "45315500-3"),
    ("укриття лікарні", "45215140-0"),
    ("фасаду ліцею", "45443000-4"),
    ("сонячної електростанції", "09331200-0"),
    ("очисних споруд", "45252100-9"),
    ("критого ринку", "45213140-3"),
    ("теплових мереж", "45232140-5"),
    ("проєктної документації", "71320000-7"),
];
const OBLASTS: [&str; 12] =
    ["Вінницька", "Волинська", "Житомирська", "Київська", "Львівська", "Миколаївська", "Одеська", "Полтавська", "Рівненська", "Сумська", "Чернівецька", "Чернігівська"];
const PLACES: usize = 20_000;

/// A sequence of numbers that is the same on every machine (`SplitMix64`).
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap_or_default()
    }

    /// Small numbers far more often than large ones.
    fn skewed(&mut self, end: usize) -> usize {
        let bound = self.below(end) + 1;
        self.below(bound)
    }
}

fn place_name(number: usize) -> String {
    const SYLLABLES: [&str; 20] = ["бор", "вел", "гор", "дуб", "зел", "кал", "лип", "мир", "нов", "оль", "пол", "рад", "сос", "тер", "усть", "хор", "чер", "яр", "став", "брід"];
    let mut name = String::new();
    let mut rest = number + 20;
    while rest > 0 {
        name.push_str(SYLLABLES[rest % 20]);
        rest /= 20;
    }
    name + "ське"
}

fn title(sequence: &mut Sequence) -> (String, &'static str) {
    let (object, cpv) = OBJECTS[sequence.skewed(OBJECTS.len())];
    let action = ACTIONS[sequence.skewed(ACTIONS.len())];
    (format!("{action} {object} в селі {} по вулиці {}", place_name(sequence.skewed(PLACES)), place_name(sequence.skewed(500))), cpv)
}

fn awards(businesses: usize) -> String {
    let mut sequence = Sequence(1);
    let mut table = String::from("key,supplier_scheme,supplier_id,supplier_name,title,language,cpv,category,region,buyer_name,value,currency,date,outcome,bidders\n");
    for business in 0..businesses {
        let home = sequence.below(OBLASTS.len());
        for work in 0..WORKS_EACH {
            let (title, cpv) = title(&mut sequence);
            let oblast = if sequence.below(4) == 0 { sequence.below(OBLASTS.len()) } else { home };
            let (value, year, month) = (sequence.skewed(9_000_000) + 50_000, 2018 + sequence.below(8), sequence.below(12) + 1);
            let outcome = if sequence.below(3) == 0 { "bid" } else { "won" };
            let _ = writeln!(
                table,
                "b{business}-{work},X-BENCH,{business:08},Підприємство {business},{title},uk,{cpv},works,{},Громада {},{value}.00,UAH,{year}-{month:02}-15,{outcome},{}",
                OBLASTS[oblast],
                sequence.below(1_000),
                sequence.below(6) + 1,
            );
        }
    }
    table
}

fn tenders() -> String {
    let mut sequence = Sequence(2);
    let mut table = String::from("key,title,language,cpv,category,region,buyer_scheme,buyer_id,value,currency,date,status\n");
    for tender in 0..PACKAGES {
        let (title, cpv) = title(&mut sequence);
        let _ = writeln!(
            table,
            "t{tender},{title},uk,{cpv},works,{},X-BENCH-BUYER,{},{}.00,UAH,2026-10-01,open",
            OBLASTS[sequence.below(OBLASTS.len())],
            tender % 50,
            sequence.skewed(9_000_000) + 50_000
        );
    }
    table
}

#[tokio::main]
async fn main() {
    let businesses = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(BUSINESSES);
    let folder = tempfile::tempdir().expect("a folder");
    let app = open(folder.path()).await;
    println!("{businesses} businesses, {} past works, SQLite, {} cores", businesses * WORKS_EACH, std::thread::available_parallelism().map_or(1, usize::from));

    let (took, ()) = timed(fill(&app, businesses)).await;
    println!("import                       {:>8.1} s", took.as_secs_f64());
    let before = resident();
    let (took, loaded) = timed(matching::live::load(&app)).await;
    loaded.expect("the index loads");
    println!("index ready after            {:>8.1} s", took.as_secs_f64());
    println!("index memory                 {:>8} MB", resident().saturating_sub(before));
    ask(&app).await;
    println!("memory of the process        {:>8} MB", resident());
    println!("codes alone, one statement   {:>8.1} ms (median of 9)", codes_alone(&app).await.as_secs_f64() * 1e3);
}

async fn open(folder: &std::path::Path) -> App {
    let config = Config::new(folder.to_owned(), DatabaseUrl::sqlite_in(folder));
    let db = Db::connect(&config.database).await.expect("connects");
    db.migrate_up().await.expect("migrates");
    let app = App::new(db, Arc::new(SystemClock), Keys::ephemeral().expect("keys"), config);
    reference::service::seed(&app).await.expect("seeds");
    app
}

async fn fill(app: &App, businesses: usize) {
    let email = "bench@example.org";
    let sign_up = SignUp { email: email.to_owned(), name: "Bench".to_owned(), password: "a password of the bench".to_owned(), locale: Locale::En };
    create_administrator(app, sign_up).await.expect("an administrator");
    let token = issue_token(app, email).await.expect("a token").token;
    let actor = authenticate(app, &token).await.expect("an actor");
    let options = Options { source: Source::parse("BENCH").expect("a source"), language: None, dry_run: false };
    for report in [
        import_awards(app, &actor, &options, std::io::Cursor::new(awards(businesses))).await.expect("imports awards"),
        import_tenders(app, &actor, &options, std::io::Cursor::new(tenders())).await.expect("imports tenders"),
    ] {
        assert!(report.refused.is_empty() && report.stopped.is_none(), "{:?}", report.refused.first());
    }
}

/// Asks for the matches of every work package, by several clients at a time, over HTTP.
async fn ask(app: &App) {
    let router = http::router(app.clone(), graphql::schema()).expect("a router");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("listens");
    let address = format!("http://{}/graphql", listener.local_addr().expect("an address"));
    let server = tokio::spawn(serve(listener, router));
    let packages = Arc::new(packages(&address).await);
    let clients = (0..CLIENTS).map(|client| tokio::spawn(calls(address.clone(), Arc::clone(&packages), client)));
    let (took, mut times) = timed(async {
        let mut times = Vec::new();
        for client in clients.collect::<Vec<_>>() {
            times.extend(client.await.expect("a client ends"));
        }
        times
    })
    .await;
    server.abort();
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!("matches(first: 20), {CLIENTS} clients {:>6.1} ms median, {:.1} ms p99, {} ms a call for both cores", at(50), at(99), took.as_millis() / times.len().max(1) as u128);
}

async fn serve(listener: tokio::net::TcpListener, router: Router) {
    http::serve(listener, router, std::future::pending()).await.expect("serves");
}

async fn packages(address: &str) -> Vec<Value> {
    let query = "{ projects(first: 100) { nodes { workPackages(first: 5) { id } } } }";
    let data: Value = post(&reqwest::Client::new(), address, json!({ "query": query })).await;
    let projects = data["data"]["projects"]["nodes"].as_array().expect("projects");
    projects.iter().flat_map(|project| project["workPackages"].as_array().cloned().unwrap_or_default()).map(|package| package["id"].clone()).collect()
}

async fn calls(address: String, packages: Arc<Vec<Value>>, client: usize) -> Vec<Duration> {
    const QUERY: &str = "query ($id: ID!) { node(id: $id) { ... on WorkPackage { matches(first: 20) { nodes {
        business { name } total confidence gates { kind outcome } criteria { kind points reason evidence { amount similarity pastWork { title } } } } } } } }";
    let http = reqwest::Client::new();
    let mut times = Vec::with_capacity(CALLS_EACH);
    for call in 0..CALLS_EACH {
        let id = &packages[(client * 37 + call) % packages.len()];
        let (took, answer) = timed(post(&http, &address, json!({ "query": QUERY, "variables": { "id": id } }))).await;
        assert!(answer["data"]["node"]["matches"]["nodes"].as_array().is_some_and(|nodes| !nodes.is_empty()), "{answer}");
        times.push(took);
    }
    times
}

async fn post(http: &reqwest::Client, address: &str, body: Value) -> Value {
    let answer = http.post(address).json(&body).send().await.expect("an answer");
    answer.json().await.expect("JSON")
}

/// The same question asked of SQL, by the code alone: who won most works of a class.
async fn codes_alone(app: &App) -> Duration {
    let mut times = Vec::new();
    for (_, cpv) in OBJECTS.iter().take(9) {
        let ranking = format!(
            "SELECT organisation_id, COUNT(*) AS works FROM past_work WHERE cpv LIKE '{}%' AND outcome = 'WON' GROUP BY organisation_id ORDER BY works DESC, organisation_id LIMIT 20",
            &cpv[..5]
        );
        let (took, rows) = timed(app.db.reader().query_all_raw(Statement::from_string(DbBackend::Sqlite, ranking))).await;
        assert!(!rows.expect("ranks").is_empty());
        times.push(took);
    }
    times.sort_unstable();
    times[times.len() / 2]
}

async fn timed<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let began = Instant::now();
    let done = work.await;
    let _ = std::io::stdout().flush();
    (began.elapsed(), done)
}

/// Resident memory of this process in MB, where the system tells.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}
