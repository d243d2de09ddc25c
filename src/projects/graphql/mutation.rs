//! Mutations of projects and their work packages: inputs, payloads and resolvers.

use async_graphql::{Context, InputObject, Object};
use entity::{need, organisation, programme, project, work_package};

use super::super::rules::{Asked, Step};
use super::super::service;
use super::{ExternalIdInput, Project, ProjectState, RequirementKind, WorkPackage};
use crate::auth::signed_in;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::scalars::{CpvCode, Date, KatottgCode, MoneyInput, TranslationsInput};
use crate::ids::Id;
use crate::locale::Translations;
use crate::organisations::graphql::{ContributionKind, ProcurementCategory};
use crate::payload;

/// What a project says.
#[derive(InputObject)]
struct ProjectContentInput {
    /// The programme it belongs to.
    programme_id: Option<Id<programme::Entity>>,
    /// Its title, 1 to 1,000 characters in each language.
    title: TranslationsInput,
    /// What it will do, up to 10,000 characters in each language.
    description: Option<TranslationsInput>,
    /// OC4IDS project sector, such as `waterAndWaste`.
    sector: Option<String>,
    /// OC4IDS project type, such as `rehabilitation`.
    project_type: Option<String>,
    /// Where it is.
    territory: Option<KatottgCode>,
}

impl From<ProjectContentInput> for service::Content {
    fn from(input: ProjectContentInput) -> Self {
        let ProjectContentInput { programme_id, title, description, sector, project_type, territory } = input;
        Self {
            programme: programme_id.map(|id| id.0),
            title: title.into(),
            description: description.map_or(Translations { uk: None, en: None }, Into::into),
            sector,
            project_type,
            territory: territory.map(|code| code.0),
        }
    }
}

/// What a partner must have, or scores by having.
#[derive(InputObject)]
struct RequirementInput {
    /// What is asked for.
    kind: RequirementKind,
    /// Certificate code, language or CPV code, by kind.
    code: Option<String>,
    /// How many, by kind.
    count: Option<i32>,
    /// How much, by kind.
    amount: Option<MoneyInput>,
    /// Without it a business is no match; otherwise it only scores.
    #[graphql(default = true)]
    must: bool,
}

/// What a work package says.
#[derive(InputObject)]
struct WorkPackageContentInput {
    /// Its title, 1 to 1,000 characters in each language.
    title: TranslationsInput,
    /// What is to be done, up to 10,000 characters in each language.
    description: Option<TranslationsInput>,
    /// What kind of works, the main one first.
    #[graphql(default)]
    cpv: Vec<CpvCode>,
    /// Works, services or goods.
    category: Option<ProcurementCategory>,
    /// Its budget.
    budget: Option<MoneyInput>,
    /// First day of work.
    starts_on: Option<Date>,
    /// Last day of work.
    ends_on: Option<Date>,
    /// Contributions sought from a partner.
    #[graphql(default)]
    contributions: Vec<ContributionKind>,
    /// What a partner must have, or scores by having.
    #[graphql(default)]
    requirements: Vec<RequirementInput>,
}

impl WorkPackageContentInput {
    fn package(self) -> service::Package {
        let Self { title, description, cpv, category, budget, starts_on, ends_on, contributions, requirements } = self;
        let requirement = |RequirementInput { kind, code, count, amount, must }: RequirementInput| Asked { kind: kind.into(), code, count, amount: amount.map(Into::into), must };
        service::Package {
            title: title.into(),
            description: description.map_or(Translations { uk: None, en: None }, Into::into),
            cpv: cpv.into_iter().map(|code| code.0).collect(),
            category: category.map(|category| category.as_str().to_owned()),
            budget: budget.map(Into::into),
            starts_on: starts_on.map(|day| day.0),
            ends_on: ends_on.map(|day| day.0),
            contributions: contributions.into_iter().map(|kind| kind.as_str().to_owned()).collect(),
            requirements: requirements.into_iter().map(requirement).collect(),
        }
    }
}

