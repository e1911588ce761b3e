// The viewer with its runs, written down: as one page, or as a folder for any web host.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { readMetrics } from "../log/metric-files.js";
import { UsageError } from "../math/usage-error.js";
import { atomicWrite } from "./atomic-write.js";
import { VIEWER_FOLDER } from "./view-server.js";
import { episodeFile, listTarget, metricsFile, type ViewTarget } from "./view-target.js";

/** What was written. */
interface Written {
  readonly path: string;
  readonly episodes: number;
  readonly bytes: number;
}

/** A file of the shared viewer; viewer/static-files.ts says which there are. */
type SharedFile = readonly [path: string, content: Uint8Array];

/** Write one page that holds the viewer, episodes, curves and exported policies; it asks nothing of any host. */
export async function exportHtml(target: ViewTarget, file: string): Promise<Written> {
  if (!/\.html?$/.test(file))
    throw new UsageError(`--html ${file} does not end in .html. For example: --html out.html`);
  const { files, episodes } = sharedFiles(target);
  const holders = files.map(
    ([path, content]) =>
      `<script type="application/octet-stream" data-file="${escaped(path)}">${gzipSync(content).toString("base64")}</script>`,
  );
  // the viewer's script is a module and so runs after all of them were read
  const page = inlined().replace("</body>", () => `${holders.join("\n")}\n</body>`);
  atomicWrite(resolve(file), page);
  return { path: file, episodes, bytes: Buffer.byteLength(page) };
}

/** Write the viewer and its data as files that any web host serves; the folder must be new or empty. */
export async function exportFolder(target: ViewTarget, folder: string): Promise<Written> {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UsageError(`The folder ${folder} is not empty. Give --folder a new one.`);
  }
  const { files, episodes } = sharedFiles(target);
  const head = '<head>\n    <meta name="armgym-data" content="data/" />';
  const all: SharedFile[] = [
    ...viewerFiles().map((path): SharedFile => [path, readFileSync(join(VIEWER_FOLDER, path))]),
    ["index.html", Buffer.from(builtPage().replace("<head>", head))],
    ...files.map(([path, content]): SharedFile => [`data/${path}`, content]),
  ];
  for (const [path, content] of all) {
    const file = join(resolve(folder), path);
    mkdirSync(dirname(file), { recursive: true });
    atomicWrite(file, content);
  }
  return { path: folder, episodes, bytes: all.reduce((sum, [, content]) => sum + content.length, 0) };
}

/** Collect what a page without a server needs. */
function sharedFiles(target: ViewTarget): {
  readonly files: readonly SharedFile[];
  readonly episodes: number;
} {
  const runs = listTarget(target);
  const files: SharedFile[] = [["runs.json", json(runs)]];
  let count = 0;
  for (const { run, episodes } of runs) {
    const metrics = metricsFile(target, run);
    files.push([`${run}/metrics.json`, json(metrics ? readMetrics(readFileSync(metrics, "utf8")) : [])]);
    for (const { name } of episodes) {
      const file = episodeFile(target, run, name);
      if (!file) continue;
      files.push([`${run}/episodes/${name}`, readFileSync(file)]);
      count++;
    }
    const policy = join(target.runs, run, "policy");
    // as "armgym export" writes it: what a page needs to act by itself
    for (const name of ["policy.json", "policy.onnx"]) {
      const file = join(policy, name);
      if (target.loose === undefined && existsSync(file))
        files.push([`${run}/policy/${name}`, readFileSync(file)]);
    }
  }
  return { files, episodes: count };
}

function builtPage(): string {
  const page = join(VIEWER_FOLDER, "index.html");
  if (existsSync(page)) return readFileSync(page, "utf8");
  throw new UsageError(`The viewer is not built: ${VIEWER_FOLDER} is missing. Run "npm run build".`);
}

function viewerFiles(): string[] {
  return readdirSync(VIEWER_FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "index.html")
    .map(({ parentPath, name }) => join(parentPath.slice(VIEWER_FOLDER.length), name));
}

/** The built page with its scripts and style sheets inside: a browser loads no module from another file of a disk. */
function inlined(): string {
  const read = (path: string) => readFileSync(join(VIEWER_FOLDER, path), "utf8");
  return builtPage()
    .replace(/<script type="module"[^>]*src="([^"]+)"[^>]*><\/script>/g, (_, path: string) => {
      // neither may the code end its own element, nor begin a comment
      const code = read(path).replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
      return `<script type="module">${code}</script>`;
    })
    .replace(
      /<link rel="stylesheet"[^>]*href="([^"]+)"[^>]*>/g,
      (_, path: string) => `<style>${read(path)}</style>`,
    );
}

function json(data: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(data));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
