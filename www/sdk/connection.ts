// The page's side of the protocol: calls as promises, cancelling, and what happens when the other
// side dies. A dead worker rejects every pending call; the next call starts a fresh one.

import { ReconcileError, type WireError, fromWire } from "./errors.ts";
import {
  type Args, type Call, type FromWorker, type Operation, PROTOCOL, READERS_WANTED, type Result, type Transport,
  type TransportEvents, type WasmOrigin,
} from "./protocol.ts";
import type { Task, Versions } from "./types.ts";

/** How long the worker may take to load, in milliseconds. */
const LOAD_MS = 30_000;
/** How long a cancelled call may go on before its worker is ended, in milliseconds. */
const CANCEL_MS = 5_000;

/** How a connection comes about; called again after a crash. */
export interface Opening {
  readonly open: (events: TransportEvents) => Transport;
  readonly wasm: WasmOrigin;
  /** Where the second module comes from; asked for once it is needed. */
  readonly readers?: () => WasmOrigin | Promise<WasmOrigin>;
}

interface Pending {
  readonly settle: (value: unknown) => void;
  readonly fail: (error: unknown) => void;
  readonly task: Task;
}

interface Link {
  readonly transport: Transport;
  readonly versions: Versions;
}

/** A worker that is there whenever it is called. */
export class Connection {
  readonly #opening: Opening;
  readonly #pending = new Map<number, Pending>();
  #link: Promise<Link> | undefined;
  #transport: Transport | undefined;
  #lastId = 0;
  #closed = false;

  constructor(opening: Opening) {
    this.#opening = opening;
  }

  /** Starts the worker, if it is not there yet. */
  async start(signal?: AbortSignal): Promise<Versions> {
    signal?.throwIfAborted();
    this.#link ??= this.#connect();
    const link = await unlessAborted(this.#link, signal);
    return link.versions;
  }

  /** Calls an operation. Rejects with `signal.reason` once the engine has let go of a cancelled one. */
  async call<Op extends Operation>(op: Op, args: Args<Op>, task: Task = {}): Promise<Result<Op>> {
    try {
      return await this.#call(op, args, task);
    } catch (thrown) {
      const { readers } = this.#opening;
      if (readers === undefined || !(thrown instanceof ReconcileError) || thrown.code !== READERS_WANTED) throw thrown;
      const wasm = await readers();
      this.#transport?.post({ type: "readers", wasm });
      return this.#call(op, args, task);
    }
  }

  async #call<Op extends Operation>(op: Op, args: Args<Op>, task: Task): Promise<Result<Op>> {
    if (this.#closed) throw disposed();
    task.signal?.throwIfAborted();
    this.#link ??= this.#connect();
    const { transport } = await this.#link;
    if (this.#closed) throw disposed();
    task.signal?.throwIfAborted();
    const id = ++this.#lastId;
    const answer = new Promise<unknown>((settle, fail) => this.#pending.set(id, { settle, fail, task }));
    const cancel = () => this.#cancel(id, transport);
    task.signal?.addEventListener("abort", cancel, { once: true });
    try {
      transport.post({ type: "call", id, op, args } as Call);
      return (await answer) as Result<Op>;
    } finally {
      task.signal?.removeEventListener("abort", cancel);
      this.#pending.delete(id);
    }
  }

  /** Ends the worker for good. */
  close(): void {
    this.#closed = true;
    this.#drop(disposed());
  }

  #cancel(id: number, transport: Transport): void {
    transport.post({ type: "cancel", id });
    setTimeout(() => {
      const pending = this.#pending.get(id);
      if (pending === undefined || this.#transport !== transport) return;
      pending.fail(pending.task.signal?.reason);
      this.#drop(fromWire(STOPPED));
    }, CANCEL_MS);
  }

  /** Ends the worker and rejects whatever waits for it. */
  #drop(error: ReconcileError): void {
    this.#transport?.terminate();
    this.#transport = undefined;
    this.#link = undefined;
    for (const { fail } of this.#pending.values()) fail(error);
    this.#pending.clear();
  }

  #connect(): Promise<Link> {
    const connecting = this.#open();
    connecting.catch((error) => {
      if (this.#link === connecting) this.#drop(error);
    });
    return connecting;
  }

  /** Opens the other side and waits until it is ready; watches it from then on. */
  #open(): Promise<Link> {
    return new Promise((settle, fail) => {
      let ready = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const lost = (wire: WireError) => {
        const error = fromWire(wire);
        clearTimeout(timer);
        fail(error);
        if (ready && this.#transport === transport) this.#drop(error);
      };
      const transport = this.#opening.open({
        message: (message) => {
          if (message.type === "failed" || message.type === "crashed") return lost(message.error);
          if (message.type !== "ready") return this.#receive(message);
          if (message.protocol !== PROTOCOL) return lost(skew(message.protocol));
          ready = true;
          clearTimeout(timer);
          settle({ transport, versions: message.versions });
        },
        failure: (error) => lost(ready ? { ...error, code: "engine/crashed" } : error),
      });
      this.#transport = transport;
      timer = setTimeout(() => lost(TOO_SLOW), LOAD_MS);
      transport.post({ type: "init", protocol: PROTOCOL, wasm: this.#opening.wasm });
    });
  }

  #receive(message: Extract<FromWorker, { id: number }>): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    const { settle, fail, task } = pending;
    if (message.type === "progress") {
      if (task.signal?.aborted !== true) task.onProgress?.(message.progress);
    } else if (task.signal?.aborted === true) fail(task.signal.reason);
    else if (message.type === "result") settle(message.value);
    else if (message.type === "error") fail(fromWire(message.error));
    else fail(new DOMException("The call was cancelled.", "AbortError"));
  }
}

/** Waits for a promise, but no longer than the signal allows. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((settle, fail) => {
    const abort = () => fail(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(settle, fail).finally(() => signal.removeEventListener("abort", abort));
  });
}

const STOPPED: WireError = {
  code: "engine/stopped",
  message: "The engine was ended because a cancelled call did not stop in time.",
  remedy: "Call again: a fresh engine starts by itself.",
};

const TOO_SLOW: WireError = {
  code: "load/timeout",
  message: `The worker did not answer within ${LOAD_MS / 1000} seconds.`,
  remedy: "Check in the network panel that the worker file and crossfoot.wasm are served.",
};

function skew(theirs: number): WireError {
  return {
    code: "load/version-skew",
    message: `The worker file is of another release (protocol ${theirs}, this page speaks ${PROTOCOL}).`,
    remedy: "Serve worker.js, crossfoot.wasm and the script from the same release, and reload without cache.",
  };
}

function disposed(): ReconcileError {
  return new ReconcileError({
    code: "engine/disposed",
    message: "This reconciler was disposed of.",
    remedy: "Make a new one with createReconciler().",
  });
}
