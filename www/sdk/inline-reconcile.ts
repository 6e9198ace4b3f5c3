// The second part of the engine as text, in a script of its own: what reads files to their end and reconciles.
export { default } from "../pkg/reconcile.wasm?gzip64";
