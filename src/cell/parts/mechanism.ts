// A jointed thing that stands beside the arm and that only pushes and pulls move: a cabinet with its drawer.
import type { Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { Articulation } from "../../physics/articulation/articulation.js";
import type { ArticulationModel, LinkModel } from "../../physics/articulation/articulation-model.js";
import { type Color, POSE_SIZE, type SceneEntity, type SceneJoint } from "../../scene/scene.js";
import type { CellPart } from "./cell-part.js";
import { linkEntity } from "./object-shapes.js";
import { sceneJoints } from "./scene-joints.js";

/** What a mechanism is made of. */
export interface MechanismOptions {
  /** Parents first; the first one stands on the ground (parent -1), the others on it. Names are unique in the cell. */
  readonly links: readonly LinkModel[];
  /** One per link. */
  readonly colors: readonly Color[];
}

/** Add the links of mechanisms to those of the arm, whose degrees of freedom stay the first. */
export function withMechanisms(
  arm: ArticulationModel,
  mechanisms: readonly MechanismOptions[],
): ArticulationModel {
  const links = [...arm.links];
  for (const mechanism of mechanisms) {
    const first = links.length;
    links.push(
      ...mechanism.links.map((link) => ({ ...link, parent: link.parent < 0 ? -1 : first + link.parent })),
    );
  }
  return { ...arm, links };
}

/**
 * A mechanism in a cell: where it stands and how far it is open.
 *
 * @example
 * const opening = simulation.mechanisms[0].jointPosition(0);
 */
export class Mechanism implements CellPart {
  /** Names of its joints. */
  readonly jointNames: readonly string[];
  private readonly drawn: readonly SceneEntity[];
  private readonly joined: readonly SceneJoint[];
  private readonly articulation: Articulation;
  /** Its first link in the articulation; the others follow it. */
  private readonly firstLink: number;
  private readonly dofs: readonly number[];

  /** `firstLink` is the index of its first link in the articulation. */
  constructor(articulation: Articulation, { links, colors }: MechanismOptions, firstLink: number) {
    this.articulation = articulation;
    this.firstLink = firstLink;
    this.dofs = links.flatMap(({ joint }, link) =>
      joint ? [articulation.dofOfLink[this.firstLink + link]!] : [],
    );
    this.jointNames = links.flatMap(({ joint }) => (joint ? [joint.name] : []));
    this.drawn = links.map((link, index) => linkEntity(link, colors[index]!));
    this.joined = sceneJoints(links);
  }

  /** Stand the first link at `position` (m), turned by `quaternion`, all joints at 0; reset the cell afterwards. */
  place(position: Vec3, quaternion: Quat): void {
    const { articulation, firstLink, dofs } = this;
    articulation.place(firstLink, [...position, ...quaternion]);
    for (const dof of dofs) articulation.jointPositions[dof] = 0;
  }

  /** Return what it is drawn as: one entity per link. */
  entities(): readonly SceneEntity[] {
    return this.drawn;
  }

  /** Return what joins its links; the first one is placed by a reset. */
  joints(): readonly SceneJoint[] {
    return this.joined;
  }

  poses(out: Float64Array, offset: number): number {
    return writeLinks(this.articulation, this.firstLink, this.drawn.length, out, offset);
  }

  /** World position of the origin of link `index` of the mechanism, m. */
  position(index: number): Vec3 {
    const { linkPositions: P } = this.articulation;
    const o = 3 * (this.firstLink + index);
    return [P[o]!, P[o + 1]!, P[o + 2]!];
  }

  /** World direction of the x axis of link `index` of the mechanism. */
  xAxis(index: number): Vec3 {
    const { linkRotations: R } = this.articulation;
    const o = 9 * (this.firstLink + index);
    return [R[o]!, R[o + 3]!, R[o + 6]!];
  }

  /** Position of joint `index` of the mechanism, m or rad. */
  jointPosition(index: number): number {
    return this.articulation.jointPositions[this.dofs[index]!]!;
  }

  /** Velocity of joint `index` of the mechanism, m/s or rad/s. */
  jointVelocity(index: number): number {
    return this.articulation.jointVelocities[this.dofs[index]!]!;
  }
}

/** Write the poses of `count` links of an articulation from `first` on; returns the offset behind the last. */
export function writeLinks(
  { linkPositions, linkQuaternions }: Articulation,
  first: number,
  count: number,
  out: Float64Array,
  offset: number,
): number {
  let o = offset;
  for (let link = first; link < first + count; link++) {
    for (let k = 0; k < 3; k++) out[o + k] = linkPositions[3 * link + k]!;
    for (let k = 0; k < 4; k++) out[o + 3 + k] = linkQuaternions[4 * link + k]!;
    o += POSE_SIZE;
  }
  return o;
}
