// The second part of the engine: code without a memory of its own, linked to the running first part.

import * as engine from "../pkg/crossfoot.js";
import { compile } from "./compile.ts";
import { LoadError } from "./errors.ts";
import type { SecondPart } from "./host.ts";
import type { WasmOrigin } from "./protocol.ts";

/** The section in which both parts name the build that they are of. */
const BUILD = "crossfoot-build";

/** The instance that has its second part; a fresh one, after a crash, has it not. */
let complete: unknown;

/** The second part of the engine that `first` is compiled from. In Node all reconcilers share the instance. */
export function secondPartOf(first: WebAssembly.Module): SecondPart {
  // It gives the running instance, and starts it only where there is none.
  const running = () => engine.initSync({ module: first });
  return {
    linked: () => complete === running(),
    async link(wasm: WasmOrigin): Promise<void> {
      const module = await compile(wasm);
      // Parts of two builds would take each other's memory for something else.
      if (buildOf(module) === "" || buildOf(module) !== buildOf(first)) throw ofTwoReleases();
      const instance = running();
      if (complete === instance) return;
      void new WebAssembly.Instance(module, { __wasm_split: { ...instance } });
      complete = instance;
    },
  };
}

function buildOf(module: WebAssembly.Module): string {
  return WebAssembly.Module.customSections(module, BUILD).map((bytes) => new TextDecoder().decode(bytes)).join();
}

function ofTwoReleases(): LoadError {
  return new LoadError({
    code: "load/version-skew",
    message: "crossfoot.wasm and reconcile.wasm are not of the same release.",
    remedy: "Serve both files from the same release, and reload without cache.",
  });
}
