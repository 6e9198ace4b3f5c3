/**
 * Decides how the files are read before a run, so that they can be checked: all of them together in the engine, again
 * after each change. A file that cannot be read is left out with its reason.
 */
import { computed, effect, signal } from "@preact/signals-core";
import { engine, forgetEngine } from "../engine.ts";
import type { LineRow, Progress, Run, SourceReport } from "../../sdk/types.ts";
import { faultFrom, isAbort, type Fault } from "./fault.ts";
import { effectiveColumns } from "./mapping.ts";
import { questionsOf, type Question } from "./questions.ts";
import { lookWhileIdle, optionsOf } from "./reconcile.ts";
import { crash, files, inputs, nameInResult, phase, run, settings, sources, stale, type FileItem } from "./store.ts";

/** Larger files are only read by a run: looking at them would take as long. */
const MOST_BYTES = 128_000_000;
/** Entries that are read of each file: some of the first rows may have been skipped. */
const LINES = 50;
/** Time for the next keystroke or choice, in milliseconds. */
const SETTLED_MS = 150;

export type LookState =
  | { readonly state: "none" }
  | { readonly state: "large" }
  | { readonly state: "reading"; readonly progress?: Progress }
  | { readonly state: "done"; readonly inputs: string; readonly run?: Run; readonly read: readonly FileItem[]; readonly faults: ReadonlyMap<number, Fault> };

export const look = signal<LookState>({ state: "none" });

/** How the files were read as they are now: by the run, else by the last look. */
export const reading = computed<{ readonly run: Run; readonly names: ReadonlyMap<number, string> } | undefined>(() => {
  if (run.value.state === "done" && !stale.value) {
    return { run: run.value.run, names: new Map(sources.value.map(({ id }) => [id, nameInResult(id)])) };
  }
  const seen = look.value;
  if (seen.state !== "done" || !seen.run) return undefined;
  return { run: seen.run, names: new Map(seen.read.map(({ id }) => [id, nameInResult(id, seen.read)])) };
});

/** The first entries of each file. */
export const firstLines = signal<ReadonlyMap<number, readonly LineRow[]>>(new Map());

/** What became of a file, as far as it was read. */
export function reportOf(id: number): SourceReport | undefined {
  const name = reading.value?.names.get(id);
  return reading.value?.run.summary.sources.find(({ file }) => file === name);
}

/** What the user should decide about a file. */
export function openQuestions(id: number): readonly Question[] {
  const file = files.value.find((one) => one.id === id);
  const report = reportOf(id);
  if (!file || !report) return [];
  const columns = effectiveColumns(file);
  const dated = firstLines.value.get(id)?.map(({ occurred_at }) => occurred_at ?? "") ?? [];
  // Dates without a time are the same day in every zone.
  const timeless = dated.length > 0 && dated.every((at) => at.length <= 10);
  const priced = columns.has("currency") || report.currency.length > 0 || settings.value.currency !== "";
  const unpriced = !priced && report.rows.rejected > 0 && (columns.has("amount") || columns.has("net"));
  // What was just answered is gone at once; should the engine ask it again, so does the page.
  const pending = look.value.state !== "done" || look.value.inputs !== inputs.value;
  return questionsOf(report, unpriced)
    .filter(({ kind }) => kind !== "zone" || !timeless)
    .filter(({ path }) => !(pending && file.answers?.has(path)))
    .map((one) => (one.kind === "fee-sign" ? { ...one, example: firstFigure(file, columns.get("fee")?.column) } : one));
}

/** The first figure of a column that is not zero. */
function firstFigure({ detection }: FileItem, column: string | undefined): string {
  const at = detection?.columns.findIndex(({ name }) => name === column) ?? -1;
  const below = detection?.rows.filter(({ row }) => row > (detection.headerRow ?? 0)) ?? [];
  return below.map(({ cells }) => cells[at]?.trim() ?? "").find((text) => /[1-9]/.test(text)) ?? "";
}

