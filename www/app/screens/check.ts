/** How each file was read: its columns with examples, where its rows went, what was assumed, what its own totals say. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { t } from "../i18n.ts";
import { icon } from "../icons.ts";
import { show } from "../screens.ts";
import { loadProfiles } from "../store/intake.ts";
import { reconcile } from "../store/reconcile.ts";
import { nameInResult, phase, sources, stale } from "../store/store.ts";
import { base } from "../styles/base.ts";
import "../components/source-report.ts";
import "../components/column-map.ts";

export class CfCheck extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; max-inline-size: 1160px; margin-inline: auto; }
      .lead { margin-block-start: 6px; max-inline-size: 76ch; }
      
      .source > summary { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; padding: 16px 20px; cursor: pointer; list-style: none; border-radius: var(--cf-radius); }
      .source > summary::-webkit-details-marker { display: none; }
      .source > summary svg { transition: transform 120ms; }
      .source[open] > summary svg { transform: rotate(180deg); }
      .source > summary h2 { overflow-wrap: anywhere; flex: 1; }
      .inside { display: grid; grid-template-columns: minmax(0, 1fr); gap: 28px; padding: 4px 20px 24px; }
      .go { display: flex; flex-wrap: wrap; gap: 12px; justify-content: end; align-items: center; }
      .go p { flex: 1; }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void loadProfiles();
  }

  protected override render() {
    return html`
      <header><h1>${t("check-title")}</h1><p class="muted lead">${t("check-lead")}</p></header>
      ${sources.value.map((file) => html`<details class="card source" open>
        <summary><h2><bdi>${file.name}</bdi></h2><span class="chip">${t(`side-${file.role}`)}</span>${icon("down")}</summary>
        <div class="inside">
          <cf-column-map .fileId=${file.id}></cf-column-map>
          <cf-source-report .file=${nameInResult(file.id)}></cf-source-report>
        </div>
      </details>`)}
      ${this.#go()}
    `;
  }

  #go() {
    const state = phase.value;
    if (state === "working") return nothing;
    const fresh = state === "done" && !stale.value;
    return html`<div class="go">
      ${stale.value ? html`<p class="muted">${t("run-changed")}</p>` : nothing}
      ${fresh
        ? html`<button class="primary large" @click=${() => show("summary")}>${icon("next")}${t("screen-summary")}</button>`
        : html`<button class="primary large" @click=${reconcile}>${icon("next")}${t(state === "done" ? "run-again" : "run-start")}</button>`}
    </div>`;
  }
}

define("cf-check", CfCheck);
