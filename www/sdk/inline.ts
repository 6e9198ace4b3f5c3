// The entry without files: worker and WebAssembly are inside the script, and nothing is fetched.
//
// For pages under `connect-src 'none'; worker-src blob:`. The builder turns `?iife` into the text of
// the bundled worker, and `?gzip64` into base64 of the gzipped file: a third smaller than plain
// base64, and no larger once the page itself is gzipped.

import wasmGzipBase64 from "../pkg/crossfoot_bg.wasm?gzip64";
import workerSource from "./worker.ts?iife";
import { connect, workerFrom } from "./browser.ts";
import { LoadError } from "./errors.ts";
import type { WasmOrigin } from "./protocol.ts";
import type { CreateOptions, Reconciler } from "./types.ts";

export * from "./errors.ts";
export * from "./types.ts";
export { withAnswers } from "./mapping.ts";
export { checkSupport } from "./support.ts";

/** Starts the engine in a worker made from a blob. */
export async function createReconciler(options: Pick<CreateOptions, "signal"> = {}): Promise<Reconciler> {
  options.signal?.throwIfAborted();
  return connect(blobWorker, { kind: "gzip64", text: wasmGzipBase64 }, { reconcile, readers }, options.signal);
}

/** The second part of the engine is a script of its own, asked for as soon as the first one runs. */
function reconcile(): Promise<WasmOrigin> {
  return inScript(() => import("./inline-reconcile.ts"));
}

/** The readers are a script of their own; a page that must not fetch later asks for it early. */
export function readers(): Promise<WasmOrigin> {
  return inScript(() => import("./inline-readers.ts"));
}

async function inScript(load: () => Promise<{ default: string }>): Promise<WasmOrigin> {
  const { default: text } = await load().catch((thrown: unknown) => {
    throw new LoadError({
      code: "load/wasm-fetch",
      message: `A part of the engine could not be fetched: ${String(thrown)}`,
      remedy: "Reload the page.",
    });
  });
  return { kind: "gzip64", text };
}

/** A classic worker: on file:// browsers refuse module workers from blobs. */
function blobWorker(): Worker {
  const url = URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" }));
  try {
    return workerFrom(url);
  } finally {
    // The worker has begun to load by then; browsers keep the blob until it has.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }
}
