//! The golden cases of rules and codes, as folders of `tests/golden/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use serde::Deserialize;

use super::{Source, carry, reconcile, run};

/// What `case.toml` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What the case shows, as a sentence.
    pub(crate) it: String,
    pub(crate) as_of: String,
    pub(crate) timezone: String,
    pub(crate) currency: Option<String>,
    /// Names of files in the folder.
    #[serde(default)]
    pub(crate) orders: Vec<String>,
    #[serde(default)]
    pub(crate) settlement: Vec<String>,
    #[serde(default)]
    pub(crate) bank: Vec<String>,
    #[serde(default)]
    pub(crate) webhook: Vec<String>,
    /// By which the deliveries of `webhook` are signed.
    pub(crate) secret: Option<String>,
    pub(crate) contract: Option<String>,
    pub(crate) calendar: Option<String>,
    pub(crate) rates: Option<String>,
    pub(crate) rules: Option<String>,
    /// The run before, whose carry-forward file this run takes up.
    pub(crate) before: Option<Before>,
    pub(crate) expect: Expect,
}

/// A run before, under the same terms; its carry-forward file is `before.crossfoot`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Before {
    pub(crate) as_of: String,
    #[serde(default)]
    pub(crate) orders: Vec<String>,
    #[serde(default)]
    pub(crate) settlement: Vec<String>,
    #[serde(default)]
    pub(crate) bank: Vec<String>,
}

/// What must come out, worked out by hand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    /// `"M020 orders.csv:2 = mfs.csv:2 + mfs.csv:3"`; of payouts, `"M110 mfs.csv:4 = bank.csv:2"`.
    pub(crate) matches: BTreeSet<String>,
    /// The codes of every row that has any, and of every file (by its name) that has any itself.
    #[serde(default)]
    pub(crate) codes: BTreeMap<String, BTreeSet<String>>,
    /// The ends of rows that are neither matched nor have a code.
    #[serde(default)]
    pub(crate) ends: BTreeMap<String, String>,
    /// `"KES fee" = "-27.50"`: every explained part.
    #[serde(default)]
    pub(crate) explained: BTreeMap<String, String>,
    /// The unexplained money of every currency in which money moved.
    #[serde(default)]
    pub(crate) unexplained: BTreeMap<String, String>,
}

/// A case and where it stands.
pub(crate) struct Golden {
    /// The rule or code that its folder is about.
    pub(crate) about: String,
    pub(crate) folder: PathBuf,
    pub(crate) case: Case,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

pub(crate) fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

pub(crate) fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// The folders of rules and codes; others (`profiles`, `proof`) belong to other tests.
pub(crate) fn folders() -> Vec<PathBuf> {
    let about = |path: &PathBuf| name(path).starts_with(|letter: char| letter.is_ascii_uppercase());
    sorted(&root()).into_iter().filter(about).collect()
}

/// Every case of every folder.
pub(crate) fn all() -> Vec<Golden> {
    let mut all = Vec::new();
    for about in folders() {
        for folder in sorted(&about) {
            let text = fs::read_to_string(folder.join("case.toml")).unwrap();
            let case: Case = toml::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            let (about, _) = name(&about).split_once('-').expect("CODE-name");
            all.push(Golden { about: about.to_owned(), folder, case });
        }
    }
    all
}

impl Golden {
    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file))
            .unwrap_or_else(|error| panic!("{}: {file}: {error}", self.folder.display()))
    }

    pub(crate) fn settings(&self) -> Settings {
        let terms = self.terms();
        let Some(before) = &self.case.before else { return terms };
        let earlier = Settings { as_of: Some(before.as_of.clone()), ..terms.clone() };
        let sources = self.files(&before.orders, &before.settlement, &before.bank);
        let run = run(&earlier, &sources).unwrap_or_else(|error| panic!("{error}"));
        let name = Some("before.crossfoot".to_owned());
        Settings { carry: Some(carry(&run)), carry_name: name, ..terms }
    }

    fn terms(&self) -> Settings {
        let text = |file: &Option<String>| file.as_deref().map(|file| self.text(file));
        Settings {
            as_of: Some(self.case.as_of.clone()),
            timezone: Some(self.case.timezone.clone()),
            currency: self.case.currency.clone(),
            contract: text(&self.case.contract),
            calendar: text(&self.case.calendar),
            rates: text(&self.case.rates),
            rules: text(&self.case.rules),
            ..Settings::default()
        }
    }

    pub(crate) fn sources(&self) -> Vec<Source> {
        let mut sources = self.files(&self.case.orders, &self.case.settlement, &self.case.bank);
        let logs = self.case.webhook.iter().map(|file| {
            let bytes = fs::read(self.folder.join(file)).expect("a file");
            Source::new(file, Side::Webhook, bytes)
        });
        sources.extend(logs.map(|log| Source { secret: self.case.secret.clone(), ..log }));
        sources
    }

    fn files(&self, orders: &[String], settlement: &[String], bank: &[String]) -> Vec<Source> {
        let of = |files: &[String], side| -> Vec<Source> {
            let read = |file: &String| fs::read(self.folder.join(file)).expect("a file");
            files.iter().map(|file| Source::new(file, side, read(file))).collect()
        };
        let mut sources = of(orders, Side::Orders);
        sources.extend(of(settlement, Side::Settlement));
        sources.extend(of(bank, Side::Bank));
        sources
    }

    pub(crate) fn place(&self) -> String {
        self.folder.strip_prefix(root()).unwrap().display().to_string()
    }

    pub(crate) fn result(&self) -> String {
        reconcile(&self.settings(), &self.sources())
    }
}
