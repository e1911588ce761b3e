// The parts of a cell around the arm: the table, free bodies, fixtures and areas; the world steps and stores what of them moves.
import { IDENTITY_QUATERNION } from "../../math/quaternion.js";
import type { Fixture } from "../../physics/bodies/fixture.js";
import type { FreeBody } from "../../physics/bodies/free-body.js";
import type { World } from "../../physics/world.js";
import type { RobotModel } from "../../robots/models/robot-model.js";
import type { Color, SceneEntity } from "../../scene/scene.js";
import { type Area, areaEntity } from "../area.js";
import type { RobotCellOptions } from "../cell-options.js";
import { type CellPart, writePose } from "./cell-part.js";
import { bodyEntity, fixtureEntity } from "./object-shapes.js";

/** How far the table is drawn behind the arm's base and, if not told, ahead of it, m. */
const TABLE_BEHIND = 0.4;
const TABLE_AHEAD = 1.1;
const BEYOND_WORKSPACE = 0.2;
const TABLE_COLOR: Color = [0.7, 0.67, 0.63, 1];
const ORIGIN = [0, 0, 0] as const;

/** Store all that physics moves: bodies that touch are one system, of which no one has a state of its own. */
export function physicsPart(world: World): CellPart {
  return {
    endStep: () => world.pull(undefined),
    snapshot: () => ({ world: world.snapshot() }),
    restore: (snapshot) => world.restore(snapshot.world),
  };
}

/** Make the table that everything stands on, drawn up to `ahead` m ahead of the arm, by default beyond all workspaces and bases. */
export function tablePart(
  robots: readonly Pick<RobotModel, "workspace" | "base">[],
  { ahead = furthest(robots) }: NonNullable<RobotCellOptions["table"]> = {},
): CellPart {
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
  return { entities: () => [table], poses: (out, offset) => writePose(out, offset, ORIGIN) };
}

function furthest(robots: readonly Pick<RobotModel, "workspace" | "base">[]): number {
  const reached = robots.map(({ workspace, base }) => Math.max(workspace.high[0], base?.position[0] ?? 0));
  return Math.max(TABLE_AHEAD, ...reached.map((x) => x + BEYOND_WORKSPACE));
}

/** Make the part of a free body. */
export function bodyPart(body: FreeBody, color: Color): CellPart {
  return {
    entities: () => [bodyEntity(body, color)],
    poses: (out, offset) => writePose(out, offset, body.position, body.quaternion),
  };
}

/** Make the part of a box that only a reset moves. */
export function fixturePart(fixture: Fixture, color: Color): CellPart {
  return {
    entities: () => [fixtureEntity(fixture, color)],
    poses: (out, offset) => writePose(out, offset, fixture.position, fixture.quaternion),
  };
}

/** Make the part of an area where things start or goals lie; it is placed by its shape. */
export function areaPart(area: Area): CellPart {
  return {
    entities: () => [areaEntity(area)],
    poses: (out, offset) => writePose(out, offset, ORIGIN),
  };
}
