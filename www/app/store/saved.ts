/**
 * Decides what is remembered of how files are read: mappings, in this browser alone.
 *
 * A mapping holds names of columns, formats, and words such as types of payments; never a row, an amount or an id.
 */
import { signal } from "@preact/signals-core";
import type { Mapping } from "../../sdk/types.ts";

export interface SavedMapping {
  /** The file for which it was made. */
  readonly title: string;
  /** The ISO date on which it was saved. */
  readonly on: string;
  readonly mapping: Mapping;
}

const STORED = "crossfoot.mappings";
const MOST = 200;

/** What is remembered, the latest first. */
export const savedMappings = signal<readonly SavedMapping[]>(stored());

/** The mappings for a file of this name: those of files of like names first, since two layouts may have one header. */
export function mappingsFor(name: string): readonly SavedMapping[] {
  savedMappings.value = stored();
  const like = (title: string): boolean => shape(title) === shape(name);
  const all = savedMappings.value;
  return [...all.filter(({ title }) => like(title)), ...all.filter(({ title }) => !like(title))];
}

/** Remembers a mapping in place of the one for the same header and side; false where the browser refuses. */
export function keep(title: string, mapping: Mapping): boolean {
  return store([{ title, on: today(), mapping }, ...others(mapping)].slice(0, MOST));
}

export function forget(mapping: Mapping): void {
  store(others(mapping));
}

/** A mapping in the text of a file; nothing where it is something else. */
export function mappingIn(text: string): Mapping | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return isMapping(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The name that stands in a mapping from a file. */
export function titleOf({ title }: Mapping): string | undefined {
  return typeof title === "object" && title !== null && "en" in title && typeof title.en === "string" ? title.en : undefined;
}

function others({ fingerprint, side }: Mapping): readonly SavedMapping[] {
  return stored().filter(({ mapping }) => mapping["fingerprint"] !== fingerprint || mapping["side"] !== side);
}

function store(all: readonly SavedMapping[]): boolean {
  savedMappings.value = all;
  try {
    localStorage.setItem(STORED, JSON.stringify(all));
    return true;
  } catch {
    return false;
  }
}

function stored(): readonly SavedMapping[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(STORED) ?? "[]");
    return Array.isArray(found) ? found.filter(isSaved) : [];
  } catch {
    return [];
  }
}

function isSaved(one: unknown): one is SavedMapping {
  return typeof one === "object" && one !== null && "title" in one && typeof one.title === "string"
    && "on" in one && typeof one.on === "string" && "mapping" in one && isMapping(one.mapping);
}

function isMapping(one: unknown): one is Mapping {
  return typeof one === "object" && one !== null && "schema" in one && "fingerprint" in one
    && typeof one.fingerprint === "string" && one.fingerprint !== "" && ("fields" in one || "base" in one);
}

/** "bank_2026-05.csv" and "bank_2026-06.csv" are alike. */
function shape(name: string): string {
  return name.toLowerCase().replaceAll(/\d+/g, "#").replaceAll(/ ?\(#\)/g, "");
}

function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
