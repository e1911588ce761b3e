// The smallest environment there is, with mistakes to plant.

import { defineEnv } from "../../src/env/define-env.js";
import type { CurriculumSetting } from "../../src/env/randomization/curriculum.js";
import type { RandomizationSetting } from "../../src/env/randomization/randomization.js";

/** A mistake to plant. */
export interface Change {
  reward?: (x: number) => number;
  read?: (x: number) => number;
  leak?: boolean;
  /** Name why the episode ends, where it does. */
  terminated?: (x: number) => string | undefined;
  /** More settings, where the environment shall have them. */
  settings?: { randomization?: RandomizationSetting; curriculum?: CurriculumSetting };
}

/** A point on a line that is to come near 0: the smallest environment there is. */
export function lineEnv(change: Change = {}) {
  let shared = 0;
  return defineEnv({
    id: "Line-v1",
    description: "Come near 0.",
    maxEpisodeSteps: 8,
    defaults: { rewardMode: "dense" as const, rewardWeights: { near: 2 }, speed: 0.5, ...change.settings },
    build({ speed }) {
      const point = { x: 0 };
      return {
        point,
        simulation: {
          actionEntries: [
            {
              name: "push",
              unit: "m",
              low: -1,
              high: 1,
              meaning: "moves the point",
              scale: speed,
              offset: 0,
            },
          ],
          step(action: Float32Array) {
            shared += 1;
            point.x += speed * action[0]! + (change.leak ? 1e-3 * shared : 0);
          },
          snapshot: () => ({ ...point }),
          restore: (old: { x: number }) => Object.assign(point, old),
        },
      };
    },
    reset({ point }, random) {
      point.x = random.uniform(-1, 1);
    },
    observation: [
      {
        group: "point",
        entries: [{ name: "x", unit: "m", low: -10, high: 10 }],
        read({ point }, out, offset) {
          out[offset] = change.read ? change.read(point.x) : point.x;
        },
      },
    ],
    reward: ({ point }) => ({ near: change.reward ? change.reward(point.x) : 1 - Math.abs(point.x) }),
    success: ({ point }) => Math.abs(point.x) < 0.1,
    terminated: ({ point }) => change.terminated?.(point.x),
  });
}
