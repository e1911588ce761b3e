// Where the worker's code comes from: a file beside the page, or the page itself.
import { embeddedFile, isEmbedded } from "../sources/static-files.js";

/** What a page written by `armgym view --html` holds besides its data. */
const WORKER = "app/live.worker.js";
const ENGINE = "app/engine.wasm";

/** Start the worker; `engine` is the WebAssembly that it cannot fetch where the page holds it. */
export async function startWorker(): Promise<{
  readonly worker: Worker;
  readonly engine?: Uint8Array<ArrayBuffer>;
}> {
  if (!isEmbedded()) return { worker: new Worker(new URL("./live.worker.ts", import.meta.url)) };
  // left out where the page holds no policy, which alone needs it
  const engine = await embeddedFile(ENGINE).catch(() => undefined);
  const code = new Blob([await embeddedFile(WORKER)], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(code));
  return engine ? { worker, engine } : { worker };
}
