/** Shows one added file: what it is taken for and why, and lets the user say otherwise. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { count, t } from "../i18n.ts";
import { icon } from "../icons.ts";
import { show } from "../screens.ts";
import { recognisedAs, size } from "../words.ts";
import { localised } from "../store/fault.ts";
import { removeFile, setRole, unlock } from "../store/intake.ts";
import { ROLES, attention, files, isSource, nameInResult, summary, toCheck, type FileItem, type Role } from "../store/store.ts";
import { base } from "../styles/base.ts";
import "./error-note.ts";

export class CfFileCard extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: block; }
      .file { display: grid; grid-template: "head role remove" auto "chips role remove" auto "why why why" auto "as as as" auto "faults faults faults" auto / minmax(0, 1fr) 180px 36px; gap: 4px 12px; align-items: center; padding: 12px 12px 12px 20px; }
      .head { grid-area: head; }
      .chips { grid-area: chips; gap: 6px; }
      .role { grid-area: role; }
      .remove { grid-area: remove; }
      .why { grid-area: why; font-size: 13px; color: var(--cf-muted); overflow-wrap: anywhere; }
      .why button { min-block-size: 24px; padding: 0 4px; font-size: inherit; }
      .as { grid-area: as; padding-block: 4px; }
      .faults { grid-area: faults; display: grid; gap: 8px; padding-block: 4px; padding-inline-end: 8px; }
      .password { align-items: end; gap: 12px; }
      .name { font-weight: 600; overflow-wrap: anywhere; }
      select { inline-size: 100%; }
      @container main (max-width: 560px) {
        .file { grid-template: "head remove" auto "chips chips" auto "role role" auto "why why" auto "as as" auto "faults faults" auto / minmax(0, 1fr) 36px; gap: 8px; padding-inline-start: 16px; }
      }
    `,
  ];
  static override properties = { fileId: { attribute: false } };
  declare fileId: number;

  protected override updated(): void {
    if (attention.value !== this.fileId) return;
    attention.value = undefined;
    this.scrollIntoView({ block: "center" });
  }

  protected override render() {
    const file = files.value.find(({ id }) => id === this.fileId);
    if (!file) return nothing;
    return html`<article class="card file" aria-label=${file.name}>
      <p class="head"><bdi class="name">${file.name}</bdi> <span class="muted small nowrap">${size(file.blob.size)}</span></p>
      <div class="row chips">${chips(file)}</div>
      <label class="role"><span class="visually-hidden">${t("file-role")}</span>
        <select .value=${file.role} @change=${this.#choose}>
          ${ROLES.map((role) => html`<option value=${role} ?selected=${role === file.role}>${t(`role-${role}`)}</option>`)}
        </select>
      </label>
      <button class="icon quiet remove" aria-label=${t("file-remove", { file: file.name })} title=${t("file-remove", { file: file.name })}
        @click=${() => removeFile(file.id)}>${icon("close", 18)}</button>
      ${why(file)}
      ${isUnknown(file) ? html`<div class="as row" role="group" aria-label=${t("file-what", { file: file.name })}>
        <span>${t("file-what-short")}</span>
        ${(["orders", "settlement", "bank"] as const).map((role) => html`<button @click=${() => this.#use(role)}>${t(`role-${role}`)}</button>`)}
      </div>` : nothing}
      ${file.faults.length > 0
        ? html`<div class="faults">${file.faults.map((fault) => html`<cf-error-note .error=${fault}></cf-error-note>`)}
            ${file.locked ? this.#password() : nothing}</div>`
        : nothing}
    </article>`;
  }

  /** Asks for the password of an archive; it goes no further than the worker. */
  #password() {
    return html`<form class="row password" @submit=${this.#unlock}>
      <label>${t("password")}
        <input type="password" name="password" autocomplete="off" required>
      </label>
      <button class="primary">${t("password-open")}</button>
    </form>`;
  }

  readonly #unlock = (event: Event): void => {
    event.preventDefault();
    const input = this.renderRoot.querySelector<HTMLInputElement>("input[name=password]");
    if (input && input.value !== "") void unlock(this.fileId, input.value);
  };

  /** Says what an unknown file is; its columns are named under Check. */
  #use(role: Role): void {
    setRole(this.fileId, role);
    toCheck.value = this.fileId;
    show("check");
  }

  readonly #choose = (event: Event): void => {
    setRole(this.fileId, (event.target as HTMLSelectElement).value as Role);
  };
}

/** A table that nobody knows, and of which nothing was said yet. */
function isUnknown({ looking, role, reason, detection }: FileItem): boolean {
  return !looking && role === "ignore" && reason.by === "nothing" && (detection?.columns.length ?? 0) > 1;
}

function chips(file: FileItem) {
  if (file.looking) return html`<span class="chip">${t("file-detecting")}</span>`;
  const { detection, role } = file;
  if (role === "contract" || role === "rates" || role === "carry") return html`<span class="chip accent">${t(`role-${role}`)}</span>`;
  const report = summary.value?.sources.find(({ file: name }) => name === nameInResult(file.id));
  return html`
    ${detection?.encoding ? html`<span class="chip">${detection.encoding.toUpperCase()}</span>` : nothing}
    ${detection && detection.format !== "unknown" ? html`<span class="chip">${detection.format.toUpperCase()}</span>` : nothing}
    ${report ? html`<span class="chip">${t("file-rows", { n: report.rows.read, shown: count(report.rows.read) })}</span>` : nothing}
    ${report && report.rows.rejected > 0
      ? html`<span class="chip bad">${t("file-rejected", { n: report.rows.rejected, shown: count(report.rows.rejected) })}</span>`
      : nothing}
  `;
}

function why(file: FileItem) {
  if (file.looking) return nothing;
  const known = (file.detection?.guesses.length ?? 0) > 0 || file.saved !== undefined || file.columns !== undefined;
  if (isSource(file.role) && known) {
    return html`<p class="why">${t("file-recognised", { profile: recognisedAs(file) })}
      <button class="quiet" aria-label=${t("file-change-of", { file: file.name })} @click=${() => {
        toCheck.value = file.id;
        show("check");
      }}>${t("file-change")}</button></p>`;
  }
  if (file.reason.by === "user" || file.reason.by === "saved") return nothing;
  const text =
    file.reason.by === "content" ? t("file-guess-content", { profile: localised(file.reason.title) })
    : file.reason.by === "hidden" ? t("file-guess-hidden")
    : file.reason.by === "header" ? t("file-guess-header")
    : file.reason.by === "name" ? t("file-guess-name", { role: t(`role-${file.role}`) })
    : file.faults.length > 0 ? ""
    : t("file-guess-unknown");
  return text === "" ? nothing : html`<p class="why">${text}</p>`;
}

define("cf-file-card", CfFileCard);
