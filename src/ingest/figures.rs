//! Decides the amounts of a row: read exactly, signed as the merchant sees them, and what the row
//! leaves out derived from the line identity amount + fee + tax = net.

use rust_decimal::Decimal;

use super::cells::tidy;
use super::plan::{AlsoPlan, From, MoneyPlan, Plan};
use super::record::Record;
use super::rule::Sign;
use crate::entry::{Kind, Side, Status};
use crate::money::{
    Amount, AmountError, Currency, NumberFormat, Rounding, Scale, Unit, parse_amount, round_minor,
};

/// What a row says about money.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figures {
    pub(super) amount: Amount,
    pub(super) fee: Amount,
    pub(super) tax: Amount,
    pub(super) net: Amount,
    pub(super) original: Option<(Amount, Currency)>,
    /// The net as the row states it.
    pub(super) stated_net: Option<Amount>,
    /// Whether amount + fee + tax is the stated net; `None` where nothing can be compared.
    pub(super) holds: Option<bool>,
    /// What had to be taken to be so.
    pub(super) taken: Taken,
}

/// What had to be taken to be so, of one row; counted over the source.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taken {
    /// A positive number was made negative, because of its kind.
    pub(super) by_kind: bool,
    /// The sign of a fee or tax did not follow from the line identity.
    pub(super) fee_sign: bool,
    /// The amount got the sign that leads to the net.
    pub(super) by_net: bool,
    /// The tax was found to be part of the fee.
    pub(super) tax_in_fee: bool,
}

/// Currencies, kind, state and rate of the row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    pub(super) kind: Kind,
    pub(super) status: Status,
    pub(super) currency: Currency,
    pub(super) net_currency: Currency,
    pub(super) original_currency: Option<Currency>,
    pub(super) rate: Option<Decimal>,
    /// Whether a positive number in an unsigned fee column is a charge.
    pub(super) positive_is_charge: bool,
}

/// Why a row has no amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A cell is no amount.
    Cell(usize, AmountError),
    /// Nothing says how much.
    NoAmount,
    /// The net is in another currency and neither it nor a rate is stated.
    NoNet,
    /// A sum has too many digits.
    OutOfRange,
}

/// Reads one amount; `None` if its cells are empty.
#[inline]
pub(super) fn read(
    money: &MoneyPlan,
    plan: &Plan,
    record: &Record<'_>,
    currency: Currency,
) -> Result<Option<Amount>, Fault> {
    let cell = |column: usize, text: &str| {
        parse_amount(text, &plan.format(column), money.unit, currency, money.scale)
            .map_err(|error| Fault::Cell(column, error))
    };
    let at = |column: usize| cell(column, tidy(record.get(column).unwrap_or_default()));
    let amount = match &money.from {
        From::Nothing => return Ok(None),
        From::Cell(source) => {
            let text = source.text(record);
            let text = match &money.until {
                Some(end) => text.split(end.as_str()).next().map_or(text, tidy),
                None => text,
            };
            cell(source.column.unwrap_or_default(), text)?
        }
        From::Columns(plus, minus) => {
            let mut sum = None;
            for &column in plus {
                sum = add(sum, at(column)?)?;
            }
            for &column in minus {
                sum = add(sum, at(column)?.map(negated).transpose()?)?;
            }
            sum
        }
    };
    let Some(mut amount) = amount else { return Ok(None) };
    if !plan.minor_units.is_empty() {
        amount = rescaled(amount, money, plan, currency)?;
    }
    if money.negative.is_empty() {
        return Ok(Some(amount));
    }
    let turn = money.negative.fits(record);
    if turn { negated(amount.abs()).map(Some) } else { Ok(Some(amount.abs())) }
}

/// A total that the file prints, in the unit of its amounts; `None` where it is none.
pub(super) fn stated(text: &str, plan: &Plan, currency: Currency) -> Option<Amount> {
    let column = plan.amount.columns().next();
    let format = column.map_or(NumberFormat::POINT, |column| plan.format(column));
    let unit = plan.amount.unit;
    let amount = parse_amount(text, &format, unit, currency, Scale::Finer(8)).ok().flatten()?;
    rescaled(amount, &plan.amount, plan, currency).ok()
}

