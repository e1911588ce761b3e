// Where a data set in another program's format comes from: what that format has no place for.
import { z } from "zod";
import { type EpisodeRecording, recordingHeaderSchema, splitEpisodes } from "./recording.js";

/** What a data set that armgym wrote says of itself: of what its episodes are, and how they are made again. */
export const datasetOriginSchema = recordingHeaderSchema
  .pick({
    version: true,
    env: true,
    agent: true,
    robot: true,
    controlMode: true,
    controlRate: true,
    noise: true,
    config: true,
    observationNames: true,
    actionNames: true,
  })
  .extend({
    /** Seed of each episode, in their order. */
    seeds: z.array(z.string()),
  });

/** What a data set that armgym wrote says of itself. */
export type DatasetOrigin = z.infer<typeof datasetOriginSchema>;

/** Say of what the episodes of `recording` are. */
export function originOf(recording: EpisodeRecording): DatasetOrigin {
  const { header } = recording;
  const seeds = splitEpisodes(recording).map((_, k) => header.episodes?.[k]?.seed ?? header.seed);
  return datasetOriginSchema.parse({ ...header, seeds });
}
