//! Decides how the orders are written: Shopify's orders export, newest first, with one row per
//! article and the order's own fields on its first row only.

use super::clock::{AS_OF_DAY, DAY, push_seller_time, seller_day};
use super::market::{PRODUCTS, Store, store};
use super::money::push_amount;
use super::rng::Rng;
use super::sheet::Sheet;
use super::shop::{Order, Status, price};

const HEADER: [&str; 79] = [
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Fulfillment Status",
    "Fulfilled at",
    "Accepts Marketing",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Discount Code",
    "Discount Amount",
    "Shipping Method",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem compare at price",
    "Lineitem sku",
    "Lineitem requires shipping",
    "Lineitem taxable",
    "Lineitem fulfillment status",
    "Billing Name",
    "Billing Street",
    "Billing Address1",
    "Billing Address2",
    "Billing Company",
    "Billing City",
    "Billing Zip",
    "Billing Province",
    "Billing Country",
    "Billing Phone",
    "Shipping Name",
    "Shipping Street",
    "Shipping Address1",
    "Shipping Address2",
    "Shipping Company",
    "Shipping City",
    "Shipping Zip",
    "Shipping Province",
    "Shipping Country",
    "Shipping Phone",
    "Notes",
    "Note Attributes",
    "Cancelled at",
    "Payment Method",
    "Payment Reference",
    "Refunded Amount",
    "Vendor",
    "Outstanding Balance",
    "Employee",
    "Location",
    "Device ID",
    "Id",
    "Tags",
    "Risk Level",
    "Source",
    "Lineitem discount",
    "Tax 1 Name",
    "Tax 1 Value",
    "Tax 2 Name",
    "Tax 2 Value",
    "Tax 3 Name",
    "Tax 3 Value",
    "Tax 4 Name",
    "Tax 4 Value",
    "Tax 5 Name",
    "Tax 5 Value",
    "Phone",
    "Receipt Number",
    "Duties",
    "Billing Province Name",
    "Shipping Province Name",
    "Payment ID",
    "Payment Terms Name",
    "Next Payment Due At",
    "Payment References",
];

/// The file, and the physical line on which each order starts (by index into `orders`).
pub(super) fn write(seed: u64, orders: &[Order]) -> (Vec<u8>, Vec<usize>) {
    let mut newest_first: Vec<usize> = (0..orders.len()).collect();
    newest_first.sort_by_key(|&index| {
        std::cmp::Reverse(orders.get(index).map(|order| (order.placed, order.id)))
    });
    let mut sheet = Sheet::new(&HEADER);
    let mut lines = vec![0; orders.len()];
    for index in newest_first {
        if let (Some(order), Some(line)) = (orders.get(index), lines.get_mut(index)) {
            *line = sheet.line();
            write_order(&mut sheet, seed, order);
        }
    }
    (sheet.into_bytes(), lines)
}

/// Who ordered; invented, and the same for every row of an order.
struct Customer {
    name: String,
    email: String,
    street: String,
    city: &'static str,
    zip: String,
    province: &'static str,
    phone: String,
}

fn customer(rng: &mut Rng, store: &Store) -> Customer {
    let (first, last) = (rng.pick(store.first_names), rng.pick(store.last_names));
    let (city, zip, province) = rng.pick(store.cities);
    let ascii = |name: &str| -> String {
        name.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect()
    };
    Customer {
        name: format!("{first} {last}"),
        email: format!("{}.{}{}@example.com", ascii(first), ascii(last), rng.below(990) + 10),
        street: format!("{} {}", rng.below(180) + 1, rng.pick(store.streets)),
        city,
        zip: format!("'{zip}"),
        province,
        phone: format!("+{}{:08}", store.phone, rng.below(100_000_000)),
    }
}

