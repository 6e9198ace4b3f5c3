/** Shows long work that is running: its phase, how far it is, and a way to stop it. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { count, t, tOr } from "../i18n.ts";
import { run } from "../store/store.ts";
import { cancelRun } from "../store/reconcile.ts";
import { base } from "../styles/base.ts";
import { size } from "../words.ts";

/** Phases whose progress is counted in bytes. */
const BYTES = new Set(["reading", "writing"]);

export class CfWorkProgress extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: block; margin-block-end: 16px; }
      .work { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; gap: 8px 16px; padding: 16px 20px; }
      .bar { grid-column: 1; block-size: 8px; border-radius: 4px; overflow: clip; background: var(--cf-sunken); }
      .bar svg { display: block; inline-size: 100%; block-size: 8px; }
      rect { fill: var(--cf-accent); }
      .far { min-block-size: 20px; }
      button { grid-column: 2; grid-row: 1 / span 3; }
    `,
  ];

  protected override render() {
    const state = run.value;
    if (state.state !== "working") return nothing;
    const { phase, completed, total } = state.progress;
    const share = total ? Math.min(1, completed / total) : 0;
    // Engines may come to have further phases.
    const doing = tOr(`work-${phase}`, t("work-title"));
    const shown = BYTES.has(phase) ? size : count;
    const far = total ? t("work-of", { done: shown(completed), total: shown(total) }) : t("work-count", { done: shown(completed) });
    return html`<section class="card work" aria-label=${t("work-title")}>
      <p><strong>${doing}</strong></p>
      <div class="bar" role="progressbar" aria-label=${doing} aria-valuemin="0" aria-valuemax="100"
        aria-valuenow=${total ? Math.round(share * 100) : nothing}>
        <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y="0" width=${share * 100} height="8"></rect></svg>
      </div>
      <p class="muted small far">${completed > 0 ? far : nothing}</p>
      <button @click=${cancelRun}>${t("cancel")}</button>
    </section>`;
  }
}

define("cf-work-progress", CfWorkProgress);
