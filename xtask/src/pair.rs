//! A pair of large clean files for measurements: every order has its line, some 100 bytes a row.

use anyhow::{Context, Result};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// The lines of the settlement come in another order than the orders, but not in any order: a
/// provider writes by time of arrival.
const WINDOW: usize = 1000;

/// Writes `orders.csv` and `mfs.csv` with `rows` rows each into a folder; the same seed gives the
/// same bytes.
pub(crate) fn write(folder: &Path, rows: usize, seed: u64) -> Result<()> {
    let mut random = Random(seed | 1);
    let mut orders = create(folder, "orders.csv")?;
    let mut lines = create(folder, "mfs.csv")?;
    writeln!(orders, "order_number,created_at,currency,total,status,customer,store")?;
    writeln!(
        lines,
        "transaction_id,transaction_reference,type,status,currency,amount_received,fee_deduction,\
         settlement_currency,net_amount,created_at,settlement_date"
    )?;
    for start in (0..rows).step_by(WINDOW) {
        let mut window: Vec<Sale> = (start..rows.min(start + WINDOW))
            .map(|number| Sale::new(number, &mut random))
            .collect();
        for sale in &window {
            sale.write_order(&mut orders)?;
        }
        for last in (1..window.len()).rev() {
            window.swap(last, random.below(last + 1));
        }
        for sale in &window {
            sale.write_line(&mut lines)?;
        }
    }
    orders.flush().and_then(|()| lines.flush()).context("write the pair")
}

/// Writes `open-orders.csv` and `open-lines.csv` with `rows` rows each: no line names its order, and
/// the amounts of a day are such that within 0.25 each row has some fifty candidates.
pub(crate) fn write_without_references(folder: &Path, rows: usize, seed: u64) -> Result<()> {
    let mut random = Random(seed | 1);
    let mut orders = create(folder, "open-orders.csv")?;
    let mut lines = create(folder, "open-lines.csv")?;
    writeln!(orders, "order_number,created_at,currency,total,status")?;
    writeln!(lines, "transaction_id,type,status,currency,amount_received,net_amount,created_at")?;
    for number in 0..rows {
        let mut row = || (money(100_000 + random.below(rows) as u64), random.below(86_400));
        let ((ordered, at), (paid, paid_at)) = (row(), row());
        writeln!(orders, "KE-{number:07},{}Z,KES,{ordered},paid", instant(5, at))?;
        writeln!(
            lines,
            "T{number:011},payment,successful,KES,{paid},{paid},{}Z",
            instant(5, paid_at)
        )?;
    }
    orders.flush().and_then(|()| lines.flush()).context("write rows without references")
}

struct Sale {
    number: usize,
    transaction: u64,
    cents: u64,
    day: usize,
    second: usize,
    customer: usize,
}

impl Sale {
    fn new(number: usize, random: &mut Random) -> Self {
        Self {
            number,
            transaction: random.next(),
            cents: 10_000 + random.below(2_000_000) as u64,
            day: number * 28 / 1_000_000 % 28 + 1,
            second: random.below(86_400 - 600),
            customer: random.below(400_000),
        }
    }

    fn write_order(&self, out: &mut impl Write) -> std::io::Result<()> {
        writeln!(
            out,
            "KE-{:07},{}Z,KES,{},paid,customer-{:06}@mail.example,\"Nairobi, Store {:02}\"",
            self.number,
            instant(self.day, self.second),
            money(self.cents),
            self.customer,
            self.customer % 40,
        )
    }

    fn write_line(&self, out: &mut impl Write) -> std::io::Result<()> {
        let fee = self.cents * 15 / 1000;
        writeln!(
            out,
            "{:012X},KE-{:07},payment,successful,KES,{},{},KES,{},{}Z,2026-01-{:02}",
            self.transaction & 0xffff_ffff_ffff,
            self.number,
            money(self.cents),
            money(fee),
            money(self.cents - fee),
            instant(self.day, self.second + 300),
            self.day + 2,
        )
    }
}

fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn instant(day: usize, second: usize) -> String {
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("2026-01-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

fn create(folder: &Path, name: &str) -> Result<BufWriter<File>> {
    let path = folder.join(name);
    let file = File::create(&path).with_context(|| format!("create {}", path.display()))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

/// xorshift64*: small, seeded, and good enough to spread numbers.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        ((self.next() >> 33) % limit as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_one_line_for_each_order_and_about_100_bytes_a_row() {
        let folder = std::env::temp_dir().join(format!("xtask-pair-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        write(&folder, 2500, 7).unwrap();
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let (orders, lines) = (read("orders.csv"), read("mfs.csv"));
        let column = |text: &str, at: usize| {
            let mut cells: Vec<String> = text
                .lines()
                .skip(1)
                .map(|row| row.split(',').nth(at).unwrap().to_owned())
                .collect();
            cells.sort();
            cells
        };
        assert_eq!(column(&orders, 0), column(&lines, 1));
        assert_eq!(column(&orders, 3), column(&lines, 5));
        for text in [&orders, &lines] {
            assert_eq!(text.lines().count(), 2501);
            assert!((90..=115).contains(&(text.len() / 2501)), "{} bytes", text.len() / 2501);
        }
        write(&folder, 2500, 7).unwrap();
        assert_eq!(read("mfs.csv"), lines, "the same seed gives the same bytes");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
