/** Shows where the rows of one file went, what may be wrong with it, and what the file's own totals say. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { count, t, tOr } from "../i18n.ts";
import { icon } from "../icons.ts";
import { showAmount } from "../money.ts";
import { phrase, valuesIn } from "../phrases.ts";
import { plainName, save } from "../save.ts";
import { skippedCsv, skippedRows } from "../skipped.ts";
import { sentence } from "../store/fault.ts";
import { reading, reportOf } from "../store/look.ts";
import { remarksOf, warningsOf } from "../store/questions.ts";
import { base } from "../styles/base.ts";
import { codeTitle } from "../words.ts";
import type { Assumption, RejectedRow, Run, SourceReport } from "../../sdk/types.ts";

const AT_A_TIME = 20;

export class CfSourceReport extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; }
      section { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
      .sum { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
      .sum p { display: flex; gap: 8px; align-items: center; font-weight: 500; flex: 1 1 260px; }
      .sum svg { flex: none; }
      .sum p svg { color: var(--cf-ok); }
      .sum.bad p svg { color: var(--cf-bad); }
      .warnings { display: grid; gap: 8px; }
      .warnings li { display: grid; grid-template-columns: 20px minmax(0, 1fr); gap: 10px; padding: 10px 14px; border-radius: 6px; background: var(--cf-warn-soft); font-size: 13px; overflow-wrap: anywhere; }
      .warnings svg { color: var(--cf-warn); }
      td { min-inline-size: 160px; }
      td pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.5 var(--cf-font-mono); max-inline-size: 560px; max-block-size: 72px; overflow: auto; }
      .reason { max-inline-size: 420px; }
      summary { cursor: pointer; color: var(--cf-accent); font-size: 13px; min-block-size: 24px; inline-size: fit-content; }
      details[open] > summary { margin-block-end: 8px; }
      @container main (max-width: 560px) {
        .sum button { inline-size: 100%; white-space: normal; }
      }
    `,
  ];
  static override properties = { fileId: { attribute: false }, rejected: { state: true }, total: { state: true } };
  declare fileId: number;
  declare rejected: readonly RejectedRow[];
  declare total: number;
  #asked: Run | undefined;

  constructor() {
    super();
    this.rejected = [];
    this.total = 0;
  }

  protected override render() {
    const report = reportOf(this.fileId);
    if (!report) return nothing;
    this.#ask();
    return html`${drift(report)} ${warnings(report)} ${this.#accounting(report)} ${this.#rejected(report)} ${controls(report)} ${remarks(report)}`;
  }

  #accounting({ rows }: SourceReport) {
    const holds = rows.read === rows.entries + rows.structural + rows.rejected;
    const args = { read: count(rows.read), entries: count(rows.entries), structural: count(rows.structural), rejected: count(rows.rejected) };
    const good = holds && rows.entries > 0;
    return html`<div class=${good ? "sum" : "sum bad"}>
      <p>${icon(good ? "tick" : "warn")}<span>${t(holds ? "check-accounting" : "check-accounting-bad", args)}</span></p>
      ${rows.rejected > 0
        ? html`<button @click=${() => void this.#download()}>${icon("export", 18)}${t("check-download", { n: rows.rejected, shown: count(rows.rejected) })}</button>`
        : nothing}
    </div>`;
  }

  #rejected(report: SourceReport) {
    if (report.rows.rejected === 0) return nothing;
    const more = this.total - this.rejected.length;
    return html`<section>
      <h3 id="rejected-title">${t("check-rejected")}</h3>
      <p class="muted small">${t("check-rejected-lead")}${this.total > 0 && this.total < report.rows.rejected
        ? ` ${t("check-rejected-kept", { n: count(this.total) })}` : ""}</p>
      <div class="scroll-x" tabindex="0" role="group" aria-labelledby="rejected-title">
        <table>
          <thead><tr><th scope="col">${t("check-line")}</th><th scope="col">${t("check-reason")}</th><th scope="col">${t("check-raw")}</th></tr></thead>
          <tbody>${this.rejected.map((row) => html`<tr>
            <th scope="row" class="nowrap"><bdi>${row.row.slice(row.row.lastIndexOf(":") + 1)}</bdi></th><td class="reason"><p><strong>${codeTitle(row.code)}</strong></p>${sentence(phrase(row.reason))}</td><td><pre>${row.raw}</pre></td>
          </tr>`)}</tbody>
        </table>
      </div>
      ${more > 0 ? html`<div><button @click=${this.#more}>${t("show-more", { n: count(Math.min(more, AT_A_TIME)) })}</button></div>` : nothing}
    </section>`;
  }

  async #download(): Promise<void> {
    const current = reading.value;
    const source = current?.names.get(this.fileId);
    if (!current || source === undefined) return;
    const rows = await skippedRows(current.run, source);
    const headings = [t("check-file"), t("check-line"), t("check-reason"), t("check-raw")];
    save(new Blob([skippedCsv(rows, headings)], { type: "text/csv;charset=utf-8" }), t("check-skipped-name", { file: plainName(source) }));
  }

  #ask(): void {
    const current = reading.value;
    if (this.#asked === current?.run) return;
    this.#asked = current?.run;
    this.rejected = [];
    this.total = 0;
    void this.#more();
  }

  readonly #more = async (): Promise<void> => {
    const current = reading.value;
    const source = current?.names.get(this.fileId);
    if (!current || source === undefined) return;
    const offset = this.rejected.length;
    try {
      const page = await current.run.page("rejected", { filter: { source }, offset, limit: AT_A_TIME });
      if (this.#asked !== current.run || this.rejected.length !== offset) return;
      this.rejected = [...this.rejected, ...page.rows];
      this.total = page.total;
    } catch {
      // The run ended in between: the next one is asked anew.
    }
  };
}

/** Columns that the provider seems to have renamed: what they hold is not read. */
function drift({ drift: found }: SourceReport) {
  if (!found) return nothing;
  return html`<section>
    <h3>${codeTitle("SCHEMA_DRIFT")}</h3>
    <ul class="warnings">${found.missing.map((missing, at) => html`<li>${icon("warn")}<div>
      <p>${t("check-drift", { missing, unknown: found.unknown[at] ?? "" })}</p></div></li>`)}</ul>
  </section>`;
}

