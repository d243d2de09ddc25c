//! Numbers: the logarithm and the exponential by plain arithmetic, and the only conversions between number types.
//!
//! The platform's `ln` and `exp` may differ in the last bit from machine to machine, and a ranking would differ with
//! them. These two use nothing but IEEE addition, multiplication and division, which are the same everywhere.

/// ln 2.
const LN_2: f64 = std::f64::consts::LN_2;
/// Beyond this, points no longer make a vote larger: e^40 is more than any sum of votes can tell apart.
const LARGEST_EXPONENT: f64 = 40.0;
/// The series of the logarithm, the last term first; the argument is at most 0.172, so that the rest is below 1e-16.
const LOGARITHM: [f64; 10] = [1.0 / 19.0, 1.0 / 17.0, 1.0 / 15.0, 1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0, 1.0];
/// One over the terms of the series of the exponential, the last first; the argument is at most 0.347.
const EXPONENTIAL: [f64; 13] = [1.0 / 13.0, 1.0 / 12.0, 1.0 / 11.0, 1.0 / 10.0, 1.0 / 9.0, 1.0 / 8.0, 1.0 / 7.0, 1.0 / 6.0, 1.0 / 5.0, 1.0 / 4.0, 1.0 / 3.0, 1.0 / 2.0, 1.0];
const MANTISSA_BITS: u32 = 52;
const EXPONENT_BIAS: i32 = 1023;
const DAYS_IN_YEAR: f64 = 365.25;

/// The natural logarithm of a positive number; that of zero and less is taken as that of the smallest normal number.
pub fn ln(x: f64) -> f64 {
    let bits = x.max(f64::MIN_POSITIVE).to_bits();
    let mut exponent = i32::try_from((bits >> MANTISSA_BITS) & 0x7ff).unwrap_or(0) - EXPONENT_BIAS;
    let mut mantissa = f64::from_bits((bits & ((1 << MANTISSA_BITS) - 1)) | (1023 << MANTISSA_BITS));
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa *= 0.5;
        exponent += 1;
    }
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let series = LOGARITHM.iter().fold(0.0, |sum, term| sum * square + term);
    f64::from(exponent) * LN_2 + 2.0 * t * series
}

/// e to the power of a number, which is held within plus and minus [`LARGEST_EXPONENT`].
pub fn exp(x: f64) -> f64 {
    let x = x.clamp(-LARGEST_EXPONENT, LARGEST_EXPONENT);
    let doublings = whole(x / LN_2);
    let rest = x - f64::from(doublings) * LN_2;
    let series = EXPONENTIAL.iter().fold(1.0, |sum, term| 1.0 + sum * rest * term);
    let scale = u64::try_from(doublings + EXPONENT_BIAS).unwrap_or(0) << MANTISSA_BITS;
    series * f64::from_bits(scale)
}

/// ln(1 + x) for x of zero or more.
pub fn ln_1p(x: f64) -> f64 {
    ln(1.0 + x.max(0.0))
}

/// A count as a number.
pub fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// A large count as a number; beyond 2^53 the last digits are lost, which no ratio notices.
#[expect(clippy::cast_precision_loss, reason = "ratios of large counts need no more than 53 bits")]
pub fn large(n: u64) -> f64 {
    n as f64
}

/// Years in a number of days; none are negative.
pub fn years(days: i32) -> f64 {
    f64::from(days.max(0)) / DAYS_IN_YEAR
}

/// The place of an item as the short number by which the index knows it.
pub fn slot(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// A short number as a place.
pub fn at(slot: u32) -> usize {
    slot as usize
}

/// The nearest whole number, held within the range of its type.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and the rounding is meant")]
pub fn whole(x: f64) -> i32 {
    (if x < 0.0 { x - 0.5 } else { x + 0.5 }) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_and_exponential_agree_with_those_of_the_platform() {
        for step in -300..300 {
            let x = f64::from(step) / 10.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-13, "exp({x})");
            assert!((ln(exp(x)) - x).abs() < 1e-12, "ln(exp({x}))");
        }
        assert!(ln(1.0).abs() < 1e-15);
    }
}
