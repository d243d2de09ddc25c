//! Reference lists in the schema.

use std::collections::HashMap;

use async_graphql::{Context, Enum, Object};
use entity::{classification, territory};
use sea_orm::Order;

use super::codes::{CodeError, CpvCode, KvedCode};
use super::store;
use crate::error::{Error, Result};
use crate::graphql::context::RequestContext as _;
use crate::graphql::filter::search;
use crate::graphql::loader::Loaders;
use crate::graphql::page::{List, arguments, connection};
use crate::graphql::scalars::{Date, KatottgCode, LocaleCode, Translation, translations};
use crate::locale::{Locale, Translations};
use crate::page::Term;

/// A unit of KATOTTG.
#[derive(Clone)]
pub struct Territory {
    code: String,
    row: Option<territory::Model>,
}

impl Territory {
    fn names(&self) -> Translations {
        if let Some(row) = &self.row {
            return Translations { uk: Some(row.name_uk.clone()), en: row.name_en.clone() };
        }
        let oblast = super::builtin::territories().iter().find(|unit| self.code.get(..4).is_some_and(|prefix| unit.code.starts_with(prefix)));
        let named = |name: fn(&super::builtin::Territory) -> &'static str| Some(oblast.map_or_else(|| self.code.clone(), |unit| format!("{} ({})", self.code, name(unit))));
        Translations { uk: named(|unit| unit.name_uk), en: named(|unit| unit.name_en) }
    }

    /// The territory of a code that a row holds. A prefix, or a code that is not in the list, keeps its nearest wider unit's name out of it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load(ctx: &Context<'_>, code: Option<&str>) -> Result<Option<Self>> {
        let Some(code) = code else { return Ok(None) };
        let row = ctx.loaders().load_one(TerritoryKey(code.to_owned())).await?;
        Ok(Some(Self { code: row.as_ref().map_or_else(|| code.to_owned(), |row| row.code.clone()), row }))
    }

    /// The territories of codes that a row holds, in their order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load_many(ctx: &Context<'_>, codes: &[String]) -> Result<Vec<Self>> {
        let mut rows = ctx.loaders().load_many(codes.iter().cloned().map(TerritoryKey)).await?;
        Ok(codes.iter().map(|code| Self { code: code.clone(), row: rows.remove(&TerritoryKey(code.clone())) }).collect())
    }
}

/// A unit of KATOTTG.
#[Object]
impl Territory {
    /// Its code: `UA` and 17 digits.
    async fn code(&self) -> &str {
        &self.code
    }

    /// Its name in the wanted language, else in Ukrainian; its code and oblast where no list holds it.
    async fn name(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        self.names().in_locale(locale.map_or(ctx.locale(), Into::into)).to_owned()
    }

    /// Its name in each language there is.
    async fn name_translations(&self) -> Vec<Translation> {
        translations(&self.names())
    }

    /// `O` oblast, `K` city with special status, `P` rayon, `H` hromada, `M` city, `X` settlement, `C` village, `B` city district.
    async fn category(&self) -> Option<&str> {
        self.row.as_ref().map(|row| row.category.as_str())
    }

    /// ISO 3166-2, for the 27 units of the first level.
    async fn iso3166(&self) -> Option<&str> {
        self.row.as_ref().and_then(|row| row.iso.as_deref())
    }

    /// The nearest unit that contains it.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Territory>> {
        Territory::load(ctx, self.row.as_ref().and_then(|row| row.parent.as_deref())).await
    }

    /// The last day on which the codifier listed it; none while it does.
    async fn valid_to(&self) -> Option<Date> {
        self.row.as_ref().and_then(|row| row.valid_to).map(Date)
    }
}

/// Which classification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ClassificationScheme {
    /// DK 021:2015, which is CPV 2008.
    Cpv,
    /// KVED (DK 009:2010), which is NACE Rev. 2.
    Kved,
}

impl ClassificationScheme {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Cpv => "CPV",
            Self::Kved => "KVED",
        }
    }
}

/// How long a CPV code is without its check digit.
const CPV_DIGITS: usize = 8;

