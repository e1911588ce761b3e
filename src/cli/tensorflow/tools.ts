// Programs that setting up TensorFlow runs: npm, pip and the C++ compiler.
import { spawn, spawnSync } from "node:child_process";
import { UsageError } from "../../math/usage-error.js";

/** How a program is run. */
interface RunOptions {
  readonly cwd: string;
  /** What it is for, to begin a message with: "npm". */
  readonly what: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Programs with what brings them on Debian, and how each is asked whether it is there. */
const TOOLS = [
  { name: "npm", ask: ["npm", "--version"], brings: "npm" },
  { name: "pip for python3", ask: ["python3", "-m", "pip", "--version"], brings: "python3-pip" },
  { name: "g++", ask: ["g++", "--version"], brings: "g++" },
  { name: "strip", ask: ["strip", "--version"], brings: "binutils" },
] as const;

/** Throw a UsageError where TensorFlow cannot be set up: there is a library for Linux on x64 alone in the registries. */
export function requirePlatform(platform: string, architecture: string): void {
  if (platform === "linux" && architecture === "x64") return;
  throw new UsageError(
    `TensorFlow can be set up on Linux x64 only, and this is ${platform} ${architecture}. Use the engine "native", which is faster.`,
  );
}

/** Throw a UsageError that names every program that is missing. */
export function requireTools(): void {
  const missing = TOOLS.filter(({ ask: [command, ...args] }) => spawnSync(command, args).status !== 0);
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(", ");
  const brings = missing.map(({ brings }) => brings).join(" ");
  throw new UsageError(
    `Setting up TensorFlow needs ${names}: not there, or it does not run. On Debian: apt-get install ${brings}`,
  );
}

/** Run a program to its end; throws a UsageError with what it says of an error. It ends with this process. */
export function runTool(command: string, args: readonly string[], options: RunOptions): Promise<void> {
  const { cwd, what, env = {} } = options;
  const child = spawn(command, args, {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  let said = "";
  child.stderr.on("data", (part: Buffer) => (said = (said + part.toString()).slice(-100_000)));
  return new Promise((resolve, reject) => {
    const refuse = (why: string) =>
      reject(new UsageError(`Setting up TensorFlow failed: ${what}: ${why}. Nothing was changed.`));
    child.on("error", (error) => refuse(error.message));
    child.on("close", (code, signal) => {
      process.off("exit", end);
      if (code === 0) resolve();
      else refuse(reasonIn(said) || `ended with ${code ?? signal}`);
    });
  });
}

/** Most lines of what a program says that are told. */
const MOST_LINES = 3;

/** The lines that say what went wrong, in one. */
export function reasonIn(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const told = lines.filter(
    (line) => /\berror\b/i.test(line) && !/complete log|error (errno|syscall|code) /i.test(line),
  );
  const chosen = told.length > 0 ? told.slice(0, MOST_LINES) : lines.filter(Boolean).slice(-1);
  return chosen.join(" ").replace(/\.$/, "");
}
