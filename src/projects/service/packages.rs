//! The work packages of a project: adding them, changing them, and the budget that they make up.

use chrono::NaiveDate;
use entity::{Codes, project, requirement, work_package};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{edit, editable, event, required, save};
use crate::app::{App, UseCase};
use crate::auth::Actor;
use crate::db::{expect_version, insert_many};
use crate::error::{Error, Result, Together as _};
use crate::events::{Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::Translations;
use crate::money::{self, Money, Stated};
use crate::projects::rules::{self, Asked, Requirement};
use crate::projects::{access, store};
use crate::reference::codes::CpvCode;
use crate::reference::known::Known;
use crate::{organisations, reference, text};

/// What a work package says.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its title.
    pub title: Translations,
    /// What is to be done.
    pub description: Translations,
    /// What kind of works, the main one first.
    pub cpv: Vec<CpvCode>,
    /// `works`, `services` or `goods`.
    pub category: Option<String>,
    /// For how much.
    pub budget: Option<Stated>,
    /// First day of work.
    pub starts_on: Option<NaiveDate>,
    /// Last day of work.
    pub ends_on: Option<NaiveDate>,
    /// Contributions sought from a partner.
    pub contributions: Vec<String>,
    /// What a partner must have, or scores by having.
    pub requirements: Vec<Asked>,
}

/// Adds a work package at the end.
///
/// # Errors
/// As [`super::update`].
pub async fn add_work_package(app: &App, actor: &Actor, id: Uuid, expected_version: i32, package: Package) -> Result<project::Model> {
    let known = reference::service::known(app).await?;
    edit(app, actor, id, expected_version, async |case, row| {
        let there = store::work_packages(&**case, vec![id]).await?;
        text::at_most("workPackage", there.len() + 1, rules::MOST_WORK_PACKAGES)?;
        let position = there.last().map_or(1, |last| last.position + 1);
        let added = insert_package(case, id, position, package_columns(&known, package)?).await?;
        case.record(package_event(EventKind::WorkPackageAdded, row, added, 1));
        Ok(project::ActiveModel { ..Default::default() })
    })
    .await
}

/// Changes what a work package says.
///
/// # Errors
/// As [`super::update`]; the version is the work package's.
pub async fn update_work_package(app: &App, actor: &Actor, id: Uuid, expected_version: i32, package: Package) -> Result<work_package::Model> {
    let known = reference::service::known(app).await?;
    let mut case = app.begin(actor).await?;
    let read = async || store::work_packages_by_ids(&*case, actor, vec![id]).await?.pop().ok_or_else(|| Error::not_found("id"));
    // Whoever changes a work package holds its project, so it is read again once that is held.
    let project = required(&case, actor, read().await?.project_id).await?;
    let row = read().await?;
    access::may_edit(actor, project.organisation_id)?;
    case.acts_for(project.organisation_id);
    expect_version(expected_version, row.version)?;
    editable(&case, &project).await?;
    let (columns, requirements) = package_columns(&known, package)?;
    let change = work_package::ActiveModel { id: Set(id), updated_at: Set(case.now), version: Set(row.version + 1), ..columns };
    let made = change.update(&*case).await?;
    store::replace_requirements(&*case, id, requirement_rows(&case, id, requirements)).await?;
    let change = budget_columns(&case, project.id).await?;
    let project = save(&case, &project, change).await?;
    case.record(package_event(EventKind::WorkPackageUpdated, &project, id, made.version));
    case.record(event(EventKind::ProjectUpdated, &project));
    case.commit().await?;
    Ok(made)
}

pub(super) async fn insert_package(case: &UseCase<'_>, project: Uuid, position: i32, (columns, requirements): (work_package::ActiveModel, Vec<Requirement>)) -> Result<Uuid> {
    let id = case.new_id();
    let row = work_package::ActiveModel {
        id: Set(id),
        project_id: Set(project),
        position: Set(position),
        language: Set(None),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
        ..columns
    };
    row.insert(&**case).await?;
    insert_many(&**case, requirement_rows(case, id, requirements)).await?;
    Ok(id)
}

pub(super) fn package_columns(known: &Known, package: Package) -> Result<(work_package::ActiveModel, Vec<Requirement>)> {
    let Package { title, description, cpv, category, budget, starts_on, ends_on, contributions, requirements } = package;
    text::at_most("requirements", requirements.len(), rules::MOST_REQUIREMENTS)?;
    let requirement = |(place, asked): (usize, &Asked)| rules::requirement(&format!("requirements.{place}"), asked);
    let (title, description, cpv, budget, requirements, (), ()) = (
        text::bilingual("title", &title, rules::LONGEST_TITLE),
        text::bilingual_prose("description", &description, rules::LONGEST_DESCRIPTION),
        organisations::rules::cpv_codes(known, "cpv", &cpv, organisations::rules::MOST_CPV),
        money::optional("budget", budget),
        requirements.iter().enumerate().map(requirement).collect::<Vec<_>>().together(),
        rules::period("endsOn", starts_on, ends_on),
        text::at_most("contributions", contributions.len(), organisations::rules::MOST_CONTRIBUTIONS),
    )
        .together()?;
    let columns = work_package::ActiveModel {
        title_uk: Set(title.uk),
        title_en: Set(title.en),
        description_uk: Set(description.uk),
        description_en: Set(description.en),
        cpv: Set(Codes(cpv)),
        category: Set(category),
        budget: Set(budget.map(|amount| amount.minor)),
        currency: Set(budget.map(|amount| amount.currency.code().to_owned())),
        starts_on: Set(starts_on),
        ends_on: Set(ends_on),
        contributions: Set(Codes(contributions)),
        ..Default::default()
    };
    Ok((columns, requirements))
}

fn requirement_rows(case: &UseCase<'_>, package: Uuid, requirements: Vec<Requirement>) -> Vec<requirement::ActiveModel> {
    let row = |Requirement { kind, code, count, amount, must }: Requirement| requirement::ActiveModel {
        id: Set(case.new_id()),
        work_package_id: Set(package),
        kind: Set(kind),
        code: Set(code),
        count: Set(count),
        amount: Set(amount.map(|amount| amount.minor)),
        currency: Set(amount.map(|amount| amount.currency.code().to_owned())),
        must: Set(must),
    };
    requirements.into_iter().map(row).collect()
}

/// The budget of a project's work packages, where all that have one have it in one currency.
pub(super) async fn budget_columns(case: &UseCase<'_>, project: Uuid) -> Result<project::ActiveModel> {
    let packages = store::work_packages(&**case, vec![project]).await?;
    let amounts: Vec<Money> = packages.iter().filter_map(|package| Money::from_columns(package.budget, package.currency.as_deref())).collect();
    let currency = amounts.first().map(|amount| amount.currency);
    let total = amounts.iter().try_fold(0_i64, |sum, amount| if Some(amount.currency) == currency { sum.checked_add(amount.minor) } else { None });
    let budget = total.filter(|_| !amounts.is_empty());
    Ok(project::ActiveModel { budget: Set(budget), currency: Set(budget.and(currency).map(|currency| currency.code().to_owned())), ..Default::default() })
}

/// What became of a work package, told to those who may learn of its project.
pub(super) fn package_event(kind: EventKind, project: &project::Model, package: Uuid, version: i32) -> Event {
    Event { node: NodeKind::WorkPackage, id: package, version, ..event(kind, project) }
}
