//! The answer of the verifier: which checks hold, and where the others fail.

use crate::entry::named;

named! {
    /// What is checked. The written name never changes within a schema.
    CheckName {
        /// The bytes stand as schema 1 lays them out.
        Layout = "layout",
        /// `result_sha256` is that of the document.
        Seal = "seal",
        /// The checksum of each section is that of its lines.
        Sections = "sections",
        /// The certificate of each source is that of its entries.
        Certificates = "certificates",
        /// Every row that was read became an entry, is structural, or was rejected.
        Sources = "sources",
        /// Every row has one name, and every name that is used is one of a row.
        Names = "names",
        /// Amounts, dates and codes are well formed and agree with each other.
        Fields = "fields",
        /// Each row's identity is the hash of what the row says.
        Identities = "identities",
        /// Entries, matches and exceptions stand in the one order that they can have.
        Order = "order",
        /// Every entry ends in exactly one place, and that place knows it.
        Partition = "partition",
        /// The parts of each match add up to received − expected.
        Matches = "matches",
        /// Every exception and note says what its rows say.
        Facts = "facts",
        /// What several exceptions have for a cause.
        Causes = "causes",
        /// Σ inputs = Σ over the places where the money ended, for every side, kind and currency.
        Totals = "totals",
        /// Expected, received, explained and unexplained of each currency.
        Summary = "summary",
        /// The lines of each payout add up as it says.
        Payouts = "payouts",
        /// The numbers of entries, matches and exceptions.
        Counts = "counts",
        /// The document says of itself that it balances, and it does.
        Balance = "balance",
        /// Every entry is a row of the sources; only where the sources are given.
        Rows = "rows",
        /// The same sources and settings give the same document; only where both are given.
        Repeated = "repeated",
    }
}

impl CheckName {
    /// What the check says when it holds, in English.
    pub fn title(self) -> &'static str {
        match self {
            Self::Layout => "The document is laid out as schema 1 says",
            Self::Seal => "The checksum of the whole document fits",
            Self::Sections => "The checksum of each section fits",
            Self::Certificates => "The certificate of each source fits its entries",
            Self::Sources => "Every row that was read is accounted for",
            Self::Names => "Every row has one name, and every name is one of a row",
            Self::Fields => "Amounts, dates and codes are well formed",
            Self::Identities => "Each row's identity is the hash of what the row says",
            Self::Order => "Everything stands in its one order",
            Self::Partition => "Every entry ends in exactly one place",
            Self::Matches => "The parts of each match add up",
            Self::Facts => "Exceptions and notes say what their rows say",
            Self::Causes => "Causes are those of their exceptions",
            Self::Totals => "What came in is what ended somewhere",
            Self::Summary => "Received less expected is explained plus unexplained",
            Self::Payouts => "What is said of each payout is what its lines add up to",
            Self::Counts => "The counts are right",
            Self::Balance => "The document balances",
            Self::Rows => "Every entry is a row of the files, and every row is there",
            Self::Repeated => "The same files and settings give the same result again",
        }
    }

    /// What the check says when it holds, in Simplified Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Layout => "文档结构符合 schema 1",
            Self::Seal => "整份文档的校验和一致",
            Self::Sections => "各部分的校验和一致",
            Self::Certificates => "各来源的凭证与其条目一致",
            Self::Sources => "读取的每一行都有去处",
            Self::Names => "行名唯一且均存在",
            Self::Fields => "金额、日期与代码书写规范",
            Self::Identities => "每行的标识与其内容一致",
            Self::Order => "各项顺序唯一且正确",
            Self::Partition => "每个条目恰有一个去处",
            Self::Matches => "每个匹配的差额构成相符",
            Self::Facts => "异常与备注同所涉行相符",
            Self::Causes => "原因与其所涉异常相符",
            Self::Totals => "各方各类各币种进出相等",
            Self::Summary => "实收减应收等于已解释加未解释",
            Self::Payouts => "每笔打款的说明与其明细相符",
            Self::Counts => "各项计数正确",
            Self::Balance => "整体平衡",
            Self::Rows => "每个条目都来自源文件，源文件的每一行都在其中",
            Self::Repeated => "相同的文件与设置再次得出相同的结果",
        }
    }
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, in one English sentence.
    pub what: String,
    /// A row name, a match or exception id, a total, or a line of the document.
    pub place: String,
    /// What the document says; empty where there is nothing to quote.
    pub stated: String,
    /// What follows from the rest of the document; empty where nothing does.
    pub computed: String,
}

