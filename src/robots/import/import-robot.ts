// A description becomes robot data, with everything that the file does not say told as an assumption.
import type { Vec3 } from "../../math/vector.js";
import { Articulation } from "../../physics/articulation/articulation.js";
import type { LinkModel } from "../../physics/articulation/articulation-model.js";
import { fittingToolStep } from "../control/robot-scale.js";
import type { BasePose, RobotLooks, RobotModel } from "../models/robot-model.js";
import type { RobotDescription } from "./description.js";
import { readUrdf } from "./formats/read-urdf.js";
import { parseXml } from "./formats/xml.js";
import { CollisionShapes } from "./geometry/collision-shapes.js";
import { completeInertials } from "./geometry/inertials.js";
import { MeshLibrary } from "./geometry/mesh-library.js";
import { allowHomeOverlaps, allowUsualOverlaps } from "./geometry/overlapping-links.js";
import type { ReadFile } from "./geometry/triangle-mesh.js";
import { countedLinks, countedMeshes, type OnProgress } from "./import-progress.js";
import { buildLinks, findRoot } from "./links.js";
import { requireValidRobot } from "./require-valid-robot.js";
import { nameRobot } from "./robot-name.js";
import { measureEndEffector } from "./structure/end-effector.js";
import { findRoles } from "./structure/joint-roles.js";
import { weldLooseJoints } from "./structure/loose-joints.js";
import { tellGrip } from "./structure/measure-grip.js";
import { takeTree } from "./structure/trees.js";
import { withServos } from "./tuning/actuators.js";
import { withGripperServo } from "./tuning/gripper-servo.js";
import { withArmLimits } from "./tuning/joint-limits.js";
import { findWorkingPlace, type WorkingPlace } from "./tuning/working-place.js";
import { looksOf, type MeshDrawing } from "./visuals/robot-looks.js";

/** How a description is imported. */
export interface ImportOptions {
  /** Short name of the robot; default: the description's own. */
  readonly id?: string;
  /** Default: meshes are left out. */
  readonly readMesh?: ReadFile;
  /** Default: visual meshes are left out. */
  readonly drawing?: MeshDrawing;
  /** Link that the arm stands on; default: the file's own root, or what carries several arms. */
  readonly root?: string;
  /** Link that is the tool's frame, z out of the hand; of several arms it takes the one that it is on. */
  readonly tip?: string;
  /** Joint that moves the fingers. */
  readonly gripper?: string;
  /** Is told how the import is getting on. */
  readonly onProgress?: OnProgress;
  /** Where the fixed base stands; default: found from where the hand reaches the table. */
  readonly base?: BasePose;
}

const NO_PLACE =
  "the hand reaches no region pointing down, however the base stands and the tool is turned: tasks refuse this robot until its " +
  "regions are set";

/** Robot data and what was assumed to make it. */
export interface RobotImport {
  readonly robot: RobotModel;
  readonly assumptions: readonly string[];
  /** The file that the meshes of its looks lie in. */
  readonly meshFile?: Uint8Array;
}

/** Import the URDF `text`, which `file` names in errors; throws a UsageError that names the file and line of a mistake. */
export function importUrdf(
  text: string,
  { file, ...options }: ImportOptions & { readonly file: string },
): RobotImport {
  return importRobot(readUrdf(parseXml(text, file), file), options);
}

/**
 * Make a robot of a description; of several arms the one that looks most like one, `importRobots` makes all.
 *
 * Throws a UsageError that names the file and line of what no robot has, or what a file holds that has no arm.
 */
export function importRobot(described: RobotDescription, options: ImportOptions = {}): RobotImport {
  const draft = draftRobot(described, withCountedMeshes(described, options));
  options.onProgress?.({ phase: "place" });
  const place = findWorkingPlace(draft.robot, {
    ...(options.base ? { base: options.base } : {}),
    anyAxis: draft.anyAxis,
  });
  options.onProgress?.({ phase: "grip" });
  return finishRobot(draft, place);
}

/** The options with a `readMesh` that tells which of the meshes it reads. */
export function withCountedMeshes(described: RobotDescription, options: ImportOptions): ImportOptions {
  const { readMesh, onProgress } = options;
  return readMesh && onProgress
    ? { ...options, readMesh: countedMeshes(described, readMesh, onProgress) }
    : options;
}

