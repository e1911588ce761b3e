// Where a robot's fixed base stands: its links are given in the world, and here in the frame of the base.
import { IDENTITY_QUATERNION, multiplyQuaternions, type Quat, rotateVector } from "../../math/quaternion.js";
import type { LinkModel } from "../../physics/articulation/articulation-model.js";
import type { BasePose, RobotModel } from "./robot-model.js";

const AT_ORIGIN: BasePose = { position: [0, 0, 0], quaternion: IDENTITY_QUATERNION };

/** Return where the base of `robot` stands in the world; default at the origin. */
export function basePose({ base = AT_ORIGIN }: RobotModel): BasePose {
  return base;
}

/** Return `links`, given in the frame of their base, as they are in the world where the base stands at `pose`. */
export function mountedLinks(
  links: readonly LinkModel[],
  { position: at, quaternion: turn }: BasePose,
): LinkModel[] {
  return links.map((link) => {
    if (link.parent >= 0) return link;
    const [x, y, z] = rotateVector(turn, link.position);
    return {
      ...link,
      position: [at[0] + x, at[1] + y, at[2] + z],
      quaternion: multiplyQuaternions(turn, link.quaternion),
    };
  });
}

/** Return the links of `robot` in the frame of its base. */
export function linksFromBase({ base, articulation: { links } }: RobotModel): readonly LinkModel[] {
  if (!base) return links;
  const [x, y, z, w] = base.quaternion;
  const back: Quat = [-x, -y, -z, w];
  const [px, py, pz] = rotateVector(back, base.position);
  return mountedLinks(links, { position: [-px, -py, -pz], quaternion: back });
}
