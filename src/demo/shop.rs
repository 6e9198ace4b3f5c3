//! Decides what the shop's books say: every order with its store, time, basket and status.

use super::clock::{Day, FIRST_DAY, Seconds, at_seller, seller_day};
use super::labels::{Codes, Label, Labels};
use super::market::{ANY, CARD, CONVERTED, PRODUCTS, STORES, StoreIndex, store};
use super::plan::{Case, Flavour};
use super::rng::Rng;

/// Shopify's `Financial Status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Paid,
    Pending,
    Voided,
    Refunded,
    PartiallyRefunded,
}

/// What was bought. Amounts in minor units; `total` = items + shipping − discount.
#[derive(Debug, Clone)]
pub(super) struct Basket {
    /// (index of the product, quantity).
    pub(super) items: Vec<(usize, i64)>,
    pub(super) shipping: i64,
    pub(super) discount: i64,
    pub(super) total: i64,
}

/// One order of the shop.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) case: usize,
    pub(super) labels: Labels,
    pub(super) codes: Codes,
    /// In the match of its case; an open or excluded order is not.
    pub(super) matched: bool,
    pub(super) store: StoreIndex,
    /// `KE-1001`; set by [`number`].
    pub(super) number: String,
    /// Shopify's own id; set by [`number`].
    pub(super) id: i64,
    pub(super) placed: Seconds,
    pub(super) paid: Option<Seconds>,
    pub(super) cancelled: Option<Seconds>,
    pub(super) status: Status,
    pub(super) basket: Basket,
    pub(super) refunded: i64,
    pub(super) payment_reference: String,
}

/// Whether the total is a multiple of the store's step. Open orders have even totals and open
/// lines odd ones, so that no open line can be taken for the payment of an open order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Total {
    Any,
    Even,
    Odd,
}

/// What the labels of a case ask of its orders.
struct Needs {
    stores: &'static [StoreIndex],
    first: Day,
    last: Day,
    total: Total,
    /// Seconds of the seller's day.
    from: Seconds,
    until: Seconds,
}

impl Needs {
    /// Whether an order of this store, day and total would do.
    fn allow(&self, order: &Order) -> bool {
        let total = match self.total {
            Total::Any => true,
            Total::Even => order.basket.discount == 0,
            Total::Odd => order.basket.discount != 0,
        };
        total
            && self.stores.contains(&order.store)
            && (self.first..=self.last).contains(&seller_day(order.placed))
    }
}

/// From 08:00 on the provider's clock shows the same date; before, that of the day before.
const MORNING: Seconds = 8 * 3_600;
const LAST_ORDER: Seconds = 23 * 3_600 + 40 * 60 - 1;
const LAST_NIGHT_ORDER: Seconds = 7 * 3_600 + 35 * 60 - 1;
const LAST_DUPLICATED_ORDER: Seconds = 22 * 3_600;

/// Draws the orders of all cases; [`number`] must follow.
pub(super) fn draw(rng: &mut Rng, cases: &[Case]) -> Vec<Order> {
    let mut orders: Vec<Order> = Vec::new();
    // Orders that have no twin yet.
    let mut single: Vec<usize> = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let needs = needs(case);
        let (at, day, mut basket) = place(rng, &needs, &orders, &mut single);
        let mut second = rng.between(needs.from, needs.until);
        for _ in 0..case.size {
            orders.push(Order {
                case: index,
                labels: case.labels,
                codes: Codes::default(),
                matched: false,
                store: at,
                number: String::new(),
                id: 0,
                placed: at_seller(day, second),
                paid: None,
                cancelled: None,
                status: Status::Paid,
                basket,
                refunded: 0,
                payment_reference: String::new(),
            });
            second += rng.between(20, 60);
            basket = fill(rng, at, needs.total);
        }
    }
    orders
}

fn needs(case: &Case) -> Needs {
    let labels = case.labels;
    let stores: &[StoreIndex] = match case.flavour {
        Flavour::Captured => &CARD,
        _ if labels.has(Label::FxDeviation) => &CONVERTED,
        _ => &ANY,
    };
    let returned = [
        Label::PartialRefund,
        Label::FullRefund,
        Label::Reversal,
        Label::Chargeback,
        Label::StatusMismatch,
    ];
    // What takes longer happens early in the month, so that it has settled when the month ends.
    let (first, last) = if labels.has(Label::NotDue) {
        (26, 28)
    } else if labels.has(Label::Late) {
        (1, 13)
    } else if labels.has_any(&returned) {
        (1, 17)
    } else if labels.has(Label::MissingInSettlement) {
        (1, 22)
    } else {
        (1, 25)
    };
    let (from, until) = if labels.has(Label::CutoffShift) {
        (0, LAST_NIGHT_ORDER)
    } else if labels.has(Label::DuplicateOrder) {
        (MORNING, LAST_DUPLICATED_ORDER)
    } else {
        (MORNING, LAST_ORDER)
    };
    let total = match labels.first {
        Label::MissingInSettlement | Label::NotDue | Label::DuplicateOrder | Label::NotPaid => {
            Total::Even
        }
        Label::DuplicateLine => Total::Odd,
        _ => Total::Any,
    };
    Needs { stores, first: FIRST_DAY + first - 1, last: FIRST_DAY + last - 1, total, from, until }
}

