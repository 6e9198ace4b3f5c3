// SHA-256 of a source, beside the engine's work wherever the platform can do that.

import type { EngineModule } from "./engine.ts";
import { ChunkReader, unreadable } from "./reader.ts";

/** Up to here the platform hashes a source in one piece, for which it has to be in memory. */
const ONE_PIECE_BYTES = 512 << 20;

/**
 * The SHA-256 of a Blob in lower-case hexadecimal.
 *
 * `crypto.subtle` is several times faster than WebAssembly and works on another thread, but it
 * takes only whole buffers and is missing on plain-http pages; there the engine hashes in pieces.
 */
export async function sha256(blob: Blob, name: string, Hasher: EngineModule["Sha256"]): Promise<string> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined || blob.size > ONE_PIECE_BYTES) return inPieces(blob, name, Hasher);
  const bytes = await blob.arrayBuffer().catch((thrown: unknown) => {
    throw unreadable(name, thrown);
  });
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function inPieces(blob: Blob, name: string, Hasher: EngineModule["Sha256"]): Promise<string> {
  const reader = new ChunkReader(blob, name);
  const hasher = new Hasher();
  for (let offset = 0; ; ) {
    const bytes = await reader.read(offset);
    if (bytes.byteLength === 0) {
      reader.close();
      return hasher.finish();
    }
    hasher.update(bytes);
    offset += bytes.byteLength;
  }
}
