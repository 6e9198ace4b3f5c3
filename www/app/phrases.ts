/**
 * Decides how the engine's own sentences (assumptions, reasons, names of totals) are said in another language.
 *
 * Documents hold them in English. Each is matched against the patterns of locales/phrases.en.ftl; what stands where a
 * pattern has a value goes into the sentence of the other language. A sentence without a pattern stays English.
 */
import { FluentBundle, FluentResource } from "@fluent/bundle";
import en from "../locales/phrases.en.ftl?raw";
import zhHans from "../locales/phrases.zh-Hans.ftl?raw";
import { locale, t } from "./i18n.ts";

interface Pattern {
  readonly key: string;
  readonly shape: RegExp;
}

/** Values that are whole numbers, so that they end where digits end. */
const NUMBERS = new Set(["n", "most", "other", "row", "day", "month"]);
const PLACEHOLDER = /\{ \$(\w+) \}/g;

let patterns: readonly Pattern[] | undefined;
let chinese: FluentBundle | undefined;

/** The sentence in the language of the page. */
export function phrase(sentence: string): string {
  if (locale.value !== "en") return inChinese(sentence);
  // The engine names the command's switches; on the page these are fields.
  return sentence.includes("--currency") ? t("no-currency-column") : sentence;
}

export function inChinese(sentence: string): string {
  patterns ??= patternsOf(en);
  for (const { key, shape } of patterns) {
    const found = shape.exec(sentence);
    if (!found) continue;
    const values = Object.entries(found.groups ?? {}).map(([name, value]) => [name, name === "inner" ? inChinese(value) : value]);
    return say(key, Object.fromEntries(values) as Record<string, string>) ?? sentence;
  }
  return sentence;
}

/** The values that stand in a sentence of the engine, by name; nothing where it is no known one. */
export function valuesIn(sentence: string): Readonly<Record<string, string>> | undefined {
  patterns ??= patternsOf(en);
  for (const { shape } of patterns) {
    const found = shape.exec(sentence);
    if (found) return { ...found.groups };
  }
  return undefined;
}

function say(key: string, values: Record<string, string>): string | undefined {
  if (!chinese) {
    chinese = new FluentBundle("zh-Hans", { useIsolating: false });
    chinese.addResource(new FluentResource(zhHans));
  }
  const message = chinese.getMessage(key)?.value;
  return message ? chinese.formatPattern(message, values, []) : undefined;
}

/** The patterns, those with the most text of their own first: a loose one must not take what a close one fits. */
export function patternsOf(source: string): readonly Pattern[] {
  const found = [...source.matchAll(/^([a-z][\w-]*) = (.*)$/gm)].map(([, key = "", text = ""]) => ({
    key,
    weight: text.replaceAll(PLACEHOLDER, "").length,
    shape: new RegExp(`^${text.split(PLACEHOLDER).map((part, index) => (index % 2 === 0 ? literally(part) : `(?<${part}>${NUMBERS.has(part) ? "\\d+" : ".+?"})`)).join("")}$`, "s"),
  }));
  return found.sort((one, other) => other.weight - one.weight);
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
