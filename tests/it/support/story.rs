//! One telling of the whole thread in which every mutation is done once or more; who listens decides what is looked at.

use chrono::TimeDelta;
use entity::sign_in_round::Purpose;
use serde_json::{Value, json};

use super::content::{self, because, organisation, step, with};
use super::people::PASSWORD;
use super::{Cast, Person, TestApp, files};

/// Somebody who wants to know of every step.
pub trait Listener {
    /// Does one step and gives the changed entity. `spoil` is what, laid over the input, makes it refused for its content;
    /// null where a wrong `expectedVersion` does.
    async fn step(&mut self, doer: &Person, mutation: &'static str, input: Value, spoil: Value) -> Value;
}

/// The number of the businesses that an import has to record ([`TestApp::imported`]) before the story is told.
pub const IMPORTED: [u32; 2] = [31, 32];

/// The number of the implementing agency of the programme, which has one where an agency was registered before the story is told.
pub const AGENCY: u32 = 62;

/// The address of the person who signs up at the beginning.
const NEW: &str = "new@mistok.example";

/// Tells the thread from the first sign-up to the last answer.
pub async fn tell(app: &TestApp, cast: &Cast, listener: &mut impl Listener) {
    accounts(app, listener).await;
    organisations(cast, listener).await;
    verification(app, cast, listener).await;
    delegations(app, cast, listener).await;
    tokens(app, cast, listener).await;
    members(app, cast, listener).await;
    privacy(app, listener).await;
    claims(app, cast, listener).await;
    let programme = programme(app, cast, listener).await;
    let need = needs(cast, listener).await;
    let project = project(app, cast, &programme, &need, listener).await;
    let packages = app.packages(&cast.utility, &project).await;
    let call = call(app, cast, &project, &packages, listener).await;
    interests(cast, &call, listener).await;
    listener.step(&cast.utility, "closeCall", step(&call), Value::Null).await;
    notifications(app, cast, listener).await;
}

async fn accounts(app: &TestApp, listener: &mut impl Listener) {
    let nobody = Person::nobody();
    let email = NEW;
    let (short, damaged) = (json!({ "password": "коротко" }), json!({ "token": "damaged" }));
    listener.step(&nobody, "signUp", json!({ "email": email, "name": "Нова людина", "password": PASSWORD }), short.clone()).await;
    let signed = listener.step(&nobody, "signIn", json!({ "email": email, "password": PASSWORD }), short.clone()).await;
    let refresh = json!({ "refreshToken": signed["refreshToken"] });
    listener.step(&nobody, "refreshSession", refresh, json!({ "refreshToken": "damaged" })).await;
    listener.step(&nobody, "confirmEmail", json!({ "token": app.letter_to(email).await.token(), "password": PASSWORD }), damaged.clone()).await;
    let change = json!({ "currentPassword": PASSWORD, "password": PASSWORD });
    listener.step(&app.signed_in(email).await, "changePassword", change, short).await;
    let person = app.signed_in(email).await;
    listener.step(&person, "stepUp", json!({ "password": PASSWORD }), json!({ "password": "інші чотири слова" })).await;
    let other = app.data(app.signed_in(email).await.token(), "{ viewer { sessions(first: 1) { nodes { id current } } } }", json!({})).await;
    listener.step(&person, "endSession", json!({ "id": other["viewer"]["sessions"]["nodes"][0]["id"] }), json!({})).await;
    let prepared = app.done(&person, "prepareSecondFactor", Value::Null).await;
    let enabled = listener.step(&person, "enableSecondFactor", json!({ "code": app.code_of(&prepared["address"], 0) }), json!({ "code": "wrong" })).await;
    app.done(&person, "stepUp", json!({ "password": PASSWORD, "code": enabled["recoveryCodes"][0] })).await;
    listener.step(&person, "renewRecoveryCodes", json!({}), json!({})).await;
    listener.step(&person, "disableSecondFactor", json!({}), json!({})).await;
    // What is told of the above goes out before the letter with the link.
    app.settle().await;
    listener.step(&nobody, "requestPasswordReset", json!({ "email": email }), json!({})).await;
    listener.step(&nobody, "resetPassword", json!({ "token": app.letter_to(email).await.token(), "password": PASSWORD }), damaged).await;
}

async fn organisations(cast: &Cast, listener: &mut impl Listener) {
    let registered = listener.step(&cast.business, "registerOrganisation", organisation("BUSINESS", 30, "ПП «Друге»"), json!({ "name": {} })).await;
    listener.step(&cast.association, "verifyOrganisation", step(&registered), Value::Null).await;
    let updated = listener.step(&cast.business, "updateOrganisation", with(step(&cast.business.organisation), json!({ "scale": "SMALL" })), Value::Null).await;
    listener.step(&cast.business, "declareCapability", content::capability(&updated), Value::Null).await;
    let work = listener.step(&cast.business, "addPastWork", content::past_work(&updated), json!({ "awardedOn": "2099-01-01" })).await;
    listener.step(&cast.business, "removePastWork", json!({ "id": work["id"] }), Value::Null).await;
}

/// The business changes its name, and shows who it is; a file that it describes besides goes again.
async fn verification(app: &TestApp, cast: &Cast, listener: &mut impl Listener) {
    let Cast { association, business, .. } = cast;
    let renamed = with(step(&app.found(5).await), json!({ "name": { "uk": "ТОВ «Аква-Монтаж плюс»" } }));
    listener.step(business, "updateOrganisation", renamed, Value::Null).await;
    let described = files::described(business, "EVIDENCE", "Наказ.pdf", "application/pdf", files::PDF);
    let requested = listener.step(business, "requestUpload", described.clone(), json!({ "size": 0 })).await;
    listener.step(business, "removeAttachment", step(&requested["attachment"]), Value::Null).await;
    let requested = listener.step(business, "requestUpload", described, json!({ "size": 0 })).await;
    app.put(&requested["upload"]["url"], files::PDF).await;
    let asked = json!({ "organisationId": business.id(), "attachmentIds": [requested["attachment"]["id"]] });
    let request = listener.step(business, "requestVerification", asked, Value::Null).await;
    listener.step(association, "decideVerification", with(step(&request), json!({ "decision": "VERIFIED" })), Value::Null).await;
}

/// The utility lets the association act on its behalf.
async fn delegations(app: &TestApp, cast: &Cast, listener: &mut impl Listener) {
    let Cast { association, utility, .. } = cast;
    let grant = content::delegation(utility, association, app.now());
    let granted = listener.step(utility, "grantDelegation", grant.clone(), json!({ "basis": " " })).await;
    listener.step(utility, "revokeDelegation", step(&granted), Value::Null).await;
    listener.step(utility, "grantDelegation", grant, json!({ "basis": " " })).await;
}

async fn members(app: &TestApp, cast: &Cast, listener: &mut impl Listener) {
    let Cast { business, .. } = cast;
    let guest = app.signed_in(NEW).await;
    let invite = json!({ "organisationId": business.id(), "email": NEW, "roles": ["VIEWER"] });
    let no_role = json!({ "roles": [] });
    for (who, end) in [(business, "revokeInvitation"), (&guest, "declineInvitation")] {
        let invited = listener.step(business, "inviteMember", invite.clone(), no_role.clone()).await;
        listener.step(who, end, step(&invited), Value::Null).await;
    }
    let invited = listener.step(business, "inviteMember", invite.clone(), no_role.clone()).await;
    listener.step(&guest, "acceptInvitation", step(&invited), Value::Null).await;
    let member = app.member(business, NEW).await;
    let member = listener.step(business, "changeMemberRoles", with(step(&member), json!({ "roles": ["EDITOR"] })), Value::Null).await;
    let leave = json!({ "organisationId": business.id(), "expectedVersion": member["version"] });
    listener.step(&guest, "leaveOrganisation", leave, Value::Null).await;
    let invited = listener.step(business, "inviteMember", invite, no_role).await;
    listener.step(&guest, "acceptInvitation", step(&invited), Value::Null).await;
    listener.step(business, "removeMember", step(&app.member(business, NEW).await), Value::Null).await;
}

async fn privacy(app: &TestApp, listener: &mut impl Listener) {
    let nobody = Person::nobody();
    let email = "leaving@mistok.example";
    listener.step(&nobody, "signUp", json!({ "email": email, "name": "Та, що піде", "password": PASSWORD }), json!({})).await;
    listener.step(&nobody, "confirmEmail", json!({ "token": app.letter_to(email).await.token(), "password": PASSWORD }), json!({})).await;
    let leaving = app.signed_in(email).await;
    app.done(&leaving, "stepUp", json!({ "password": PASSWORD })).await;
    let linked = json!({ "code": app.code_for(Purpose::Link, &leaving.email).await });
    listener.step(&leaving, "linkIdentity", linked, json!({ "code": "damaged" })).await;
    listener.step(&leaving, "unlinkIdentity", json!({ "issuer": "https://id.example" }), json!({ "issuer": "https://other.example" })).await;
    let code = json!({ "code": app.code_for(Purpose::SignIn, &leaving.email).await });
    listener.step(&nobody, "signInWithCode", code, json!({ "code": "damaged" })).await;
    listener.step(&leaving, "exportMyData", json!({}), json!({ "after": "nowhere" })).await;
    listener.step(&leaving, "eraseAccount", json!({ "email": leaving.email }), json!({ "email": "somebody@mistok.example" })).await;
}

async fn tokens(app: &TestApp, cast: &Cast, listener: &mut impl Listener) {
    let owner = &cast.business;
    app.done(owner, "stepUp", json!({ "password": PASSWORD })).await;
    let wanted = json!({ "organisationId": owner.id(), "name": "Портал", "scopes": ["WRITE"], "expiresAt": app.now() + TimeDelta::days(30) });
    let made = listener.step(owner, "createApiToken", wanted, json!({ "name": " " })).await;
    listener.step(owner, "revokeApiToken", step(&made["apiToken"]), Value::Null).await;
}

async fn claims(app: &TestApp, cast: &Cast, listener: &mut impl Listener) {
    let Cast { association, business, donor, .. } = cast;
    let [first, second] = [content::claim(&app.found(IMPORTED[0]).await), content::claim(&app.found(IMPORTED[1]).await)];
    let empty = json!({ "evidence": " " });
    let claimed = listener.step(business, "claimOrganisation", first, empty.clone()).await;
    listener.step(association, "declineClaim", because(&claimed, "Немає наказу"), Value::Null).await;
    let claimed = listener.step(business, "claimOrganisation", second.clone(), empty.clone()).await;
    listener.step(donor, "claimOrganisation", second, empty).await;
    app.proves_anew(association).await;
    listener.step(association, "confirmClaim", because(&claimed, "Наказ бачили"), Value::Null).await;
}

async fn programme(app: &TestApp, cast: &Cast, listener: &mut impl Listener) -> Value {
    let agency = app.found(AGENCY).await["id"].clone();
    let named = |name: Value| json!({ "programme": { "name": name, "funderId": cast.donor.id(), "implementerId": agency } });
    let programme = listener.step(&cast.donor, "createProgramme", named(json!({ "en": "Recovery" })), named(json!({}))).await;
    listener.step(&cast.donor, "updateProgramme", with(step(&programme), named(json!({ "en": "Rapid recovery" }))), Value::Null).await
}

async fn needs(cast: &Cast, listener: &mut impl Listener) -> Value {
    let Cast { association, municipality, utility, .. } = cast;
    let draft = json!({ "organisationId": utility.id(), "need": content::need() });
    let spoil = json!({ "need": with(content::need(), json!({ "sector": "немає" })) });
    let taken_back = listener.step(utility, "createNeed", draft.clone(), spoil.clone()).await;
    listener.step(utility, "withdrawNeed", because(&taken_back, "Помилка"), Value::Null).await;
    let need = listener.step(utility, "createNeed", draft, spoil).await;
    let need = listener.step(utility, "updateNeed", with(step(&need), json!({ "need": content::need() })), Value::Null).await;
    let need = listener.step(utility, "submitNeed", step(&need), Value::Null).await;
    let need = listener.step(association, "returnNeed", because(&need, "Уточніть"), Value::Null).await;
    let need = listener.step(utility, "submitNeed", step(&need), Value::Null).await;
    let need = listener.step(association, "verifyNeed", step(&need), Value::Null).await;
    listener.step(municipality, "prioritiseNeed", step(&need), Value::Null).await
}

async fn project(app: &TestApp, cast: &Cast, programme: &Value, need: &Value, listener: &mut impl Listener) -> Value {
    let utility = &cast.utility;
    let content = with(content::project(), json!({ "programmeId": programme["id"] }));
    let project = json!({ "organisationId": utility.id(), "project": content, "workPackages": [content::water_package()] });
    let spoil = json!({ "project": with(content.clone(), json!({ "title": {} })) });
    let given_up = listener.step(utility, "createProject", project.clone(), spoil.clone()).await;
    listener.step(utility, "cancelProject", because(&given_up, "Немає коштів"), Value::Null).await;
    let project = listener.step(utility, "createProject", project, spoil).await;
    let project = listener.step(utility, "updateProject", with(step(&project), json!({ "project": content })), Value::Null).await;
    let of_project = |project: &Value, more: Value| with(json!({ "projectId": project["id"], "expectedVersion": project["version"] }), more);
    let project = listener.step(utility, "addNeedToProject", of_project(&project, json!({ "needId": need["id"] })), Value::Null).await;
    listener.step(utility, "addWorkPackage", of_project(&project, json!({ "workPackage": content::design_package() })), Value::Null).await;
    let package = app.packages(utility, &project).await.pop().expect("a work package");
    listener.step(utility, "updateWorkPackage", with(step(&package), json!({ "workPackage": content::design_package() })), Value::Null).await;
    let now = app.data(utility.token(), "query($id: ID!) { project(id: $id) { id version } }", json!({ "id": project["id"] })).await;
    let project = listener.step(utility, "defineProject", step(&now["project"]), Value::Null).await;
    let project = listener.step(utility, "appraiseProject", step(&project), Value::Null).await;
    let project = listener.step(&cast.association, "moveProjectBack", with(because(&project, "Перегляньте"), json!({ "to": "DEFINED" })), Value::Null).await;
    let project = listener.step(utility, "appraiseProject", step(&project), Value::Null).await;
    listener.step(utility, "structureProject", step(&project), Value::Null).await
}

async fn call(app: &TestApp, cast: &Cast, project: &Value, packages: &[Value], listener: &mut impl Listener) -> Value {
    let Cast { municipality, utility, .. } = cast;
    let packages: Vec<&Value> = packages.iter().collect();
    let content = content::call(&packages, app.now() + TimeDelta::days(10));
    let draft = json!({ "projectId": project["id"], "call": content });
    let spoil = json!({ "call": content::call(&packages, app.now() - TimeDelta::days(1)) });
    let taken_back = listener.step(utility, "createCall", draft.clone(), spoil.clone()).await;
    listener.step(utility, "withdrawCall", because(&taken_back, "Помилка"), Value::Null).await;
    let call = listener.step(utility, "createCall", draft, spoil).await;
    let call = listener.step(utility, "updateCall", with(step(&call), json!({ "call": content })), Value::Null).await;
    let call = listener.step(utility, "requestCallConsent", step(&call), Value::Null).await;
    let call = listener.step(municipality, "consentToCall", step(&call), Value::Null).await;
    listener.step(utility, "publishCall", step(&call), Value::Null).await
}

async fn interests(cast: &Cast, call: &Value, listener: &mut impl Listener) {
    let Cast { utility, business, .. } = cast;
    let offer = json!({ "organisationId": business.id(), "callId": call["id"], "offer": "Замінимо трубопровід." });
    let spoil = json!({ "offer": " " });
    let interest = listener.step(business, "expressInterest", offer.clone(), spoil.clone()).await;
    let interest = listener.step(utility, "acknowledgeInterest", step(&interest), Value::Null).await;
    listener.step(utility, "declineInterest", because(&interest, "Запізно"), Value::Null).await;
    let interest = listener.step(business, "draftInterest", offer, spoil).await;
    let interest = listener.step(business, "updateInterest", with(step(&interest), json!({ "offer": "За два місяці." })), Value::Null).await;
    let interest = listener.step(business, "submitInterest", step(&interest), Value::Null).await;
    listener.step(business, "withdrawInterest", because(&interest, "Передумали"), Value::Null).await;
}

async fn notifications(app: &TestApp, cast: &Cast, listener: &mut impl Listener) {
    app.settle().await;
    let told = app.data(cast.utility.token(), "{ viewer { notifications(first: 1) { nodes { id } } } }", json!({})).await;
    let first = json!({ "id": told["viewer"]["notifications"]["nodes"][0]["id"] });
    listener.step(&cast.utility, "markNotificationRead", first, json!({})).await;
    listener.step(&cast.utility, "markAllNotificationsRead", json!({}), json!({})).await;
    listener.step(&cast.utility, "setNotificationPreferences", json!({ "email": "WEEKLY" }), json!({})).await;
}
