//! Who appears in the tests: people with their organisations, and how far they bring a thread before a test begins.

use std::io::Cursor;

use chrono::TimeDelta;
use mistok::accounts::service as accounts;
use mistok::auth::{Actor, Role};
use mistok::exchange::{Options, Source, import_awards};
use mistok::ids::decode;
use mistok::locale::Locale;
use serde_json::{Value, json};

use super::TestApp;
use super::content::{self, KHOTYN, organisation, step, with};

/// The password of everybody.
pub const PASSWORD: &str = "чотири слова поспіль";

/// A person, signed in, with the organisation they act for.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their address.
    pub email: String,
    /// Their organisation as it was registered; null when they have none.
    pub organisation: Value,
    token: Option<String>,
}

impl Person {
    /// Nobody who signed in.
    pub const fn nobody() -> Self {
        Self { email: String::new(), organisation: Value::Null, token: None }
    }

    /// Who has an address, and did not sign in.
    pub fn of(email: &str) -> Self {
        Self { email: email.to_owned(), ..Self::nobody() }
    }

    /// Their access token.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Who acts for the same organisation with another token.
    pub fn with_token(&self, token: &Value) -> Self {
        Self { token: Some(token.as_str().expect("a token").to_owned()), ..self.clone() }
    }

    /// The same person, who acts for another organisation.
    pub fn acting_for(&self, organisation: &Value) -> Self {
        Self { organisation: organisation.clone(), ..self.clone() }
    }

    /// Their organisation's id.
    pub fn id(&self) -> &Value {
        &self.organisation["id"]
    }
}

/// One of each kind: a municipality with its utility, a business, and those who watch over them, all checked.
pub struct Cast {
    /// Runs the platform.
    pub administrator: Person,
    /// Verifies needs.
    pub association: Person,
    /// Funds a programme.
    pub donor: Person,
    /// Owner and signer of the Khotyn municipality.
    pub municipality: Person,
    /// Owner and signer of its utility.
    pub utility: Person,
    /// Owner and signer of a business.
    pub business: Person,
}

impl TestApp {
    /// The person who runs the platform.
    pub async fn administrator(&self) -> Person {
        let email = "administrator@mistok.example";
        let input = accounts::SignUp { email: email.to_owned(), name: "Адміністраторка".to_owned(), password: PASSWORD.to_owned(), locale: Locale::En };
        accounts::create_administrator(&self.app, input).await.expect("makes an administrator");
        self.signed_in(email).await
    }

    /// Somebody new.
    pub async fn person(&self, name: &str) -> Person {
        let email = format!("{name}@mistok.example");
        self.done(&Person::nobody(), "signUp", json!({ "email": email, "name": name, "password": PASSWORD })).await;
        self.signed_in(&email).await
    }

    /// A person who is known, with a sign-in as the command line gives it, which spares the password's hash.
    pub async fn signed_in(&self, email: &str) -> Person {
        let token = accounts::issue_token(&self.app, email).await.expect("signs in").token;
        Person { email: email.to_owned(), organisation: Value::Null, token: Some(token) }
    }

    /// What an authenticator app shows for an address, so many half-minutes from now.
    pub fn code_of(&self, address: &Value, steps: u64) -> String {
        let totp = totp_rs::Totp::from_url(address.as_str().expect("an address")).expect("an app takes it");
        let now = u64::try_from(self.now().timestamp()).expect("after 1970");
        totp.generate(now + 30 * steps).to_string()
    }

    /// The same person with a sign-in by their password alone.
    pub async fn by_password(&self, person: &Person) -> Person {
        self.by(person, json!({ "email": person.email, "password": PASSWORD })).await
    }

    /// The same person with a sign-in by what they give.
    pub async fn by(&self, person: &Person, given: Value) -> Person {
        let signed = self.done(&Person::nobody(), "signIn", given).await;
        person.with_token(&signed["accessToken"])
    }

    /// Has a person prove anew who they are, by their password alone.
    pub async fn proves_anew(&self, person: &Person) {
        self.done(person, "stepUp", json!({ "password": PASSWORD })).await;
    }

