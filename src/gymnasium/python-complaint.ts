// What Python complains of, as a message for the user: which call, and the traceback where a module or an environment raised.
import { UsageError } from "../math/usage-error.js";
import type { GymnasiumName } from "./gymnasium-id.js";
import { PythonError } from "./python-process.js";

/** Whose environment it is. */
export interface Asked extends GymnasiumName {
  /** As the user names it: "gym:Reacher-v5". */
  readonly name: string;
  /** The interpreter. */
  readonly python: string;
}

/** Turn what a request threw into what is to be thrown: a PythonError becomes a UsageError, anything else stays. */
export function explainPythonError(
  error: unknown,
  { name, id, module, python }: Asked,
  call: string,
): unknown {
  if (!(error instanceof PythonError)) return error;
  const { kind, message, traceback } = error.complaint;
  if (kind === "import")
    return new UsageError(
      `${name}: ${python} cannot import ${module === undefined ? "a package of environments" : `the module "${module}"`}. ` +
        `It was looked for among the installed packages and in this folder.\n${traceback.trimEnd()}`,
    );
  if (kind === "unknown")
    return new UsageError(
      `${name}: Gymnasium knows no environment "${id}". ${sentence(message)} ` +
        `Where a Python module registers it, name that, too: gym:module:${id}.`,
    );
  return new UsageError(`${name}: ${call} raised in Python:\n${traceback.trimEnd()}`);
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
