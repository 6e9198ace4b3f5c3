/** The answer: what was expected, what came, how much of the difference is explained, and the proof. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { count, t } from "../i18n.ts";
import { icon } from "../icons.ts";
import { isZero, negated, showMoney, sum } from "../money.ts";
import { phrase } from "../phrases.ts";
import { show } from "../screens.ts";
import { filterExceptions, sample, stale, summary } from "../store/store.ts";
import { clearFiles } from "../store/intake.ts";
import { base } from "../styles/base.ts";
import { codeTitle, partName } from "../words.ts";
import { amount, money } from "../components/money-text.ts";
import "../chart/waterfall.ts";
import "../components/proof-panel.ts";
import type { Assumption, CodeCount, CurrencySummary, RunSummary } from "../../sdk/types.ts";

export class CfSummary extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; max-inline-size: 1160px; margin-inline: auto; }
      .answers { display: grid; grid-template-columns: minmax(0, 1fr); }
      .answers table { font-size: 14px; }
      .answers th, .answers td { vertical-align: middle; }
      .answer { font-size: 17px; line-height: 1.55; max-inline-size: 78ch; }
      .answer strong { font-weight: 600; }
      .causes { max-inline-size: 520px; }
      .causes th, .causes td { padding-block: 2px; vertical-align: middle; }
      .causes .total > * { padding-block: 8px; }
      .causes th[scope="row"] { padding-inline-start: 0; }
      .causes .pick { font-weight: 400; margin: 0; padding: 0 4px; }
      .tabs { display: flex; flex-wrap: wrap; gap: 4px; }
      .tabs button { min-block-size: 32px; padding: 0 12px; border-color: transparent; background: transparent; }
      .tabs button:hover { background: var(--cf-sunken); }
      .tabs button[aria-pressed="true"] { background: var(--cf-accent-soft); color: var(--cf-accent); font-weight: 600; }
      .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(212px, 1fr)); gap: 12px; }
      .tile { display: grid; align-content: start; justify-items: start; justify-content: stretch; gap: 2px; min-block-size: 0; padding: 14px 16px; text-align: start; white-space: normal; font-weight: 400; border-color: var(--cf-border); border-radius: var(--cf-radius); }
      .tile:hover { border-color: var(--cf-accent); background: var(--cf-surface); }
      .tile .what { font-weight: 600; }
      .tile .n { font-size: 22px; line-height: 1.3; font-weight: 600; }
      .tile .money { font-size: 12px; line-height: 1.5; color: var(--cf-muted); display: grid; justify-items: start; }
      .tile.info { background: transparent; cursor: default; }
      @container main (max-width: 560px) { .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; } }
      .counts { display: flex; flex-wrap: wrap; gap: 8px 32px; }
      .counts dt { font-size: 13px; color: var(--cf-muted); }
      .counts dd { font-size: 18px; font-weight: 600; }
      @media print { :host { gap: 12px; } section, .card { break-inside: avoid; box-shadow: none; } .tabs, .banner button { display: none; } }
      .banner { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; padding: 10px 16px; border-radius: var(--cf-radius); background: var(--cf-info-soft); color: var(--cf-info); }
      .banner.warn { background: var(--cf-warn-soft); color: var(--cf-warn); }
      .banner button { margin-inline-start: auto; color: inherit; }
      .pick { font-weight: 600; text-decoration: none; padding: 0 8px; margin-inline-start: -8px; min-block-size: 28px; }
      tr[data-chosen] > * { background: var(--cf-accent-soft); }
    `,
  ];
  static override properties = { chosen: { state: true } };
  declare chosen: string;

  constructor() {
    super();
    this.chosen = "";
  }

  protected override render() {
    const found = summary.value;
    if (!found) return nothing;
    const all = found.per_currency;
    const current = all.find(({ currency }) => currency === this.chosen) ?? all[0];
    return html`
      ${sample.value === "yes" ? html`<div class="banner" role="note">${t("sample-banner")}<button class="quiet" @click=${this.#clear}>${t("sample-clear")}</button></div>` : nothing}
      ${stale.value ? html`<div class="banner warn" role="note">${t("run-changed")}<button class="quiet" @click=${() => show("files")}>${t("screen-files")}</button></div>` : nothing}
      ${isAsking(found) && !stale.value ? html`<div class="banner warn" role="note">${t("summary-open")}<button class="quiet" @click=${() => show("check")}>${t("summary-answer")}</button></div>` : nothing}
      <header class="row spread">
        <h1>${t("summary-title")}</h1>
        <p class="muted">${found.as_of ? t("summary-asof", { date: found.as_of, zone: found.timezone }) : t("summary-no-date")}</p>
      </header>
      ${current ? this.#answer(found, current) : nothing}
      ${this.#tiles(found)}
      <cf-proof-panel></cf-proof-panel>
      ${assumptions(found.assumptions)}
    `;
  }

  #answer(found: RunSummary, current: CurrencySummary) {
    const all = found.per_currency;
    return html`<section class="card pad stack" aria-labelledby="walk-title">
      <div class="row spread">
        <h2 id="walk-title">${t("waterfall-title", { currency: current.currency })}</h2>
        ${all.length > 1
          ? html`<div class="tabs" role="group" aria-label=${t("currency")}>
              ${all.map(({ currency }) => html`<button aria-pressed=${currency === current.currency ? "true" : "false"}
                @click=${() => { this.chosen = currency; }}>${currency}</button>`)}
            </div>`
          : nothing}
      </div>
      <p class="answer">${sentence(current)}</p>
      <cf-waterfall .walk=${current} .words=${words(current.currency)}></cf-waterfall>
      <details>
        <summary>${t("waterfall-table")}</summary>
        ${walkTable(current)}
      </details>
      ${causes(found.codes, current)}
    </section>
    ${all.length > 1 ? this.#perCurrency(all, current) : nothing}`;
  }

  #perCurrency(all: readonly CurrencySummary[], current: CurrencySummary) {
    return html`<section class="card pad answers" aria-labelledby="all-title">
      <h2 id="all-title">${t("per-currency")}</h2>
      <div class="scroll-x" tabindex="0" role="group" aria-labelledby="all-title">
        <table>
          <thead><tr>
            <th scope="col">${t("currency")}</th>
            ${["expected", "received", "difference", "explained", "unexplained"].map((key) => html`<th scope="col" class="num">${t(key)}</th>`)}
          </tr></thead>
          <tbody>${all.map((one) => html`<tr ?data-chosen=${one === current}>
            <th scope="row"><button class="quiet pick" aria-label=${t("waterfall-title", { currency: one.currency })} @click=${() => { this.chosen = one.currency; }}>${one.currency}</button></th>
            <td class="num">${amount(one.expected)}</td>
            <td class="num">${amount(one.received)}</td>
            <td class="num">${amount(one.difference)}</td>
            <td class="num">${amount(sum(one.explained.map((part) => part.amount)))}</td>
            <td class="num">${amount(one.unexplained)}</td>
          </tr>`)}</tbody>
        </table>
      </div>
    </section>`;
  }

  #tiles(found: RunSummary) {
    const open = found.codes.filter(({ info, count: n }) => !info && n > 0);
    const noted = found.codes.filter(({ info, count: n }) => info && n > 0);
    const { counts } = found;
    const parts = [
      ["matched-rows", counts.matched],
      ["open-rows", counts.open],
      ["in-transit-rows", counts.in_transit],
      ["excluded-rows", counts.excluded],
      ["rejected-rows", counts.rejected],
    ] as const;
    return html`<section class="stack" aria-labelledby="tiles-title">
      <h2 id="tiles-title">${t("tiles-title")}</h2>
      <dl class="counts">${parts.map(([key, n]) => html`<div><dt>${t(key)}</dt><dd>${count(n)}</dd></div>`)}</dl>
      ${open.length === 0 ? html`<p class="row">${icon("tick")} ${t("tiles-none")}</p>` : nothing}
      <div class="tiles">
        ${open.map((code) => html`<button class="tile" @click=${() => (isOfFiles(code) ? show("check") : open_(code.code))}>${tile(code)}</button>`)}
        ${noted.map((code) => html`<div class="card tile info">${tile(code)}</div>`)}
      </div>
    </section>`;
  }

  readonly #clear = (): void => {
    clearFiles();
    show("files");
  };
}

/** Whether the code is stated of files only: what is wrong there is shown file by file. */
function isOfFiles({ count: n, files }: CodeCount): boolean {
  return files === n;
}

