import { describe, expect, it } from "vitest";
import { type Surroundings, checkSupport } from "../support.ts";

const whole: Surroundings = { WebAssembly, Blob, MessageChannel, Worker: true };
const forbidden = {
  validate: WebAssembly.validate,
  Module: class {
    constructor() {
      throw new WebAssembly.CompileError("violates Content Security Policy");
    }
  } as unknown as typeof WebAssembly.Module,
};
const withoutSimd = { validate: () => false, Module: WebAssembly.Module };

describe("checkSupport", () => {
  it("finds nothing missing where the engine runs", () => {
    expect(checkSupport(whole)).toEqual({ supported: true, missing: [] });
  });

  it.each<[string, Surroundings, RegExp]>([
    ["WebAssembly", { ...whole, WebAssembly: undefined }, /WebAssembly is missing/],
    ["SIMD", { ...whole, WebAssembly: withoutSimd }, /SIMD/],
    ["the policy", { ...whole, WebAssembly: forbidden }, /'wasm-unsafe-eval'/],
    ["workers", { ...whole, Worker: undefined }, /Workers/],
    ["Blob.stream", { ...whole, Blob: { prototype: {} } }, /Blob/],
  ])("says what is missing: %s", (_, here, sentence) => {
    const { supported, missing } = checkSupport(here);
    expect(supported).toBe(false);
    expect(missing).toHaveLength(1);
    expect(missing[0]).toMatch(sentence);
  });
});
