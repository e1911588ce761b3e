// Read an MJCF, MuJoCo's format: links and joints of the robot in it, every mistake told with its file and line.
import type { RobotDescription } from "../../description.js";
import type { ReadFile } from "../../geometry/triangle-mesh.js";
import type { XmlElement } from "../xml.js";
import { childOf, numberOf, vectorOf } from "../xml-values.js";
import { readActuators } from "./actuators.js";
import { readAssets } from "./assets.js";
import { type MjcfBody, type MjcfJoint, readBodies } from "./bodies.js";
import { massOfBody } from "./body-mass.js";
import { type CompilerSettings, readCompiler } from "./compiler.js";
import { neverTouching, pairedGeoms } from "./contacts.js";
import { drivenTogether, readRelations, readTendons, settle } from "./couplings.js";
import { DefaultClasses } from "./default-classes.js";
import { drivesOf } from "./drives.js";
import { withIncludes } from "./include.js";
import { geomsOf, linksOf } from "./links.js";
import { closeLoops } from "./loops.js";
import { readPosture } from "./posture.js";
import { chooseRobots, drivenJoints, isScalar, jointsOf } from "./robot-tree.js";

/**
 * Read the robot in `document`, whose root is `<mujoco>`; `file` names it in errors.
 *
 * `readFile` gives files by names relative to its folder: what it includes, and meshes where masses come of them.
 *
 * The robot is the tree of bodies with the most driven joints; others with as many are trees of the description too. A body whose joint has an anchor elsewhere than in its origin has
 * its link's frame at that anchor. What MuJoCo has and the importer has not is told in notes. Throws a UsageError that names
 * the file and line of a mistake.
 */
export function readMjcf(document: XmlElement, file: string, readFile: ReadFile): RobotDescription {
  const root = withIncludes(document, readFile);
  const sections = (name: string) => root.children.filter((child) => child.name === name);
  const notes: string[] = [];
  const settings = readCompiler(sections("compiler"));
  const classes = new DefaultClasses(sections("default"));
  const assets = readAssets(sections("asset"), { settings, classes, readFile });
  const tree = readBodies(sections("worldbody"), settings, classes);
  const tendons = readTendons(sections("tendon"));
  const actuators = readActuators(sections("actuator"), settings, classes);
  notes.push(...assets.notes, ...tree.notes);
  const driven = drivenJoints(actuators, tendons);
  const robots = chooseRobots(tree, driven, file, notes);
  const scalar = robots.flatMap(jointsOf).filter(isScalar);
  const joints = new Map(scalar.map((joint) => [joint.name, joint]));
  const relations = readRelations(sections("equality"), { joints, tendons, classes, notes });
  relations.push(...drivenTogether(actuators, { joints, tendons, relations, notes }));
  relations.push(
    ...closeLoops(robots, sections("equality"), { settings, classes, relations, driven, notes }),
  );
  const { mimics, locked } = settle(relations, leadersFirst(joints, driven));
  const drives = drivesOf(actuators, { joints, tendons, mimics, settings });
  const massFactor = massFactorOf(tree.bodies, { settings, assets }, notes);
  const paired = pairedGeoms(sections("contact"));
  const options = { settings, assets, paired, mimics, locked, drives, massFactor };
  const { links, joints: described, touching, numSitesLeftOut } = linksOf(robots, options);

  const posture = readPosture(sections("keyframe"), tree.joints, notes);
  if (posture) notes.push(`the keyframe "${posture.name}" gives a posture`);
  if (numSitesLeftOut > 0)
    notes.push(`${numSitesLeftOut} sites that mark no frame of the robot are left out`);
  tellOfJoints(robots, { settings, locked: new Set(locked.keys()) }, notes);
  tellOfOptions(sections("option"), notes);
  return {
    name: root.attributes.get("model") || baseName(file),
    file,
    links,
    joints: described,
    mayOverlap: neverTouching(sections("contact"), touching),
    ...(posture
      ? { posture: new Map([...posture.positions].filter(([name]) => joints.has(name) && !locked.has(name))) }
      : {}),
    notes,
  };
}

/** Joints with an actuator of their own lead those that move with them. */
function leadersFirst(joints: ReadonlyMap<string, MjcfJoint>, driven: ReadonlySet<string>): string[] {
  const names = [...joints.keys()];
  return [...names.filter((name) => driven.has(name)), ...names.filter((name) => !driven.has(name))];
}

/** What all masses are multiplied by so that their sum is the one that the file asks for. */
function massFactorOf(
  bodies: readonly MjcfBody[],
  reading: Parameters<typeof geomsOf>[1],
  notes: string[],
): number {
  const { totalMass } = reading.settings;
  if (totalMass === undefined) return 1;
  let sum = 0;
  let isKnown = true;
  const visit = (body: MjcfBody) => {
    const mass = massOfBody(body, geomsOf(body, reading), reading.settings);
    if ("known" in mass) sum += mass.known.mass;
    else if (mass.solids.length > 0) isKnown = false;
    body.bodies.forEach(visit);
  };
  bodies.forEach(visit);
  if (isKnown && sum > 0) return totalMass / sum;
  notes.push(`settotalmass="${totalMass}" is left out: masses that meshes give are not known yet`);
  return 1;
}

/** Tell what joints have that the importer leaves out. */
function tellOfJoints(
  robots: readonly MjcfBody[],
  { settings, locked }: { readonly settings: CompilerSettings; readonly locked: ReadonlySet<string> },
  notes: string[],
): void {
  const names = (joints: readonly MjcfJoint[]) => joints.map(({ name }) => `"${name}"`).join(", ");
  const joints = robots.flatMap(jointsOf);
  const balls = joints.filter(({ type }) => type === "ball");
  if (balls.length > 0) notes.push(`ball joints are welded as the file places them: ${names(balls)}`);
  const free = robots.filter((robot) => robot.joints.some(({ type }) => type === "free"));
  for (const { name } of free) notes.push(`"${name}" floats freely: its base is held`);
  const springs = joints.filter(
    ({ name, element }) => !locked.has(name) && numberOf(element, "stiffness", { fallback: 0 }) > 0,
  );
  if (springs.length > 0) {
    const rests = springs.map(({ name, element, type }) => {
      const unit = type === "hinge" ? settings.radians : 1;
      return `"${name}" (${element.attributes.get("stiffness")} at ${Number((numberOf(element, "springref", { fallback: 0 }) * unit).toFixed(4))})`;
    });
    notes.push(`springs of joints are left out: ${rests.join(", ")}`);
  }
  for (const name of locked) {
    const joint = joints.find((other) => other.name === name);
    if (joint) notes.push(`joint "${name}" is held by a constraint: welded`);
  }
}

function tellOfOptions(sections: readonly XmlElement[], notes: string[]): void {
  for (const section of sections) {
    const gravity = vectorOf(section, "gravity", [0, 0, -9.81]);
    if (gravity[0] !== 0 || gravity[1] !== 0 || Math.abs(gravity[2] + 9.81) > 0.02) {
      notes.push(`the file's gravity is (${gravity.join(", ")}) m/s², here (0, 0, -9.81)`);
    }
    const flag = childOf(section, "flag");
    if (flag?.attributes.get("gravity") === "disable") notes.push("the file has no gravity, here it pulls");
  }
}

function baseName(file: string): string {
  return file.replace(/^.*[/\\]/, "").replace(/\.[^.]*$/, "") || "robot";
}
