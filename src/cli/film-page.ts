// A film as one page that opens from disk: its pictures, and buttons to play, stop and step.
import { encode } from "fast-png";
import { escapeXml } from "../math/escape-xml.js";
import type { PictureDone } from "../video/encode-gif.js";
import type { Film } from "../video/film.js";

/** Write a film as an HTML page that loads nothing; pictures that are the same are in it once. */
export async function filmPage(film: Film, pictureDone: PictureDone): Promise<string> {
  const { width, height, numPictures, fps, title } = film;
  const pictures: string[] = [];
  /** The picture that each moment shows. */
  const order: number[] = [];
  for (let index = 0; index < numPictures; index++) {
    const png = encode({ width, height, data: film.draw(index), channels: 3, depth: 8 });
    const picture = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
    if (picture !== pictures.at(-1)) pictures.push(picture);
    order.push(pictures.length - 1);
    await pictureDone(index + 1);
  }
  const data = JSON.stringify({ fps, order, pictures });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escapeXml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<img id="picture" alt="${escapeXml(title)}" width="${width}" height="${height}" src="${pictures[0]}">
<div><button id="play" type="button">Stop</button>
<input id="moment" type="range" min="0" max="${numPictures - 1}" value="0" aria-label="Time"><output id="time"></output></div>
</main>
<script type="application/json" id="film">${data}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

const STYLE = `
body { margin: 0; background: #181a1f; color: #e4e6eb; font: 15px system-ui, sans-serif; }
main { max-width: max-content; margin: 16px auto; padding: 0 8px; }
img { max-width: 100%; height: auto; display: block; }
div { display: flex; gap: 8px; align-items: center; margin-top: 8px; }
input { flex: 1; }
button { min-width: 5em; font: inherit; }
`;

const SCRIPT = `
const { fps, order, pictures } = JSON.parse(document.getElementById("film").textContent);
const [picture, play, moment, time] = ["picture", "play", "moment", "time"].map((id) => document.getElementById(id));
let [index, isPlaying, start] = [0, true, undefined];
function show(next) {
  index = Math.min(Math.max(next, 0), order.length - 1);
  const source = pictures[order[index]];
  if (picture.src !== source) picture.src = source;
  moment.value = index;
  time.textContent = (index / fps).toFixed(2) + " s";
}
function setPlaying(playing) {
  isPlaying = playing;
  start = undefined;
  play.textContent = playing ? "Stop" : "Play";
  if (playing) requestAnimationFrame(tick);
}
function tick(now) {
  if (!isPlaying) return;
  start ??= now - (1000 * index) / fps;
  show(Math.floor((((now - start) / 1000) * fps) % order.length));
  requestAnimationFrame(tick);
}
play.addEventListener("click", () => setPlaying(!isPlaying));
moment.addEventListener("input", () => { setPlaying(false); show(Number(moment.value)); });
addEventListener("keydown", (event) => {
  if (event.target === moment || event.target === play) return;
  if (event.key === " ") setPlaying(!isPlaying);
  else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    setPlaying(false);
    show(index + (event.key === "ArrowRight" ? 1 : -1));
  } else return;
  event.preventDefault();
});
show(0);
setPlaying(true);
`;
