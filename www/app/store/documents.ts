/** Decides when an export is written: once per run and format, kept for saving and for the fingerprint. */
import { computed, effect, signal } from "@preact/signals-core";
import type { ExportFormat, Progress, Run } from "../../sdk/types.ts";
import { faultFrom, isAbort, type Fault } from "./fault.ts";
import { run, summary } from "./store.ts";

export type DocumentState =
  | { readonly state: "none" }
  | { readonly state: "writing"; readonly progress: Progress; readonly abort: AbortController }
  | { readonly state: "ready"; readonly blob: Blob }
  | { readonly state: "failed"; readonly fault: Fault };

const NONE: DocumentState = { state: "none" };

/** Up to this many rows the result document is written right away, for its fingerprint. */
export const AT_ONCE = 50_000;

/** In the order in which they are offered. */
export const FORMATS = ["json", "csv", "carry"] as const satisfies readonly ExportFormat[];

export const documents = {
  json: signal<DocumentState>(NONE),
  csv: signal<DocumentState>(NONE),
  carry: signal<DocumentState>(NONE),
} as const satisfies Record<ExportFormat, unknown>;

/** The SHA-256 that the result document states of itself; empty while it is not written. */
export const fingerprint = signal("");

const ended = computed<Run | undefined>(() => (run.value.state === "done" ? run.value.run : undefined));

effect(() => {
  const current = ended.value;
  for (const format of FORMATS) {
    const old = documents[format].peek();
    if (old.state === "writing") old.abort.abort();
    documents[format].value = NONE;
  }
  fingerprint.value = "";
  const counts = summary.peek()?.counts;
  if (current && counts && counts.orders + counts.settlement + counts.bank <= AT_ONCE) void write("json");
});

/** Writes a document of the present run. */
export async function write(format: ExportFormat): Promise<void> {
  const current = ended.peek();
  const target = documents[format];
  const before = target.peek().state;
  if (!current || before === "writing" || before === "ready") return;
  const abort = new AbortController();
  const onProgress = (progress: Progress): void => {
    if (!abort.signal.aborted) target.value = { state: "writing", progress, abort };
  };
  target.value = { state: "writing", progress: { phase: "writing", completed: 0 }, abort };
  try {
    const blob = await current.export(format, { signal: abort.signal, onProgress });
    if (abort.signal.aborted) return;
    target.value = { state: "ready", blob };
    if (format === "json") fingerprint.value = await stated(blob);
  } catch (thrown) {
    if (ended.peek() !== current) return;
    target.value = isAbort(thrown) ? NONE : { state: "failed", fault: faultFrom(thrown) };
  }
}

/** The document ends with its own fingerprint. */
async function stated(blob: Blob): Promise<string> {
  const tail = await blob.slice(-200).text();
  return /"result_sha256":"([0-9a-f]{64})"/.exec(tail)?.[1] ?? "";
}