/// Money in minor units that are not those of ISO 4217, such as hundredths of a yen.
fn rescaled(
    amount: Amount,
    money: &MoneyPlan,
    plan: &Plan,
    currency: Currency,
) -> Result<Amount, Fault> {
    let find = |of: Option<Currency>| plan.minor_units.iter().find(|(code, _)| *code == of);
    let stated = find(Some(currency)).or_else(|| find(None)).map(|(_, decimals)| *decimals);
    let exponent = currency.exponent();
    let Some(decimals) = stated.filter(|_| money.unit == Unit::Minor) else { return Ok(amount) };
    let power = |digits: u32| Decimal::from(10_u32.saturating_pow(digits));
    let minor = amount.minor_decimal();
    let minor = if decimals > exponent {
        minor.checked_div(power(decimals.saturating_sub(exponent)))
    } else {
        minor.checked_mul(power(exponent.saturating_sub(decimals)))
    };
    let minor = minor.ok_or(Fault::OutOfRange)?;
    if money.scale == Scale::Exact && !minor.fract().is_zero() {
        let column = money.columns().next().unwrap_or_default();
        let error = AmountError::TooFine { decimals, allowed: exponent };
        return Err(Fault::Cell(column, error));
    }
    Amount::from_minor_decimal(minor).map_err(|_| Fault::OutOfRange)
}

/// The amount of a further entry of a row, signed.
pub(super) fn also_amount(
    also: &AlsoPlan,
    money: &MoneyPlan,
    plan: &Plan,
    record: &Record<'_>,
    row: &Context,
) -> Result<Option<Amount>, Fault> {
    let amount = read(money, plan, record, row.currency)?;
    amount.map(|amount| signed(amount, money.sign, also.kind, &mut false)).transpose()
}

fn add(one: Option<Amount>, other: Option<Amount>) -> Result<Option<Amount>, Fault> {
    match (one, other) {
        (Some(one), Some(other)) => one.checked_add(other).map(Some).ok_or(Fault::OutOfRange),
        (one, other) => Ok(one.or(other)),
    }
}

fn negated(amount: Amount) -> Result<Amount, Fault> {
    amount.checked_neg().ok_or(Fault::OutOfRange)
}

impl Figures {
    /// Those of a row that says nothing about money.
    pub(super) const NOTHING: Self = Self {
        amount: Amount::ZERO,
        fee: Amount::ZERO,
        tax: Amount::ZERO,
        net: Amount::ZERO,
        original: None,
        stated_net: None,
        holds: None,
        taken: Taken { by_kind: false, fee_sign: false, by_net: false, tax_in_fee: false },
    };

    /// Reads and derives all figures of a row.
    pub(super) fn of(plan: &Plan, record: &Record<'_>, row: &Context) -> Result<Self, Fault> {
        let mut taken = Taken::default();
        let money = |money: &MoneyPlan, currency| read(money, plan, record, currency);
        let amount_plan = plan.amount.on(row.kind);
        let amount = money(amount_plan, row.currency)?;
        let mut amount = amount
            .map(|amount| signed(amount, amount_plan.sign, row.kind, &mut taken.by_kind))
            .transpose()?;
        let original = match row.original_currency {
            Some(currency) => money(plan.original.on(row.kind), currency)?,
            None if plan.original.is_given() => money(plan.original.on(row.kind), row.currency)?,
            None => None,
        };
        let same_as_order = row.original_currency.is_none_or(|order| order == row.currency);
        if same_as_order && amount.is_none() {
            amount = original;
        }
        if plan.side == Side::Orders {
            return Self::of_order(amount, original, row, taken);
        }
        let fee = money(plan.fee.on(row.kind), row.currency)?.unwrap_or_default();
        let tax = money(plan.tax.on(row.kind), row.currency)?.unwrap_or_default();
        let net_plan = plan.net.on(row.kind);
        let mut net = money(net_plan, row.net_currency)?
            .map(|net| signed(net, net_plan.sign, row.kind, &mut taken.by_kind))
            .transpose()?;
        for also in plan.also.iter().filter(|also| also.within_net && also.condition.fits(record)) {
            let Ok(money) = &also.amount else { continue };
            if let (Some(part), Some(all)) = (also_amount(also, money, plan, record, row)?, net) {
                net = Some(all.checked_sub(part).ok_or(Fault::OutOfRange)?);
            }
        }
        let charges = Charges {
            fee,
            tax,
            fee_sign: plan.fee.sign,
            tax_sign: plan.tax.sign,
            has_fee: plan.fee.is_given(),
        };
        let strict = !plan.is_generic;
        let has_net = plan.net.is_given();
        let mut figures = complete(amount, net, charges, row, strict, has_net, taken)?;
        if figures.holds == Some(false) && amount_plan.sign == Sign::Auto {
            // The net knows in which direction an unsigned amount went.
            let turned = amount.map(negated).transpose()?;
            let other = complete(turned, net, charges, row, strict, has_net, taken)?;
            if other.holds == Some(true) {
                figures = other;
                figures.taken.by_net = true;
            }
        }
        if !same_as_order {
            figures.original = original
                .zip(row.original_currency)
                .map(|(value, currency)| {
                    let sign = plan.original.sign;
                    Ok((like(value, figures.amount, sign)?, currency))
                })
                .transpose()?;
        }
        Ok(figures)
    }

