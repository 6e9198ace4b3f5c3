// How Chromium is started for tests and measurements: `CHROME` names it, else Playwright's own.
// The switches keep it from calling home, so that a counted request is a request of the page.

/** @returns {{ executablePath?: string, args: string[] }} */
export function chromiumOptions() {
  const path = process.env["CHROME"];
  return {
    ...(path ? { executablePath: path } : {}),
    args: [
      // The sandbox cannot be set up by root, as in most containers.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  };
}
