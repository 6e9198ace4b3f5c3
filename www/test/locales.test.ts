// Both catalogues say the same things with the same values, and the page asks for nothing that they lack.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { describe, expect, it } from "vitest";

const here = (path: string) => join(import.meta.dirname, "..", path);
const LOCALES = ["en", "zh-Hans"] as const;
/** The words of the page, and of the screen that is loaded later. */
const text = Object.fromEntries(LOCALES.map((code) => [
  code, ["", "check."].map((part) => readFileSync(here(`locales/${part}${code}.ftl`), "utf8")).join("\n"),
]));

/** key → the variables of its message */
function messages(source: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, key = "", body = ""] of source.matchAll(/^([a-zA-Z][\w-]*) =(.*(?:\n[ }].*)*)/gm)) {
    expect(found.has(key), `${key} stands twice`).toBe(false);
    found.set(key, [...new Set([...body.matchAll(/\$(\w+)/g)].map(([, name = ""]) => name))].sort());
  }
  return found;
}

const en = messages(text["en"] ?? "");
const zh = messages(text["zh-Hans"] ?? "");
const app = (readdirSync(here("app"), { recursive: true }) as string[])
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(here(join("app", name)), "utf8"))
  .join("\n");

describe("the catalogues", () => {
  it("have the same keys", () => {
    expect([...zh.keys()]).toEqual([...en.keys()]);
  });

  it("use the same values in each message", () => {
    for (const [key, values] of en) expect(zh.get(key), key).toEqual(values);
  });

  it("are well-formed and say something under every key", () => {
    for (const code of LOCALES) {
      const bundle = new FluentBundle(code, { useIsolating: false });
      const errors = bundle.addResource(new FluentResource(text[code] ?? ""));
      expect(errors).toEqual([]);
      for (const [key, values] of en) {
        const pattern = bundle.getMessage(key)?.value;
        const problems: Error[] = [];
        const said = pattern ? bundle.formatPattern(pattern, Object.fromEntries(values.map((name) => [name, "7"])), problems) : "";
        expect(said.trim(), `${code}: ${key}`).not.toBe("");
        expect(problems, `${code}: ${key}`).toEqual([]);
      }
    }
  });

  it("have every key that the page asks for by name", () => {
    const asked = [...app.matchAll(/\bt(?:Or)?\(([^`();]*)/g)].flatMap(([, args = ""]) =>
      [...args.matchAll(/(?:^|[?:]\s*)"([a-zA-Z][\w-]*)"/g)].map(([, key = ""]) => key));
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((key) => !en.has(key))).toEqual([]);
  });

  it("have no key that nothing asks for", () => {
    const prefixes = [...app.matchAll(/`([a-z]+-)\$\{/g)].map(([, prefix = ""]) => prefix);
    const idle = [...en.keys()].filter((key) => !app.includes(`"${key}"`) && !prefixes.some((prefix) => key.startsWith(prefix)));
    expect(idle).toEqual([]);
  });
});

describe("the engine's problems", () => {
  const AREAS = "calendar|carry|config|engine|fees|fx|ingest|limit|load|money|query|rules|run|time";
  const chinese = messages(readFileSync(here("locales/problems.zh-Hans.ftl"), "utf8"));

  function* sources(folder: string): Generator<string> {
    for (const name of readdirSync(folder, { recursive: true }) as string[]) {
      if (/\.(rs|ts)$/.test(name) && !/test/.test(name)) yield readFileSync(join(folder, name), "utf8").split("#[cfg(test)]")[0] ?? "";
    }
  }

  it("all have their Chinese", () => {
    const codes = new Set<string>();
    for (const text of [...sources(here("../src")), ...sources(here("sdk"))]) {
      for (const [, code = ""] of text.matchAll(new RegExp(`"((?:${AREAS})/[a-z-]+)"`, "g"))) codes.add(code);
    }
    expect(codes.size).toBeGreaterThan(40);
    const missing = [...codes].filter((code) => !chinese.has(code.replace("/", "-"))).sort();
    expect(missing, "add them to locales/problems.zh-Hans.ftl").toEqual([]);
  });

  it("are well-formed", () => {
    for (const code of LOCALES) {
      const bundle = new FluentBundle(code);
      expect(bundle.addResource(new FluentResource(readFileSync(here(`locales/problems.${code}.ftl`), "utf8")))).toEqual([]);
    }
  });
});
