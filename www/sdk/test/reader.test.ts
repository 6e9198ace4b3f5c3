import { describe, expect, it } from "vitest";
import { CHUNK_BYTES, ChunkReader } from "../reader.ts";
import { sha256 } from "../sha256.ts";

async function readAll(reader: ChunkReader): Promise<number[]> {
  const sizes: number[] = [];
  for (let offset = 0; ; ) {
    const bytes = await reader.read(offset);
    sizes.push(bytes.byteLength);
    if (bytes.byteLength === 0) return sizes;
    offset += bytes.byteLength;
  }
}

describe("a chunk reader", () => {
  it.each([
    [0, [0]],
    [1, [1, 0]],
    [CHUNK_BYTES, [CHUNK_BYTES, 0]],
    [CHUNK_BYTES + 1, [CHUNK_BYTES, 1, 0]],
  ])("cuts %i bytes into full chunks", async (size, expected) => {
    expect(await readAll(new ChunkReader(new Blob([new Uint8Array(size)]), "a"))).toEqual(expected);
  });

  it("can go back to the start", async () => {
    const reader = new ChunkReader(new Blob(["abc"]), "a");
    await readAll(reader);
    expect(await reader.read(1)).toEqual(new TextEncoder().encode("bc"));
    expect(await reader.read(0)).toEqual(new TextEncoder().encode("abc"));
  });

  it("names the file that can no longer be read", async () => {
    const gone = { size: 9, slice: () => ({ arrayBuffer: () => Promise.reject(new Error("NotReadable")) }) };
    const reader = new ChunkReader(gone as unknown as Blob, "mfs.csv");
    await expect(reader.read(0)).rejects.toMatchObject({ code: "ingest/unreadable", message: /mfs\.csv/ });
  });
});

describe("the hash of a source", () => {
  const Hasher = class {
    #seen = 0;
    update(bytes: Uint8Array) {
      this.#seen += bytes.byteLength;
    }
    finish() {
      return `in pieces: ${this.#seen}`;
    }
    free() {}
  };

  it("is SHA-256 in lower-case hexadecimal", async () => {
    expect(await sha256(new Blob([]), "a", Hasher)).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });

  it("is the engine's where the platform has none", async () => {
    const platform = Object.getOwnPropertyDescriptor(globalThis, "crypto");
    Object.defineProperty(globalThis, "crypto", { value: undefined, configurable: true });
    try {
      expect(await sha256(new Blob([new Uint8Array(CHUNK_BYTES + 5)]), "a", Hasher)).toBe("in pieces: 1048581");
    } finally {
      if (platform) Object.defineProperty(globalThis, "crypto", platform);
    }
  });
});