function warnings(report: SourceReport) {
  const list = warningsOf(report);
  return list.length === 0 ? nothing
    : html`<section>
        <h3>${t("check-warnings")}</h3>
        <ul class="warnings">${list.map((one) => html`<li>${icon("warn")}<div>${said(one)}</div></li>`)}</ul>
      </section>`;
}

/** Some warnings have a sentence of their own; the engine's words stand for the others. */
function said({ what, value, why }: Assumption) {
  const { column = "" } = valuesIn(what) ?? {};
  // "damaged id in Order No" is about a column; its sentence is that of "damaged id".
  const kind = (column === "" ? what : what.slice(0, -column.length).replace(/ (in|of) $/, "")).replaceAll(" ", "-");
  const title = tOr(`warning-${kind}`, "", { value: tOr(`field-${value}`, phrase(value)), column });
  const shown = title === "" ? sentence(`${phrase(what)}: ${phrase(value)}`) : title;
  return html`<p><strong>${shown}</strong></p><p>${sentence(phrase(why))}</p>`;
}

function controls({ controls: list }: SourceReport) {
  if (list.length === 0) return nothing;
  return html`<section>
    <h3>${t("check-controls")}</h3>
    <div class="scroll-x" tabindex="0" role="group" aria-label=${t("check-controls")}><table>
      <thead><tr><th scope="col">${t("check-control")}</th><th scope="col" class="num">${t("check-stated")}</th><th scope="col" class="num">${t("check-computed")}</th><th scope="col"><span class="visually-hidden">${t("check-agrees")}</span></th></tr></thead>
      <tbody>${list.map((one) => html`<tr>
        <th scope="row">${phrase(one.name)}</th><td class="num">${figure(one.stated)}</td><td class="num">${figure(one.computed)}</td>
        <td><span class=${one.ok ? "chip ok" : "chip bad"}>${t(one.ok ? "check-agrees" : "check-differs")}</span></td>
      </tr>`)}</tbody></table></div>
  </section>`;
}

/** A total as the page shows figures; what is none stays as it is. */
function figure(text: string): string {
  return /^-?\d+(\.\d+)?$/.test(text) ? showAmount(text) : text;
}

function remarks(report: SourceReport) {
  const list = remarksOf(report);
  if (list.length === 0) return nothing;
  return html`<details>
    <summary>${t("check-assumptions", { n: list.length })}</summary>
    <dl class="facts">${list.map(({ what, value, why }) => html`<dt>${phrase(what)}</dt><dd><bdi>${phrase(value)}</bdi> <span class="muted">(${phrase(why)})</span></dd>`)}</dl>
  </details>`;
}

define("cf-source-report", CfSourceReport);
