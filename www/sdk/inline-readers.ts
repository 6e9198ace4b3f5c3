// The readers' WebAssembly as text, in a script of its own: the readers that few files need.
export { default } from "../pkg/readers_bg.wasm?gzip64";
