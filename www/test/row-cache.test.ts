import { expect, it, vi } from "vitest";
import { PAGE, RowCache } from "../app/grid/row-cache.ts";

const settled = () => new Promise((resolve) => setTimeout(resolve));

function numbers(total: number) {
  const asked: number[] = [];
  const fetch = vi.fn(async (offset: number, limit: number) => {
    asked.push(offset / PAGE);
    return Array.from({ length: Math.min(limit, total - offset) }, (_, index) => offset + index);
  });
  return { asked, fetch };
}

it("fetches whole pages, once", async () => {
  const { asked, fetch } = numbers(1000);
  const arrived = vi.fn();
  const cache = new RowCache(fetch, arrived, () => undefined);
  expect(cache.row(0)).toBeUndefined();
  cache.want(0, 30);
  cache.want(0, 30);
  await settled();
  expect(asked).toEqual([0]);
  expect(arrived).toHaveBeenCalledTimes(1);
  expect(cache.row(PAGE - 1)).toBe(PAGE - 1);
  cache.want(10, 40);
  await settled();
  expect(asked).toEqual([0]);
});

it("drops wishes that a newer one has overtaken", async () => {
  const { asked, fetch } = numbers(1_000_000);
  const cache = new RowCache(fetch, () => undefined, () => undefined);
  // A drag of the bar: only the two pages that were already on the way and the last wish are fetched.
  for (let page = 0; page < 50; page += 1) cache.want(page * PAGE, page * PAGE + 10);
  await settled();
  await settled();
  expect(asked).toEqual([0, 1, 49]);
});

it("keeps few pages", async () => {
  const { fetch } = numbers(1_000_000);
  const cache = new RowCache(fetch, () => undefined, () => undefined);
  for (let page = 0; page < 60; page += 1) {
    cache.want(page * PAGE, page * PAGE + 1);
    await settled();
  }
  const kept = Array.from({ length: 60 }, (_, page) => cache.row(page * PAGE)).filter((row) => row !== undefined);
  expect(kept.length).toBeLessThan(30);
  expect(cache.row(59 * PAGE)).toBe(59 * PAGE);
});

it("reports a failure and asks again with the next wish", async () => {
  const failed = vi.fn();
  let calls = 0;
  const cache = new RowCache(
    async () => {
      calls += 1;
      if (calls === 1) throw new Error("first");
      return ["row"];
    },
    () => undefined,
    failed,
  );
  cache.want(0, 1);
  await settled();
  expect(failed).toHaveBeenCalledTimes(1);
  cache.want(0, 1);
  await settled();
  expect(cache.row(0)).toBe("row");
});

it("forgets what arrives after it was closed", async () => {
  const arrived = vi.fn();
  const cache = new RowCache(async () => ["row"], arrived, () => undefined);
  cache.want(0, 1);
  cache.close();
  await settled();
  expect(arrived).not.toHaveBeenCalled();
  expect(cache.row(0)).toBeUndefined();
});
