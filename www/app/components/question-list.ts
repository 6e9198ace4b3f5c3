/** Shows what a file leaves open as questions, each with its evidence, to be answered with one click. */
import { css, html, nothing } from "lit";
import { SignalElement, define } from "../signal-element.ts";
import { count, t } from "../i18n.ts";
import { icon } from "../icons.ts";
import { phrase } from "../phrases.ts";
import { labelOf, meaning, title } from "../question-words.ts";
import { sentence } from "../store/fault.ts";
import { answer } from "../store/choices.ts";
import { openQuestions, reading } from "../store/look.ts";
import { effectiveColumns } from "../store/mapping.ts";
import type { Question } from "../store/questions.ts";
import { files, settings, type FileItem } from "../store/store.ts";
import { base } from "../styles/base.ts";

/** Types of rows that most files have; the others are in a list. */
const COMMON = ["sale", "refund", "fee", "payout", "adjustment", "other"];
/** Questions whose answer may be any text. */
const TYPED: ReadonlySet<string> = new Set(["zone", "currency", "other"]);
const COMMON_CURRENCIES = ["USD", "EUR", "CNY", "GBP", "KES", "NGN"];
const EVIDENCE = 3;

interface Choice {
  readonly value: string;
  readonly label: string;
  /** What follows from it for the example. */
  readonly detail?: string;
  /** It is what the rows are read by until somebody answers. */
  readonly taken?: boolean;
}

export class CfQuestionList extends SignalElement {
  static override styles = [
    base,
    css`
      :host { display: block; }
      :host([hidden]) { display: none; }
      ul.questions { display: grid; gap: 12px; }
      .question { display: grid; grid-template-columns: 20px minmax(0, 1fr); gap: 10px; padding: 14px 16px; border-radius: var(--cf-radius); background: var(--cf-info-soft); }
      .question > svg { color: var(--cf-info); margin-block-start: 1px; }
      .inside { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
      .why { font-size: 13px; overflow-wrap: anywhere; }
      .rows { display: grid; gap: 2px; font-size: 12px; color: var(--cf-muted); }
      .rows li { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .rows bdi { font-family: var(--cf-font-mono); }
      .answers { display: flex; flex-wrap: wrap; gap: 8px; align-items: stretch; }
      .answers.typed { align-items: end; }
      .answers > select { align-self: center; }
      .answers button { display: grid; justify-items: start; align-content: center; gap: 0; padding-block: 6px; text-align: start; white-space: normal; }
      .answers small { font-weight: 400; font-size: 12px; color: var(--cf-muted); }
      form { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; }
      form label { min-inline-size: 160px; }
      @container main (max-width: 560px) {
        .answers button { min-block-size: 44px; flex: 1 1 auto; }
        form, form label, form input { inline-size: 100%; }
      }
    `,
  ];
  static override properties = { fileId: { attribute: false } };
  declare fileId: number;

