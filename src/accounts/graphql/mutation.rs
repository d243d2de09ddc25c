//! Mutations of accounts: signing up, in and out, passwords, the second factor; inputs, payloads and resolvers.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::service;
use super::Account;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::one_of;
use crate::graphql::payload::{UserError, halves};
use crate::graphql::repeat::{self, Outcome};
use crate::graphql::scalars::LocaleCode;
use crate::identities::service::{self as rounds, Shown};
use crate::ids::{NodeKind, encode};
use crate::locale::Said;
use crate::payload;

/// What a person gives to sign up.
#[derive(InputObject)]
struct SignUpInput {
    /// Their e-mail address.
    email: String,
    /// How they want to be called.
    name: String,
    /// Their password: 12 characters or more, five different ones at least, and not their address.
    #[graphql(secret)]
    password: String,
    /// The language they read; by default the one they ask in.
    locale: Option<LocaleCode>,
}

/// What a person gives to sign in.
#[derive(InputObject)]
struct SignInInput {
    /// Their e-mail address.
    email: String,
    /// Their password.
    #[graphql(secret)]
    password: String,
    /// A code of their second factor or one of its recovery codes, where they have one.
    #[graphql(secret)]
    code: Option<String>,
}

/// What gives the next tokens of a sign-in.
#[derive(InputObject)]
struct RefreshSessionInput {
    /// The refresh token that the sign-in or the last refresh gave.
    #[graphql(secret)]
    refresh_token: String,
}

/// What a person gives to change their password.
#[derive(InputObject)]
struct ChangePasswordInput {
    /// The password that holds now.
    #[graphql(secret)]
    current_password: String,
    /// The new one: 12 characters or more, five different ones at least, and not their address.
    #[graphql(secret)]
    password: String,
}

/// What turns a second factor on.
#[derive(InputObject)]
struct EnableSecondFactorInput {
    /// The code that the authenticator app shows.
    #[graphql(secret)]
    code: String,
}

/// What proves anew who the caller is.
#[derive(InputObject)]
struct StepUpInput {
    /// Their password; this or `identityCode`.
    #[graphql(secret)]
    password: Option<String>,
    /// The code with which a round to their OpenID provider ended that was begun with `for=step-up`; for who has no password.
    #[graphql(secret)]
    identity_code: Option<String>,
    /// What `challenge` is the digest of, where that round was begun with one.
    #[graphql(secret)]
    verifier: Option<String>,
    /// A code of their second factor or one of its recovery codes, where they have one.
    #[graphql(secret)]
    code: Option<String>,
}

/// Whose forgotten password is to be changed.
#[derive(InputObject)]
struct RequestPasswordResetInput {
    /// Their e-mail address.
    email: String,
}

/// What a person gives to choose a new password instead of a forgotten one.
#[derive(InputObject)]
struct ResetPasswordInput {
    /// The token of the letter's link.
    #[graphql(secret)]
    token: String,
    /// The new password: 12 characters or more, five different ones at least, and not their address.
    #[graphql(secret)]
    password: String,
}

/// What shows that an address is its person's.
#[derive(InputObject)]
struct ConfirmEmailInput {
    /// The token of the letter's link.
    #[graphql(secret)]
    token: String,
    /// The password of the account; who does not know it uses `requestPasswordReset`, which confirms the address too.
    #[graphql(secret)]
    password: String,
}

payload! {
    /// The account that was made.
    SignUpPayload { account: Account }
}

payload! {
    /// The account whose address is confirmed.
    ConfirmEmailPayload { account: Account }
}

payload! {
    /// The account whose letter is on its way, unless its address is confirmed.
    RequestEmailConfirmationPayload { account: Account }
}

payload! {
    /// The account with the new password.
    ChangePasswordPayload { account: Account }
}

payload! {
    /// The account with the password that was chosen instead of a forgotten one.
    ResetPasswordPayload { account: Account }
}

payload! {
    /// The account whose sign-ins ask for a password alone.
    DisableSecondFactorPayload { account: Account }
}

/// A second factor that is being set up.
#[derive(SimpleObject)]
struct PrepareSecondFactorPayload {
    /// The address (`otpauth:`) that an authenticator app takes, as a QR code or by hand; it holds the secret.
    address: Option<String>,
    /// Why it was refused; empty when it was done.
    user_errors: Vec<UserError>,
}

/// A second factor that is on.
#[derive(SimpleObject)]
struct EnableSecondFactorPayload {
    /// Codes to keep on paper; each signs in once where the app is out of reach. They are shown this once.
    recovery_codes: Option<Vec<String>>,
    /// Why it was refused; empty when it was done.
    user_errors: Vec<UserError>,
}

/// Recovery codes that replace those before them.
#[derive(SimpleObject)]
struct RenewRecoveryCodesPayload {
    /// Codes to keep on paper; each signs in once where the app is out of reach. They are shown this once.
    recovery_codes: Option<Vec<String>>,
    /// Why it was refused; empty when it was done.
    user_errors: Vec<UserError>,
}

