// The long table: a million rows scroll smoothly, and the last one can be reached.
import { expect, open, test } from "./workbench.ts";
import type { Page } from "@playwright/test";

const MILLION = 1_000_000;

/** Puts the page's own table over the page, with a made-up million of rows behind it. */
async function showMillion(page: Page): Promise<void> {
  await page.evaluate((count) => {
    const grid = document.createElement("cf-grid") as HTMLElement & Record<string, unknown>;
    grid["columns"] = Array.from({ length: 8 }, (_, column) => ({
      key: `c${column}`, label: `Column ${column}`, width: 130, grow: 1, ...(column > 1 ? { align: "end" } : {}),
      cell: (row: number) => ({ text: column === 0 ? `#${row}` : `KES ${(row * 7 + column) % 99_991}.00` }),
    }));
    grid["count"] = count;
    grid["label"] = "A million rows";
    // As the engine answers: later, and in pages.
    grid["fetchRows"] = (offset: number, limit: number) =>
      new Promise((resolve) => setTimeout(() => resolve(Array.from({ length: Math.min(limit, count - offset) }, (_, index) => offset + index)), 5));
    const place = document.createElement("main");
    place.style.cssText = "position: fixed; inset: 0; z-index: 100";
    place.append(grid);
    document.body.replaceChildren(place);
  }, MILLION);
  await expect(page.getByRole("gridcell", { name: "#0", exact: true })).toBeVisible();
}

test("the last of a million rows is reached by bar, by key and by wheel", async ({ page }) => {
  await open(page);
  await showMillion(page);
  const grid = page.getByRole("grid", { name: "A million rows" });
  await expect(grid).toHaveAttribute("aria-rowcount", String(MILLION + 1));
  const last = page.getByRole("gridcell", { name: `#${MILLION - 1}`, exact: true });

  await grid.evaluate((view) => { view.scrollTop = view.scrollHeight; });
  await expect(last).toBeVisible();
  await expect(page.locator(`[role="row"][aria-rowindex="${MILLION + 1}"]`)).toBeVisible();

  await grid.evaluate((view) => { view.scrollTop = 0; });
  await page.getByRole("gridcell", { name: "#0", exact: true }).click();
  await page.keyboard.press("Control+End");
  await expect(last).toBeVisible();
  await page.keyboard.press("Control+Home");
  await expect(page.getByRole("gridcell", { name: "#0", exact: true })).toBeVisible();

  // One notch of the wheel moves the list by just that, although the bar is scaled.
  await grid.hover();
  await page.mouse.wheel(0, 360);
  await expect(page.getByRole("gridcell", { name: "#10", exact: true })).toBeVisible();
  const top = await grid.evaluate((view) => {
    const head = view.querySelector(".head") as HTMLElement;
    return (view.getRootNode() as ShadowRoot).elementFromPoint(40, head.getBoundingClientRect().bottom + 18)?.textContent;
  });
  expect(top).toBe("#10");
});

/** The 95th-percentile time between two frames over 60 of them, ms; each frame turns the wheel by so many px. */
async function p95Frame(page: Page, wheel: number): Promise<number> {
  const frames = await page.getByRole("grid").evaluate(async (view, deltaY) => {
    const times: number[] = [];
    let before = performance.now();
    for (let frame = 0; frame < 60; frame += 1) {
      if (deltaY > 0) view.dispatchEvent(new WheelEvent("wheel", { deltaY, bubbles: true, cancelable: true }));
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      times.push(now - before);
      before = now;
    }
    return times.sort((one, other) => one - other);
  }, wheel);
  return frames[Math.floor(frames.length * 0.95)] ?? Number.POSITIVE_INFINITY;
}

test("scrolling a million rows keeps 95 of 100 frames within 40 ms", async ({ page }) => {
  await page.setViewportSize({ width: 1400, height: 900 });
  await open(page);
  await showMillion(page);
  const rounds: { still: number; scrolling: number }[] = [];
  for (let round = 0; round < 2; round += 1) rounds.push({ still: await p95Frame(page, 0), scrolling: await p95Frame(page, 96) });
  const still = Math.min(...rounds.map((round) => round.still));
  const p95 = Math.min(...rounds.map((round) => round.scrolling));
  test.info().annotations.push({ type: "p95 frame, ms", description: p95.toFixed(1) });
  console.log(`p95 frame of 1,000,000 rows: ${p95.toFixed(1)} ms (page at rest: ${still.toFixed(1)} ms)`);
  // On a machine that is busy with other work even a page at rest misses its frames; the bound grows with that.
  expect(p95).toBeLessThanOrEqual(Math.max(40, 2.5 * still));
});
