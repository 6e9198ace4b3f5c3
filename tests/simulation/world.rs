//! Decides what happened in a month that is made up: the ledger, and what became of each payment on
//! its way into the two files.

use crossfoot::codes::Code;

use crate::support::Dice;
use crate::support::sales::{DAY, Line, Order, RATE, Truth, due_day, fee, range};

/// A rate that nobody agreed to, in millionths.
const WRONG_RATE: i64 = 7_200;

/// Prices that many orders have, in minor units.
const PRICES: [i64; 6] = [99_900, 49_900, 149_900, 19_990, 250_000, 99_500];

/// How bad a month is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Climate {
    payments: usize,
    /// Lines without a reference, in percent.
    keyless: usize,
    /// Payments with a price that others have, in percent, and how many prices there are.
    priced: usize,
    prices: usize,
    /// Payments to which something happened, in thousandths.
    faults: usize,
    /// The settlement's clock is off by so many minutes.
    shift: i64,
    /// The minute after which the settlement's file was cut.
    cut: Option<i64>,
}

impl Climate {
    fn draw(dice: &mut Dice) -> Self {
        let payments = match dice.below(8) {
            0 => 120 + dice.below(110),
            1 | 2 => 60 + dice.below(80),
            _ => 28 + dice.below(40),
        };
        let prices = 2 + dice.below(PRICES.len() - 1);
        let keyless = 5 + dice.below(50);
        // At most about ten rows without a reference at a price, so that all assignments of most
        // of them can be gone through.
        let priced = (10 + dice.below(60)).min(100_000 * prices / (payments * keyless));
        let shift = if dice.below(4) == 0 { 60 * range(dice, -12, 12) } else { 0 };
        let cut = (dice.below(6) == 0).then(|| range(dice, 18, 27) * DAY);
        Self { payments, keyless, priced, prices, faults: 20 + dice.below(200), shift, cut }
    }
}

/// What happens to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Well,
    DropLine,
    DropOrder,
    DuplicateLine,
    DuplicateOrder,
    Split,
    SplitWithoutOne,
    Merge,
    Late,
    WrongRate,
    FeeDrift,
    WrongUnit,
    WrongAmount,
    Mangled,
    Unpaid,
    DoesNotAddUp,
    OtherCurrency,
}

const FATES: [Fate; 16] = [
    Fate::DropLine,
    Fate::DropOrder,
    Fate::DuplicateLine,
    Fate::DuplicateOrder,
    Fate::Split,
    Fate::SplitWithoutOne,
    Fate::Merge,
    Fate::Late,
    Fate::WrongRate,
    Fate::FeeDrift,
    Fate::WrongUnit,
    Fate::WrongAmount,
    Fate::Mangled,
    Fate::Unpaid,
    Fate::DoesNotAddUp,
    Fate::OtherCurrency,
];

/// What can happen where no reference says what belongs together.
const KEYLESS_FATES: [Fate; 9] = [
    Fate::DropLine,
    Fate::DropOrder,
    Fate::DuplicateLine,
    Fate::Split,
    Fate::Merge,
    Fate::Late,
    Fate::FeeDrift,
    Fate::WrongUnit,
    Fate::WrongAmount,
];

/// A month.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) orders: Vec<Order>,
    pub(crate) lines: Vec<Line>,
    /// Orders and lines without a key that are one payment in several rows.
    pub(crate) sets: Vec<(Vec<usize>, Vec<usize>)>,
    /// How many matches the keys make.
    pub(crate) deals: usize,
    /// The settlement's file ends in the middle of a row.
    pub(crate) is_cut: bool,
    climate: Climate,
    dice: Dice,
}

impl World {
    /// The minute from which on the cut may have taken the lines of orders: two days before it.
    pub(crate) fn cut_from(&self) -> Option<i64> {
        self.climate.cut.map(|cut| cut - 2 * DAY)
    }

