//! The scalars and value objects that all slices share, parsed at the edge.

use async_graphql::{Enum, InputObject, InputValueError, InputValueResult, Scalar, ScalarType, SimpleObject, Value};
use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

use crate::clock::YEARS;
use crate::locale::{Locale, Said, Translations};
use crate::reference::codes;

/// A language of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "Locale", remote = "Locale")]
pub enum LocaleCode {
    /// Ukrainian.
    Uk,
    /// English.
    En,
}

/// Characters of a day.
const DAY: usize = 10;

/// A day from 1900 to 2200, `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A day, `YYYY-MM-DD`.
#[Scalar(name = "Date", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()
                .filter(|day| YEARS.contains(&day.year()) && text.len() == DAY && !text.starts_with('+'))
                .map(Self)
                .ok_or_else(|| InputValueError::custom("this is no day; give it as YYYY-MM-DD, such as \"2027-04-01\"")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A text in one language.
#[derive(Clone, Debug, SimpleObject)]
pub struct Translation {
    /// Its language.
    pub locale: LocaleCode,
    /// The text.
    pub text: String,
}

/// The languages in which a text is there.
#[must_use]
pub fn translations(texts: &Translations) -> Vec<Translation> {
    let one = |locale: LocaleCode, text: &Option<String>| text.clone().map(|text| Translation { locale, text });
    [one(LocaleCode::Uk, &texts.uk), one(LocaleCode::En, &texts.en)].into_iter().flatten().collect()
}

/// A text in Ukrainian, English or both.
#[derive(Clone, Debug, InputObject)]
pub struct TranslationsInput {
    /// In Ukrainian.
    pub uk: Option<String>,
    /// In English.
    pub en: Option<String>,
}

impl From<TranslationsInput> for Translations {
    fn from(TranslationsInput { uk, en }: TranslationsInput) -> Self {
        Self { uk, en }
    }
}

/// An amount: a decimal number as a string such as `"1250000.00"` (a JSON number would lose digits), with exactly its currency's decimals on the way out.
#[derive(Clone, Copy, Debug)]
pub struct Amount(pub Decimal);

/// An amount: a decimal number as a string such as `"1250000.00"` (a JSON number would lose digits), with exactly its currency's decimals on the way out.
#[Scalar(name = "Decimal", specified_by_url = "https://www.w3.org/TR/xmlschema-2/#decimal")]
impl ScalarType for Amount {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => amount(text).map(Self).ok_or_else(|| InputValueError::custom("this is no amount; give a decimal number as a string, such as \"1250000.00\"")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A decimal number as XML Schema writes it and nothing else: digits, with a point between two of them if any, after a minus unless it is zero.
fn amount(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    Decimal::from_str_exact(text).ok().filter(|amount| plain && !(amount.is_zero() && text.starts_with('-')))
}

/// An amount of one currency (ISO 4217).
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct Money {
    /// The amount, with exactly the currency's decimals.
    pub amount: Amount,
    /// Three capital letters.
    currency: CurrencyCode,
}

/// A currency code of ISO 4217.
#[derive(Clone, Copy, Debug)]
pub struct CurrencyCode(iso_currency::Currency);

/// A currency code of ISO 4217.
#[Scalar(name = "CurrencyCode", specified_by_url = "https://www.iso.org/iso-4217-currency-codes.html")]
impl ScalarType for CurrencyCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => iso_currency::Currency::from_code(text)
                .map(Self)
                .ok_or_else(|| InputValueError::custom("there is no such currency in ISO 4217; give three capital letters, such as UAH")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.code().to_owned())
    }
}

impl CurrencyCode {
    /// Its three letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }
}

impl From<crate::money::Money> for Money {
    fn from(money: crate::money::Money) -> Self {
        Self { amount: Amount(money.amount()), currency: CurrencyCode(money.currency) }
    }
}

/// An amount of one currency, as input.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct MoneyInput {
    /// The amount, not negative.
    pub amount: Amount,
    /// Three capital letters.
    pub currency: CurrencyCode,
}

