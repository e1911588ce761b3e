// Actions: panels, lists, the connection, and what is drawn.
import type { RunItem } from "../../src/recording/run-events.js";
import type { ListRequest } from "./episode-order.js";
import type {
  Connection,
  Layout,
  MessagePlace,
  PolicyPair,
  SceneOptions,
  TabName,
  Training,
  ViewerState,
} from "./viewer-state.js";

/** Show a sentence at a place of the page; without one, none. */
export function say(state: ViewerState, place: MessagePlace, text?: string): ViewerState {
  if (state.messages[place] === text) return state;
  const { [place]: _, ...messages } = state.messages;
  return { ...state, messages: text === undefined ? messages : { ...messages, [place]: text } };
}

/** Show a tab that the user chose. */
export function chooseTab(state: ViewerState, tab: TabName): ViewerState {
  return { ...state, tab, isTabChosen: true };
}

/** Show a tab unless the user chose one. */
export function suggestTab(state: ViewerState, tab: TabName): ViewerState {
  return state.isTabChosen ? state : { ...state, tab };
}

/** Filter or order the list of episodes in another way. */
export function changeList(state: ViewerState, change: Partial<ListRequest>): ViewerState {
  return { ...state, list: { ...state.list, ...change } };
}

/** Open new episodes as they are recorded, or not. */
export function setFollow(state: ViewerState, follow: boolean): ViewerState {
  return { ...state, follow };
}

/** Put compared episodes side by side or over each other. */
export function setLayout(state: ViewerState, layout: Layout): ViewerState {
  return { ...state, layout };
}

/** Draw something in the scene, or not. */
export function setDrawn(state: ViewerState, name: keyof SceneOptions, isDrawn: boolean): ViewerState {
  return { ...state, drawn: { ...state.drawn, [name]: isDrawn } };
}

/** Move the camera along with the tool, or not. */
export function setFollowTool(state: ViewerState, followTool: boolean): ViewerState {
  return { ...state, followTool };
}

/** The browser draws, no longer draws, or cannot draw the scene. */
export function setGraphics(state: ViewerState, graphics: ViewerState["graphics"]): ViewerState {
  return { ...state, graphics };
}

/** Compare the outcomes of two policies. */
export function choosePolicies(state: ViewerState, policies: PolicyPair): ViewerState {
  return { ...state, policies };
}

/** The live channel opened or was lost; with it goes what the page knows of a training. */
export function setConnection(state: ViewerState, phase: Connection["phase"]): ViewerState {
  if (phase === "open") return { ...state, connection: { phase } };
  const { status } = state.connection;
  const connection = status === undefined ? { phase } : { phase, status };
  return { ...state, connection, training: undefined };
}

/** The server said something of itself. */
export function setServerStatus(state: ViewerState, status: string): ViewerState {
  return { ...state, connection: { phase: state.connection.phase, status } };
}

/** The server's process trains a run, or none. */
export function setTraining(state: ViewerState, run: string | null): ViewerState {
  return { ...state, training: run === null ? undefined : { run, stop: "none" } };
}

/** How far the wish to end the training has come. */
export function setStop(state: ViewerState, stop: Training["stop"]): ViewerState {
  return state.training ? { ...state, training: { ...state.training, stop } } : state;
}

/** The server did not end the training. */
export function refuseStop(state: ViewerState, problem: string): ViewerState {
  return { ...state, connection: { ...state.connection, problem } };
}

/** The page has been set up. */
export function becomeReady(state: ViewerState): ViewerState {
  return state.isReady ? state : { ...state, isReady: true };
}

/** Replace the item of a run in the list. */
export function changeRun(state: ViewerState, name: string, change: (item: RunItem) => RunItem): ViewerState {
  return { ...state, runs: state.runs.map((item) => (item.run === name ? change(item) : item)) };
}
