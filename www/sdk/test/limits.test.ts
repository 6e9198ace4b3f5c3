import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HEAD_BYTES, PACKED_BYTES } from "../host.ts";

const limits = readFileSync(join(import.meta.dirname, "..", "..", "..", "src", "limits.rs"), "utf8");

/** What the engine has under this name, which it writes as `a << b`. */
function engines(name: string): number {
  const [, a, b] = new RegExp(`${name}: \\w+ = (\\d+) << (\\d+);`).exec(limits) ?? [];
  return Number(a) * 2 ** Number(b);
}

describe("a limit that the engine and its host both need", () => {
  it.each([
    ["HEAD_BYTES", HEAD_BYTES],
    ["PACKED_BYTES", PACKED_BYTES],
  ])("%s is the same in both", (name, bytes) => expect(bytes).toBe(engines(name)));
});
