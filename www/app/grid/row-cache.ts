/** Decides which pages of rows are kept and asked for: few, whole, the newest wish first. */

/** Rows in one page; the engine gives at most 500. */
export const PAGE = 200;
const KEPT_PAGES = 24;
const IN_FLIGHT = 2;

/** Gives rows `offset` up to `offset + limit`; fewer only at the end of the list. */
export type FetchRows<R> = (offset: number, limit: number) => Promise<readonly R[]>;

export class RowCache<R> {
  readonly #pages = new Map<number, readonly R[]>();
  readonly #flying = new Set<number>();
  readonly #ask: FetchRows<R>;
  readonly #arrived: () => void;
  readonly #failed: (reason: unknown) => void;
  #wanted: number[] = [];
  #closed = false;

  constructor(ask: FetchRows<R>, arrived: () => void, failed: (reason: unknown) => void) {
    this.#ask = ask;
    this.#arrived = arrived;
    this.#failed = failed;
  }

  /** The row, or undefined while its page is on the way. */
  row(index: number): R | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Asks for the pages of rows `first` up to `end`; earlier wishes that have not started are dropped. */
  want(first: number, end: number): void {
    this.#wanted = [];
    for (let page = Math.floor(first / PAGE); page * PAGE < end; page += 1) {
      const kept = this.#pages.get(page);
      if (kept) {
        this.#touch(page, kept);
      } else if (!this.#flying.has(page)) {
        this.#wanted.push(page);
      }
    }
    this.#pump();
  }

  /** Ends the cache: what is still on the way is dropped on arrival. */
  close(): void {
    this.#closed = true;
    this.#wanted = [];
  }

  #pump(): void {
    while (this.#flying.size < IN_FLIGHT && this.#wanted.length > 0) {
      const page = this.#wanted.shift();
      if (page === undefined) return;
      this.#flying.add(page);
      void this.#load(page);
    }
  }

  async #load(page: number): Promise<void> {
    try {
      const rows = await this.#ask(page * PAGE, PAGE);
      if (this.#closed) return;
      this.#touch(page, rows);
      this.#arrived();
    } catch (reason) {
      if (!this.#closed) this.#failed(reason);
    } finally {
      this.#flying.delete(page);
      if (!this.#closed) this.#pump();
    }
  }

  #touch(page: number, rows: readonly R[]): void {
    this.#pages.delete(page);
    this.#pages.set(page, rows);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT_PAGES) break;
      this.#pages.delete(oldest);
    }
  }
}