/// A project to set up.
#[derive(InputObject)]
struct CreateProjectInput {
    /// Who owns it.
    organisation_id: Id<organisation::Entity>,
    /// What it says.
    project: ProjectContentInput,
    /// The verified needs it answers.
    #[graphql(default)]
    need_ids: Vec<Id<need::Entity>>,
    /// Its work packages, in their order.
    #[graphql(default)]
    work_packages: Vec<WorkPackageContentInput>,
    /// Ids by which DREAM, Prozorro or OC4IDS knows it.
    #[graphql(default)]
    external_ids: Vec<ExternalIdInput>,
}

/// What a project says anew.
#[derive(InputObject)]
struct UpdateProjectInput {
    /// Which project.
    id: Id<project::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// All that it says.
    project: ProjectContentInput,
}

/// A work package to add at the end.
#[derive(InputObject)]
struct AddWorkPackageInput {
    /// Which project.
    project_id: Id<project::Entity>,
    /// The version of the project that was read.
    expected_version: i32,
    /// What it says.
    work_package: WorkPackageContentInput,
}

/// What a work package says anew.
#[derive(InputObject)]
struct UpdateWorkPackageInput {
    /// Which work package.
    id: Id<work_package::Entity>,
    /// The version of the work package that was read.
    expected_version: i32,
    /// All that it says.
    work_package: WorkPackageContentInput,
}

/// A need that a project answers too.
#[derive(InputObject)]
struct AddNeedToProjectInput {
    /// Which project.
    project_id: Id<project::Entity>,
    /// The version of the project that was read.
    expected_version: i32,
    /// The verified need.
    need_id: Id<need::Entity>,
}

/// A step of a project's way.
#[derive(InputObject)]
struct ProjectStepInput {
    /// Which project.
    id: Id<project::Entity>,
    /// The version that was read.
    expected_version: i32,
}

/// The end of a project.
#[derive(InputObject)]
struct CancelProjectInput {
    /// Which project.
    id: Id<project::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// Why, 1 to 2,000 characters.
    reason: String,
}

/// A step back.
#[derive(InputObject)]
struct MoveProjectBackInput {
    /// Which project.
    id: Id<project::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// The earlier state.
    to: ProjectState,
    /// Why, 1 to 2,000 characters.
    reason: String,
}

