// What is wrong with parsed data, in one phrase.

/** What a schema complains of. */
interface Complaint {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** Name the first thing that a schema complains of by its path, or as `whole` where that is empty: "resolved.spec: Invalid input". */
export function firstIssue({ issues }: Complaint, whole = "the file"): string {
  const { path, message } = issues[0]!;
  return `${path.map(String).join(".") || whole}: ${message}`;
}
