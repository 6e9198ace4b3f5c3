//! The rule book: every matching rule and every code in English and Chinese, with the cases that show
//! it, written from the registry, the modules' own words and the golden cases.
//!
//! `cargo xtask rules` writes `tests/RULES.md`; a test holds that it is current.

use std::fs;
use std::path::Path;

use super::elements;
use super::golden::{self, Golden, name, sorted};
use crossfoot::codes::{Code, Family};
use crossfoot::matching::Rule;
use serde_json::Value;

const HEAD: &str = "\
# Rule book · 规则手册

Every matching rule and every code: what it means, and the cases that show where it applies and where it just does not.
`cargo xtask rules` writes this file from the code and from the cases; the tests hold that it is current.

每条匹配规则与每个代码的含义，以及说明其适用与不适用之处的案例。本文件由 `cargo xtask rules` 根据代码与案例生成，测试保证其为最新。
";

/// What a family is about, in English and Chinese.
fn family(family: Family) -> (&'static str, &'static str) {
    match family {
        Family::Presence => ("whether both sides have it", "双方是否都有"),
        Family::Amount => ("how much", "金额"),
        Family::Currency => ("currency and exchange rate", "币种与汇率"),
        Family::Fees => ("fees", "费用"),
        Family::Lifecycle => ("status and lifecycle", "状态与生命周期"),
        Family::Time => ("when", "时间"),
        Family::Aggregation => ("totals and shares", "汇总与分账"),
        Family::Decision => ("decisions that a person must take", "需要人工决定"),
        Family::DataQuality => ("the quality of the data", "数据质量"),
    }
}

pub(crate) fn source(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)).unwrap()
}

/// The words that stand above a code in the registry: English, Chinese.
pub(crate) fn meaning(registry: &str, code: Code) -> [String; 2] {
    let marker = format!("        {code:?} = \"");
    let (before, _) = registry.split_once(&marker).expect("a code of the registry");
    let mut lines: Vec<&str> =
        before.lines().rev().map_while(|line| line.trim().strip_prefix("///")).collect();
    lines.reverse();
    let text = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
    let (english, chinese) = text.split_once("\n\n").expect("English, an empty line, Chinese");
    [english, chinese].map(|words| words.replace('\n', " "))
}

/// The words of a rule's module, with its headings one level down.
pub(crate) fn words(rule: Rule) -> (String, String) {
    let start = rule.name().to_lowercase() + "_";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/matching/rules");
    let file = sorted(&folder).into_iter().find(|path| name(path).starts_with(&start));
    let file = file.expect("the file of a rule");
    let text = fs::read_to_string(&file).unwrap();
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    let lines: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let from = lines.iter().position(|line| line.starts_with("## ")).expect("headings");
    let mut out = String::new();
    for line in &lines[from..] {
        match line.strip_prefix("## ") {
            Some(heading) => out.push_str(&format!("\n**{heading}**\n")),
            None => out.push_str(&format!("{line}\n")),
        }
    }
    (format!("src/matching/rules/{}", name(&file)), out)
}

/// The cases of a rule or code, those where it applies first.
fn cases(all: &[Golden], about: &str) -> String {
    let mut own: Vec<&Golden> = all.iter().filter(|case| case.about == about).collect();
    own.sort_by_key(|case| name(&case.folder).starts_with("near-miss-"));
    let line = |case: &&Golden| {
        let miss = name(&case.folder).starts_with("near-miss-");
        let mark = if miss { "near miss · 差一点：" } else { "" };
        format!("- {mark}[{}](golden/{}/)\n", case.case.it, case.place())
    };
    own.iter().map(line).collect()
}

/// What is said of a code where it is the only one, in English and Chinese.
fn said(all: &[Golden], code: Code) -> Option<[String; 2]> {
    let own = all.iter().filter(|case| case.about == code.name());
    own.flat_map(|case| {
        // It may be about to be written beside this.
        let text = fs::read_to_string(case.folder.join("expected.json")).unwrap_or_default();
        let document: Value = serde_json::from_str(&text).unwrap_or_default();
        document["exceptions"].as_array().cloned().unwrap_or_default()
    })
    .find(|exception| {
        let facts = elements(exception, "facts");
        facts.len() == 1 && facts[0]["code"] == code.name()
    })
    .map(|exception| {
        ["en", "zh-Hans"]
            .map(|tongue| exception["explanation"][tongue].as_str().unwrap().to_owned())
    })
}

fn of_rule(all: &[Golden], rule: Rule) -> String {
    let (english, chinese) = rule.title();
    let (file, words) = words(rule);
    format!(
        "\n### {} · {english} · {chinese}\n{words}\n[{file}](../{file})\n\n{}",
        rule.name(),
        cases(all, rule.name())
    )
}

fn of_code(all: &[Golden], registry: &str, code: Code) -> String {
    let [english, chinese] = meaning(registry, code);
    let mut out = format!(
        "\n### {} · {} · {}\n\n{english}\n{chinese}\n\n",
        code.name(),
        code.title(),
        code.zh()
    );
    if code.is_info() {
        out.push_str("A note on a match or a payout: never open, nothing to act on. 仅作备注，无需处理。\n\n");
    } else {
        let rank = code.precedence();
        out.push_str(&format!("As a headline it has rank {rank}. 标题优先级 {rank}。\n\n"));
    }
    if let Some([english, chinese]) = said(all, code) {
        out.push_str(&format!("> {english}\n> {chinese}\n\n"));
    }
    let cases = cases(all, code.name());
    out.push_str(if cases.is_empty() {
        "No check of this version states it. 本版本没有检查会给出此代码。\n"
    } else {
        &cases
    });
    out
}

pub(crate) fn book() -> String {
    let all = golden::all();
    let registry = source("codes.rs");
    let mut out = HEAD.to_owned();
    out.push_str("\n## Matching rules, in the order in which they run · 匹配规则（按执行顺序）\n");
    out.extend(Rule::ALL.iter().map(|rule| of_rule(&all, *rule)));
    let mut last = None;
    let mut codes: Vec<Code> = Code::ALL.to_vec();
    codes.sort_by_key(|code| code.family());
    for code in codes {
        if last != Some(code.family()) {
            last = Some(code.family());
            let (english, chinese) = family(code.family());
            let letter = code.family().letter();
            out.push_str(&format!("\n## {letter} · {english} · {chinese}\n"));
        }
        out.push_str(&of_code(&all, &registry, code));
    }
    out
}
