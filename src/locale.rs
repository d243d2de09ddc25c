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

    /// What people call a value that the API knows by a code, with the code: «чернетка» (DRAFT).
    #[must_use]
    pub fn coded(uk: &str, en: &str, code: &str) -> Self {
        Self::new(format!("«{uk}» ({code})"), format!("\"{en}\" ({code})"))
    }

    /// Several of which any one will do: one, or another, or a third.
    #[must_use]
    pub fn any_of(said: impl IntoIterator<Item = Self>) -> Self {
        let (uk, en): (Vec<String>, Vec<String>) = said.into_iter().map(|Self { uk, en }| (uk, en)).unzip();
        Self { uk: listed(&uk, "або"), en: listed(&en, "or") }
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

/// Words with commas between them and `last` before the last one.
fn listed(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
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

#[cfg(test)]
mod tests {
    use super::Said;

    #[test]
    fn a_code_is_said_in_words_and_several_as_a_list() {
        let states = [Said::coded("чернетка", "draft", "DRAFT"), Said::coded("подано", "submitted", "SUBMITTED"), Said::coded("повернуто", "returned", "RETURNED")];
        let said = Said::any_of(states);
        assert_eq!(said.uk, "«чернетка» (DRAFT), «подано» (SUBMITTED) або «повернуто» (RETURNED)");
        assert_eq!(said.en, "\"draft\" (DRAFT), \"submitted\" (SUBMITTED) or \"returned\" (RETURNED)");
    }
}
