import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeSealed } from "../../src/model/sealed-safetensors.js";
import { checkpointOf, onlyRun, QUICK, runCommand, temporaryFolder } from "./command.js";

const CAMERA = ["--set", 'cameras=[{"name":"front","width":32,"height":16}]'];
const SEEING = ["--agent", "ppo-cnn-lstm", "--obs", "camera"];
const SHORT = [...QUICK, "--set", "memory=none", "--set", "validationEpisodes=4", "--workers", "1"];

async function pretrained(folder: string): Promise<string> {
  const file = join(folder, "eyes.encoder");
  const { code, stderr, stdout } = await runCommand([
    "pretrain",
    "Reach-v1",
    "--scenes",
    "64",
    "--out",
    file,
    ...CAMERA,
  ]);
  expect(stderr).toBe("Reach-v1 ████████████████████ 64 scenes\n");
  expect(code).toBe(0);
  const [wrote, heading, error] = stdout.split("\n");
  expect(wrote).toMatch(/^Wrote .*eyes\.encoder: 64 scenes in \d+\.\d s, \d+\.\d\d s per thousand\.$/);
  expect(heading).toBe("Error on 64 scenes it never saw (and of a guess that is always the mean):");
  expect(error).toMatch(/^ {2}goal_from_tcp: \d+\.\d mm \(\d+\.\d mm\)$/);
  return file;
}

test("pretrain writes an encoder, train starts with it, for another task, too, and resumes", async () => {
  const folder = temporaryFolder();
  const file = await pretrained(folder);
  // no temporary file is left
  expect(readdirSync(folder)).toEqual(["eyes.encoder"]);
  const out = join(folder, "runs");
  const trained = await runCommand([
    "train",
    "PickPlace-v1",
    ...SEEING,
    ...CAMERA,
    ...SHORT,
    "--encoder",
    file,
    "--steps",
    "256",
    "--out",
    out,
  ]);
  expect(trained.stderr).toContain("Measuring the best policy");
  const run = onlyRun(out);
  expect(JSON.parse(readFileSync(join(run, "config.json"), "utf8"))).toMatchObject({ encoder: file });
  const state = await checkpointOf(run);
  expect(await runCommand(["train", "--resume", run, "--json"])).toMatchObject({ code: 0 });
  expect(await checkpointOf(run)).toEqual(state);
  const json = await runCommand([
    "pretrain",
    "Reach-v1",
    "--scenes",
    "32",
    "--out",
    file,
    ...CAMERA,
    "--json",
  ]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    env: "Reach-v1",
    encoder: "patch",
    scenes: 32,
    file,
    errors: [{ what: "goal_from_tcp" }],
  });
});

test("what is no encoder, and what cannot start with one, is refused in a line", async () => {
  const folder = temporaryFolder();
  const file = await pretrained(folder);
  const cut = join(folder, "cut");
  writeFileSync(cut, readFileSync(file).subarray(0, 1000));
  const other = join(folder, "other");
  writeFileSync(
    other,
    await encodeSealed(new Map(), { format: "armgym-encoder", version: "0", encoder: '{"kind": "patch"}' }),
  );
  const start = (...more: string[]) =>
    runCommand(["train", "Reach-v1", ...SEEING, ...CAMERA, ...SHORT, ...more], folder);
  const results = await Promise.all([
    start("--encoder", "nowhere"),
    start("--encoder", cut),
    start("--encoder", other),
    start("--encoder", file, "--set", 'cameras=["front"]'),
    runCommand(["train", "Reach-v1", "--encoder", file], folder),
    runCommand(["pretrain", "Reach-v1", "--out", "x", "--agent", "ppo-mlp"], folder),
    runCommand(["pretrain", "Reach-v1", "--out", "x", "--set", "encoder=vit"], folder),
    runCommand(["pretrain", "Reach-v1", "--out", "x", "--set", "gamma=1"], folder),
  ]);
  expect(results.map(({ code }) => code)).toEqual(results.map(() => 2));
  const make = (name: string) => `Make one: npx armgym pretrain PickPlace-v1 --out ${name}`;
  expect(results.map(({ stderr }) => stderr.trim())).toEqual([
    `There is no file nowhere. ${make("nowhere")}`,
    `${cut} is damaged: its checksum does not match. ${make(cut)}`,
    `${other} is no encoder: encoder.image: Invalid input: expected object, received undefined. ${make(other)}`,
    `${file} knows camera 0 as "front" 32 x 16; training has "front" 64 x 64. Train another: armgym pretrain.`,
    'Agent "ppo-mlp" reads no images and takes no encoder. Leave --encoder out, or choose an agent that reads images.',
    'Agent "ppo-mlp" reads no images: it has no encoder to train. Leave --agent out.',
    'Setting "encoder" is "vit", expected "patch" or "nature".',
    expect.stringMatching(/^Unknown setting "gamma"\. .*ppo-cnn-lstm has: encoder\.$/),
  ]);
  expect(readdirSync(folder).sort()).toEqual(["cut", "eyes.encoder", "other"]);
});
