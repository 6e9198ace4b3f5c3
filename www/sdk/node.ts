// The entry for Node: the engine runs in the caller's own process, read from the disk.
//
// The calling thread is busy while the engine works, in slices of some 20 ms; put it into a
// `worker_threads` worker of your own where that matters.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as engine from "../pkg/crossfoot.js";
import { compile, originOf } from "./compile.ts";
import { Connection } from "./connection.ts";
import { LoadError, toWire } from "./errors.ts";
import { Host } from "./host.ts";
import { type FromWorker, PROTOCOL, type Transport, type TransportEvents, type WasmOrigin } from "./protocol.ts";
import { loadReaders } from "./readers.ts";
import { ConnectedReconciler } from "./reconciler.ts";
import { secondPartOf } from "./second.ts";
import { checkSupport as checkBrowser } from "./support.ts";
import type { CreateOptions, Reconciler, Support } from "./types.ts";

export * from "./errors.ts";
export * from "./types.ts";
export { withAnswers } from "./mapping.ts";

/** Whether the engine can run in this Node. */
export function checkSupport(): Support {
  return checkBrowser({ ...globalThis, WebAssembly, Blob, MessageChannel, Worker: true });
}

/** Reads the engine from the disk and starts it in this process. */
export async function createReconciler(
  options: Pick<CreateOptions, "wasm" | "wasmUrl" | "reconcile" | "reconcileUrl" | "readers" | "readersUrl" | "signal"> = {},
): Promise<Reconciler> {
  options.signal?.throwIfAborted();
  const module = await compile(await originOf(options.wasm, () => fromDisk(options.wasmUrl, "./crossfoot.wasm")));
  const wasm: WasmOrigin = { kind: "module", module };
  const later = {
    reconcile: () => originOf(options.reconcile, () => fromDisk(options.reconcileUrl, "./reconcile.wasm")),
    readers: () => originOf(options.readers, () => fromDisk(options.readersUrl, "./readers.wasm")),
  };
  const connection = new Connection({ open: (events) => openHere(module, events), wasm, later });
  return new ConnectedReconciler(connection, await connection.start(options.signal));
}

async function fromDisk(url: string | URL | undefined, beside: string): Promise<WasmOrigin> {
  const path = fileURLToPath(url ?? new URL(beside, import.meta.url));
  const bytes = await readFile(path).catch((thrown: unknown) => {
    throw new LoadError({ code: "load/wasm-fetch", message: `Cannot read ${path}: ${String(thrown)}` });
  });
  return { kind: "bytes", bytes };
}

// The bindings know one instance, which all reconcilers of the process share. Its memory is given
// back when the last of them is disposed of.
let users = 0;
/** Whether a panic left the instance unusable. */
let poisoned = false;

function enter(module: WebAssembly.Module): void {
  engine.initSync({ module });
  if (poisoned) engine.__wbg_reset_state();
  poisoned = false;
  users += 1;
}

function leave(): void {
  users -= 1;
  if (users === 0 && !poisoned) engine.__wbg_reset_state();
}

/** A transport without a worker: messages become tasks of this thread. */
function openHere(module: WebAssembly.Module, events: TransportEvents): Transport {
  let open = true;
  const post = (message: FromWorker) => {
    if (message.type === "crashed") poisoned = true;
    setImmediate(() => open && events.message(message));
  };
  let host: Host | undefined;
  return {
    post: (message) => {
      if (message.type !== "init") return void setImmediate(() => host?.receive(message));
      try {
        enter(module);
        const yieldNow = () => new Promise<void>((settle) => setImmediate(settle));
        host = new Host({ engine, second: secondPartOf(module), loadReaders, post, yieldNow });
        post({ type: "ready", protocol: PROTOCOL, versions: engine.versions() });
      } catch (thrown) {
        post({ type: "failed", error: toWire(thrown) });
      }
    },
    terminate: () => {
      open = false;
      host?.close();
      if (host !== undefined) leave();
      host = undefined;
    },
  };
}
