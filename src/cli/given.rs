//! What a run is given on the command line: files, how each is read, and the terms.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use crossfoot::engine::{Config, Job, Phase, Settings};
use crossfoot::entry::Side;
use crossfoot::error::Error;
use crossfoot::ingest::columns_flag::parse_columns;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::prepared;
use crossfoot::ingest::reader::{Mapping, SourceSpec};
use crossfoot::report::Run;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest as _, Sha256};

use super::intake::{File, Input};
use super::output::{CHUNK, file_name, io_error, open, read_file, read_text};

/// Entries that are worked on between two looks at the progress.
const BUDGET: u32 = 20_000;

/// Files, how each is read, and the terms that they are held against.
#[derive(Debug, Args)]
pub(crate) struct Given {
    /// What you expected: files of orders; `-` reads standard input
    #[arg(long, num_args = 1.., value_name = "FILE")]
    orders: Vec<PathBuf>,
    /// What the payment providers settled
    #[arg(long, num_args = 1.., value_name = "FILE")]
    settlement: Vec<PathBuf>,
    /// What arrived: bank statements (camt.053, MT940, BAI2, OFX, CSV), transactions and balances
    #[arg(long, num_args = 1.., value_name = "FILE")]
    bank: Vec<PathBuf>,
    /// What the provider pushed: logs of deliveries (webhooks), JSON Lines or a JSON array of
    /// {"received_at", "headers", "body"}
    #[arg(long, num_args = 1.., value_name = "FILE")]
    webhook: Vec<PathBuf>,
    /// The environment variable with the secret by which deliveries are signed; several secrets with
    /// commas between them. Without it signatures are not checked
    #[arg(long, value_name = "[FILE=]VARIABLE", requires = "webhook")]
    secret_env: Vec<String>,
    /// Read a file by a named profile (see `crossfoot profiles`)
    #[arg(long, value_name = "FILE=NAME")]
    profile: Vec<String>,
    /// Of which shop, marketplace or account a file speaks: order numbers are matched within it
    #[arg(long, value_name = "FILE=NAME")]
    scope: Vec<String>,
    /// A mapping of your own, as JSON with the schema of a profile; with a `signature` it is a
    /// profile, and reads the files that it recognises
    #[arg(long, value_name = "FILE.json")]
    mapping: Vec<PathBuf>,
    /// A mapping in one line: 'FILE: field=column, …' (fields below)
    #[arg(long, value_name = "'FILE: field=column, …'")]
    columns: Vec<String>,
    /// What the provider may charge, and when it pays out (TOML)
    #[arg(long, value_name = "fees.toml")]
    contract: Option<PathBuf>,
    /// Holidays and make-up working days for the contract's settlement cycle (CSV: date,kind)
    #[arg(long, value_name = "days.csv")]
    calendar: Option<PathBuf>,
    /// Reference exchange rates (CSV: date,base,quote,rate,source, or JSON with these)
    #[arg(long, value_name = "FILE")]
    rates: Option<PathBuf>,
    /// Tolerances, windows, which passes run, the pivot of rates, the clocks of files (TOML)
    #[arg(long, value_name = "rules.toml")]
    rules: Option<PathBuf>,
    /// The carry-forward file of the run before: what it left open is taken up, and what it closed
    /// stays closed
    #[arg(long, value_name = "prev.crossfoot")]
    carry: Option<PathBuf>,
    /// The last day to look at [default: the day after the latest instant in the files]
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<String>,
    /// The zone of --as-of, and of files that state none
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    timezone: String,
    /// The currency of files that state none
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// The password of archives
    #[arg(long, value_name = "TEXT")]
    password: Option<String>,
}

/// One source: a file on the command line, or a part of one.
struct Source {
    input: Input,
    side: Side,
    left_out: Vec<(String, String)>,
}

impl Source {
    /// Whether a flag that names `file` means this source: by its own name, or by that of its file.
    fn is_named(&self, file: &str) -> bool {
        let Input { name, path, .. } = &self.input;
        name == file || path == Path::new(file) || file_name(path) == file
    }

