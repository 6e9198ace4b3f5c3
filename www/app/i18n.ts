/** Decides the words: which language is spoken and what a message key says in it. */
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import { computed, signal } from "@preact/signals-core";
import en from "../locales/en.ftl?raw";
import problemsEn from "../locales/problems.en.ftl?raw";
import problemsZhHans from "../locales/problems.zh-Hans.ftl?raw";
import zhHans from "../locales/zh-Hans.ftl?raw";

export const LOCALES = [
  { code: "en", name: "English" },
  { code: "zh-Hans", name: "简体中文" },
] as const;

export type Locale = (typeof LOCALES)[number]["code"];

const SOURCES: Record<Locale, string> = { en, "zh-Hans": zhHans };
const STORED = "crossfoot.locale";
const PROBLEMS: Record<Locale, string> = { en: problemsEn, "zh-Hans": problemsZhHans };

export const locale = signal<Locale>(firstLocale());

/** Catalogues of screens that are loaded after the first. */
const added = signal<readonly Record<Locale, string>[]>([]);
const bundle = computed(() => {
  const made = bundleOf(locale.value, SOURCES[locale.value]);
  for (const more of added.value) made.addResource(new FluentResource(more[locale.value]));
  return made;
});
const problems = computed(() => bundleOf(locale.value, PROBLEMS[locale.value]));

/** The message `key` in the current language; a key that is missing shows itself, so that it is seen. */
export function t(key: string, args?: Record<string, FluentVariable>): string {
  return formatWith(bundle.value, key, args) ?? key;
}

/** As `t`, or `fallback` where the catalogue has no such key (codes that a newer engine may add). */
export function tOr(key: string, fallback: string, args?: Record<string, FluentVariable>): string {
  return formatWith(bundle.value, key, args) ?? fallback;
}

/** Adds the words of a screen that is loaded later. */
export function addMessages(more: Record<Locale, string>): void {
  added.value = [...added.value, more];
}

export function setLocale(next: Locale): void {
  locale.value = next;
  try {
    localStorage.setItem(STORED, next);
  } catch {
    // Storage may be refused; the choice then lasts for this visit.
  }
}

/**
 * What the page says for the engine's problem `code` ("ingest/bad-amount", or "ingest/bad-amount.remedy"); undefined
 * where the engine's own words, which are English, are to be used.
 */
export function problemText(code: string, args: Record<string, FluentVariable>): string | undefined {
  return formatWith(problems.value, code.replaceAll("/", "-").replace(".", "--"), args);
}

/** A count in the current language's grouping. */
export function count(n: number): string {
  return n.toLocaleString(locale.value === "en" ? "en-GB" : "zh-Hans-CN");
}

function formatWith(
  from: FluentBundle,
  key: string,
  args?: Record<string, FluentVariable>,
): string | undefined {
  const pattern = from.getMessage(key)?.value;
  if (!pattern) return undefined;
  return from.formatPattern(pattern, args ?? null, []);
}

function bundleOf(code: Locale, source: string): FluentBundle {
  // Isolation marks would end up inside copied text and file names; <bdi> does that work in templates.
  const made = new FluentBundle(code, { useIsolating: false });
  made.addResource(new FluentResource(source));
  return made;
}

function firstLocale(): Locale {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(STORED);
  } catch {
    // As above.
  }
  const wanted = stored ?? globalThis.navigator?.language ?? "en";
  return wanted.toLowerCase().startsWith("zh") ? "zh-Hans" : "en";
}