/** A robot whose place is still to be found, and what that takes. */
export interface RobotDraft {
  /** It stands at the origin. */
  readonly robot: RobotModel;
  readonly joints: RobotDescription["joints"];
  readonly assumptions: string[];
  /** Whether its tool's z axis is a guess. */
  readonly anyAxis: boolean;
  readonly meshFile?: Uint8Array;
}

/** What robots of one file have in common. */
export interface SharedParts {
  readonly meshes: MeshLibrary;
  readonly shapes: CollisionShapes;
  /** What it is drawn as, where that is known. */
  readonly looks?: RobotLooks;
}

/** Make of a description all of a robot but where it works. */
export function draftRobot(
  described: RobotDescription,
  options: ImportOptions,
  shared?: SharedParts,
): RobotDraft {
  const { file } = described;
  const assumptions: string[] = [...described.notes];
  const assume = (assumption: string) => void assumptions.push(assumption);
  const tree = takeTree(weldLooseJoints(described, assume), options, assume);
  const root = findRoot(tree, file);
  const meshes = shared?.meshes ?? new MeshLibrary(file, options.readMesh, assume);
  const description = completeInertials(tree, root.name, meshes, assume);
  const roles = findRoles(description, root, { ...options, assume });
  const driven = [...roles.arm, ...(roles.gripper ? [roles.gripper] : [])].map(({ name }) => name);
  const built = buildLinks(description, root, {
    file,
    shapes:
      shared?.shapes ??
      new CollisionShapes(meshes, assume, options.onProgress && countedLinks(tree, options.onProgress)),
    assume,
    driven,
    followers: roles.followers,
    welded: roles.welded,
  });
  if (built.every(({ collision }) => collision.length === 0))
    assume("there are no collision shapes: nothing touches it");
  const armJoints = roles.arm.map(({ name }) => name);
  const limited = withArmLimits(built, description.joints, armJoints, assume);
  const arm = new Articulation({ links: limited });
  const { gripper, tcp } = measureEndEffector(arm, roles, assume);
  const links = gripper ? withGripperServo(limited, gripper, description.joints, assume) : limited;
  const middle = armJoints.map((name, k) =>
    Math.max(arm.lowerLimits[k]!, Math.min(arm.upperLimits[k]!, description.posture?.get(name) ?? 0)),
  );
  const zero: Vec3 = [0, 0, 0];
  const drawn = shared
    ? shared.looks && { looks: shared.looks }
    : looksOf(description, root, { readFile: options.readMesh, drawing: options.drawing, assume });
  const robot: RobotModel = {
    ...nameRobot(description, options.id, assume),
    articulation: allowUsualOverlaps({ links, mayOverlap: knownPairs(description, links) }, assume),
    armJoints,
    home: [...middle, ...(gripper ? [gripper.open] : [])],
    rest: middle,
    ...(gripper ? { gripper } : {}),
    tcp,
    workspace: { low: zero, high: zero },
    taskRegion: { low: zero, high: zero },
    start: zero,
    ...(drawn ? { looks: drawn.looks } : {}),
    source: `Imported from ${file}.`,
  };
  const meshFile = drawn && "meshFile" in drawn ? drawn.meshFile : undefined;
  return {
    robot,
    joints: description.joints,
    assumptions,
    anyAxis: !gripper && options.tip === undefined,
    ...(meshFile ? { meshFile } : {}),
  };
}

/** Make the robot of its draft and the place that was found for it, if any. */
export function finishRobot(
  { robot: draft, joints, assumptions, meshFile }: RobotDraft,
  place: WorkingPlace | undefined,
): RobotImport {
  const assume = (assumption: string) => void assumptions.push(assumption);
  for (const note of place?.notes ?? [NO_PLACE]) assume(note);
  const standing = place?.robot ?? allowHomeOverlaps(draft, assume);
  const servoed = withServos(standing, joints, assume);
  const robot: RobotModel = place ? { ...servoed, toolStep: fittingToolStep(servoed) } : servoed;
  tellGrip(robot, assume);
  requireValidRobot(robot);
  return { robot, assumptions, ...(meshFile ? { meshFile } : {}) };
}

/** Pairs of links that the file says never touch, as far as they are the robot's. */
function knownPairs({ mayOverlap }: RobotDescription, links: readonly LinkModel[]) {
  const names = new Set(links.map(({ name }) => name));
  return mayOverlap.filter((pair) => pair.every((name) => names.has(name)));
}