/// Store, day and basket: often those of an earlier order, so that many orders share all three.
fn place(
    rng: &mut Rng,
    needs: &Needs,
    orders: &[Order],
    single: &mut Vec<usize>,
) -> (StoreIndex, Day, Basket) {
    for _ in 0..2 {
        let chosen = rng.index(single.len());
        let twin = single.get(chosen).and_then(|&index| orders.get(index));
        if let Some(twin) = twin.filter(|twin| rng.percent(30) && needs.allow(twin)) {
            single.swap_remove(chosen);
            return (twin.store, seller_day(twin.placed), twin.basket.clone());
        }
    }
    single.push(orders.len());
    let at = if needs.stores.len() == ANY.len() { by_share(rng) } else { rng.pick(needs.stores) };
    (at, rng.between(needs.first, needs.last), fill(rng, at, needs.total))
}

fn by_share(rng: &mut Rng) -> StoreIndex {
    let mut draw = rng.below(STORES.iter().map(|store| store.share).sum());
    for (index, store) in STORES.iter().enumerate() {
        if draw < store.share {
            return index;
        }
        draw -= store.share;
    }
    0
}

/// A basket of one to three articles; an odd total comes from a discount below the price step.
fn fill(rng: &mut Rng, at: StoreIndex, total: Total) -> Basket {
    let store = store(at);
    let mut items: Vec<(usize, i64)> = Vec::new();
    for _ in 0..rng.pick(&[1, 1, 1, 2, 2, 3]) {
        let product = rng.index(PRODUCTS.len()).min(rng.index(PRODUCTS.len()));
        if items.iter().all(|(chosen, _)| *chosen != product) {
            items.push((product, rng.pick(&[1, 1, 1, 1, 2, 3])));
        }
    }
    let odd = total == Total::Odd || (total == Total::Any && rng.percent(30));
    let discount = if odd { rng.between(1, store.step / store.grain - 1) * store.grain } else { 0 };
    let shipping = rng.pick(&[0, 0, 4, 6]) * store.step;
    let goods: i64 = items.iter().map(|&(product, quantity)| price(at, product) * quantity).sum();
    Basket { items, shipping, discount, total: goods + shipping - discount }
}

/// The price of an article in minor units of the store's currency.
pub(super) fn price(at: StoreIndex, product: usize) -> i64 {
    PRODUCTS.get(product).map_or(0, |product| product.points) * store(at).step
}

/// A total that no order has: for payments whose order is unknown.
pub(super) fn odd_total(rng: &mut Rng, at: StoreIndex) -> i64 {
    fill(rng, at, Total::Odd).total
}

/// Gives every order its number: per store in the order of time, four digits in the first half of
/// the month and five after, so that some numbers contain others (`KE-1001`, `KE-10011`).
pub(super) fn number(orders: &mut [Order]) {
    let mut by_time: Vec<usize> = (0..orders.len()).collect();
    by_time.sort_by_key(|&index| (orders.get(index).map(|order| order.placed), index));
    let mut counts = [0_i64; STORES.len()];
    for order in orders.iter() {
        if let Some(count) = counts.get_mut(order.store) {
            *count += 1;
        }
    }
    let mut seen = [0_i64; STORES.len()];
    for (rank, index) in (0_i64..).zip(by_time) {
        let Some(order) = orders.get_mut(index) else { continue };
        let (Some(count), Some(seen)) = (counts.get(order.store), seen.get_mut(order.store)) else {
            continue;
        };
        let short = (count / 2).min(8_999);
        let number = if *seen < short { 1_001 + *seen } else { 10_010 + *seen - short };
        *seen += 1;
        order.number = format!("{}-{number}", store(order.store).code);
        order.id = 6_601_118_400_000 + rank * 32_768;
        order.payment_reference = format!("c{}.1", 38_250_443_112_705 + rank * 4_096);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_even_or_odd_as_asked() {
        let mut rng = Rng::new(5, 0);
        for at in ANY {
            for _ in 0..200 {
                let step = store(at).step;
                assert_eq!(fill(&mut rng, at, Total::Even).total % step, 0);
                assert_ne!(fill(&mut rng, at, Total::Odd).total % step, 0);
            }
        }
    }
}