    /// An order expects its amount; what it says about taxes is part of it.
    fn of_order(
        amount: Option<Amount>,
        original: Option<Amount>,
        row: &Context,
        taken: Taken,
    ) -> Result<Self, Fault> {
        let amount = amount.ok_or(Fault::NoAmount)?;
        let original =
            original.zip(row.original_currency).filter(|(_, currency)| *currency != row.currency);
        Ok(Self {
            amount,
            fee: Amount::ZERO,
            tax: Amount::ZERO,
            net: amount,
            original,
            stated_net: None,
            holds: None,
            taken,
        })
    }
}

/// Fee and tax as the row states them, before their signs are known.
#[derive(Clone, Copy, Debug)]
struct Charges {
    fee: Amount,
    tax: Amount,
    fee_sign: Sign,
    tax_sign: Sign,
    has_fee: bool,
}

fn complete(
    amount: Option<Amount>,
    net: Option<Amount>,
    charges: Charges,
    row: &Context,
    strict: bool,
    has_net: bool,
    mut taken: Taken,
) -> Result<Figures, Fault> {
    let same = row.currency == row.net_currency;
    let guide = amount.or(net).unwrap_or_default();
    let [first, second] = candidates(charges.fee, charges.fee_sign, guide, row)?;
    let [tax, other_tax] = candidates(charges.tax, charges.tax_sign, guide, row)?;
    let (mut fee, mut tax) = (first, tax);
    let mut holds = None;
    if let (Some(amount), Some(net)) = (amount, net) {
        if !charges.has_fee && same && charges.fee.is_zero() {
            let taxed = amount.checked_add(tax).ok_or(Fault::OutOfRange)?;
            fee = net.checked_sub(taxed).ok_or(Fault::OutOfRange)?;
            return Ok(finished(amount, fee, tax, net, Some(net), None, taken));
        }
        let tie = |fee: Amount, tax: Amount| ties(amount, fee, tax, net, row, strict);
        holds = tie(fee, tax);
        if holds == Some(false) {
            let others = [(second, other_tax), (second, tax), (fee, other_tax)];
            if let Some(found) = others.into_iter().find(|(f, t)| tie(*f, *t) == Some(true)) {
                (fee, tax, holds) = (found.0, found.1, Some(true));
            } else if !tax.is_zero() && tie(fee, Amount::ZERO) == Some(true) {
                fee = fee.checked_sub(tax).ok_or(Fault::OutOfRange)?;
                (holds, taken.tax_in_fee) = (Some(true), true);
            }
        }
    }
    let open = |amount: Amount, sign: Sign| !amount.is_zero() && sign == Sign::Auto;
    taken.fee_sign =
        holds != Some(true) && (open(fee, charges.fee_sign) || open(tax, charges.tax_sign));
    let charged = fee.checked_add(tax).ok_or(Fault::OutOfRange)?;
    let figures = match (amount, net) {
        (Some(amount), Some(net)) => finished(amount, fee, tax, net, Some(net), holds, taken),
        (None, Some(net)) if same => {
            let amount = net.checked_sub(charged).ok_or(Fault::OutOfRange)?;
            finished(amount, fee, tax, net, Some(net), None, taken)
        }
        (Some(amount), None) => {
            let net = if has_net && !row.status.is_paid() {
                Amount::ZERO
            } else {
                let net = amount.checked_add(charged).ok_or(Fault::OutOfRange)?;
                if same { net } else { converted(net, row)?.ok_or(Fault::NoNet)? }
            };
            finished(amount, fee, tax, net, None, None, taken)
        }
        (None, None) if !charged.is_zero() => {
            let net = if same { charged } else { converted(charged, row)?.ok_or(Fault::NoNet)? };
            finished(Amount::ZERO, fee, tax, net, None, None, taken)
        }
        (None, _) => return Err(Fault::NoAmount),
    };
    Ok(figures)
}

