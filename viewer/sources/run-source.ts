// Where the viewer's data comes from: the server that serves it, or files written beside or into the page.
import { z } from "zod";
import { type FitValidation, parseFitValidation } from "../../src/recording/fit-validation.js";
import { type EpisodeRecording, episodeOf, parseEpisodeName } from "../../src/recording/recording.js";
import {
  type MetricRow,
  parseLiveEvent,
  parseMetrics,
  parseRuns,
  type ReceivedEvent,
  type RunItem,
} from "../../src/recording/run-events.js";
import { arriving, inPieces, type Reading, readPaced } from "./paced-reading.js";
import { staticFiles } from "./static-files.js";

/** The connection was lost and is there again: what was sent meanwhile must be fetched. */
const resync = { type: "resync" } as const;
/** In place of a policy that a saved page does not hold: why. */
const missingSchema = z.object({ missing: z.string() });
const files = staticFiles();

/** Whether the page shows what was written down, with no armgym behind it. */
export const isStatic = files !== undefined;

/** What a page hears of while a training goes on. */
export type LiveEvent = ReceivedEvent | typeof resync;

/** List all runs, newest first. */
export async function fetchRuns(): Promise<RunItem[]> {
  const found = files ? await readJson("runs.json") : await (await ask("api/runs")).json();
  return parseRuns(found).sort((a, b) => b.created - a.created);
}

/** Fetch the metrics of a run so far. */
export async function fetchMetrics(run: string): Promise<MetricRow[]> {
  const found = files
    ? await readJson(`${run}/metrics.json`)
    : await (await ask(`api/metrics?run=${encodeURIComponent(run)}`)).json();
  return parseMetrics(found);
}

/** Fetch what the best epoch of a fit came to; undefined where there is none. */
export async function fetchValidation(run: string): Promise<FitValidation | undefined> {
  const found = files
    ? await readJson(`${run}/validation.json`)
    : await (await ask(`api/validation?run=${encodeURIComponent(run)}`)).json();
  return parseFitValidation(found);
}

/** The file read last: its episodes are opened one after another. */
let last: { readonly key: string; readonly recording: Promise<EpisodeRecording> } | undefined;

/** Fetch and read a recording, or one of several in a file; of one that is cut short, what is there. */
export async function fetchRecording(
  run: string,
  name: string,
  how: Reading = {},
): Promise<EpisodeRecording> {
  const { file, episode } = parseEpisodeName(name);
  if (episode === undefined) return fetchFile(run, file, how);
  const key = JSON.stringify([run, file]);
  // others may wait for the same file: it is read to its end
  if (last?.key !== key)
    last = { key, recording: fetchFile(run, file, how.progress ? { progress: how.progress } : {}) };
  const { recording } = last;
  recording.catch(() => {
    if (last?.recording === recording) last = undefined;
  });
  const found = episodeOf(await recording, episode);
  if (!found) throw new Error(`${file} holds no episode ${episode}.`);
  return found;
}

async function fetchFile(run: string, file: string, how: Reading): Promise<EpisodeRecording> {
  if (files) return readPaced(inPieces(await files(`${run}/episodes/${file}`)), file, how);
  const path = `api/recording?run=${encodeURIComponent(run)}&name=${encodeURIComponent(file)}`;
  const response = await ask(path, how.signal ? { signal: how.signal } : {});
  return readPaced(arriving(response), file, how);
}

/** Fetch a file of meshes by its hash; rejects in plain words where there is none. */
export async function fetchMeshFile(hash: string): Promise<Uint8Array> {
  if (files) return files(`meshes/${hash}.glb`);
  return new Uint8Array(await (await ask(`api/meshes?file=${encodeURIComponent(hash)}`)).arrayBuffer());
}

/** Fetch the document of a run's policy; rejects in plain words where there is none. */
export async function fetchPolicy(run: string): Promise<unknown> {
  if (!files) return (await ask(`api/policy?run=${encodeURIComponent(run)}`)).json();
  const found = await readJson(`${run}/policy.json`);
  const missing = missingSchema.safeParse(found);
  if (missing.success) throw new Error(missing.data.missing);
  return found;
}

/** Ask the training behind this page to save and end. */
export async function stopTraining(): Promise<void> {
  // given to this page alone: another site's cannot read it
  const token = document.querySelector<HTMLMetaElement>("meta[name='armgym-token']")?.content ?? "";
  await ask("api/stop", { method: "POST", headers: { "x-armgym-token": token } });
}

/** Listen to live events for as long as the page is open; a lost connection is tried again. */
export function listen(
  onEvent: (event: LiveEvent) => void,
  onState: (connected: boolean) => void,
  isFirst = true,
): void {
  if (isStatic) return;
  const address = new URL("live", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  address.hash = "";
  const socket = new WebSocket(address);
  let opened = false;
  socket.onopen = () => {
    opened = true;
    onState(true);
    if (!isFirst) onEvent(resync);
  };
  socket.onmessage = ({ data }) => {
    const event = parseLiveEvent(String(data));
    if (event) onEvent(event);
  };
  socket.onclose = () => {
    onState(false);
    setTimeout(() => listen(onEvent, onState, isFirst && !opened), 2000);
  };
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await files!(path)));
}

async function ask(path: string, how: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, how).catch(() => {
    how.signal?.throwIfAborted();
    throw new Error("the viewer's server does not answer. Is armgym still running?");
  });
  if (!response.ok)
    throw new Error((await response.text()).trim() || `the server answered ${response.status}`);
  return response;
}
