//! Decides what the provider's settlement says about each case, and plants what is wrong with it.

use super::clock::{
    AS_OF_DAY, CYCLE, DAY, Day, FIRST_DAY, Seconds, add_business_days, at_seller, seller_day,
    utc_day,
};
use super::contract::contract_fee;
use super::faults::{damage, differ, mistake_unit, overcharge};
use super::labels::{Code, Codes, Label, Labels};
use super::market::{StoreIndex, store};
use super::money::divide_half_up;
use super::plan::{Case, Flavour};
use super::rates::{ONE, Rates};
use super::rng::Rng;
use super::shop::{Order, Status, odd_total};

/// MFS Africa's `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Payment,
    Refund,
    Reversal,
    Chargeback,
    Preauth,
    Capture,
    Payout,
    Fee,
}

/// One line of the settlement. Amounts are in minor units: `amount`, `received` and `fee` in the
/// store's currency (that of the payout for payouts and their fees), `net` in what it settles in.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The case in whose match the line is.
    pub(super) case: Option<usize>,
    pub(super) labels: Labels,
    pub(super) codes: Codes,
    pub(super) store: StoreIndex,
    pub(super) kind: Kind,
    pub(super) failed: bool,
    pub(super) reference: String,
    pub(super) amount: i64,
    pub(super) received: i64,
    pub(super) fee: i64,
    /// In 10⁻⁸.
    pub(super) rate: i64,
    pub(super) net: i64,
    pub(super) created: Seconds,
    pub(super) settled: Option<Day>,
    pub(super) payout: String,
    /// Several orders carry this line's transaction id.
    pub(super) shares_id: bool,
}

impl Line {
    /// Whether the line moves money into or out of a payout.
    pub(super) fn moves_money(&self) -> bool {
        !self.failed && !matches!(self.kind, Kind::Preauth | Kind::Payout)
    }

    /// What the line adds to its payout.
    pub(super) fn signed_net(&self) -> i64 {
        match self.kind {
            Kind::Refund | Kind::Reversal | Kind::Chargeback => -self.net,
            _ => self.net,
        }
    }
}

/// `net_amount` of the format: (received − fee) × rate, rounded half up to what it settles in.
pub(super) fn net(at: StoreIndex, received: i64, fee: i64, rate: i64) -> i64 {
    let store = store(at);
    if rate == ONE {
        return received - fee;
    }
    let finer = 10_i64.pow(store.settles_in.exponent);
    divide_half_up((received - fee) * rate * finer, 10_i64.pow(store.currency.exponent) * ONE)
}

/// Writes the lines of all cases.
#[derive(Debug)]
pub(super) struct Provider<'a> {
    rng: &'a mut Rng,
    rates: &'a Rates,
    lines: Vec<Line>,
}

/// The lines of the month (without payouts); completes the orders with what the shop knows of
/// payments, refunds and voids, and with their codes.
pub(super) fn settle(
    rng: &mut Rng,
    rates: &Rates,
    cases: &[Case],
    orders: &mut Vec<Order>,
    unknown: u32,
) -> Vec<Line> {
    let mut provider = Provider { rng, rates, lines: Vec::new() };
    let mut copies = Vec::new();
    let mut rest: &mut [Order] = orders;
    for (index, case) in cases.iter().enumerate() {
        let size = usize::try_from(case.size).unwrap_or(0).min(rest.len());
        let (members, tail) = std::mem::take(&mut rest).split_at_mut(size);
        rest = tail;
        provider.case(index, case, members);
        if case.labels.has(Label::DuplicateOrder) {
            copies.extend(members.first_mut().map(|order| provider.duplicate_order(order)));
        }
    }
    for serial in 0..unknown {
        provider.unknown(serial, orders);
    }
    orders.append(&mut copies);
    provider.lines
}