/// That the caller proved anew who they are.
#[derive(SimpleObject)]
struct StepUpPayload {
    /// Until when it holds for this sign-in.
    until: Option<DateTime<Utc>>,
    /// Why it was refused; empty when it was done.
    user_errors: Vec<UserError>,
}

/// A letter that is on its way if the address is somebody's; the answer does not say whether it is.
#[derive(SimpleObject)]
struct RequestPasswordResetPayload {
    /// The address as it was given.
    email: Option<String>,
    /// Why it was refused; empty when it was done.
    user_errors: Vec<UserError>,
}

/// A sign-in.
#[derive(SimpleObject)]
pub struct SignInPayload {
    /// The access token, for the header `Authorization: Bearer`. It is short-lived.
    access_token: Option<String>,
    /// When the access token ends by itself.
    expires_at: Option<DateTime<Utc>>,
    /// What `refreshSession` takes, once, for the next tokens. One that is used twice ends the sign-in.
    refresh_token: Option<String>,
    /// When the sign-in ends by itself, refreshed or not.
    session_expires_at: Option<DateTime<Utc>>,
    /// Who signed in.
    account: Option<Account>,
    /// Why it was refused; empty when it was done.
    user_errors: Vec<UserError>,
}

impl SignInPayload {
    /// Answers with the outcome of a sign-in.
    pub(crate) fn answer(ctx: &Context<'_>, result: Result<service::SignedIn>) -> Result<Self> {
        let (done, user_errors) = halves(ctx, result)?;
        let Some(service::SignedIn { token, expires_at, refresh_token, session_expires_at, account }) = done else {
            return Ok(Self { access_token: None, expires_at: None, refresh_token: None, session_expires_at: None, account: None, user_errors });
        };
        Ok(Self {
            access_token: Some(token),
            expires_at: Some(expires_at),
            refresh_token: Some(refresh_token),
            session_expires_at: Some(session_expires_at),
            account: Some(Account(account)),
            user_errors,
        })
    }
}

/// Sign-ins that ended.
#[derive(SimpleObject)]
struct SignOutPayload {
    /// Who signed out.
    account_id: Option<ID>,
    /// Why it was refused; empty when it was done.
    user_errors: Vec<UserError>,
}

impl SignOutPayload {
    async fn answer(ctx: &Context<'_>, result: Result<Uuid>) -> Result<Self> {
        let (done, user_errors) = halves(ctx, repeat::outcome(ctx, result).await)?;
        let account_id = done.and_then(|_| ctx.actor().account()).map(|id| encode(NodeKind::Account, id));
        Ok(Self { account_id, user_errors })
    }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Makes an account.
    async fn sign_up(&self, ctx: &Context<'_>, input: SignUpInput) -> Result<SignUpPayload> {
        let SignUpInput { email, name, password, locale } = input;
        let input = service::SignUp { email, name, password, locale: locale.map_or(ctx.locale(), Into::into) };
        SignUpPayload::answer(ctx, service::sign_up(ctx.app(), ctx.actor(), input).await, Account).await
    }

    /// Signs a person in and gives the tokens of this sign-in.
    async fn sign_in(&self, ctx: &Context<'_>, input: SignInInput) -> Result<SignInPayload> {
        let SignInInput { email, password, code } = input;
        SignInPayload::answer(ctx, service::sign_in(ctx.app(), ctx.actor(), &email, &password, code.as_deref()).await)
    }

    /// Gives the next tokens of a sign-in. A refresh token is good once: used again, it ends the sign-in.
    async fn refresh_session(&self, ctx: &Context<'_>, input: RefreshSessionInput) -> Result<SignInPayload> {
        SignInPayload::answer(ctx, service::refresh_session(ctx.app(), &input.refresh_token).await)
    }

    /// Confirms the address to which the letter with the token went, for whoever knows the account's password too.
    async fn confirm_email(&self, ctx: &Context<'_>, input: ConfirmEmailInput) -> Result<ConfirmEmailPayload> {
        let ConfirmEmailInput { token, password } = input;
        ConfirmEmailPayload::answer(ctx, service::confirm_email(ctx.app(), ctx.actor(), &token, password).await, Account).await
    }

    /// Sends the caller another letter to confirm their address, unless it is confirmed or one went out within five minutes; the ones before it are good no more.
    async fn request_email_confirmation(&self, ctx: &Context<'_>) -> Result<RequestEmailConfirmationPayload> {
        RequestEmailConfirmationPayload::answer(ctx, service::request_email_confirmation(ctx.app(), ctx.actor()).await, Account).await
    }

    /// Changes the caller's password and ends their other sign-ins.
    async fn change_password(&self, ctx: &Context<'_>, input: ChangePasswordInput) -> Result<ChangePasswordPayload> {
        let ChangePasswordInput { current_password, password } = input;
        ChangePasswordPayload::answer(ctx, service::change_password(ctx.app(), ctx.actor(), current_password, password).await, Account).await
    }

