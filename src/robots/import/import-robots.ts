// A description that holds several arms becomes a robot for each of them, standing as in the file.
import { multiplyQuaternions, rotateVector } from "../../math/quaternion.js";
import { optionText } from "../../math/usage-error.js";
import { add, unit } from "../../math/vector.js";
import { mountedLinks } from "../models/robot-base.js";
import type { BasePose, RobotLooks } from "../models/robot-model.js";
import type { RobotDescription } from "./description.js";
import { CollisionShapes } from "./geometry/collision-shapes.js";
import { MeshLibrary } from "./geometry/mesh-library.js";
import { countedLinks } from "./import-progress.js";
import {
  draftRobot,
  finishRobot,
  type ImportOptions,
  importRobot,
  type RobotDraft,
  type RobotImport,
  withCountedMeshes,
} from "./import-robot.js";
import { findRoot } from "./links.js";
import { weldLooseJoints } from "./structure/loose-joints.js";
import { type ArmOfSeveral, splitArms } from "./structure/split-arms.js";
import { takeTree } from "./structure/trees.js";
import { mounted } from "./tuning/mounting.js";
import { type Ahead, findWorkingPlace, type WorkingPlace } from "./tuning/working-place.js";
import { looksOf, type MadeLooks } from "./visuals/robot-looks.js";

/** A robot of a file with what it is called in a cell. */
export interface NamedImport extends RobotImport {
  /** "left" and "right", or as the file has it; empty where it is the only arm. */
  readonly name: string;
}

/** Of the region that tasks want this share is enough to try no other place of what carries the arms. */
const GOOD = 0.3;
/** The middles of the regions of two arms are no nearer to each other than this, as a share of how far they stand apart at least, m. */
const APART = 0.3;
/** Arms that stand further apart than this, m, along the way ahead work between each other. */
const FACING = 0.4;

/**
 * Make a robot of each arm of a description; throws a UsageError as `importRobot`.
 *
 * Of several arms each gets its own links on what carries it, and stands where the file has it: what carries them all is placed so that
 * every arm reaches a region. Their ids are `options.id` or the file's name, and the arm's. `root`, `tip` or `gripper` take one arm only.
 * The mesh file of the first holds the meshes of all.
 */
export function importRobots(described: RobotDescription, options: ImportOptions = {}): NamedImport[] {
  const { root, tip, gripper, drawing, onProgress } = options;
  const isOne = root !== undefined || tip !== undefined || gripper !== undefined;
  const notes: string[] = [];
  const assume = (note: string) => void notes.push(note);
  const whole = takeTree(weldLooseJoints(described, assume), options, assume);
  const arms = isOne ? [] : splitArms(whole);
  if (arms.length < 2) return [{ name: "", ...importRobot(described, options) }];
  assume(tellArms(arms));
  const { readMesh } = withCountedMeshes(whole, options);
  const meshes = new MeshLibrary(whole.file, readMesh, assume);
  const shapes = new CollisionShapes(meshes, assume, onProgress && countedLinks(whole, onProgress));
  const base = findRoot(whole, whole.file);
  const drawn = looksOf(whole, base, { readFile: readMesh, drawing, assume });
  const drafts = arms.map((arm) => {
    const looks = drawn && looksOfArm(drawn, base.name, arm);
    const id = options.id === undefined ? undefined : `${options.id}-${arm.name}`;
    const draft = draftRobot(
      arm.description,
      { ...options, ...(id === undefined ? {} : { id }) },
      { meshes, shapes, ...(looks ? { looks } : {}) },
    );
    return inFileFrame(draft, arm.mount);
  });
  onProgress?.({ phase: "place" });
  const places = placeAll(drafts, arms, options.base);
  const stand = places.find(Boolean)?.robot.base ?? AT_ORIGIN;
  onProgress?.({ phase: "grip" });
  return drafts.map((draft, index): NamedImport => {
    const place = places[index];
    // an arm that reaches no region stands with the others
    const standing = place
      ? draft
      : { ...draft, robot: mounted(draft.robot, { base: stand, tool: NO_TURN }) };
    const { robot, assumptions } = finishRobot(standing, place);
    return {
      name: arms[index]!.name,
      robot: { ...robot, base: composed(stand, arms[index]!.mount) },
      assumptions:
        index === 0 ? [...notes, ...assumptions] : assumptions.filter((note) => !notes.includes(note)),
      ...(index === 0 && drawn?.meshFile ? { meshFile: drawn.meshFile } : {}),
    };
  });
}

