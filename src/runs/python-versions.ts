// What an environment of Gymnasium is made of: kept with a run, and said where it is another when the run is used.
import type { EnvFactory } from "../env/env.js";
import type { GymnasiumFactory } from "../gymnasium/gymnasium-factory.js";
import { isGymnasiumName } from "../gymnasium/gymnasium-id.js";
import type { RunFolder } from "./run-folder.js";

type Versions = Readonly<Record<string, string>>;

/** Return the versions of Python and the packages that `env`, with this config, is from; undefined for one that is not Gymnasium's. */
export function pythonVersions(
  env: EnvFactory,
  config: Readonly<Record<string, unknown>>,
): Versions | undefined {
  return isGymnasiumFactory(env) ? env.versions(config) : undefined;
}

/** Say which packages are of other versions than when the run was made: their environment may be another, too. */
export function sayOtherVersions(
  { config }: Pick<RunFolder, "config">,
  env: EnvFactory,
  envConfig: Readonly<Record<string, unknown>>,
  say: (line: string) => void,
): void {
  const { versions: was } = config;
  const is = was && pythonVersions(env, envConfig);
  if (!is) return;
  // what else is loaded beside an environment may differ from process to process
  const others = Object.keys(is).filter((name) => name in was && was[name] !== is[name]);
  if (others.length === 0) return;
  const changes = others.map((name) => `${name} ${was[name]}, now ${is[name]}`);
  say(
    `This run of ${config.env} was made by other versions, so that the environment may differ: ${changes.join("; ")}.`,
  );
}

function isGymnasiumFactory(env: EnvFactory | GymnasiumFactory): env is GymnasiumFactory {
  return isGymnasiumName(env.id) && "versions" in env;
}
