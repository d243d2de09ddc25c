//! What notifications say, in both languages.

use chrono::{DateTime, Utc};
use entity::interest::{self, State};
use entity::notification::{self, Kind};
use entity::{call, organisation};

use crate::auth::Role;
use crate::clock::in_kyiv;
use crate::locale::{Locale, Said, Translations};
use crate::members::said_roles;

/// What is around a notification, as far as its person may see it.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// What the organisation is called that it is about.
    pub organisation: Option<Translations>,
    /// What the organisation on the other side of an interest is called.
    pub partner: Option<Translations>,
    /// What the person is called who joined, for as long as they are a member.
    pub person: Option<String>,
    /// The interest.
    pub interest: Option<interest::Model>,
    /// The call that the interest answers.
    pub call: Option<call::Model>,
}

/// What an organisation is called.
pub(super) fn names(row: organisation::Model) -> Translations {
    Translations { uk: row.name_uk, en: row.name_en }
}

/// A few words that name what happened.
pub(super) fn title(kind: Kind) -> Said {
    let (uk, en) = match kind {
        Kind::InterestReceived => ("Новий відгук на ваш конкурс", "A new interest in your call"),
        Kind::InterestAcknowledged => ("Ваш відгук розглядають", "Your interest is being considered"),
        Kind::InterestDeclined => ("Ваш відгук відхилено", "Your interest was declined"),
        Kind::CallClosesSoon => ("Конкурс скоро закриється", "A call closes soon"),
        Kind::AnswerDueSoon => ("Відгук чекає на вашу відповідь", "An interest awaits your answer"),
        Kind::OrganisationVerified => ("Вашу організацію перевірено", "Your organisation is verified"),
        Kind::OrganisationRejected => ("Вашу організацію не підтверджено", "Your organisation was not verified"),
        Kind::ClaimConfirmed => ("Вашу заявку підтверджено", "Your claim was confirmed"),
        Kind::ClaimDeclined => ("Вашу заявку відхилено", "Your claim was declined"),
        Kind::ClaimOvertaken => ("Підтверджено іншу заявку", "Another claim was confirmed"),
        Kind::VerificationRequested => ("Новий запит на перевірку", "A new request for verification"),
        Kind::ClaimReceived => ("Нова заявка на організацію", "A new claim to an organisation"),
        Kind::OrganisationClaimed => ("Заявка на вашу організацію", "A claim to your organisation"),
        Kind::MembershipGranted => ("Ви тепер член організації", "You are a member of an organisation now"),
        Kind::MembershipChanged => ("Ваші ролі змінено", "Your roles were changed"),
        Kind::MembershipRevoked => ("Ви більше не член організації", "You are a member of an organisation no more"),
        Kind::MemberJoined => ("Новий член організації", "A new member of your organisation"),
        Kind::PasswordChanged => ("Ваш пароль змінено", "Your password was changed"),
        Kind::SecondFactorEnabled => ("Ваш другий чинник увімкнено", "Your second factor was turned on"),
        Kind::SecondFactorDisabled => ("Ваш другий чинник вимкнено", "Your second factor was turned off"),
        Kind::RecoveryCodesRenewed => ("Ваші коди відновлення замінено", "Your recovery codes were replaced"),
        Kind::IdentityLinked => ("Додано вхід через провайдера", "A sign-in by a provider was linked"),
        Kind::IdentityUnlinked => ("Від’єднано вхід через провайдера", "A sign-in by a provider was taken off"),
        Kind::ApiTokenCreated => ("Створено API-токен вашої організації", "An API token of your organisation was made"),
    };
    Said::new(uk, en)
}