    /// Has somebody who proves anew who they are confirm a claim.
    pub async fn confirms(&self, who: &Person, claim: &Value, reason: &str) -> Value {
        self.proves_anew(who).await;
        self.done(who, "confirmClaim", content::because(claim, reason)).await
    }

    /// Has a person who has none turn a second factor on; gives the address that their app took, and the recovery codes.
    pub async fn turn_second_factor_on(&self, person: &Person) -> (Value, Value) {
        self.proves_anew(person).await;
        let address = self.done(person, "prepareSecondFactor", Value::Null).await["address"].clone();
        let enabled = self.done(person, "enableSecondFactor", json!({ "code": self.code_of(&address, 0) })).await;
        (address, enabled["recoveryCodes"].clone())
    }

    /// The same person with a new sign-in, after the old one has ended.
    pub async fn again(&self, person: &Person) -> Person {
        let Person { token, .. } = self.signed_in(&person.email).await;
        Person { token, ..person.clone() }
    }

    /// Somebody new who showed that their address is theirs.
    pub async fn confirmed(&self, name: &str) -> Person {
        let person = self.person(name).await;
        self.confirm(&person).await;
        person
    }

    /// Somebody new who registers an organisation.
    pub async fn founder(&self, name: &str, organisation: Value) -> Person {
        let person = self.confirmed(name).await;
        let organisation = self.done(&person, "registerOrganisation", organisation).await;
        Person { organisation, ..person }
    }

    /// Somebody new who registers an organisation, which the association then checks.
    pub async fn checked(&self, association: &Person, name: &str, organisation: Value) -> Person {
        let person = self.founder(name, organisation).await;
        let organisation = self.done(association, "verifyOrganisation", step(&person.organisation)).await;
        Person { organisation, ..person }
    }

    /// Somebody new for whom the administrator registers an organisation, which is checked thereby.
    pub async fn appointed(&self, administrator: &Person, name: &str, organisation: Value) -> Person {
        let person = self.confirmed(name).await;
        let organisation = self.done(administrator, "registerOrganisation", with(organisation, json!({ "ownerEmail": person.email }))).await;
        Person { organisation, ..person }
    }

    /// A business that an import recorded, which has no owner; as the query for it shows it.
    pub async fn imported(&self, number: u32, name: &str) -> Value {
        let code = content::edrpou(number);
        let table = format!("key,supplier_id,supplier_name,title,cpv\n{code},{code},{name},Заміна водогону,{}\n", content::WATER_MAINS);
        let options = Options { source: Source::parse("PROZORRO").expect("a source"), language: Some("uk".to_owned()), dry_run: false };
        let administrator = accounts::administrator(&self.app, None).await.expect("there is one");
        import_awards(&self.app, &administrator, &options, Cursor::new(table)).await.expect("a table");
        self.found(number).await
    }

    /// The organisation with the `number`th invented registry code, as the query for it shows it.
    pub async fn found(&self, number: u32) -> Value {
        let query = "query($id: String!) { organisation(identifier: { scheme: \"UA-EDR\", id: $id }) { id version kind verification claimable } }";
        self.data(None, query, json!({ "id": content::edrpou(number) })).await["organisation"].clone()
    }

    /// Lets an import record what the story's claims are about.
    pub async fn imported_for_the_story(&self) {
        for number in super::story::IMPORTED {
            self.imported(number, "ТОВ «З реєстру»").await;
        }
    }

    /// Makes a person a member of an organisation with one role, which spares the letter of an invitation.
    pub async fn join(&self, person: &Person, organisation: &Value, role: Role) {
        let uuid = |id: &Value| decode(id.as_str().expect("an id")).expect("an id of ours").1;
        let viewer = self.data(person.token(), "{ viewer { account { id } } }", json!({})).await;
        let system = Actor::system();
        let mut case = self.app.begin(&system).await.expect("begins");
        accounts::grant(&mut case, uuid(&viewer["viewer"]["account"]["id"]), uuid(&organisation["id"]), &[role], accounts::Ground::Invitation).await.expect("joins");
        case.commit().await.expect("commits");
    }

