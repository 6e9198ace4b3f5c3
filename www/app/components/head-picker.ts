/** Shows the first lines of a file as they are, and lets the user point at the one that names the columns. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { t } from "../i18n.ts";
import { setHeaderRow } from "../store/intake.ts";
import { files } from "../store/store.ts";
import { base } from "../styles/base.ts";
import type { Detection } from "../../sdk/types.ts";

type PreviewRow = Detection["rows"][number];

/** Lines that are shown before more are asked for, at least; and after the header. */
const FIRST = 8;
const BELOW = 3;
/** Cells of a line that are drawn. */
const CELLS = 30;
/** Letters of a cell that are drawn. */
const LETTERS = 60;

export class CfHeadPicker extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: block; }
      fieldset { margin: 0; padding: 0; border: 0; min-inline-size: 0; display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
      legend { padding: 0; }
      .scroll-x { border: 1px solid var(--cf-border); border-radius: 6px; }
      th, td { padding: 0 10px; block-size: 32px; vertical-align: middle; }
      td { max-inline-size: 220px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      tbody tr { cursor: pointer; }
      tbody tr:hover { background: var(--cf-sunken); }
      tr.above td { color: var(--cf-muted); }
      tr.header > * { background: var(--cf-accent-soft); color: var(--cf-text); font-weight: 600; }
      .pick { inline-size: 44px; text-align: center; position: sticky; inset-inline-start: 0; background: inherit; }
      tbody tr { background: var(--cf-surface); }
      input { min-block-size: 24px; inline-size: 20px; block-size: 20px; margin: 0; accent-color: var(--cf-accent); vertical-align: middle; }
      .line { inline-size: 56px; text-align: end; color: var(--cf-muted); font-weight: 400; }
      .tag { margin-inline-start: 6px; }
    `,
  ];
  static override properties = { fileId: { attribute: false }, all: { state: true } };
  declare fileId: number;
  declare all: boolean;

  constructor() {
    super();
    this.all = false;
  }

  protected override render() {
    const file = files.value.find(({ id }) => id === this.fileId);
    const rows = file?.detection?.rows ?? [];
    const header = file?.detection?.headerRow;
    if (rows.length === 0 || header === undefined) return nothing;
    const shown = this.all ? rows : rows.filter(({ row }, index) => index < FIRST || row <= header + BELOW);
    const width = Math.min(CELLS, Math.max(...shown.map(({ cells }) => cells.length)));
    return html`<fieldset>
      <legend><h3>${t("check-header-title")}</h3></legend>
      <p class="muted small">${t("check-header-lead")}</p>
      <div class="scroll-x" tabindex="0" role="group" aria-label=${t("check-header-lines")}>
        <table>
          <thead><tr>
            <th scope="col" class="pick"><span class="visually-hidden">${t("check-header-here")}</span></th><th scope="col" class="line">${t("check-line")}</th>
            <td colspan=${width}></td>
          </tr></thead>
          <tbody>${shown.map((row) => this.#row(row, header, width))}</tbody>
        </table>
      </div>
      ${shown.length < rows.length ? html`<div><button class="quiet" @click=${this.#more}>${t("check-header-more")}</button></div>` : nothing}
    </fieldset>`;
  }

  #row({ row, cells }: PreviewRow, header: number, width: number) {
    const is = row === header ? "header" : row < header ? "above" : "";
    const names = cells.filter((cell) => cell.trim() !== "").slice(0, 4).join(", ");
    return html`<tr class=${is} data-row=${row} @click=${() => this.#choose(row)}>
      <td class="pick"><input type="radio" name="header" .checked=${row === header}
        aria-label=${t("check-header-of", { line: String(row), names: short(names) })}
        @click=${(event: Event) => event.stopPropagation()} @change=${() => this.#choose(row)}></td>
      <th scope="row" class="line">${row}</th>
      ${Array.from({ length: width }, (_, index) => {
        const text = cells[index] ?? "";
        return html`<td title=${text.length > LETTERS ? text : nothing}><bdi>${short(text)}</bdi></td>`;
      })}
    </tr>`;
  }

  #choose(row: number): void {
    const file = files.value.find(({ id }) => id === this.fileId);
    if (file?.detection?.headerRow !== row) setHeaderRow(this.fileId, row);
  }

  readonly #more = (): void => {
    this.all = true;
  };
}

function short(text: string): string {
  return text.length > LETTERS ? `${text.slice(0, LETTERS)}…` : text;
}

define("cf-head-picker", CfHeadPicker);
