// A sheet of n x n points to draw on with mouse, finger or keys. Every stroke is reported live (live.js)
// as hexadecimal digits, four points each, row by row; an empty sheet has none.
export default function ({ data: [data], parentElement, setStateValue }) {
  const find = name => parentElement.querySelector(name), { texts, side: n } = data;
  const canvas = find("canvas"), pen = canvas.getContext("2d"), dot = canvas.width / n;
  const read = text => Uint8Array.from({ length: n * n }, (_, i) => text ? parseInt(text[i >> 2], 16) >> (3 - (i & 3)) & 1 : 0);
  const write = ink => {
    let text = "";
    for (let i = 0; i < n * n; i += 4) text += (ink[i] * 8 + ink[i + 1] * 4 + ink[i + 2] * 2 + ink[i + 3]).toString(16);
    return /[^0]/.test(text) ? text : "";
  };
  const s = live(parentElement, data, setStateValue, (value, s) => { s.ink = read(value); });
  s.past ??= [];
  s.at ??= [n / 2, n / 2];
  if (s.pastOf !== data.rev) Object.assign(s, { past: [], pastOf: data.rev });
  const remember = () => { s.past.push(s.ink.slice()); };
  const say = () => {
    draw();
    s.want(write(s.ink));
  };

  function dab(x, y) {                                       // a round brush
    const r = data.brush;
    for (let j = Math.max(0, Math.floor(y - r)); j <= Math.min(n - 1, y + r); j += 1)
      for (let i = Math.max(0, Math.floor(x - r)); i <= Math.min(n - 1, x + r); i += 1)
        if ((i + 0.5 - x) ** 2 + (j + 0.5 - y) ** 2 <= r * r) s.ink[j * n + i] = 1;
  }
  function line([x, y], [u, v]) {
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(u - x, v - y)));
    for (let k = 0; k <= steps; k += 1) dab(x + (k / steps) * (u - x), y + (k / steps) * (v - y));
  }
  function draw() {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = "#000";
    s.ink.forEach((ink, i) => { if (ink) pen.fillRect((i % n) * dot, Math.floor(i / n) * dot, dot, dot); });
    pen.fillStyle = "#bbb";
    for (let k = 4; k < n; k += 4) {
      pen.fillRect(k * dot, 0, 1, canvas.height);
      pen.fillRect(0, k * dot, canvas.width, 1);
    }
    if (parentElement.activeElement === canvas && s.keys) {  // where the keys draw
      pen.strokeStyle = s.down ? "#d55e00" : "#0072b2";
      pen.lineWidth = 3;
      pen.strokeRect((s.at[0] - data.brush) * dot, (s.at[1] - data.brush) * dot, 2 * data.brush * dot, 2 * data.brush * dot);
    }
    find(".undo").disabled = !s.past.length;
    find(".clear").disabled = !s.ink.includes(1);
  }
  const place = event => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * n, ((event.clientY - box.top) / box.height) * n];
  };

  canvas.setAttribute("aria-label", `${data.label}. ${texts.keys}`);
  find(".hint").textContent = texts.hint;
  canvas.onpointerdown = event => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    s.keys = false;
    remember();
    s.last = place(event);
    dab(...s.last);
    say();
  };
  canvas.onpointermove = event => {
    if (!s.last || !canvas.hasPointerCapture(event.pointerId)) return;
    for (const part of event.getCoalescedEvents?.() ?? [event]) {
      const now = place(part);
      line(s.last, now);
      s.last = now;
    }
    say();
  };
  canvas.onpointerup = canvas.onpointercancel = () => { s.last = null; };
  canvas.onkeydown = event => {
    const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (by) {
      const to = s.at.map((value, i) => Math.min(n, Math.max(0, value + by[i] * (event.shiftKey ? 4 : 1))));
      if (s.down) line(s.at, to);
      s.at = to;
    } else if (event.key === " " && !event.repeat) {
      s.down = !s.down;
      if (s.down) {
        remember();
        dab(...s.at);
      }
    } else return;
    event.preventDefault();
    s.keys = true;
    say();
  };
  canvas.onfocus = () => { s.keys = canvas.matches(":focus-visible"); draw(); };
  canvas.onblur = () => { s.down = false; draw(); };
  Object.assign(find(".undo"), { textContent: texts.undo, onclick: () => { if (s.past.length) { s.ink = s.past.pop(); say(); } } });
  Object.assign(find(".clear"), { textContent: texts.clear, onclick: () => { remember(); s.ink = read(""); say(); } });
  draw();
  s.send();
}
