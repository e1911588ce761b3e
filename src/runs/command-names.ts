// Commands as a user types them.

/** Write a command of armgym so that it can be copied into a shell. */
export function shellCommand(...words: readonly string[]): string {
  return ["npx", "armgym", ...words.map(quoted)].join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
