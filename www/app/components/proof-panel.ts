/** Shows the proof: inputs = results for every currency and side, the rows of the files, the fingerprint. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { count, t } from "../i18n.ts";
import { icon } from "../icons.ts";
import { isZero, negated, sum } from "../money.ts";
import { AT_ONCE, documents, fingerprint, write } from "../store/documents.ts";
import { announcement, summary } from "../store/store.ts";
import { base } from "../styles/base.ts";
import { kindName } from "../words.ts";
import { amount } from "./money-text.ts";
import type { FrozenFunds, ProofTotal, SourceReport } from "../../sdk/types.ts";

const ENDS = ["matched", "open", "in_transit", "excluded", "closed_before"] as const;

/** One line of the proof as the engine writes it. */
interface Total {
  readonly side: string;
  readonly kind: string;
  readonly currency: string;
  readonly measure: string;
  readonly rows: number;
  readonly input: string;
  readonly ends: Readonly<Record<(typeof ENDS)[number], string>>;
}

export class CfProofPanel extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: block; }
      .verdict { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px 12px; align-items: center; }
      .verdict .seal { display: grid; place-items: center; inline-size: 36px; block-size: 36px; border-radius: 50%; background: var(--cf-ok-soft); color: var(--cf-ok); grid-row: 1 / span 2; align-self: start; }
      .verdict.bad .seal { background: var(--cf-bad-soft); color: var(--cf-bad); }
      .hash { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; font-size: 13px; }
      .hash code { font-family: var(--cf-font-mono); font-size: 12px; overflow-wrap: anywhere; }
      .hash button { min-block-size: 28px; }
      h3 { margin-block-end: 4px; }
      details { margin-block-start: 8px; font-size: 13px; }
      summary { cursor: pointer; color: var(--cf-accent); padding-block: 4px; }
      .equals { color: var(--cf-ok); }
      ul.failures { list-style: disc; padding-inline-start: 20px; }
    `,
  ];

  protected override render() {
    const found = summary.value;
    if (!found) return nothing;
    const { balanced, failures } = found.proof;
    const totals = found.proof.totals.map(read);
    return html`<section class="card pad stack" aria-labelledby="proof-title">
      <div class=${balanced ? "verdict" : "verdict bad"}>
        <span class="seal">${icon(balanced ? "tick" : "warn")}</span>
        <h2 id="proof-title">${t(balanced ? "proof-holds" : "proof-fails")}</h2>
        <p class="muted small">${t(balanced ? "proof-holds-text" : "proof-fails-text")}</p>
      </div>
      ${failures.length > 0 ? html`<ul class="failures">${failures.map((text) => html`<li>${text}</li>`)}</ul>` : nothing}
      ${balances(totals)}
      ${frozen(found.proof.frozen)}
      ${rowCounts(found.sources)}
      ${this.#hash()}
    </section>`;
  }

  #hash() {
    const hash = fingerprint.value;
    const counts = summary.value?.counts;
    const large = counts !== undefined && counts.orders + counts.settlement + counts.bank > AT_ONCE;
    const busy = documents.json.value.state === "writing";
    return html`<div>
      <h3>${t("proof-hash")}</h3>
      <p class="muted small">${t("proof-hash-hint")}</p>
      <div class="hash">
        ${hash === ""
          ? html`<button ?disabled=${busy || !large} @click=${() => void write("json")}>${busy || !large ? t("loading") : t("proof-hash-make")}</button>`
          : html`<code data-fingerprint>${hash}</code><button class="quiet" @click=${this.#copy}>${t("copy")}</button>`}
      </div>
    </div>`;
  }

  readonly #copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(fingerprint.value);
    announcement.value = t("copied");
  };
}

function read(total: ProofTotal): Total {
  const text = (key: string): string => String(total[key] ?? "0");
  return {
    side: text("side"),
    kind: text("kind"),
    currency: text("currency"),
    measure: text("measure"),
    rows: Number(total["rows"] ?? 0),
    input: text("input"),
    ends: Object.fromEntries(ENDS.map((end) => [end, text(end)])) as Total["ends"],
  };
}

/** Gross amounts by side and currency, every kind added up; each single total stands beneath. */
function balances(totals: readonly Total[]) {
  const gross = totals.filter(({ measure }) => measure === "amount");
  const keys = [...new Set(gross.map(({ side, currency }) => `${side} ${currency}`))];
  const lines = keys.map((key) => {
    const [side = "", currency = ""] = key.split(" ");
    return added(side, currency, gross.filter((total) => total.side === side && total.currency === currency));
  });
  return html`<div>
    <h3 id="balance-title">${t("proof-dispositions")}</h3>
    ${table(lines, false)}
    <details>
      <summary>${t("proof-all-totals", { n: totals.length, shown: count(totals.length) })}</summary>
      ${table(totals, true)}
    </details>
  </div>`;
}

/** What the accounts hold and cannot spend, each on a line of its own. */
function frozen(funds: readonly FrozenFunds[]) {
  if (funds.length === 0) return nothing;
  return html`<div>
    <h3>${t("proof-frozen")}</h3>
    <ul>${funds.map(({ account, currency, on, amount: held }) => html`<li>
      ${account === "" ? nothing : html`<bdi>${account}</bdi> · `}${on === "" ? nothing : html`${on} · `}${currency} ${amount(held)}
    </li>`)}</ul>
  </div>`;
}

function added(side: string, currency: string, parts: readonly Total[]): Total {
  const ends = Object.fromEntries(ENDS.map((end) => [end, sum(parts.map((part) => part.ends[end]))])) as Total["ends"];
  const rows = parts.reduce((all, part) => all + part.rows, 0);
  return { side, currency, kind: "", measure: "amount", rows, input: sum(parts.map(({ input }) => input)), ends };
}

function table(lines: readonly Total[], single: boolean) {
  return html`<div class="scroll-x" tabindex="0" role="group" aria-label=${t("proof-dispositions")}>
    <table>
      <thead><tr>
        <th scope="col">${t("proof-side")}</th>
        <th scope="col">${t("currency")}</th>
        ${single ? html`<th scope="col">${t("kind")}</th><th scope="col">${t("measure")}</th>` : nothing}
        <th scope="col" class="num">${t("rows")}</th>
        <th scope="col" class="num">${t("proof-input")}</th>
        <th scope="col"><span class="visually-hidden">${t("proof-balanced")}</span></th>
        ${ENDS.map((end) => html`<th scope="col" class="num">${t(`disposition-${end}`)}</th>`)}
      </tr></thead>
      <tbody>
        ${lines.map((line) => html`<tr>
          <th scope="row">${t(`side-${line.side}`)}</th>
          <td>${line.currency}</td>
          ${single ? html`<td>${kindName(line.kind)}</td><td>${t(line.measure)}</td>` : nothing}
          <td class="num">${count(line.rows)}</td>
          <td class="num">${amount(line.input)}</td>
          <td>${agrees(line) ? html`<span class="equals" role="img" aria-label=${t("yes")}>=</span>` : html`<span class="neg" role="img" aria-label=${t("no")}>≠</span>`}</td>
          ${ENDS.map((end) => html`<td class="num">${amount(line.ends[end])}</td>`)}
        </tr>`)}
      </tbody>
    </table>
  </div>`;
}

/** The sum of where the rows ended less the input is nothing, whatever the number of digits. */
function agrees(line: Total): boolean {
  return isZero(sum([...ENDS.map((end) => line.ends[end]), negated(line.input)]));
}

function rowCounts(sources: readonly SourceReport[]) {
  return html`<div>
    <h3 id="rows-title">${t("proof-rows-title")}</h3>
    <div class="scroll-x" tabindex="0" role="group" aria-labelledby="rows-title">
      <table>
        <thead><tr>
          <th scope="col">${t("file")}</th><th scope="col">${t("proof-side")}</th>
          ${["read", "entries", "structural", "rejected"].map((key) => html`<th scope="col" class="num">${t(key)}</th>`)}
        </tr></thead>
        <tbody>
          ${sources.map(({ file, side, rows }) => html`<tr>
            <th scope="row"><bdi>${file}</bdi></th><td>${t(`side-${side}`)}</td>
            <td class="num">${count(rows.read)}</td><td class="num">${count(rows.entries)}</td>
            <td class="num">${count(rows.structural)}</td><td class="num">${count(rows.rejected)}</td>
          </tr>`)}
        </tbody>
      </table>
    </div>
  </div>`;
}

define("cf-proof-panel", CfProofPanel);
