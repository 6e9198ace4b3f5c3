/**
 * Builds the page: plain files for any static host, with the engine and its worker inlined.
 *
 * Under `connect-src 'none'` a page cannot fetch a wasm, and a same-origin worker file would escape the page's policy,
 * so both travel as text inside a script module:
 *   import wasm from "../pkg/crossfoot_bg.wasm?gzip64"   base64 of the gzipped bytes
 *   import worker from "./worker.ts?iife"                the bundled worker as the text of one classic script
 */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build as bundle } from "esbuild";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Modules named `PATH?SUFFIX` whose text is made from the file at PATH. */
function asText(suffix: string, make: (path: string, watch: (path: string) => void) => Promise<string>): Plugin {
  return {
    name: `crossfoot:${suffix}`,
    enforce: "pre",
    resolveId(source, importer) {
      if (!source.endsWith(`?${suffix}`) || !importer) return null;
      return resolve(dirname(importer), source);
    },
    async load(id) {
      if (!id.endsWith(`?${suffix}`)) return null;
      const path = id.slice(0, -suffix.length - 1);
      return `export default ${JSON.stringify(await make(path, (read) => this.addWatchFile(read)))};`;
    },
  };
}

/** No larger than the plain file once the page itself is gzipped. */
async function gzip64(path: string, watch: (path: string) => void): Promise<string> {
  watch(path);
  const bytes = await readFile(path).catch(() => {
    throw new Error(`${path} is missing: build the engine first with \`cargo xtask build\``);
  });
  return gzipSync(bytes, { level: 9 }).toString("base64");
}

/** A classic script: from file:// browsers refuse module workers. */
async function iife(path: string, watch: (path: string) => void): Promise<string> {
  const built = await bundle({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minify: true,
    metafile: true,
    legalComments: "none",
    // The generated bindings know a URL of their own, which is used only where no module is handed over.
    define: { "import.meta.url": '"about:blank"' },
  });
  for (const input of Object.keys(built.metafile.inputs)) watch(resolve(input));
  return built.outputFiles[0]?.text ?? "";
}

/** The shipped policy inside the page itself, for hosts that send no headers. */
function policy(): Plugin {
  return {
    name: "crossfoot:policy",
    apply: "build",
    async transformIndexHtml() {
      const file = new URL("../pkg-config/csp.json", import.meta.url);
      const { page } = JSON.parse(await readFile(file, "utf8")) as { page: string[] };
      const attrs = { "http-equiv": "Content-Security-Policy", content: page.join("; ") };
      return [{ tag: "meta", attrs, injectTo: "head-prepend" }];
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [asText("gzip64", gzip64), asText("iife", iife), policy()],
  build: {
    target: ["chrome111", "firefox114", "safari16.4"],
    // Vite's preloading fetches, which the page's policy forbids.
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
  test: { include: ["test/**/*.test.ts", "sdk/**/*.test.ts"], environment: "node" },
});