/// A code of a classification.
#[derive(Clone)]
pub struct Classification {
    scheme: ClassificationScheme,
    code: String,
    row: Option<classification::Model>,
}

impl Classification {
    fn names(&self) -> Translations {
        self.row.as_ref().map_or(Translations { uk: None, en: None }, |row| Translations { uk: row.name_uk.clone(), en: row.name_en.clone() })
    }

    /// The classification of a code that a row holds.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load(ctx: &Context<'_>, scheme: ClassificationScheme, code: Option<&str>) -> Result<Option<Self>> {
        let Some(code) = code else { return Ok(None) };
        Ok(Self::load_many(ctx, scheme, &[code.to_owned()]).await?.pop())
    }

    /// The classifications of codes that a row holds, in their order. A CPV code without its check digit came when the list
    /// lacked it; it is shown as the list writes it by now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load_many(ctx: &Context<'_>, scheme: ClassificationScheme, codes: &[String]) -> Result<Vec<Self>> {
        let mut written = codes.to_vec();
        if scheme == ClassificationScheme::Cpv && codes.iter().any(|code| code.len() == CPV_DIGITS) {
            let known = ctx.known().await?;
            written = codes.iter().map(|code| known.written(code).to_owned()).collect();
        }
        let codes = &written;
        let key = |code: &String| ClassificationKey(scheme.as_str(), code.clone());
        let mut rows = ctx.loaders().load_many(codes.iter().map(key)).await?;
        Ok(codes.iter().map(|code| Self { scheme, code: code.clone(), row: rows.remove(&key(code)) }).collect())
    }
}

/// A code of a classification.
#[Object]
impl Classification {
    /// Which classification.
    async fn scheme(&self) -> ClassificationScheme {
        self.scheme
    }

    /// The code as the list writes it.
    async fn code(&self) -> &str {
        &self.code
    }

    /// What it stands for, in the wanted language, else in the other; its code where no list holds it.
    async fn label(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        let names = self.names();
        let label = names.in_locale(locale.map_or(ctx.locale(), Into::into));
        if label.is_empty() { self.code.clone() } else { label.to_owned() }
    }

    /// The nearest wider code.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Classification>> {
        Classification::load(ctx, self.scheme, self.row.as_ref().and_then(|row| row.parent.as_deref())).await
    }

    /// The last day on which the list held it; none while it does.
    async fn valid_to(&self) -> Option<Date> {
        self.row.as_ref().and_then(|row| row.valid_to).map(Date)
    }
}

/// A sector of OC4IDS.
pub struct Sector(pub String);

/// A sector of OC4IDS.
#[Object]
impl Sector {
    /// Its OC4IDS code, such as `waterAndWaste`.
    async fn code(&self) -> &str {
        &self.0
    }

    /// Its name in the wanted language.
    async fn label(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        let entry = super::builtin::sectors().iter().find(|entry| entry.code == self.0);
        let label = entry.map(|entry| match locale.map_or(ctx.locale(), Into::into) {
            Locale::Uk => entry.name_uk,
            Locale::En => entry.name_en,
        });
        label.unwrap_or(&self.0).to_owned()
    }
}

#[derive(Clone, Hash, PartialEq, Eq)]
struct TerritoryKey(String);

impl async_graphql::dataloader::Loader<TerritoryKey> for Loaders {
    type Value = territory::Model;
    type Error = Error;

    /// A prefix such as `UA12` stands for the oblast.
    async fn load(&self, keys: &[TerritoryKey]) -> Result<HashMap<TerritoryKey, territory::Model>> {
        let full = |key: &TerritoryKey| {
            let oblast = super::builtin::territories().iter().find(|unit| key.0.len() == 4 && unit.code.starts_with(&key.0));
            oblast.map_or_else(|| key.0.clone(), |unit| unit.code.to_owned())
        };
        let rows = store::territories_by_code(self.app.db.reader(), keys.iter().map(full).collect()).await?;
        let rows: HashMap<String, territory::Model> = rows.into_iter().map(|row| (row.code.clone(), row)).collect();
        Ok(keys.iter().filter_map(|key| rows.get(&full(key)).map(|row| (key.clone(), row.clone()))).collect())
    }
}

