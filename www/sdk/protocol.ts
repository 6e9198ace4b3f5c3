// What is posted between the page and the worker: one typed envelope each way.
//
// Calls carry an id; each is answered by exactly one "result", "error" or "cancelled", after any
// number of "progress". A "crashed" answers every call at once, and nothing follows it.

import type { WireError } from "./errors.ts";
import type {
  DemoOptions, DemoSource, DetectOptions, Detection, ExportFormat, Explanation, IndexQuery, Page, PageQuery,
  ProfileInfo, Progress, ReconcileConfig, RunSummary, Side, SourceOptions, Versions,
  ViewName, Views,
} from "./types.ts";

/** Changed whenever a message changes: worker and page of different releases refuse each other. */
export const PROTOCOL = 3;

/** Where the worker gets the engine from; addresses are resolved on the page's side. */
export type WasmOrigin =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "bytes"; readonly bytes: BufferSource }
  | { readonly kind: "gzip64"; readonly text: string }
  | { readonly kind: "module"; readonly module: WebAssembly.Module };

/** A source on its way to the engine. A `Blob` is posted by reference, never copied. */
export interface SourceMessage {
  readonly blob: Blob;
  readonly name: string;
  readonly side?: Side | undefined;
  readonly profile?: string | undefined;
  readonly scope?: string | undefined;
  readonly mapping?: SourceOptions["mapping"] | undefined;
  readonly secrets?: readonly string[] | undefined;
  readonly leftOut?: readonly (readonly [name: string, why: string])[] | undefined;
}

/** A file that is to be looked at, and what is known of it. */
export interface DetectMessage extends Omit<DetectOptions, "saved"> {
  readonly blob: Blob;
  readonly name: string;
  /** Those of the saved mappings. */
  readonly fingerprints?: readonly string[];
}

/** A part of a file, as the worker gives it. */
export interface PartMessage {
  readonly name: string;
  readonly blob: Blob;
  readonly hidden: boolean;
  readonly problem?: WireError | undefined;
}

/** WebAssembly that is loaded after the engine's first part: its second part, and the heavy readers. */
export type LaterModule = "reconcile" | "readers";

/** What an operation answers that needs a module which was not sent yet. */
export const WANTED: Readonly<Record<LaterModule, string>> = {
  reconcile: "load/reconcile-wanted",
  readers: "load/readers-wanted",
};

/** Every operation with what it takes and what it answers. */
export interface Operations {
  detect: { args: DetectMessage; result: Detection };
  inspect: { args: SourceMessage; result: { profile: string; side: Side; detection: Detection } };
  unpack: { args: { blob: Blob; name: string; password?: string | undefined }; result: readonly PartMessage[] };
  hash: { args: { blob: Blob; name: string }; result: string };
  profiles: { args: Record<string, never>; result: readonly ProfileInfo[] };
  demo: { args: DemoOptions; result: { sources: readonly DemoSource[]; config: ReconcileConfig } };
  /** Reads the sources to show what is made of them; as a run, beside the one that the page holds. */
  preview: {
    args: { sources: readonly SourceMessage[]; config: ReconcileConfig };
    result: { run: number; summary: RunSummary };
  };
  reconcile: {
    args: { sources: readonly SourceMessage[]; config: ReconcileConfig };
    result: { run: number; summary: RunSummary };
  };
  page: { args: { run: number; view: ViewName; query: PageQuery }; result: Page<Views[ViewName]> };
  index: { args: { run: number; view: ViewName; query: IndexQuery }; result: Uint32Array };
  explain: { args: { run: number; row: number | string }; result: Explanation };
  export: { args: { run: number; format: ExportFormat }; result: Blob };
}

export type Operation = keyof Operations;
export type Args<Op extends Operation> = Operations[Op]["args"];
export type Result<Op extends Operation> = Operations[Op]["result"];

/** A call, with the arguments that belong to its operation. */
export type Call = {
  [Op in Operation]: { type: "call"; id: number; op: Op; args: Args<Op> };
}[Operation];

export type ToWorker =
  | { type: "init"; protocol: number; wasm: WasmOrigin }
  /** A module for the calls that follow. */
  | { type: "module"; module: LaterModule; wasm: WasmOrigin }
  | Call
  | { type: "cancel"; id: number };

export type FromWorker =
  | { type: "ready"; protocol: number; versions: Versions }
  | { type: "failed"; error: WireError }
  | { type: "progress"; id: number; progress: Progress }
  | { type: "result"; id: number; value: unknown }
  | { type: "error"; id: number; error: WireError }
  | { type: "cancelled"; id: number }
  | { type: "crashed"; error: WireError };

/** The two ends of a connection, whatever carries it: a worker, or plain calls in Node. */
export interface Transport {
  post(message: ToWorker): void;
  /** Ends the other side at once; nothing is received afterwards. */
  terminate(): void;
}

/** What a transport reports. */
export interface TransportEvents {
  message(message: FromWorker): void;
  /** The other side could not be started, or died without a word. */
  failure(error: WireError): void;
}
