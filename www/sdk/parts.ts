// Bytes on their way into Blobs, which the browser may keep on disk: exports, and parts of files.

import type { PartsTaker } from "./engine.ts";
import type { WireError } from "./errors.ts";
import type { PartMessage } from "./protocol.ts";

/** Bytes that are gathered before they become a Blob. */
const PART_BYTES = 32 << 20;

/** Bytes on their way into one Blob. */
export class Parts {
  size = 0;
  #recent: Uint8Array[] = [];
  #recentBytes = 0;
  readonly #blobs: Blob[] = [];

  push(bytes: Uint8Array): void {
    this.#recent.push(bytes);
    this.#recentBytes += bytes.byteLength;
    this.size += bytes.byteLength;
    if (this.#recentBytes >= PART_BYTES) this.#flush();
  }

  blob(type: string): Blob {
    this.#flush();
    return new Blob(this.#blobs, { type });
  }

  #flush(): void {
    if (this.#recent.length > 0) this.#blobs.push(new Blob(this.#recent as BlobPart[]));
    this.#recent = [];
    this.#recentBytes = 0;
  }
}

/** The parts of one file, as they come out of it. */
export class PartsOfFile implements PartsTaker {
  readonly all: PartMessage[] = [];
  #name = "";
  #hidden = false;
  #bytes = new Parts();

  begin(name: string, hidden: boolean): void {
    this.#name = name;
    this.#hidden = hidden;
    this.#bytes = new Parts();
  }

  bytes(bytes: Uint8Array): void {
    this.#bytes.push(bytes);
  }

  end(problem: WireError | undefined): void {
    const blob = problem === undefined ? this.#bytes.blob("") : new Blob();
    this.all.push({ name: this.#name, blob, hidden: this.#hidden, ...(problem && { problem }) });
    this.#bytes = new Parts();
  }
}
