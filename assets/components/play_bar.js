// One play bar for all pictures of a movement: it moves the bound parameter "frame" of every chart by input
// events and tells it to our own pictures as an event "frame", so that all go together and Python hears nothing.
const KEEP = new WeakMap();
const PERIOD = 80;                                           // ms a frame

export default function ({ data: [data], parentElement }) {
  const find = name => parentElement.querySelector(name);
  const bar = find(".bar"), play = find(".play"), range = find("input"), last = data.frames - 1;
  let s = KEEP.get(parentElement);
  if (!s) KEEP.set(parentElement, (s = { frame: last, playing: false, timer: 0 }));
  s.data = data;

  const host = (parentElement.host ?? parentElement).closest('[class*="st-key-movement-"]');
  const draw = () => {
    const { data } = s;
    range.value = s.frame;
    const label = data.frame.replace("{n}", data.steps[s.frame]);
    find(".frame").value = label;
    range.setAttribute("aria-valuetext", label);
    play.textContent = s.playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", s.playing ? data.pause : data.play);
    data.rows.forEach((row, i) => row.values.forEach((values, j) => {
      find("tbody").rows[i + 1].cells[j + 1].textContent = values[s.frame];
    }));
    for (const input of host?.querySelectorAll('.vega-bindings input[name="frame"]') ?? []) {
      if (+input.value === s.frame) continue;
      input.value = s.frame;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (!host) return;
    host.explainerFrame = s.frame;                           // for who comes later
    host.dispatchEvent(new CustomEvent("frame", { detail: s.frame }));
  };
  const stop = () => { s.playing = false; clearInterval(s.timer); };
  const go = frame => { s.frame = Math.max(0, Math.min(last, frame)); draw(); };
  s.draw = draw;

  const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const table = find("tbody");
  table.replaceChildren();
  table.parentElement.hidden = !data.rows.length;
  const head = table.insertRow();
  head.append(...["", ...data.columns].map(text => element("th", text)));
  for (const row of data.rows) {
    const line = table.insertRow(), name = element("th", "");
    const mark = element("span", "");
    mark.className = "mark";
    mark.style.borderColor = row.color;
    mark.style.borderTopStyle = row.dash;
    name.append(mark, row.label);
    line.append(name, ...row.values.map(() => element("td", "")));
  }
  bar.setAttribute("aria-label", data.label);
  range.max = last;
  range.setAttribute("aria-label", data.label);
  find(".back").setAttribute("aria-label", data.back);
  find(".step").setAttribute("aria-label", data.step);

  // A press on a curve that goes frame by frame shows that frame; pulled along, it plays by hand.
  const curve = data.curve && document.querySelector(`.st-key-${data.curve}`);
  const chosen = event => {
    const box = curve.querySelector("svg .root > g > path.background")?.getBoundingClientRect();
    if (!box) return;
    stop();
    go(Math.round(((event.clientX - box.left) / box.width) * last));
  };
  if (curve) {
    curve.style.cursor = "col-resize";
    curve.onpointerdown = event => { if (!event.button) chosen(event); };
    curve.onpointermove = event => { if (event.buttons === 1) chosen(event); };
  }
  range.oninput = () => { stop(); go(+range.value); };
  range.onpointerup = () => range.blur();
  find(".back").onclick = () => { stop(); go(s.frame - 1); };
  find(".step").onclick = () => { stop(); go(s.frame + 1); };
  play.onclick = () => {
    if (s.playing) { stop(); return draw(); }
    s.playing = true;
    if (s.frame === last) s.frame = 0;
    s.timer = setInterval(() => {
      if (s.frame >= last) stop();
      else s.frame += 1;
      s.draw();
    }, PERIOD);
    draw();
  };
  bar.onclick = event => event.detail > 0 && parentElement.activeElement?.blur?.();
  // A new run is shown where the bar stands; charts that are built anew start at their last frame.
  draw();
  clearTimeout(s.later);
  s.later = setTimeout(() => s.draw(), 300);
  return ending(parentElement, () => { stop(); clearTimeout(s.later); });
}
