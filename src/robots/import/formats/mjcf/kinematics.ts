// Where bodies are when joints are somewhere.
import { quaternionFromAxisAngle } from "../../../../math/quaternion.js";
import { scale } from "../../../../math/vector.js";
import type { Pose } from "../../description.js";
import type { MjcfBody, MjcfJoint } from "./bodies.js";
import { compose, NO_POSE } from "./poses.js";

/** Return what a joint does `displacement` (rad or m) away from where the file places its body. */
export function jointMotion({ type, axis }: MjcfJoint, displacement: number): Pose {
  if (displacement === 0 || type === "ball" || type === "free") return NO_POSE;
  if (type === "slide") return { ...NO_POSE, position: scale(displacement, axis) };
  return { ...NO_POSE, quaternion: quaternionFromAxisAngle(axis, displacement) };
}

/** Return what a joint does, about its anchor in the body's frame. */
export function motionAtAnchor(joint: MjcfJoint, displacement: number): Pose {
  const there: Pose = { ...NO_POSE, position: joint.anchor };
  const back: Pose = { ...NO_POSE, position: scale(-1, joint.anchor) };
  return compose(there, compose(jointMotion(joint, displacement), back));
}

/** Return the place of a body in the frame that the first of `path` hangs in; `path` leads from there to the body. */
export function placeOf(path: readonly MjcfBody[], positions: ReadonlyMap<string, number>): Pose {
  let place = NO_POSE;
  for (const { pose, joints } of path) {
    place = compose(place, pose);
    for (const joint of joints) {
      const position = positions.get(joint.name) ?? joint.reference;
      place = compose(place, motionAtAnchor(joint, position - joint.reference));
    }
  }
  return place;
}
