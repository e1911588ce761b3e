// What is wrong with a recording, in plain words.
import type { EpisodeRecording } from "../../src/recording/recording.js";
import { findEntity } from "../../src/scene/scene.js";

/** Say what a recording lacks or why it breaks off; empty where nothing is wrong. */
export function recordingNotices({ header, frames, cutShort }: EpisodeRecording): string[] {
  const { dump, scene, cameras = [], toolLinks = [], imported } = header;
  const known = new Set(scene.entities.map(({ id }) => id));
  const notices: string[] = [...(imported?.notices ?? [])];
  if (dump !== undefined) {
    notices.push(
      `Dropped by the NaN guard: ${dump} was not finite. Shown are the last ${frames.length} states before it; training went on without this episode.`,
    );
  }
  if (cutShort !== undefined) {
    const steps = frames.length === 1 ? "state" : `${frames.length} states`;
    notices.push(`This recording breaks off (${cutShort}). Shown is what is there: the first ${steps}.`);
  }
  if (!scene.entities.some(({ kind }) => kind === "link")) {
    const robot = header.robot === undefined || header.robot === "none" ? "a robot" : header.robot;
    notices.push(
      `This recording does not hold the shapes of ${robot}, so no arm is drawn. The plots show all that was recorded; record the episode again for a picture.`,
    );
  }
  const lostTool = toolLinks.filter((id) => !known.has(id));
  if (lostTool.length > 0) {
    notices.push(
      `The scene lacks ${lostTool.join(", ")} of the tool, so the commanded pose is drawn without it.`,
    );
  }
  for (const { name, link } of cameras) {
    if (link === undefined || findEntity(scene, link) >= 0) continue;
    notices.push(`Camera "${name}" is fixed to "${link}", which the scene lacks, so it is not drawn.`);
  }
  return notices;
}
