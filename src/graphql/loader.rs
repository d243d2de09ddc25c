//! Batched reads of references: one statement for all rows of a kind that a level of the answer asks for.

use std::marker::PhantomData;
use std::sync::Arc;

use uuid::Uuid;

use crate::app::App;
use crate::auth::Actor;
use crate::ids::Node;

/// Reads for one request, as far as its actor may see.
pub struct Loaders {
    /// What they read from.
    pub app: App,
    /// For whom they read.
    pub actor: Arc<Actor>,
}

/// The key of an entity by its id.
pub struct ById<T: Node>(pub Uuid, PhantomData<fn() -> T>);

impl<T: Node> ById<T> {
    /// The key.
    #[must_use]
    pub const fn new(id: Uuid) -> Self {
        Self(id, PhantomData)
    }
}

impl<T: Node> Clone for ById<T> {
    fn clone(&self) -> Self {
        Self::new(self.0)
    }
}

impl<T: Node> PartialEq for ById<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: Node> Eq for ById<T> {}

impl<T: Node> std::hash::Hash for ById<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

/// Reads entities by id with `$store::by_ids(connection, actor, ids)`.
#[macro_export]
macro_rules! load_by_id {
    ($entity:ty, $model:ty, $by_ids:path) => {
        impl async_graphql::dataloader::Loader<$crate::graphql::loader::ById<$entity>> for $crate::graphql::loader::Loaders {
            type Value = $model;
            type Error = $crate::error::Error;

            async fn load(
                &self,
                keys: &[$crate::graphql::loader::ById<$entity>],
            ) -> Result<std::collections::HashMap<$crate::graphql::loader::ById<$entity>, $model>, $crate::error::Error> {
                let ids = keys.iter().map(|key| key.0).collect();
                let rows = $by_ids(self.app.db.reader(), &self.actor, ids).await?;
                Ok(rows.into_iter().map(|row| ($crate::graphql::loader::ById::new(row.id), row)).collect())
            }
        }
    };
}

/// Declares `$key`, the loader key of a parent, under which its parts are read; `$parent` tells whose a part is.
#[macro_export]
macro_rules! load_parts {
    ($key:ident, $part:ty, |$reader:ident, $actor:pat_param, $parents:ident| $read:expr, $parent:expr) => {
        /// Loader key: the parts of this parent.
        #[derive(Clone, Hash, PartialEq, Eq)]
        pub struct $key(pub uuid::Uuid);

        impl async_graphql::dataloader::Loader<$key> for $crate::graphql::loader::Loaders {
            type Value = Vec<$part>;
            type Error = $crate::error::Error;

            async fn load(&self, keys: &[$key]) -> Result<std::collections::HashMap<$key, Vec<$part>>, $crate::error::Error> {
                let ($reader, $actor, $parents) = (self.app.db.reader(), &*self.actor, keys.iter().map(|key| key.0).collect());
                let parts = $read.await?;
                let parent: fn(&$part) -> uuid::Uuid = $parent;
                Ok($crate::db::group(parts, |part| $key(parent(part))))
            }
        }
    };
}

/// Declares `$key`, the loader key of a parent and a page, under which a page of its parts is read with
/// `$read(connection, actor, parents, page)`.
#[macro_export]
macro_rules! load_pages {
    ($key:ident, $part:ty, $read:path) => {
        /// Loader key: a page of the parts of this parent.
        #[derive(Clone, Hash, PartialEq, Eq)]
        pub struct $key(pub uuid::Uuid, pub $crate::page::Page);

        impl async_graphql::dataloader::Loader<$key> for $crate::graphql::loader::Loaders {
            type Value = $crate::page::Rows<$part>;
            type Error = $crate::error::Error;

            async fn load(&self, keys: &[$key]) -> Result<std::collections::HashMap<$key, $crate::page::Rows<$part>>, $crate::error::Error> {
                let mut found = std::collections::HashMap::with_capacity(keys.len());
                for (page, keys) in $crate::db::group(keys, |key| key.1.clone()) {
                    let parents = keys.into_iter().map(|key| key.0).collect();
                    let pages = $read(self.app.db.reader(), &self.actor, parents, &page).await?;
                    found.extend(pages.into_iter().map(|(parent, rows)| ($key(parent, page.clone()), rows)));
                }
                Ok(found)
            }
        }
    };
}
