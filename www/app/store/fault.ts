/** Decides how anything that went wrong is told: what, where, what to do, in the language of the moment. */
import type { Localised, Problem } from "../../sdk/types.ts";
import { locale, problemText, t } from "../i18n.ts";

/** Texts are functions, so that a change of language changes them too. */
export interface Fault {
  readonly code: string;
  readonly message: () => string;
  readonly place?: () => string;
  readonly remedy?: () => string;
  readonly details?: string;
}

/** A problem that the engine reported as data. Its own words are English; other languages have theirs by code. */
export function faultOf(problem: Problem): Fault {
  const { code, message, remedy, args } = problem;
  return {
    code,
    message: () => sentence(problemText(code, args) ?? message),
    ...(remedy ? { remedy: () => sentence(problemText(`${code}.remedy`, args) ?? remedy) } : {}),
    ...(problem.source ? { place: () => place(problem) } : {}),
  };
}

/** The engine's phrases as sentences: with a capital and an end. */
export function sentence(text: string): string {
  const end = locale.value === "en" ? "." : "。";
  const whole = /[.!?。！？]$/.test(text) ? text : text + end;
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}

/** Anything thrown; `file` is the name under which the user knows the file at fault. The package's errors carry a code, a place and a remedy; others are faults of our own. */
export function faultFrom(thrown: unknown, file?: string): Fault {
  if (isProblem(thrown)) {
    const args = thrown.args ?? thrown.details ?? {};
    const fault = faultOf({ ...thrown, ...(file ? { source: file } : {}), code: thrown.code, message: thrown.message, args });
    const stack = thrown.code.startsWith("engine/") && thrown instanceof Error ? thrown.stack : undefined;
    return stack ? { ...fault, details: stack } : fault;
  }
  return {
    code: "page/unexpected",
    message: () => t("error-unexpected"),
    remedy: () => t("error-unexpected-remedy"),
    details: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  };
}

/** The text in the language of the page. */
export function localised(text: Localised | string): string {
  return typeof text === "string" ? text : (text[locale.value] ?? text.en);
}

/** True for what `AbortSignal` makes of a cancelled call. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}

/** The package's errors have a problem's fields, with the values under `details`. */
function isProblem(thrown: unknown): thrown is Problem & { readonly details?: Readonly<Record<string, string>> } {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && typeof thrown.code === "string" && "message" in thrown;
}

function place(problem: Problem): string {
  const { source: file = "", line, column } = problem;
  if (line === undefined) return file;
  return column === undefined ? t("place-line", { file, line: String(line) }) : t("place-line-column", { file, line: String(line), column });
}
