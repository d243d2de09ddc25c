//! The two languages people read here, and a sentence said in both.

use std::fmt::Display;

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Ukrainian, the default.
    #[default]
    Uk,
    /// English.
    En,
}

impl Locale {
    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Uk => "uk",
            Self::En => "en",
        }
    }

    /// Reads a BCP 47 tag by its primary language; none when it is neither Ukrainian nor English.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("uk") {
            Some(Self::Uk)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// The other language.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Uk => Self::En,
            Self::En => Self::Uk,
        }
    }
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// In Ukrainian.
    pub uk: String,
    /// In English.
    pub en: String,
}

impl Said {
    /// A sentence in both languages.
    pub fn new(uk: impl Display, en: impl Display) -> Self {
        Self { uk: uk.to_string(), en: en.to_string() }
    }

    /// The sentence in one language.
    #[must_use]
    pub fn in_locale(&self, locale: Locale) -> &str {
        match locale {
            Locale::Uk => &self.uk,
            Locale::En => &self.en,
        }
    }
}

/// Content that people read, in Ukrainian, English or both; at least one is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translations {
    /// In Ukrainian.
    pub uk: Option<String>,
    /// In English.
    pub en: Option<String>,
}

impl Translations {
    /// The text in the wanted language, else in the other.
    #[must_use]
    pub fn in_locale(&self, locale: Locale) -> &str {
        let (first, second) = match locale {
            Locale::Uk => (&self.uk, &self.en),
            Locale::En => (&self.en, &self.uk),
        };
        first.as_deref().or(second.as_deref()).unwrap_or_default()
    }
}
