// The whole state of a world as plain data, so that it can be stored and become the same bits again.
import type { Articulation } from "./articulation/articulation.js";
import { FIXTURE_STATE_SIZE, type Fixture } from "./bodies/fixture.js";
import { BODY_STATE_SIZE, type FreeBody } from "./bodies/free-body.js";
import type { ContactBuffer } from "./collision/contact-buffer.js";
import type { ContactSolver } from "./solver/contact-solver.js";
import type { WarmStartSnapshot } from "./solver/warm-start-cache.js";

/** State that decides every later step; made by `World.snapshot`. */
export interface WorldSnapshot {
  /** Joint positions, velocities, targets, feed-forward and bias forces, one after another; empty without an arm. */
  readonly joints: Float64Array;
  /** Placements of the links that stand on the base, 7 numbers each; empty without an arm. */
  readonly roots: Float64Array;
  /** Per box: position 3, quaternion 4, velocity 3, angular velocity 3, world inverse inertia 9. */
  readonly freeBodies: Float64Array;
  /** Per fixture: position 3, quaternion 4. */
  readonly fixtures: Float64Array;
  readonly warmStart: WarmStartSnapshot;
  /** Per contact of the last step: pair and the two colliders. */
  readonly contactIndices: Int32Array;
  /** Per contact: normal 3, point on A 3, point on B 3, normal force 1, friction force 3. */
  readonly contactValues: Float64Array;
}

/** What of a world is its state. */
interface WorldState {
  readonly articulation?: Articulation | undefined;
  readonly freeBodies: readonly FreeBody[];
  readonly fixtures: readonly Fixture[];
  readonly contactBuffer: ContactBuffer;
  readonly solver: ContactSolver;
}

const PER_CONTACT = 13;

/** Copy the state of `world`. */
export function snapshotWorld(world: WorldState): WorldSnapshot {
  const arm = world.articulation;
  const joints = arm ? jointArrays(arm).flatMap((array) => [...array]) : [];
  const roots = arm ? arm.rootLinks.flatMap((link) => [...arm.placement(link)]) : [];
  const freeBodies = world.freeBodies.flatMap((body) => body.state());
  const buffer = world.contactBuffer;
  const indices: number[] = [];
  const values: number[] = [];
  for (let c = 0; c < buffer.count; c++) {
    indices.push(buffer.pair[c]!, buffer.colliderA[c]!, buffer.colliderB[c]!);
    for (const [array, size] of contactArrays(buffer))
      values.push(...array.subarray(size * c, size * c + size));
  }
  return {
    joints: Float64Array.from(joints),
    roots: Float64Array.from(roots),
    freeBodies: Float64Array.from(freeBodies),
    fixtures: Float64Array.from(world.fixtures.flatMap((fixture) => fixture.state())),
    warmStart: world.solver.cache.snapshot(),
    contactIndices: Int32Array.from(indices),
    contactValues: Float64Array.from(values),
  };
}

/** Put `snapshot` into `world`; throws a RangeError where the world holds other things than the snapshot's. */
export function restoreWorld(world: WorldState, snapshot: WorldSnapshot): void {
  const { joints, roots, freeBodies, fixtures, contactIndices, contactValues } = snapshot;
  const arm = world.articulation;
  const arrays = arm ? jointArrays(arm) : [];
  const numDofs = arm?.numDofs ?? 0;
  if (
    joints.length !== arrays.length * numDofs ||
    freeBodies.length !== BODY_STATE_SIZE * world.freeBodies.length
  ) {
    const has = `${joints.length} joint values and ${freeBodies.length} body values`;
    const wants = `${arrays.length * numDofs} and ${BODY_STATE_SIZE * world.freeBodies.length}`;
    throw new RangeError(`the snapshot has ${has}, but this world has ${wants}`);
  }
  if (fixtures.length !== FIXTURE_STATE_SIZE * world.fixtures.length) {
    const [has, wants] = [fixtures.length / FIXTURE_STATE_SIZE, world.fixtures.length];
    throw new RangeError(`the snapshot has ${has} fixtures, but this world has ${wants}`);
  }
  for (const [index, array] of arrays.entries())
    array.set(joints.subarray(index * numDofs, (index + 1) * numDofs));
  for (const [index, link] of (arm?.rootLinks ?? []).entries())
    arm!.place(link, roots.subarray(7 * index, 7 * index + 7));
  arm?.forwardKinematics();
  arm?.updateVelocities();
  for (const [index, body] of world.freeBodies.entries())
    body.restore(freeBodies.subarray(BODY_STATE_SIZE * index, BODY_STATE_SIZE * (index + 1)));
  for (const [index, fixture] of world.fixtures.entries())
    fixture.restore(fixtures.subarray(FIXTURE_STATE_SIZE * index, FIXTURE_STATE_SIZE * (index + 1)));
  world.solver.cache.restore(snapshot.warmStart);
  const buffer = world.contactBuffer;
  buffer.count = contactIndices.length / 3;
  buffer.forcesKnown = true;
  for (let c = 0; c < buffer.count; c++) {
    buffer.pair[c] = contactIndices[3 * c]!;
    buffer.colliderA[c] = contactIndices[3 * c + 1]!;
    buffer.colliderB[c] = contactIndices[3 * c + 2]!;
    let o = PER_CONTACT * c;
    for (const [array, size] of contactArrays(buffer)) {
      array.set(contactValues.subarray(o, o + size), size * c);
      o += size;
    }
  }
}

function jointArrays(arm: Articulation): Float64Array[] {
  return [arm.jointPositions, arm.jointVelocities, arm.jointTargets, arm.feedForward, arm.biasForces];
}

function contactArrays(buffer: ContactBuffer): [Float64Array, number][] {
  const { normal, pointA, pointB, normalForce, frictionForce } = buffer;
  return [
    [normal, 3],
    [pointA, 3],
    [pointB, 3],
    [normalForce, 1],
    [frictionForce, 3],
  ];
}
