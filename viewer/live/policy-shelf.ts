// The policies that the page has loaded, one per run.
import type { LiveClient } from "./live-client.js";
import type { LoadedPolicy } from "./protocol.js";

/** Loads each run's policy into the worker once. */
export class PolicyShelf {
  private readonly client: LiveClient;
  private readonly source: (run: string) => Promise<unknown>;
  private readonly loading = new Map<string, Promise<LoadedPolicy>>();

  /** `source` gets the document of a run's policy, and rejects in plain words where there is none. */
  constructor(client: LiveClient, source: (run: string) => Promise<unknown>) {
    this.client = client;
    this.source = source;
  }

  /** Return the policy of `run`, loaded. */
  get(run: string): Promise<LoadedPolicy> {
    const known = this.loading.get(run);
    if (known) return known;
    const loading = this.source(run).then((document) => this.client.ask("load", { document }));
    this.loading.set(run, loading);
    // a run that has none yet may have one later
    loading.catch(() => this.loading.delete(run));
    return loading;
  }

  /** Forget a run's policy: it has learned more since. */
  forget(run: string): void {
    this.loading.delete(run);
  }
}