fn finished(
    amount: Amount,
    fee: Amount,
    tax: Amount,
    net: Amount,
    stated_net: Option<Amount>,
    holds: Option<bool>,
    taken: Taken,
) -> Figures {
    Figures { amount, fee, tax, net, original: None, stated_net, holds, taken }
}

/// What a kind does: 1 brings money, -1 takes it, 0 either.
fn direction(kind: Kind) -> i8 {
    match kind {
        Kind::Sale | Kind::Capture | Kind::ChargebackReversal | Kind::Release | Kind::Preauth => 1,
        Kind::Refund
        | Kind::Reversal
        | Kind::Chargeback
        | Kind::Void
        | Kind::Payout
        | Kind::Fee
        | Kind::Reserve => -1,
        Kind::Adjustment | Kind::Transfer | Kind::Other => 0,
    }
}

/// An amount or net, signed; `by_kind` is set if an unstated sign was changed.
#[inline]
pub(super) fn signed(
    amount: Amount,
    sign: Sign,
    kind: Kind,
    by_kind: &mut bool,
) -> Result<Amount, Fault> {
    match sign {
        Sign::AsWritten | Sign::Deduct | Sign::LikeAmount => Ok(amount),
        Sign::Neg => negated(amount),
        Sign::Abs if direction(kind) < 0 => negated(amount.abs()),
        Sign::Abs if direction(kind) > 0 => Ok(amount.abs()),
        Sign::Abs => Ok(amount),
        Sign::Type | Sign::Auto => {
            let turn = direction(kind) < 0 && amount.signum() > 0;
            *by_kind |= turn && sign == Sign::Auto;
            if turn { negated(amount) } else { Ok(amount) }
        }
    }
}

/// The original amount, signed.
fn like(value: Amount, amount: Amount, sign: Sign) -> Result<Amount, Fault> {
    match sign {
        Sign::Neg => negated(value),
        Sign::LikeAmount | Sign::Abs | Sign::Auto | Sign::Type if amount.is_negative() => {
            negated(value.abs())
        }
        Sign::LikeAmount | Sign::Abs if amount.signum() > 0 => Ok(value.abs()),
        _ => Ok(value),
    }
}

/// A fee or tax with its most likely sign, and with the one that the line identity may ask for.
#[inline]
fn candidates(
    value: Amount,
    sign: Sign,
    amount: Amount,
    row: &Context,
) -> Result<[Amount; 2], Fault> {
    if value.is_zero() {
        return Ok([value, value]);
    }
    let opposite = negated(value)?;
    Ok(match sign {
        Sign::AsWritten | Sign::LikeAmount => [value, value],
        Sign::Neg | Sign::Type => [opposite, opposite],
        Sign::Abs => [negated(value.abs())?; 2],
        Sign::Deduct if amount.is_negative() => [value, opposite],
        Sign::Deduct => [opposite, value],
        Sign::Auto if row.positive_is_charge => [opposite, value],
        Sign::Auto => [value, opposite],
    })
}

/// Whether amount + fee + tax is the net; `None` if the currencies differ and no rate is stated.
#[inline]
fn ties(
    amount: Amount,
    fee: Amount,
    tax: Amount,
    net: Amount,
    row: &Context,
    strict: bool,
) -> Option<bool> {
    let sum = amount.checked_add(fee)?.checked_add(tax)?;
    if row.currency == row.net_currency {
        return Some(sum == net);
    }
    let expected = converted(sum, row).ok()??;
    if strict || expected == net {
        return Some(expected == net);
    }
    // A rate that is printed with few digits moves the net by up to half of its last digit.
    let rate = row.rate?;
    let half = Decimal::new(5, rate.scale().checked_add(1).filter(|scale| *scale <= 28)?);
    let slack = sum.to_major(row.currency).abs().checked_mul(half)?;
    let off = expected.checked_sub(net)?.abs().to_major(row.net_currency);
    let unit = Amount::from_minor(1).to_major(row.net_currency);
    Some(off <= slack.checked_add(unit)?)
}

/// An amount in the currency of the net, rounded half up; `None` without a rate.
fn converted(amount: Amount, row: &Context) -> Result<Option<Amount>, Fault> {
    let Some(rate) = row.rate else { return Ok(None) };
    let major = amount.to_major(row.currency).checked_mul(rate).ok_or(Fault::OutOfRange)?;
    let unit = Decimal::from(10_u32.saturating_pow(row.net_currency.exponent()));
    let minor = major.checked_mul(unit).ok_or(Fault::OutOfRange)?;
    round_minor(minor, Rounding::HalfUp).map(Some).map_err(|_| Fault::OutOfRange)
}
