/** Decides the words of questions about a file, and of their answers. */
import { count, t } from "./i18n.ts";
import { phrase } from "./phrases.ts";
import type { Question } from "./store/questions.ts";
import { kindName } from "./words.ts";

/** What is asked, as a sentence. */
export function title(one: Question): string {
  const args = { subject: one.subject, example: one.example, n: one.rows, shown: count(one.rows) };
  if (one.kind === "fee-sign" && one.example === "") return t("question-fee-sign-any");
  return one.kind === "other" ? phrase(one.what) : t(`question-${one.kind}`, args);
}

/** An answer in the user's words. */
export function labelOf(one: Question, value: string): string {
  switch (one.kind) {
    case "date": case "numbers": return t(`answer-${one.kind}-${value}`);
    // A fee that is written as a charge has no sign where charges are positive.
    case "fee-sign": return t((value === "neg") === /^[-(\u2212]/.test(one.example) ? "answer-fee-paid" : "answer-fee-charged");
    case "type": case "status": return meaning(one, value);
    case "header": return t("question-header-yes");
    default: return value;
  }
}

/** What a word of the file may mean. */
export function meaning(one: Question, value: string): string {
  return one.kind === "status" ? t(`status-${value}`) : kindName(value);
}
