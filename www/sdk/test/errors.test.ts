import { describe, expect, it } from "vitest";
import {
  ConfigError, EngineCrashedError, IngestError, LimitError, LoadError, ReconcileError, fromWire, toWire,
} from "../errors.ts";

describe("errors", () => {
  it.each([
    ["config/unknown-field", ConfigError],
    ["query/limit", ConfigError],
    ["ingest/unreadable", IngestError],
    ["limit/rows", LimitError],
    ["load/csp", LoadError],
    ["engine/crashed", EngineCrashedError],
    ["engine/disposed", ReconcileError],
    ["run/released", ReconcileError],
    ["configuration", ReconcileError],
  ])("a code decides the class: %s", (code, type) => {
    const error = fromWire({ code, message: "what happened" });
    expect(error.constructor).toBe(type);
    expect(error.name).toBe(type.name);
    expect(error).toBeInstanceOf(ReconcileError);
    expect(error).toBeInstanceOf(Error);
  });

  it("crosses a structured clone with every field", () => {
    const wire = {
      code: "ingest/bad-amount", message: "12.345 is no amount in USD", remedy: "Correct the cell.",
      args: { value: "12.345" }, source: "mfs.csv", line: 8, column: "amount",
    };
    const error = fromWire(structuredClone(toWire(fromWire(wire))));
    expect(error).toMatchObject({
      code: wire.code, message: wire.message, remedy: wire.remedy, details: wire.args,
      source: "mfs.csv", line: 8, column: "amount",
    });
  });

  it("keeps the path of a configuration error and leaves out what is not there", () => {
    const wire = toWire(fromWire({ code: "config/bad-date", message: "no date", path: "as_of" }));
    expect(wire).toMatchObject({ path: "as_of" });
    expect("line" in wire).toBe(false);
  });

  it("wraps what is not ours, and never loses its message", () => {
    expect(toWire(new TypeError("x is not a function"))).toEqual({
      code: "engine/internal", message: "x is not a function",
    });
    expect(toWire("just text")).toEqual({ code: "engine/internal", message: "just text" });
    // A DOMException has a numeric `code`, which is none of ours.
    expect(toWire(new DOMException("gone", "NotFoundError")).code).toBe("engine/internal");
  });
});
