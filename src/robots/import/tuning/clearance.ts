// How far the links of an arm are from the table and from each other in a posture.
import { IDENTITY_QUATERNION } from "../../../math/quaternion.js";
import { Articulation } from "../../../physics/articulation/articulation.js";
import type { ArticulationModel } from "../../../physics/articulation/articulation-model.js";
import { ColliderSet, linkColliderShape } from "../../../physics/collision/collider-set.js";
import { coreRadius, supportPoint } from "../../../physics/collision/collider-support.js";
import { World } from "../../../physics/world.js";

/** Measures postures of one arm; the table is not part of it, so that its height may still be chosen. */
export class Clearance {
  readonly arm: Articulation;
  private readonly colliders = new ColliderSet();
  private readonly world: World;
  private readonly point = new Float64Array(3);

  constructor(model: ArticulationModel) {
    this.world = new World({ timestep: 1 / 240 });
    this.arm = this.world.addArticulation(model);
    for (const [link, { collision }] of model.links.entries()) {
      for (const shape of collision) {
        const quaternion = (shape.type === "sphere" ? undefined : shape.quaternion) ?? IDENTITY_QUATERNION;
        this.colliders.add(linkColliderShape(shape), { link, free: -1 }, 0, shape.position, quaternion);
      }
    }
  }

  /** Return the height of the lowest point of each link's shapes, m; infinite for a link that has none. */
  lowestPoints(positions: ArrayLike<number>): Float64Array {
    const { arm, colliders, point } = this;
    arm.reset(positions);
    const lowest = new Float64Array(arm.numLinks).fill(Number.POSITIVE_INFINITY);
    for (let collider = 0; collider < colliders.count; collider++) {
      const link = colliders.link[collider]!;
      colliders.place(collider, arm.linkPositions, 3 * link, arm.linkRotations, 9 * link);
      supportPoint(colliders, collider, 0, 0, -1, point, 0);
      lowest[link] = Math.min(lowest[link]!, point[2]! - coreRadius(colliders, collider));
    }
    return lowest;
  }

  /** List the pairs of links that overlap, of those that can hit each other. */
  overlaps(positions: ArrayLike<number>): (readonly [string, string])[] {
    this.arm.reset(positions);
    const found = this.world.overlaps();
    return [
      ...new Map(found.map(({ bodyA, bodyB }) => [`${bodyA}\n${bodyB}`, [bodyA, bodyB] as const])).values(),
    ];
  }
}

/** The links that a joint of the arm moves, those of the hand and beyond left out: what must stay above the table. */
export function linksBeforeHand({ links }: ArticulationModel, hand: string): number[] {
  const arm = new Articulation({ links });
  const carrier = arm.carriers[arm.linkIndex(hand)]!;
  const isOfHand = (link: number): boolean =>
    link >= 0 && (arm.carriers[link] === carrier || isOfHand(links[link]!.parent));
  return [...links.keys()].filter((link) => arm.carriers[link]! >= 0 && !isOfHand(link));
}