fn write_order(sheet: &mut Sheet, seed: u64, order: &Order) {
    let store = store(order.store);
    // Of the number's own draws, so that a copy of the order has the same customer.
    let salt = order.number.bytes().fold(0_u64, |salt, byte| salt * 131 + u64::from(byte));
    let mut rng = Rng::new(seed, salt | 1 << 63);
    let customer = customer(&mut rng, store);
    let fulfilled = fulfilment(&mut rng, order);
    for (row, &(index, quantity)) in order.basket.items.iter().enumerate() {
        let Some(product) = PRODUCTS.get(index) else { continue };
        let first = row == 0;
        sheet.cell(&order.number);
        sheet.cell(&customer.email);
        if first {
            write_totals(sheet, &mut rng, order, fulfilled)
        } else {
            sheet.blanks(13)
        }
        sheet.with(|out| push_seller_time(out, order.placed));
        let shipped = if fulfilled.is_some() { "fulfilled" } else { "pending" };
        sheet.cell(&quantity.to_string());
        sheet.cell(product.name);
        write_amount(sheet, order, price(order.store, index));
        for cell in ["", product.sku, "true", "false", shipped] {
            sheet.cell(cell);
        }
        if first {
            write_people(sheet, store, &customer)
        } else {
            sheet.blanks(20)
        }
        if first {
            write_payment(sheet, &mut rng, order)
        } else {
            sheet.blanks(6)
        }
        sheet.cell(product.vendor);
        if first {
            write_origin(sheet, order)
        } else {
            sheet.blanks(8)
        }
        sheet.cell("0.00");
        sheet.blanks(10);
        sheet.cell(&customer.phone);
        sheet.blanks(2);
        sheet.cell(if first { customer.province } else { "" });
        sheet.cell(if first { customer.province } else { "" });
        let payment = if first { payment_reference(order) } else { "" };
        sheet.cell(payment);
        sheet.blanks(2);
        sheet.cell(payment);
        sheet.end_row();
    }
}

/// When the parcel left, if it left by the end of the month.
fn fulfilment(rng: &mut Rng, order: &Order) -> Option<i64> {
    let paid = order.paid.filter(|_| order.cancelled.is_none())?;
    let sent = paid + rng.between(1, 3) * DAY + rng.between(0, 7_200);
    Some(sent).filter(|sent| seller_day(*sent) <= AS_OF_DAY)
}

/// `Financial Status` to `Shipping Method`: 13 cells.
fn write_totals(sheet: &mut Sheet, rng: &mut Rng, order: &Order, fulfilled: Option<i64>) {
    let basket = &order.basket;
    sheet.cell(match order.status {
        Status::Paid => "paid",
        Status::Pending => "pending",
        Status::Voided => "voided",
        Status::Refunded => "refunded",
        Status::PartiallyRefunded => "partially_refunded",
    });
    write_time(sheet, order.paid);
    sheet.cell(if fulfilled.is_some() { "fulfilled" } else { "unfulfilled" });
    write_time(sheet, fulfilled);
    sheet.cell(if rng.percent(40) { "yes" } else { "no" });
    sheet.cell(store(order.store).currency.code);
    write_amount(sheet, order, basket.total - basket.shipping);
    write_amount(sheet, order, basket.shipping);
    write_amount(sheet, order, 0);
    write_amount(sheet, order, basket.total);
    sheet.cell(if basket.discount > 0 { "FEB26" } else { "" });
    write_amount(sheet, order, basket.discount);
    sheet.cell(if basket.shipping > 0 { "Standard" } else { "Free shipping" });
}

/// `Billing Name` to `Shipping Phone`: 20 cells.
fn write_people(sheet: &mut Sheet, store: &Store, customer: &Customer) {
    for _ in ["billing", "shipping"] {
        sheet.cell(&customer.name);
        sheet.cell(&customer.street);
        sheet.cell(&customer.street);
        sheet.blanks(2);
        sheet.cell(customer.city);
        sheet.cell(&customer.zip);
        sheet.cell(customer.province);
        sheet.cell(store.country);
        sheet.cell(&customer.phone);
    }
}

/// `Notes` to `Refunded Amount`: 6 cells.
fn write_payment(sheet: &mut Sheet, rng: &mut Rng, order: &Order) {
    let notes = ["", "", "", "", "", "", "Please call before delivery, thanks", "礼物，请勿附发票"];
    sheet.cell(rng.pick(&notes));
    sheet.cell("");
    write_time(sheet, order.cancelled);
    sheet.cell("MFS Africa");
    sheet.cell(payment_reference(order));
    write_amount(sheet, order, order.refunded);
}

/// `Outstanding Balance` to `Source`: 8 cells.
fn write_origin(sheet: &mut Sheet, order: &Order) {
    let open = order.status == Status::Pending;
    write_amount(sheet, order, if open { order.basket.total } else { 0 });
    sheet.blanks(3);
    sheet.cell(&order.id.to_string());
    sheet.cell("");
    sheet.cell("Low");
    sheet.cell("web");
}

fn write_time(sheet: &mut Sheet, instant: Option<i64>) {
    sheet.with(|out| {
        if let Some(instant) = instant {
            push_seller_time(out, instant);
        }
    });
}

/// The shop writes two digits after the point in every currency.
fn write_amount(sheet: &mut Sheet, order: &Order, minor: i64) {
    let hundredths = if store(order.store).currency.exponent == 0 { minor * 100 } else { minor };
    sheet.with(|out| push_amount(out, hundredths, 2));
}

fn payment_reference(order: &Order) -> &str {
    if order.status == Status::Pending { "" } else { &order.payment_reference }
}