#[derive(Clone, Hash, PartialEq, Eq)]
struct ClassificationKey(&'static str, String);

impl async_graphql::dataloader::Loader<ClassificationKey> for Loaders {
    type Value = classification::Model;
    type Error = Error;

    async fn load(&self, keys: &[ClassificationKey]) -> Result<HashMap<ClassificationKey, classification::Model>> {
        let mut found = HashMap::new();
        for scheme in [ClassificationScheme::Cpv.as_str(), ClassificationScheme::Kved.as_str()] {
            let codes: Vec<String> = keys.iter().filter(|key| key.0 == scheme).map(|key| key.1.clone()).collect();
            if !codes.is_empty() {
                let rows = store::classifications_by_code(self.app.db.reader(), scheme, codes).await?;
                found.extend(rows.into_iter().map(|row| (ClassificationKey(scheme, row.code.clone()), row)));
            }
        }
        Ok(found)
    }
}

/// Queries of this slice.
#[derive(Default)]
pub struct ReferenceQuery;

#[Object]
impl ReferenceQuery {
    /// The project sectors of OC4IDS.
    async fn sectors(&self) -> Vec<Sector> {
        super::builtin::sectors().iter().map(|entry| Sector(entry.code.to_owned())).collect()
    }

    /// One unit of KATOTTG; none where the list does not hold it.
    async fn territory(&self, ctx: &Context<'_>, code: KatottgCode) -> Result<Option<Territory>> {
        Ok(Territory::load(ctx, Some(code.0.as_str())).await?.filter(|found| found.row.is_some()))
    }

    /// Units of KATOTTG, the widest first (oblast, rayon, hromada, city, settlement, village, city district), then in the order of their
    /// names.
    async fn territories(
        &self,
        ctx: &Context<'_>,
        under: Option<KatottgCode>,
        #[graphql(name = "search")] search_words: Option<String>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<List<Territory>> {
        let page = arguments(ctx, first, after)?;
        let mut condition = sea_orm::Condition::all();
        if let Some(code) = &under {
            let known = super::service::known(ctx.app()).await?;
            condition = condition.add(crate::graphql::filter::under(&known, "under", code, territory::Column::Code)?);
        }
        if let Some(words) = &search_words {
            condition = condition.add(search("search", words, territory::Column::NameKey)?);
        }
        let terms = [territory::Column::Level, territory::Column::NameKey].map(|column| Term { column, order: Order::Asc }).to_vec();
        let rows = store::list_territories(ctx.app().db.reader(), condition, terms, &page).await?;
        Ok(connection(rows, |row| Territory { code: row.code.clone(), row: Some(row) }))
    }

    /// One code of a classification; none where the list does not hold it. A code without the form of its scheme is refused, as is one
    /// of CPV that the list holds with another check digit.
    async fn classification(&self, ctx: &Context<'_>, scheme: ClassificationScheme, code: String) -> Result<Option<Classification>> {
        let malformed = |error: CodeError| error.refuse("code");
        let listed = match scheme {
            ClassificationScheme::Cpv => ctx.known().await?.listed_cpv("code", &CpvCode::parse(&code).map_err(malformed)?)?.map(str::to_owned),
            ClassificationScheme::Kved => Some(KvedCode::parse(&code).map_err(malformed)?.to_string()),
        };
        Ok(Classification::load(ctx, scheme, listed.as_deref()).await?.filter(|found| found.row.is_some()))
    }

    /// Codes of a classification in their own order.
    async fn classifications(
        &self,
        ctx: &Context<'_>,
        scheme: ClassificationScheme,
        #[graphql(name = "search")] search_words: Option<String>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<List<Classification>> {
        let page = arguments(ctx, first, after)?;
        let mut condition = sea_orm::Condition::all();
        if let Some(words) = &search_words {
            condition = condition.add(search("search", words, classification::Column::NameKey)?);
        }
        let rows = store::list_classifications(ctx.app().db.reader(), scheme.as_str(), condition, &page).await?;
        Ok(connection(rows, |row| Classification { scheme, code: row.code.clone(), row: Some(row) }))
    }
}
