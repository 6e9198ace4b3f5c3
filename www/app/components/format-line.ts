/** Shows what a file was recognised as, and lets the user say otherwise: another format, another header, a mapping. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { t } from "../i18n.ts";
import { icon } from "../icons.ts";
import { labelOf, title } from "../question-words.ts";
import { plainName, save } from "../save.ts";
import { isKept, isOwn, mappingFile, readBy, remember, setKept, startOver, takeBack } from "../store/choices.ts";
import { localised } from "../store/fault.ts";
import { setProfile } from "../store/intake.ts";
import { hasChoices } from "../store/mapping.ts";
import { announcement, files, isSource, profiles, sample, type FileItem } from "../store/store.ts";
import { base } from "../styles/base.ts";
import { recognisedAs } from "../words.ts";
import "./head-picker.ts";

export class CfFormatLine extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; }
      .line { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; }
      .line strong { overflow-wrap: anywhere; }
      .change { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; padding: 16px; border: 1px solid var(--cf-border); border-radius: var(--cf-radius); background: var(--cf-raised); }
      .format { display: flex; flex-wrap: wrap; gap: 12px; align-items: end; }
      .format label { min-inline-size: min(320px, 100%); max-inline-size: 100%; }
      .format select { inline-size: 100%; }
      .own { display: grid; gap: 8px; }
      .own ul { display: grid; gap: 4px; font-size: 13px; }
      .own li { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; }
      label.keep { display: flex; gap: 8px; align-items: start; color: var(--cf-text); font-size: 14px; }
      label.keep input { min-block-size: 20px; inline-size: 20px; flex: none; margin: 0; accent-color: var(--cf-accent); }
      label.keep span { display: grid; }
    `,
  ];
  static override properties = { fileId: { attribute: false }, open: { state: true }, refused: { state: true } };
  declare fileId: number;
  /** As the user left it; at first it is open where nothing is known of the file. */
  declare open: boolean | undefined;
  /** The browser keeps nothing, or a file holds no mapping. */
  declare refused: "" | "storage" | "mapping";

  constructor() {
    super();
    this.open = undefined;
    this.refused = "";
  }

  protected override render() {
    const file = files.value.find(({ id }) => id === this.fileId);
    if (!file?.detection) return nothing;
    const { encoding, delimiter, headerRow } = file.detection;
    const open = this.#isOpen(file);
    return html`
      <div class="line">
        <span>${t("check-recognised")}</span> <strong>${recognisedAs(file)}</strong>
        <button class="quiet" aria-expanded=${open ? "true" : "false"} aria-label=${t(open ? "check-change-close-of" : "check-change-of", { file: file.name })} @click=${this.#toggle}>
          ${t(open ? "check-change-close" : "check-change")}</button>
        ${encoding ? html`<span class="chip">${encoding.toUpperCase()}</span>` : nothing}
        ${delimiter ? html`<span class="chip">${t("check-delimiter")} ${delimiter === "\t" ? "Tab" : delimiter}</span>` : nothing}
        ${headerRow ? html`<span class="chip">${t("check-header-row", { row: String(headerRow) })}</span>` : headerRow === 0
          ? html`<span class="chip">${t("check-header-none")}</span>` : nothing}
      </div>
      ${isOwn(file) ? this.#own(file) : nothing}
      ${open ? this.#change(file) : nothing}
    `;
  }

  #change(file: FileItem) {
    const guessed = file.detection?.guesses[0];
    const side = isSource(file.role) ? file.role : "settlement";
    const others = profiles.value.filter((one) => (one.side ?? side) === side && (file.profile !== undefined || one.name !== guessed?.profile));
    return html`<div class="change">
      <div class="format">
        <label>${t("check-profile")}
          <select name="profile" @change=${this.#chooseProfile}>
            <option value="" ?selected=${!file.profile}>${file.profile ? t("check-profile-detect")
              : guessed ? `${localised(guessed.title)} (${t("check-profile-auto")})` : t("recognised-nothing")}</option>
            ${others.map(({ name, title }) => html`<option value=${name} ?selected=${file.profile === name}>${localised(title)}</option>`)}
          </select>
        </label>
        <button @click=${this.#pickMapping}>${t("check-mapping-open")}</button>
        <input type="file" accept=".json,application/json" hidden aria-label=${t("check-mapping-open")} @change=${this.#mappingPicked}>
        <button ?disabled=${!guessed && !isOwn(file)} @click=${() => this.#saveMapping(file)}>${t("check-mapping-save")}</button>
      </div>
      ${this.refused === "mapping" ? html`<p role="alert">${t("check-mapping-bad")}</p>` : nothing}
      <cf-head-picker .fileId=${file.id}></cf-head-picker>
    </div>`;
  }

  /** What the user said of the file, and whether it is remembered. */
  #own(file: FileItem) {
    const answers = [...(file.answers ?? [])];
    return html`<div class="own">
      ${answers.length === 0 ? nothing : html`<ul aria-label=${t("check-own-title")}>${answers.map(([path, { value, question }]) => html`<li>
        ${icon("tick", 16)}<span>${title(question)} <strong>${labelOf(question, value)}</strong></span>
        <button class="quiet" @click=${() => takeBack(file.id, path)} aria-label=${t("check-take-back-of", { question: title(question) })}>${t("check-take-back")}</button>
      </li>`)}</ul>`}
      ${sample.value === "no" && hasChoices(file) ? html`<label class="keep"><input type="checkbox" .checked=${isKept(file)} @change=${(event: Event) => this.#keep(file, event)}>
        <span>${t("check-keep")}<small class="muted">${t(this.refused === "storage" ? "check-keep-refused" : "check-keep-hint")}</small></span></label>` : nothing}
      <div><button class="quiet" @click=${() => startOver(file)}>${t("check-reset")}</button></div>
    </div>`;
  }

  protected override updated(): void {
    const file = files.value.find(({ id }) => id === this.fileId);
    if (file && !remember(file)) this.refused = "storage";
  }

  #isOpen(file: FileItem): boolean {
    return this.open ?? (file.detection?.guesses.length === 0 && !file.saved);
  }

  readonly #toggle = (): void => {
    const file = files.value.find(({ id }) => id === this.fileId);
    this.open = file !== undefined && !this.#isOpen(file);
  };

  readonly #chooseProfile = (event: Event): void => {
    setProfile(this.fileId, (event.target as HTMLSelectElement).value);
  };

  #keep(file: FileItem, event: Event): void {
    setKept(file, (event.target as HTMLInputElement).checked);
  }

  readonly #pickMapping = (): void => this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")?.click();

  readonly #mappingPicked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const [chosen] = input.files ?? [];
    if (chosen) {
      void readBy(this.fileId, chosen).then((taken) => {
        this.refused = taken ? "" : "mapping";
        if (taken) announcement.value = t("check-mapping-taken", { file: chosen.name });
      });
    }
    input.value = "";
  };

  #saveMapping(file: FileItem): void {
    const blob = mappingFile(file);
    if (blob) save(blob, `crossfoot-mapping-${plainName(file.name)}.json`);
  }
}

define("cf-format-line", CfFormatLine);