  protected override render() {
    const file = files.value.find(({ id }) => id === this.fileId);
    const list = openQuestions(this.fileId);
    if (!file || list.length === 0) return nothing;
    return html`<ul class="questions" aria-label=${t("check-questions", { n: list.length })}>
      ${list.map((one) => html`<li class="question" data-path=${one.path}>${icon("question")}<div class="inside">${this.#question(file, one)}</div></li>`)}
    </ul>`;
  }

  #question(file: FileItem, one: Question) {
    const choices = choicesOf(one);
    return html`
      <h3>${title(one)}</h3>
      <div class="why">${evidence(one)}</div>
      ${shownRows(file, one)}
      <div class=${TYPED.has(one.kind) ? "answers typed" : "answers"} role="group" aria-label=${title(one)}>
        ${choices.map(({ value, label, detail, taken }) => html`<button data-value=${value} @click=${() => this.#answer(one, value)}>
          <span>${label}</span>${detail ? html`<small>${detail}</small>` : nothing}${taken ? html`<small>${t("question-taken")}</small>` : nothing}</button>`)}
        ${one.kind === "type" || one.kind === "status" ? this.#more(one) : nothing}
        ${TYPED.has(one.kind) ? this.#other(one) : nothing}
      </div>
    `;
  }

  /** The rarer meanings of a word. */
  #more(one: Question) {
    const shown = new Set(choicesOf(one).map(({ value }) => value));
    const rest = one.options.filter((value) => !shown.has(value));
    if (rest.length === 0) return nothing;
    return html`<select aria-label=${t("question-more")} @change=${(event: Event) => this.#answer(one, (event.target as HTMLSelectElement).value)}>
      <option value="" selected>${t("question-more")}</option>
      ${rest.map((value) => html`<option value=${value}>${meaning(one, value)}</option>`)}
    </select>`;
  }

  #other(one: Question) {
    const list = one.kind === "zone" ? Intl.supportedValuesOf("timeZone") : one.kind === "currency" ? Intl.supportedValuesOf("currency") : [];
    const name = `other-${one.kind}`;
    return html`<form @submit=${(event: Event) => this.#typed(event, one)}>
      <label>${t(`question-${one.kind}-other`)}
        <input name="value" list=${name} required autocomplete="off" spellcheck="false" maxlength=${one.kind === "currency" ? 3 : 64}
          @input=${(event: Event) => (event.target as HTMLInputElement).setCustomValidity("")}>
      </label>
      <datalist id=${name}>${list.map((value) => html`<option value=${value}></option>`)}</datalist>
      <button>${t("question-use")}</button>
    </form>`;
  }

  #typed(event: Event, one: Question): void {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).elements.namedItem("value") as HTMLInputElement;
    const value = one.kind === "currency" ? input.value.trim().toUpperCase() : input.value.trim();
    const known = one.kind === "zone" ? isZone(value) : one.kind === "currency" ? /^[A-Z]{3}$/.test(value) : true;
    input.setCustomValidity(known ? "" : t(one.kind === "zone" ? "time-zone-bad" : "question-currency-bad", { zone: value, currency: value }));
    if (input.reportValidity() && value !== "") this.#answer(one, value);
  }

  #answer(one: Question, value: string): void {
    if (value === "") return;
    const place = openQuestions(this.fileId).findIndex(({ path }) => path === one.path);
    answer(this.fileId, one, value, `${title(one)} ${labelOf(one, value)}`);
    // The question goes away with its buttons: the next one has the focus, and after the last the file.
    void this.updateComplete.then(() => {
      const left = [...this.renderRoot.querySelectorAll(".answers")];
      const next = (left[place] ?? left.at(-1))?.querySelector<HTMLElement>("button");
      if (next) next.focus();
      else this.dispatchEvent(new CustomEvent("cf-answered"));
    });
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).format(0) !== "";
  } catch {
    return false;
  }
}

/** What is known and what follows, in the user's words; the engine's own where the question is a rare one. */
function evidence(one: Question) {
  const args = { n: one.rows, shown: count(one.rows), example: one.example, value: one.value };
  const said = one.kind === "other" || one.kind === "header" ? one.why.map((why) => sentence(phrase(why)))
    : one.readings.length > 0 ? [t("question-either-why", args)]
    : [t(`question-${one.kind}-why`, args)];
  return said.map((text) => html`<p>${text}</p>`);
}

/** Rows of the file that the question is about. */
function shownRows(file: FileItem, one: Question) {
  const rows = rowsOf(file, one);
  if (rows.length === 0) return nothing;
  return html`<ul class="rows">${rows.map(({ row, cells }) =>
    html`<li>${t("check-line-of", { line: String(row) })} <bdi>${cells.filter((cell) => cell.trim() !== "").join(" · ")}</bdi></li>`)}</ul>`;
}

function rowsOf({ detection, ...file }: FileItem, one: Question) {
  if (!detection) return [];
  const column = one.kind === "type" || one.kind === "status" ? effectiveColumns({ ...file, detection }).get(one.kind)?.column : one.subject;
  const at = detection.columns.findIndex(({ name }) => name === column);
  const below = detection.rows.filter(({ row }) => row > (detection.headerRow ?? 0));
  const fits = one.kind === "type" || one.kind === "status" ? (text = "") => text.trim() === one.subject
    : one.kind === "date" || one.kind === "numbers" ? (text = "") => text.trim() !== ""
    : one.kind === "header" ? () => true
    : () => false;
  return below.filter(({ cells }) => fits(cells[at])).slice(0, one.kind === "header" ? 1 : EVIDENCE);
}

function choicesOf(one: Question): readonly Choice[] {
  switch (one.kind) {
    case "zone": return zones(one.value).map((value) => ({ value, label: value, taken: value === one.value }));
    case "currency": return currencies().map((value) => ({ value, label: value }));
    case "header": return [{ value: "yes", label: t("question-header-yes") }];
    case "type": return COMMON.filter((value) => one.options.includes(value)).map((value) => ({ value, label: meaning(one, value), taken: value === one.value }));
    case "status": return ["paid", "pending", "failed", "refunded"].filter((value) => one.options.includes(value)).map((value) => ({ value, label: meaning(one, value) }));
    default: return one.options.map((value, index) => {
      // The reading that was taken stands first.
      const choice = { value, label: labelOf(one, value), taken: index === 0 };
      const detail = one.readings[["dmy", "point"].includes(value) ? 0 : 1];
      return detail === undefined ? choice : { ...choice, detail: `${one.example} → ${detail}` };
    });
  }
}

/** The zones that are most likely: that of the run, the user's own, and none at all. */
function zones(taken: string): readonly string[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set([taken, settings.value.timezone, own, "UTC"].filter((zone) => isZone(zone)))].slice(0, 4);
}

/** The currencies of the other files. */
function currencies(): readonly string[] {
  const found = reading.value?.run.summary.sources.flatMap(({ currency }) => currency) ?? [];
  return [...new Set([...found, ...COMMON_CURRENCIES])].slice(0, 6);
}

define("cf-question-list", CfQuestionList);
