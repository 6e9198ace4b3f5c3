// How a page gets a worker: makes it, listens to it, and explains why it could not be made.

import { Connection, type LaterOrigins } from "./connection.ts";
import { LoadError, type WireError } from "./errors.ts";
import type { FromWorker, Transport, TransportEvents, WasmOrigin } from "./protocol.ts";
import { ConnectedReconciler } from "./reconciler.ts";
import { checkSupport } from "./support.ts";
import type { Reconciler } from "./types.ts";

/** Starts the worker and answers once it is ready. */
export async function connect(
  makeWorker: () => Worker, wasm: WasmOrigin, later: LaterOrigins, signal: AbortSignal | undefined,
): Promise<Reconciler> {
  refuseUnsupported();
  const connection = new Connection({ open: (events) => openWorker(makeWorker, events), wasm, later });
  try {
    return new ConnectedReconciler(connection, await connection.start(signal));
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
}

function openWorker(makeWorker: () => Worker, events: TransportEvents): Transport {
  const worker = makeWorker();
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => events.message(data);
  worker.onerror = (event) => {
    event.preventDefault();
    events.failure(workerError(event.message));
  };
  worker.onmessageerror = () => events.failure(workerError("a message could not be read"));
  return {
    post: (message) => worker.postMessage(message),
    terminate: () => worker.terminate(),
  };
}

/** A browser says nothing about why a worker failed to load; this says what it mostly is. */
function workerError(message: string | undefined): WireError {
  return {
    code: "load/worker",
    message: `The worker failed${message ? `: ${message}` : " to load"}.`,
    remedy:
      "Check that worker.js is served with a JavaScript MIME type from this origin and allowed by worker-src. " +
      "With Vite 7 or older in dev, pass workerUrl and wasmUrl (import them with `?url`) " +
      "and list crossfoot in optimizeDeps.exclude. From another origin, use crossfoot/inline.",
  };
}

function refuseUnsupported(): void {
  const { supported, missing } = checkSupport();
  if (supported) return;
  throw new LoadError({ code: "load/unsupported", message: "The engine cannot run here.", remedy: missing.join(" ") });
}

/** A policy as far as this module uses one; absent in browsers without Trusted Types. */
interface ScriptPolicies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

let policy: { createScriptURL(url: string): unknown } | undefined;

/**
 * A worker from an address, through the Trusted Types policy "crossfoot-worker" where the page
 * enforces them: list that name in its `trusted-types` directive.
 */
export function workerFrom(url: string): Worker {
  const factory = (globalThis as { trustedTypes?: ScriptPolicies }).trustedTypes;
  try {
    policy ??= factory?.createPolicy("crossfoot-worker", { createScriptURL: (own) => own });
  } catch {
    // The page's policy does not list the name. Where it also enforces Trusted Types, the next line says so.
  }
  try {
    return new Worker((policy?.createScriptURL(url) ?? url) as string, { name: "crossfoot" });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new LoadError({
      code: "load/worker",
      message: `The worker could not be made: ${why}`,
      remedy:
        "Under Trusted Types add `crossfoot-worker` to the trusted-types directive or pass `worker: () => new Worker(…)`; " +
        "serve worker.js from this origin, and allow it in worker-src.",
    });
  }
}