impl From<MoneyInput> for crate::money::Stated {
    fn from(MoneyInput { amount, currency }: MoneyInput) -> Self {
        Self { amount: amount.0, currency: currency.0 }
    }
}

macro_rules! code_scalar {
    ($(#[$meta:meta])* $name:ident, $graphql:literal, $url:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name(pub codes::$name);

        $(#[$meta])*
        #[Scalar(name = $graphql, specified_by_url = $url)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                match &value {
                    Value::String(text) => codes::$name::parse(text).map(Self).map_err(|error| InputValueError::custom(error.sentence(Locale::En))),
                    _ => Err(InputValueError::expected_type(value)),
                }
            }

            fn is_valid(value: &Value) -> bool {
                Self::parse(value.clone()).is_ok()
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.to_string())
            }
        }
    };
}

code_scalar! {
    /// A code of KATOTTG: `UA` and 17 digits.
    KatottgCode, "KatottgCode", "https://zakon.rada.gov.ua/rada/show/v0290914-20"
}
code_scalar! {
    /// A code of DK 021:2015, which is CPV 2008: eight digits, with or without the check digit.
    CpvCode, "CpvCode", "https://eur-lex.europa.eu/eli/reg/2008/213/oj"
}
code_scalar! {
    /// A code of KVED (DK 009:2010), which is NACE Rev. 2: `NN`, `NN.N` or `NN.NN`.
    KvedCode, "KvedCode", "https://eur-lex.europa.eu/eli/reg/2006/1893/oj"
}

/// What a value of a scalar looks like, for the remedy of one that does not.
#[must_use]
pub fn form_of(scalar: &str) -> Option<Said> {
    let (uk, en) = match scalar {
        "Date" => ("Дайте день як РРРР-ММ-ДД, від 1900 до 2200 року, наприклад \"2027-04-01\".", "Give a day as YYYY-MM-DD, from 1900 to 2200, such as \"2027-04-01\"."),
        "DateTime" => ("Дайте час за RFC 3339, наприклад \"2027-04-01T09:00:00Z\".", "Give a moment as in RFC 3339, such as \"2027-04-01T09:00:00Z\"."),
        "Decimal" => (
            "Дайте суму рядком: до 15 цифр, крапка і копійки, без пробілів і знаків, наприклад \"1250000.00\".",
            "Give the amount as a string: up to 15 digits, a point and the decimals, without spaces or signs, such as \"1250000.00\".",
        ),
        "Int" => ("Дайте ціле число від -2147483648 до 2147483647.", "Give a whole number from -2147483648 to 2147483647."),
        "Float" => ("Дайте число.", "Give a number."),
        "String" => ("Дайте текст у лапках.", "Give a text in quotes."),
        "Boolean" => ("Дайте true або false.", "Give true or false."),
        "ID" => ("Дайте id таким, яким його повернув запит.", "Give the id as a query returned it."),
        "CurrencyCode" => ("Дайте три великі літери за ISO 4217, наприклад UAH.", "Give three capital letters of ISO 4217, such as UAH."),
        "KatottgCode" => ("Дайте латинські літери UA і 17 цифр, наприклад UA80000000000093317.", "Give the Latin letters UA and 17 digits, such as UA80000000000093317."),
        "CpvCode" => {
            ("Дайте вісім цифр ДК 021, за бажанням із контрольною, наприклад 45231300-8.", "Give eight digits of CPV, with or without the check digit, such as 45231300-8.")
        }
        "KvedCode" => ("Дайте код КВЕД як NN, NN.N або NN.NN, наприклад 42.21.", "Give a NACE code as NN, NN.N or NN.NN, such as 42.21."),
        _ => return None,
    };
    Some(Said::new(uk, en))
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn an_amount_is_written_in_one_way() {
        for text in ["0", "7", "-1", "1250000.00", "0.5", "999999999999999.99"] {
            assert!(amount(text).is_some(), "{text}");
        }
        for text in ["", "+1", "-0", "-0.00", "1_000", " 1", "1 ", "1 000", "1,5", ".5", "5.", "1.2.3", "1e3", "NaN", "--1", "١", &"1".repeat(40)] {
            assert!(amount(text).is_none(), "{text}");
        }
    }
}
