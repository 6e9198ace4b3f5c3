/** Files out: the result document and the table of rows, made in the engine and saved by the browser. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { t } from "../i18n.ts";
import { icon } from "../icons.ts";
import { save } from "../save.ts";
import { FORMATS, documents, write } from "../store/documents.ts";
import { base } from "../styles/base.ts";
import { size } from "../words.ts";
import "../components/error-note.ts";
import type { ExportFormat } from "../../sdk/types.ts";

const NAMES: Record<ExportFormat, string> = { json: "crossfoot-result.json", csv: "crossfoot-rows.csv", carry: "carry.crossfoot" };

export class CfExport extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; max-inline-size: 820px; margin-inline: auto; }
      .lead { margin-block-start: 6px; }
      ul { display: grid; gap: 12px; }
      .one { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 24px; align-items: center; }
      .one h2, .one p { grid-column: 1; }
      .one .act { grid-column: 2; grid-row: 1 / span 3; }
      @container main (max-width: 560px) {
        .one { grid-template-columns: minmax(0, 1fr); }
        .one .act { grid-column: 1; grid-row: auto; margin-block-start: 8px; inline-size: 100%; }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    for (const format of FORMATS) void write(format);
  }

  protected override render() {
    return html`
      <header><h1>${t("export-title")}</h1><p class="muted lead">${t("export-lead")}</p></header>
      <ul>${FORMATS.map((format) => html`<li>${this.#one(format)}</li>`)}</ul>
    `;
  }

  #one(format: ExportFormat) {
    const made = documents[format].value;
    return html`<article class="card pad one">
      <h2>${t(`export-${format}`)}</h2>
      <p class="muted small">${t(`export-${format}-text`)}</p>
      <p class="small" data-ready=${made.state === "ready" ? format : nothing}>
        ${made.state === "ready" ? html`<bdi>${t("export-ready", { file: NAMES[format], size: size(made.blob.size) })}</bdi>`
          : made.state === "writing" ? t("export-making") : nothing}
      </p>
      ${made.state === "failed" ? html`<cf-error-note .error=${made.fault}></cf-error-note>` : nothing}
      ${made.state === "ready"
        ? html`<button class="primary act" data-format=${format} aria-label=${`${t("export-save")} ${NAMES[format]}`} @click=${() => save(made.blob, NAMES[format])}>${icon("export")}${t("export-save")}</button>`
        : html`<button class="act" ?disabled=${made.state === "writing"} @click=${() => void write(format)}>${t("export-make")}</button>`}
    </article>`;
  }
}

define("cf-export", CfExport);
