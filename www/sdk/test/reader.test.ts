import { describe, expect, it } from "vitest";
import { CHUNK_BYTES, ChunkReader } from "../reader.ts";
import { sha256 } from "../sha256.ts";

async function readAll(reader: ChunkReader): Promise<number[]> {
  const all: number[] = [];
  for (;;) {
    const bytes = await reader.read(all.length);
    if (bytes.byteLength === 0) return all;
    expect(bytes.byteLength).toBeLessThanOrEqual(CHUNK_BYTES);
    for (const byte of bytes) all.push(byte);
  }
}

/** A Blob whose stream cannot fill a buffer of the reader. */
function plain(blob: Blob): Blob {
  return {
    size: blob.size,
    slice: (offset: number) => plain(blob.slice(offset)),
    stream: () => {
      const pieces = blob.stream().getReader();
      return new ReadableStream({
        pull: async (controller) => {
          const { value } = await pieces.read();
          if (value === undefined) controller.close();
          else controller.enqueue(new Uint8Array()), controller.enqueue(value);
        },
      });
    },
  } as unknown as Blob;
}

describe.each([["a buffer of its own", (blob: Blob) => blob], ["the platform's pieces", plain]])(
  "a chunk reader with %s",
  (_name, wrap) => {
    it.each([0, 1, 65_536, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES + 77])("gives all of %i bytes", async (size) => {
      const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8)) % 251);
      expect(Buffer.from(await readAll(new ChunkReader(wrap(new Blob([bytes])), "a"))).equals(bytes)).toBe(true);
    });

    it("can go back to the start", async () => {
      const reader = new ChunkReader(wrap(new Blob(["abc"])), "a");
      await readAll(reader);
      expect(await reader.read(1)).toEqual(new TextEncoder().encode("bc"));
      expect(await reader.read(0)).toEqual(new TextEncoder().encode("abc"));
    });
  },
);

describe("a reader that is closed", () => {
  it.each([["bytes"], [undefined]] as const)("gives back a stream of %s, and can read again", async (type) => {
    let given = 0;
    const stream = () =>
      new ReadableStream({
        ...(type && { type }),
        pull: (controller: ReadableByteStreamController) => controller.enqueue(new Uint8Array([1, 2, 3])),
        cancel: () => { given += 1; },
      } as UnderlyingByteSource);
    const reader = new ChunkReader({ size: 9, slice: () => ({ size: 9, stream }) } as unknown as Blob, "a");
    expect(await reader.read(0)).toEqual(new Uint8Array([1, 2, 3]));
    reader.close();
    expect(given).toBe(1);
    expect(await reader.read(3)).toEqual(new Uint8Array([1, 2, 3]));
    expect(await reader.read(0)).toEqual(new Uint8Array([1, 2, 3]));
    expect(given).toBe(2);
  });
});

describe("a file that can no longer be read", () => {
  it.each([
    ["at once", () => { throw new Error("NotReadable"); }],
    ["because it became shorter", () => new Blob(["abc"]).slice(3).stream()],
    ["later", () => new ReadableStream({ pull: (controller) => controller.error(new Error("NotReadable")) })],
  ])("is named, %s", async (_when, stream) => {
    const gone = { size: 9, slice: () => ({ size: 9, stream }) };
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
