// Where the WebAssembly comes from, and how it is compiled: in the worker, or in Node's own thread.

import { LoadError } from "./errors.ts";
import type { WasmOrigin } from "./protocol.ts";
import type { CreateOptions } from "./types.ts";

/** What the caller brought, else what `otherwise` names. */
export async function originOf(
  wasm: CreateOptions["wasm"], otherwise: () => WasmOrigin | Promise<WasmOrigin>,
): Promise<WasmOrigin> {
  if (wasm === undefined) return otherwise();
  if (wasm instanceof WebAssembly.Module) return { kind: "module", module: wasm };
  if (wasm instanceof ArrayBuffer || ArrayBuffer.isView(wasm)) return { kind: "bytes", bytes: wasm };
  const response = await wasm;
  return { kind: "bytes", bytes: await response.arrayBuffer() };
}

/** The compiled engine, or a `LoadError` that says what is wrong with the file or its server. */
export async function compile(origin: WasmOrigin): Promise<WebAssembly.Module> {
  if (origin.kind === "module") return origin.module;
  const bytes = await bytesOf(origin);
  refuseOther(new Uint8Array(bytes, 0, Math.min(4, bytes.byteLength)), origin);
  try {
    return await WebAssembly.compile(bytes);
  } catch (thrown) {
    throw notCompiled(thrown);
  }
}

function bytesOf(origin: Exclude<WasmOrigin, { kind: "module" }>): Promise<ArrayBuffer> {
  switch (origin.kind) {
    case "url": return download(origin.url);
    case "gzip64": return inflate(origin.text);
    case "bytes": return new Blob([origin.bytes as BlobPart]).arrayBuffer();
  }
}

async function download(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url).catch((thrown: unknown) => {
    throw new LoadError({
      code: "load/wasm-fetch",
      message: `The WebAssembly at ${url} could not be fetched: ${String(thrown)}`,
      remedy: "Serve the file from this origin and allow it in connect-src, or use crossfoot/inline.",
    });
  });
  if (!response.ok) {
    throw new LoadError({
      code: "load/wasm-fetch",
      message: `The server answered ${response.status} for ${url}.`,
      remedy: "Copy the package's .wasm files beside the script, or pass their addresses as wasmUrl, reconcileUrl and readersUrl.",
    });
  }
  return response.arrayBuffer();
}

/** Decoded here and not in the page, which would be still for as long as it takes. */
function inflate(gzipBase64: string): Promise<ArrayBuffer> {
  const letters = atob(gzipBase64);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = letters.charCodeAt(at);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** Many servers answer every unknown address with their start page. */
function refuseOther(head: Uint8Array, origin: WasmOrigin): void {
  if (head[0] === 0 && head[1] === 0x61 && head[2] === 0x73 && head[3] === 0x6d) return;
  const what = head[0] === 0x3c ? "a web page" : "something else";
  const where = origin.kind === "url" ? ` at ${origin.url}` : "";
  throw new LoadError({
    code: "load/not-wasm",
    message: `Expected WebAssembly${where} and found ${what}.`,
    remedy: "The address is wrong: pass wasmUrl (with Vite 7 or older in dev: `import u from \"crossfoot/crossfoot.wasm?url\"`).",
  });
}

function notCompiled(thrown: unknown): LoadError {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  const policy = /content security policy|unsafe-eval/i.test(why);
  return new LoadError({
    code: policy ? "load/csp" : "load/compile",
    message: `The browser refused the WebAssembly: ${why}`,
    remedy: policy
      ? "Add 'wasm-unsafe-eval' to script-src in the Content-Security-Policy of the page and of worker.js."
      : "Use Chrome 91, Firefox 89, Safari 16.4 or newer.",
  });
}
