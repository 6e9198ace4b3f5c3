//! Line identity (行内勾稽) — does the line add up within itself?
//!
//! States `LINE_IDENTITY_BROKEN` where gross + fee + tax is not the net of the same currency, or
//! where what arrived in another currency is not what the stated rate gives, to one minor unit.
//! Names the line.

use crate::codes::Code;
use crate::entry::{Entries, Kind};
use crate::exceptions::conversion::Conversion;
use crate::exceptions::{Fact, Value};
use crate::ids::EntryId;

/// States whether one settlement line adds up.
pub(crate) fn check(entries: &Entries, line: EntryId, facts: &mut Vec<Fact>) {
    if entries.kind(line) == Kind::Payout {
        return;
    }
    let (currency, net_currency) = (entries.currency(line), entries.net_currency(line));
    let net = entries.net(line);
    let computed = if currency == net_currency {
        let with_fee = entries.amount(line).checked_add(entries.fee(line));
        with_fee.and_then(|sum| sum.checked_add(entries.tax(line)))
    } else {
        // Without a stated rate there is nothing to compute with; one that is written the other way
        // round is a matter of its own.
        Conversion::of(entries, line)
            .zip(entries.fx_rate(line))
            .and_then(|(conversion, rate)| conversion.at(conversion.read(rate).0))
            .map(|fair| {
                let rest = net.checked_sub(fair).map(|rest| rest.abs());
                if rest <= Some(crate::money::Amount::from_minor(1)) { net } else { fair }
            })
            .or(Some(net))
    };
    let Some(computed) = computed else { return };
    if computed != net {
        let difference = net.checked_sub(computed).unwrap_or_default();
        facts.push(
            Fact::new(Code::LineIdentityBroken, vec![line])
                .values(Value::Amount(computed), Value::Amount(net))
                .money(difference, net_currency),
        );
    }
}
