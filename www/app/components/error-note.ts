/** Shows one error: what happened, where, and what to do. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { t } from "../i18n.ts";
import { icon } from "../icons.ts";
import { base } from "../styles/base.ts";
import type { Fault } from "../store/fault.ts";

export class CfErrorNote extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: block; }
      .note { display: grid; grid-template-columns: 20px minmax(0, 1fr) auto; gap: 4px 12px; padding: 12px 16px; border-radius: var(--cf-radius); background: var(--cf-bad-soft); border-inline-start: 3px solid var(--cf-bad); }
      .note > svg { color: var(--cf-bad); margin-block-start: 1px; }
      .what { font-weight: 600; }
      .body { display: grid; gap: 4px; overflow-wrap: anywhere; }
      details { font-size: 12px; color: var(--cf-text); }
      button { margin: -8px -8px 0 0; }
      pre { margin: 4px 0 0; white-space: pre-wrap; font-family: var(--cf-font-mono); }
    `,
  ];
  static override properties = { error: { attribute: false }, dismissable: { type: Boolean } };
  declare error: Fault | undefined;
  /** Offers to close the note; then sends `cf-dismiss`. */
  declare dismissable: boolean;

  protected override render() {
    const { error } = this;
    if (!error) return nothing;
    return html`<div class="note" role="alert">
      ${icon("warn")}
      <div class="body">
        <p class="what">${error.message()}</p>
        ${error.place ? html`<p><span class="muted">${t("error-where")}:</span> <bdi>${error.place()}</bdi></p>` : nothing}
        ${error.remedy ? html`<p><span class="muted">${t("error-remedy")}:</span> ${error.remedy()}</p>` : nothing}
        ${error.details
          ? html`<details><summary>${t("error-technical")}</summary><pre>${error.code}\n${error.details}</pre></details>`
          : nothing}
      </div>
      ${this.dismissable
        ? html`<button class="icon quiet" aria-label=${t("close")} title=${t("close")} @click=${() => this.dispatchEvent(new CustomEvent("cf-dismiss"))}>${icon("close", 18)}</button>`
        : nothing}
    </div>`;
  }
}

define("cf-error-note", CfErrorNote);
