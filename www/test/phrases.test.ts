// The engine's sentences in Chinese: each pattern is one that the engine writes, and none is lost.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inChinese, patternsOf } from "../app/phrases.ts";

const here = (path: string) => join(import.meta.dirname, "..", path);
const read = (path: string) => readFileSync(here(path), "utf8");

function messages(source: string): [key: string, values: string][] {
  return [...source.matchAll(/^([a-z][\w-]*) = (.*)$/gm)].map(([, key = "", text = ""]) => [
    key,
    [...new Set([...text.matchAll(/\$(\w+)/g)].map(([, name = ""]) => name))].sort().join(" "),
  ]);
}

describe("the engine's sentences", () => {
  it("have the same keys and values in both languages", () => {
    expect(messages(read("locales/phrases.zh-Hans.ftl"))).toEqual(messages(read("locales/phrases.en.ftl")));
  });

  it("are those that the engine writes", () => {
    const folder = here("../src");
    const sources = (readdirSync(folder, { recursive: true }) as string[])
      .filter((name) => name.endsWith(".rs"))
      .map((name) => readFileSync(join(folder, name), "utf8").replace(/\\\n\s*/g, ""))
      .join("\n");
    const gone = [...read("locales/phrases.en.ftl").matchAll(/^([a-z][\w-]*) = (.*)$/gm)].filter(([, , text = ""]) => {
      // What stands between values; an error's message and its remedy are joined by "; ".
      const parts = text.split(/\{ \$\w+ \}|; /).map((part) => part.trim()).filter((part) => part.length > 3);
      return !parts.every((part) => sources.includes(part.replace(/^[:“”, ]+|[:“”, ]+$/g, "")));
    });
    expect(gone.map(([, key]) => key), "change locales/phrases.*.ftl with the engine's words").toEqual([]);
  });

  it.each([
    ["as-of date", "截至日期"],
    [
      "column Total: “12.345” has 3 decimals, but this column can have 2; correct the amount; if the file really counts finer, state that in its mapping",
      "列 Total：“12.345”有 3 位小数，但此列最多 2 位；请更正金额，若文件确实更精细，请在列的对应中说明",
    ],
    [
      "the word is in no vocabulary; the row keeps its amount and is compared with no order; 3 rows, the first is 17",
      "词汇表中没有这个词；该行保留金额，不与任何订单比较；共 3 行，首行为第 17 行",
    ],
    ["a sentence that nobody knows", "a sentence that nobody knows"],
  ])("%s", (english, chinese) => {
    expect(inChinese(english)).toBe(chinese);
  });

  it("a value may hold anything, also what a pattern's own signs look like", () => {
    const shapes = patternsOf("one = column { $column } (a+b)");
    expect(shapes[0]?.shape.exec("column x.* (a+b)")?.groups?.["column"]).toBe("x.*");
    expect(shapes[0]?.shape.exec("column x (aab)")).toBeNull();
  });
});
