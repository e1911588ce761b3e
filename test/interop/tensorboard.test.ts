import { expect } from "vitest";
import { onlyRun, QUICK, runCommand, startCommand, temporaryFolder } from "../cli/command.js";
import { interopTest, runScript } from "./python.js";

interopTest(
  "TensorBoard shows every value of a run that was killed and resumed once",
  "tensorboard",
  async () => {
    const out = temporaryFolder();
    const train = ["train", "Reach-v1", "--steps", "16384", "--workers", "1", "--out", out, ...QUICK];
    const killed = startCommand([...train, "--set", "evalInterval=2048"]);
    await killed.says("validation");
    // what comes after the checkpoint is written again
    await new Promise((resolve) => setTimeout(resolve, 1000));
    killed.process.kill("SIGKILL");
    await killed.done;
    const run = onlyRun(out);
    const resumed = await runCommand(["train", "--resume", run]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(runScript("check_tensorboard.py", [run])).toMatch(/^ok: \d+ points of \d+ tags$/m);
  },
);