/** Why a file could not be read as the user wants it. */
export function faultOnLook(id: number): Fault | undefined {
  return look.value.state === "done" ? look.value.faults.get(id) : undefined;
}

/** Keeps the look at the files current, until the returned function is called. */
export function keepLooking(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const wanted = inputs.value;
    const idle = phase.value !== "working" && files.value.every((file) => !file.looking);
    clearTimeout(timer);
    // A run takes the engine's list of files, and ends what was seen of them.
    if (phase.value === "working" && look.peek().state === "done") look.value = { state: "none" };
    const seen = look.peek();
    const known = (run.value.state === "done" && !stale.value) || (seen.state === "done" && seen.inputs === wanted);
    if (!idle || known || sources.value.length === 0) return;
    timer = setTimeout(() => void lookWhileIdle((signal) => lookAtAll(wanted, signal)), SETTLED_MS);
  });
  const stopLines = effect(() => void readLines(reading.value));
  return () => {
    clearTimeout(timer);
    stop();
    stopLines();
  };
}

async function readLines(current: typeof reading.value): Promise<void> {
  if (!current) return;
  const { run: result, names } = current;
  const pages = [...names].map(async ([id, source]) => [id, (await result.page("lines", { filter: { source }, limit: LINES })).rows] as const);
  try {
    const found = await Promise.all(pages);
    if (reading.peek()?.run === result) firstLines.value = new Map(found);
  } catch {
    // The run ended in between: the next one is asked anew.
  }
}

async function lookAtAll(wanted: string, signal: AbortSignal): Promise<void> {
  const all = sources.value;
  if (all.reduce((sum, { blob }) => sum + blob.size, 0) > MOST_BYTES) {
    look.value = { state: "large" };
    return;
  }
  if (look.value.state !== "done") look.value = { state: "reading" };
  const faults = new Map<number, Fault>();
  try {
    let left = all;
    for (;;) {
      const { read, result, culprit } = await attempt(left, faults, signal);
      if (signal.aborted) return;
      if (culprit === undefined) {
        look.value = { state: "done", inputs: wanted, read, faults, ...(result ? { run: result } : {}) };
        return;
      }
      left = left.filter(({ id }) => id !== culprit);
    }
  } catch (thrown) {
    if (signal.aborted || isAbort(thrown)) return;
    const fault = faultFrom(thrown);
    if (/^(engine|load|page)\//.test(fault.code)) {
      forgetEngine();
      crash.value = fault;
    }
    // What is wrong with the settings is said where they are, and by the run.
    look.value = { state: "done", inputs: wanted, read: [], faults };
  }
}

interface Attempt {
  readonly read: readonly FileItem[];
  readonly result?: Run;
  /** The file over which the reading failed. */
  readonly culprit?: number;
}

async function attempt(all: readonly FileItem[], faults: Map<number, Fault>, signal: AbortSignal): Promise<Attempt> {
  const reconciler = await engine();
  for (const { id } of [...reconciler.sources]) await reconciler.removeSource(id);
  const read: FileItem[] = [];
  for (const file of all) {
    try {
      await reconciler.addSource(file.blob, { ...optionsOf(file), signal });
      read.push(file);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      faults.set(file.id, faultFrom(thrown, file.name));
    }
  }
  if (read.length === 0) return { read };
  const onProgress = (progress: Progress): void => {
    if (look.peek().state === "reading" && !signal.aborted) look.value = { state: "reading", progress };
  };
  const { timezone, currency } = settings.value;
  try {
    const result = await reconciler.preview({ timezone, ...(currency ? { currency } : {}) }, { signal, onProgress });
    return { read, result };
  } catch (thrown) {
    const source = typeof thrown === "object" && thrown !== null && "source" in thrown ? thrown.source : undefined;
    const culprit = read.find(({ id }) => nameInResult(id, read) === source);
    if (!culprit) throw thrown;
    faults.set(culprit.id, faultFrom(thrown, culprit.name));
    return { read, culprit: culprit.id };
  }
}
