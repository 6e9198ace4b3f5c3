//! Decides what the sample data are: a seeded, realistic month of a marketplace seller in Kenya,
//! Nigeria, Uganda and Côte d'Ivoire with errors planted in it, and the truth about every row.
//!
//! The month is planted by code of its own that uses nothing of the engine, so that what the
//! engine finds can be held against it. The same options give the same bytes on every platform.
//!
//! [`generate`] gives the files; [`command`] gives the command line that reconciles them.

mod clock;
mod contract;
mod faults;
mod labels;
mod market;
mod money;
#[cfg(test)]
mod oracle;
mod orders;
mod payouts;
mod plan;
mod provider;
mod rates;
mod rng;
mod settlement;
mod sheet;
mod shop;
#[cfg(test)]
mod tests;
mod truth;

/// Name of the orders file: Shopify's orders export.
pub const ORDERS: &str = "orders.csv";
/// Name of the settlement file: MFS Africa's lines.
pub const SETTLEMENT: &str = "mfs.csv";
/// Name of the fee contract.
pub const CONTRACT: &str = "fees.toml";
/// Name of the exchange rates.
pub const RATES: &str = "fx.csv";
/// Name of the truth about every row.
pub const TRUTH: &str = "truth.json";
/// The most orders that a sample month has.
pub const MOST_ORDERS: u32 = 200_000;

/// What to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Every seed gives another month.
    pub seed: u64,
    /// How many orders the shop has, 1 to [`MOST_ORDERS`] (other numbers are taken as the nearest
    /// of these). From 300 on every planted label is on at least one row in a hundred.
    pub orders: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options { seed: 1, orders: 2_000 }
    }
}

/// The files of a sample month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// [`ORDERS`].
    pub orders_csv: Vec<u8>,
    /// [`SETTLEMENT`].
    pub settlement_csv: Vec<u8>,
    /// [`CONTRACT`].
    pub fees_toml: String,
    /// [`RATES`]: `date,base,quote,rate`.
    pub fx_csv: String,
    /// [`TRUTH`]: `{"as_of", "rows": {row name: {"label", "codes", "match"}}}`.
    pub truth_json: Vec<u8>,
    /// The local date up to which the month is looked at.
    pub as_of: String,
    /// The time zone of that date.
    pub timezone: String,
}

impl Files {
    /// Every file with its name.
    #[must_use]
    pub fn named(&self) -> [(&'static str, &[u8]); 5] {
        [
            (ORDERS, &self.orders_csv),
            (SETTLEMENT, &self.settlement_csv),
            (CONTRACT, self.fees_toml.as_bytes()),
            (RATES, self.fx_csv.as_bytes()),
            (TRUTH, &self.truth_json),
        ]
    }
}

/// Generates a sample month.
#[must_use]
pub fn generate(options: &Options) -> Files {
    let count = options.orders.clamp(1, MOST_ORDERS);
    let stream = |number: u64| rng::Rng::new(options.seed, number);
    let rates = rates::Rates::draw(&mut stream(1));
    let cases = plan::cases(&mut stream(2), count);
    let mut orders = shop::draw(&mut stream(3), &cases);
    shop::number(&mut orders);
    let unknown = plan::unknown_payments(count);
    let mut lines = provider::settle(&mut stream(4), &rates, &cases, &mut orders, unknown);
    payouts::pay_out(&mut lines);
    settlement::arrange(&mut lines, &mut orders);
    let settlement_csv = settlement::write(&mut stream(5), &lines);
    let (orders_csv, starts) = orders::write(options.seed, &orders);
    let truth_json = truth::write(cases.len(), &orders, &starts, &lines);
    Files {
        orders_csv,
        settlement_csv,
        fees_toml: contract::fees_toml(),
        fx_csv: rates.csv(),
        truth_json,
        as_of: clock::AS_OF.to_owned(),
        timezone: clock::TIMEZONE.to_owned(),
    }
}

/// The command line that reconciles a sample month written to the folder `dir`, for a POSIX shell.
#[must_use]
pub fn command(dir: &str, program: &str) -> String {
    let folder = if dir.starts_with('-') { format!("./{dir}") } else { dir.to_owned() };
    let folder = if folder.is_empty() { ".".to_owned() } else { folder };
    let between = if folder.ends_with('/') { "" } else { "/" };
    let file = |name: &str| quoted(&format!("{folder}{between}{name}"));
    format!(
        "{} reconcile --orders {} --settlement {} --contract {} --rates {} --as-of {} --timezone {}",
        quoted(program),
        file(ORDERS),
        file(SETTLEMENT),
        file(CONTRACT),
        file(RATES),
        clock::AS_OF,
        clock::TIMEZONE,
    )
}

/// The word as a POSIX shell reads it back.
fn quoted(word: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    if !word.is_empty() && word.bytes().all(safe) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