payload! {
    /// The project that was set up.
    CreateProjectPayload { project: Project }
}
payload! {
    /// The project as it is now.
    UpdateProjectPayload { project: Project }
}
payload! {
    /// The project as it is now.
    AddWorkPackagePayload { project: Project }
}
payload! {
    /// The work package as it is now.
    UpdateWorkPackagePayload { work_package: WorkPackage }
}
payload! {
    /// The project as it is now.
    AddNeedToProjectPayload { project: Project }
}
payload! {
    /// The project as it is now.
    DefineProjectPayload { project: Project }
}
payload! {
    /// The project as it is now.
    AppraiseProjectPayload { project: Project }
}
payload! {
    /// The project as it is now.
    StructureProjectPayload { project: Project }
}
payload! {
    /// The project as it is now.
    CancelProjectPayload { project: Project }
}
payload! {
    /// The project as it is now.
    MoveProjectBackPayload { project: Project }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct ProjectMutation;

#[Object]
impl ProjectMutation {
    /// Sets up a project, adopting the needs it answers.
    async fn create_project(&self, ctx: &Context<'_>, input: CreateProjectInput) -> Result<CreateProjectPayload> {
        let CreateProjectInput { organisation_id, project, need_ids, work_packages, external_ids } = input;
        signed_in(ctx.actor())?;
        let input = service::Create {
            organisation: organisation_id.0,
            content: project.into(),
            needs: need_ids.into_iter().map(|id| id.0).collect(),
            packages: work_packages.into_iter().map(WorkPackageContentInput::package).collect(),
            external_ids: external_ids.into_iter().map(|ExternalIdInput { scheme, id }| (scheme, id)).collect(),
        };
        let result = service::create(ctx.app(), ctx.actor(), input).await;
        CreateProjectPayload::answer(ctx, result, Project).await
    }

    /// Changes what a project says.
    async fn update_project(&self, ctx: &Context<'_>, input: UpdateProjectInput) -> Result<UpdateProjectPayload> {
        let UpdateProjectInput { id, expected_version, project } = input;
        let result = service::update(ctx.app(), ctx.actor(), id.0, expected_version, project.into()).await;
        UpdateProjectPayload::answer(ctx, result.map_err(|error| error.within_content("project")), Project).await
    }

    /// Adds a work package at the end of a project.
    async fn add_work_package(&self, ctx: &Context<'_>, input: AddWorkPackageInput) -> Result<AddWorkPackagePayload> {
        let AddWorkPackageInput { project_id, expected_version, work_package } = input;
        let result = service::add_work_package(ctx.app(), ctx.actor(), project_id.0, expected_version, work_package.package()).await;
        AddWorkPackagePayload::answer(ctx, result.map_err(|error| error.within_content("workPackage")), Project).await
    }

    /// Changes what a work package says.
    async fn update_work_package(&self, ctx: &Context<'_>, input: UpdateWorkPackageInput) -> Result<UpdateWorkPackagePayload> {
        let UpdateWorkPackageInput { id, expected_version, work_package } = input;
        let result = service::update_work_package(ctx.app(), ctx.actor(), id.0, expected_version, work_package.package()).await;
        UpdateWorkPackagePayload::answer(ctx, result.map_err(|error| error.within_content("workPackage")), WorkPackage).await
    }

    /// Adds a need that a project answers.
    async fn add_need_to_project(&self, ctx: &Context<'_>, input: AddNeedToProjectInput) -> Result<AddNeedToProjectPayload> {
        let AddNeedToProjectInput { project_id, expected_version, need_id } = input;
        AddNeedToProjectPayload::answer(ctx, service::add_need(ctx.app(), ctx.actor(), project_id.0, expected_version, need_id.0).await, Project).await
    }

    /// Says what a project is; it is public from then on, so its owner must have been checked.
    async fn define_project(&self, ctx: &Context<'_>, input: ProjectStepInput) -> Result<DefineProjectPayload> {
        DefineProjectPayload::answer(ctx, step(ctx, Step::Define, input).await, Project).await
    }

    /// Notes that a project was appraised.
    async fn appraise_project(&self, ctx: &Context<'_>, input: ProjectStepInput) -> Result<AppraiseProjectPayload> {
        AppraiseProjectPayload::answer(ctx, step(ctx, Step::Appraise, input).await, Project).await
    }

    /// Notes that a project is structured: ready to look for partners.
    async fn structure_project(&self, ctx: &Context<'_>, input: ProjectStepInput) -> Result<StructureProjectPayload> {
        StructureProjectPayload::answer(ctx, step(ctx, Step::Structure, input).await, Project).await
    }

    /// Gives a project up with a reason. The needs that it answered are VERIFIED again, those that were PRIORITISED too. Who
    /// answered one of its calls goes on seeing it.
    async fn cancel_project(&self, ctx: &Context<'_>, input: CancelProjectInput) -> Result<CancelProjectPayload> {
        let CancelProjectInput { id, expected_version, reason } = input;
        let result = service::advance(ctx.app(), ctx.actor(), id.0, expected_version, Step::Cancel(reason)).await;
        CancelProjectPayload::answer(ctx, result, Project).await
    }

    /// Moves a project back to an earlier state, with a reason; for the association.
    async fn move_project_back(&self, ctx: &Context<'_>, input: MoveProjectBackInput) -> Result<MoveProjectBackPayload> {
        let MoveProjectBackInput { id, expected_version, to, reason } = input;
        MoveProjectBackPayload::answer(ctx, service::move_back(ctx.app(), ctx.actor(), id.0, expected_version, to.into(), &reason).await, Project).await
    }
}

async fn step(ctx: &Context<'_>, step: Step, input: ProjectStepInput) -> Result<project::Model> {
    let ProjectStepInput { id, expected_version } = input;
    service::advance(ctx.app(), ctx.actor(), id.0, expected_version, step).await
}
