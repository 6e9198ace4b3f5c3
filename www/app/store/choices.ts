/** Decides what an answer or a choice does: it counts at once, and is remembered for the next file of that layout. */
import { signal } from "@preact/signals-core";
import { t } from "../i18n.ts";
import type { Mapping } from "../../sdk/types.ts";
import { setAnswer, setColumns, setSaved } from "./intake.ts";
import { hasChoices, mappingOf } from "./mapping.ts";
import type { Question } from "./questions.ts";
import { forget, keep, mappingIn, savedMappings } from "./saved.ts";
import { announcement, sample, type FileItem } from "./store.ts";

/** Files whose choices the user does not want to be remembered. */
const unkept = signal<ReadonlySet<number>>(new Set());

/** Takes an answer; `said` is what a screen reader hears. */
export function answer(id: number, question: Question, value: string, said: string): void {
  setAnswer(id, question.path, { value, question });
  announcement.value = t("check-answered", { answer: said });
}

/** Opens a question again. */
export function takeBack(id: number, path: string): void {
  setAnswer(id, path, undefined);
}

/** Forgets all that was said of how to read a file. */
export function startOver(file: FileItem): void {
  const mapping = mappingOf(file);
  if (mapping) forget(mapping);
  if (file.saved) forget(file.saved.mapping);
  setColumns(file.id, new Map());
  setSaved(file.id, undefined);
}

/** Whether the choices for this file are remembered. */
export function isKept({ id }: FileItem): boolean {
  return !unkept.value.has(id);
}

export function setKept(file: FileItem, wanted: boolean): void {
  const next = new Set(unkept.value);
  if (wanted) next.delete(file.id);
  else next.add(file.id);
  unkept.value = next;
  const mapping = mappingOf(file);
  if (!wanted && mapping) forget(mapping);
  remember(file);
}

/** Saves what was said of a file; false where the browser refuses. Sample data leaves nothing behind. */
export function remember(file: FileItem): boolean {
  const mapping = mappingOf(file);
  if (sample.value !== "no" || !mapping || !hasChoices(file) || !isKept(file) || mapping["fingerprint"] === "") return true;
  const known = savedMappings.peek().some((one) => JSON.stringify(one.mapping) === JSON.stringify(mapping));
  return known || keep(file.name, mapping);
}

/** The mapping as a file for colleagues, for other browsers, and for the command. */
export function mappingFile(file: FileItem): Blob | undefined {
  const mapping = mappingOf(file) ?? proposal(file);
  return mapping && fileOf(mapping, file.saved?.title ?? file.name);
}

/** A mapping as JSON, under the name of the file for which it was made. */
export function fileOf(mapping: Mapping, name: string): Blob {
  const title = { en: name, "zh-Hans": name };
  return new Blob([`${JSON.stringify({ ...mapping, title }, undefined, 2)}\n`], { type: "application/json" });
}

function proposal({ detection }: FileItem) {
  const text = detection?.guesses[0]?.mapping;
  return text === undefined ? undefined : mappingIn(text);
}

/** Reads a file by a mapping from a file; false where that holds none. */
export async function readBy(id: number, chosen: File): Promise<boolean> {
  const mapping = mappingIn(await chosen.text());
  if (!mapping) return false;
  setSaved(id, { title: chosen.name, on: "", mapping });
  return true;
}

/** Whether anything would be different without the user. */
export function isOwn(file: FileItem): boolean {
  return file.saved !== undefined || hasChoices(file);
}
