// What a mapping is made of: a guess, the answers to its questions, and columns that a person chose.
//
// A mapping is plain JSON in the schema of a provider profile. It holds names of columns and words, never a row's values.

import type { Answer, FormatGuess, Mapping } from "./types.ts";

/** What `SourceOptions.mapping` takes for a guess with answers to the questions that reading by it left open. */
export function withAnswers(guess: Mapping | Pick<FormatGuess, "mapping">, answers: readonly Answer[]): Mapping {
  const mapping = "mapping" in guess && typeof guess.mapping === "string" ? (JSON.parse(guess.mapping) as Mapping) : guess;
  return answers.reduce<Mapping>((made, { path, value }) => (CONFIRMED.has(path) ? made : put(made, steps(path), value)), mapping as Mapping);
}

/** Questions that a mapping answers by being there: what was found is as it should be. */
const CONFIRMED = new Set(["", "fields"]);

/** The steps of a path; behind `words` stands one word, whatever is in it. */
function steps(path: string): readonly string[] {
  const words = /^(.+?\.words)\.(.+)$/s.exec(path);
  return words ? [...(words[1] ?? "").split("."), words[2] ?? ""] : path.split(".");
}

function put(into: Mapping, [first = "", ...rest]: readonly string[], value: string): Mapping {
  if (rest.length === 0) return { ...into, [first]: value };
  const inner = into[first];
  const rule = typeof inner === "object" && inner !== null && !Array.isArray(inner) ? inner : columnsOf(inner);
  return { ...into, [first]: put(rule as Mapping, rest, value) };
}

/** A rule may be written as its columns alone. */
function columnsOf(rule: unknown): Mapping {
  return typeof rule === "string" || Array.isArray(rule) ? { columns: rule } : {};
}