    /// Begins to set up a second factor for the caller's sign-ins. It is on once `enableSecondFactor` has seen a code of it.
    async fn prepare_second_factor(&self, ctx: &Context<'_>) -> Result<PrepareSecondFactorPayload> {
        let anew = Said::new("Викличте ще раз з новим ключем: нова адреса замінить цю.", "Call again with a new key: the new address replaces this one.");
        let (done, user_errors) = halves(ctx, repeat::secret(ctx, service::prepare_second_factor(ctx.app(), ctx.actor()).await, anew).await)?;
        Ok(PrepareSecondFactorPayload { address: done.map(|prepared| prepared.address), user_errors })
    }

    /// Turns the second factor on and gives its recovery codes.
    async fn enable_second_factor(&self, ctx: &Context<'_>, input: EnableSecondFactorInput) -> Result<EnableSecondFactorPayload> {
        let anew = Said::new(
            "Другий чинник увімкнено. Якщо кодів відновлення ви не отримали, замініть їх: stepUp, потім renewRecoveryCodes.",
            "The second factor is on. If the recovery codes did not reach you, replace them: stepUp, then renewRecoveryCodes.",
        );
        let (recovery_codes, user_errors) = halves(ctx, repeat::secret(ctx, service::enable_second_factor(ctx.app(), ctx.actor(), &input.code).await, anew).await)?;
        Ok(EnableSecondFactorPayload { recovery_codes, user_errors })
    }

    /// Turns the second factor off; refused with `STEP_UP_REQUIRED` unless the caller proved within five minutes who they are.
    async fn disable_second_factor(&self, ctx: &Context<'_>) -> Result<DisableSecondFactorPayload> {
        DisableSecondFactorPayload::answer(ctx, service::disable_second_factor(ctx.app(), ctx.actor()).await, Account).await
    }

    /// Replaces the recovery codes by new ones; refused with `STEP_UP_REQUIRED` unless the caller proved within five minutes who they are.
    async fn renew_recovery_codes(&self, ctx: &Context<'_>) -> Result<RenewRecoveryCodesPayload> {
        let anew = Said::new(
            "Якщо нових кодів ви не отримали, викличте ще раз з новим ключем: наступні замінять ці.",
            "If the new codes did not reach you, call again with a new key: the next ones replace these.",
        );
        let (recovery_codes, user_errors) = halves(ctx, repeat::secret(ctx, service::renew_recovery_codes(ctx.app(), ctx.actor()).await, anew).await)?;
        Ok(RenewRecoveryCodesPayload { recovery_codes, user_errors })
    }

    /// Proves anew who the caller is, for what is refused with `STEP_UP_REQUIRED` otherwise. It holds for five minutes and for
    /// this sign-in alone; a fresh `signIn` counts likewise.
    async fn step_up(&self, ctx: &Context<'_>, input: StepUpInput) -> Result<StepUpPayload> {
        let StepUpInput { password, identity_code, verifier, code } = input;
        let done = match (password, identity_code) {
            (Some(password), None) => service::step_up(ctx.app(), ctx.actor(), password, code.as_deref()).await,
            (None, Some(shown)) => rounds::step_up(ctx.app(), ctx.actor(), &Shown { code: shown, verifier }, code.as_deref()).await,
            _ => Err(one_of("password", "identityCode")),
        };
        let until = match repeat::outcome(ctx, done).await {
            Ok(Outcome::Now(until)) => Ok(Some(until)),
            Ok(Outcome::Before(_)) => Ok(ctx.actor().stepped_up_until()),
            Err(refusal) => Err(refusal),
        };
        let (until, user_errors) = halves(ctx, until)?;
        Ok(StepUpPayload { until: until.flatten(), user_errors })
    }

    /// Sends a letter with which a forgotten password is changed, if the address is somebody's and none went out within five minutes;
    /// the answer is the same if not. Refused with `RATE_LIMITED` where it comes too often from one place.
    async fn request_password_reset(&self, ctx: &Context<'_>, input: RequestPasswordResetInput) -> Result<RequestPasswordResetPayload> {
        let done = service::request_password_reset(ctx.app(), ctx.actor(), &input.email).await;
        let (done, user_errors) = halves(ctx, repeat::outcome(ctx, done).await)?;
        Ok(RequestPasswordResetPayload { email: done.map(|_| input.email), user_errors })
    }

    /// Chooses a new password by the token of a letter and ends all sign-ins of its person. It confirms the address; a second factor
    /// that was set up before the address was confirmed goes.
    async fn reset_password(&self, ctx: &Context<'_>, input: ResetPasswordInput) -> Result<ResetPasswordPayload> {
        let ResetPasswordInput { token, password } = input;
        ResetPasswordPayload::answer(ctx, service::reset_password(ctx.app(), ctx.actor(), &token, password).await, Account).await
    }

    /// Ends the sign-in of this request's token, at once and everywhere.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload> {
        SignOutPayload::answer(ctx, service::sign_out(ctx.app(), ctx.actor()).await).await
    }

    /// Ends all sign-ins of the caller, this one too, at once and everywhere.
    async fn sign_out_everywhere(&self, ctx: &Context<'_>) -> Result<SignOutPayload> {
        SignOutPayload::answer(ctx, service::sign_out_everywhere(ctx.app(), ctx.actor()).await).await
    }
}
