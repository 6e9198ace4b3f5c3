/** Shows where the rows of one file went, what was assumed, and what the file's own totals say. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { count, t } from "../i18n.ts";
import { icon } from "../icons.ts";
import { showAmount } from "../money.ts";
import { phrase } from "../phrases.ts";
import { run, summary } from "../store/store.ts";
import { base } from "../styles/base.ts";
import type { RejectedRow, SourceReport } from "../../sdk/types.ts";

const AT_A_TIME = 50;

export class CfSourceReport extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; }
      section { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
      .sum { display: flex; gap: 8px; align-items: center; font-weight: 500; }
      .sum svg { color: var(--cf-ok); flex: none; }
      .sum.bad svg { color: var(--cf-bad); }
      td pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.5 var(--cf-font-mono); max-inline-size: 560px; }
    `,
  ];
  static override properties = { file: { attribute: false }, rejected: { state: true }, total: { state: true } };
  declare file: string;
  declare rejected: readonly RejectedRow[];
  declare total: number;
  #asked: unknown;

  constructor() {
    super();
    this.rejected = [];
    this.total = 0;
  }

  protected override render() {
    const report = summary.value?.sources.find(({ file }) => file === this.file);
    if (!report) return html`<p class="muted">${t("check-after-run")}</p>`;
    this.#ask();
    return html`${accounting(report)} ${controls(report)} ${assumptions(report)} ${this.#rejected(report)}`;
  }

  #rejected(report: SourceReport) {
    if (report.rows.rejected === 0) return nothing;
    const more = this.total - this.rejected.length;
    return html`<section>
      <h3 id="rejected-title">${t("check-rejected")}</h3>
      <p class="muted small">${t("check-rejected-lead")}</p>
      <div class="scroll-x" tabindex="0" role="group" aria-labelledby="rejected-title">
        <table>
          <thead><tr><th scope="col">${t("row")}</th><th scope="col">${t("check-reason")}</th><th scope="col">${t("check-raw")}</th></tr></thead>
          <tbody>${this.rejected.map((row) => html`<tr>
            <th scope="row" class="nowrap"><bdi>${row.row}</bdi></th><td>${phrase(row.reason)}</td><td><pre>${row.raw}</pre></td>
          </tr>`)}</tbody>
        </table>
      </div>
      ${more > 0 ? html`<div><button @click=${this.#more}>${t("show-more", { n: count(Math.min(more, AT_A_TIME)) })}</button></div>` : nothing}
    </section>`;
  }

  #ask(): void {
    const current = run.value.state === "done" ? run.value.run : undefined;
    if (this.#asked === current) return;
    this.#asked = current;
    this.rejected = [];
    void this.#more();
  }

  readonly #more = async (): Promise<void> => {
    const current = run.value.state === "done" ? run.value.run : undefined;
    if (!current) return;
    const offset = this.rejected.length;
    const page = await current.page("rejected", { filter: { source: this.file }, offset, limit: AT_A_TIME });
    if (this.#asked !== current || this.rejected.length !== offset) return;
    this.rejected = [...this.rejected, ...page.rows];
    this.total = page.total;
  };
}

function accounting({ rows }: SourceReport) {
  const holds = rows.read === rows.entries + rows.structural + rows.rejected;
  const args = { read: count(rows.read), entries: count(rows.entries), structural: count(rows.structural), rejected: count(rows.rejected) };
  return html`<p class=${holds ? "sum" : "sum bad"}>${icon(holds ? "tick" : "warn")}<span>${t(holds ? "check-accounting" : "check-accounting-bad", args)}</span></p>`;
}

function controls({ controls: list }: SourceReport) {
  return html`<section>
    <h3>${t("check-controls")}</h3>
    ${list.length === 0
      ? html`<p class="muted small">${t("check-controls-none")}</p>`
      : html`<div class="scroll-x" tabindex="0" role="group" aria-label=${t("check-controls")}><table>
          <thead><tr><th scope="col">${t("check-control")}</th><th scope="col" class="num">${t("check-stated")}</th><th scope="col" class="num">${t("check-computed")}</th><th scope="col"><span class="visually-hidden">${t("check-agrees")}</span></th></tr></thead>
          <tbody>${list.map((one) => html`<tr>
            <th scope="row">${phrase(one.name)}</th><td class="num">${figure(one.stated)}</td><td class="num">${figure(one.computed)}</td>
            <td><span class=${one.ok ? "chip ok" : "chip bad"}>${t(one.ok ? "check-agrees" : "check-differs")}</span></td>
          </tr>`)}</tbody></table></div>`}
  </section>`;
}

/** A total as the page shows figures; what is none stays as it is. */
function figure(text: string): string {
  return /^-?\d+(\.\d+)?$/.test(text) ? showAmount(text) : text;
}

function assumptions({ assumptions: list }: SourceReport) {
  return html`<section>
    <h3>${t("check-assumptions")}</h3>
    ${list.length === 0
      ? html`<p class="muted small">${t("check-assumptions-none")}</p>`
      : html`<dl class="facts">${list.map(({ what, value, why }) => html`<dt>${phrase(what)}</dt><dd><bdi>${phrase(value)}</bdi> <span class="muted">(${phrase(why)})</span></dd>`)}</dl>`}
  </section>`;
}

define("cf-source-report", CfSourceReport);
