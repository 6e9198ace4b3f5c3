/** Decides the words for what the engine names by code: parts, kinds, exceptions, sizes. */
import { count, t, tOr } from "./i18n.ts";
import { localised } from "./store/fault.ts";
import type { FileItem } from "./store/store.ts";

/** The short title of an exception or note code. */
export function codeTitle(code: string): string {
  return tOr(`code-${code}`, code);
}

/** The name of a part of a difference. */
export function partName(part: string): string {
  return tOr(`part-${part}`, part);
}

export function kindName(kind: string): string {
  return tOr(`kind-${kind}`, kind);
}

/** A field name of the engine, such as "reference_rate". */
export function fieldName(field: string): string {
  return tOr(`field-${field}`, spaced(field));
}

/** "reference_rate" gives "Reference rate", for names that no catalogue knows yet. */
function spaced(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** As what a file is read: a format, or the user's own mapping. */
export function recognisedAs({ detection, saved, headerRow, columns, answers, profile }: FileItem): string {
  if (saved) return saved.on === "" ? t("recognised-file", { file: saved.title }) : t("recognised-saved", { file: saved.title, date: saved.on });
  const [guess] = detection?.guesses ?? [];
  const title = guess ? localised(guess.title ?? guess.profile) : t((columns?.size ?? 0) > 0 ? "recognised-columns" : "recognised-nothing");
  const own = headerRow !== undefined || (columns?.size ?? 0) > 0 || (answers?.size ?? 0) > 0;
  return own && guess && !profile ? t("recognised-own", { profile: title }) : title;
}

/** A file size as people say it. */
export function size(bytes: number): string {
  if (bytes < 1000) return t("bytes", { n: count(bytes) });
  if (bytes < 1_000_000) return t("kilobytes", { n: (bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0) });
  return t("megabytes", { n: (bytes / 1_000_000).toFixed(1) });
}

/** An instant as the engine wrote it, made easier to read: the offset stays. */
export function instant(text: string): string {
  return text.replace("T", " ").replace(/(\d{2}:\d{2}:\d{2})(\.0+)?/, "$1").replace("Z", " UTC").replace(/([+-]\d{2}:\d{2})$/, " $1");
}

/** What a matching rule pairs by; its code stays beside it, since documents and the rule book use that. */
export function ruleName(rule: string): string {
  const name = tOr(`rule-${rule}`, "");
  return name === "" ? rule : `${name} (${rule})`;
}