    /// The SHA-256 that the result states: of records it is that of the file that they were made of.
    fn sha256(&self, own: String) -> String {
        let held = self.input.held.as_deref();
        held.and_then(prepared::Source::of).map_or(own, |source| source.sha256)
    }
}

/// How settlements alone are read.
#[derive(Debug, Default)]
pub(crate) struct Settlements {
    pub(crate) settlement: Vec<PathBuf>,
    pub(crate) profile: Vec<String>,
    pub(crate) mapping: Vec<PathBuf>,
    pub(crate) columns: Vec<String>,
    pub(crate) timezone: String,
    pub(crate) currency: Option<String>,
    pub(crate) password: Option<String>,
}

impl From<Settlements> for Given {
    fn from(of: Settlements) -> Self {
        let Settlements { settlement, profile, mapping, columns, timezone, currency, password } =
            of;
        Self {
            orders: Vec::new(),
            settlement,
            bank: Vec::new(),
            webhook: Vec::new(),
            secret_env: Vec::new(),
            profile,
            scope: Vec::new(),
            mapping,
            columns,
            contract: None,
            calendar: None,
            rates: None,
            rules: None,
            carry: None,
            as_of: None,
            timezone,
            currency,
            password,
        }
    }
}

impl Given {
    /// The bytes of each source, in the order of the run.
    pub(crate) fn bytes(&self) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let bytes = |source: Source| match source.input.held {
            Some(bytes) => Ok((source.input.name, bytes)),
            None => Ok((source.input.name, read_file(&source.input.path)?)),
        };
        self.sources()?.into_iter().map(bytes).collect()
    }

    /// Reads everything and works it off.
    pub(crate) fn run(&self, quiet: bool) -> Result<Run, Error> {
        let config = Config::new(&self.settings()?).map_err(|error| self.in_own_file(error))?;
        let mut job = Job::new(config, native_decoder);
        let sources = self.sources()?;
        for (spec, size) in self.specs(&sources)? {
            job.add_source(spec, size);
        }
        let bar = bar(quiet);
        let sha256 = read_all(&mut job, &sources, &bar)?;
        refuse_copies(&sources, &sha256)?;
        while job.step(BUDGET) {
            show(&bar, &job);
        }
        bar.finish_and_clear();
        let mut run = job
            .finish()
            .ok_or_else(|| Error::new("engine/not-finished", "the run ended before its proof"))?;
        let files = sources.iter().zip(sha256).map(|(source, own)| source.sha256(own));
        run.set_sha256(files.collect());
        Ok(run)
    }

    /// Whether any file is named.
    pub(crate) fn names_files(&self) -> bool {
        let files = [&self.orders, &self.settlement, &self.bank, &self.webhook];
        files.iter().any(|files| !files.is_empty())
    }

    /// Whether anything is said that is not about one file.
    pub(crate) fn names_terms(&self) -> bool {
        let files = [&self.contract, &self.calendar, &self.rates, &self.rules, &self.carry];
        files.iter().any(|file| file.is_some()) || self.as_of.is_some()
    }

    fn settings(&self) -> Result<Settings, Error> {
        let text = |path: &Option<PathBuf>| path.as_deref().map(read_text).transpose();
        Ok(Settings {
            as_of: self.as_of.clone(),
            timezone: Some(self.timezone.clone()),
            currency: self.currency.clone(),
            contract: text(&self.contract)?,
            calendar: text(&self.calendar)?,
            rates: text(&self.rates)?,
            rules: text(&self.rules)?,
            carry: text(&self.carry)?,
            carry_name: self.carry.as_deref().map(file_name),
        })
    }

    /// Names the file of terms that an error is about.
    fn in_own_file(&self, error: Error) -> Error {
        let file = match error.code().split_once('/').map(|(area, _)| area) {
            Some("fees") => &self.contract,
            Some("calendar") => &self.calendar,
            Some("fx") => &self.rates,
            Some("rules") => &self.rules,
            _ => &None,
        };
        match file {
            Some(path) => error.in_file(&file_name(path)),
            None => error,
        }
    }

    fn sources(&self) -> Result<Vec<Source>, Error> {
        let mapped = |input: &Input| {
            let profiles = self.profile.iter().filter_map(|pair| Some(pair.rsplit_once('=')?.0));
            let columns = self.columns.iter().filter_map(|line| Some(line.split_once(':')?.0));
            !self.mapping.is_empty() || profiles.chain(columns).any(|file| input.name == file)
        };
        let of = |paths: &[PathBuf], side: Side| -> Result<Vec<Source>, Error> {
            let mut sources = Vec::new();
            for path in paths {
                let found = File::at(path, self.password.as_deref())?.sources(&mapped)?;
                let mut left_out = found.left_out;
                for input in found.taken {
                    let left_out = std::mem::take(&mut left_out);
                    sources.push(Source { input, side, left_out });
                }
            }
            Ok(sources)
        };
        let mut sources = of(&self.orders, Side::Orders)?;
        sources.extend(of(&self.settlement, Side::Settlement)?);
        sources.extend(of(&self.bank, Side::Bank)?);
        sources.extend(of(&self.webhook, Side::Webhook)?);
        if sources.is_empty() {
            return Err(Error::new("arguments/no-file", "there is nothing to reconcile")
                .remedy_is("name files with --orders and --settlement"));
        }
        Ok(sources)
    }

    /// How each source is read.
    fn specs(&self, sources: &[Source]) -> Result<Vec<(SourceSpec, Option<u64>)>, Error> {
        let mut specs: Vec<(SourceSpec, Option<u64>)> = sources
            .iter()
            .map(|source| {
                let size = match &source.input.held {
                    Some(bytes) => Some(bytes.len() as u64),
                    None => std::fs::metadata(&source.input.path).ok().map(|data| data.len()),
                };
                (self.spec(source), size)
            })
            .collect();
        let mut named = |file: &str, flag: &str, set: &mut dyn FnMut(&mut SourceSpec)| {
            let mut found = false;
            for ((spec, _), source) in specs.iter_mut().zip(sources) {
                if source.is_named(file) {
                    set(spec);
                    found = true;
                }
            }
            if found { Ok(()) } else { Err(unknown_file(flag, file)) }
        };
        for pair in &self.profile {
            let (file, name) = pair.rsplit_once('=').ok_or_else(|| {
                Error::new("arguments/profile", format!("--profile {pair} has no ="))
                    .remedy_is("write FILE=NAME")
            })?;
            named(file, "--profile", &mut |spec| spec.profile = Some(name.to_owned()))?;
        }
        for pair in &self.scope {
            let (file, name) = pair.rsplit_once('=').ok_or_else(|| {
                Error::new("arguments/scope", format!("--scope {pair} has no ="))
                    .remedy_is("write FILE=NAME")
            })?;
            named(file, "--scope", &mut |spec| spec.scope = Some(name.to_owned()))?;
        }
        for flag in &self.secret_env {
            let (file, variable) = match flag.rsplit_once('=') {
                Some((file, variable)) => (Some(file), variable),
                None => (None, flag.as_str()),
            };
            let secrets = secrets_in(variable)?;
            let logs = sources.iter().filter(|source| source.side == Side::Webhook);
            let logs: Vec<&str> = match file {
                Some(file) => vec![file],
                None => logs.map(|source| source.input.name.as_str()).collect(),
            };
            for file in logs {
                named(file, "--secret-env", &mut |spec| spec.secrets.add(&secrets))?;
            }
        }
        for line in &self.columns {
            let flag = parse_columns(line)?;
            let mapping = Mapping { profile: flag.mapping, completes: true };
            named(&flag.file, "--columns", &mut |spec| spec.mapping = Some(mapping.clone()))?;
        }
        for path in &self.mapping {
            let json = read_text(path)?;
            let mapping = crossfoot::ingest::mapping::parse_mapping(&json)
                .map_err(|error| error.in_file(&file_name(path)))?;
            for (spec, _) in specs.iter_mut() {
                // A mapping with a signature is a profile: it reads the files that it recognises.
                if !mapping.signature.is_empty() {
                    spec.own.push(mapping.clone());
                } else if mapping.fingerprint.is_some() {
                    spec.saved.push(mapping.clone());
                } else if mapping
                    .side
                    .as_deref()
                    .is_none_or(|side| spec.side.map(Side::name) == Some(side))
                    && spec.mapping.is_none()
                {
                    let profile = mapping.clone();
                    spec.mapping = Some(Mapping { profile, completes: false });
                }
            }
        }
        Ok(specs)
    }

    fn spec(&self, source: &Source) -> SourceSpec {
        SourceSpec {
            side: Some(source.side),
            left_out: source.left_out.clone(),
            ..SourceSpec::new(source.input.name.clone())
        }
    }
}

