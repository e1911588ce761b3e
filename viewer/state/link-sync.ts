// Keeps the page's address and the state the same, both ways.
import { linkTo, parseLink, type ViewLink } from "./link.js";
import type { Store } from "./store.js";
import type { ViewerState } from "./viewer-state.js";

/** Browsers refuse an address that is rewritten more often, ms. */
const PAUSE = 350;

/** Keep the address as what is shown; `open` is called with a link that the user pasted or went back to. */
export function bindLink(store: Store<ViewerState>, open: (link: ViewLink) => Promise<void>): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const link = linkTo(store.get());
    if (link !== "" && link !== location.hash) history.replaceState(null, "", link);
  };
  store.watch(linkTo, () => {
    timer ??= setTimeout(write, PAUSE);
  });
  addEventListener("hashchange", async () => {
    // what was still to be written is not what the user asks for now
    clearTimeout(timer);
    timer = undefined;
    await open(parseLink(location.hash));
    write();
  });
}
