// The viewer with its runs, written down: as one page, or as a folder for any web host.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { escapeXml } from "../../math/escape-xml.js";
import { UsageError } from "../../math/usage-error.js";
import { parseEpisodeName } from "../../recording/recording.js";
import { atomicWrite, explainWriteError } from "../../runs/atomic-write.js";
import { meshFilesOfEpisode } from "../../runs/episode-files.js";
import { livePolicyOfRun } from "../../runs/live-policy-of-run.js";
import { makeFolders } from "../../runs/make-folders.js";
import { findMeshFile } from "../../runs/mesh-files.js";
import { withFlags } from "../flag-names.js";
import { VIEWER_FOLDER } from "./page-files.js";
import {
  episodeFile,
  listTarget,
  meshFolders,
  metricsOfRun,
  runFolderOf,
  type ViewTarget,
  validationOfRun,
} from "./view-target.js";

/** What was written. */
interface Written {
  readonly path: string;
  readonly episodes: number;
  readonly bytes: number;
  /** A sentence for each run whose policy is not in it, and why. */
  readonly left: readonly string[];
  /** A sentence for each robot whose meshes are not in it. */
  readonly leftMeshes: readonly string[];
}

/** A file of the shared viewer; viewer/sources/static-files.ts says which there are. */
type SharedFile = readonly [path: string, content: Uint8Array];

/** A page with its policies and what runs them is to be sent by mail. */
const LARGEST_PAGE = 20 * 2 ** 20;

/**
 * Write one page that holds the viewer, episodes, curves, policies and what continues an episode; it asks nothing of any host.
 *
 * Meshes of robots, policies, and the engine that runs them, are left out where the page would be larger than 20 MB with them.
 */
export async function exportHtml(target: ViewTarget, file: string, largest = LARGEST_PAGE): Promise<Written> {
  if (!/\.html?$/.test(file))
    throw new UsageError(`--html ${file} does not end in .html. For example: --html out.html`);
  const { files, meshes, episodes } = await sharedFiles(target);
  const holders = [...files, ["app/live.worker.js", builtFile("live.worker-", ".js")] as const].map(holder);
  const shell = inlined();
  let room = largest - [shell, ...holders].reduce((sum, part) => sum + Buffer.byteLength(part) + 1, 0);
  const leftMeshes: string[] = [];
  for (const mesh of meshes) {
    const held = holder(mesh);
    if (held.length > room) {
      leftMeshes.push(
        `The meshes of a robot are not in the page, which would be larger than ${megabytes(largest)} with them: it is drawn as simple shapes.`,
      );
      continue;
    }
    room -= held.length;
    holders.push(held);
  }
  const policies = await sharedPolicies(target);
  // packed only where it is of use: that takes a second
  const engine = policies.some(({ reason }) => reason === undefined)
    ? holder(["app/engine.wasm", builtFile("ort-", ".wasm")])
    : "";
  const left = policies.flatMap(({ reason }) => reason ?? []);
  let engineIn = false;
  for (const { run, file, reason } of policies) {
    const held = holder(file);
    const needs = reason ? 0 : held.length + (engineIn ? 0 : engine.length);
    if (needs > room) {
      const why = `${run}: its policy is not in the page, which would be larger than ${megabytes(largest)} with it. Use --folder, or fewer episodes.`;
      left.push(why);
      holders.push(holder(missingPolicy(run, why)));
      continue;
    }
    room -= needs;
    holders.push(held);
    if (!reason && !engineIn) holders.push(engine);
    engineIn ||= !reason;
  }
  // the viewer's script is a module and so runs after all of them were read
  const page = shell.replace("</body>", () => `${holders.join("\n")}\n</body>`);
  atomicWrite(resolve(file), page, { option: "html" });
  return { path: file, episodes, bytes: Buffer.byteLength(page), left, leftMeshes };
}

