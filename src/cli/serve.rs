//! `serve`: the API with the tasks beside it, until the process is told to end.

use std::future::Future;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use entity::link::Purpose;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::args::{Global, Secret, Serve};
use super::failure::Failure;
use super::open::{self, Pending};
use super::{DONE, demo, output};
use crate::accounts::letters::said_lifetime;
use crate::accounts::service::SignUp;
use crate::app::App;
use crate::config::documents::TrustedDocuments;
use crate::config::{Allowance, Config, PublicUrl, SecondFactor};
use crate::error::Result;
use crate::events::sequencer;
use crate::locale::Locale;
use crate::mail::Route;
use crate::{accounts, graphql, http, jobs, matching, notifications, tokens};

/// How long the tasks beside the API may take to end.
const TASKS_END: Duration = Duration::from_secs(5);
/// How often it is written down when API tokens were used.
const EVERY_MINUTE: Duration = Duration::from_mins(1);
/// How long a task that failed waits before it tries again.
const AFTER_A_FAULT: Duration = Duration::from_secs(1);

/// Serves the API.
pub(super) async fn run(global: &Global, serve: &Serve) -> Result<u8, Failure> {
    if serve.demo {
        demo::only_here(serve.listen)?;
    }
    let named = serve.first_administrator()?;
    serve.oidc()?;
    // A port that is taken is noticed before anything is made; who connects meanwhile waits.
    let (listener, address) = listen_at(serve.listen, "--listen").await?;
    let config = serve.config(global, address)?;
    let metrics = match config.metrics_listen {
        Some(address) => Some(listen_at(address, "--metrics-listen").await?),
        None => None,
    };
    tracing::info!(route = %config.mail, links = %config.public_url.page("/"), "letters");
    let app = open::app(config, if serve.no_migrate { Pending::Refuse } else { Pending::Apply }).await?;
    if serve.demo {
        demo::prepare(&app).await?;
    } else {
        demo::not_for_others(&app, serve.listen).await?;
        durable(&app).await?;
        somebody_runs_it(&app, named).await?;
    }
    app.objects.open().await.map_err(|cause| {
        Failure::because(format!("attachments cannot be kept in {}", app.config.attachments), cause).remedy("Choose another folder or bucket with --attachments.")
    })?;
    jobs::begin_rounds(&app).await?;
    let router = http::router(app.clone(), graphql::schema()).map_err(|cause| Failure::because("the schema cannot be served", cause))?;
    if serve.demo {
        demo::logins().iter().try_for_each(output::line)?;
    }
    if let Some((_, address)) = &metrics {
        output::line(format!("Metrics: http://{address}/metrics"))?;
    }
    output::line(format!("GraphQL and GraphiQL: http://{address}/graphql"))?;

    let (tasks, ending) = (TaskTracker::new(), CancellationToken::new());
    beside(&app, &tasks, &ending);
    if let Some((listener, _)) = metrics {
        tasks.spawn(http::serve(listener, http::metrics::router(app.clone()), ending.clone().cancelled_owned()));
    }
    let told = async {
        http::terminated().await;
        app.closing.cancel();
    };
    let served = http::serve(listener, router, told).await;
    ending.cancel();
    tasks.close();
    app.open.close();
    if tokio::time::timeout(TASKS_END, async { tokio::join!(tasks.wait(), app.open.wait()) }).await.is_err() {
        tracing::warn!("a task beside the API did not end in time");
    }
    if let Err(error) = tokens::service::note_uses(&app).await {
        tracing::warn!(?error, "the last uses of API tokens were not written down");
    }
    served.map_err(|cause| Failure::because("serving failed", cause))?;
    Ok(DONE)
}

/// A listener, and the address that it got.
async fn listen_at(wanted: SocketAddr, flag: &str) -> Result<(TcpListener, SocketAddr), Failure> {
    let cannot = |cause| Failure::because(format!("{wanted} cannot be listened at"), cause).remedy(format!("Choose another address with {flag}."));
    let listener = TcpListener::bind(wanted).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    Ok((listener, address))
}

