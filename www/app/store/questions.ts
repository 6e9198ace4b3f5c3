/**
 * Decides what of the engine's assumptions is a question to the user, what is a warning, and what is only worth knowing;
 * and what the answers to a question are.
 */
import type { Assumption, SourceReport } from "../../sdk/types.ts";
import { valuesIn } from "../phrases.ts";

export type QuestionKind = "date" | "numbers" | "zone" | "fee-sign" | "type" | "status" | "header" | "currency" | "other";

export interface Question {
  readonly kind: QuestionKind;
  /** Where its answer stands in a mapping. */
  readonly path: string;
  /** What it is about: a column, or a word of the file. */
  readonly subject: string;
  /** The engine's own name of it. */
  readonly what: string;
  /** What is taken until somebody answers. */
  readonly value: string;
  /** The engine's reasons. */
  readonly why: readonly string[];
  readonly options: readonly string[];
  /** Readings of one example, one for each of the first options. */
  readonly readings: readonly string[];
  readonly example: string;
  /** How many rows depend on it, and the first of them; 0 where the engine does not say. */
  readonly rows: number;
  readonly first: number;
}

/** Assumptions that a person should hear of, by the beginning of what was assumed. */
const WARNED = [
  "shared order ids", "order numbers in another field", "price of one piece", "period", "difference of clocks",
  "damaged id", "damaged text", "hidden characters", "leading zeros", "rows", "printed totals", "opening balance", "closing balance", "statements",
];
/** The open questions of a file, each place in the mapping once; `unpriced` if nothing says in which currency it is. */
export function questionsOf({ assumptions, rows }: SourceReport, unpriced: boolean): readonly Question[] {
  const found = new Map<string, Question>();
  for (const one of assumptions) {
    if (!isQuestion(one) || one.path === CURRENCY_PATH) continue;
    const asked = question(one);
    const before = found.get(asked.path);
    found.set(asked.path, before ? { ...before, why: [...before.why, ...asked.why] } : asked);
  }
  const list = [...found.values()];
  if (unpriced || assumptions.some(({ confirmed, path }) => confirmed === false && path === CURRENCY_PATH)) list.unshift(currencyQuestion(rows.rejected));
  return list;
}

/** What may be wrong with a file, or with the files together, and what nobody but a person can judge. */
export function warningsOf({ assumptions }: SourceReport): readonly Assumption[] {
  return assumptions.filter((one) => !isQuestion(one) && isWarning(one));
}

/** What was taken to be so, and needs no answer. */
export function remarksOf({ assumptions }: SourceReport): readonly Assumption[] {
  return assumptions.filter((one) => !isQuestion(one) && !isWarning(one));
}

function isQuestion({ confirmed, path, what }: Assumption): boolean {
  return confirmed === false && (path ?? "") !== "" && what !== "difference of clocks";
}

function isWarning({ what, why, confirmed }: Assumption): boolean {
  return confirmed === false || WARNED.some((start) => what.startsWith(start)) || / are rejected$|ones are rejected/.test(why);
}

function question({ what, value, why, path = "", options = [] }: Assumption): Question {
  const reason = valuesIn(why);
  const inner = reason?.["inner"] === undefined ? reason : { ...reason, ...valuesIn(reason["inner"]) };
  const subject = valuesIn(what);
  const readings = inner?.["one"] !== undefined && inner["another"] !== undefined ? [inner["one"], inner["another"]] : [];
  return {
    kind: kindOf(path), path, what, value, why: [why], options, readings,
    subject: subject?.["column"] ?? subject?.["value"] ?? "",
    example: inner?.["example"] ?? "",
    rows: Number(reason?.["n"] ?? (reason?.["row"] === undefined ? 0 : 1)),
    first: Number(reason?.["row"] ?? 0),
  };
}

function kindOf(path: string): QuestionKind {
  if (/^fields\.\w+\.format$/.test(path)) return "date";
  if (path === "numbers" || path === "zone") return path;
  if (path === "fields") return "header";
  if (path === "fields.fee.sign") return "fee-sign";
  if (path.startsWith("fields.type.words.")) return "type";
  if (path.startsWith("fields.status.words.")) return "status";
  return "other";
}

/** The place of the currency of all rows in a mapping. */
export const CURRENCY_PATH = "fields.currency.value";

function currencyQuestion(rows: number): Question {
  return {
    kind: "currency", path: CURRENCY_PATH, subject: "", what: "currency", value: "", why: [], options: [], readings: [], example: "", rows, first: 0,
  };
}
