//! Programmes in the schema.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{organisation, programme};

use super::filter::{ProgrammeFilter, ProgrammeOrder};
use super::{service, store};
use crate::auth::signed_in;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::page::{List, arguments, connection};
use crate::graphql::scalars::{KatottgCode, LocaleCode, Money, MoneyInput, Translation, TranslationsInput, translations};
use crate::ids::{Id, NodeKind, encode};
use crate::locale::Translations;
use crate::organisations::graphql::Organisation;
use crate::reference::graphql::Territory;
use crate::{load_by_id, money, payload};

load_by_id!(programme::Entity, programme::Model, store::by_ids);

/// A programme that funds initiatives of municipalities.
#[derive(Clone)]
pub struct Programme(pub programme::Model);

impl Programme {
    fn names(&self) -> Translations {
        Translations { uk: self.0.name_uk.clone(), en: self.0.name_en.clone() }
    }
}

/// A programme that funds initiatives of municipalities.
#[Object]
impl Programme {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Programme, self.0.id)
    }

    /// Its readable reference, such as `PR-2026-000001`.
    async fn reference(&self) -> &str {
        &self.0.reference
    }

    /// Its name in the wanted language, else in the other.
    async fn name(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        self.names().in_locale(locale.map_or(ctx.locale(), Into::into)).to_owned()
    }

    /// Its name in each language there is.
    async fn name_translations(&self) -> Vec<Translation> {
        translations(&self.names())
    }

    /// Who gives the money.
    async fn funder(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(self.0.funder_id)).await?.map(Organisation))
    }

    /// Who runs it.
    async fn implementer(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        let Some(id) = self.0.implementer_id else { return Ok(None) };
        Ok(ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(id)).await?.map(Organisation))
    }

    /// Which association is its partner.
    async fn association(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        let Some(id) = self.0.association_id else { return Ok(None) };
        Ok(ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(id)).await?.map(Organisation))
    }

    /// How much there is.
    async fn envelope(&self) -> Option<Money> {
        money::Money::from_columns(self.0.envelope, self.0.currency.as_deref()).map(Into::into)
    }

    /// Where; empty means the whole country.
    async fn territories(&self, ctx: &Context<'_>) -> Result<Vec<Territory>> {
        Territory::load_many(ctx, &self.0.territories.0).await
    }

    /// When it was set up.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Its version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Queries of this slice.
#[derive(Default)]
pub struct ProgrammeQuery;

#[Object]
impl ProgrammeQuery {
    /// One programme.
    async fn programme(&self, ctx: &Context<'_>, id: Id<programme::Entity>) -> Result<Option<Programme>> {
        Ok(ctx.loaders().load_one(ById::<entity::programme::Entity>::new(id.0)).await?.map(Programme))
    }

    /// Programmes.
    async fn programmes(
        &self,
        ctx: &Context<'_>,
        filter: Option<ProgrammeFilter>,
        order_by: Option<Vec<ProgrammeOrder>>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<List<Programme>> {
        let page = arguments(ctx, first, after)?;
        let terms = crate::graphql::order(order_by)?;
        let rows = store::list(ctx.app().db.reader(), ctx.actor(), filter.unwrap_or_default().condition()?, terms, &page).await?;
        Ok(connection(rows, Programme))
    }
}

/// What a programme is.
#[derive(InputObject)]
struct ProgrammeContentInput {
    /// Its name, 1 to 300 characters in each language.
    name: TranslationsInput,
    /// The donor that gives the money.
    funder_id: Id<organisation::Entity>,
    /// The implementing agency that runs it.
    implementer_id: Option<Id<organisation::Entity>>,
    /// The association that is its partner.
    association_id: Option<Id<organisation::Entity>>,
    /// How much there is.
    envelope: Option<MoneyInput>,
    /// Where; empty means the whole country.
    #[graphql(default)]
    territories: Vec<KatottgCode>,
}

impl ProgrammeContentInput {
    fn content(self) -> service::Content {
        let Self { name, funder_id, implementer_id, association_id, envelope, territories } = self;
        service::Content {
            name: name.into(),
            funder: funder_id.0,
            implementer: implementer_id.map(|id| id.0),
            association: association_id.map(|id| id.0),
            envelope: envelope.map(Into::into),
            territories: territories.into_iter().map(|code| code.0).collect(),
        }
    }
}

/// A programme to set up.
#[derive(InputObject)]
struct CreateProgrammeInput {
    /// What it is.
    programme: ProgrammeContentInput,
}

/// What a programme is anew.
#[derive(InputObject)]
struct UpdateProgrammeInput {
    /// Which programme.
    id: Id<programme::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// All that it is.
    programme: ProgrammeContentInput,
}

payload! {
    /// The programme that was set up.
    CreateProgrammePayload { programme: Programme }
}
payload! {
    /// The programme as it is now.
    UpdateProgrammePayload { programme: Programme }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct ProgrammeMutation;

#[Object]
impl ProgrammeMutation {
    /// Sets up a programme.
    async fn create_programme(&self, ctx: &Context<'_>, input: CreateProgrammeInput) -> Result<CreateProgrammePayload> {
        signed_in(ctx.actor())?;
        let result = service::create(ctx.app(), ctx.actor(), input.programme.content()).await;
        CreateProgrammePayload::answer(ctx, result.map_err(|error| error.within_content("programme")), Programme).await
    }

    /// Changes a programme.
    async fn update_programme(&self, ctx: &Context<'_>, input: UpdateProgrammeInput) -> Result<UpdateProgrammePayload> {
        let UpdateProgrammeInput { id, expected_version, programme } = input;
        signed_in(ctx.actor())?;
        let result = service::update(ctx.app(), ctx.actor(), id.0, expected_version, programme.content()).await;
        UpdateProgrammePayload::answer(ctx, result.map_err(|error| error.within_content("programme")), Programme).await
    }
}
