// What the page's own code must never do: reach out, or turn text into markup.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const app = join(import.meta.dirname, "..", "app");
const files = (readdirSync(app, { recursive: true }) as string[])
  .filter((name) => /\.(ts|css)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(app, name), "utf8") }));

const FORBIDDEN: readonly (readonly [what: string, shape: RegExp])[] = [
  ["markup from text", /\b(unsafeHTML|unsafeSVG|innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b/],
  ["code from text", /\beval\(|\bnew Function\b/],
  ["a request", /\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|RTCPeerConnection|serviceWorker/],
  ["leaving the page", /window\.open|location\.(href|assign|replace)\b|location\s*=[^=]/],
  ["a style attribute, which the policy blocks", /<[a-z][^>`]*\sstyle=/],
  ["an address outside", /\b(src|href|url\()=?["'(]?https?:/],
];

describe("the page's code", () => {
  it("is there to be looked at", () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it.each(FORBIDDEN)("has nothing like %s", (_what, shape) => {
    expect(files.filter(({ text }) => shape.test(text)).map(({ name }) => name)).toEqual([]);
  });

  it("keeps each file to one noun: under 500 lines", () => {
    expect(files.filter(({ text }) => text.split("\n").length > 500).map(({ name }) => name)).toEqual([]);
  });

  it("says in its first lines what each module decides or shows", () => {
    const silent = files.filter(({ name, text }) => name.endsWith(".ts") && !text.startsWith("/**"));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

it.each([
  "el.innerHTML = text", "const x = eval(text)", "await fetch(url)", "window.open(url)", "location.href = url",
  'html`<div style="color: red">`',
])("the rules above would catch: %s", (bad) => {
  expect(FORBIDDEN.some(([, shape]) => shape.test(bad))).toBe(true);
});
