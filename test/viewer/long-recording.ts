// A recording of many frames, made in a moment: one ball that goes round.
import { writeRecording } from "../../src/recording/mcap-write.js";
import type { EpisodeRecording } from "../../src/recording/recording.js";

/** Return the file of a recording of `numFrames` frames. */
export async function longRecording(numFrames: number): Promise<Uint8Array> {
  const recording: EpisodeRecording = {
    header: {
      version: 1,
      env: "Reach-v1",
      agent: "expert",
      seed: "5",
      policySteps: 0,
      robot: "none",
      controlRate: 20,
      observationNames: ["ball_x", "ball_y"],
      actionNames: ["push"],
      jointNames: [],
      scene: {
        entities: [
          {
            id: "ball",
            kind: "object",
            shapes: [
              {
                type: "sphere",
                radius: 0.05,
                position: [0, 0, 0],
                quaternion: [0, 0, 0, 1],
                color: [1, 0, 0, 1],
              },
            ],
          },
        ],
      },
    },
    frames: Array.from({ length: numFrames }, (_, step) => {
      const [x, y] = [0.3 * Math.cos(step / 50), 0.3 * Math.sin(step / 50)];
      return {
        time: step / 20,
        poses: [x, y, 0.1, 0, 0, 0, 1],
        jointPositions: [],
        observation: [x, y],
        action: step === 0 ? [] : [x],
        reward: y,
        rewardTerms: {},
        value: null,
        success: false,
        contacts: [],
      };
    }),
  };
  return writeRecording(recording);
}
