// The second WebAssembly module in this thread: instantiated when it is needed, forgotten when it has
// grown large or has crashed.

import * as module from "../pkg/readers.js";
import { compile } from "./compile.ts";
import type { ReadersModule } from "./engine.ts";
import type { WasmOrigin } from "./protocol.ts";

let started = false;

/** Compiles and starts the readers. In Node all reconcilers share the instance; no call leaves anything in it. */
export async function loadReaders(wasm: WasmOrigin): Promise<ReadersModule> {
  module.initSync({ module: await compile(wasm) });
  // The instance that is there may have crashed.
  if (started) module.__wbg_reset_state();
  started = true;
  return {
    unpack: (name, bytes, password, parts) => module.unpack(name, bytes, password, parts),
    Demo: module.Demo,
    takePanic: () => module.takePanic(),
    memoryBytes: () => module.memoryBytes(),
    reset: () => module.__wbg_reset_state(),
  };
}
