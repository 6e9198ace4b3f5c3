/** What a person may have to act on: by cause, with counts and money, and each with its explanation. */
import { css, html, nothing } from "lit";
import { define } from "../signal-element.ts";
import { count, t } from "../i18n.ts";
import { isNegative, isZero, showMoney, showMoneyIn } from "../money.ts";
import type { Column } from "../grid/grid.ts";
import { localised } from "../store/fault.ts";
import { exceptionCause, exceptionCode, filterExceptions, summary } from "../store/store.ts";
import { show } from "../screens.ts";
import { codeTitle } from "../words.ts";
import { money } from "../components/money-text.ts";
import { ListScreen, listStyles } from "./list-screen.ts";
import type { ExceptionRow } from "../../sdk/types.ts";

export class CfExceptions extends ListScreen<"exceptions"> {
  static override styles = [
    ...listStyles,
    css`
      .facets { overflow: auto; padding: 12px; align-self: start; max-block-size: 100%; }
      .facets h2 { font-size: 13px; color: var(--cf-muted); font-weight: 500; padding: 0 8px 8px; }
      .facets .of-files { padding-block-start: 16px; }
      .facets ul { display: grid; gap: 2px; }
      .facets .causes { padding-block-end: 16px; }
      .facets .causes button { line-height: 1.4; }
      .facets button { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 8px; inline-size: 100%; min-block-size: 36px; padding: 6px 8px; border-color: transparent; background: transparent; text-align: start; white-space: normal; font-weight: 400; font-size: 13px; }
      .facets button:hover { background: var(--cf-sunken); }
      .facets button[aria-pressed="true"] { background: var(--cf-accent-soft); color: var(--cf-accent); font-weight: 600; }
      .facets .money { grid-column: 1 / -1; display: grid; font-size: 12px; font-weight: 400; color: var(--cf-muted); }
      @container main (max-width: 900px) {
        .facets { padding: 0; border: 0; box-shadow: none; background: transparent; overflow-x: auto; }
        .facets h2:not(.one), .facets ul:not(.causes) .money { display: none; }
        .facets .causes { padding: 0 2px 8px; }
        .facets .causes button { border: 1px solid var(--cf-border-strong); border-radius: 8px; background: var(--cf-surface); }
        .facets ul:not(.causes) { display: flex; gap: 6px; padding: 2px; }
        .facets ul:not(.causes) button { display: flex; inline-size: auto; white-space: nowrap; border: 1px solid var(--cf-border-strong); border-radius: 999px; padding-inline: 12px; background: var(--cf-surface); }
      }
    `,
  ];

  protected readonly view = "exceptions";
  protected readonly cardHeight = 138;

  protected heading(): string {
    return t("exceptions-title");
  }

  protected lead(): string {
    return t("exceptions-lead");
  }

  protected label(total: number): string {
    return t("exceptions-label", { n: count(total) });
  }

  protected empty() {
    return { title: t("exceptions-none"), hint: t("exceptions-none-hint") };
  }

  protected override filter() {
    if (exceptionCause.value) return { cause: exceptionCause.value };
    return exceptionCode.value ? { headline: exceptionCode.value } : {};
  }

  protected override facets() {
    const known = (summary.value?.codes ?? []).filter(({ info }) => !info);
    const codes = known.filter(({ count: n, files }) => n > files);
    const inFiles = known.filter(({ files }) => files > 0);
    const all = summary.value?.counts.exceptions ?? 0;
    const none = exceptionCode.value === "" && exceptionCause.value === "";
    return html`<nav class="card facets" aria-label=${t("exceptions-filter")}>
      ${this.causes()}
      <h2>${t("exceptions-filter")}</h2>
      <ul>
        <li><button aria-pressed=${none ? "true" : "false"} @click=${() => choose("")}>
          <span>${t("exceptions-all")}</span><span>${count(all)}</span></button></li>
        ${codes.map(({ code, count: n, files, amounts }) => html`<li>
          <button aria-pressed=${exceptionCode.value === code ? "true" : "false"} data-code=${code} @click=${() => choose(code)}>
            <span>${codeTitle(code)}</span><span>${count(n - files)}</span>
            <span class="money">${amounts.filter(({ amount }) => !isZero(amount)).map((value) => html`<span>${money(value)}</span>`)}</span>
          </button></li>`)}
      </ul>
      ${inFiles.length === 0 ? nothing : html`<h2 class="of-files">${t("exceptions-in-files")}</h2>
      <ul>${inFiles.map(({ code, files }) => html`<li>
        <button data-code=${code} @click=${() => show("check")}><span>${codeTitle(code)}</span><span>${count(files)}</span></button></li>`)}
      </ul>`}
    </nav>`;
  }

  /** What several exceptions have for a cause: each a sentence that lists them when it is chosen. */
  private causes() {
    const known = summary.value?.causes ?? [];
    if (known.length === 0) return nothing;
    return html`<h2 class="one">${t("exceptions-causes")}</h2>
      <ul class="causes">${known.map(({ id, title, count: n, amounts }) => html`<li>
        <button aria-pressed=${exceptionCause.value === id ? "true" : "false"} data-cause=${id}
          @click=${() => filterExceptions(exceptionCause.value === id ? {} : { cause: id })}>
          <span>${localised(title)}</span><span>${count(n)}</span>
          <span class="money">${amounts.filter(({ amount }) => !isZero(amount)).map((value) => html`<span>${money(value)}</span>`)}</span>
        </button></li>`)}
      </ul>`;
  }

  protected makeColumns(): readonly Column<ExceptionRow>[] {
    return [
      { key: "code", label: t("cause"), width: 176, grow: 1, chip: true, cell: ({ code }) => ({ text: codeTitle(code), tone: "bad" }) },
      { key: "reference", label: t("order"), width: 120, grow: 1, cell: ({ reference, rows }) => ({ text: reference ?? rows[0] ?? "" }) },
      { key: "amount", label: t("at-stake"), width: 150, align: "end", cell: ({ amount, currency }) => ({
        text: isZero(amount) ? "–" : showMoney({ amount, currency }), tone: isZero(amount) ? "muted" : isNegative(amount) ? "neg" : undefined }) },
      { key: "explanation", label: t("explanation"), width: 220, grow: 4, from: 700, wide: true, cell: ({ explanation }) => ({ text: showMoneyIn(localised(explanation)) }) },
      { key: "date", label: t("occurred"), width: 104, from: 620, cell: ({ occurred_at: at }) => ({ text: at?.slice(0, 10) ?? "", tone: "muted" }) },
    ];
  }
}

function choose(code: string): void {
  filterExceptions({ code });
}

define("cf-exceptions", CfExceptions);
