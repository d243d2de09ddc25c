//! A person who signs in.

use std::fmt;

use sea_orm::entity::prelude::*;

/// The hash of a password: Argon2id, in the PHC string format; empty where there is no password. It prints masked.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub struct PasswordHash(pub String);

impl PasswordHash {
    /// That of somebody who has no password.
    #[must_use]
    pub const fn none() -> Self {
        Self(String::new())
    }

    /// The hash, for what is to change with it.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether there is a password.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !self.0.is_empty()
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

/// A person who signs in.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Their e-mail address as they wrote it; empty once the account is erased and a letter said so.
    pub email: String,
    /// The address folded to lower case: what is unique. Of an erased account its id, which is no address.
    #[sea_orm(unique)]
    pub email_key: String,
    /// How they want to be called; empty once the account is erased.
    pub name: String,
    /// The hash of their password, if they have one.
    #[sea_orm(column_type = "Text")]
    pub password_hash: PasswordHash,
    /// Runs the platform: sees all, changes nothing of the domain but by an override.
    pub administrator: bool,
    /// The language they read: `uk` or `en`.
    pub locale: String,
    /// When they showed that the address is theirs.
    pub email_confirmed_at: Option<DateTimeUtc>,
    /// When it was erased: the row stays for its id, which the journal names.
    pub erased_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When the row last changed.
    pub updated_at: DateTimeUtc,
    /// The lock: 1 at first, one more with each change.
    pub version: i32,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[cfg(test)]
mod tests {
    use super::PasswordHash;

    #[test]
    fn a_hash_is_not_printed() {
        assert_eq!(format!("{:?}", PasswordHash("$argon2id$secret".to_owned())), "…");
    }
}
