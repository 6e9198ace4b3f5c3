/** Shows which column of a file feeds which field, with what the engine made of its first values, and lets the user choose. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { t } from "../i18n.ts";
import { isNegative, showMoney } from "../money.ts";
import { setColumns } from "../store/intake.ts";
import { firstLines } from "../store/look.ts";
import { FIELDS, canBeUnread, effectiveColumns, withChoice, type Columns, type Feed } from "../store/mapping.ts";
import { files, type FileItem } from "../store/store.ts";
import { base } from "../styles/base.ts";
import { fieldName, instant, kindName } from "../words.ts";
import type { Detection, LineRow } from "../../sdk/types.ts";

const EXAMPLES = 3;
/** Fields whose damaged values are kept out of matching. */
const IDS = new Set(["reference", "transaction_id", "order_number"]);
/** Fields that are in view also while they have no column: with these a file can be reconciled. */
const NEEDED = new Set(["reference", "occurred_at", "currency", "amount"]);
/** More unused columns than these are listed only on demand. */
const LISTED = 8;

/** A row of the file, and the entry that it became. */
interface Example {
  readonly row: number;
  readonly cells: readonly string[];
  readonly line: LineRow;
}

export class CfColumnMap extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
      .fields { border: 1px solid var(--cf-border); border-radius: 6px; }
      .fields > li, .heads { display: grid; grid-template-columns: minmax(120px, 1fr) minmax(160px, 1.2fr) minmax(0, 3fr); gap: 4px 16px; padding: 8px 12px; align-items: center; }
      .fields > li + li { border-block-start: 1px solid var(--cf-border); }
      .heads { font-size: 12px; color: var(--cf-muted); padding-block: 0; }
      .field { font-weight: 500; }
      .field .chip { margin-inline-start: 4px; }
      select { min-block-size: 32px; inline-size: 100%; }
      .pair { display: grid; gap: 4px; }
      .values { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 2px 16px; font-size: 13px; }
      .values li { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 6px; align-items: baseline; min-inline-size: 0; }
      .values bdi { min-inline-size: 0; }
      .in { grid-column: 1 / -1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--cf-muted); font-family: var(--cf-font-mono); font-size: 12px; }
      .arrow { color: var(--cf-muted); }
      .out { font-weight: 500; }
      .heads .values { font-size: inherit; }
      summary { cursor: pointer; color: var(--cf-accent); font-size: 13px; min-block-size: 24px; inline-size: fit-content; }
      details > .fields { margin-block-start: 8px; }
      @container main (max-width: 700px) {
        .heads { display: none; }
        .fields > li { grid-template-columns: minmax(0, 1fr); padding-block: 12px; }
        .values { grid-template-columns: minmax(0, 1fr); }
        .values li { display: flex; gap: 6px; }
        .in { flex: 0 1 auto; max-inline-size: 50%; }
        .out { flex: 1 1 auto; }
        select { min-block-size: 44px; }
      }
    `,
  ];
  static override properties = { fileId: { attribute: false } };
  declare fileId: number;

  protected override render() {
    const file = files.value.find(({ id }) => id === this.fileId);
    if (!file?.detection) return nothing;
    const columns = effectiveColumns(file);
    const examples = examplesOf(file.detection, firstLines.value.get(this.fileId) ?? []);
    const shown = (field: string) => columns.has(field) || (canBeUnread(file) && NEEDED.has(field));
    const known = FIELDS.filter(shown);
    const others = FIELDS.filter((field) => !shown(field));
    return html`
      <h3>${t("check-columns")}</h3>
      <p class="muted small">${t(columns.size === 0 ? "check-no-columns" : "check-columns-lead")}</p>
      ${this.#list(file, columns, known, examples)}
      <details>
        <summary>${t("check-more-fields")}</summary>
        ${this.#list(file, columns, others, examples)}
      </details>
      ${unused(file, columns)}
    `;
  }

  #list(file: FileItem, columns: Columns, fields: readonly string[], examples: readonly Example[]) {
    if (fields.length === 0) return nothing;
    return html`
      <div class="heads" aria-hidden="true"><span>${t("check-field")}</span><span>${t("check-column")}</span><span class="values">${examples.length > 0
        ? examples.map(({ row }) => html`<span>${t("check-in-out", { line: String(row) })}</span>`) : html`<span>${t("check-sample")}</span>`}</span></div>
      <ul class="fields">${fields.map((field) => {
        const feed = columns.get(field);
        return html`<li data-field=${field}>
          <span class="field">${fieldName(field)}${file.columns?.has(field) ? html`<span class="chip info">${t("check-own")}</span>` : nothing}</span>
          <span class="pair">${this.#select(file, field, feed)}${feed?.less
            ? html`<span class="muted small">${t("check-less", { column: feed.less })}</span>` : nothing}</span>
          ${feed ? values(file, field, feed, examples) : html`<span></span>`}
        </li>`;
      })}</ul>`;
  }

  #select(file: FileItem, field: string, feed: Feed | undefined) {
    const column = feed?.column ?? "";
    const names = new Set(file.detection?.columns.map(({ name }) => name).filter((name) => name !== ""));
    // A column that the format reads may stand in another layout of the same file.
    if (column !== "") names.add(column);
    return html`<select aria-label=${`${t("check-column")}: ${fieldName(field)}`} @change=${(event: Event) => {
      setColumns(file.id, withChoice(file, field, (event.target as HTMLSelectElement).value));
      // The field may move from one list to the other; whoever works by keyboard stays with it.
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`li[data-field=${field}] select`)?.focus());
    }}>
      ${column === "" || canBeUnread(file) ? html`<option value="" ?selected=${column === ""}>${t("check-unmapped")}</option>` : nothing}
      ${[...names].map((name) => html`<option value=${name} ?selected=${name === column}>${name}</option>`)}
    </select>`;
  }
}

/** The first rows that became entries, beside these. */
function examplesOf(detection: Detection, lines: readonly LineRow[]): readonly Example[] {
  const byRow = new Map<number, LineRow>();
  for (const line of lines) {
    const row = Number(/:(\d+)$/.exec(line.row)?.[1] ?? 0);
    if (row > 0 && !byRow.has(row)) byRow.set(row, line);
  }
  const found = detection.rows.flatMap(({ row, cells }) => {
    const line = byRow.get(row);
    return line ? [{ row, cells, line }] : [];
  });
  return found.slice(0, EXAMPLES);
}

function values(file: FileItem, field: string, { column, less }: Feed, examples: readonly Example[]) {
  const at = (name: string) => file.detection?.columns.findIndex((one) => one.name === name) ?? -1;
  const [first, second] = [at(column), less === undefined ? -1 : at(less)];
  if (examples.length === 0 || first < 0) {
    const samples = file.detection?.columns[first]?.samples.slice(0, EXAMPLES) ?? [];
    return html`<ul class="values">${samples.map((text) => html`<li><bdi class="in" title=${text}>${text}</bdi></li>`)}</ul>`;
  }
  return html`<ul class="values">${examples.map(({ cells, line }) => {
    const text = [cells[first] ?? "", second < 0 ? "" : (cells[second] ?? "")].find((cell) => cell.trim() !== "") ?? "";
    const shown = readAs(line, field, text !== "");
    return html`<li><bdi class="in" title=${text}>${text === "" ? t("check-empty") : text}</bdi>
      ${shown === undefined ? nothing : html`<span class="arrow" role="img" aria-label=${t("check-parsed")}>→</span><bdi class="out">${shown}</bdi>`}</li>`;
  })}</ul>`;
}

function unused(file: FileItem, columns: Columns) {
  const used = new Set([...columns.values()].flatMap(({ column, less }) => [column, less]));
  const rest = file.detection?.columns.map(({ name }) => name).filter((name) => name !== "" && !used.has(name)) ?? [];
  if (rest.length === 0 || columns.size === 0) return nothing;
  const names = html`<p class="muted small">${t("check-unmapped-columns", { columns: rest.join(", ") })}</p>`;
  return rest.length <= LISTED ? names : html`<details><summary>${t("check-unmapped-count", { n: rest.length })}</summary>${names}</details>`;
}

/** What became of a field in the entry, as the rest of the page shows it; nothing for fields that pages do not hold. */
function readAs(line: LineRow, field: string, given: boolean) {
  const { currency, net_currency: netCurrency = currency } = line;
  const shown = (amount: string, code: string) => html`<span class=${isNegative(amount) ? "neg" : ""}>${showMoney({ amount, currency: code })}</span>`;
  switch (field) {
    case "amount": return shown(line.amount, currency);
    case "fee": return shown(line.fee, currency);
    case "tax": return shown(line.tax, currency);
    case "net": return shown(line.net, netCurrency);
    case "currency": return currency;
    case "net_currency": return netCurrency;
    case "original_amount": return line.original ? shown(line.original.amount, line.original.currency) : "–";
    case "original_currency": return line.original?.currency ?? "–";
    case "type": return kindName(line.kind);
    case "status": return t(`status-${line.status}`);
    case "country": case "memo": return undefined;
    case "occurred_at": return line.occurred_at ? instant(line.occurred_at) : "–";
    case "settled_at": return line.settled_on ?? "–";
    default: {
      const value: unknown = (line as unknown as Record<string, unknown>)[field];
      if (typeof value === "string" && value !== "") return value;
      return given && IDS.has(field) ? html`<span class="muted">${t("check-no-key")}</span>` : "–";
    }
  }
}

define("cf-column-map", CfColumnMap);
