/** Shows everything about one entry: what happened, its match row by row, the parts of the difference, the evidence. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { count, t, tOr } from "../i18n.ts";
import { icon } from "../icons.ts";
import { isZero, showMoneyIn } from "../money.ts";
import { faultFrom, isAbort, localised, type Fault } from "../store/fault.ts";
import { run } from "../store/store.ts";
import { base } from "../styles/base.ts";
import { codeTitle, instant, kindName, partName, ruleName } from "../words.ts";
import { amount, money } from "./money-text.ts";
import "./error-note.ts";
import type { Candidate, EntryIndex, Evidence, ExceptionRow, Explanation, Fact, LineRow, MatchRow, WhyNot } from "../../sdk/types.ts";

/** Facts whose two figures are exchange rates, not money. */
const RATES = new Set(["FX_RATE_VARIANCE", "FX_RATE_MISSING", "FX_RATE_INVERTED", "FX_RATE_PER_HUNDRED"]);

export class CfRowDetail extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: block; }
      header { position: sticky; inset-block-start: 0; z-index: 1; display: flex; gap: 12px; align-items: start; justify-content: space-between; padding: 16px 12px 12px 20px; background: var(--cf-surface); border-block-end: 1px solid var(--cf-border); }
      header h2 { overflow-wrap: anywhere; }
      .body { display: grid; gap: 20px; padding: 16px 20px 24px; }
      section { display: grid; gap: 8px; min-inline-size: 0; }
      h3 { font-size: 13px; color: var(--cf-muted); font-weight: 500; }
      .why { padding: 12px 14px; border-radius: var(--cf-radius); background: var(--cf-bad-soft); display: grid; gap: 6px; }
      .why strong { color: var(--cf-bad); }
      .note { padding: 10px 14px; border-radius: var(--cf-radius); background: var(--cf-info-soft); display: grid; gap: 6px; }
      .note strong { color: var(--cf-info); }
      .line { display: grid; gap: 8px; padding: 12px 14px; border: 1px solid var(--cf-border); border-radius: var(--cf-radius); }
      .line.named { border-color: var(--cf-bad); }
      .line .top { display: flex; justify-content: space-between; gap: 8px 12px; flex-wrap: wrap; }
      .line dl.facts { gap: 4px 12px; }
      table { font-size: 13px; }
      th, td { padding: 6px 0; }
      th { white-space: normal; }
      pre { margin: 0; padding: 10px 12px; border-radius: 6px; background: var(--cf-sunken); font: 12px/1.5 var(--cf-font-mono); white-space: pre-wrap; overflow-wrap: anywhere; }
    `,
  ];
  static override properties = { entry: { attribute: false }, found: { state: true }, fault: { state: true } };

  declare entry: EntryIndex | undefined;
  declare found: Explanation | undefined;
  declare fault: Fault | undefined;
  #asked: EntryIndex | undefined;

  protected override render() {
    this.#ask();
    const { found, fault } = this;
    if (fault) return html`<cf-error-note .error=${fault}></cf-error-note>`;
    if (!found) return html`<header><h2>${t("loading")}</h2>${this.#closer()}</header>`;
    const { line, match, exception } = found;
    const lines = match?.lines ?? [line];
    const named = new Set(exception?.facts.flatMap(({ rows }) => rows) ?? []);
    return html`
      <header><div><p class="muted small">${t("order")}</p><h2><bdi>${line.reference ?? line.transaction_id ?? line.row}</bdi></h2></div>${this.#closer()}</header>
      <div class="body">
        ${exception ? whatHappened(exception) : nothing}
        ${match?.notes.map(noteOf)}
        <section>
          <h3>${t("rows")}</h3>
          ${lines.map((one) => lineCard(one, named.has(one.row)))}
        </section>
        ${match ? parts(match.row) : nothing}
        ${found.calculation ? html`<section><h3>${t("fee-by-contract")}</h3><p>${localised(found.calculation)}</p></section>` : nothing}
        ${match ? evidence(match.row, match.evidence) : nothing}
        ${found.in_transit ? html`<p>${t("due-on", { date: found.in_transit.due })}</p>` : nothing}
        ${exception ? candidates(exception.candidates) : nothing}
        ${exception?.why_not ? whyNot(exception.why_not) : nothing}
        ${found.raw === undefined ? nothing : html`<section><h3>${t("check-raw")}, <bdi>${line.row}</bdi></h3><pre>${found.raw}</pre></section>`}
      </div>
    `;
  }

  #closer() {
    return html`<button class="icon quiet" aria-label=${t("detail-close")} title=${t("detail-close")}
      @click=${() => this.dispatchEvent(new CustomEvent("cf-close"))}>${icon("close", 18)}</button>`;
  }

  #ask(): void {
    const state = run.value;
    const { entry } = this;
    if (entry === this.#asked || entry === undefined || state.state !== "done") return;
    this.#asked = entry;
    state.run.explain(entry).then(
      (found) => {
        if (this.#asked !== entry) return;
        this.found = found;
        this.fault = undefined;
      },
      (thrown: unknown) => {
        if (this.#asked === entry && !isAbort(thrown)) this.fault = faultFrom(thrown);
      },
    );
  }
}

function whatHappened(exception: ExceptionRow) {
  const { code, explanation, facts, amount, currency } = exception;
  return html`<section>
    <div class="why">
      <p class="row spread"><strong>${codeTitle(code)}</strong>${isZero(amount) ? nothing : money({ amount, currency })}</p>
      <p>${showMoneyIn(localised(explanation))}</p>
    </div>
    ${facts.map((fact) => html`
      ${facts.length > 1 ? html`<h3>${codeTitle(fact.code)}</h3>` : nothing}
      ${factTable(fact, currency)}`)}
  </section>`;
}

function noteOf(fact: Fact) {
  return html`<section><div class="note"><strong>${codeTitle(fact.code)}</strong>${factTable(fact, "")}</div></section>`;
}

/** What should have been, what is, and the difference; amounts among them get the fact's currency. */
function factTable({ code: fact, rows, expected, actual, amount, currency }: Fact, otherwise: string) {
  const code = currency ?? otherwise;
  const unit = RATES.has(fact) ? "" : code;
  return html`<dl class="facts">
    <dt>${t("fact-rows")}</dt><dd><bdi>${rows.join(", ")}</bdi></dd>
    ${expected === undefined ? nothing : html`<dt>${t("fact-expected")}</dt><dd>${figure(expected, unit)}</dd>`}
    ${actual === undefined ? nothing : html`<dt>${t("fact-actual")}</dt><dd>${figure(actual, unit)}</dd>`}
    ${amount === undefined ? nothing : html`<dt>${t("fact-amount")}</dt><dd>${money({ amount, currency: code }, { sign: true })}</dd>`}
  </dl>`;
}

/** A rate, an amount, a date, a status or a currency, as the engine states it. */
function figure(text: string, currency: string) {
  if (/^-?\d+(\.\d+)?$/.test(text)) return currency ? money({ amount: text, currency }) : amount(text);
  return html`<bdi>${tOr(`status-${text}`, text)}</bdi>`;
}

function lineCard(line: LineRow, named: boolean) {
  const { currency, net_currency: netCurrency = currency } = line;
  const charges = [["fee", line.fee], ["tax", line.tax]] as const;
  return html`<article class=${named ? "line named" : "line"}>
    <div class="top"><strong>${t(`side-${line.side}`)}: ${kindName(line.kind)}</strong><bdi class="mono">${line.row}</bdi></div>
    <dl class="facts">
      <dt>${t("amount")}</dt><dd>${money({ amount: line.amount, currency })}</dd>
      ${line.original ? html`<dt>${t("original")}</dt><dd>${money(line.original)}</dd>` : nothing}
      ${charges.map(([key, value]) => (isZero(value) ? nothing : html`<dt>${t(key)}</dt><dd>${money({ amount: value, currency })}</dd>`))}
      ${line.side === "orders" ? nothing : html`<dt>${t("net")}</dt><dd>${money({ amount: line.net, currency: netCurrency })}</dd>`}
      ${line.fx_rate ? html`<dt>${t("field-fx_rate")}</dt><dd>${line.fx_rate}</dd>` : nothing}
      ${line.reference ? html`<dt>${t("reference")}</dt><dd><bdi>${line.reference}</bdi></dd>` : nothing}
      ${line.transaction_id ? html`<dt>${t("field-transaction_id")}</dt><dd><bdi>${line.transaction_id}</bdi></dd>` : nothing}
      ${line.occurred_at ? html`<dt>${t("occurred")}</dt><dd>${instant(line.occurred_at)}</dd>` : nothing}
      ${line.settled_on ? html`<dt>${t("settled")}</dt><dd>${line.settled_on}</dd>` : nothing}
      ${line.status === "unstated" ? nothing : html`<dt>${t("status")}</dt><dd>${tOr(`status-${line.status}`, line.status)}</dd>`}
      <dt>${t("ended")}</dt><dd>${t(`disposition-${line.disposition}`)}${line.reason ? ` (${tOr(`reason-${line.reason}`, line.reason)})` : nothing}</dd>
    </dl>
  </article>`;
}

function parts(match: MatchRow) {
  return html`<section>
    <h3>${t("match-parts")}</h3>
    <table>
      <tbody>
        <tr class="total"><th scope="row">${t("order-amount")}</th><td class="num">${money(match.expected)}</td></tr>
        ${match.difference.map((part) => html`<tr><th scope="row">${partName(part.part)}</th><td class="num">${money(part, { sign: true })}</td></tr>`)}
        <tr class="total"><th scope="row">${t("net")}</th><td class="num">${money(match.net)}</td></tr>
      </tbody>
    </table>
  </section>`;
}

function evidence(match: MatchRow, list: readonly Evidence[]) {
  const more = match.order_count + match.settlement_count - match.orders.length - match.settlement.length;
  return html`<section>
    <h3>${t("evidence")}</h3>
    <dl class="facts">
      <dt>${t("how-matched")}</dt><dd>${ruleName(match.rule)}</dd>
      <dt>${t("match-class")}</dt><dd>${tOr(`class-${match.class}`, match.class)}</dd>
      ${list.map(({ kind, value, orders, settlement }) => html`<dt>${tOr(`evidence-${kind}`, kind)}</dt>
        <dd><bdi>${value}</bdi>
          ${orders ? html`<br><span class="muted">${t("side-orders")}: <bdi>${orders}</bdi></span>` : nothing}
          ${settlement ? html`<br><span class="muted">${t("side-settlement")}: <bdi>${settlement}</bdi></span>` : nothing}
        </dd>`)}
    </dl>
    ${more > 0 ? html`<p class="muted small">${t("and-more", { n: count(more) })}</p>` : nothing}
  </section>`;
}

function candidates(list: readonly Candidate[]) {
  if (list.length === 0) return nothing;
  return html`<section>
    <h3>${t("candidates")}</h3>
    <table><tbody>${list.map(({ row, amount, currency }) => html`<tr><th scope="row"><bdi class="mono">${row}</bdi></th><td class="num">${money({ amount, currency })}</td></tr>`)}</tbody></table>
  </section>`;
}

function whyNot({ nearest, explanation }: WhyNot) {
  return html`<section>
    <h3>${t("why-not")}</h3>
    <p>${localised(explanation)}</p>
    ${nearest ? html`<table><tbody><tr><th scope="row"><bdi class="mono">${nearest.row}</bdi></th><td class="num">${money(nearest)}</td></tr></tbody></table>` : nothing}
  </section>`;
}

define("cf-row-detail", CfRowDetail);
