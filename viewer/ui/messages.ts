// Sentences to the user: what cannot be shown, what is wrong with what is shown, and how far the reading of a file is.
import { recordingNotices } from "../episodes/recording-notices.js";
import { firstShown } from "../state/selectors.js";
import { derived, type Store } from "../state/store.js";
import type { EpisodeAddress, Loading, MessagePlace, ViewerState } from "../state/viewer-state.js";
import { type ElementId, element, showText } from "./elements.js";

/** Where each sentence stands; what is said of a link stands in the banner. */
const PLACES = {
  stage: "message",
  compare: "compare-note",
  overlays: "overlay-note",
  capture: "capture-note",
} as const satisfies Readonly<Record<Exclude<MessagePlace, "link">, ElementId>>;

const GRAPHICS = {
  missing:
    "This browser shows no WebGL, so there is no picture. Switch on hardware acceleration, or open the page in another browser.",
  lost: "The browser has taken the graphics away from this page, so there is no picture. The plots go on; the picture comes back as soon as the browser allows it.",
  drawn: undefined,
} as const;

/** The banner over the scene: what is wrong with the browser's graphics, the link and the recording. */
const banner = derived(
  (state: ViewerState) => [state.graphics, state.messages.link, firstShown(state)?.recording],
  (graphics, link, recording) =>
    [GRAPHICS[graphics] ?? [], link ?? [], recording ? recordingNotices(recording) : []].flat().join(" "),
);

/** Show the sentences that the state holds. */
export function bindMessages(store: Store<ViewerState>): void {
  for (const place of ["stage", "compare", "overlays", "capture"] as const)
    store.watch(
      ({ messages }) => messages[place],
      (text) => showText(PLACES[place], text),
    );
  store.watch(banner, (text) => showText("banner", text || undefined));
  store.watch(({ loading, episodes }) => [loading?.isSlow ? loading : undefined, episodes], showLoading);
}

function showLoading([loading, episodes]: readonly [Loading | undefined, readonly EpisodeAddress[]]): void {
  const bar = element("loading-bar");
  element("loading").hidden = loading === undefined;
  if (loading?.expected) bar.value = Math.min(1, loading.read / loading.expected);
  else bar.removeAttribute("value");
  if (!loading) return;
  const count = (frames: number) => frames.toLocaleString("en");
  const share = loading.expected ? `: ${count(loading.read)} of ${count(loading.expected)} states` : "";
  showText("loading-text", `Reading ${episodes.map(({ name }) => name).join(", ")}${share}`);
}
