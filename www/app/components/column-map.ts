/** Shows which column of a file feeds which field, with examples, and lets the user choose otherwise. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { t } from "../i18n.ts";
import { isNegative, showMoney } from "../money.ts";
import { setColumns, setProfile } from "../store/intake.ts";
import { localised } from "../store/fault.ts";
import { FIELDS, canBeChosen, detectedColumns, effectiveColumns, withChoice, type Columns } from "../store/mapping.ts";
import { files, isSource, nameInResult, profiles, run, stale, type FileItem } from "../store/store.ts";
import { base } from "../styles/base.ts";
import { fieldName, instant, kindName } from "../words.ts";
import type { LineRow } from "../../sdk/types.ts";

const EXAMPLES = 3;

export class CfColumnMap extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; }
      .format { display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: end; }
      .format label { grid-template-columns: minmax(0, 1fr); min-inline-size: min(260px, 100%); max-inline-size: 100%; }
      .chips { padding-block-end: 6px; }
      td { max-inline-size: 260px; }
      td div { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      td select { min-block-size: 32px; inline-size: 100%; min-inline-size: 160px; }
      th[scope="row"] { vertical-align: middle; }
      summary { cursor: pointer; color: var(--cf-accent); font-size: 13px; }
      .unused { font-size: 13px; }
    `,
  ];
  static override properties = { fileId: { attribute: false }, examples: { state: true } };
  declare fileId: number;
  declare examples: readonly LineRow[];
  #asked: unknown;

  constructor() {
    super();
    this.examples = [];
  }

  protected override render() {
    const file = files.value.find(({ id }) => id === this.fileId);
    if (!file?.detection) return nothing;
    this.#ask(file);
    const columns = effectiveColumns(file);
    const others = FIELDS.filter((field) => !columns.has(field));
    return html`
      ${this.#format(file)}
      ${columns.size === 0 ? html`<p class="muted">${t("check-no-columns")}</p>` : this.#table(file, columns, [...columns.keys()])}
      <details ?open=${detectedColumns(file).size === 0}>
        <summary>${t("check-more-fields")}</summary>
        ${this.#table(file, columns, others)}
      </details>
      ${unused(file, columns)}
    `;
  }

  #format(file: FileItem) {
    const guessed = file.detection?.guesses[0];
    const side = isSource(file.role) ? file.role : "settlement";
    const others = profiles.value.filter((one) => (one.side ?? side) === side && one.name !== guessed?.profile);
    return html`<div class="format">
      <label>${t("check-profile")}
        <select name="profile" @change=${this.#chooseProfile}>
          <option value="" ?selected=${!file.profile}>${guessed ? `${localised(guessed.title)} (${t("check-profile-auto")})` : t("check-profile-none")}</option>
          ${others.map(({ name, title }) => html`<option value=${name} ?selected=${file.profile === name}>${localised(title)}</option>`)}
        </select>
      </label>
      ${file.columns ? html`<button @click=${() => setColumns(file.id, new Map())}>${t("check-reset")}</button>` : nothing}
      <div class="row chips">
        ${file.detection?.encoding ? html`<span class="chip">${file.detection.encoding.toUpperCase()}</span>` : nothing}
        ${file.detection?.delimiter ? html`<span class="chip">${t("check-delimiter")} ${delimiter(file.detection.delimiter)}</span>` : nothing}
        ${file.detection?.headerRow ? html`<span class="chip">${t("check-header-row", { row: String(file.detection.headerRow) })}</span>` : nothing}
      </div>
    </div>`;
  }

  #table(file: FileItem, columns: Columns, fields: readonly string[]) {
    const samples = new Map(file.detection?.columns.map(({ name, samples: values }) => [name, values]));
    const parsed = this.examples.length > 0;
    return html`<div class="scroll-x" tabindex="0" role="group" aria-label=${t("check-columns")}>
      <table>
        <caption>${t("check-columns-lead")}</caption>
        <thead><tr>
          <th scope="col">${t("check-field")}</th><th scope="col">${t("check-column")}</th><th scope="col">${t("check-sample")}</th>
          ${parsed ? html`<th scope="col">${t("check-parsed")}</th>` : nothing}
        </tr></thead>
        <tbody>
          ${fields.map((field) => {
            const column = columns.get(field) ?? "";
            return html`<tr>
              <th scope="row">${fieldName(field)}${file.columns?.has(field) ? html` <span class="chip info">${t("check-own")}</span>` : nothing}</th>
              <td>${this.#select(file, field, column)}</td>
              <td>${(samples.get(column) ?? []).slice(0, EXAMPLES).map((value) => html`<div class="muted" title=${value}><bdi>${value || "–"}</bdi></div>`)}</td>
              ${parsed ? html`<td>${this.examples.map((line) => html`<div>${readAs(line, field)}</div>`)}</td>` : nothing}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }

  #select(file: FileItem, field: string, column: string) {
    const names = file.detection?.columns.map(({ name }) => name).filter((name) => name === column || canBeChosen(name)) ?? [];
    return html`<select aria-label=${`${t("check-column")}: ${fieldName(field)}`} @change=${(event: Event) => {
      setColumns(file.id, withChoice(file, field, (event.target as HTMLSelectElement).value));
    }}>
      ${column === "" ? html`<option value="" selected>${t("check-unmapped")}</option>` : nothing}
      ${names.map((name) => html`<option value=${name} ?selected=${name === column}>${name}</option>`)}
    </select>`;
  }

  readonly #chooseProfile = (event: Event): void => {
    setProfile(this.fileId, (event.target as HTMLSelectElement).value);
  };

  /** Once there is a result of these very settings, the first rows show what was made of the columns. */
  #ask(file: FileItem): void {
    const state = run.value;
    const current = state.state === "done" && !stale.value ? state.run : undefined;
    if (this.#asked === current) return;
    this.#asked = current;
    this.examples = [];
    current?.page("lines", { filter: { source: nameInResult(file.id) }, limit: EXAMPLES }).then(
      (page) => {
        if (this.#asked === current) this.examples = page.rows;
      },
      () => undefined,
    );
  }
}

function unused(file: FileItem, columns: Columns) {
  const used = new Set(columns.values());
  const rest = file.detection?.columns.map(({ name }) => name).filter((name) => !used.has(name)) ?? [];
  return rest.length === 0 || columns.size === 0 ? nothing
    : html`<p class="muted unused">${t("check-unmapped-columns", { columns: rest.join(", ") })}</p>`;
}

function delimiter(text: string): string {
  return text === "\t" ? "Tab" : text;
}

/** What became of a field in the entry, as the rest of the page shows it. */
function readAs(line: LineRow, field: string) {
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
    // Kept with the entry, but not part of a page of rows.
    case "country": case "memo": return nothing;
    case "occurred_at": return line.occurred_at ? instant(line.occurred_at) : "–";
    case "settled_at": return line.settled_on ?? "–";
    default: {
      const value: unknown = (line as unknown as Record<string, unknown>)[field];
      return typeof value === "string" && value !== "" ? html`<bdi>${value}</bdi>` : "–";
    }
  }
}

define("cf-column-map", CfColumnMap);
