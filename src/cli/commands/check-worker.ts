// The thread that checks an environment, so that the command line survives whatever the environment does.
import { parentPort, workerData } from "node:worker_threads";
import { checkEnv } from "../../env/check/check-env.js";
import { isGymnasiumName } from "../../gymnasium/gymnasium-id.js";
import { UsageError } from "../../math/usage-error.js";
import { locateEnv } from "../../runs/packaged-modules.js";
import type { CheckEvent, CheckRequest } from "./check.js";

const { env, setting } = workerData as CheckRequest;
const post = (event: CheckEvent) => parentPort!.postMessage(event);

try {
  if (isGymnasiumName(env))
    throw new UsageError(
      `${env} is an environment of Gymnasium, and armgym check is for those of armgym. Gymnasium has a checker of its own: gymnasium.utils.env_checker.check_env.`,
    );
  post({ kind: "started", name: "the module can be loaded" });
  const { thing } = await locateEnv(env);
  post({ kind: "started", name: "an environment can be made" });
  thing.create(setting);
  const factory = { ...thing, create: (config = {}) => thing.create({ ...setting, ...config }) };
  const { env: id, passed } = checkEnv(factory, {
    onStart: (name) => post({ kind: "started", name }),
    onItem: (item) => post({ kind: "item", item }),
  });
  post({ kind: "started", name: "nothing runs on after the last step" });
  // timers and promises that the environment left behind speak up now
  setTimeout(() => post({ kind: "done", env: id, passed }), 50);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  post({ kind: "refused", message: error.message });
}
