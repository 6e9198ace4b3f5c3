// What `cargo xtask test` prepares for the end-to-end tests, read in one place.
function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: run the tests with \`cargo xtask test --only e2e\``);
  }
  return value;
}

/** Address of the served page, `http://127.0.0.1:PORT/`, with the shipped policy as a header. */
export const url = () => required("CROSSFOOT_URL");

/** Path of the native command, to compare the page with. */
export const command = () => required("CROSSFOOT_BIN");

/** A folder with the demo month (seed 7) and, from the native command, its `result.json`. */
export const demo = () => required("CROSSFOOT_DEMO");

/** A file with one line `METHOD PATH` for each request that reached the page's server. */
export const accessLog = () => required("CROSSFOOT_ACCESS_LOG");