impl Serve {
    /// The settings, served at an address.
    ///
    /// # Errors
    /// When one of them cannot be taken.
    pub(super) fn config(&self, global: &Global, address: SocketAddr) -> Result<Config, Failure> {
        let Self {
            demo,
            listen,
            no_migrate: _,
            cors,
            session_hours,
            access_minutes,
            second_factor,
            public_url,
            mail,
            mail_from,
            oidc_issuer: _,
            oidc_client_id: _,
            oidc_client_secret: _,
            oidc_name: _,
            trusted_proxies,
            metrics_listen,
            caller_allowance,
            address_allowance,
            trusted_documents,
            otlp_endpoint: _,
            admin_email: _,
            admin_password: _,
        } = self;
        self.first_administrator()?;
        let data = self.data(global);
        let route = mail.as_ref().map(|Secret(route)| Route::parse(route, &data)).transpose().map_err(Failure::new)?;
        let usual = global.config_in(data)?;
        Ok(Config {
            listen: *listen,
            cors: cors.clone(),
            session_hours: *session_hours,
            access_minutes: *access_minutes,
            // The demonstration's log-ins are printed, so that anybody can try them.
            second_factor: second_factor.map_or(if *demo { SecondFactor::Optional } else { SecondFactor::Required }, Into::into),
            public_url: public_url.clone().unwrap_or_else(|| PublicUrl::of(address)),
            mail: route.unwrap_or_else(|| usual.mail.clone()),
            mail_from: mail_from.clone().unwrap_or_else(|| usual.mail_from.clone()),
            oidc: self.oidc()?,
            trusted_proxies: trusted_proxies.clone(),
            metrics_listen: *metrics_listen,
            trusted_documents: trusted_documents.as_deref().map(TrustedDocuments::read).transpose().map_err(|wrong| Failure::new(wrong).of_settings())?,
            allowance: Allowance { of_a_caller: NonZeroU32::new(*caller_allowance), of_an_address: NonZeroU32::new(*address_allowance) },
            ..usual
        })
    }

    /// Whom the settings make the first administrator.
    fn first_administrator(&self) -> Result<Option<SignUp>, Failure> {
        match (&self.admin_email, &self.admin_password) {
            (Some(email), Some(Secret(password))) => Ok(Some(SignUp { email: email.clone(), name: email.clone(), password: password.clone(), locale: Locale::default() })),
            (None, None) => Ok(None),
            _ => Err(Failure::new("one of admin_email and admin_password is set without the other").remedy("Set both, or neither.").of_settings()),
        }
    }
}

/// Refuses a database that could lose what it said was committed.
async fn durable(app: &App) -> Result<(), Failure> {
    match app.db.settings().await?.into_iter().find(|setting| !setting.sound) {
        None => Ok(()),
        Some(setting) => Err(Failure::new(format!("the database runs with {} = {}, and could lose what was committed", setting.name, setting.value))
            .remedy("Set it right; `mistok doctor` prints all of them.")),
    }
}

/// Sees to it that somebody can run the platform: whom the settings name, or whoever opens the link that is printed.
async fn somebody_runs_it(app: &App, named: Option<SignUp>) -> Result<(), Failure> {
    if let Some(input) = named {
        return match accounts::service::administrator_of_the_settings(app, input).await? {
            Some(account) => output::line(format!("{} runs the platform now", account.email)),
            None => Ok(()),
        };
    }
    match accounts::service::first_link(app, Locale::default()).await? {
        Some(link) => output::line(format!(
            "Nobody runs the platform yet. Within {}, and once, this link makes the account that does:\n  {link}",
            said_lifetime(Purpose::FirstAdministrator).en
        )),
        None => Ok(()),
    }
}

/// Starts the tasks beside the API: sequencing the journal, telling people of it, doing what falls due, noting the use of tokens, keeping the index.
fn beside(app: &App, tasks: &TaskTracker, ending: &CancellationToken) {
    let (events, news, work, uses, index) = (app.clone(), app.clone(), app.clone(), app.clone(), app.clone());
    tasks.spawn(until(ending.clone(), async move { again("sequencing", sequencer::EVERY, || sequencer::run_once(&events)).await }));
    tasks.spawn(until(ending.clone(), async move { again("notifications", notifications::service::EVERY, || notifications::service::notify(&news)).await }));
    tasks.spawn(until(ending.clone(), async move { again("due work", jobs::EVERY, || jobs::run_due(&work)).await }));
    tasks.spawn(until(ending.clone(), async move { again("uses of tokens", EVERY_MINUTE, async || tokens::service::note_uses(&uses).await.map(|()| 0)).await }));
    tasks.spawn(until(ending.clone(), matching::live::run(index)));
}

async fn until(ending: CancellationToken, task: impl Future<Output = ()>) {
    let _ = ending.run_until_cancelled(task).await;
}

/// Does a piece of work again and again: at once while there is some, after `pause` when there was none.
async fn again<F: Future<Output = Result<u64>>>(name: &str, pause: Duration, work: impl Fn() -> F) {
    loop {
        match work().await {
            Ok(0) => tokio::time::sleep(pause).await,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(task = name, ?error, "a task beside the API failed; it is tried again");
                tokio::time::sleep(AFTER_A_FAULT).await;
            }
        }
    }
}