/** Write the viewer and its data as files that any web host serves; the folder must be new or empty. */
export async function exportFolder(target: ViewTarget, folder: string): Promise<Written> {
  makeEmptyFolder(folder);
  const { files, meshes, episodes } = await sharedFiles(target);
  const policies = await sharedPolicies(target);
  const head = '<head>\n    <meta name="armgym-data" content="data/" />';
  const all: SharedFile[] = [
    ...viewerFiles().map((path): SharedFile => [path, readFileSync(join(VIEWER_FOLDER, path))]),
    ["index.html", Buffer.from(builtPage().replace("<head>", head))],
    ...[...files, ...meshes, ...policies.map(({ file }) => file)].map(
      ([path, content]): SharedFile => [`data/${path}`, content],
    ),
  ];
  for (const [path, content] of all) {
    const file = join(resolve(folder), path);
    atomicWrite(file, content, { option: "folder" });
  }
  const bytes = all.reduce((sum, [, content]) => sum + content.length, 0);
  const left = policies.flatMap(({ reason }) => reason ?? []);
  return { path: folder, episodes, bytes, left, leftMeshes: [] };
}

/** Make the folder before all the work, which would be for nothing on a disk that cannot be written. */
function makeEmptyFolder(folder: string): void {
  let isEmpty: boolean;
  try {
    makeFolders(resolve(folder));
    isEmpty = readdirSync(folder).length === 0;
  } catch (error) {
    throw explainWriteError(folder, error, "folder");
  }
  if (!isEmpty) throw new UsageError(`The folder ${folder} is not empty. Give --folder a new one.`);
}

/** Collect what a page without a server needs, but for the policies. */
async function sharedFiles(target: ViewTarget): Promise<{
  readonly files: readonly SharedFile[];
  /** Triangles of robots, which the page can do without. */
  readonly meshes: readonly SharedFile[];
  readonly episodes: number;
}> {
  const runs = listTarget(target);
  const files: SharedFile[] = [["runs.json", json(runs)]];
  const hashes = new Set<string>();
  let count = 0;
  for (const { run, episodes, fit } of runs) {
    files.push([`${run}/metrics.json`, json(metricsOfRun(target, run))]);
    if (fit) files.push([`${run}/validation.json`, json(validationOfRun(target, run))]);
    count += episodes.length;
    // several episodes may lie in one file
    for (const name of new Set(episodes.map((episode) => parseEpisodeName(episode.name).file))) {
      const file = await episodeFile(target, run, name);
      if (!file) continue;
      files.push([`${run}/episodes/${name}`, readFileSync(file)]);
      for (const hash of meshFilesOfEpisode(file)) hashes.add(hash);
    }
  }
  const meshes = [...hashes].sort().flatMap((hash): SharedFile[] => {
    const bytes = findMeshFile(hash, meshFolders(target));
    return bytes ? [[`meshes/${hash}.glb`, bytes]] : [];
  });
  return { files, meshes, episodes: count };
}

/** The policy of each run as a file; where there is none the file says why, and `reason` does. */
async function sharedPolicies(
  target: ViewTarget,
): Promise<{ readonly run: string; readonly file: SharedFile; readonly reason?: string }[]> {
  const policies = [];
  for (const { run, fit } of listTarget(target)) {
    const folder = runFolderOf(target, run);
    if (!folder || fit) continue;
    try {
      const document = await livePolicyOfRun(folder, target.modules);
      policies.push({ run, file: [`${run}/policy.json`, json(document)] as SharedFile });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const reason = withFlags(error.message);
      policies.push({ run, file: missingPolicy(run, reason), reason });
    }
  }
  return policies;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}

function missingPolicy(run: string, missing: string): SharedFile {
  return [`${run}/policy.json`, json({ missing })];
}

/** A file as an element of the page. */
function holder([path, content]: SharedFile): string {
  const packed = gzipSync(content).toString("base64");
  return `<script type="application/octet-stream" data-file="${escapeXml(path)}">${packed}</script>`;
}

/** Read the one built file whose name begins and ends so; the build puts a fingerprint between. */
function builtFile(begin: string, end: string): Uint8Array {
  const found = viewerFiles().find((path) => basename(path).startsWith(begin) && path.endsWith(end));
  if (found) return readFileSync(join(VIEWER_FOLDER, found));
  throw new UsageError(`The viewer is not built: ${begin}*${end} is missing. Run "npm run build".`);
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
