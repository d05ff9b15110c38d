// A curve drawn on the picture with mouse or finger: a number for each of n columns, or null where
// nothing was drawn. Every stroke is reported live (live.js); the picture shows the curve itself.
export default function ({ data: [data], parentElement, setStateValue, setTriggerValue }) {
  const find = name => parentElement.querySelector(name), { texts } = data, n = data.columns;
  const s = live(parentElement, data, setStateValue, (value, s) => { s.curve = [...value]; }, setTriggerValue);
  s.past ??= [];
  if (s.pastOf !== data.rev) Object.assign(s, { past: [], pastOf: data.rev });
  const columnOf = x => Math.round(((x - data.x[0]) / (data.x[1] - data.x[0])) * (n - 1));
  const xOf = i => data.x[0] + (i / (n - 1)) * (data.x[1] - data.x[0]);
  const round = y => Math.min(data.heights[1], Math.max(data.heights[0], +(Math.round(y / data.step) * data.step).toFixed(6)));
  const remember = () => { s.past.push([...s.curve]); };
  const say = () => {
    draw();
    s.want([...s.curve]);
  };
  const change = curve => {
    remember();
    s.curve = curve;
    say();
  };
  const put = (x, y) => {
    if (!Number.isFinite(x) || !Number.isFinite(y) || x < data.x[0] || x > data.x[1]) return;
    change(s.curve.map((old, i) => (i === columnOf(x) ? round(y) : old)));
  };

  function stroke(from, to) {                                // every column that the hand has passed
    const [a, b] = [columnOf(from[0]), columnOf(to[0])];
    for (let i = Math.min(a, b); i <= Math.max(a, b); i += 1) {
      const share = a === b ? 1 : (i - a) / (b - a);
      s.curve[i] = round(from[1] + share * (to[1] - from[1]));
    }
  }
  function draw() {
    find(".undo").disabled = !s.past.length;
    find(".clear").disabled = s.curve.every(y => y === null);
    if (s.over?.svg) drawInk(s.over);
    if (find("details").open) drawTable();
  }
  function drawInk(over) {                                   // the stroke under the hand, until the picture has it
    const ink = over.svg.firstChild ?? over.svg.appendChild(svgElement("polyline"));
    ink.setAttribute("points", s.ink ? s.ink.map(point => over.toPlace(point).join()).join(" ") : "");
  }
  function drawTable() {
    const drawn = s.curve.flatMap((y, i) => (y === null ? [] : [i])), body = find("tbody");
    if (body.contains(parentElement.activeElement)) return;
    body.replaceChildren(...drawn.map(i => {
      const row = document.createElement("tr"), gone = document.createElement("button");
      row.insertCell().textContent = `x = ${xOf(i).toFixed(2)}`;
      const y = Object.assign(document.createElement("input"), { type: "number", step: data.step, min: data.heights[0], max: data.heights[1], value: s.curve[i] });
      y.setAttribute("aria-label", `y, x = ${xOf(i).toFixed(2)}`);
      y.onchange = () => { y.value = Number.isFinite(+y.value) && y.value !== "" ? round(+y.value) : s.curve[i]; put(xOf(i), +y.value); };
      row.insertCell().append(y);
      Object.assign(gone, { type: "button", textContent: "✕", onclick: () => { gone.blur(); change(s.curve.map((old, j) => (j === i ? null : old))); } });
      gone.setAttribute("aria-label", `${texts.remove} x = ${xOf(i).toFixed(2)}`);
      row.insertCell().append(gone);
      return row;
    }));
  }

  find(".hint").textContent = texts.hint;
  find("summary").textContent = texts.table;
  Object.assign(find(".undo"), { textContent: texts.undo, onclick: () => { if (s.past.length) { s.curve = s.past.pop(); say(); } } });
  Object.assign(find(".clear"), { textContent: texts.clear, onclick: () => change(Array(n).fill(null)) });
  const [x, y] = [find(".x"), find(".y")];
  Object.assign(x, { min: data.x[0], max: data.x[1], step: data.step, placeholder: "x" }).setAttribute("aria-label", "x");
  Object.assign(y, { min: data.heights[0], max: data.heights[1], step: data.step, placeholder: "y" }).setAttribute("aria-label", "y");
  Object.assign(find(".put"), { textContent: texts.add, onclick: () => { if (x.value !== "" && y.value !== "") put(+x.value, +y.value); } });
  find("details").ontoggle = draw;
  s.placed = over => {
    s.over = over;
    const { svg } = over;
    svg.classList.add("draws");
    svg.onpointerdown = event => {
      event.preventDefault();
      svg.setPointerCapture(event.pointerId);
      remember();
      s.last = over.toNumbers(event);
      s.ink = [s.last];
      stroke(s.last, s.last);
      say();
    };
    svg.onpointermove = event => {
      if (!s.last || !svg.hasPointerCapture(event.pointerId)) return;
      for (const part of event.getCoalescedEvents?.() ?? [event]) {
        const now = over.toNumbers(part);
        stroke(s.last, now);
        s.ink.push(now);
        s.last = now;
      }
      say();
    };
    svg.onpointerup = svg.onpointercancel = () => {
      s.last = s.ink = null;
      draw();
    };
    drawInk(over);
  };
  if (s.over?.svg) s.placed(s.over);
  else s.over ??= sheet(s, data);
  draw();
  s.send();
  return ending(parentElement, () => {
    clearTimeout(s.resting);
    s.stopSheet();
  });
}
