//! Signing up, in and out; what a token is worth.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chrono::TimeDelta;
use futures_util::future::join_all;
use mistok::http::forwarded::Peer;
use mistok::reference::codes::Rnokpp;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{organisation, with};
use crate::support::people::PASSWORD;
use crate::support::{Kind, Person, TestApp, ask_from};

const VIEWER: &str = "{ viewer { account { email } } }";

on_both! {
    async fn who_signs_up_can_sign_in_and_is_the_viewer(app) {
        app.person("olena").await;
        let token = sign_in(app, "Olena@MISTOK.example ", PASSWORD).await.expect("right");
        let data = app.data(Some(&token), VIEWER, json!({})).await;
        assert_eq!(data["viewer"]["account"]["email"], "olena@mistok.example");
        assert_eq!(app.data(None, VIEWER, json!({})).await["viewer"], Value::Null);
    }

    async fn an_address_is_taken_in_whatever_case(app) {
        app.person("olena").await;
        let again = json!({ "email": "OLENA@mistok.example", "name": "Інша Олена", "password": PASSWORD });
        assert_eq!(app.refused(&Person::nobody(), "signUp", again).await, "ALREADY_EXISTS email");
    }

    async fn a_wrong_password_and_an_unknown_address_are_answered_alike(app) {
        app.person("olena").await;
        let wrong = answer_to_sign_in(app, "olena@mistok.example", "чотири слова поспіл").await;
        let unknown = answer_to_sign_in(app, "nobody@mistok.example", PASSWORD).await;
        assert_eq!(wrong, unknown);
        assert_eq!(wrong["data"]["signIn"]["accessToken"], Value::Null);
    }

    async fn after_ten_wrong_passwords_not_even_the_right_one_is_looked_at_for_a_while_whosever_the_address_is(app) {
        app.person("olena").await;
        let (right, wrong) = (PASSWORD, "інші чотири слова");
        for email in ["olena@mistok.example", "nobody@mistok.example"] {
            for _ in 0..10 {
                assert_eq!(attempt(app, email, wrong).await, Err("BAD_USER_INPUT password".to_owned()));
            }
            assert_eq!(attempt(app, email, right).await, Err("RATE_LIMITED".to_owned()));
        }
        let other = answer_to_sign_in(app, "OLENA@mistok.example", right).await["errors"][0]["extensions"].clone();
        assert_eq!((&other["code"], &other["retryAfter"]), (&json!("RATE_LIMITED"), &json!(15 * 60)));
        app.clock.advance(TimeDelta::minutes(15));
        for _ in 0..2 {
            for _ in 0..9 {
                assert_eq!(attempt(app, "olena@mistok.example", wrong).await, Err("BAD_USER_INPUT password".to_owned()));
            }
            assert_eq!(attempt(app, "olena@mistok.example", right).await, Ok(()), "the right one forgets those before it");
        }
    }

    async fn who_guesses_from_one_place_keeps_nobody_out_elsewhere_and_does_not_go_on_with_other_addresses(app) {
        app.person("olena").await;
        app.person("colleague").await;
        let node = app.node();
        let sign_in = async |from: &str, email: &str, password: &str| {
            let query = format!("mutation {{ signIn(input: {{ email: \"{email}\", password: \"{password}\" }}) {{ accessToken userErrors {{ code }} }} }}");
            let (_, _, answer) = ask_from(&node, from, None, &query).await;
            let payload = &answer["data"]["signIn"];
            let code = payload["userErrors"][0]["code"].as_str().or(answer["errors"][0]["extensions"]["code"].as_str());
            code.unwrap_or(if payload["accessToken"].is_string() { "in" } else { "nothing" }).to_owned()
        };
        for _ in 0..10 {
            assert_eq!(sign_in("203.0.113.5", "olena@mistok.example", "інші чотири слова").await, "BAD_USER_INPUT");
        }
        assert_eq!(sign_in("203.0.113.5", "olena@mistok.example", PASSWORD).await, "RATE_LIMITED");
        assert_eq!(sign_in("198.51.100.7", "olena@mistok.example", PASSWORD).await, "in", "she is kept out nowhere else");
        // The right password gives a place that others share its try back, and forgets none of the wrong ones.
        for number in 0..90 {
            if number == 45 {
                assert_eq!(sign_in("203.0.113.5", "colleague@mistok.example", PASSWORD).await, "in");
            }
            assert_eq!(sign_in("203.0.113.5", &format!("{number}@mistok.example"), PASSWORD).await, "BAD_USER_INPUT", "{number}");
        }
        assert_eq!(sign_in("203.0.113.5", "somebody@mistok.example", PASSWORD).await, "RATE_LIMITED");
        assert_eq!(sign_in("198.51.100.7", "somebody@mistok.example", PASSWORD).await, "BAD_USER_INPUT");
    }

    async fn a_hundred_sign_ups_or_wanted_letters_come_from_one_place_and_no_more(app) {
        let node = app.node();
        let does = async |from: &str, field: &str, input: String| {
            let (_, _, answer) = ask_from(&node, from, None, &format!("mutation {{ {field}(input: {{ {input} }}) {{ userErrors {{ code }} }} }}")).await;
            let code = answer["data"][field]["userErrors"][0]["code"].as_str().or(answer["errors"][0]["extensions"]["code"].as_str());
            code.unwrap_or("done").to_owned()
        };
        let sign_up = |password: &str| format!("email: \"olena@mistok.example\", name: \"Олена\", password: \"{password}\"");
        let letter = |name: usize| format!("email: \"{name}@mistok.example\"");
        for number in 0..100 {
            assert_eq!(does("203.0.113.5", "signUp", sign_up("коротко")).await, "BAD_USER_INPUT", "{number}");
            assert_eq!(does("203.0.113.6", "requestPasswordReset", letter(number)).await, "done", "{number}");
        }
        assert_eq!(does("203.0.113.5", "signUp", sign_up(PASSWORD)).await, "RATE_LIMITED");
        assert_eq!(does("203.0.113.6", "requestPasswordReset", letter(100)).await, "RATE_LIMITED");
        let mut form = Request::post("/forgotten-password?lang=uk").header("content-type", "application/x-www-form-urlencoded").body(Body::from("email=a%40mistok.example")).expect("a request");
        form.extensions_mut().insert(Peer("203.0.113.6".parse().expect("an address")));
        let (status, _, page) = app.page(form).await;
        assert!(status == StatusCode::TOO_MANY_REQUESTS && page.contains("<form"), "the page is the same door: {page}");
        assert_eq!(does("198.51.100.7", "signUp", sign_up(PASSWORD)).await, "done");
        assert_eq!(does("198.51.100.7", "requestPasswordReset", letter(100)).await, "done");
    }

    async fn guesses_from_everywhere_are_counted_together(app) {
        app.person("olena").await;
        let node = app.node();
        let wrong = "mutation { signIn(input: { email: \"olena@mistok.example\", password: \"інші чотири слова\" }) { userErrors { code } } }";
        for number in 0..100 {
            let (_, _, answer) = ask_from(&node, &format!("203.0.113.{number}"), None, wrong).await;
            assert_eq!(answer["data"]["signIn"]["userErrors"][0]["code"], "BAD_USER_INPUT", "{number}");
        }
        let (_, _, answer) = ask_from(&node, "198.51.100.7", None, wrong).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{answer:#}");
    }

    async fn of_many_tries_at_once_ten_are_looked_at(app) {
        let olena = app.person("olena").await;
        let tries = join_all((0..14).map(|_| app.attempt(&olena, "stepUp", json!({ "password": "інші чотири слова" })))).await;
        let looked_at = tries.iter().filter(|outcome| outcome.as_ref().is_err_and(|refusal| refusal == "BAD_USER_INPUT password")).count();
        assert_eq!(looked_at, 10, "{tries:?}");
        assert_eq!(app.refused(&olena, "changePassword", json!({ "currentPassword": PASSWORD, "password": PASSWORD })).await, "RATE_LIMITED");
        assert_eq!(attempt(app, &olena.email, PASSWORD).await, Ok(()), "whoever holds a sign-in shuts nobody else out");
    }

    async fn who_chooses_a_new_password_is_not_kept_out_by_the_guesses_of_others(app) {
        let olena = app.person("olena").await;
        for _ in 0..10 {
            attempt(app, &olena.email, "інші чотири слова").await.expect_err("wrong");
        }
        app.done(&Person::nobody(), "requestPasswordReset", json!({ "email": olena.email })).await;
        app.done(&Person::nobody(), "resetPassword", json!({ "token": app.letter_to(&olena.email).await.token(), "password": PASSWORD })).await;
        assert_eq!(attempt(app, &olena.email, PASSWORD).await, Ok(()));
    }

    async fn who_is_kept_out_by_guesses_is_told_that_a_new_password_lets_them_in(app) {
        let olena = app.person("olena").await;
        for _ in 0..10 {
            attempt(app, &olena.email, "інші чотири слова").await.expect_err("wrong");
        }
        let refused = answer_to_sign_in(app, &olena.email, PASSWORD).await["errors"][0]["extensions"].clone();
        assert_eq!(refused["remedy"], "Try again later, in 15 min. Or choose a new password by a letter (requestPasswordReset): with that you sign in without waiting.");
        for _ in 0..10 {
            app.attempt(&olena, "stepUp", json!({ "password": "інші чотири слова" })).await.expect_err("wrong");
        }
        let step_up = app.ask(olena.token(), &app.operations.mutation("stepUp").document, json!({ "input": { "password": PASSWORD } })).await;
        assert_eq!(step_up["errors"][0]["extensions"]["remedy"], "Try again later, in 15 min.", "a new password does not help there");
    }

    async fn a_password_that_is_guessed_first_is_taken_nowhere(app) {
        let email = "olena.kovalenko@mistok.example";
        let sign_up = |password: &str| json!({ "email": email, "name": "Олена", "password": password });
        for easy in ["aaaaaaaaaaaa", "abcabcabcabc", "Olena.Kovalenko", email] {
            assert_eq!(app.refused(&Person::nobody(), "signUp", sign_up(easy)).await, "BAD_USER_INPUT password", "{easy}");
        }
        app.done(&Person::nobody(), "signUp", sign_up(PASSWORD)).await;
        let olena = app.signed_in(email).await;
        assert_eq!(app.refused(&olena, "changePassword", json!({ "currentPassword": PASSWORD, "password": email })).await, "BAD_USER_INPUT password");
        app.done(&Person::nobody(), "requestPasswordReset", json!({ "email": email })).await;
        let token = app.letter_to(email).await.token().to_owned();
        assert_eq!(app.refused(&Person::nobody(), "resetPassword", json!({ "token": token, "password": "olena.kovalenko" })).await, "BAD_USER_INPUT password");
        app.done(&Person::nobody(), "resetPassword", json!({ "token": token, "password": "інші чотири слова" })).await;
    }

    async fn nobody_finds_a_tax_number_out_by_trying(app) {
        let curious = app.confirmed("curious").await;
        let numbers = (0..).map(|number| format!("{:010}", 3_254_812_000_u64 + number)).filter(|number| Rnokpp::parse(number).is_ok_and(|code| code.checksum_valid()));
        let trader = |number: &str| with(organisation("BUSINESS", 40, "ФОП Шевченко"), json!({ "identifiers": [{ "scheme": "UA-RNOKPP", "id": number }] }));
        let numbers: Vec<String> = numbers.take(11).collect();
        for number in &numbers[..10] {
            app.done(&curious, "registerOrganisation", trader(number)).await;
        }
        for number in [&numbers[0], &numbers[10]] {
            assert_eq!(app.refused(&curious, "registerOrganisation", trader(number)).await, "RATE_LIMITED", "taken or free");
        }
        app.done(&curious, "registerOrganisation", organisation("BUSINESS", 41, "ТОВ «Нове»")).await;
    }

    async fn a_session_that_was_signed_out_is_refused_at_the_next_call(app) {
        let olena = app.person("olena").await;
        let elsewhere = app.again(&olena).await;
        app.done(&olena, "signOut", Value::Null).await;
        assert_eq!(status_with(app, olena.token().expect("a token")).await, StatusCode::UNAUTHORIZED);
        assert_eq!(app.refusal(olena.token(), VIEWER, json!({})).await, "UNAUTHENTICATED");
        app.data(elsewhere.token(), VIEWER, json!({})).await;
    }

    async fn a_session_ends_by_itself(app) {
        let olena = app.person("olena").await;
        app.clock.advance(TimeDelta::hours(12) - TimeDelta::seconds(1));
        app.data(olena.token(), VIEWER, json!({})).await;
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(app.refusal(olena.token(), VIEWER, json!({})).await, "UNAUTHENTICATED");
    }

    async fn a_token_of_another_installation_or_of_no_installation_is_refused(app) {
        let elsewhere = TestApp::start(Kind::Sqlite).await;
        let stranger = elsewhere.person("olena").await;
        let forged = format!("{}x", app.person("olena").await.token().expect("a token"));
        for token in [stranger.token().expect("a token"), &forged, "", "a.b.c", "Bearer"] {
            assert_eq!(status_with(app, token).await, StatusCode::UNAUTHORIZED, "{token:?}");
        }
        elsewhere.end().await;
    }

    async fn others_verify_a_token_with_the_keys_that_are_published(app) {
        let olena = app.person("olena").await;
        let token = olena.token().expect("a token");
        let (status, published) = app.send(Request::get("/.well-known/jwks.json").body(Body::empty()).expect("a request")).await;
        assert_eq!(status, StatusCode::OK);
        let kid = jsonwebtoken::decode_header(token).expect("a header").kid.expect("the name of a key");
        let key = published["keys"].as_array().expect("keys").iter().find(|key| key["kid"] == json!(kid)).expect("the key that signed");
        let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
        validation.set_audience(&["mistok-api"]);
        validation.validate_exp = false;
        let public = jsonwebtoken::DecodingKey::from_ed_components(key["x"].as_str().expect("a key")).expect("a key");
        assert!(jsonwebtoken::decode::<Value>(token, &public, &validation).is_ok());
        assert!(published.to_string().find("\"d\"").is_none(), "no private half: {published}");
    }

    async fn an_account_is_seen_by_its_person_alone(app) {
        let people = (app.person("olena").await, app.person("taras").await);
        let mine = app.data(people.0.token(), "{ viewer { account { id } } }", json!({})).await;
        let query = "query($id: ID!) { node(id: $id) { id ... on Account { email } } }";
        let seen = app.data(people.1.token(), query, json!({ "id": mine["viewer"]["account"]["id"] })).await;
        assert_eq!(seen["node"], Value::Null, "an account is its person's alone");
    }
}

async fn attempt(app: &TestApp, email: &str, password: &str) -> Result<(), String> {
    app.attempt(&Person::nobody(), "signIn", json!({ "email": email, "password": password })).await.map(drop)
}

async fn answer_to_sign_in(app: &TestApp, email: &str, password: &str) -> Value {
    let document = &app.operations.mutation("signIn").document;
    app.ask(None, document, json!({ "input": { "email": email, "password": password } })).await
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Option<String> {
    let answer = answer_to_sign_in(app, email, password).await;
    answer["data"]["signIn"]["accessToken"].as_str().map(str::to_owned)
}

async fn status_with(app: &TestApp, token: &str) -> StatusCode {
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let body = json!({ "query": VIEWER }).to_string();
    app.send(request.body(Body::from(body)).expect("a request")).await.0
}
