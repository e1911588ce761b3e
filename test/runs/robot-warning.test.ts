import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { panda } from "../../src/robots/models/panda.js";
import { robotWarning } from "../../src/runs/robot-warning.js";
import { createRunFolder } from "../../src/runs/training-request.js";

const cache = mkdtempSync(join(tmpdir(), "armgym-cache-"));

beforeAll(() => vi.stubEnv("XDG_CACHE_HOME", cache));
afterAll(() => vi.unstubAllEnvs());

const links = panda.articulation.links.map((link) =>
  link.joint?.name === "joint2" ? { ...link, joint: { ...link.joint, effortLimit: 45 } } : link,
);
const weak = JSON.stringify({ ...panda, id: "weak", articulation: { links } });

test("a training says beforehand what its robot fails at, and asks but once", async () => {
  const said: string[] = [];
  const request = { env: "Reach-v1", envConfig: { robot: weak }, out: join(cache, "runs"), workers: 1 };
  await createRunFolder(request, (line) => void said.push(line));
  const warning = said.find((line) => line.includes('"weak"'))!;
  expect(warning).toMatch(
    /^Robot "weak" fails \d of 9 checks, and what is learned with it suffers:\n {2}holds gravity at its reach limit: joint2 needs 5\d\.\d of 45 N m, 0\.\d\d m out\. Raise the effort limit of joint "joint2" to \d+ N m or more, or correct the masses beyond it\./,
  );
  const folder = join(cache, "armgym/robots");
  const [file] = readdirSync(folder);
  expect(readFileSync(join(folder, file!), "utf8")).toBe(warning);
  // what is kept is what is said: the robot is not tried again
  writeFileSync(join(folder, file!), "kept");
  expect(robotWarning({ robot: weak })).toBe("kept");
});

test("nothing is said of robots that ship, nor where there is none", () => {
  expect(robotWarning({ robot: "so101" })).toBeUndefined();
  expect(robotWarning({})).toBeUndefined();
});