/// What happened, in a sentence or two, with what its person may see of it.
pub(super) fn text(row: &notification::Model, facts: &Facts) -> Said {
    if let Some(said) = facts.interest.as_ref().map(|interest| of_interest(row.kind, interest, facts)) {
        return said;
    }
    let roles = said_roles(&Role::of(&row.roles));
    // In Ukrainian a name stands after a colon, where it need not be declined.
    let uk = facts.organisation.as_ref().map(|names| format!(": {}", names.in_locale(Locale::Uk))).unwrap_or_default();
    let en = |otherwise: &str| facts.organisation.as_ref().map_or(otherwise, |names| names.in_locale(Locale::En)).to_owned();
    match row.kind {
        Kind::InterestReceived => Said::new("На ваш конкурс надійшов відгук.", "An interest in your call came in."),
        Kind::InterestAcknowledged => Said::new("Організатор конкурсу розглядає ваш відгук.", "The organiser of the call is considering your interest."),
        Kind::InterestDeclined => Said::new("Організатор конкурсу відхилив ваш відгук.", "The organiser of the call declined your interest."),
        Kind::CallClosesSoon => Said::new("Конкурс, на який у вас є чернетка відгуку, скоро закриється.", "A call closes soon in which you have a draft of an interest."),
        Kind::AnswerDueSoon => Said::new("Скоро спливе строк відповіді на відгук.", "An answer to an interest is due soon."),
        Kind::OrganisationVerified => Said::new(
            format!("Асоціація перевірила організацію{uk}. Тепер вона може подавати потреби й відгуки та публікувати конкурси."),
            format!("The association has verified {}. It can submit needs, publish calls and hand in interests now.", en("your organisation")),
        ),
        Kind::OrganisationRejected => Said::new(
            format!("Асоціація не підтвердила організацію{uk}. Причину видно в запиті на перевірку; виправте дані й попросіть перевірити їх знову."),
            format!("The association has not verified {}. The reason stands in the request for verification; correct what you say, and ask again.", en("your organisation")),
        ),
        Kind::ClaimConfirmed => Said::new(
            format!("Вашу заявку на організацію підтверджено{uk}. Тепер ви її власник."),
            format!("Your claim to {} was confirmed. You are its owner now.", en("an organisation")),
        ),
        Kind::ClaimDeclined => Said::new(
            format!("Вашу заявку на організацію відхилено{uk}. Причину видно в заявці."),
            format!("Your claim to {} was declined. The claim says why.", en("an organisation")),
        ),
        Kind::ClaimOvertaken => Said::new(
            format!("Підтверджено заявку іншої людини на організацію{uk}. Вашу заявку закрито."),
            format!("Somebody else's claim to {} was confirmed. Yours is closed.", en("an organisation")),
        ),
        Kind::VerificationRequested => Said::new(
            format!("Організація просить перевірити її{uk}. Докази додано до запиту."),
            format!("{} asks to be verified. The request has the evidence.", en("An organisation")),
        ),
        Kind::ClaimReceived => Said::new(
            format!("Подано заявку на організацію{uk}. Чим її підтверджують, видно в заявці."),
            format!("Somebody claims {}. The claim says what shows that it is theirs.", en("an organisation")),
        ),
        Kind::OrganisationClaimed => Said::new(
            format!(
                "Інша людина подала заявку на організацію{uk}. Якщо асоціація її підтвердить, ви більше не зможете діяти від її імені. Щоб цьому запобігти, попросіть перевірити організацію знову."
            ),
            format!(
                "Somebody else claims {}. If the association confirms the claim, you can act for it no more. If it is yours, ask for its verification again.",
                en("your organisation")
            ),
        ),
        Kind::MembershipGranted => Said::new(
            format!("Ви можете діяти від імені організації{uk}. Ваша роль: {}.", roles.uk),
            format!("You can act for {}. Your role: {}.", en("an organisation"), roles.en),
        ),
        Kind::MembershipChanged => {
            Said::new(format!("Ви дієте від імені організації{uk}. Тепер ваша роль: {}.", roles.uk), format!("You act for {}. Your role now: {}.", en("an organisation"), roles.en))
        }
        Kind::MembershipRevoked => Said::new(format!("Ви більше не можете діяти від імені організації{uk}."), format!("You can act for {} no more.", en("an organisation"))),
        Kind::MemberJoined => Said::new(
            format!("{} тепер діє від імені організації{uk}. Роль: {}.", facts.person.as_deref().unwrap_or("Запрошена людина"), roles.uk),
            format!("{} acts for {} now. Role: {}.", facts.person.as_deref().unwrap_or("An invited person"), en("your organisation"), roles.en),
        ),
        Kind::PasswordChanged => Said::new("У вашого облікового запису новий пароль; старий більше не діє.", "Your account has a new password; the old one holds no more."),
        Kind::SecondFactorEnabled => Said::new(
            "Тепер для входу у ваш обліковий запис потрібен ще й код. Якщо застосунок із кодами не ваш, попросіть адміністратора платформи зняти другий чинник.",
            "Signing in to your account now takes a code too. If the app with the codes is not yours, ask an administrator of the platform to take the second factor away.",
        ),
        Kind::SecondFactorDisabled => Said::new(
            "Для входу у ваш обліковий запис код більше не потрібен: другий чинник вимкнули ви або зняв адміністратор платформи. Увімкніть його знову, щойно зможете.",
            "Signing in to your account takes no code any more: you turned the second factor off, or an administrator of the platform took it away. Turn it on again as soon as you can.",
        ),
        Kind::RecoveryCodesRenewed => Said::new(
            "Діють нові коди відновлення, а старі вже ні. Якщо нових у вас немає, візьміть інші (renewRecoveryCodes).",
            "New recovery codes hold, and the old ones no more. If you do not have the new ones, take others (renewRecoveryCodes).",
        ),
        Kind::IdentityLinked => Said::new(
            "У ваш обліковий запис тепер можна ввійти через провайдера OpenID. Якщо цей запис у провайдера не ваш, від’єднайте цей вхід (unlinkIdentity): новий пароль його не від’єднує.",
            "An OpenID provider can sign somebody in to your account now. If that is not you there, take it off (unlinkIdentity): a new password does not.",
        ),
        Kind::IdentityUnlinked => {
            Said::new("Через цього провайдера OpenID у ваш обліковий запис більше не ввійти.", "This OpenID provider signs nobody in to your account any more.")
        }
        Kind::ApiTokenCreated => Said::new(
            format!("Програма з новим токеном може діяти від імені організації{uk}. Якщо токен зайвий, відкличте його (revokeApiToken)."),
            format!("A program with a new token can act for {}. If the token should not be, revoke it (revokeApiToken).", en("your organisation")),
        ),
    }
}

