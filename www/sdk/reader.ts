// Reads a Blob forwards, in chunks.

import { ReconcileError } from "./errors.ts";

/** Most bytes in one chunk. Larger ones only make progress and cancelling coarser. */
export const CHUNK_BYTES = 1 << 20;

/** Takes the next bytes of a stream; nothing at its end. */
type Pull = () => Promise<Uint8Array | undefined>;

/**
 * A Blob read from some offset on, mostly forwards.
 *
 * It streams: the platform fills its pipe while the engine works, and a chunk is then only copied. A slice for
 * each chunk would be read when its turn comes, 3 to 5 ms each, since its bytes arrive as messages to the same
 * thread that the engine keeps busy.
 */
export class ChunkReader {
  readonly #blob: Blob;
  readonly #name: string;
  #pull: Pull | undefined;
  #offset = 0;

  constructor(blob: Blob, name: string) {
    this.#blob = blob;
    this.#name = name;
  }

  /** The next bytes from `offset` on, empty at the end; what the call before gave is then no longer valid. */
  async read(offset: number): Promise<Uint8Array> {
    try {
      if (this.#pull === undefined || this.#offset !== offset) this.#pull = pullFrom(this.#blob.slice(offset));
      const bytes = (await this.#pull()) ?? new Uint8Array();
      if (bytes.byteLength === 0 && offset < this.#blob.size) throw new Error("it ends too early");
      this.#offset = offset + bytes.byteLength;
      return bytes;
    } catch (thrown) {
      this.#pull = undefined;
      throw unreadable(this.#name, thrown);
    }
  }
}

/** Pulls a Blob through one buffer where the platform can do that, else in chunks of its own. */
function pullFrom(blob: Blob): Pull {
  const stream = blob.stream();
  let reader: ReadableStreamBYOBReader;
  try {
    reader = stream.getReader({ mode: "byob" });
  } catch {
    const pieces = stream.getReader();
    let rest = new Uint8Array();
    return async () => {
      while (rest.byteLength === 0) {
        const { value } = await pieces.read();
        if (value === undefined) return undefined;
        rest = value;
      }
      const chunk = rest.subarray(0, CHUNK_BYTES);
      rest = rest.subarray(chunk.byteLength);
      return chunk;
    };
  }
  let buffer = new ArrayBuffer(Math.min(CHUNK_BYTES, Math.max(1, blob.size)));
  return async () => {
    const { value } = await reader.read(new Uint8Array(buffer));
    if (value !== undefined) buffer = value.buffer as ArrayBuffer;
    return value === undefined || value.byteLength === 0 ? undefined : value;
  };
}

/** A file that was moved, changed or whose permission ended since it was chosen. */
export function unreadable(name: string, thrown: unknown): Error {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new ReconcileError({
    code: "ingest/unreadable",
    message: `The file ${name} can no longer be read: ${why}`,
    remedy: "Choose the file again: it was moved or changed after it was chosen.",
    source: name,
  });
}
