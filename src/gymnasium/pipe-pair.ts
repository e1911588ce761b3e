// Two one-way channels to a child process whose ends here block, so that what is asked there is answered at once.
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** File descriptors; what the child inherits is to be closed here once it has started. */
export interface PipePair {
  /** To write requests to. */
  readonly requests: number;
  /** To read replies from; it ends when the child has. */
  readonly replies: number;
  /** Of the child: where requests come from, and where replies go. */
  readonly child: readonly [requests: number, replies: number];
}

/**
 * Open both channels.
 *
 * Node's own pipes to a child do not block. Named ones do; they are unlinked before anything is sent, and nothing of them is left.
 */
export function openPipePair(): PipePair {
  const folder = mkdtempSync(join(tmpdir(), "armgym-pipes-"));
  try {
    const names = [join(folder, "requests"), join(folder, "replies")] as const;
    execFileSync("mkfifo", ["-m", "600", ...names]);
    const [requests, replies] = names.map(openBothEnds);
    return {
      requests: requests!.writing,
      replies: replies!.reading,
      child: [requests!.reading, replies!.writing],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each end waits for the other to be opened; the first that is opened is both, and waits for none. */
function openBothEnds(name: string): { readonly reading: number; readonly writing: number } {
  const both = openSync(name, constants.O_RDWR);
  const ends = { reading: openSync(name, constants.O_RDONLY), writing: openSync(name, constants.O_WRONLY) };
  closeSync(both);
  return ends;
}
