//! A believable demonstration, made through the services like everything else: a programme, its municipalities and
//! utilities with their needs and projects, businesses with what they have done, open calls, and a first interest.
//!
//! The organisations, people and amounts are invented; their registry codes begin with 99, which no register has given.
//! The database notes that it holds the demonstration, so that `serve --demo` never touches one that holds anything else.

mod businesses;
mod story;

use chrono::{DateTime, NaiveDate, Utc};
use iso_currency::Currency;
use rust_decimal::Decimal;

use crate::accounts::service::{self as accounts, SignUp};
use crate::app::App;
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::locale::{Locale, Translations};
use crate::money::Stated;
use crate::reference;
use crate::reference::codes::{CpvCode, Edrpou, KatottgCode};

/// The password of every log-in of the demonstration.
pub const PASSWORD: &str = "mistok-demonstration";
/// The setting by which a database says that it holds the demonstration, and its value while that is made.
const MARK: &str = "demo";
const BEGUN: &str = "begun";

/// A log-in of the demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Login {
    /// Its address.
    pub email: &'static str,
    /// Who it is, in English.
    pub role: &'static str,
    name: &'static str,
    locale: Locale,
}

const fn login(email: &'static str, role: &'static str, name: &'static str) -> Login {
    Login { email, role, name, locale: Locale::Uk }
}

/// Runs the platform.
pub const ADMINISTRATOR: Login = login("admin@demo.example", "administrator", "Адміністраторка Містка");
/// Verifies needs and watches over the programme.
pub const ASSOCIATION: Login = login("association@demo.example", "association of municipalities", "Радниця асоціації");
/// Funds the programme.
pub const DONOR: Login = Login { email: "donor@demo.example", role: "donor", name: "Programme officer", locale: Locale::En };
/// Owns projects and publishes calls.
pub const MUNICIPALITY: Login = login("khotyn@demo.example", "municipality, owner and signer", "Начальниця відділу інвестицій");
/// Holds assets for a municipality.
pub const UTILITY: Login = login("vodokanal@demo.example", "utility company, owner and signer", "Головний інженер водоканалу");
/// Looks for work packages that suit it.
pub const BUSINESS: Login = login("aqua@demo.example", "business, owner and signer", "Директорка підприємства");
/// Owns the other municipalities and businesses.
const OTHERS: Login = login("others@demo.example", "other organisations", "Уповноважена особа");

/// The log-ins that are worth printing.
pub const LOGINS: [Login; 6] = [ADMINISTRATOR, ASSOCIATION, DONOR, MUNICIPALITY, UTILITY, BUSINESS];

/// What a database holds, as far as the demonstration is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Nothing.
    Nothing,
    /// The demonstration.
    Demonstration,
    /// A part of the demonstration, whose making was interrupted.
    Unfinished,
    /// Something else.
    Else,
}

/// Looks at what the database holds.
///
/// # Errors
/// When it cannot be read.
pub async fn holds(app: &App) -> Result<Holds> {
    match reference::store::setting(app.db.reader(), MARK).await?.as_deref() {
        Some(BEGUN) => return Ok(Holds::Unfinished),
        Some(_) => return Ok(Holds::Demonstration),
        None => {}
    }
    let anybody = crate::accounts::store::any(app.db.reader()).await? || crate::organisations::store::any(app.db.reader()).await?;
    Ok(if anybody { Holds::Else } else { Holds::Nothing })
}

/// Fills an empty database. One that is interrupted leaves its mark ([`Holds::Unfinished`]).
///
/// # Errors
/// When a service refuses or the database fails.
pub async fn fill(app: &App) -> Result<()> {
    mark(app, |_| BEGUN.to_owned()).await?;
    accounts::create_administrator(app, sign_up(ADMINISTRATOR)).await?;
    for login in [ASSOCIATION, DONOR, MUNICIPALITY, UTILITY, BUSINESS, OTHERS] {
        accounts::sign_up(app, &Actor::system(), sign_up(login)).await?;
    }
    businesses::fill(app).await?;
    story::fill(app).await?;
    mark(app, |now| now.to_rfc3339()).await
}

/// Notes in the database that it holds the demonstration, or a part of it.
async fn mark(app: &App, value: impl FnOnce(DateTime<Utc>) -> String) -> Result<()> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    reference::store::set_setting(&*case, MARK, &value(case.now)).await?;
    case.commit().await
}

fn sign_up(login: Login) -> SignUp {
    SignUp { email: login.email.to_owned(), name: login.name.to_owned(), password: PASSWORD.to_owned(), locale: login.locale }
}

/// The person as they are now, with all their memberships.
async fn actor(app: &App, login: Login) -> Result<Actor> {
    let signed_in = accounts::issue_token(app, login.email).await?;
    accounts::authenticate(app, &signed_in.token).await
}

/// The `number`th invented registry code: seven digits from 9900001 on, and their check digit.
fn edrpou(number: u32) -> String {
    let digits = format!("{:07}", 9_900_000 + number);
    (0..10).map(|check| format!("{digits}{check}")).find(|code| Edrpou::parse(code).is_ok_and(|code| code.checksum_valid())).unwrap_or(digits)
}

fn both(uk: &str, en: &str) -> Translations {
    Translations { uk: Some(uk.to_owned()), en: Some(en.to_owned()) }
}

fn uk(text: &str) -> Translations {
    Translations { uk: Some(text.to_owned()), en: None }
}

fn katottg(code: &str) -> Result<KatottgCode> {
    KatottgCode::parse(code).map_err(|error| error.refuse("territory"))
}

fn cpv(codes: &[&str]) -> Result<Vec<CpvCode>> {
    codes.iter().map(|code| CpvCode::parse(code).map_err(|error| error.refuse("cpv"))).collect()
}

fn hryvnias(amount: i64) -> Stated {
    Stated { amount: Decimal::from(amount), currency: Currency::UAH }
}

fn day(year: i32, month: u32, day: u32) -> Result<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| Error::internal("the demonstration names a day that does not exist"))
}
