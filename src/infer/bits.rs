//! How long it takes to write a number down: what "simple" means where contracts are compared.
//!
//! Published contracts are made of round numbers. A number is written as a multiple of the coarsest
//! usual step, so that 2.9 % is shorter than 2.87 %, and 2,500.00 shorter than 2,487.13. Lengths
//! are counted in sixteenths of a bit, as whole numbers.

/// Sixteenths of a bit.
pub(crate) type Bits = i64;

/// One bit.
pub(crate) const BIT: Bits = 16;

/// Steps of a rate, in millionths: from 1 % to the finest that is looked for, each with how long it
/// takes to say that it is this one. Published rates have one decimal, some two; more come from
/// taxes in the rate.
pub(crate) const RATE_STEPS: [(i64, Bits); 9] = [
    (10_000, 3 * BIT),
    (5_000, 3 * BIT),
    (1_000, 3 * BIT),
    (500, 3 * BIT),
    (250, 5 * BIT),
    (100, 5 * BIT),
    (50, 7 * BIT),
    (10, 9 * BIT),
    (1, 13 * BIT),
];

/// The base-2 logarithm of a positive number, with the fraction by a straight line.
pub(crate) fn log2(number: i64) -> Bits {
    let number = number.unsigned_abs().max(1);
    let whole = number.ilog2();
    let rest = number - (1 << whole);
    let fraction = (u128::from(rest) * 16) >> whole;
    i64::from(whole) * BIT + i64::try_from(fraction).unwrap_or(0)
}

/// A rate in millionths.
pub(crate) fn rate(millionths: i64) -> Bits {
    multiple(millionths, RATE_STEPS.into_iter())
}

/// An amount in hundredths of a minor unit.
pub(crate) fn amount(hundredths: i64) -> Bits {
    let whole = |zeros: u32| [5, 1].map(|one| (one * 10_i64.pow(zeros), 4 * BIT));
    let parts = [(50, 8 * BIT), (25, 10 * BIT), (10, 10 * BIT), (5, 12 * BIT), (1, 14 * BIT)];
    multiple(hundredths, (2..12).rev().flat_map(whole).chain(parts))
}

/// The cost of a number as a multiple of the step that makes it shortest.
fn multiple(number: i64, steps: impl Iterator<Item = (i64, Bits)>) -> Bits {
    if number == 0 {
        return BIT;
    }
    let fits = steps.filter(|(step, _)| number % step == 0);
    fits.map(|(step, cost)| log2(number / step + 1) + cost).min().unwrap_or_else(|| log2(number))
}

/// A line that a contract does not explain: its fee is written down as it is, and that it is one.
pub(crate) fn exception(fee: i64) -> Bits {
    log2(fee.abs() + 1) + 5 * BIT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_numbers_are_shorter() {
        // 2.9 %, 2.87 %, 2.625 %, 2.624 %
        let rates = [29_000, 28_700, 26_250, 26_240].map(rate);
        assert!(rates[0] < rates[1] && rates[2] < rates[3], "{rates:?}");
        // 0.30, 0.35, 0.49, 0.305, in hundredths of a cent
        let fixed = [3_000, 3_500, 4_900, 3_050].map(amount);
        assert!(fixed[0] < fixed[1] && fixed[1] < fixed[2] && fixed[2] < fixed[3], "{fixed:?}");
        assert_eq!(rate(0), BIT);
        assert!(amount(250_000) < amount(248_713));
    }

    #[test]
    fn logarithms_are_exact_at_powers_and_rise_between() {
        assert_eq!([1, 2, 4, 1 << 40].map(log2), [0, 16, 32, 640]);
        assert!((1..5_000).all(|n| log2(n) <= log2(n + 1)));
    }
}