/** Goes to the list, filtered by one code. */
function open_(code: string): void {
  filterExceptions({ code });
  show("exceptions");
}

function tile(code: CodeCount) {
  return html`<span class="what">${codeTitle(code.code)}</span>
    <span class="n">${count(code.count)}</span>
    <span class="money">${code.info ? t("noted-only") : isOfFiles(code) ? t("in-files") : code.amounts.filter(({ amount: a }) => !isZero(a)).map((value) => money(value))}</span>`;
}

function sentence(one: CurrencySummary) {
  if (isZero(one.difference) && isZero(one.unexplained)) {
    return t("answer-tied", { expected: showMoney({ amount: one.expected, currency: one.currency }), received: showMoney({ amount: one.received, currency: one.currency }) });
  }
  return t("answer", {
    expected: showMoney({ amount: one.expected, currency: one.currency }),
    received: showMoney({ amount: one.received, currency: one.currency }),
    difference: showMoney({ amount: one.difference, currency: one.currency }),
    explained: showMoney({ amount: sum(one.explained.map((part) => part.amount)), currency: one.currency }),
    unexplained: showMoney({ amount: one.unexplained, currency: one.currency }),
  });
}

function words(currency: string) {
  return { title: t("waterfall-title", { currency }), brokenAxis: t("waterfall-broken"), name: partName };
}

