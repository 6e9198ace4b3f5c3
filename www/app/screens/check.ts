/** How each file is read, before anything rests on it: what it is, what is open, its columns, and where its rows go. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { addMessages, count, t } from "../i18n.ts";
import { icon } from "../icons.ts";
import { show } from "../screens.ts";
import { loadProfiles } from "../store/intake.ts";
import { faultOnLook, keepLooking, look, openQuestions, reading, reportOf } from "../store/look.ts";
import { warningsOf } from "../store/questions.ts";
import { reconcile } from "../store/reconcile.ts";
import { phase, sources, stale, toCheck, type FileItem } from "../store/store.ts";
import { base } from "../styles/base.ts";
import { codeTitle, size } from "../words.ts";
import en from "../../locales/check.en.ftl?raw";
import zhHans from "../../locales/check.zh-Hans.ftl?raw";
import "../components/column-map.ts";
import "../components/error-note.ts";
import "../components/format-line.ts";
import "../components/question-list.ts";
import "../components/saved-list.ts";
import "../components/source-report.ts";

addMessages({ en, "zh-Hans": zhHans });

/** Faults of a file of which no column, or no amount, was named yet. */
const UNNAMED = new Set(["ingest/unknown-layout", "ingest/no-amount"]);
/** So many files are all open; of more, only those that need a look. */
const ALL_OPEN = 3;

export class CfCheck extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; max-inline-size: 1160px; margin-inline: auto; }
      .lead { margin-block-start: 6px; max-inline-size: 76ch; }
      .state { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; min-block-size: 28px; }
      .source > summary { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; padding: 16px 20px; cursor: pointer; list-style: none; border-radius: var(--cf-radius); }
      .source > summary::-webkit-details-marker { display: none; }
      .source > summary svg { transition: transform 120ms; }
      .source[open] > summary > svg:last-child { transform: rotate(180deg); }
      .source > summary h2 { overflow-wrap: anywhere; flex: 1 1 200px; }
      .inside { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; padding: 0 20px 20px; }
      .go { display: flex; flex-wrap: wrap; gap: 12px; justify-content: end; align-items: center; }
      .go p { flex: 1; }
      @container main (max-width: 560px) {
        .source > summary { padding: 14px 16px; }
        .inside { padding: 0 16px 16px; }
        .go button { inline-size: 100%; white-space: normal; }
      }
    `,
  ];
  #stop: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void loadProfiles();
    this.#stop = keepLooking();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  protected override render() {
    return html`
      <header><h1>${t("check-title")}</h1><p class="muted lead">${t("check-lead")}</p></header>
      <div class="state" role="status">${this.#state()}</div>
      ${sources.value.map((file) => this.#source(file))}
      <cf-saved-list></cf-saved-list>
      ${this.#go()}
    `;
  }

  #state() {
    const seen = look.value;
    if (!reading.value && seen.state === "reading") {
      const { completed, total } = seen.progress ?? { completed: 0 };
      return html`<span class="muted">${t("check-reading")} ${total ? t("work-of", { done: size(completed), total: size(total) }) : nothing}</span>`;
    }
    if (!reading.value && seen.state === "large") return html`<span class="muted">${t("check-large")}</span>`;
    const open = sources.value.reduce((sum, { id }) => sum + openQuestions(id).length, 0);
    if (!reading.value) return nothing;
    return open > 0 ? html`<span class="chip info">${icon("question")}${t("check-questions", { n: open })}</span>`
      : html`<span class="chip ok">${icon("tick")}${t("check-clear")}</span>`;
  }

  #source(file: FileItem) {
    const questions = openQuestions(file.id).length;
    const report = reportOf(file.id);
    const fault = faultOnLook(file.id);
    // That its columns are not known is no fault on the screen where they are named.
    const unnamed = fault !== undefined && UNNAMED.has(fault.code);
    const rejected = report?.rows.rejected ?? 0;
    const off = report?.controls.filter(({ ok }) => !ok).length ?? 0;
    const drifted = report?.drift !== undefined;
    const warnings = report ? warningsOf(report).length : 0;
    const needed = questions > 0 || fault !== undefined || rejected > 0 || off > 0 || drifted || !file.detection || file.detection.guesses.length === 0;
    return html`<details class="card source" ?open=${sources.value.length <= ALL_OPEN || needed} data-file=${file.name}>
      <summary>
        <h2><bdi>${file.name}</bdi></h2>
        <span class="chip">${t(`role-${file.role}`)}</span>
        ${unnamed ? html`<span class="chip info">${t("check-unnamed")}</span>` : fault ? html`<span class="chip bad">${t("check-unreadable")}</span>` : nothing}
        ${questions > 0 ? html`<span class="chip info">${t("check-questions", { n: questions })}</span>` : nothing}
        ${warnings > 0 ? html`<span class="chip warn">${t("check-warned", { n: warnings })}</span>` : nothing}
        ${rejected > 0 ? html`<span class="chip bad">${t("check-skipped", { n: rejected, shown: count(rejected) })}</span>` : nothing}
        ${off > 0 ? html`<span class="chip bad">${t("check-totals-off", { n: off })}</span>` : nothing}
        ${drifted ? html`<span class="chip bad">${codeTitle("SCHEMA_DRIFT")}</span>` : nothing}
        ${icon("down")}
      </summary>
      <div class="inside">
        <cf-format-line .fileId=${file.id}></cf-format-line>
        ${fault && !unnamed ? html`<cf-error-note .error=${fault}></cf-error-note>` : nothing}
        <cf-question-list .fileId=${file.id} ?hidden=${questions === 0} @cf-answered=${focusCard}></cf-question-list>
        <cf-column-map .fileId=${file.id}></cf-column-map>
        <cf-source-report .fileId=${file.id} ?hidden=${!report}></cf-source-report>
      </div>
    </details>`;
  }

  #go() {
    const state = phase.value;
    if (state === "working") return nothing;
    const fresh = state === "done" && !stale.value;
    return html`<div class="go">
      ${stale.value ? html`<p class="muted">${t("run-changed")}</p>` : nothing}
      ${fresh
        ? html`<button class="primary large" @click=${() => show("summary")}>${icon("next")}${t("screen-summary")}</button>`
        : html`<button class="primary large" @click=${reconcile}>${icon("next")}${goLabel(state === "done")}</button>`}
    </div>`;
  }

  /** The file that the user came for is in view and open. */
  protected override updated(): void {
    const wanted = sources.value.find(({ id }) => id === toCheck.value);
    if (!wanted) return;
    toCheck.value = undefined;
    const card = [...this.renderRoot.querySelectorAll<HTMLDetailsElement>("details.source")].find(({ dataset }) => dataset["file"] === wanted.name);
    if (!card) return;
    card.open = true;
    card.scrollIntoView({ block: "start" });
    card.querySelector("summary")?.focus();
  }
}

function focusCard(event: Event): void {
  (event.target as HTMLElement).closest("details")?.querySelector("summary")?.focus();
}

/** "Reconcile 12,480 orders with 11,932 settlement lines", once both were counted. */
function goLabel(again: boolean): string {
  const entries = (side: string) => reading.value?.run.summary.sources.reduce((sum, one) => sum + (one.side === side ? one.rows.entries : 0), 0) ?? 0;
  const [orders, lines] = [entries("orders"), entries("settlement")];
  if (again || orders === 0 || lines === 0) return t(again ? "run-again" : "run-start");
  return t("check-go", { orders: count(orders), lines: count(lines) });
}

define("cf-check", CfCheck);
