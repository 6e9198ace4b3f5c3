/** Lists what this browser remembers of how files are read, to be saved as files or forgotten. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { t } from "../i18n.ts";
import { plainName, save } from "../save.ts";
import { fileOf } from "../store/choices.ts";
import { forget, savedMappings } from "../store/saved.ts";
import { base } from "../styles/base.ts";

export class CfSavedList extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: block; }
      summary { cursor: pointer; color: var(--cf-accent); font-size: 13px; min-block-size: 24px; inline-size: fit-content; }
      ul { display: grid; margin-block-start: 8px; }
      li { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; padding: 4px 0; border-block-end: 1px solid var(--cf-border); font-size: 13px; }
      bdi { flex: 1 1 200px; }
    `,
  ];

  protected override render() {
    const all = savedMappings.value;
    if (all.length === 0) return nothing;
    return html`<details>
      <summary>${t("saved-title", { n: all.length })}</summary>
      <p class="muted small">${t("check-keep-hint")}</p>
      <ul>${all.map(({ title, on, mapping }) => html`<li>
        <bdi>${title}</bdi><span class="muted">${on}</span>
        <button class="quiet" aria-label=${t("saved-save-of", { file: title })} @click=${() => save(fileOf(mapping, title), `crossfoot-mapping-${plainName(title)}.json`)}>${t("saved-save")}</button>
        <button class="quiet" aria-label=${t("saved-forget-of", { file: title })} @click=${() => forget(mapping)}>${t("saved-forget")}</button>
      </li>`)}</ul>
    </details>`;
  }
}

define("cf-saved-list", CfSavedList);
