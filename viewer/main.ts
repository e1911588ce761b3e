// The viewer: lists runs and episodes, plays and compares them, and follows training live.
// before all that defines what data looks like
import "./without-eval.js";
import "uplot/dist/uPlot.min.css";
import "./style.css";
import "./panels.css";
import "./stage.css";
import "./live/live.css";
import "./fit/fit.css";
import "./insight/insight.css";
import "./insight/sight.css";
import { bindCompareBar } from "./compare/compare-bar.js";
import { bindComparePanel } from "./compare/compare-panel.js";
import { bindClock } from "./episodes/clock.js";
import { bindEpisodeList } from "./episodes/episode-list.js";
import { bindFrameNotes } from "./episodes/frame-notes.js";
import { bindRunHeader } from "./episodes/run-header.js";
import { bindFitPanel } from "./fit/fit-panel.js";
import { InsightPanel } from "./insight/insight-panel.js";
import { LiveClient } from "./live/live-client.js";
import { LiveMode } from "./live/live-mode.js";
import { PolicyShelf } from "./live/policy-shelf.js";
import { bindPlots } from "./plots/plots-panel.js";
import { bindTrainingPlots } from "./plots/training-plots.js";
import { PredictedMarks } from "./scene/marks/predicted-marks.js";
import type { RobotScene } from "./scene/robot-scene.js";
import { bindScene } from "./scene/scene-panel.js";
import { Thumbnails } from "./scene/thumbnails.js";
import { bindEpisodeLoader } from "./sources/episode-loader.js";
import { followRuns, loadRuns } from "./sources/run-loader.js";
import { fetchMetrics, fetchPolicy, fetchRecording, fetchRuns, stopTraining } from "./sources/run-source.js";
import { createCommands } from "./state/commands.js";
import { openLink, parseLink } from "./state/link.js";
import { bindLink } from "./state/link-sync.js";
import { becomeReady, say } from "./state/panel-actions.js";
import { isLive, numFrames } from "./state/selectors.js";
import { createStore, type Store } from "./state/store.js";
import { INITIAL_STATE, type ViewerState } from "./state/viewer-state.js";
import { bindConnection } from "./ui/connection.js";
import { bindControls } from "./ui/controls.js";
import { checkElements, element } from "./ui/elements.js";
import { bindKeys } from "./ui/key-bindings.js";
import { bindMenu } from "./ui/menu.js";
import { bindMessages } from "./ui/messages.js";
import { bindTabs } from "./ui/tabs.js";

/** What tests and curious people may read from the page. */
interface ShownState {
  readonly ready: boolean;
  readonly frame: number;
  readonly playing: boolean;
  readonly numFrames: number;
  /** Name of the episode that is shown, or cannot be; undefined while one is read. */
  readonly episode: string | undefined;
  /** What is held on the graphics card; undefined without WebGL. */
  readonly resources: RobotScene["resources"] | undefined;
  /** Where the camera of the scene stands, m. */
  readonly eye: readonly [number, number, number] | undefined;
}

declare global {
  interface Window {
    armgymViewer: ShownState;
  }
}

const NO_RUNS = "There are no runs here yet. Train one: armgym train Reach-v1 --view";

checkElements((id) => document.getElementById(id)?.localName);
// under way while the scene is set up
const listing = fetchRuns();
listing.catch(() => undefined);

const store = createStore(INITIAL_STATE);
// before live mode, which takes the same keys
bindMenu(element("show"));
const robot = bindScene(store);
bindPlots(store);
bindFrameNotes(store);
bindCompareBar(store);
const client = new LiveClient();
const shelf = new PolicyShelf(client, fetchPolicy);
const live = new LiveMode(store, client, shelf, robot?.view);
bindInsight();
bindTabs(store);
bindMessages(store);
bindConnection(store, stopTraining);
bindTrainingPlots(store, fetchMetrics);
bindFitPanel(store);
const commands = createCommands(store, () => live.mayLeave());
bindRunHeader(store, commands);
bindEpisodeList(store, commands, listPictures());
bindComparePanel(store, commands);
bindControls(store);
bindKeys(store, commands);
// after all that shows what they bring about
bindClock(store);
bindEpisodeLoader(store);
followRuns(store, (run) => shelf.forget(run));

window.armgymViewer = shownState(store);
void start();

/** Show what the page's address names, or the newest run. */
async function start(): Promise<void> {
  if (await loadRuns(store, listing)) {
    if (store.get().runs.length > 0) store.update(openLink, parseLink(location.hash));
    else if (store.get().shown.length === 0) store.update(say, "stage", NO_RUNS);
  }
  bindLink(store, commands.openLink);
  store.watch(isSettled, (settled) => settled && store.update(becomeReady));
}

/** Whether all that was asked for at the start is there, or cannot be. */
function isSettled({ loading, run, metrics }: ViewerState): boolean {
  return loading === undefined && (run === undefined || metrics !== undefined);
}

/** Explain the policy, with marks in the scene where it holds things to be. */
function bindInsight(): void {
  const marks = new PredictedMarks();
  robot?.view.scene.add(marks);
  new InsightPanel(store, client, shelf, (places) => {
    marks.show(places);
    robot?.view.request();
  });
}

/** Small pictures of the episodes, made while nothing more urgent is drawn. */
function listPictures(): Thumbnails {
  return new Thumbnails(element("episodes"), {
    fetch: ({ run, name }) => fetchRecording(run, name),
    draw: (recording, width, height) => robot?.thumbnail(recording, width, height),
    state() {
      const state = store.get();
      if (!state.isReady || state.graphics !== "drawn" || isLive(state)) return "waiting";
      return state.isPlaying ? "playing" : "idle";
    },
  });
}

function shownState({ get }: Store<ViewerState>): ShownState {
  return {
    get ready() {
      return get().isReady;
    },
    get frame() {
      return get().frame;
    },
    get playing() {
      return get().isPlaying;
    },
    get numFrames() {
      return numFrames(get());
    },
    get episode() {
      const { loading, episodes } = get();
      return loading ? undefined : episodes[0]?.name;
    },
    get resources() {
      return robot?.resources;
    },
    get eye() {
      return robot?.view.camera.position.toArray();
    },
  };
}
