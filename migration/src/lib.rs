//! The database schema as ordered steps: append only, one table or change each, the same on SQLite and PostgreSQL.
//!
//! A step that was released is never edited; a change is a new step at the end of [`Migrator::migrations`].

mod step;

mod m0001_setting;
mod m0002_counter;
mod m0003_territory;
mod m0004_classification;
mod m0005_account;
mod m0006_session;
mod m0007_organisation;
mod m0008_membership;
mod m0009_identifier;
mod m0010_capability;
mod m0011_certificate;
mod m0012_past_work;
mod m0013_programme;
mod m0014_need;
mod m0015_project;
mod m0016_project_need;
mod m0017_external_id;
mod m0018_work_package;
mod m0019_requirement;
mod m0020_call;
mod m0021_call_work_package;
mod m0022_interest;
mod m0023_interest_work_package;
mod m0024_event;
mod m0025_job;
mod m0026_claim;
mod m0027_link;
mod m0028_account_email_confirmed;
mod m0029_session_generation;
mod m0030_second_factor;
mod m0031_session_stepped_up;
mod m0032_second_factor_recovery_series;
mod m0033_invitation;
mod m0034_session_assurance;
mod m0036_api_token;
mod m0037_event_api_token;
mod m0038_territory_level;
mod m0040_guess;
mod m0041_digest;
mod m0042_notification;
mod m0043_notification_preference;
mod m0044_attachment;
mod m0045_verification_request;
mod m0046_delegation;
mod m0047_certificate_attachment;
mod m0048_account_erased;
mod m0049_identities;
mod m0050_sign_in_round;
mod m0051_idempotency_key;
mod m0053_notification_without_organisation;
mod m0054_session_refreshed;
mod m0055_event_account;
mod m0057_link_taken;
mod m0060_event_digest;
mod m0061_event_prev;
mod m0062_event_payload;
mod m0063_checkpoint;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{MigrationTrait, async_trait};

/// The table that a step makes or adds a column or an index to: a step is named after it, `m0008_membership` or `m0028_account.email_confirmed_at`.
#[must_use]
pub fn table_of(step: &str) -> &str {
    let made = step.split_once('_').map_or(step, |(_, made)| made);
    made.split('.').next().unwrap_or(made)
}

/// All steps, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_setting::step()),
            Box::new(m0002_counter::step()),
            Box::new(m0003_territory::step()),
            Box::new(m0004_classification::step()),
            Box::new(m0005_account::step()),
            Box::new(m0006_session::step()),
            Box::new(m0007_organisation::step()),
            Box::new(m0008_membership::step()),
            Box::new(m0009_identifier::step()),
            Box::new(m0010_capability::step()),
            Box::new(m0011_certificate::step()),
            Box::new(m0012_past_work::step()),
            Box::new(m0013_programme::step()),
            Box::new(m0014_need::step()),
            Box::new(m0015_project::step()),
            Box::new(m0016_project_need::step()),
            Box::new(m0017_external_id::step()),
            Box::new(m0018_work_package::step()),
            Box::new(m0019_requirement::step()),
            Box::new(m0020_call::step()),
            Box::new(m0021_call_work_package::step()),
            Box::new(m0022_interest::step()),
            Box::new(m0023_interest_work_package::step()),
            Box::new(m0024_event::step()),
            Box::new(m0025_job::step()),
            Box::new(m0026_claim::step()),
            Box::new(m0027_link::step()),
            Box::new(m0028_account_email_confirmed::step()),
            Box::new(m0029_session_generation::step()),
            Box::new(m0030_second_factor::step()),
            Box::new(m0031_session_stepped_up::step()),
            Box::new(m0032_second_factor_recovery_series::step()),
            Box::new(m0033_invitation::step()),
            Box::new(m0034_session_assurance::step()),
            Box::new(m0036_api_token::step()),
            Box::new(m0037_event_api_token::step()),
            Box::new(m0038_territory_level::step()),
            Box::new(m0040_guess::step()),
            Box::new(m0041_digest::step()),
            Box::new(m0042_notification::step()),
            Box::new(m0043_notification_preference::step()),
            Box::new(m0044_attachment::step()),
            Box::new(m0045_verification_request::step()),
            Box::new(m0046_delegation::step()),
            Box::new(m0047_certificate_attachment::step()),
            Box::new(m0048_account_erased::step()),
            Box::new(m0049_identities::step()),
            Box::new(m0050_sign_in_round::step()),
            Box::new(m0051_idempotency_key::step()),
            Box::new(m0053_notification_without_organisation::step()),
            Box::new(m0054_session_refreshed::step()),
            Box::new(m0055_event_account::step()),
            Box::new(m0057_link_taken::step()),
            Box::new(m0060_event_digest::step()),
            Box::new(m0061_event_prev::step()),
            Box::new(m0062_event_payload::step()),
            Box::new(m0063_checkpoint::step()),
        ]
    }
}