/// Progress, on a terminal only.
fn bar(quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg:10} {wide_bar} {percent:>3}%");
    ProgressBar::new(1000).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The text of an environment variable that holds secrets; an error never has it.
fn secrets_in(variable: &str) -> Result<String, Error> {
    let text = std::env::var(variable).unwrap_or_default();
    if text.trim().is_empty() {
        let message = format!("--secret-env names {variable}, which is not set");
        return Err(Error::new("arguments/secret-env", message)
            .remedy_is("set the environment variable to the secret that the provider signs with"));
    }
    Ok(text)
}

fn unknown_file(flag: &str, file: &str) -> Error {
    Error::new("arguments/unknown-file", format!("{flag} names {file}, which is not read"))
        .remedy_is("name it as it stands after --orders or --settlement")
}

/// Streams every source into the job, and returns the SHA-256 of each.
fn read_all(job: &mut Job, sources: &[Source], bar: &ProgressBar) -> Result<Vec<String>, Error> {
    let mut sha256 = vec![String::new(); sources.len()];
    while let Some(want) = job.wants() {
        let Some(source) = sources.get(want.source) else { break };
        let digest = sha256.get_mut(want.source);
        let mut hash = Sha256::new();
        let mut buffer = vec![0; CHUNK];
        let mut file: Box<dyn std::io::Read> = match &source.input.held {
            Some(bytes) => Box::new(bytes.as_slice()),
            None => open(&source.input.path)?,
        };
        loop {
            let count = file
                .read(&mut buffer)
                .map_err(|error| io_error(&source.input.path, "read", &error))?;
            let bytes = buffer.get(..count).unwrap_or_default();
            if bytes.is_empty() {
                break;
            }
            if digest.as_ref().is_some_and(|known| known.is_empty()) {
                hash.update(bytes);
            }
            job.push(bytes)?;
            show(bar, job);
        }
        job.end()?;
        if let Some(digest) = digest
            && digest.is_empty()
        {
            *digest = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        }
    }
    Ok(sha256)
}

/// The same bytes twice would count every row twice.
fn refuse_copies(sources: &[Source], sha256: &[String]) -> Result<(), Error> {
    for (index, digest) in sha256.iter().enumerate() {
        let earlier = sha256.iter().take(index).position(|other| other == digest);
        if let (Some(first), Some(copy)) =
            (earlier.and_then(|at| sources.get(at)), sources.get(index))
        {
            let message = format!("it is the same file as {}", first.input.name);
            return Err(Error::new("ingest/duplicate-file", message)
                .remedy_is("name it once only")
                .in_file(&copy.input.name));
        }
    }
    Ok(())
}

fn show(bar: &ProgressBar, job: &Job) {
    let progress = job.progress();
    bar.set_message(match progress.phase {
        Phase::Reading => "reading",
        Phase::Matching => "matching",
        Phase::Checking => "checking",
        Phase::Proving | Phase::Done => "proving",
    });
    bar.set_length(progress.total.unwrap_or(0).max(1));
    bar.set_position(progress.completed);
}