function walkTable(one: CurrencySummary) {
  const steps = [...one.explained, { part: "unexplained", amount: one.unexplained }];
  return html`<table>
    <caption>${t("waterfall-title", { currency: one.currency })}</caption>
    <thead><tr><th scope="col">${t("part")}</th><th scope="col" class="num">${t("amount")}, ${one.currency}</th></tr></thead>
    <tbody>
      <tr class="total"><th scope="row">${partName("expected")}</th><td class="num">${amount(one.expected)}</td></tr>
      ${steps.map(({ part, amount: value }) => html`<tr><th scope="row">${partName(part)}</th><td class="num">${amount(value, { sign: true })}</td></tr>`)}
      <tr class="total"><th scope="row">${partName("received")}</th><td class="num">${amount(one.received)}</td></tr>
    </tbody>
  </table>`;
}

/** The unexplained part by cause. An exception is listed in one currency; what it has in a second one is the rest. */
function causes(codes: readonly CodeCount[], { currency, unexplained }: CurrencySummary) {
  const parts = codes.flatMap(({ code, info, amounts }) =>
    info ? [] : amounts.filter((one) => one.currency === currency && !isZero(one.amount)).map((one) => ({ code, amount: one.amount })));
  if (parts.length === 0) return nothing;
  const rest = sum([unexplained, negated(sum(parts.map((part) => part.amount)))]);
  return html`<div>
    <h3 id="causes-title">${t("causes-title")}</h3>
    <div class="scroll-x">
      <table class="causes" aria-labelledby="causes-title">
        <tbody>
          ${parts.map(({ code, amount: value }) => html`<tr>
            <th scope="row"><button class="quiet pick" @click=${() => open_(code)}>${codeTitle(code)}</button></th>
            <td class="num">${amount(value, { sign: true })}</td>
          </tr>`)}
          ${isZero(rest) ? nothing : html`<tr><th scope="row">${t("causes-rest")}</th><td class="num">${amount(rest, { sign: true })}</td></tr>`}
          <tr class="total"><th scope="row">${t("unexplained")}, ${currency}</th><td class="num">${amount(unexplained, { sign: true })}</td></tr>
        </tbody>
      </table>
    </div>
  </div>`;
}

/** Whether the result rests on a reading of the files that nobody confirmed; a zone alone matters to few, since most files have days only. */
function isAsking({ sources }: RunSummary): boolean {
  const open = ({ confirmed, path = "" }: Assumption): boolean => confirmed === false && path !== "" && path !== "zone";
  return sources.some(({ assumptions }) => assumptions.some(open));
}

function assumptions(list: readonly Assumption[]) {
  if (list.length === 0) return nothing;
  return html`<section class="card pad stack" aria-labelledby="assumed-title">
    <div><h2 id="assumed-title">${t("assumptions-run")}</h2><p class="muted small">${t("assumptions-run-lead")}</p></div>
    <dl class="facts">${list.map(({ what, value, why }) => html`<dt>${phrase(what)}</dt><dd><bdi>${phrase(value)}</bdi> <span class="muted">(${phrase(why)})</span></dd>`)}</dl>
  </section>`;
}

define("cf-summary", CfSummary);
