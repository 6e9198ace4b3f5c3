// The page's side of the protocol: calls as promises, cancelling, and what happens when the other
// side dies. A dead worker rejects every pending call; the next call starts a fresh one.

import { ReconcileError, type WireError, fromWire } from "./errors.ts";
import {
  type Args, type Call, type FromWorker, type LaterModule, type Operation, PROTOCOL, type Result, type Transport,
  type TransportEvents, WANTED, type WasmOrigin,
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
  /** Where the other modules come from: the engine's second part, which is sent as soon as the first
   *  one is ready, and the readers, which are sent once a file needs them. */
  readonly later?: LaterOrigins;
}

/** Where each of the modules comes from that are loaded after the first. */
export type LaterOrigins = Readonly<Record<LaterModule, () => WasmOrigin | Promise<WasmOrigin>>>;

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
  readonly #sending = new Map<LaterModule, Promise<void>>();
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
      const module = wantedBy(thrown);
      if (module === undefined || this.#opening.later === undefined) throw thrown;
      await this.#send(module, this.#opening.later);
      return this.#call(op, args, task);
    }
  }

  /** Sends a module, once for all who wait for it. */
  #send(module: LaterModule, later: LaterOrigins): Promise<void> {
    const sending = this.#sending.get(module) ?? this.#fetch(module, later);
    this.#sending.set(module, sending);
    return sending;
  }

  async #fetch(module: LaterModule, later: LaterOrigins): Promise<void> {
    try {
      const wasm = await later[module]();
      this.#transport?.post({ type: "module", module, wasm });
    } finally {
      this.#sending.delete(module);
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
          this.#prepare();
        },
        failure: (error) => lost(ready ? { ...error, code: "engine/crashed" } : error),
      });
      this.#transport = transport;
      timer = setTimeout(() => lost(TOO_SLOW), LOAD_MS);
      transport.post({ type: "init", protocol: PROTOCOL, wasm: this.#opening.wasm });
    });
  }

  /** Has the second part sent before it is needed. What goes wrong is told by the call that needs it. */
  #prepare(): void {
    const { later } = this.#opening;
    if (later !== undefined) this.#send("reconcile", later).catch(() => undefined);
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

/** The module for want of which a call failed, if it did. */
function wantedBy(thrown: unknown): LaterModule | undefined {
  if (!(thrown instanceof ReconcileError)) return undefined;
  return (Object.keys(WANTED) as LaterModule[]).find((module) => WANTED[module] === thrown.code);
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
