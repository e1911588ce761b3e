// The cameras that come with a robot: in front of its task region, beside it, and on its wrist.
import { IDENTITY_QUATERNION, rotateVector } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { RobotModel } from "../../robots/models/robot-model.js";
import type { CameraSettings } from "./camera-config.js";

/** Width of the task region that the distances below are for (the Panda's), m. */
const REGION_WIDTH = 0.3;

/**
 * Return the cameras "front", "side" and "wrist" of `robot`, 64 x 64.
 *
 * Front and side look at the task region from a distance that grows with it; the goal is an overlay there, so that it is
 * never hidden and hides nothing. The wrist camera stands beside the hand and looks at the tool centre point.
 */
export function robotCameras(robot: RobotModel): Readonly<Record<string, CameraSettings>> {
  const { low, high } = robot.taskRegion;
  // an imported robot may have no region yet: the cameras look at its base then
  const scale = (Math.max(high[0] - low[0], high[1] - low[1]) || REGION_WIDTH) / REGION_WIDTH;
  const at = (x: number, y: number, z: number): [number, number, number] => [
    rounded((low[0] + high[0]) / 2 + scale * x),
    rounded((low[1] + high[1]) / 2 + scale * y),
    rounded((low[2] + high[2]) / 2 + scale * z),
  ];
  return {
    front: {
      name: "front",
      eye: at(0.8, 0, 0.455),
      target: at(-0.03, 0, -0.065),
      fovDeg: 38,
      goalMarker: "overlay",
      goalFootprint: true,
    },
    side: {
      name: "side",
      eye: at(0, -0.95, 0.255),
      target: at(0, 0, -0.035),
      fovDeg: 34,
      goalMarker: "overlay",
    },
    wrist: wristCamera(robot),
  };
}

/**
 * Return the cameras of several arms: "front" and "side" look at all their task regions from both sides of y, where no arm stands
 * that looks along x; "wrist" is that of the first, and each has its own, "left/wrist".
 */
export function camerasOfArms(
  arms: readonly { readonly name: string; readonly model: RobotModel }[],
): Readonly<Record<string, CameraSettings>> {
  const regions = arms.map(({ model }) => model.taskRegion);
  const low = [0, 1, 2].map((k) => Math.min(...regions.map((region) => region.low[k]!)));
  const high = [0, 1, 2].map((k) => Math.max(...regions.map((region) => region.high[k]!)));
  const size = Math.max(high[0]! - low[0]!, high[1]! - low[1]!) || REGION_WIDTH;
  const at = (y: number, z: number): [number, number, number] => [
    rounded((low[0]! + high[0]!) / 2),
    rounded((low[1]! + high[1]!) / 2 + size * y),
    rounded((low[2]! + high[2]!) / 2 + size * z),
  ];
  const look = { target: at(0, -0.1), fovDeg: 45, goalMarker: "overlay" } as const;
  const wrists = arms.map(({ name, model }) => {
    const { link, ...wrist } = wristCamera(model);
    return { ...wrist, name: `${name}/wrist`, link: `${name}/${link}` };
  });
  return {
    front: { name: "front", eye: at(-1.6, 0.9), ...look, goalFootprint: true },
    side: { name: "side", eye: at(1.6, 0.5), ...look },
    wrist: { ...wrists[0]!, name: "wrist" },
    ...Object.fromEntries(wrists.map((wrist) => [wrist.name, wrist])),
  };
}

/** How far back along the tool's axis the wrist camera stands at least, as a share of how far it stands aside. */
const LEAST_BACK = 1.2;
const ASIDE = 0.07;

function wristCamera({ tcp }: RobotModel): CameraSettings {
  const { link, offset, quaternion = IDENTITY_QUATERNION } = tcp;
  const axis = rotateVector(quaternion, [0, 0, 1]);
  const length = offset[0] * axis[0] + offset[1] * axis[1] + offset[2] * axis[2];
  const back = Math.max(length, LEAST_BACK * ASIDE);
  const inLink = (point: Vec3) =>
    rotateVector(quaternion, point).map((v, k) => rounded(v + offset[k]!)) as [number, number, number];
  return {
    name: "wrist",
    link,
    eye: inLink([ASIDE, 0, -back]),
    target: inLink([0.01, 0, 0]),
    // the fingers open and close along y: they stand left and right in the picture
    up: rotateVector(quaternion, [1, 0, 0]) as [number, number, number],
    fovDeg: 75,
    goalMarker: "solid",
  };
}

/** A micrometre is enough: configs stay readable. */
function rounded(value: number): number {
  return Math.round(1e6 * value) / 1e6;
}
