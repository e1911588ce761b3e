// States of the page for the tests beside this file.
import type { EpisodeRecording } from "../../../src/recording/recording.js";
import type { RunItem } from "../../../src/recording/run-events.js";
import { openEpisodes, showEpisodes } from "../../../viewer/state/episode-actions.js";
import { INITIAL_STATE, type ViewerState } from "../../../viewer/state/viewer-state.js";

/** Make a recording of so many frames at 20 Hz, in which nothing moves. */
export function still(numFrames: number, env = "Reach-v1"): EpisodeRecording {
  return {
    header: {
      version: 1,
      env,
      agent: "expert",
      seed: "5",
      policySteps: 0,
      controlRate: 20,
      observationNames: [],
      actionNames: [],
      jointNames: [],
      scene: { entities: [] },
    },
    frames: Array.from({ length: numFrames }, (_, step) => ({
      time: step / 20,
      poses: [],
      jointPositions: [],
      observation: [],
      action: [],
      reward: 0,
      rewardTerms: {},
      value: null,
      success: false,
      contacts: [],
    })),
  };
}

/** Make a run with episodes by their names, all of which succeeded with a return of their position. */
export function runOf(run: string, names: readonly string[], env = "Reach-v1"): RunItem {
  return {
    run,
    created: 0,
    config: { env, agent: "ppo-mlp" },
    evaluation: null,
    episodes: names.map((name, k) => ({ name, seed: String(k), return: k, length: 10, success: true })),
  };
}

/** The page with the runs "new" (a.mcap, b.mcap) and "old" (c.mcap, and two in d.mcap), the first of which is open. */
export const LISTED: ViewerState = {
  ...INITIAL_STATE,
  runs: [runOf("new", ["a.mcap", "b.mcap"]), runOf("old", ["c.mcap", "d.mcap:0", "d.mcap:1"])],
  run: "new",
  metrics: [],
};

/** The page with episodes of the run "new" that have so many frames; several are compared. */
export function showing(frames: Readonly<Record<string, number>>, state = LISTED): ViewerState {
  const names = Object.keys(frames);
  const asked = openEpisodes(
    state,
    names.map((name) => ({ run: "new", name })),
  );
  return showEpisodes(
    asked,
    names.map((name) => ({ run: "new", name, recording: still(frames[name]!) })),
  );
}
