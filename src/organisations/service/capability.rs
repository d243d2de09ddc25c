//! What a business says it can do.

use entity::organisation::{self, Kind};
use entity::{Codes, capability, certificate};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{event, required, save};
use crate::app::App;
use crate::attachments;
use crate::auth::Actor;
use crate::db::expect_version;
use crate::error::{Result, Together as _};
use crate::events::EventKind;
use crate::money::{self, Stated};
use crate::organisations::rules::{self, Capability};
use crate::organisations::{access, store};
use crate::reference;
use crate::reference::codes::{CpvCode, KatottgCode};

/// What a business says it can do, with the codes still to be checked.
#[derive(Clone, Debug)]
pub struct Declare {
    /// Which business.
    pub id: Uuid,
    /// The version of the organisation that the caller read.
    pub expected_version: i32,
    /// CPV codes of what it does.
    pub cpv: Vec<CpvCode>,
    /// CPV codes of what it does not do.
    pub excluded_cpv: Vec<CpvCode>,
    /// Where it works.
    pub service_area: Vec<KatottgCode>,
    /// The largest contract it can carry.
    pub largest_contract: Option<Stated>,
    /// The rest of the profile, which is filled in from the above.
    pub profile: Capability,
}

/// Replaces the capability profile of a business.
///
/// # Errors
/// When a value is wrong, the caller is no owner, the organisation is no business, or the version is stale.
pub async fn declare_capability(app: &App, actor: &Actor, input: Declare) -> Result<organisation::Model> {
    let Declare { id, expected_version, cpv, excluded_cpv, service_area, largest_contract, profile } = input;
    let known = reference::service::known(app).await?;
    let mut case = app.begin(actor).await?;
    let row = required(&case, actor, "organisationId", id).await?;
    access::may_edit_profile(actor, id)?;
    expect_version(expected_version, row.version)?;
    rules::kind_fits("organisationId", row.kind, &[Kind::Business])?;
    let (cpv, excluded_cpv, service_area, largest_contract, profile) = (
        rules::cpv_codes(&known, "cpv", &cpv, rules::MOST_CODES),
        rules::excluded_codes(&known, "excludedCpv", &excluded_cpv, &cpv),
        rules::territories(&known, "serviceArea", &service_area),
        money::optional("largestContract", largest_contract),
        rules::capability(profile),
    )
        .together()?;
    let profile = Capability { cpv, excluded_cpv, service_area, largest_contract, ..profile };
    for (place, paper) in profile.certificates.iter().enumerate() {
        if let Some(attachment) = paper.attachment {
            attachments::service::require_certificate(&case, id, &format!("certificates.{place}.attachmentId"), attachment).await?;
        }
    }
    let (row_profile, papers) = capability_rows(id, profile, || case.new_id());
    store::replace_capability(&*case, id, row_profile, papers).await?;
    let row = save(&case, row).await?;
    case.record(event(EventKind::CapabilityDeclared, &row));
    case.commit().await?;
    Ok(row)
}

fn capability_rows(id: Uuid, profile: Capability, mut new_id: impl FnMut() -> Uuid) -> (capability::ActiveModel, Vec<certificate::ActiveModel>) {
    let Capability { cpv, excluded_cpv, service_area, with_neighbours, largest_contract, free_from, free_to, staff, languages, contributions, certificates } = profile;
    let row = capability::ActiveModel {
        organisation_id: Set(id),
        cpv: Set(Codes(cpv)),
        excluded_cpv: Set(Codes(excluded_cpv)),
        service_area: Set(Codes(service_area)),
        with_neighbours: Set(with_neighbours),
        largest_contract: Set(largest_contract.map(|value| value.minor)),
        currency: Set(largest_contract.map(|value| value.currency.code().to_owned())),
        free_from: Set(free_from),
        free_to: Set(free_to),
        staff: Set(staff),
        languages: Set(Codes(languages)),
        contributions: Set(Codes(contributions)),
    };
    let papers = certificates
        .into_iter()
        .map(|paper| certificate::ActiveModel {
            id: Set(new_id()),
            organisation_id: Set(id),
            code: Set(paper.code),
            name: Set(paper.name),
            issuer: Set(paper.issuer),
            valid_to: Set(paper.valid_to),
            attachment_id: Set(paper.attachment),
        })
        .collect();
    (row, papers)
}
