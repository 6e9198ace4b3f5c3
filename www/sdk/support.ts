// Decides whether the engine can run here. Synchronous, and harmless where there is no browser.

import type { Support } from "./types.ts";

// (module (func (result v128) i32.const 0 i8x16.splat))
const SIMD_MODULE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
];
const EMPTY_MODULE = SIMD_MODULE.slice(0, 8);

/** What `checkSupport` asks of its surroundings; tests pass their own. */
export interface Surroundings {
  readonly WebAssembly?: Pick<typeof WebAssembly, "validate" | "Module"> | undefined;
  readonly Worker?: unknown;
  readonly Blob?: { readonly prototype: object } | undefined;
  readonly MessageChannel?: unknown;
}

/** Whether the engine can run, and if not, what is missing in plain words. */
export function checkSupport(here: Surroundings = globalThis): Support {
  const missing: string[] = [];
  if (here.WebAssembly === undefined) {
    missing.push("WebAssembly is missing or switched off (for example by Lockdown Mode).");
  } else {
    if (!here.WebAssembly.validate(new Uint8Array(SIMD_MODULE))) {
      missing.push("WebAssembly SIMD is missing: use Chrome 91, Firefox 89, Safari 16.4, Node 20 or newer.");
    }
    if (!mayCompile(here.WebAssembly)) {
      missing.push("The page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to script-src.");
    }
  }
  if (here.Worker === undefined) missing.push("Web Workers are missing.");
  if (here.Blob === undefined || !("stream" in here.Blob.prototype)) {
    missing.push("Blob.stream is missing: use a browser of 2021 or newer.");
  }
  if (here.MessageChannel === undefined) missing.push("MessageChannel is missing.");
  return { supported: missing.length === 0, missing };
}

/** Compiling, unlike validating, is subject to the page's policy. */
function mayCompile(wasm: Pick<typeof WebAssembly, "Module">): boolean {
  try {
    return new wasm.Module(new Uint8Array(EMPTY_MODULE)) !== null;
  } catch {
    return false;
  }
}
