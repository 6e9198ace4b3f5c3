// The package's default entry: a worker file and a WebAssembly file, both fetched by address. A second
// one, which reconciles, is fetched after them, and a third, with the readers of archives and workbooks,
// when it is needed.
//
// Importing it does nothing; `createReconciler()` does.

import { connect, workerFrom } from "./browser.ts";
import { originOf } from "./compile.ts";
import type { CreateOptions, Reconciler } from "./types.ts";

export * from "./errors.ts";
export * from "./types.ts";
export { withAnswers } from "./mapping.ts";
export { checkSupport } from "./support.ts";

/** Starts the engine in a worker of its own. */
export async function createReconciler(options: CreateOptions = {}): Promise<Reconciler> {
  options.signal?.throwIfAborted();
  const { worker } = options;
  const makeWorker = worker === undefined ? () => workerFrom(workerUrl(options)) : () => theirs(worker);
  const wasm = await originOf(options.wasm, () => ({ kind: "url", url: wasmUrl(options) }));
  const later = {
    reconcile: () => originOf(options.reconcile, () => ({ kind: "url", url: reconcileUrl(options) })),
    readers: () => originOf(options.readers, () => ({ kind: "url", url: readersUrl(options) })),
  };
  return connect(makeWorker, wasm, later, options.signal);
}

// Written so that bundlers see files to copy, and not a worker to bundle again. Resolved here,
// never in the worker: its own address may be a blob or a copy somewhere else.
function workerUrl({ workerUrl }: CreateOptions): string {
  return absolute(workerUrl ?? new URL("./worker.js", import.meta.url));
}

function wasmUrl({ wasmUrl }: CreateOptions): string {
  return absolute(wasmUrl ?? new URL("./crossfoot.wasm", import.meta.url));
}

function reconcileUrl({ reconcileUrl }: CreateOptions): string {
  return absolute(reconcileUrl ?? new URL("./reconcile.wasm", import.meta.url));
}

function readersUrl({ readersUrl }: CreateOptions): string {
  return absolute(readersUrl ?? new URL("./readers.wasm", import.meta.url));
}

function absolute(url: string | URL): string {
  return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href).href;
}

function theirs(worker: Worker | (() => Worker)): Worker {
  return typeof worker === "function" ? worker() : worker;
}
