/** Decides how a view of the run becomes a list that the grid can page through. */
import type { IndexQuery, Run, ViewName, Views } from "../../sdk/types.ts";
import type { FetchRows } from "../grid/row-cache.ts";
import { PAGE } from "../grid/row-cache.ts";

export interface List<R> {
  readonly total: number;
  readonly fetchRows: FetchRows<R>;
}

/** Opens a list with its first page at hand, so that the count and the first rows appear together. */
export async function openList<V extends ViewName>(run: Run, view: V, query: IndexQuery): Promise<List<Views[V]>> {
  const first = await run.page(view, { ...query, offset: 0, limit: PAGE });
  return {
    total: first.total,
    async fetchRows(offset, limit) {
      if (offset === 0 && limit === PAGE) return first.rows;
      return (await run.page(view, { ...query, offset, limit })).rows;
    },
  };
}