/// One check and what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Which check.
    pub name: CheckName,
    /// Whether it holds.
    pub ok: bool,
    /// How often it failed.
    pub failures: u64,
    /// The first failures, at most [`Check::FINDINGS_KEPT`].
    pub findings: Vec<Finding>,
}

impl Check {
    /// Findings that are kept of one check; further ones are counted only.
    pub const FINDINGS_KEPT: usize = 100;
}

/// What was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Bytes of the document.
    pub bytes: u64,
    /// Lines of the document.
    pub lines: u64,
    /// Sources.
    pub sources: u64,
    /// Entries.
    pub entries: u64,
    /// Matches.
    pub matches: u64,
    /// Exceptions.
    pub exceptions: u64,
}

/// Whether a document proves itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the whole document was read and every check holds.
    pub holds: bool,
    /// Whether the document was read to its end; if not, only checks that failed are listed.
    pub complete: bool,
    /// Every check that was asked for, in the order of [`CheckName`].
    pub checks: Vec<Check>,
    /// What was checked.
    pub counts: Counts,
}

impl Verdict {
    /// Adds a check that was made elsewhere.
    pub fn add(&mut self, check: Check) {
        self.holds &= check.ok;
        self.checks.push(check);
    }

    /// Every finding that was kept, with its check.
    pub fn findings(&self) -> impl Iterator<Item = (CheckName, &Finding)> {
        self.checks.iter().flat_map(|check| check.findings.iter().map(|f| (check.name, f)))
    }
}

/// Findings as they come in, by check.
#[derive(Debug)]
pub(super) struct Findings {
    checks: Vec<Check>,
    /// Whether the rows of the sources are there to be asked.
    pub(super) with_rows: bool,
}

impl Findings {
    pub(super) fn new() -> Self {
        let blank =
            |name: &CheckName| Check { name: *name, ok: true, failures: 0, findings: Vec::new() };
        Self { checks: CheckName::ALL.iter().map(blank).collect(), with_rows: false }
    }

    /// Records a failure; the texts are made only if they are kept.
    pub(super) fn add(&mut self, name: CheckName, finding: impl FnOnce() -> Finding) {
        let Some(check) = self.checks.get_mut(name as usize) else { return };
        check.ok = false;
        check.failures = check.failures.saturating_add(1);
        if check.findings.len() < Check::FINDINGS_KEPT {
            check.findings.push(finding());
        }
    }

    /// Records that something stated is not what was computed.
    pub(super) fn differs(
        &mut self,
        name: CheckName,
        what: &str,
        place: impl FnOnce() -> String,
        (stated, computed): (impl ToString, impl ToString),
    ) {
        self.add(name, || Finding {
            what: what.to_owned(),
            place: place(),
            stated: stated.to_string(),
            computed: computed.to_string(),
        });
    }

    /// Compares two values and records a difference.
    pub(super) fn equal<T: PartialEq + ToString>(
        &mut self,
        name: CheckName,
        what: &str,
        place: impl FnOnce() -> String,
        (stated, computed): (T, T),
    ) {
        if stated != computed {
            self.differs(name, what, place, (stated, computed));
        }
    }

    pub(super) fn into_verdict(self, complete: bool, counts: Counts) -> Verdict {
        let mut checks = self.checks;
        checks.retain(|check| match check.name {
            CheckName::Rows => self.with_rows,
            // Whoever makes the document again adds it.
            CheckName::Repeated => false,
            _ => true,
        });
        if !complete {
            // The others were not asked to the end, so they cannot be said to hold.
            checks.retain(|check| !check.ok);
        }
        let holds = complete && checks.iter().all(|check| check.ok);
        Verdict { holds, complete, checks, counts }
    }
}
