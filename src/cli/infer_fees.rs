//! `crossfoot infer-fees`: settlement files in, the fee contract that they follow out.

use std::path::PathBuf;

use clap::Args;
use crossfoot::error::Error;
use crossfoot::infer::{
    FIELDS, Finding, Stated, contract_text, findings_text, gather, infer, tax_apart,
};
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::table::read_table;

use super::given::{Given, Settlements};
use super::output::{Spoken, say, write_chunks};
use super::{Done, RECONCILED};

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct InferFees {
    /// What the payment providers settled; `-` reads standard input
    #[arg(long, num_args = 1.., value_name = "FILE", required = true)]
    settlement: Vec<PathBuf>,
    /// Read a file by a named profile (see `crossfoot profiles`)
    #[arg(long, value_name = "FILE=NAME")]
    profile: Vec<String>,
    /// A mapping of your own, as JSON with the schema of a profile
    #[arg(long, value_name = "FILE.json")]
    mapping: Vec<PathBuf>,
    /// A mapping in one line: 'FILE: field=column, …' (fields: see `crossfoot reconcile --help`)
    #[arg(long, value_name = "'FILE: field=column, …'")]
    columns: Vec<String>,
    /// The zone of files that state none
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    timezone: String,
    /// The currency of files that state none
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// The password of archives
    #[arg(long, value_name = "TEXT")]
    password: Option<String>,
    /// Where to write the contract; `-` for standard output [default: only what was found is printed]
    #[arg(long, value_name = "fees.toml")]
    out: Option<PathBuf>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value = "en")]
    language: Spoken,
    /// Print nothing
    #[arg(long)]
    quiet: bool,
}

const HELP: &str = "What was found is printed for each currency, kind of line, method, country and
pair of currencies: the fee, how many lines it gives to the minor unit, the lines that it does not
give, and from which day. Where the lines do not determine a fee, it says what is missing.
The contract is read by `crossfoot reconcile --contract fees.toml`.";

impl InferFees {
    pub(crate) fn run(&self) -> Done {
        let given = Given::from(Settlements {
            settlement: self.settlement.clone(),
            profile: self.profile.clone(),
            mapping: self.mapping.clone(),
            columns: self.columns.clone(),
            timezone: self.timezone.clone(),
            currency: self.currency.clone(),
            password: self.password.clone(),
        });
        let run = given.run(self.quiet)?;
        let stated = stated(&given)?;
        let groups = gather(&run.entries, &stated);
        if groups.is_empty() {
            return Err(Error::new(
                "arguments/no-fees",
                "no line of the files has an amount and a fee",
            )
            .remedy_is("map the columns with --columns 'FILE: amount=…, fee=…, currency=…'"));
        }
        let findings: Vec<Finding<'_>> = groups
            .iter()
            .map(|group| Finding {
                group,
                segments: infer(&group.lines, FIELDS.len()),
                tax: tax_apart(&group.taxes),
            })
            .collect();
        if let Some(out) = &self.out {
            let name = run.sources.iter().map(|source| source.file.as_str()).collect::<Vec<_>>();
            let mut text = Some(contract_text(&name.join(", "), &findings).into_bytes());
            write_chunks(out, || text.take())?;
        }
        let to_stdout = self.out.as_ref().is_some_and(|out| out.as_os_str() == "-");
        if !self.quiet && !to_stdout {
            let language = self.language.language();
            let row = |id| run.row_name(id);
            say(&findings_text(&findings, &run.entries, &stated, &row, language));
        }
        Ok(RECONCILED)
    }
}

/// The rates that the files state in columns of their own. Standard input is read only once.
fn stated(given: &Given) -> Result<Stated, Error> {
    let mut stated = Stated::default();
    for (at, (name, bytes)) in given.bytes()?.into_iter().enumerate() {
        let Ok(source) = u16::try_from(at) else { break };
        // What is no table states no rate.
        if let Ok(table) = read_table(&name, &bytes, native_decoder) {
            stated.take(source, &table);
        }
    }
    Ok(stated)
}