const NO_TURN = [0, 0, 0, 1] as const;
const AT_ORIGIN: BasePose = { position: [0, 0, 0], quaternion: NO_TURN };

function tellArms(arms: readonly ArmOfSeveral[]): string {
  const said = arms.map(({ name, numJoints, tip }) => `"${name}" (${numJoints} joints to "${tip}")`);
  return (
    `there are ${arms.length} arms, ${said.join(" and ")}: each is a robot of its own; ` +
    `${optionText("tip", arms[0]!.tip)} takes one only`
  );
}

/** Looks of the whole file as those of an arm on its foot. */
function looksOfArm({ looks }: MadeLooks, root: string, { description }: ArmOfSeveral): RobotLooks {
  const of = (name: string) => (name === root ? looks.base : looks.links[name]);
  const [foot, ...others] = description.links;
  const base = of(foot!.name);
  const links = others.flatMap(({ name }) => {
    const shapes = of(name);
    return shapes ? [[name, shapes] as const] : [];
  });
  const welded = foot!.collisions.length > 0 ? [[foot!.name, []] as const] : [];
  return { ...(base ? { base } : {}), links: Object.fromEntries([...links, ...welded]) };
}

/** The draft on its foot, moved to where that is in the frame of the file's root. */
function inFileFrame(draft: RobotDraft, mount: BasePose): RobotDraft {
  const { robot } = draft;
  const { articulation } = robot;
  const links = mountedLinks(articulation.links, mount);
  return { ...draft, robot: { ...robot, articulation: { ...articulation, links } } };
}

/** Place what carries all so that the arm that gets least of its region gets most. */
function placeAll(
  drafts: readonly RobotDraft[],
  arms: readonly ArmOfSeveral[],
  base: BasePose | undefined,
): readonly (WorkingPlace | undefined)[] {
  const find = (index: number, stand: BasePose | undefined) => {
    const { robot, anyAxis } = drafts[index]!;
    const place = (lines: (root: BasePose) => readonly Ahead[]) =>
      findWorkingPlace(robot, { ...(stand ? { base: stand } : {}), anyAxis, ahead: lines });
    const lines = (root: BasePose) => linesOf(arms, index, root);
    // most arms work where the first line leads, and a search that fails takes longest
    return place((root) => lines(root).slice(0, 1)) ?? place((root) => lines(root).slice(1));
  };
  const least = (places: readonly (WorkingPlace | undefined)[]) =>
    Math.min(...places.map((place) => place?.share ?? 0));
  let best: readonly (WorkingPlace | undefined)[] = drafts.map(() => undefined);
  for (const first of drafts.keys()) {
    const own = find(first, base);
    if (!own) continue;
    const stand = own.robot.base ?? AT_ORIGIN;
    const places = drafts.map((_, index) => (index === first ? own : find(index, stand)));
    const found = places.filter(Boolean).length - best.filter(Boolean).length;
    if (found > 0 || (found === 0 && least(places) > least(best))) best = places;
    if (least(best) > GOOD || base) break;
  }
  return best;
}

/** Where an arm looks for its region: ahead of what carries all, on its own side; ahead of its own foot; towards the other arms. */
function linesOf(arms: readonly ArmOfSeveral[], index: number, root: BasePose): Ahead[] {
  const feet = arms.map(({ mount }) => composed(root, mount).position);
  const foot = feet[index]!;
  const centre = [0, 1].map((k) => feet.reduce((sum, one) => sum + one[k]!, 0) / feet.length);
  const [dx, dy] = [foot[0] - centre[0]!, foot[1] - centre[1]!];
  const side = Math.sign(dy) || (index % 2 === 0 ? 1 : -1);
  const aside = side * Math.max(Math.abs(dy), APART / 2);
  const ahead = { from: [centre[0]!, centre[1]! + aside], along: [1, 0] } as const;
  const own = { from: [foot[0], foot[1]], along: [1, 0] } as const;
  const [x, y] = unit([-dx, -dy, 0]) ?? [1, 0];
  const inward = { from: [foot[0], foot[1]], along: [x, y] } as const;
  return Math.abs(dx) > Math.max(FACING, Math.abs(dy)) ? [inward, own] : [ahead, own, inward];
}

function composed({ position, quaternion }: BasePose, inner: BasePose): BasePose {
  return {
    position: add(position, rotateVector(quaternion, inner.position)),
    quaternion: multiplyQuaternions(quaternion, inner.quaternion),
  };
}
