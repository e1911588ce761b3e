// The parts of a cell as they are drawn: each says what it is drawn as and where all of that is, so that no two lists need the same order.
import { IDENTITY_QUATERNION } from "../math/quaternion.js";
import type { Articulation } from "../physics/articulation/articulation.js";
import type { Fixture } from "../physics/bodies/fixture.js";
import type { FreeBody } from "../physics/bodies/free-body.js";
import { robotShapes } from "../robots/looks/robot-shapes.js";
import type { RobotModel } from "../robots/models/robot-model.js";
import { type Color, POSE_SIZE, type SceneEntity } from "../scene/scene.js";
import { type Area, areaEntity } from "./area.js";
import type { RobotCellOptions } from "./cell-options.js";
import type { Mechanism } from "./mechanism.js";
import { bodyEntity, fixtureEntity } from "./object-shapes.js";

/** A part of a cell. */
export interface CellPart {
  /** What it is drawn as now; sizes may change between episodes. */
  entities(): readonly SceneEntity[];
  /** Write the pose of each of the entities from `out[offset]` on; returns the offset behind the last. */
  poses(out: Float64Array, offset: number): number;
}

/** How far the table is drawn behind the arm's base and, if not told, ahead of it, m. */
const TABLE_BEHIND = 0.4;
const TABLE_AHEAD = 1.1;
const TABLE_COLOR: Color = [0.7, 0.67, 0.63, 1];
const ORIGIN = [0, 0, 0] as const;

/** The table that everything stands on, drawn up to `ahead` m ahead of the arm. */
export function tablePart({ ahead = TABLE_AHEAD }: NonNullable<RobotCellOptions["table"]> = {}): CellPart {
  const table: SceneEntity = {
    id: "table",
    kind: "table",
    shapes: [
      {
        type: "box",
        size: [TABLE_BEHIND + ahead, 1.2, 0.04],
        position: [(ahead - TABLE_BEHIND) / 2, 0, -0.02],
        quaternion: IDENTITY_QUATERNION,
        color: TABLE_COLOR,
      },
    ],
  };
  return { entities: () => [table], poses: writeIdentity };
}

/** The arm: its base, which stands at the origin, and its links. */
export function armPart(model: RobotModel, arm: Articulation): CellPart {
  const { length } = model.articulation.links;
  return {
    entities: () => robotShapes(model).map(({ id, shapes }) => ({ id, kind: "link", shapes })),
    poses: (out, offset) => writeLinks(arm, 0, length, out, writeIdentity(out, offset)),
  };
}

/** A mechanism: its links, which stand in the arm's articulation. */
export function mechanismPart({ entities, firstLink }: Mechanism, arm: Articulation): CellPart {
  return {
    entities: () => entities,
    poses: (out, offset) => writeLinks(arm, firstLink, entities.length, out, offset),
  };
}

/** A free body. */
export function bodyPart(body: FreeBody, color: Color): CellPart {
  return {
    entities: () => [bodyEntity(body, color)],
    poses: (out, offset) => writePose(out, offset, body.position, body.quaternion),
  };
}

/** The sphere that marks the goal; `place` tells where it is, m. */
export function goalPart(
  { radius, color, seenInFirst }: NonNullable<RobotCellOptions["goal"]>,
  place: () => ArrayLike<number>,
): CellPart {
  const goal: SceneEntity = {
    id: "goal",
    kind: "goal",
    shapes: [{ type: "sphere", radius, color, position: ORIGIN, quaternion: IDENTITY_QUATERNION }],
    ...(seenInFirst === undefined ? {} : { seenInFirst }),
  };
  return {
    entities: () => [goal],
    poses: (out, offset) => writePose(out, offset, place(), IDENTITY_QUATERNION),
  };
}

/** An area where things start or goals lie; it is placed by its shape. */
export function areaPart(area: Area): CellPart {
  return { entities: () => [areaEntity(area)], poses: writeIdentity };
}

/** A box that only a reset moves. */
export function fixturePart(fixture: Fixture, color: Color): CellPart {
  return {
    entities: () => [fixtureEntity(fixture, color)],
    poses: (out, offset) => writePose(out, offset, fixture.position, fixture.quaternion),
  };
}

function writeIdentity(out: Float64Array, offset: number): number {
  return writePose(out, offset, ORIGIN, IDENTITY_QUATERNION);
}

function writePose(
  out: Float64Array,
  offset: number,
  position: ArrayLike<number>,
  quaternion: ArrayLike<number>,
): number {
  out.set(position, offset);
  out.set(quaternion, offset + 3);
  return offset + POSE_SIZE;
}

function writeLinks(
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
