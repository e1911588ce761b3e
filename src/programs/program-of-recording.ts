// Recorded episodes as programs: the corners of the tool's path, and what the fingers did.
import { UsageError } from "../math/usage-error.js";
import type { EpisodeRecording, RecordedFrame } from "../recording/recording.js";
import type { Instruction, Program } from "./instruction.js";

/** How far a line may pass by what was recorded, m. */
const TOLERANCE = 0.005;
/** Speeds of programs are whole tens between these, mm/s. */
const SLOWEST = 50;
const FASTEST = 400;

type Point = readonly [x: number, y: number, z: number];

/** Frames between two changes of what the fingers are told. */
interface Stretch {
  readonly isOpen: boolean;
  readonly path: readonly Point[];
}

/**
 * Write one recorded episode of one arm as a program: straight lines that pass within 5 mm of the tool's path, and the gripper's
 * commands, at the mean speed of the tool. The hand does not turn in it. In the episode of the same seed it does what was recorded.
 *
 * @throws UsageError where the recording holds no tool poses or no gripper commands.
 * @example
 * const text = printProgram(programOfRecording(recordDemonstration(env, expert, 7, { agent: "expert", noise: 0 })));
 */
export function programOfRecording({ header, frames }: EpisodeRecording): Program {
  const gripper = header.actionNames.indexOf("gripper");
  if (gripper < 0)
    throw new UsageError(
      `The recording of ${header.env} has no action "gripper", expected one arm that grips. Its actions: ${header.actionNames.join(", ")}.`,
    );
  const stretches = stretchesOf(frames, gripper, header.env);
  const instructions: Instruction[] = [{ op: "SPEED", speed: meanSpeed(stretches, header.controlRate) }];
  for (const { isOpen, path } of stretches) {
    instructions.push({ op: "GRIP", state: isOpen ? "OPEN" : "CLOSE" });
    for (const point of cornersOf(path).slice(1))
      instructions.push({ op: "MOVEL", place: point.map(inMillimetres) as unknown as Point });
  }
  instructions.push({ op: "END" });
  const title = { comment: ` ${header.env}, seed ${header.seed}, by ${header.agent}` };
  return [title, ...instructions.map((instruction) => ({ instruction }))];
}

function stretchesOf(frames: readonly RecordedFrame[], gripper: number, env: string): Stretch[] {
  const stretches: { isOpen: boolean; path: Point[] }[] = [];
  let before: Point | undefined;
  for (const { tool, action } of frames) {
    if (!tool)
      throw new UsageError(
        `The recording of ${env} has no poses of the tool, expected them in every frame. Record it again.`,
      );
    const point: Point = [tool[0], tool[1], tool[2]];
    const command = action[gripper];
    // the first frame is the state before anything was done
    if (command !== undefined) {
      const isOpen = command > 0;
      if (stretches.at(-1)?.isOpen !== isOpen) stretches.push({ isOpen, path: before ? [before] : [] });
      stretches.at(-1)!.path.push(point);
    }
    before = point;
  }
  return stretches;
}

function meanSpeed(stretches: readonly Stretch[], controlRate: number): number {
  let [way, steps] = [0, 0];
  for (const { path } of stretches)
    for (let k = 1; k < path.length; k++) {
      way += distance(path[k - 1]!, path[k]!);
      steps++;
    }
  const speed = steps === 0 ? SLOWEST : (1000 * way * controlRate) / steps;
  return Math.max(SLOWEST, Math.min(FASTEST, 10 * Math.round(speed / 10)));
}

/** Return the corners of a path, its ends among them (Douglas and Peucker, 1973). */
function cornersOf(path: readonly Point[]): readonly Point[] {
  if (path.length < 3) return path;
  const [first, last] = [path[0]!, path.at(-1)!];
  let [furthest, most] = [0, 0];
  for (let k = 1; k < path.length - 1; k++) {
    const away = distanceToLine(path[k]!, first, last);
    if (away > most) [furthest, most] = [k, away];
  }
  if (most <= TOLERANCE) return [first, last];
  return [...cornersOf(path.slice(0, furthest + 1)), ...cornersOf(path.slice(furthest)).slice(1)];
}

function distanceToLine(point: Point, from: Point, to: Point): number {
  const line = minus(to, from);
  const away = minus(point, from);
  const squared = dot(line, line);
  const share = squared === 0 ? 0 : Math.max(0, Math.min(1, dot(away, line) / squared));
  return distance(away, [share * line[0], share * line[1], share * line[2]]);
}

function inMillimetres(value: number): number {
  return Math.round(value * 10_000) / 10;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function minus(a: Point, b: Point): Point {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
