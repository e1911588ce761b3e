// Small recordings to film: a red cube that is lifted over a grey table.
import type { EpisodeRecording } from "../../src/recording/recording.js";

/** Colour of the cube, 0 to 1. */
const RED = [0.9, 0.1, 0.05, 1] as const;
const TURN = [0, 0, 0, 1] as const;

/** Record `steps` steps at 10 Hz; the cube rises by 2 cm in each, and is where it should be from `solvedAt` on. */
export function liftedCube(steps: number, { solvedAt = steps, seed = "7" } = {}): EpisodeRecording {
  const box = (
    size: readonly [number, number, number],
    color: readonly [number, number, number, number],
  ) => ({
    type: "box" as const,
    size: [...size] as [number, number, number],
    position: [0, 0, 0] as [number, number, number],
    quaternion: [...TURN] as [number, number, number, number],
    color: [...color] as [number, number, number, number],
  });
  return {
    header: {
      version: 1,
      env: "Lift-v1",
      agent: "expert",
      seed,
      robot: "panda",
      policySteps: 12_345,
      controlRate: 10,
      observationNames: [],
      actionNames: [],
      jointNames: [],
      scene: {
        entities: [
          { id: "table", kind: "table", shapes: [box([2, 2, 0.02], [0.5, 0.5, 0.5, 1])] },
          { id: "cube", kind: "object", shapes: [box([0.1, 0.1, 0.1], RED)] },
        ],
      },
    },
    frames: Array.from({ length: steps + 1 }, (_, step) => ({
      time: step / 10,
      poses: [0, 0, -0.01, ...TURN, 0, 0, 0.05 + 0.02 * step, ...TURN],
      jointPositions: [],
      observation: [],
      action: step === 0 ? [] : [1],
      reward: 0,
      rewardTerms: {},
      value: null,
      success: step >= solvedAt,
      contacts: [],
    })),
  };
}

/** The picture's colour at a place, 0 to 255 each. */
export function pixelAt(rgb: Uint8Array, width: number, x: number, y: number): readonly number[] {
  return [...rgb.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
}

/** Whether a colour is the cube's, lit from wherever. */
export function isCube([red, green, blue]: readonly number[]): boolean {
  return red! > 80 && green! < red! / 4 && blue! < red! / 4;
}
