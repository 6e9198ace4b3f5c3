/** What the build's own import suffixes give; see vite.config.ts. */
declare module "*?gzip64" {
  const base64: string;
  export default base64;
}

declare module "*?iife" {
  const script: string;
  export default script;
}
