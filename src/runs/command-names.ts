// Commands as a user types them.
import { isFoundAgain } from "./own-modules.js";
import type { RunFolder } from "./run-folder.js";

/** Write a command of armgym so that it can be copied into a shell. */
export function shellCommand(...words: readonly string[]): string {
  return ["npx", "armgym", ...words.map(quoted)].join(" ");
}

/** The command that goes on with a run; it names the module of an environment that is not found without. */
export function resumeCommand(folder: RunFolder): string {
  return shellCommand("train", "--resume", folder.path, ...moduleOptions(folder));
}

/** What a command needs besides a run's folder to find the run's environment. */
export function moduleOptions({ path, config, modules }: RunFolder): string[] {
  const isFound = [config.envModule, config.agentModule].every((module) =>
    isFoundAgain({ module, run: path }),
  );
  return isFound ? [] : modules.flatMap((module) => ["--env", module]);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
