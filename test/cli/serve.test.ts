import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectPolicy } from "../../src/index.js";
import { openBundle } from "../../src/node.js";
import { VERSION } from "../../src/version.js";
import {
  QUICK,
  type RunningCommand,
  runCommand,
  startCommand,
  temporaryFolder,
  writeLineEnv,
} from "./command.js";

/** Wait until stdout holds the address of openpi's clients. */
function addressOf({ process, done }: RunningCommand): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    process.stdout!.on("data", (piece: Buffer) => {
      said += piece.toString();
      const address = /openpi {2}(\S+)\n.*Ctrl-C/s.exec(said)?.[1];
      if (address) resolve(address);
    });
    void done.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)));
  });
}

test("a run's best policy is served as it would be exported, until SIGTERM; a bundle is served, too", async () => {
  const folder = temporaryFolder();
  writeLineEnv(folder, "line.ts");
  const trained = await runCommand(
    ["train", "./line.ts", "--steps", "256", "--workers", "1", "--out", "runs", ...QUICK],
    folder,
  );
  expect(trained.code, trained.stderr).toBe(0);
  const run = join("runs", readdirSync(join(folder, "runs"))[0]!);
  expect((await runCommand(["export", run, "--out", "policy"], folder)).code).toBe(0);
  const bundle = await openBundle(join(folder, "policy"));
  for (const path of [run, "policy"]) {
    const command = startCommand(["serve", path, "--port", "0"], folder);
    const address = await addressOf(command);
    const client = await connectPolicy(address);
    expect(client.metadata).toMatchObject({ env: "Line-v1", policyVersion: VERSION, hasMemory: false });
    for (const x of [-0.75, 0.5, 2]) expect(await client.infer({ x })).toEqual(await bundle.command([x]));
    command.process.kill("SIGTERM");
    const { code, stdout, stderr } = await command.done;
    expect(code).toBe(0);
    expect(stdout).toBe(
      `Serving Line-v1 by ppo-mlp: 1 number in, 1 out, 1 Hz\n  openpi  ${address}\n  JSON    ${address}/json, as ${address.replace("ws", "http")}/schema says\n` +
        `  status  ${address.replace("ws", "http")}/status\nCtrl-C answers what has arrived, and ends.\n`,
    );
    expect(stderr).toContain("Answering what has arrived because of SIGTERM; another ends at once.\n");
    expect(stderr).toMatch(
      /0 of 1 sessions open, 3 steps, inference p50 \d+\.\d\d ms, p99 \d+\.\d\d ms, in all p50 \d+\.\d\d ms, p99 \d+\.\d\d ms\n$/,
    );
    await expect(client.infer({ x: 0 })).rejects.toThrow("ended the session (1001, the server ends)");
  }
  await bundle.dispose();
});

test("the client for Python is written to stdout", async () => {
  const { code, stdout } = await runCommand(["serve", "--client", "python"]);
  expect(code).toBe(0);
  expect(stdout).toContain(`\nVERSION = "${VERSION}"\n`);
  expect(stdout).toMatch(/^"""Policies of armgym/);
});

test("what cannot be served is refused in the terms of the command line", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "policy.pt"), "PK");
  const refused = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runCommand(["serve", ...args], folder);
    return [code, stdout, stderr];
  };
  expect(await refused()).toEqual([
    ...[2, ""],
    'Give a run or a bundle to serve, for example: armgym serve runs/<run>. The client: "armgym serve --client python".\n',
  ]);
  expect(await refused("policy.pt")).toEqual([
    ...[2, ""],
    'policy.pt is a file, expected the folder of a run or of a bundle that "armgym export" made. Pickles and checkpoints of other programs are never loaded: they can hold code.\n',
  ]);
  expect(await refused("policy", "--host", "0.0.0.0")).toEqual([
    ...[2, ""],
    'Other machines reach a server on "0.0.0.0", and whoever does could have its answers. Give --token a secret of 8 or more characters, or leave the host out for this machine alone.\n',
  ]);
  expect(await refused("policy", "--token", "short")).toEqual([
    ...[2, ""],
    "A token of 5 characters was given by --token, expected 8 to 256 letters, digits and signs of ASCII, no spaces.\n",
  ]);
  expect(await refused("policy", "--cert", "cert.pem")).toEqual([
    ...[2, ""],
    "--cert was given alone. Encryption needs --cert and --key.\n",
  ]);
  expect(await refused("--client", "ruby")).toEqual([
    ...[2, ""],
    '--client is "ruby", expected python. The one for TypeScript is in the package: import { connectPolicy } from "armgym".\n',
  ]);
});
