/** The first screen: add files, say what each is, set the dates, reconcile. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { t } from "../i18n.ts";
import { icon } from "../icons.ts";
import { show } from "../screens.ts";
import { droppedFiles } from "../store/dropped.ts";
import { addFiles, addPasted, clearFiles, loadSample } from "../store/intake.ts";
import { reconcile } from "../store/reconcile.ts";
import { files, notice, phase, sample, settings, sources, stale } from "../store/store.ts";
import { base } from "../styles/base.ts";
import "../components/file-card.ts";

export class CfFiles extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; max-inline-size: 960px; margin-inline: auto; }
      .lead { max-inline-size: 64ch; margin-block-start: 6px; }
      .start { display: grid; grid-template-columns: minmax(0, 1fr) minmax(220px, 280px); gap: 16px; }
      .drop, .sample { display: grid; justify-items: center; align-content: center; gap: 10px; padding: 32px 24px; text-align: center; }
      .drop { border: 1.5px dashed var(--cf-border-strong); background: var(--cf-surface); border-radius: 12px; }
      .drop > svg { color: var(--cf-accent); }
      .drop[data-over] { border-color: var(--cf-accent); border-style: solid; background: var(--cf-accent-soft); }
      .drop strong { font-size: 17px; font-weight: 600; }
      .has-files .drop, .has-files .sample { padding-block: 16px; }
      .has-files .drop { grid-template-columns: auto minmax(0, 1fr); align-items: center; justify-items: start; text-align: start; }
      .has-files .drop strong { font-size: 15px; }
      .has-files .sample p { display: none; }
      .ways { display: flex; flex-wrap: wrap; gap: 8px; justify-content: center; }
      .has-files .ways { grid-column: 1 / -1; }
      dialog { inline-size: min(720px, calc(100vw - 32px)); padding: 24px; border: 1px solid var(--cf-border); border-radius: 12px; background: var(--cf-surface); color: var(--cf-text); }
      dialog::backdrop { background: rgb(10 20 20 / 0.45); }
      textarea { font: 13px/1.5 var(--cf-font-mono); inline-size: 100%; padding: 8px 10px; border: 1px solid var(--cf-border-strong); border-radius: 6px; background: var(--cf-surface); color: var(--cf-text); resize: vertical; }
      #paste-bad { color: var(--cf-bad); }
      #paste-bad:empty { display: none; }
      .list { display: grid; gap: 8px; }
      .settings { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 16px 24px; }
      .settings label { align-content: start; }
      .settings input { inline-size: 100%; max-inline-size: 260px; }
      .bad-zone { color: var(--cf-bad); }
      .go { position: sticky; inset-block-end: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 12px 16px; padding: 16px 20px; }
      .go p { flex: 1 1 260px; }
      .working { position: sticky; inset-block-end: 0; margin: 0; }
      .banner { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; padding: 10px 16px; border-radius: var(--cf-radius); background: var(--cf-info-soft); color: var(--cf-info); }
      .banner button { margin-inline-start: auto; color: inherit; }
      .promises { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 16px 32px; padding-block-start: 8px; }
      .promises dt { font-weight: 600; margin-block-end: 2px; }
      .promises dd { color: var(--cf-muted); font-size: 13px; }
      @container main (max-width: 700px) {
        .promises { grid-template-columns: minmax(0, 1fr); }
        .start, .settings { grid-template-columns: minmax(0, 1fr); }
        .has-files .drop { grid-template-columns: minmax(0, 1fr); justify-items: center; text-align: center; }
        .ways button { flex: 1 1 100%; min-block-size: 44px; }
        .go { position: static; }
        .go button { inline-size: 100%; white-space: normal; }
      }
    `,
  ];
  static override properties = { over: { state: true }, noTable: { state: true } };
  declare over: boolean;
  /** What was pasted is no table. */
  declare noTable: boolean;

  constructor() {
    super();
    this.over = false;
    this.noTable = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("paste", this.#pastedAnywhere);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("paste", this.#pastedAnywhere);
  }

  protected override render() {
    const some = files.value.length > 0;
    return html`
      <header>
        <h1>${t("files-title")}</h1>
        <p class="muted lead">${t("files-lead")}</p>
      </header>
      ${sample.value === "yes" ? this.#banner() : nothing}
      <div class=${some ? "start has-files" : "start"}>
        ${this.#drop()}
        <div class="card sample">
          <button ?disabled=${sample.value === "making"} @click=${loadSample}>
            ${sample.value === "making" ? t("sample-making") : t("try-sample")}
          </button>
          <p class="muted small">${t("sample-hint")}</p>
        </div>
      </div>
      ${notice.value === "" ? nothing : html`<p class="banner" role="note">${notice.value}</p>`}
      ${this.#pasteDialog()}
      ${some ? html`${this.#list()} ${this.#settings()} ${this.#go()}` : promises()}
    `;
  }

  #banner() {
    return html`<div class="banner" role="note">${t("sample-banner")}
      <button class="quiet" @click=${clearFiles}>${t("sample-clear")}</button></div>`;
  }

  #drop() {
    return html`<div class="drop" ?data-over=${this.over} @dragover=${this.#dragOver} @dragleave=${this.#dragLeave} @drop=${this.#dropped}>
      ${icon("upload", 28)}
      <div>
        <strong>${this.over ? t("drop-now") : t("drop-title")}</strong>
        <p class="muted small">${t("drop-hint")}</p>
      </div>
      <div class="ways">
        <button class="primary" @click=${() => this.#pick("files")}>${t("choose-files")}</button>
        <button @click=${() => this.#pick("folder")}>${icon("folder", 18)}${t("choose-folder")}</button>
        <button @click=${this.#openPaste}>${icon("paste", 18)}${t("paste-open")}</button>
      </div>
      <input type="file" name="files" multiple hidden aria-label=${t("choose-files")} @change=${this.#picked}>
      <input type="file" name="folder" webkitdirectory hidden aria-label=${t("choose-folder")} @change=${this.#picked}>
    </div>`;
  }

  #pasteDialog() {
    return html`<dialog aria-labelledby="paste-title" @close=${this.#closed}>
      <form class="stack" method="dialog" @submit=${this.#addPasted}>
        <h2 id="paste-title">${t("paste-title")}</h2>
        <label>${t("paste-hint")}
          <textarea name="block" rows="8" spellcheck="false" wrap="off" aria-describedby="paste-bad"></textarea>
        </label>
        <p id="paste-bad" role="alert">${this.noTable ? t("paste-no-table") : nothing}</p>
        <div class="row"><button class="primary">${t("paste-add")}</button><button type="button" @click=${this.#closePaste}>${t("cancel")}</button></div>
      </form>
    </dialog>`;
  }

  #list() {
    return html`<section aria-labelledby="list-title">
      <div class="row spread">
        <h2 id="list-title">${t("files-added")}</h2>
        <button class="quiet" @click=${clearFiles}>${t("files-clear")}</button>
      </div>
      <ul class="list">
        ${files.value.map((file) => html`<li><cf-file-card .fileId=${file.id}></cf-file-card></li>`)}
      </ul>
    </section>`;
  }

  #settings() {
    const { asOf, timezone, currency } = settings.value;
    const known = isZone(timezone);
    return html`<section class="card pad stack" aria-labelledby="settings-title">
      <h2 id="settings-title">${t("settings-title")}</h2>
      <div class="settings">
        <label>${t("as-of")}
          <input type="date" name="as-of" .value=${asOf} @change=${this.#asOf} aria-describedby="as-of-hint">
          <span id="as-of-hint">${t("as-of-hint")}</span>
        </label>
        <label>${t("time-zone")}
          <input name="time-zone" list="zones" autocomplete="off" spellcheck="false" .value=${timezone} @change=${this.#zone}
            aria-describedby="zone-hint" aria-invalid=${known ? "false" : "true"}>
          <datalist id="zones">${zones().map((zone) => html`<option value=${zone}></option>`)}</datalist>
          <span id="zone-hint" class=${known ? "" : "bad-zone"}>
            ${known ? t("time-zone-hint") : t("time-zone-bad", { zone: timezone })}
          </span>
        </label>
        <label>${t("default-currency")}
          <input name="currency" list="currencies" autocomplete="off" spellcheck="false" maxlength="3" .value=${currency} @change=${this.#currency}
            aria-describedby="currency-hint">
          <datalist id="currencies">${Intl.supportedValuesOf("currency").map((code) => html`<option value=${code}></option>`)}</datalist>
          <span id="currency-hint">${t("default-currency-hint")}</span>
        </label>
      </div>
    </section>`;
  }

  #go() {
    const { ready, hint } = readiness();
    if (phase.value === "working") return html`<cf-work-progress class="working"></cf-work-progress>`;
    return html`<section class="card go" aria-label=${t("screen-summary")}>
      <p class="muted small">${hint}</p>
      <button @click=${() => show("check")} ?disabled=${sources.value.length === 0}>${t("check-first")}</button>
      <button class="primary large" ?disabled=${!ready} @click=${reconcile}>${icon("next")}${goLabel()}</button>
    </section>`;
  }

  #pick(what: "files" | "folder"): void {
    this.renderRoot.querySelector<HTMLInputElement>(`input[name=${what}]`)?.click();
  }

  readonly #picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    // What the system hides in a folder is none of the user's.
    const shown = [...(input.files ?? [])].filter(({ name }) => !name.startsWith(".")).sort((a, b) => (a.webkitRelativePath < b.webkitRelativePath ? -1 : 1));
    void addFiles(shown);
    input.value = "";
  };

  readonly #openPaste = (): void => {
    this.noTable = false;
    this.renderRoot.querySelector("dialog")?.showModal();
  };
  readonly #closePaste = (): void => this.renderRoot.querySelector("dialog")?.close();
  readonly #closed = (): void => {
    const block = this.renderRoot.querySelector("textarea");
    if (block) block.value = "";
  };

  readonly #addPasted = (event: Event): void => {
    event.preventDefault();
    void addPasted(this.renderRoot.querySelector("textarea")?.value ?? "").then((added) => {
      this.noTable = !added;
      if (added) this.#closePaste();
    });
  };

  /** A block or files that are pasted while this screen is shown; what is meant for a field stays there. */
  readonly #pastedAnywhere = (event: ClipboardEvent): void => {
    const [target] = event.composedPath();
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return;
    const pasted = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData("text/plain") ?? "";
    // Spreadsheets offer a picture of the cells beside their text.
    if (text !== "") void addPasted(text);
    else if (pasted.length > 0) void addFiles(pasted);
  };

  readonly #dragOver = (event: DragEvent): void => {
    event.preventDefault();
    this.over = true;
  };

  readonly #dragLeave = (): void => {
    this.over = false;
  };

  readonly #dropped = (event: DragEvent): void => {
    event.preventDefault();
    this.over = false;
    void droppedFiles(event.dataTransfer).then(addFiles);
  };

  readonly #asOf = (event: Event): void => {
    settings.value = { ...settings.value, asOf: (event.target as HTMLInputElement).value };
  };

  readonly #currency = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    settings.value = { ...settings.value, currency: input.value.trim().toUpperCase() };
    input.value = settings.value.currency;
  };

  readonly #zone = (event: Event): void => {
    settings.value = { ...settings.value, timezone: (event.target as HTMLInputElement).value.trim() || "UTC" };
  };
}

/** What a newcomer may expect, while there is nothing else to see. */
function promises() {
  return html`<dl class="promises">
    ${["compare", "prove", "private"].map((key) => html`<div><dt>${t(`promise-${key}`)}</dt><dd>${t(`promise-${key}-text`)}</dd></div>`)}
  </dl>`;
}

/** Whether a run can start, and what is worth knowing before it does. */
function readiness(): { ready: boolean; hint: string } {
  const used = sources.value;
  if (used.length === 0) return { ready: false, hint: t("run-need-files") };
  if (files.value.some(({ looking }) => looking)) return { ready: false, hint: t("run-reading") };
  if (!isZone(settings.value.timezone)) return { ready: false, hint: t("time-zone-bad", { zone: settings.value.timezone }) };
  if (stale.value) return { ready: true, hint: t("run-changed") };
  if (!used.some(({ role }) => role === "settlement")) return { ready: true, hint: t("run-need-lines") };
  if (!used.some(({ role }) => role === "orders")) return { ready: true, hint: t("run-need-orders") };
  return { ready: true, hint: "" };
}

function goLabel(): string {
  return phase.value === "done" ? t("run-again") : t("run-start");
}

function isZone(zone: string): boolean {
  if (/^[+-]\d{2}:\d{2}$/.test(zone)) return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).format(0) !== "";
  } catch {
    return false;
  }
}

let listed: readonly string[] | undefined;

function zones(): readonly string[] {
  listed ??= ["UTC", ...Intl.supportedValuesOf("timeZone")];
  return listed;
}

define("cf-files", CfFiles);
