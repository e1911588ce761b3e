// Build the viewer into dist/viewer, where the server finds it.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  // the public entry, which environments import, can load it in Node
  resolve: { alias: { "onnxruntime-node": fileURLToPath(new URL("no-native-engine.ts", import.meta.url)) } },
  // the simulation and the engine: loaded when somebody continues an episode or asks for reasons. One classic script, so
  // that a saved page can hold it: a page opened from disk may start no module
  worker: {
    format: "iife",
    rolldownOptions: { output: { codeSplitting: false }, checks: { pluginTimings: false } },
  },
  build: {
    outDir: "../dist/viewer",
    emptyOutDir: true,
    chunkSizeWarningLimit: 1500,
    // the worker takes most of the time and always will: no news
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