impl Provider<'_> {
    fn case(&mut self, index: usize, case: &Case, members: &mut [Order]) {
        let labels = case.labels;
        let Some(order) = members.first_mut() else { return };
        match labels.first {
            Label::NotPaid => order.status = Status::Pending,
            Label::NotDue => order.paid = Some(order.placed + self.rng.between(60, 240)),
            Label::MissingInSettlement => {
                order.paid = Some(order.placed + self.rng.between(60, 240));
                order.codes.add(Code::MissingInSettlement);
            }
            Label::SeveralOrders => self.several(index, case, members),
            _ => self.single(index, case, order),
        }
    }

    /// One order with its payment and what came after.
    fn single(&mut self, index: usize, case: &Case, order: &mut Order) {
        let labels = case.labels;
        order.matched = true;
        let reference = if labels.has(Label::WrongReference) {
            damage(self.rng, &order.number)
        } else {
            order.number.clone()
        };
        let start = order.placed + self.rng.between(60, 240);
        let mut lines = Vec::new();
        for (part, received) in (0..).zip(self.parts(labels, order)) {
            let mut line = self.line(order.store, Kind::Payment, received, start + part * 130);
            line.reference.clone_from(&reference);
            lines.push(line);
        }
        if let Some(last) = lines.last() {
            order.paid = Some(last.created + self.rng.between(2, 30));
        }
        if case.flavour == Flavour::Captured {
            lines.iter_mut().for_each(|line| line.kind = Kind::Capture);
        }
        self.plant_amount(labels, order, &mut lines);
        self.plant_fee_rate_time(labels, order, &mut lines);
        self.afterwards(labels, order, &mut lines);
        for line in &mut lines {
            line.case = Some(index);
            line.labels = labels;
        }
        self.extra_lines(case, order, &mut lines);
        self.lines.append(&mut lines);
    }

    /// One line that pays for several orders, by their numbers or by its transaction id.
    fn several(&mut self, index: usize, case: &Case, members: &mut [Order]) {
        let numbers: Vec<&str> = members.iter().map(|order| order.number.as_str()).collect();
        let reference = if case.shared_id {
            format!("CART-{}", numbers.first().copied().unwrap_or_default().replace('-', "-900"))
        } else {
            numbers.join(self.rng.pick(&["+", ", ", ";", " | ", "+"]))
        };
        let total = members.iter().map(|order| order.basket.total).sum();
        let Some(last) = members.last() else { return };
        let paid = last.placed + self.rng.between(60, 90);
        let mut line = self.line(last.store, Kind::Payment, total, paid);
        line.reference = reference;
        line.case = Some(index);
        line.labels = case.labels;
        line.shares_id = case.shared_id;
        let mut lines = [line];
        for order in members.iter_mut() {
            order.matched = true;
            order.paid = Some(paid + 5);
        }
        if let Some(order) = members.first_mut() {
            self.plant_fee_rate_time(case.labels, order, &mut lines);
        }
        self.lines.extend(lines);
    }

    /// The gross amounts of the payment lines.
    fn parts(&mut self, labels: Labels, order: &Order) -> Vec<i64> {
        let total = order.basket.total;
        if !labels.has(Label::SplitPayment) {
            return vec![total];
        }
        let grain = store(order.store).grain;
        let share = |percent: i64| (total * percent / 100 / grain * grain).max(grain);
        if labels.has(Label::AmountDifference) {
            // The second part falls short: both together are less than the order.
            let (first, lost) = (share(self.rng.between(30, 45)), share(self.rng.between(3, 8)));
            return vec![first, total - first - lost];
        }
        if self.rng.percent(70) {
            let first = share(self.rng.between(30, 45));
            return vec![first, total - first];
        }
        let first = share(self.rng.between(20, 27));
        let mut second = share(self.rng.between(31, 37));
        if second * 2 + first == total {
            second -= grain;
        }
        vec![first, second, total - first - second]
    }

    /// A line with the contract's fee, the table's rate and the contract's date.
    fn line(&self, at: StoreIndex, kind: Kind, received: i64, created: Seconds) -> Line {
        let charged = matches!(kind, Kind::Payment | Kind::Capture);
        let fee = if charged { contract_fee(store(at).currency, received) } else { 0 };
        let settled = add_business_days(utc_day(created), CYCLE);
        let rate = self.table_rate(at, settled);
        Line {
            case: None,
            labels: Labels::one(Label::Exact),
            codes: Codes::default(),
            store: at,
            kind,
            failed: false,
            reference: String::new(),
            amount: received,
            received,
            fee,
            rate,
            net: net(at, received, fee, rate),
            created,
            settled: Some(settled),
            payout: String::new(),
            shares_id: false,
        }
    }

    fn table_rate(&self, at: StoreIndex, day: Day) -> i64 {
        let store = store(at);
        if store.currency == store.settles_in {
            ONE
        } else {
            self.rates.to_usd(store.currency, day)
        }
    }

    /// Amount and status: what the order and its lines disagree about.
    fn plant_amount(&mut self, labels: Labels, order: &mut Order, lines: &mut [Line]) {
        let mut code = None;
        if labels.has(Label::AmountDifference) {
            code = Some(if labels.has(Label::SplitPayment) {
                Code::PartialSettlement
            } else {
                lines.first_mut().map_or(Code::AmountUnder, |line| differ(self.rng, line))
            });
        }
        if labels.has(Label::Unit) {
            lines.iter_mut().for_each(|line| mistake_unit(self.rng, line));
            code = Some(Code::UnitMismatch);
        }
        if let Some(code) = code {
            order.codes.add(code);
            lines.iter_mut().for_each(|line| line.codes.add(code));
        }
    }

    /// Fee, rate and time: what is wrong with the line itself. Of several lines the first has the
    /// wrong fee or rate and the last is late.
    fn plant_fee_rate_time(&mut self, labels: Labels, order: &mut Order, lines: &mut [Line]) {
        if labels.has(Label::Late)
            && let Some(line) = lines.last_mut()
        {
            let due = add_business_days(seller_day(order.placed), CYCLE);
            let days = u32::try_from(self.rng.between(2, 6)).unwrap_or(2);
            let settled = add_business_days(due, days);
            line.settled = Some(settled);
            line.rate = self.table_rate(line.store, settled);
            line.codes.add(Code::LateSettlement);
        }
        if let Some(line) = lines.first_mut() {
            if labels.has(Label::FeeOvercharge) {
                line.fee = overcharge(self.rng, line);
                line.codes.add(Code::FeeOvercharge);
            }
            if labels.has(Label::FxDeviation) {
                let per_mille = self.rng.between(15, 40) * self.rng.pick(&[-1, -1, 1]);
                line.rate += line.rate * per_mille / 1_000;
                line.codes.add(Code::FxRateVariance);
            }
            if labels.has(Label::CutoffShift) {
                order.codes.add(Code::CutoffShift);
                line.codes.add(Code::CutoffShift);
            }
        }
        if labels.has(Label::StatusMismatch) && labels.second.is_some() {
            self.leave_pending(order, lines);
        }
        for line in lines {
            line.net = net(line.store, line.received, line.fee, line.rate);
        }
    }

    /// The provider was paid and the shop does not know.
    fn leave_pending(&mut self, order: &mut Order, lines: &mut [Line]) {
        order.status = Status::Pending;
        order.paid = None;
        order.codes.add(Code::StatusMismatch);
        lines.iter_mut().for_each(|line| line.codes.add(Code::StatusMismatch));
    }

    /// Refunds, reversals, chargebacks, and payments that the shop still waits for.
    fn afterwards(&mut self, labels: Labels, order: &mut Order, lines: &mut Vec<Line>) {
        let Some(payment) = lines.first().cloned() else { return };
        if labels.has(Label::PartialRefund) {
            order.refunded = self.partly(order);
            order.status = Status::PartiallyRefunded;
            lines.push(self.returned(&payment, Kind::Refund, order.refunded));
        } else if labels.has(Label::FullRefund) {
            order.refunded = order.basket.total;
            order.status = Status::Refunded;
            lines.push(self.returned(&payment, Kind::Refund, order.refunded));
        } else if labels.has(Label::Reversal) {
            let line = self.returned(&payment, Kind::Reversal, payment.received);
            order.status = Status::Voided;
            order.paid = None;
            order.cancelled = Some(line.created + 60);
            lines.push(line);
        } else if labels.has(Label::Chargeback) {
            let mut line = self.returned(&payment, Kind::Chargeback, payment.received);
            line.codes = Codes::of(Code::Chargeback);
            lines.push(line);
        } else if labels == Labels::one(Label::StatusMismatch) {
            if self.rng.percent(70) {
                self.leave_pending(order, lines);
            } else {
                // Refunded at the provider, and the shop does not know.
                let part = self.partly(order);
                let mut line = self.returned(&payment, Kind::Refund, part);
                order.codes.add(Code::StatusMismatch);
                line.codes.add(Code::StatusMismatch);
                lines.push(line);
            }
        }
    }

    /// Ten to sixty percent of an order.
    fn partly(&mut self, order: &Order) -> i64 {
        let grain = store(order.store).grain;
        (order.basket.total * self.rng.between(10, 60) / 100 / grain * grain).max(grain)
    }

    /// A line that takes money back, one to seven days after its payment, without a fee.
    fn returned(&mut self, payment: &Line, kind: Kind, received: i64) -> Line {
        let days = if kind == Kind::Reversal { 0 } else { self.rng.between(1, 7) };
        let created = payment.created + days * DAY + self.rng.between(900, 7_200);
        let mut line = self.line(payment.store, kind, received, created);
        line.reference.clone_from(&payment.reference);
        line
    }

    /// Lines of the same order that are not in its match.
    fn extra_lines(&mut self, case: &Case, order: &mut Order, lines: &mut [Line]) {
        let Some(payment) = lines.first_mut() else { return };
        let mut extra = payment.clone();
        extra.case = None;
        extra.codes = Codes::default();
        if case.labels.has(Label::DuplicateLine) {
            extra.created += self.rng.between(30, 540);
            extra.codes.add(Code::DuplicateInSettlement);
            // The surplus line alone has the label.
            payment.labels = Labels::one(Label::Exact);
            order.labels = Labels::one(Label::Exact);
        } else if case.flavour == Flavour::FailedAttempt {
            extra.failed = true;
            extra.labels = Labels::one(Label::FailedAttempt);
            extra.created = order.placed + self.rng.between(5, 50);
            self.without_money(&mut extra);
        } else if case.flavour == Flavour::Captured {
            extra.kind = Kind::Preauth;
            extra.labels = Labels::one(Label::Preauthorisation);
            extra.created = order.placed + self.rng.between(5, 50);
            self.without_money(&mut extra);
        } else {
            return;
        }
        self.lines.push(extra);
    }

    fn without_money(&self, line: &mut Line) {
        line.received = 0;
        line.fee = 0;
        line.net = 0;
        line.settled = None;
        line.rate = self.table_rate(line.store, utc_day(line.created));
    }

    /// The same order once more, some minutes later and under another id of the shop.
    fn duplicate_order(&mut self, order: &mut Order) -> Order {
        let mut copy = order.clone();
        let later = self.rng.between(180, 2_400);
        copy.placed += later;
        copy.paid = copy.paid.map(|paid| paid + later);
        copy.id += 16_384;
        copy.matched = false;
        copy.codes = Codes::of(Code::DuplicateInOrders);
        order.labels = Labels::one(Label::Exact);
        if let Some(line) = self.lines.last_mut() {
            line.labels = Labels::one(Label::Exact);
        }
        copy
    }

    /// A payment whose order the shop does not know; every second reference contains a known one.
    fn unknown(&mut self, serial: u32, orders: &[Order]) {
        let Some(near) = orders.get(self.rng.index(orders.len())) else { return };
        let day = FIRST_DAY + self.rng.between(0, 24);
        let created = at_seller(day, self.rng.between(8 * 3_600, 23 * 3_600));
        let received = odd_total(self.rng, near.store);
        let mut line = self.line(near.store, Kind::Payment, received, created);
        line.reference = if serial.is_multiple_of(2) {
            format!("{}{serial:05}", near.number)
        } else {
            format!("{}-{}", store(near.store).code, 7_000_000 + serial)
        };
        line.labels = Labels::one(Label::MissingInOrders);
        line.codes.add(Code::MissingInOrders);
        debug_assert!(line.settled <= Some(AS_OF_DAY));
        self.lines.push(line);
    }
}
