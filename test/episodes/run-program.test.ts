// Robot programs in the simulator: what they do, and where they stop.
import { expect, test } from "vitest";
import { experts } from "../../agents/index.js";
import { expertPolicy } from "../../agents/scripted-expert.js";
import { pickPlace } from "../../envs/pick-place.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { PROGRAM_CELL, runProgram } from "../../src/episodes/run-program.js";
import { createRandom } from "../../src/math/random.js";
import { sampleText } from "../../src/programs/grammar/walk.js";
import { parseProgram } from "../../src/programs/parse-program.js";
import { printProgram } from "../../src/programs/print-program.js";
import { programGrammar } from "../../src/programs/program-grammar.js";
import { programOfRecording } from "../../src/programs/program-of-recording.js";

const env = pickPlace.create(PROGRAM_CELL);

function run(text: string, seed = 7) {
  return runProgram(env, parseProgram(text), seed);
}

test("the tool goes in a straight line, at the speed told, to where it is told", () => {
  const { outcome, recording, seconds } = run(
    "MOVEL 480 0 250\nSPEED 100\nMOVEL 480 120 250\nWAIT 0.3\nEND\nWAIT 9".slice(0, -7),
  );
  expect(outcome).toBe("done");
  const tools = recording.frames.map(({ tool }) => tool!);
  const end = tools.at(-1)!;
  for (const [k, value] of [0.48, 0.12, 0.25].entries()) expect(end[k]).toBeCloseTo(value, 2.5);
  const moving = tools.filter(([, y]) => y! > 0.02 && y! < 0.1);
  // 80 mm at 100 mm/s and 20 steps a second
  expect(Math.abs(moving.length - 16)).toBeLessThanOrEqual(1);
  for (const [x, , z] of moving) expect(Math.hypot(x! - 0.48, z! - 0.25)).toBeLessThan(0.004);
  expect(recording.frames.at(-1)!.time).toBe(seconds);
});

test("a part is taken to its goal, beyond the time limit of an episode", () => {
  const text =
    "APPROACH PART 80\nMOVEL PART\nGRIP CLOSE\nDEPART 90\nAPPROACH GOAL 80\nMOVEL GOAL\nGRIP OPEN\nDEPART 80\nMOVEL HOME\nEND\n";
  const { outcome, success, recording, seconds, reason } = run(text);
  expect([outcome, success, reason]).toEqual(["done", true, undefined]);
  expect(recording.frames.length - 1).toBeGreaterThan(env.spec.maxEpisodeSteps);
  expect(seconds).toBeCloseTo((recording.frames.length - 1) / 20, 9);
  expect(recording.header).toMatchObject({ env: "PickPlace-v1", agent: "program", seed: "7" });
});

test("the same program gives the same recording", () => {
  const text = "APPROACH PART 60\nTURN 20\nGRIP CLOSE\nEND\n";
  expect(run(text).recording).toEqual(run(text).recording);
});

test("the hand turns to the angle told, and along the part", () => {
  const turned = run("TURN 30\nEND\n").recording.frames.at(-1)!.tool!;
  expect(2 * Math.atan2(turned[4], turned[3])).toBeCloseTo(Math.PI / 6, 1.7);
  const along = run("APPROACH PART 100\nEND\n").recording;
  const frame = along.frames.at(-1)!;
  const entry = (name: string) => frame.observation[along.header.observationNames.indexOf(name)]!;
  expect(entry("sin_4_yaw")).toBeCloseTo(0, 1);
  expect(entry("cos_4_yaw")).toBeGreaterThan(0.98);
});

test("what cannot be reached is told by line, before the tool moves there", () => {
  const { outcome, line, reason, success } = run("# far\nMOVEL 900 0 200\n");
  expect([outcome, line, success]).toEqual(["unreachable", 2, false]);
  expect(reason).toBe("line 2, MOVEL 900 0 200: 900 0 200 is out of reach of panda: x from 280 to 720 mm");
  expect(run("TURN 80\n").reason).toBe(
    "line 1, TURN 80: the hand cannot turn to 80 degrees, at most 69 to each side",
  );
});

test("a closed hand that comes down on the part has collided", () => {
  const { outcome, line, reason, success } = run("GRIP CLOSE\nAPPROACH PART 60\nMOVEL PART\nEND\n");
  expect([outcome, line, success]).toEqual(["collision", 3, false]);
  expect(reason).toMatch(
    /^line 3, MOVEL PART: (left_finger|right_finger|cube) touches (cube|left_finger|right_finger) with \d+ N at \d+\.\d\d s$/,
  );
});

test("a program that never ends is stopped", () => {
  const { outcome, reason } = run("WAIT 60\nWAIT 60\nWAIT 1\n");
  expect([outcome, reason]).toEqual(["too long", "line 3, WAIT 1: the program runs for more than 120 s"]);
});

test("programs of the grammar run, and take the part to its goal", () => {
  for (let n = 0; n < 4; n++) {
    const { outcome, success, reason } = run(
      sampleText(programGrammar(), createRandom(`run-program.test/${n}`)),
      60 + n,
    );
    expect([outcome, success], reason).toEqual(["done", true]);
  }
});

test("an expert's episode, written as a program, solves the same episode", () => {
  const settings = { goalOnTable: 1 };
  const expertEnv = pickPlace.create(settings);
  const actor = expertPolicy(experts["PickPlace-v1"], expertEnv.spec);
  for (const seed of [3, 4, 5]) {
    const recorded = recordDemonstration(expertEnv, actor, seed, { agent: "expert-pick-place", noise: 0 });
    const text = printProgram(programOfRecording(recorded));
    expect(text).toMatch(
      /^# PickPlace-v1, seed \d, by expert-pick-place\nSPEED \d+\nGRIP OPEN\n(MOVEL .*\n)+GRIP CLOSE\n(MOVEL .*\n)+END\n$/,
    );
    const { outcome, success, reason } = run(text, seed);
    expect([outcome, success], reason).toEqual(["done", true]);
  }
});

test("an environment whose actions are no places is refused", () => {
  expect(() => runProgram(pickPlace.create(), [], 0)).toThrow(
    'PickPlace-v1 takes tcp_x, tcp_y, tcp_z, gripper in control mode "ee-delta", a program needs tcp_x, tcp_y, tcp_z, tcp_yaw, gripper in "ee-absolute-yaw". Set controlMode=ee-absolute-yaw, with one arm that has a gripper.',
  );
});
