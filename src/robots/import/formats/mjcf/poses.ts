// Places as MJCF writes them: positions, and rotations in five ways.
import {
  IDENTITY_QUATERNION,
  multiplyQuaternions,
  type Quat,
  quaternionFromAxisAngle,
  quaternionFromRotation,
  rotateVector,
} from "../../../../math/quaternion.js";
import { add, cross, scale, type Vec3 } from "../../../../math/vector.js";
import type { Pose } from "../../description.js";
import type { XmlElement } from "../xml.js";
import { mistake, numbersOf, vectorOf } from "../xml-values.js";

/** What says how angles are written. */
export interface AngleUnits {
  /** rad per unit of an angle. */
  readonly radians: number;
  /** Axes that euler angles turn about, in this order; capital letters are fixed axes. */
  readonly eulerSequence: string;
}

/** Ways to write a rotation that go before a quaternion; an element has one of them at most. */
export const ROTATIONS = ["axisangle", "xyaxes", "zaxis", "euler"] as const;

/** The place that changes nothing. */
export const NO_POSE: Pose = { position: [0, 0, 0], quaternion: IDENTITY_QUATERNION };

const AXES: Readonly<Record<string, Vec3>> = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };

/** Return the place of `inner`, which is given in the frame `outer`, in the frame that `outer` is given in. */
export function compose(outer: Pose, inner: Pose): Pose {
  return {
    position: add(outer.position, rotateVector(outer.quaternion, inner.position)),
    quaternion: multiplyQuaternions(outer.quaternion, inner.quaternion),
  };
}

/** Return the place of the outer frame in the inner one. */
export function inverse({ position, quaternion: [x, y, z, w] }: Pose): Pose {
  const back: Quat = [0 - x, 0 - y, 0 - z, w];
  return { position: scale(-1, rotateVector(back, position)), quaternion: back };
}

/** Read the place of an element. */
export function poseOf(element: XmlElement, units: AngleUnits): Pose {
  return {
    position: vectorOf(element, "pos", [0, 0, 0]),
    quaternion: rotationOf(element, units),
  };
}

/** Read the rotation of an element. */
export function rotationOf(element: XmlElement, units: AngleUnits): Quat {
  const way = ROTATIONS.find((name) => element.attributes.has(name));
  switch (way) {
    case "axisangle": {
      const [x, y, z, angle] = numbersOf(element, way, { count: 4 });
      const axis = unit(element, way, [x!, y!, z!]);
      return quaternionFromAxisAngle(axis, angle! * units.radians);
    }
    case "euler":
      return quaternionFromEuler(vectorOf(element, way), units);
    case "xyaxes": {
      const [a, b, c, d, e, f] = numbersOf(element, way, { count: 6 });
      const x = unit(element, way, [a!, b!, c!]);
      const along = x[0] * d! + x[1] * e! + x[2] * f!;
      const y = unit(element, way, [d! - along * x[0], e! - along * x[1], f! - along * x[2]]);
      const z = cross(x, y);
      return quaternionFromRotation([x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]]);
    }
    case "zaxis":
      return quaternionToZ(unit(element, way, vectorOf(element, way)));
    default:
      return quaternionOf(element, "quat");
  }
}

/** Read a quaternion, which MJCF writes w first, of any length but zero. */
export function quaternionOf(element: XmlElement, attribute: string): Quat {
  const [w, x, y, z] = numbersOf(element, attribute, { count: 4, fallback: [1, 0, 0, 0] });
  const length = Math.hypot(w!, x!, y!, z!);
  if (length < 1e-12) throw mistake(element, `${attribute} of <${element.name}> is zero: no rotation`);
  return [x! / length, y! / length, z! / length, w! / length];
}

/** Return the shortest turn that brings the z axis to the unit vector `to`. */
export function quaternionToZ(to: Vec3): Quat {
  const axis = cross([0, 0, 1], to);
  const sine = Math.hypot(...axis);
  if (sine < 1e-10) return to[2] > 0 ? IDENTITY_QUATERNION : [1, 0, 0, 0];
  return quaternionFromAxisAngle(scale(1 / sine, axis), Math.atan2(sine, to[2]));
}

function quaternionFromEuler(angles: Vec3, { radians, eulerSequence }: AngleUnits): Quat {
  let result = IDENTITY_QUATERNION;
  for (const [k, letter] of [...eulerSequence].entries()) {
    const turn = quaternionFromAxisAngle(AXES[letter.toLowerCase()]!, angles[k]! * radians);
    const moves = letter === letter.toLowerCase();
    result = moves ? multiplyQuaternions(result, turn) : multiplyQuaternions(turn, result);
  }
  return result;
}

function unit(element: XmlElement, attribute: string, v: Vec3): Vec3 {
  const length = Math.hypot(...v);
  if (length < 1e-10) throw mistake(element, `an axis in ${attribute} of <${element.name}> is zero`);
  return scale(1 / length, v);
}
