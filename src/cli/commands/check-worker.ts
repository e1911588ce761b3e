// The thread that checks an environment: whatever that does, the command line lives to tell it.
import { parentPort, workerData } from "node:worker_threads";
import { checkEnv } from "../../env/check/check-env.js";
import { UsageError } from "../../math/usage-error.js";
import { locateEnv } from "../../runs/packaged-modules.js";
import type { CheckEvent, CheckRequest } from "./check.js";

const { env, setting } = workerData as CheckRequest;
const tell = (event: CheckEvent) => parentPort!.postMessage(event);

try {
  tell({ kind: "started", name: "the module can be loaded" });
  const { thing } = await locateEnv(env);
  tell({ kind: "started", name: "an environment can be made" });
  thing.create(setting);
  const factory = { ...thing, create: (config = {}) => thing.create({ ...setting, ...config }) };
  const { env: id, passed } = checkEnv(factory, {
    onStart: (name) => tell({ kind: "started", name }),
    onItem: (item) => tell({ kind: "item", item }),
  });
  tell({ kind: "started", name: "nothing goes on after the last step" });
  // timers and promises that the environment left behind speak up now
  setTimeout(() => tell({ kind: "done", env: id, passed }), 50);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  tell({ kind: "refused", message: error.message });
}
