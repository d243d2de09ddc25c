//! Money: a whole number of minor units with its ISO 4217 currency. Amounts in different currencies are never added or compared.

use std::str::FromStr;

use iso_currency::Currency;
use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::locale::Said;

const MOST_DIGITS: u32 = 15;

/// An amount of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// Minor units, such as kopecks; never negative.
    pub minor: i64,
    /// Which currency.
    pub currency: Currency,
}

/// An amount as somebody states it, not yet taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The number.
    pub amount: Decimal,
    /// Which currency.
    pub currency: Currency,
}

/// Takes an amount that may be absent.
///
/// # Errors
/// As [`Money::parse`].
pub fn optional(field: &str, stated: Option<Stated>) -> Result<Option<Money>> {
    stated.map(|Stated { amount, currency }| Money::parse(field, amount, currency.code())).transpose()
}

impl Money {
    /// Takes an amount as people write it.
    ///
    /// # Errors
    /// When it is negative, has more decimals than the currency or more than 15 digits before the point, or the currency is unknown.
    pub fn parse(field: &str, amount: Decimal, currency: &str) -> Result<Self> {
        Self::parse_as((field, "amount"), amount, currency)
    }

    /// Takes an amount that stands in `field` under another name than `amount`.
    ///
    /// # Errors
    /// As [`Money::parse`].
    pub fn parse_as((field, name): (&str, &str), amount: Decimal, currency: &str) -> Result<Self> {
        let currency = Currency::from_code(currency).ok_or_else(|| {
            Error::bad_input(
                &format!("{field}.currency"),
                Said::new("Такої валюти немає в ISO 4217.", "There is no such currency in ISO 4217."),
                Said::new("Дайте код із трьох великих літер, наприклад UAH.", "Give a code of three capital letters, such as UAH."),
            )
        })?;
        let decimals = decimals(currency);
        let refuse = |message: Said| {
            Error::bad_input(
                &format!("{field}.{name}"),
                message,
                Said::new(
                    format!("Дайте невід'ємну суму, щонайбільше {MOST_DIGITS} цифр до крапки і {decimals} після."),
                    format!("Give an amount of 0 or more, at most {MOST_DIGITS} digits before the point and {decimals} after it."),
                ),
            )
        };
        if amount.is_sign_negative() && !amount.is_zero() {
            return Err(refuse(Said::new("Сума від'ємна.", "The amount is negative.")));
        }
        if amount >= Decimal::from(10_i64.pow(MOST_DIGITS)) {
            return Err(refuse(Said::new("Сума завелика.", "The amount is too large.")));
        }
        let minor = amount * Decimal::from(10_i64.pow(decimals));
        if !minor.fract().is_zero() {
            return Err(refuse(Said::new("У суми забагато знаків після крапки.", "The amount has too many decimals.")));
        }
        let minor = i64::try_from(minor).map_err(|_| refuse(Said::new("Сума завелика.", "The amount is too large.")))?;
        Ok(Self { minor, currency })
    }

    /// The amount that two columns hold; none unless both do.
    #[must_use]
    pub fn from_columns(minor: Option<i64>, currency: Option<&str>) -> Option<Self> {
        Some(Self { minor: minor?, currency: Currency::from_str(currency?).ok()? })
    }

    /// The amount with exactly the currency's decimals.
    #[must_use]
    pub fn amount(&self) -> Decimal {
        Decimal::new(self.minor, decimals(self.currency))
    }

    /// The amount as a float of major units, for the matcher alone.
    #[must_use]
    pub fn approximate(&self) -> f64 {
        use rust_decimal::prelude::ToPrimitive as _;
        self.amount().to_f64().unwrap_or_default()
    }
}

fn decimals(currency: Currency) -> u32 {
    currency.exponent().map_or(0, u32::from)
}

#[cfg(test)]
mod tests {
    use super::Money;
    use rust_decimal::Decimal;

    fn parse(amount: &str, currency: &str) -> Option<i64> {
        Money::parse("budget", amount.parse::<Decimal>().ok()?, currency).ok().map(|money| money.minor)
    }

    #[test]
    fn an_amount_is_kept_in_minor_units_of_its_currency() {
        assert_eq!(parse("12.34", "UAH"), Some(1234));
        assert_eq!(parse("12", "JPY"), Some(12));
        assert_eq!(parse("999999999999999.99", "UAH"), Some(99_999_999_999_999_999));
    }

    #[test]
    fn what_cannot_be_kept_exactly_is_refused() {
        for (amount, currency) in [("1.234", "UAH"), ("1.5", "JPY"), ("-1", "UAH"), ("1000000000000000", "UAH"), ("1", "uah"), ("1", "ZZZ")] {
            assert_eq!(parse(amount, currency), None, "{amount} {currency}");
        }
    }
}
