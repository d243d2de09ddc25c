//! Signing in by an OpenID provider that the test starts itself: the whole way, and every way to cheat on it.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::browser::PORTAL;
use crate::support::oidc_provider::{Known, OidcProvider, Trick};
use crate::support::people::PASSWORD;
use crate::support::{Person, TestApp};

const EMAIL: &str = "olena@mistok.example";
const VIEWER: &str = "{ viewer { account { id name email emailConfirmed } identities { issuer } } }";

/// What a frontend keeps, and the digest of it with which it begins (RFC 7636, appendix B).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// How a round begins that is to link.
const LINK: &str = "for=link&challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

on_both! {
    async fn who_is_new_gets_an_account_and_comes_back_to_it(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        let mut browser = site.browser();
        let code = browser.code("").await;
        assert!(browser.cookies().is_empty(), "what was kept for the way is forgotten");
        let signed = signed_in(app, &code).await;
        let seen = app.data(signed.token(), VIEWER, json!({})).await;
        let account = &seen["viewer"]["account"];
        assert_eq!((&account["name"], &account["email"], &account["emailConfirmed"]), (&json!("Олена Шевченко"), &json!(EMAIL), &json!(true)));
        assert_eq!(seen["viewer"]["identities"], json!([{ "issuer": provider.issuer() }]));
        provider.knows(Known { email: Some("renamed@mistok.example".to_owned()), ..Known::new("olena-1", EMAIL) });
        let again = signed_in(app, &site.browser().code("").await).await;
        assert_eq!(app.data(again.token(), VIEWER, json!({})).await["viewer"]["account"]["id"], account["id"], "it is the identity that counts");
        let told = app.rows("SELECT kind FROM event WHERE entity_kind = 'ACCOUNT'", |row| row.try_get::<String>("", "kind").expect("a kind")).await;
        assert_eq!(told, ["ACCOUNT_CREATED"]);
        assert!(app.letters_to(EMAIL).await.is_empty(), "the provider vouches for the address");
    }

    async fn a_partners_page_gets_the_code_and_never_a_token(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        let portal = site.browser().round(&format!("return={}", escaped(PORTAL))).await;
        assert_eq!(portal.status, StatusCode::SEE_OTHER);
        let code = portal.next().strip_prefix(&format!("{PORTAL}&code=")).expect("the page with the code").to_owned();
        signed_in(app, &code).await;
        for elsewhere in ["https://evil.example/", "https://portal.example.evil.example/", "javascript:alert(1)"] {
            let refused = site.browser().visit(&format!("/oidc/start?return={}", escaped(elsewhere))).await;
            assert_eq!((refused.status, refused.mark()), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"), "{elsewhere}");
        }
        let methods = site.ask("{ signInMethods { password openIdConnect { name startUrl issuer } } }").await;
        let expected = json!({ "name": "Дія", "startUrl": "http://127.0.0.1:8080/oidc/start", "issuer": provider.issuer() });
        assert_eq!(methods["data"]["signInMethods"], json!({ "password": true, "openIdConnect": expected }));
    }

    async fn a_code_is_good_once_for_a_minute_for_its_purpose_and_for_who_began(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        let attempt = async |input: Value| app.attempt(&Person::nobody(), "signInWithCode", input).await.map(drop);
        let worthless = Err("OUT_OF_TIME code".to_owned());
        let code = site.browser().code("").await;
        assert_eq!(attempt(json!({ "code": code })).await, Ok(()));
        assert_eq!(attempt(json!({ "code": code })).await, worthless, "it was used");
        let late = site.browser().code("").await;
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(attempt(json!({ "code": late })).await, worthless, "its minute is over");
        for purpose in [LINK, "for=step-up"] {
            let other = site.browser().code(purpose).await;
            assert_eq!(attempt(json!({ "code": other, "verifier": VERIFIER })).await, worthless, "{purpose}");
        }
        let unbound = site.browser().visit("/oidc/start?for=link").await;
        assert_eq!((unbound.status, unbound.mark()), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"), "somebody else could be made to link it");
        let bound = site.browser().code(&format!("challenge={CHALLENGE}")).await;
        assert_eq!(attempt(json!({ "code": bound })).await, worthless, "whoever stole it does not know the verifier");
        assert_eq!(attempt(json!({ "code": bound, "verifier": "another" })).await, worthless);
        assert_eq!(attempt(json!({ "code": bound, "verifier": VERIFIER })).await, Ok(()));
        let both = site.browser().code("").await;
        let both = futures_util::future::join_all((0..8).map(|_| attempt(json!({ "code": both })))).await;
        assert_eq!(both.iter().filter(|done| done.is_ok()).count(), 1, "of those who use one at once, one does: {both:?}");
    }

    async fn an_answer_is_taken_once_in_the_browser_that_asked(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        let (mut ours, mut theirs) = (site.browser(), site.browser());
        let (back, other) = (ours.goes_to_provider("").await, theirs.goes_to_provider("").await);
        let gone = |visited: crate::support::browser::Visited| assert_eq!((visited.status, visited.mark()), (StatusCode::GONE, "OUT_OF_TIME"), "{}", visited.page);
        gone(site.browser().visit(&back).await);
        gone(theirs.visit(&back).await);
        gone(ours.visit(&other).await);
        gone(ours.visit("/oidc/callback?code=provider-code-1").await);
        gone(ours.visit("/oidc/callback?code=provider-code-1&state=damaged").await);
        gone(ours.visit("/oidc/callback").await);
        assert_eq!(ours.visit(&back).await.status, StatusCode::OK);
        let mut late = site.browser();
        let back = late.goes_to_provider("").await;
        app.clock.advance(TimeDelta::minutes(10));
        gone(late.visit(&back).await);
    }

    async fn an_answer_that_was_taken_is_worth_nothing_with_the_same_cookie_either(app) {
        let provider = provider(app).await;
        let mut browser = app.site(&provider).browser();
        let back = browser.goes_to_provider("").await;
        let (name, value) = browser.cookies().iter().next().map(|(name, value)| (name.clone(), value.clone())).expect("a cookie");
        assert_eq!(browser.visit(&back).await.status, StatusCode::OK);
        browser.keeps(&name, &value);
        assert_eq!(browser.visit(&back).await.status, StatusCode::GONE);
    }

    async fn an_answer_of_the_provider_that_somebody_stole_is_worth_nothing_in_another_round(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        let (mut victim, mut thief) = (site.browser(), site.browser());
        let (stolen, own) = (victim.goes_to_provider("").await, thief.goes_to_provider("").await);
        let code = |address: &str| address.split(['?', '&']).find_map(|pair| pair.strip_prefix("code=")).expect("a code").to_owned();
        let injected = own.replace(&code(&own), &code(&stolen));
        let refused = thief.visit(&injected).await;
        assert_eq!((refused.status, refused.mark()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"), "PKCE's verifier is another's");
        assert_eq!(accounts(app).await, 0);
    }

    async fn a_word_of_the_provider_that_is_not_true_opens_nothing(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        for trick in [
            Trick::OtherNonce,
            Trick::OtherAudience,
            Trick::OtherIssuer,
            Trick::Expired,
            Trick::Unsigned,
            Trick::UnknownKey,
            Trick::SharedSecret,
            Trick::OtherSignature,
        ] {
            provider.plays(trick);
            let refused = site.browser().round("").await;
            assert_eq!((refused.status, refused.mark()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"), "{trick:?}");
        }
        provider.plays(Trick::Honest);
        let mut browser = site.browser();
        let mixed = browser.goes_to_provider("").await.replace(&format!("iss={}", provider.issuer()), "iss=https://other.example");
        assert_eq!(browser.visit(&mixed).await.status, StatusCode::UNAUTHORIZED, "another provider answers");
        assert_eq!(accounts(app).await, 0);
        assert_eq!(site.browser().round("").await.status, StatusCode::OK);
    }

    async fn a_provider_rotates_its_keys(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        site.browser().code("").await;
        provider.rotates();
        assert_eq!(site.browser().round("").await.status, StatusCode::UNAUTHORIZED, "keys are read once a minute at most");
        app.clock.advance(TimeDelta::minutes(1));
        site.browser().code("").await;
    }

    async fn what_a_provider_said_of_itself_does_for_a_day_while_it_cannot_be_read_anew(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        site.browser().code("").await;
        provider.plays(Trick::Undescribed);
        for hours in [1, 22] {
            app.clock.advance(TimeDelta::hours(hours));
            site.browser().code("").await;
        }
        app.clock.advance(TimeDelta::hours(1));
        let silent = site.browser().visit("/oidc/start").await;
        assert_eq!((silent.status, silent.mark()), (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"));
        provider.plays(Trick::Honest);
        app.clock.advance(TimeDelta::seconds(5));
        site.browser().code("").await;
    }

    async fn a_visit_leaves_no_row_before_the_provider_has_vouched_for_somebody(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        let rounds = async || app.rows("SELECT COUNT(*) AS many FROM sign_in_round", |row| row.try_get::<i64>("", "many").expect("a count")).await[0];
        for trick in [Trick::Honest, Trick::Denies, Trick::OtherNonce] {
            provider.plays(trick);
            for _ in 0..5 {
                let mut browser = site.browser();
                let back = browser.goes_to_provider("").await;
                if trick != Trick::Honest {
                    browser.visit(&back).await;
                }
            }
        }
        assert_eq!(rounds().await, 0);
        provider.plays(Trick::Honest);
        let code = site.browser().code("").await;
        assert_eq!(rounds().await, 1);
        signed_in(app, &code).await;
        app.clock.advance(TimeDelta::hours(1));
        site.browser().code("").await;
        assert_eq!(rounds().await, 1, "those that ended go with the next");
    }

    async fn a_code_that_was_used_does_not_begin_its_round_anew(app) {
        let provider = provider(app).await;
        let mut browser = app.site(&provider).browser();
        let back = browser.goes_to_provider("").await;
        let (name, value) = browser.cookies().iter().next().map(|(name, value)| (name.clone(), value.clone())).expect("a cookie");
        let shown = browser.visit(&back).await;
        signed_in(app, shown.mark()).await;
        for minutes in [0, 8] {
            app.clock.advance(TimeDelta::minutes(minutes));
            browser.keeps(&name, &value);
            assert_eq!(browser.visit(&back).await.status, StatusCode::GONE);
        }
    }

    async fn an_address_that_the_provider_did_not_verify_makes_no_account(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        for known in [Known { verified: false, ..Known::new("olena-1", EMAIL) }, Known { email: None, ..Known::new("olena-1", EMAIL) }] {
            provider.knows(known);
            let refused = site.browser().round("").await;
            assert_eq!((refused.status, refused.mark()), (StatusCode::FORBIDDEN, "FORBIDDEN"));
        }
        assert_eq!(accounts(app).await, 0);
        provider.knows(Known { in_word: false, ..Known::new("olena-1", EMAIL) });
        signed_in(app, &site.browser().code("").await).await;
    }

    async fn an_account_that_is_there_is_linked_by_its_person_and_never_silently(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        let olena = app.person("olena").await;
        let refused = site.browser().round("").await;
        assert_eq!((refused.status, refused.mark()), (StatusCode::CONFLICT, "ALREADY_EXISTS"));
        assert!(refused.page.contains("linkIdentity"), "{}", refused.page);
        app.confirm(&olena).await;
        assert_eq!(site.browser().round("").await.status, StatusCode::CONFLICT, "confirmed or not");
        let code = site.browser().code(LINK).await;
        assert_eq!(app.refused(&olena, "linkIdentity", json!({ "code": code, "verifier": VERIFIER })).await, "STEP_UP_REQUIRED");
        app.done(&olena, "stepUp", json!({ "password": PASSWORD })).await;
        app.done(&olena, "linkIdentity", json!({ "code": code, "verifier": VERIFIER })).await;
        let signed = signed_in(app, &site.browser().code("").await).await;
        assert_eq!(app.data(signed.token(), VIEWER, json!({})).await["viewer"]["account"]["email"], EMAIL);
        let code = site.browser().code(LINK).await;
        assert_eq!(app.refused(&olena, "linkIdentity", json!({ "code": code, "verifier": VERIFIER })).await, "ALREADY_EXISTS code", "one identity a provider");
        let taras = app.person("taras").await;
        app.confirm(&taras).await;
        app.done(&taras, "stepUp", json!({ "password": PASSWORD })).await;
        assert_eq!(app.refused(&taras, "linkIdentity", json!({ "code": code, "verifier": VERIFIER })).await, "ALREADY_EXISTS code", "one account an identity");
        let issuer = json!({ "issuer": provider.issuer() });
        assert_eq!(app.refused(&taras, "unlinkIdentity", issuer.clone()).await, "NOT_FOUND issuer");
        app.done(&olena, "unlinkIdentity", issuer).await;
        assert_eq!(site.browser().round("").await.status, StatusCode::CONFLICT, "it is as it was");
    }

    async fn whoever_signed_up_with_an_address_that_is_not_theirs_links_nothing_to_it(app) {
        let provider = provider(app).await;
        provider.knows(Known::new("a-stranger", "stranger@mistok.example"));
        let stranger = app.person("olena").await;
        app.done(&stranger, "stepUp", json!({ "password": PASSWORD })).await;
        let code = app.site(&provider).browser().code(LINK).await;
        assert_eq!(app.refused(&stranger, "linkIdentity", json!({ "code": code, "verifier": VERIFIER })).await, "INVALID_STATE");
    }

    async fn who_has_no_password_proves_themselves_by_the_provider_or_chooses_one(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        let olena = signed_in(app, &site.browser().code("").await).await;
        let issuer = json!({ "issuer": provider.issuer() });
        assert_eq!(app.refused(&Person::nobody(), "signIn", json!({ "email": EMAIL, "password": PASSWORD })).await, "BAD_USER_INPUT password");
        assert_eq!(app.refused(&olena, "unlinkIdentity", issuer.clone()).await, "STEP_UP_REQUIRED", "who came from the provider proved nothing anew");
        assert_eq!(app.refused(&olena, "stepUp", json!({ "password": PASSWORD })).await, "BAD_USER_INPUT password");
        let sign_in_code = site.browser().code("").await;
        assert_eq!(app.refused(&olena, "stepUp", json!({ "identityCode": sign_in_code })).await, "OUT_OF_TIME identityCode", "it is for something else");
        let proof = site.browser().code("for=step-up").await;
        app.done(&olena, "stepUp", json!({ "identityCode": proof })).await;
        assert_eq!(app.refused(&olena, "stepUp", json!({ "identityCode": proof })).await, "OUT_OF_TIME identityCode");
        assert_eq!(app.refused(&olena, "unlinkIdentity", issuer.clone()).await, "INVALID_STATE", "there would be no way in");
        let taras = app.person("taras").await;
        let proof = site.browser().code("for=step-up").await;
        assert_eq!(app.refused(&taras, "stepUp", json!({ "identityCode": proof })).await, "OUT_OF_TIME identityCode", "it is somebody else's");
        app.done(&Person::nobody(), "requestPasswordReset", json!({ "email": EMAIL })).await;
        let token = app.letter_to(EMAIL).await.token().to_owned();
        app.done(&Person::nobody(), "resetPassword", json!({ "token": token, "password": PASSWORD })).await;
        let olena = app.by_password(&Person::of(EMAIL)).await;
        app.done(&olena, "unlinkIdentity", issuer).await;
    }

    async fn the_providers_word_is_no_second_factor(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        let cast = app.cast().await;
        let association = &cast.association;
        provider.knows(Known::new("association-1", &association.email));
        app.done(association, "stepUp", json!({ "password": PASSWORD })).await;
        app.done(association, "linkIdentity", json!({ "code": site.browser().code(LINK).await, "verifier": VERIFIER })).await;
        let founder = app.founder("founder", crate::support::content::organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        let verify = crate::support::content::step(&founder.organisation);
        let signed = signed_in(app, &site.browser().code("").await).await;
        assert_eq!(app.refused(&signed, "verifyOrganisation", verify.clone()).await, "SECOND_FACTOR_REQUIRED");
        let (address, codes) = app.turn_second_factor_on(association).await;
        let code = site.browser().code("").await;
        let attempt = async |more: Value| app.attempt(&Person::nobody(), "signInWithCode", crate::support::content::with(json!({ "code": code }), more)).await;
        assert_eq!(attempt(json!({})).await.map(drop), Err("SECOND_FACTOR_REQUIRED code".to_owned()));
        assert_eq!(attempt(json!({ "secondFactorCode": "000000" })).await.map(drop), Err("BAD_USER_INPUT code".to_owned()));
        let signed = attempt(json!({ "secondFactorCode": codes[0] })).await.expect("the code is good still");
        let signed = association.with_token(&signed["accessToken"]);
        app.done(&signed, "verifyOrganisation", verify).await;
        let proof = site.browser().code("for=step-up").await;
        assert_eq!(app.refused(&signed, "stepUp", json!({ "identityCode": proof })).await, "SECOND_FACTOR_REQUIRED code");
        assert_eq!(app.refused(&signed, "stepUp", json!({ "identityCode": proof, "code": "000000" })).await, "BAD_USER_INPUT code");
        app.done(&signed, "stepUp", json!({ "identityCode": proof, "code": app.code_of(&address, 1) })).await;
        assert_eq!(app.refused(&signed, "stepUp", json!({ "identityCode": proof, "code": codes[1] })).await, "OUT_OF_TIME identityCode", "it was good once");
    }

    async fn a_provider_that_fails_or_lets_nobody_in_is_told_of_in_both_languages(app) {
        let provider = provider(app).await;
        let site = app.site(&provider);
        for trick in [Trick::Down, Trick::Elsewhere, Trick::Huge] {
            provider.plays(trick);
            let down = site.browser().visit("/oidc/start").await;
            assert_eq!((down.status, down.mark()), (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"), "{trick:?}");
            assert!(down.headers.contains_key(header::RETRY_AFTER));
            app.clock.advance(TimeDelta::seconds(5));
        }
        provider.plays(Trick::Denies);
        let back = site.browser().goes_to_provider("").await;
        let denied = site.browser().round("").await;
        assert_eq!((denied.status, denied.mark()), (StatusCode::FORBIDDEN, "FORBIDDEN"));
        assert!(denied.page.contains("Begin the sign-in anew"), "{}", denied.page);
        let uk = site.browser().visit(&format!("{back}&lang=uk")).await;
        assert!(uk.page.contains("<html lang=\"uk\">") && uk.page.contains("Почніть вхід спочатку"), "{}", uk.page);
        provider.plays(Trick::Honest);
        let mut browser = site.browser();
        let back = browser.goes_to_provider("").await;
        provider.plays(Trick::Down);
        let down = browser.visit(&back).await;
        assert_eq!((down.status, down.mark()), (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"));
        assert_eq!(accounts(app).await, 0);
    }

    async fn where_no_provider_is_configured_there_is_nothing(app) {
        let mut browser = app.site_with(mistok::config::Config::clone(&app.app.config)).browser();
        for address in ["/oidc/start", "/oidc/callback?code=x&state=y"] {
            let nothing = browser.visit(address).await;
            assert_eq!(nothing.status, StatusCode::NOT_FOUND);
            assert!(nothing.page.contains("NOT_FOUND"), "{}", nothing.page);
        }
        let methods = app.data(None, "{ signInMethods { password openIdConnect { name } } }", json!({})).await;
        assert_eq!(methods["signInMethods"], json!({ "password": true, "openIdConnect": null }));
    }

    async fn the_cookie_is_the_browsers_alone_and_secrets_stand_in_no_address(app) {
        let provider = provider(app).await;
        let begun = app.site(&provider).browser().visit("/oidc/start").await;
        let cookie = begun.headers[header::SET_COOKIE].to_str().expect("text");
        assert!(cookie.starts_with("mistok-oidc=") && cookie.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"), "{cookie}");
        assert!(!begun.next().contains("secret") && !begun.next().contains("code_verifier"), "{}", begun.next());
        let mut config = mistok::config::Config::clone(&app.app.config);
        config.oidc = Some(provider.settings());
        assert!(!format!("{config:?}").contains("planted"), "a secret is not printed");
        config.public_url = mistok::config::PublicUrl::parse("https://mistok.example").expect("an address");
        let begun = app.site_with(config).browser().visit("/oidc/start").await;
        let cookie = begun.headers[header::SET_COOKIE].to_str().expect("text");
        assert!(cookie.starts_with("__Host-mistok-oidc=") && cookie.ends_with("; Secure") && !cookie.contains("Domain"), "{cookie}");
    }
}

/// A provider at which somebody with a verified address is signed in.
async fn provider(app: &TestApp) -> OidcProvider {
    OidcProvider::start(&app.clock, Known::new("olena-1", EMAIL)).await
}

/// Who signs in with a code.
async fn signed_in(app: &TestApp, code: &str) -> Person {
    let signed = app.done(&Person::nobody(), "signInWithCode", json!({ "code": code })).await;
    Person::of(EMAIL).with_token(&signed["accessToken"])
}

/// How many accounts there are.
async fn accounts(app: &TestApp) -> i64 {
    app.rows("SELECT COUNT(*) AS many FROM account", |row| row.try_get::<i64>("", "many").expect("a count")).await[0]
}

/// An address as the value of a query.
fn escaped(address: &str) -> String {
    let url = reqwest::Url::parse_with_params("http://localhost", [("", address)]).expect("an address");
    url.query().unwrap_or_default().trim_start_matches('=').to_owned()
}