    /// The membership of whoever has an address, in the organisation of one of its members.
    pub async fn member(&self, colleague: &Person, email: &str) -> Value {
        let query = "query($id: ID!) { organisation(id: $id) { members(first: 100) { nodes { id version roles member { name email } } } } }";
        let data = self.data(colleague.token(), query, json!({ "id": colleague.id() })).await;
        let members = data["organisation"]["members"]["nodes"].as_array().expect("members").clone();
        members.into_iter().find(|row| row["member"]["email"] == email).unwrap_or_else(|| panic!("{email} is no member"))
    }

    /// One of each kind.
    pub async fn cast(&self) -> Cast {
        let administrator = self.administrator().await;
        let association = self.appointed(&administrator, "association", organisation("ASSOCIATION", 1, "Асоціація громад")).await;
        let donor = self.appointed(&administrator, "donor", organisation("DONOR", 2, "Фонд відновлення")).await;
        let municipality = self.appointed(&administrator, "municipality", with(organisation("MUNICIPALITY", 3, "Хотинська громада"), json!({ "territory": KHOTYN }))).await;
        let owned = json!({ "territory": KHOTYN, "ownerMunicipalityId": municipality.id() });
        let utility = self.appointed(&administrator, "utility", with(organisation("UTILITY", 4, "КП «Водоканал»"), owned)).await;
        let business = self.checked(&association, "business", organisation("BUSINESS", 5, "ТОВ «Аква-Монтаж»")).await;
        Cast { administrator, association, donor, municipality, utility, business }
    }

    /// A need that was drafted, submitted and verified.
    pub async fn verified_need(&self, cast: &Cast, owner: &Person) -> Value {
        let need = self.done(owner, "createNeed", json!({ "organisationId": owner.id(), "need": content::need() })).await;
        let need = self.done(owner, "submitNeed", step(&need)).await;
        self.done(&cast.association, "verifyNeed", step(&need)).await
    }

    /// A project of an organisation with its work packages, ready for a call.
    pub async fn structured_project(&self, owner: &Person, needs: &[&Value]) -> Value {
        let mut project = self.idea(owner, needs).await;
        for mutation in ["defineProject", "appraiseProject", "structureProject"] {
            project = self.done(owner, mutation, step(&project)).await;
        }
        project
    }

    /// A project of an organisation with its work packages, just thought of.
    pub async fn idea(&self, owner: &Person, needs: &[&Value]) -> Value {
        let input = json!({
            "organisationId": owner.id(),
            "project": content::project(),
            "needIds": needs.iter().map(|need| &need["id"]).collect::<Vec<_>>(),
            "workPackages": [content::water_package(), content::design_package()],
        });
        self.done(owner, "createProject", input).await
    }

    /// The work packages of a project, in their order.
    pub async fn packages(&self, owner: &Person, project: &Value) -> Vec<Value> {
        let data = self.data(owner.token(), "query($id: ID!) { project(id: $id) { workPackages { id version title } } }", json!({ "id": project["id"] })).await;
        data["project"]["workPackages"].as_array().expect("work packages").clone()
    }

    /// A draft of a call of a municipality on all work packages of its project, open for ten days.
    pub async fn drafted_call(&self, owner: &Person, project: &Value) -> Value {
        let packages = self.packages(owner, project).await;
        let packages: Vec<&Value> = packages.iter().collect();
        let call = content::call(&packages, self.now() + TimeDelta::days(10));
        self.done(owner, "createCall", json!({ "projectId": project["id"], "call": call })).await
    }

    /// A call of a municipality that is open.
    pub async fn open_call(&self, owner: &Person) -> Value {
        let project = self.structured_project(owner, &[]).await;
        let call = self.drafted_call(owner, &project).await;
        self.done(owner, "publishCall", step(&call)).await
    }

    /// The moment at which the clock stands.
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.app.clock.now()
    }
}