/// What happened to an interest that is seen.
fn of_interest(kind: Kind, interest: &interest::Model, facts: &Facts) -> Said {
    let of = &interest.reference;
    let call = facts.call.as_ref().map_or_else(|| Said::new("конкурс", "a call"), |call| Said::new(format!("конкурс {}", call.reference), format!("the call {}", call.reference)));
    let partner = |uk: &str, en: &str| facts.partner.as_ref().map_or_else(|| Said::new(uk, en), |names| Said::new(names.in_locale(Locale::Uk), names.in_locale(Locale::En)));
    let (business, caller) = (partner("підприємство", "A business"), partner("організатор", "The caller"));
    let until = |end: Option<DateTime<Utc>>| end.map_or_else(|| Said::new("", ""), |end| Said::new(format!(" до {}", said_time(end).uk), format!(" by {}", said_time(end).en)));
    let answer = until(interest.answer_due_at);
    // Whoever answered already, or whose business took it back, is asked for nothing.
    let ask =
        if interest.state == State::Submitted { Said::new(format!(" Дайте відповідь{}.", answer.uk), format!(" Answer{}.", answer.en)) } else { Said::new("", "") };
    match kind {
        Kind::InterestReceived => Said::new(
            format!("{} подає відгук {of} на {}.{}", capital(&business.uk), call.uk, ask.uk),
            format!("{} hands in the interest {of} in {}.{}", business.en, call.en, ask.en),
        ),
        Kind::AnswerDueSoon => Said::new(
            format!("{} чекає на відповідь на відгук {of} на {}. Дайте її{}.", capital(&business.uk), call.uk, answer.uk),
            format!("{} awaits an answer to the interest {of} in {}. Answer{}.", business.en, call.en, answer.en),
        ),
        Kind::InterestDeclined => Said::new(
            format!("{} відхиляє ваш відгук {of} на {}. Причину видно у відгуку.", capital(&caller.uk), call.uk),
            format!("{} declines your interest {of} in {}. The interest says why.", caller.en, call.en),
        ),
        Kind::CallClosesSoon => {
            let end = until(facts.call.as_ref().map(|call| call.closes_at));
            Said::new(
                format!("Ваш відгук {of} на {} ще не подано. Подайте його{}.", call.uk, end.uk),
                format!("Your interest {of} in {} is a draft still. Hand it in{}.", call.en, end.en),
            )
        }
        _ => Said::new(format!("{} розглядає ваш відгук {of} на {}.", capital(&caller.uk), call.uk), format!("{} is considering your interest {of} in {}.", caller.en, call.en)),
    }
}

/// A moment as people in Ukraine read it.
pub(super) fn said_time(moment: DateTime<Utc>) -> Said {
    let local = in_kyiv(moment);
    Said::new(local.format("%d.%m.%Y %H:%M (за Києвом)"), local.format("%-d %B %Y, %H:%M (Kyiv time)"))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
