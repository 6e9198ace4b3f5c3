// The worker: the engine behind the protocol. Bundled into one classic script without imports.

import * as engine from "../pkg/crossfoot.js";
import { compile } from "./compile.ts";
import type { EngineModule } from "./engine.ts";
import { toWire } from "./errors.ts";
import { Host } from "./host.ts";
import { type FromWorker, PROTOCOL, type ToWorker } from "./protocol.ts";
import { loadReaders } from "./readers.ts";
import { secondPartOf } from "./second.ts";
import { messageYield } from "./yield.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToWorker>) => void;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
};

let host: Host | undefined;

scope.onmessage = ({ data }) => {
  if (data.type === "init") void start(data);
  else host?.receive(data);
};

async function start({ wasm }: Extract<ToWorker, { type: "init" }>): Promise<void> {
  try {
    const first = await compile(wasm);
    engine.initSync({ module: first });
    const module: EngineModule = engine;
    const post = (message: FromWorker, transfer: Transferable[] = []) => scope.postMessage(message, transfer);
    host = new Host({ engine: module, second: secondPartOf(first), loadReaders, post, yieldNow: messageYield() });
    post({ type: "ready", protocol: PROTOCOL, versions: module.versions() });
  } catch (thrown) {
    scope.postMessage({ type: "failed", error: toWire(thrown) });
  }
}
