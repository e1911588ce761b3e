// Files of a shared viewer: inside the page itself, or in the folder "data" beside it.

/** Reads one file by its path; rejects where there is none. */
export type FileReader = (path: string) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Return how this page reads its files, or undefined where a running armgym serves it.
 *
 * A page written by `armgym view --html` holds each file gzipped as base64 in a `<script data-file="PATH">`;
 * one written by `--folder` has `<meta name="armgym-data" content="data/">`. Both use the same paths:
 * `runs.json`, `RUN/metrics.json`, `RUN/policy.json`, `RUN/episodes/NAME` and `meshes/HASH.glb`; the page holds its own code as well,
 * `app/live.worker.js` and `app/engine.wasm`.
 */
export function staticFiles(): FileReader | undefined {
  if (isEmbedded()) return embeddedFile;
  const base = document.querySelector<HTMLMetaElement>("meta[name='armgym-data']")?.content;
  return base === undefined ? undefined : (path) => readBeside(base, path);
}

/** Whether the page holds its files itself. */
export function isEmbedded(): boolean {
  return document.querySelector("script[data-file]") !== null;
}

/** Read a file that the page holds; rejects where there is none. */
export async function embeddedFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const holder = [...document.querySelectorAll<HTMLElement>("script[data-file]")].find(
    ({ dataset }) => dataset.file === path,
  );
  if (!holder) throw new Error(`this page does not hold ${path}.`);
  const packed = Uint8Array.from(atob(holder.textContent ?? ""), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

async function readBeside(base: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const address = base + path.split("/").map(encodeURIComponent).join("/");
  const response = await fetch(address).catch(() => undefined);
  if (!response?.ok) {
    throw new Error(`${address} cannot be read. Serve the folder by a web server and keep it whole.`);
  }
  return new Uint8Array(await response.arrayBuffer());
}
