// Starting the engine, and how far a task is.

/** What `checkSupport` found. */
export interface Support {
  /** Whether the engine can run here. */
  readonly supported: boolean;
  /** What is missing, each a plain sentence that says what to do. Empty when supported. */
  readonly missing: readonly string[];
}

/** Where the engine comes from. Everything is optional. */
export interface CreateOptions {
  /** Address of the worker file. Default: `worker.js` beside this module. */
  readonly workerUrl?: string | URL;
  /** Address of the WebAssembly file. Default: `crossfoot.wasm` beside this module. */
  readonly wasmUrl?: string | URL;
  /**
   * The worker itself, or a function that makes one (called again after a crash). For bundlers'
   * `?worker` imports, Trusted Types policies and tests.
   */
  readonly worker?: Worker | (() => Worker);
  /** The WebAssembly, already at hand: then `wasmUrl` is not fetched. */
  readonly wasm?: WebAssembly.Module | BufferSource | Response | Promise<Response>;
  /** Address of the engine's second part, which reconciles; fetched as soon as the first part runs, and
   *  of the same release. Default: `reconcile.wasm` beside this module. */
  readonly reconcileUrl?: string | URL;
  /** That part, already at hand. */
  readonly reconcile?: WebAssembly.Module | BufferSource | Response | Promise<Response>;
  /** Address of the WebAssembly file with the readers of archives, workbooks, XML and
   *  statements; fetched when a file needs it. Default: `readers.wasm` beside this module. */
  readonly readersUrl?: string | URL;
  /** That file, already at hand. */
  readonly readers?: WebAssembly.Module | BufferSource | Response | Promise<Response>;
  /** Gives up loading; the promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
}

/** Which versions answered. */
export interface Versions {
  /** Of the npm package, for example "0.1.0". */
  readonly package: string;
  /** Of the engine; equal to `package` unless files of two releases were mixed. */
  readonly engine: string;
  /** Of the matching rules: a change of it may change results. */
  readonly ruleset: string;
  /** Of the result document. */
  readonly schema: number;
}

/** What every long call takes. */
export interface Task {
  /** Cancels the call: it rejects with `signal.reason` (an `AbortError` by default). */
  readonly signal?: AbortSignal;
  /** Called at most about 20 times a second. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a call has come. */
export interface Progress {
  /** What is being done now: "reading", then "matching", "checking", "proving"; or "writing". */
  readonly phase: Phase;
  /** Done so far in this phase: bytes when reading or writing, units of work otherwise. */
  readonly completed: number;
  /** All of this phase in the same unit; absent while it is not known. */
  readonly total?: number;
}

/** The parts of a long call, in their order. The list may grow. */
export type Phase = "reading" | "matching" | "checking" | "proving" | "writing" | (string & {});
