// Reads a Blob in chunks, one ahead, so that the engine never waits for the disk.

import { ReconcileError } from "./errors.ts";

/** Bytes per chunk. Larger ones only make progress and cancelling coarser. */
export const CHUNK_BYTES = 1 << 20;

/** A Blob read from some offset on, mostly forwards. */
export class ChunkReader {
  readonly #blob: Blob;
  readonly #name: string;
  #ahead: { offset: number; bytes: Promise<ArrayBuffer> } | undefined;

  constructor(blob: Blob, name: string) {
    this.#blob = blob;
    this.#name = name;
  }

  /** The chunk at `offset`; empty at the end. */
  async read(offset: number): Promise<Uint8Array> {
    const ahead = this.#ahead?.offset === offset ? this.#ahead.bytes : this.#fetch(offset);
    const bytes = await ahead.catch((thrown: unknown) => {
      throw unreadable(this.#name, thrown);
    });
    const next = offset + bytes.byteLength;
    this.#ahead = next < this.#blob.size ? { offset: next, bytes: this.#fetch(next) } : undefined;
    return new Uint8Array(bytes);
  }

  #fetch(offset: number): Promise<ArrayBuffer> {
    const bytes = this.#blob.slice(offset, offset + CHUNK_BYTES).arrayBuffer();
    bytes.catch(() => undefined); // reported when it is read; never as an unhandled rejection
    return bytes;
  }
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
