// End-to-end tests in a real Chromium, under the policy that is shipped. `cargo xtask test` sets
// the environment that e2e/environment.ts describes; without it, say so in place of guessing.
import { defineConfig } from "@playwright/test";
import { chromiumOptions } from "./e2e/chromium.mjs";

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  forbidOnly: Boolean(process.env["CI"]),
  retries: 0,
  workers: 1,
  timeout: 60_000,
  outputDir: "../target/e2e",
  use: {
    ...(process.env["CROSSFOOT_URL"] ? { baseURL: process.env["CROSSFOOT_URL"] } : {}),
    locale: "en-US",
    launchOptions: chromiumOptions(),
    trace: "off",
  },
});
