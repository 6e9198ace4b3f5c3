//! Decides what a mixed month looks like: most payments with their order's number, and a share of them
//! without, with a slip in it, in several lines, or several in one line that lists them or does not.

use crate::support::Dice;
use crate::support::sales::{DAY, Line, Order, Truth, due_day, fee, range};

/// Prices that many orders have, in minor units.
const PRICES: [i64; 5] = [99_900, 49_900, 149_900, 19_990, 250_000];

/// A month, and which order each line pays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Month {
    pub(crate) orders: Vec<Order>,
    pub(crate) lines: Vec<Line>,
    /// Order and line, by their places.
    pub(crate) links: Vec<(usize, usize)>,
}

/// What is unusual about a payment.
#[derive(Clone, Copy, Debug)]
enum Anomaly {
    Missing,
    Mistyped,
    Listed,
    NotListed,
    Split,
    /// Without a reference, at a price that others have on the same day.
    InBulk,
}

const ANOMALIES: [Anomaly; 10] = [
    Anomaly::Missing,
    Anomaly::Missing,
    Anomaly::Missing,
    Anomaly::Mistyped,
    Anomaly::Mistyped,
    Anomaly::Listed,
    Anomaly::NotListed,
    Anomaly::Split,
    Anomaly::Split,
    Anomaly::InBulk,
];

impl Month {
    /// A month of so many payments, of which so many percent are unusual.
    pub(crate) fn draw(seed: u64, payments: usize, percent: usize) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0xA24B_AED4_963E_E407) ^ (percent as u64) << 32);
        let mut month = Self::default();
        while month.orders.len() < payments {
            let anomaly =
                (dice.below(100) < percent).then(|| ANOMALIES[dice.below(ANOMALIES.len())]);
            month.pay(&mut dice, anomaly);
        }
        month.mistype(&mut dice);
        month.shuffle(&mut dice);
        month
    }

    fn order(&mut self, dice: &mut Dice) -> Order {
        let currency = usize::from(dice.below(4) == 0);
        let amount = match dice.below(5) {
            0 => PRICES[dice.below(PRICES.len())],
            _ => range(dice, 5_000, 2_500_000),
        };
        Order {
            // Numbers grow by chance, since several shops share them.
            number: format!("SH-{}", 104_310 + 40 * self.orders.len() + dice.below(37)),
            currency,
            amount,
            minute: range(dice, 0, 28 * DAY),
            status: "paid",
            truth: Truth::Keyless { partner: None },
        }
    }

    fn line(&self, dice: &mut Dice, order: &Order, amount: i64) -> Line {
        let lag = match dice.below(5) {
            0 => range(dice, 60, 30 * 60),
            _ => range(dice, 1, 59),
        };
        Line {
            id: format!("MFS{:08}", 48_201 + self.lines.len() * 37 + dice.below(36)),
            reference: order.number.clone(),
            currency: order.currency,
            amount,
            fee: fee(order.currency, amount),
            off: 0,
            rate: None,
            minute: order.minute + lag,
            settled: due_day(order),
            truth: Truth::Keyless { partner: None },
        }
    }

    fn pay(&mut self, dice: &mut Dice, anomaly: Option<Anomaly>) {
        let mut order = self.order(dice);
        match anomaly {
            Some(Anomaly::InBulk) => {
                order.amount = PRICES[dice.below(2)];
                for _ in 0..2 + dice.below(3) {
                    let mut other = self.order(dice);
                    (other.currency, other.amount) = (order.currency, order.amount);
                    other.minute = order.minute + range(dice, 0, 500);
                    let line = self.line(dice, &other, other.amount);
                    self.add(vec![other], vec![Line { reference: String::new(), ..line }]);
                }
            }
            Some(Anomaly::Listed | Anomaly::NotListed) => {
                let day = order.minute / DAY * DAY;
                let mut orders = vec![order];
                for _ in 0..2 + dice.below(3) {
                    let mut other = self.order(dice);
                    other.number = format!("{}{}", other.number, orders.len());
                    other.currency = orders[0].currency;
                    orders.push(other);
                }
                // A batch of one day, closed at its end.
                orders.iter_mut().for_each(|order| order.minute = day + range(dice, 60, 1_100));
                let numbers: Vec<&str> = orders.iter().map(|order| &*order.number).collect();
                let last = Order { minute: day + 1_200, ..orders[0].clone() };
                let sum = orders.iter().map(|order| order.amount).sum();
                let mut line = self.line(dice, &last, sum);
                line.reference = match anomaly {
                    Some(Anomaly::Listed) => numbers.join("+"),
                    _ => String::new(),
                };
                self.add(orders, vec![line]);
            }
            Some(Anomaly::Split) => {
                let first = order.amount * range(dice, 20, 60) / 100;
                let lines = [first, order.amount - first];
                let lines = lines.map(|amount| self.line(dice, &order, amount));
                self.add(vec![order], lines.to_vec());
            }
            other => {
                let mut line = self.line(dice, &order, order.amount);
                match other {
                    Some(Anomaly::Missing) => line.reference.clear(),
                    // The slip is made when all numbers are known.
                    Some(Anomaly::Mistyped) => line.reference.insert(0, '?'),
                    _ => {}
                }
                self.add(vec![order], vec![line]);
            }
        }
    }

    fn add(&mut self, orders: Vec<Order>, lines: Vec<Line>) {
        for (order, _) in orders.iter().enumerate() {
            for (line, _) in lines.iter().enumerate() {
                self.links.push((self.orders.len() + order, self.lines.len() + line));
            }
        }
        self.orders.extend(orders);
        self.lines.extend(lines);
    }

    /// Makes the slips: none that gives another order's number, which nobody could notice.
    fn mistype(&mut self, dice: &mut Dice) {
        let numbers: Vec<String> = self.orders.iter().map(|order| order.number.clone()).collect();
        for line in &mut self.lines {
            let Some(number) = line.reference.strip_prefix('?').map(str::to_owned) else {
                continue;
            };
            loop {
                let mut letters: Vec<char> = number.chars().collect();
                let at = 3 + dice.below(letters.len() - 4);
                match dice.below(4) {
                    0 => letters.swap(at, at + 1),
                    1 => drop(letters.remove(at)),
                    2 => {
                        letters.insert(at, char::from(b'0' + u8::try_from(dice.below(10)).unwrap()))
                    }
                    _ => letters[at] = char::from(b'0' + u8::try_from(dice.below(10)).unwrap()),
                }
                line.reference = letters.into_iter().collect();
                if !numbers.contains(&line.reference) {
                    break;
                }
            }
        }
    }

    fn shuffle(&mut self, dice: &mut Dice) {
        let mut orders: Vec<usize> = (0..self.orders.len()).collect();
        let mut lines: Vec<usize> = (0..self.lines.len()).collect();
        dice.shuffle(&mut orders);
        dice.shuffle(&mut lines);
        let places = |list: &[usize]| {
            let mut places = vec![0; list.len()];
            list.iter().enumerate().for_each(|(place, row)| places[*row] = place);
            places
        };
        let (order_places, line_places) = (places(&orders), places(&lines));
        self.orders = orders.iter().map(|row| self.orders[*row].clone()).collect();
        self.lines = lines.iter().map(|row| self.lines[*row].clone()).collect();
        for (order, line) in &mut self.links {
            (*order, *line) = (order_places[*order], line_places[*line]);
        }
    }
}