    /// The month of a seed.
    pub(crate) fn draw(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0xD1B5_4A32_D192_ED03));
        let climate = Climate::draw(&mut dice);
        let is_cut = climate.cut.is_some();
        let (orders, lines, sets) = (Vec::new(), Vec::new(), Vec::new());
        let mut world = Self { orders, lines, sets, deals: 0, is_cut, climate, dice };
        for _ in 0..climate.payments {
            world.pay();
        }
        // A cut file is in its own order; others come in any.
        if !is_cut {
            let mut dice = world.dice.clone();
            world.shuffle(&mut dice);
        } else {
            world.sort_lines();
        }
        world
    }

    /// One payment, or two that are paid together.
    fn pay(&mut self) {
        let keyless = self.dice.below(100) < self.climate.keyless;
        let happens = self.dice.below(1_000) < self.climate.faults;
        let fate = match (happens, keyless) {
            (false, _) => Fate::Well,
            (true, false) => FATES[self.dice.below(FATES.len())],
            (true, true) => KEYLESS_FATES[self.dice.below(KEYLESS_FATES.len())],
        };
        let order = self.order();
        if keyless { self.keyless(order, fate) } else { self.keyed(order, fate) }
    }

    fn order(&mut self) -> Order {
        let currency = usize::from(self.dice.below(4) == 0);
        let amount = if self.dice.below(100) < self.climate.priced {
            PRICES[self.dice.below(self.climate.prices)]
        } else {
            range(&mut self.dice, 5_000, 2_500_000)
        };
        Order {
            number: format!("SH-{}", 10_001 + self.orders.len() + 7 * self.lines.len()),
            currency,
            amount,
            minute: range(&mut self.dice, 0, 28 * DAY),
            status: "paid",
            truth: Truth::Keyless { partner: None },
        }
    }

    /// The line that a provider without faults writes for an order.
    fn line(&mut self, order: &Order) -> Line {
        let lag = match self.dice.below(5) {
            0 => range(&mut self.dice, 60, 36 * 60),
            _ => range(&mut self.dice, 1, 59),
        };
        Line {
            id: format!("MFS{:08}", 48_201 + self.lines.len() * 37 + self.orders.len()),
            reference: order.number.clone(),
            currency: order.currency,
            amount: order.amount,
            fee: fee(order.currency, order.amount),
            off: 0,
            rate: (order.currency == 0 && self.dice.below(10) == 0).then_some(RATE),
            minute: order.minute + lag + self.climate.shift,
            settled: due_day(order),
            truth: Truth::Keyless { partner: None },
        }
    }

    /// Whether the settlement's file was cut before these lines. A payment whose lines are on both
    /// sides of the cut had them all before it.
    fn is_cut_off(&self, lines: &mut [Line]) -> bool {
        let Some(cut) = self.climate.cut else { return false };
        if lines.iter().all(|line| line.minute > cut) {
            return true;
        }
        lines.iter_mut().for_each(|line| line.minute = line.minute.min(cut));
        false
    }

    /// Adds rows that a key holds together, with the codes of each side.
    fn deal(&mut self, orders: Vec<Order>, mut lines: Vec<Line>, codes: [&[Code]; 2]) {
        if self.is_cut_off(&mut lines) {
            return orders.into_iter().for_each(|order| self.keyless_order(order));
        }
        let truth = |codes: &[Code]| Truth::Keyed { deal: Some(self.deals), codes: codes.to_vec() };
        let (of_order, of_line) = (truth(codes[0]), truth(codes[1]));
        self.orders.extend(orders.into_iter().map(|o| Order { truth: of_order.clone(), ..o }));
        self.lines.extend(lines.into_iter().map(|line| Line { truth: of_line.clone(), ..line }));
        self.deals += 1;
    }

    fn keyless_order(&mut self, order: Order) {
        self.orders.push(Order { truth: Truth::Keyless { partner: None }, ..order });
    }

    fn keyed(&mut self, mut order: Order, fate: Fate) {
        let mut line = self.line(&order);
        match fate {
            Fate::Well => self.deal(vec![order], vec![line], [&[], &[]]),
            Fate::DropLine => self.keyless_order(order),
            Fate::DropOrder => self.lonely(line, &[Code::MissingInOrders]),
            Fate::DuplicateLine => {
                let mut again = line.clone();
                again.minute += range(&mut self.dice, 1, 30);
                if self.dice.below(2) == 0 {
                    again.id.push('R');
                }
                let mut both = [line, again];
                if self.is_cut_off(&mut both) {
                    return self.keyless_order(order);
                }
                let [mut line, again] = both;
                // The cut may have moved both to one minute; the first is the one that counts.
                line.minute = line.minute.min(again.minute - 1);
                self.lonely(again, &[Code::DuplicateInSettlement]);
                self.deal(vec![order], vec![line], [&[], &[]]);
            }
            Fate::DuplicateOrder => {
                let mut again = order.clone();
                again.minute += range(&mut self.dice, 1, 30);
                let mut lines = [line];
                if self.is_cut_off(&mut lines) {
                    // Two orders of one number, and nobody paid: nothing says which is too many.
                    return self.keyless_order(order);
                }
                let [line] = lines;
                again.truth = Truth::open(&[Code::DuplicateInOrders]);
                self.orders.push(again);
                self.deal(vec![order], vec![line], [&[], &[]]);
            }
            Fate::Split | Fate::SplitWithoutOne => {
                let mut parts = self.split(&line, 3);
                if fate == Fate::Split {
                    self.deal(vec![order], parts, [&[], &[]]);
                } else {
                    parts.remove(self.dice.below(3));
                    let codes: &[Code] = &[Code::PartialSettlement];
                    self.deal(vec![order], parts, [codes, codes]);
                }
            }
            Fate::Merge => {
                let other = self.neighbour(&order);
                line = self.line_of_both(&order, &other);
                line.reference = format!("{}+{}", order.number, other.number);
                self.deal(vec![order, other], vec![line], [&[], &[]]);
            }
            Fate::Late => {
                line.settled += range(&mut self.dice, 1, 5);
                self.deal(vec![order], vec![line], [&[], &[Code::LateSettlement]]);
            }
            Fate::WrongRate => {
                order.currency = 0;
                line = self.line(&order);
                line.rate = Some(WRONG_RATE);
                self.deal(vec![order], vec![line], [&[], &[Code::FxRateVariance]]);
            }
            Fate::FeeDrift => {
                let code = self.drift(&mut line);
                self.deal(vec![order], vec![line], [&[], &[code]]);
            }
            Fate::WrongUnit => {
                self.mistake_unit(&mut line);
                let codes: &[Code] = &[Code::UnitMismatch];
                self.deal(vec![order], vec![line], [codes, codes]);
            }
            Fate::WrongAmount => {
                let codes: &[Code] = &[self.change_amount(&mut line)];
                self.deal(vec![order], vec![line], [codes, codes]);
            }
            Fate::Mangled => {
                line.reference = self.mangle(&order.number);
                self.deal(vec![order], vec![line], [&[], &[]]);
            }
            Fate::Unpaid => {
                order.status = "pending";
                if self.is_cut_off(std::slice::from_mut(&mut line)) {
                    order.status = "paid";
                    return self.keyless_order(order);
                }
                let codes: &[Code] = &[Code::StatusMismatch];
                self.deal(vec![order], vec![line], [codes, codes]);
            }
            Fate::DoesNotAddUp => {
                // Off by more than rounding, and not by twice the fee: that line adds up, with a fee
                // that is given back.
                line.off = range(&mut self.dice, 2, 99);
                line.rate = None;
                self.deal(vec![order], vec![line], [&[], &[Code::LineIdentityBroken]]);
            }
            Fate::OtherCurrency => {
                line.rate = None;
                line.currency = 1 - order.currency;
                line.fee = fee(line.currency, line.amount);
                if self.is_cut_off(std::slice::from_mut(&mut line)) {
                    return self.keyless_order(order);
                }
                self.lonely(line, &[Code::CurrencyMismatch]);
                order.truth = Truth::open(&[Code::CurrencyMismatch]);
                self.orders.push(order);
            }
        }
    }

    /// Adds a line that names an order and is in no match.
    fn lonely(&mut self, line: Line, codes: &[Code]) {
        let mut lines = [line];
        if !self.is_cut_off(&mut lines) {
            let [line] = lines;
            self.lines.push(Line { truth: Truth::open(codes), ..line });
        }
    }

    fn keyless(&mut self, order: Order, fate: Fate) {
        let mut line = self.line(&order);
        line.reference.clear();
        match fate {
            Fate::DropLine => self.keyless_order(order),
            Fate::DropOrder => self.keyless_lines(vec![line]),
            Fate::DuplicateLine => {
                let mut again = line.clone();
                again.minute += range(&mut self.dice, 1, 30);
                again.id.push('R');
                let mut both = [line, again];
                if self.is_cut_off(&mut both) {
                    return self.keyless_order(order);
                }
                let [line, again] = both;
                self.pair(order, line);
                self.keyless_lines(vec![again]);
            }
            Fate::Split => {
                let parts = self.split(&line, 2);
                self.set(vec![order], parts);
            }
            Fate::Merge => {
                let other = self.neighbour(&order);
                line = self.line_of_both(&order, &other);
                self.set(vec![order, other], vec![line]);
            }
            Fate::Late => {
                // After every window; the order has a partner that nobody would look for there.
                line.minute += 9 * DAY;
                line.settled += 9;
                self.keyless_order(order);
                self.keyless_lines(vec![line]);
            }
            Fate::WrongUnit | Fate::WrongAmount => {
                if fate == Fate::WrongUnit {
                    self.mistake_unit(&mut line);
                } else {
                    self.change_amount(&mut line);
                }
                self.keyless_order(order);
                self.keyless_lines(vec![line]);
            }
            Fate::FeeDrift => {
                self.drift(&mut line);
                self.pair(order, line);
            }
            _ => self.pair(order, line),
        }
    }

    /// Adds an order and its line, that nothing but amount and time holds together.
    fn pair(&mut self, order: Order, mut line: Line) {
        if self.is_cut_off(std::slice::from_mut(&mut line)) {
            return self.keyless_order(order);
        }
        let (left, right) = (self.orders.len(), self.lines.len());
        self.orders.push(Order { truth: Truth::Keyless { partner: Some(right) }, ..order });
        self.lines.push(Line { truth: Truth::Keyless { partner: Some(left) }, ..line });
    }

    /// Adds one payment in several rows.
    fn set(&mut self, orders: Vec<Order>, mut lines: Vec<Line>) {
        if self.is_cut_off(&mut lines) {
            return orders.into_iter().for_each(|order| self.keyless_order(order));
        }
        let places = |from: usize, to: usize| (from..to).collect::<Vec<usize>>();
        let before = (self.orders.len(), self.lines.len());
        orders.into_iter().for_each(|order| self.keyless_order(order));
        self.keyless_lines(lines);
        let set = (places(before.0, self.orders.len()), places(before.1, self.lines.len()));
        self.sets.push(set);
    }

    /// Adds lines whose orders are not there, or not over these amounts.
    fn keyless_lines(&mut self, lines: Vec<Line>) {
        for mut line in lines {
            line.reference.clear();
            if !self.is_cut_off(std::slice::from_mut(&mut line)) {
                self.lines.push(Line { truth: Truth::Keyless { partner: None }, ..line });
            }
        }
    }

    /// Another order of the same time and currency.
    fn neighbour(&mut self, order: &Order) -> Order {
        let mut other = self.order();
        other.number.push('B');
        other.currency = order.currency;
        other.minute = order.minute + range(&mut self.dice, 0, 300);
        other
    }

    fn line_of_both(&mut self, order: &Order, other: &Order) -> Line {
        let later = Order { amount: order.amount + other.amount, ..other.clone() };
        Line { rate: None, ..self.line(&later) }
    }

    /// The same payment in parts of different sizes.
    fn split(&mut self, line: &Line, parts: i64) -> Vec<Line> {
        let mut rest = line.amount;
        let amounts: Vec<i64> = (1..=parts)
            .map(|part| {
                let amount = match part == parts {
                    true => rest,
                    false => range(&mut self.dice, rest / 5, rest / 2),
                };
                rest -= amount;
                amount
            })
            .collect();
        let part = |(at, amount): (usize, i64)| Line {
            id: format!("{}P{at}", line.id),
            amount,
            fee: fee(line.currency, amount),
            ..line.clone()
        };
        amounts.into_iter().enumerate().map(part).collect()
    }

    /// Another fee than the contract's.
    fn drift(&mut self, line: &mut Line) -> Code {
        let by = range(&mut self.dice, 1, 400);
        let (fee, code) = match self.dice.below(3) {
            0 => (line.fee + by, Code::FeeOvercharge),
            1 => (line.fee - by, Code::FeeUndercharge),
            _ => (0, Code::FeeMissing),
        };
        line.fee = fee;
        code
    }

    fn mistake_unit(&mut self, line: &mut Line) {
        let small = line.amount % 100 == 0 && self.dice.below(2) == 0;
        line.amount = if small { line.amount / 100 } else { line.amount * 100 };
        line.fee = fee(line.currency, line.amount);
    }

    fn change_amount(&mut self, line: &mut Line) -> Code {
        // Never a hundredth or the whole.
        let by = line.amount * range(&mut self.dice, 2, 40) / 100 + 1;
        let over = self.dice.below(2) == 0;
        line.amount += if over { by } else { -by };
        line.fee = fee(line.currency, line.amount);
        if over { Code::AmountOver } else { Code::AmountUnder }
    }

    /// The number as a person would retype it.
    fn mangle(&mut self, number: &str) -> String {
        match self.dice.below(5) {
            0 => number.to_lowercase(),
            1 => number.replace('-', ""),
            2 => format!("ORDER {number}"),
            3 => format!("order#{}", number.to_lowercase()),
            _ => number.replace('-', " "),
        }
    }

    fn shuffle(&mut self, dice: &mut Dice) {
        let mut orders: Vec<usize> = (0..self.orders.len()).collect();
        let mut lines: Vec<usize> = (0..self.lines.len()).collect();
        dice.shuffle(&mut orders);
        dice.shuffle(&mut lines);
        self.arrange(&orders, &lines);
    }

    fn sort_lines(&mut self) {
        let orders: Vec<usize> = (0..self.orders.len()).collect();
        let mut lines: Vec<usize> = (0..self.lines.len()).collect();
        lines.sort_by_key(|line| self.lines[*line].minute);
        self.arrange(&orders, &lines);
    }

    /// Puts the rows in another order; the lists say which row comes where.
    fn arrange(&mut self, orders: &[usize], lines: &[usize]) {
        let places = |list: &[usize]| {
            let mut places = vec![0; list.len()];
            list.iter().enumerate().for_each(|(place, row)| places[*row] = place);
            places
        };
        let (order_places, line_places) = (places(orders), places(lines));
        let moved = |truth: &mut Truth, places: &[usize]| {
            if let Truth::Keyless { partner: Some(partner) } = truth {
                *partner = places[*partner];
            }
        };
        for (orders, lines) in &mut self.sets {
            orders.iter_mut().for_each(|row| *row = order_places[*row]);
            lines.iter_mut().for_each(|row| *row = line_places[*row]);
            orders.sort_unstable();
            lines.sort_unstable();
        }
        self.orders = orders.iter().map(|row| self.orders[*row].clone()).collect();
        self.lines = lines.iter().map(|row| self.lines[*row].clone()).collect();
        self.orders.iter_mut().for_each(|order| moved(&mut order.truth, &line_places));
        self.lines.iter_mut().for_each(|line| moved(&mut line.truth, &order_places));
    }
}
