/** Decides how a result is made: from the files on the screen, with progress and a way to stop. */
import { engine, forgetEngine } from "../engine.ts";
import { count, t } from "../i18n.ts";
import { show } from "../screens.ts";
import type { Progress, ReconcileConfig, Reconciler, SourceOptions } from "../../sdk/types.ts";
import { faultFrom, isAbort } from "./fault.ts";
import { mappingOf } from "./mapping.ts";
import { announcement, attention, crash, files, filterExceptions, inputs, isSource, nameInResult, run, settings, sources, updateFile, type FileItem } from "./store.ts";

/** Reads all sources and reconciles them; shows the summary when done. */
export async function reconcile(): Promise<void> {
  if (run.value.state === "working") return;
  const made = inputs.value;
  const abort = new AbortController();
  const onProgress = (progress: Progress): void => {
    if (run.value.state === "working" && run.value.abort === abort) run.value = { state: "working", progress, abort };
  };
  crash.value = undefined;
  run.value = { state: "working", progress: { phase: "reading", completed: 0 }, abort };
  try {
    await stopLooking();
    const reconciler = await engine();
    await handOver(reconciler, abort.signal);
    const result = await reconciler.reconcile(await config(), { signal: abort.signal, onProgress });
    if (abort.signal.aborted) return;
    filterExceptions({});
    run.value = { state: "done", run: result, inputs: made };
    const { matches, exceptions } = result.summary.counts;
    announcement.value = t("work-done", { matches: count(matches), exceptions: count(exceptions) });
    show("summary");
  } catch (thrown) {
    if (run.value.state === "working" && run.value.abort !== abort) return;
    run.value = { state: "idle" };
    if (isAbort(thrown)) announcement.value = t("work-cancelled");
    else report(thrown);
  }
}

export function cancelRun(): void {
  if (run.value.state === "working") run.value.abort.abort();
}

let looking: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;

/** Works with the engine's list of sources while there is no run; a run ends it at once, and so does the next look. */
export async function lookWhileIdle(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  await stopLooking();
  if (run.value.state === "working") return;
  const abort = new AbortController();
  const ended = work(abort.signal);
  looking = { abort, ended };
  await ended;
}

async function stopLooking(): Promise<void> {
  const current = looking;
  looking = undefined;
  current?.abort.abort();
  await current?.ended.catch(() => undefined);
}

/** Makes the engine's list of sources the one on the screen. */
async function handOver(reconciler: Reconciler, signal: AbortSignal): Promise<void> {
  for (const { id } of [...reconciler.sources]) await reconciler.removeSource(id);
  for (const file of sources.value) {
    updateFile(file.id, { faults: [] });
    await reconciler.addSource(file.blob, { ...optionsOf(file), signal });
  }
}

/** How the engine is told to read a file. */
export function optionsOf(file: FileItem): SourceOptions {
  const { name, role, profile } = file;
  const side = isSource(role) ? role : ("settlement" as const);
  const mapping = mappingOf(file);
  return { name, side, ...(mapping ? { mapping } : profile ? { profile } : {}) };
}

async function config(): Promise<ReconcileConfig> {
  const { asOf, timezone, currency } = settings.value;
  const contract = await textOf("contract");
  const rates = await textOf("rates");
  const carried = files.value.find((file) => file.role === "carry");
  return {
    timezone,
    ...(asOf ? { as_of: asOf } : {}),
    ...(currency ? { currency } : {}),
    ...(contract === undefined ? {} : { contract }),
    ...(rates === undefined ? {} : { rates }),
    ...(carried ? { carry: await carried.blob.text(), carry_name: carried.name } : {}),
  };
}

async function textOf(role: "contract" | "rates"): Promise<string | undefined> {
  return files.value.find((file) => file.role === role)?.blob.text();
}

/** Puts a fault where it belongs: at its file, or at the top of the page. */
function report(thrown: unknown): void {
  const file = fileOf(thrown);
  const fault = faultFrom(thrown, file?.name);
  if (file) {
    show("files");
    updateFile(file.id, { faults: [fault] });
    attention.value = file.id;
  } else {
    if (/^(load|page)\//.test(fault.code)) forgetEngine();
    crash.value = fault;
    scrollTo(0, 0);
  }
  announcement.value = fault.message();
}

/** The file that an error is about: the one that it names, or the one of its area. */
function fileOf(thrown: unknown): FileItem | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const source = "source" in thrown ? thrown.source : undefined;
  const named = sources.value.find(({ id, name }) => nameInResult(id) === source || name === source);
  if (named) return named;
  const area = "code" in thrown ? String(thrown.code).split("/")[0] : "";
  const role = area === "fees" || area === "calendar" ? "contract" : area === "fx" ? "rates" : area === "carry" ? "carry" : undefined;
  return role && files.value.find((file) => file.role === role);
}
