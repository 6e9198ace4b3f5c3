// Reads a Blob forwards, in chunks.

import { ReconcileError } from "./errors.ts";

/** Most bytes in one chunk. Larger ones only make progress and cancelling coarser. */
export const CHUNK_BYTES = 1 << 20;

/** What comes of a stream, one after the other. */
interface Pieces {
  /** The next bytes; nothing at the end. */
  next(): Promise<Uint8Array | undefined>;
  cancel(): Promise<void>;
}

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
  #pieces: Pieces | undefined;
  #offset = 0;

  constructor(blob: Blob, name: string) {
    this.#blob = blob;
    this.#name = name;
  }

  /** The next bytes from `offset` on, empty at the end; what the call before gave is then no longer valid. */
  async read(offset: number): Promise<Uint8Array> {
    try {
      if (this.#offset !== offset) this.close();
      this.#pieces ??= piecesOf(this.#blob.slice(offset));
      const bytes = (await this.#pieces.next()) ?? new Uint8Array();
      if (bytes.byteLength === 0 && offset < this.#blob.size) throw new Error("it ends too early");
      this.#offset = offset + bytes.byteLength;
      return bytes;
    } catch (thrown) {
      this.close();
      throw unreadable(this.#name, thrown);
    }
  }

  /** Gives back what the platform has read ahead; reading may begin again. */
  close(): void {
    this.#pieces?.cancel().catch(() => undefined); // a stream that has failed has nothing to give back
    this.#pieces = undefined;
  }
}

/** Reads a Blob through one buffer where the platform can do that, else in pieces of its own. */
function piecesOf(blob: Blob): Pieces {
  const stream = blob.stream();
  let reader: ReadableStreamBYOBReader;
  try {
    reader = stream.getReader({ mode: "byob" });
  } catch {
    return cut(stream.getReader());
  }
  let buffer = new ArrayBuffer(Math.min(CHUNK_BYTES, Math.max(1, blob.size)));
  return {
    next: async () => {
      const { value } = await reader.read(new Uint8Array(buffer));
      if (value !== undefined) buffer = value.buffer as ArrayBuffer;
      return value === undefined || value.byteLength === 0 ? undefined : value;
    },
    cancel: () => reader.cancel(),
  };
}

/** The pieces of a platform, which may be of any size, as chunks. */
function cut(reader: ReadableStreamDefaultReader<Uint8Array>): Pieces {
  let rest = new Uint8Array();
  return {
    next: async () => {
      while (rest.byteLength === 0) {
        const { value } = await reader.read();
        if (value === undefined) return undefined;
        rest = value as Uint8Array<ArrayBuffer>;
      }
      const chunk = rest.subarray(0, CHUNK_BYTES);
      rest = rest.subarray(chunk.byteLength);
      return chunk;
    },
    cancel: () => reader.cancel(),
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
