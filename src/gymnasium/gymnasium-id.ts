// How environments of Python's Gymnasium are named: gym:Reacher-v5, gym:panda_gym:PandaReachDense-v3.
import { UsageError } from "../math/usage-error.js";

const PREFIX = "gym:";
const MODULE = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;
const ID = /^([\w-]+\/)?[\w.-]+$/;

/** Python packages whose import is known to do no more than register environments of robots. */
const KNOWN_MODULES = ["gymnasium", "gymnasium_robotics", "panda_gym"];

/** Parts of the name of an environment. */
export interface GymnasiumName {
  /** As `gymnasium.make` takes it: "Reacher-v5". */
  readonly id: string;
  /** Python module that is imported first, so that it registers the environment: "panda_gym". */
  readonly module?: string;
}

/** Tell whether `name` names an environment of Gymnasium. */
export function isGymnasiumName(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** Split "gym:Id" or "gym:module:Id" into its parts; throws a UsageError where it is neither. */
export function parseGymnasiumName(name: string): GymnasiumName {
  const parts = name.slice(PREFIX.length).split(":");
  const [id, module] = [parts.at(-1)!, parts.length > 1 ? parts[0]! : undefined];
  const isModule = module === undefined || MODULE.test(module);
  if (isGymnasiumName(name) && parts.length <= 2 && ID.test(id) && isModule)
    return { id, ...(module === undefined ? {} : { module }) };
  throw new UsageError(
    `"${name}" names no environment of Gymnasium. Expected gym:Id, or gym:module:Id where a Python module registers it: ` +
      "gym:Reacher-v5, gym:panda_gym:PandaReachDense-v3.",
  );
}

/**
 * Name the Python module that a run's config names by its environment, and that is imported only where the user says so too;
 * undefined where there is none, or it is one of the packages that are known.
 */
export function ownPythonModule(name: string): string | undefined {
  const { module } = parseGymnasiumName(name);
  return module === undefined || KNOWN_MODULES.includes(module) ? undefined : module;
}
