// What the Panda looks like: rounded housings around its joints, measured on the arm and given in its links' frames.
import { IDENTITY_QUATERNION } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { Color, SceneShape } from "../../scene/scene.js";
import type { RobotLooks } from "../models/robot-model.js";
import { limb } from "./limb.js";

const SHELL: Color = [0.94, 0.945, 0.95, 1];
const SEAM: Color = [0.2, 0.22, 0.26, 1];
const PAD: Color = [0.13, 0.14, 0.16, 1];

/** Shapes of the Panda. */
export const PANDA_LOOK: RobotLooks = {
  base: [
    box([0.15, 0.13, 0.1], [-0.075, 0, 0.05], SHELL),
    barrel(0.073, 0.11, [0, 0, 0.055], SHELL),
    box([0.2, 0.17, 0.014], [-0.055, 0, 0.007], SEAM),
    barrel(0.064, 0.02, [0, 0, 0.118], SEAM),
  ],
  links: {
    link1: [limb([0, 0, -0.15], [0, 0, 0], 0.062, SHELL)],
    link2: [
      limb([0, 0, -0.075], [0, 0, 0.075], 0.06, SHELL),
      ...lids(0.075, 0.06),
      limb([0, 0, 0], [0, -0.115, 0], 0.059, SHELL),
    ],
    link3: [
      barrel(0.0615, 0.016, [0, 0, -0.176], SEAM),
      limb([0, 0, -0.13], [0, 0, -0.06], 0.06, SHELL),
      limb([0, 0, -0.06], [0.0825, 0, 0], 0.054, SHELL),
    ],
    link4: [
      limb([0, 0, -0.065], [0, 0, 0.065], 0.056, SHELL),
      ...lids(0.065, 0.056),
      limb([0, 0, 0], [-0.0825, 0.085, 0], 0.052, SHELL),
    ],
    link5: [
      barrel(0.0595, 0.016, [0, 0, -0.262], SEAM),
      limb([0, 0, -0.215], [0, 0, -0.2], 0.058, SHELL),
      limb([0, 0, -0.2], [0, 0.055, -0.085], 0.05, SHELL),
      limb([0, 0.055, -0.085], [0, 0.055, 0], 0.046, SHELL),
    ],
    link6: [
      limb([0, 0, -0.055], [0, 0, 0.025], 0.049, SHELL),
      limb([0, 0, 0], [0.088, 0, 0], 0.046, SHELL),
      barrel(0.036, 0.012, [0, 0, 0.07], SEAM),
    ],
    link7: [
      limb([0, 0, -0.02], [0, 0, 0.04], 0.045, SHELL),
      barrel(0.0465, 0.014, [0, 0, 0.052], SEAM),
      barrel(0.042, 0.05, [0, 0, 0.08], SHELL),
    ],
    hand: [
      box([0.052, 0.204, 0.05], [0, 0, 0.032], SHELL),
      limb([0, -0.06, 0.02], [0, 0.06, 0.02], 0.028, SHELL),
      box([0.044, 0.196, 0.012], [0, 0, 0.06], SEAM),
    ],
    left_finger: finger(),
    right_finger: finger(),
  },
};

function finger(): SceneShape[] {
  return [
    box([0.021, 0.016, 0.026], [0, 0.016, 0.016], SHELL),
    box([0.019, 0.013, 0.034], [0, 0.0085, 0.038], PAD),
  ];
}

/** Dark lids on both round ends of a housing along z, as wide as the ends are where the lids lie. */
function lids(half: number, radius: number): SceneShape[] {
  const height = half + 0.78 * radius;
  return [-height, height].map((z) => barrel(0.64 * radius, 0.006, [0, 0, z], SEAM));
}

function box(size: Vec3, position: Vec3, color: Color): SceneShape {
  return { type: "box", size, position, quaternion: IDENTITY_QUATERNION, color };
}

function barrel(radius: number, length: number, position: Vec3, color: Color) {
  return { type: "cylinder", radius, length, position, quaternion: IDENTITY_QUATERNION, color } as const;
}
