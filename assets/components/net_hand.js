// A hand on the plane of a network's answer: it chooses a point, and where the points are its own it sets, drags and
// removes them, with mouse, finger or keys. Enter lifts the point under the cross and puts it down again.
const REACH = 14;                                            // px within which a point is taken
const BRUSHES = "●▲■◆";                                      // the classes' shapes

// The tools that own points have: a class or a value for the next point, and a way to remove the last one.
function brushes(s, data, { tool, want, again, number }) {
  const { texts } = data, { own } = s.value;
  s.brush ??= 0;
  const made = [...BRUSHES].slice(0, data.n_brushes).map((text, k) => {
    const button = tool(text, s.brush === k, () => { s.brush = k; again(); }, texts.brush.replace("{n}", k + 1));
    button.style.color = data.colors.classes[k];
    return button;
  });
  const range = Object.assign(document.createElement("input"), { type: "range", className: "value", min: -1, max: 1, step: 0.05, title: texts.value });
  range.value = s.brush;
  range.setAttribute("aria-label", texts.value);
  const shown = Object.assign(document.createElement("output"), { value: number(+range.value) });
  range.oninput = () => {
    s.brush = +range.value;
    shown.value = number(s.brush);
    made.forEach((button, k) => button.setAttribute("aria-pressed", s.brush === k));
  };
  const remove = tool(texts.remove, false, () => want({ own: s.value.own.slice(0, -1) }), texts.remove_last);
  remove.disabled = !own.length;
  return [...made, Object.assign(document.createElement("span"), { textContent: "y =" }), range, shown, remove];
}

function handOnPlane(plane, s, data, { toPlace, want, later, again }) {
  const { view } = data, span = view[1] - view[0];
  const inside = value => Math.max(view[0], Math.min(view[1], value));
  const round = at => at.map(value => +(Math.round(inside(value) / data.step) * data.step).toFixed(3));
  const numbers = event => {
    const box = plane.getBoundingClientRect();
    return round([view[0] + ((event.clientX - box.left) / box.width) * span, view[1] - ((event.clientY - box.top) / box.height) * span]);
  };
  const under = at => {                                      // the own point there, or −1
    const [x, y] = toPlace(...at), far = data.own ? s.value.own.map(point => Math.hypot(toPlace(...point)[0] - x, toPlace(...point)[1] - y)) : [];
    const best = far.indexOf(Math.min(...far));
    return best >= 0 && far[best] <= REACH ? best : -1;
  };
  const change = (i, point) => want({ own: s.value.own.map((old, k) => (k === i ? point : old)), place: point.slice(0, 2) });
  const move = (i, at) => { if (s.value.own[i]) change(i, [...at, s.value.own[i][2]]); };
  const remove = i => want({ own: s.value.own.filter((_, k) => k !== i) });
  const press = at => {
    if (data.own && under(at) < 0 && s.value.own.length < data.most_points) want({ own: [...s.value.own, [...at, s.brush]], place: at });
    else want({ place: at });
    s.cursor = null;
    later();
  };

  plane.onpointerdown = event => {
    const i = event.button ? -1 : under(numbers(event));
    s.held = i < 0 ? null : { i, at: null };
    if (i >= 0) plane.setPointerCapture(event.pointerId);
  };
  plane.onpointermove = event => {
    if (s.held && s.held.i >= 0 && !s.held.keys) {
      s.held.at = numbers(event);
      move(s.held.i, s.held.at);
    }
    plane.style.cursor = s.held || under(numbers(event)) >= 0 ? "grab" : "";
    if (s.held) later();
  };
  plane.onpointercancel = () => { s.held = null; later(); };
  plane.onclick = event => {
    const dragged = s.held?.at;
    s.held = null;
    if (dragged) later();
    else press(numbers(event));
    plane.blur();
  };
  plane.ondblclick = event => {
    const i = under(numbers(event));
    if (i >= 0) remove(i);
  };
  plane.onblur = () => { if (s.held?.keys) s.held = null; later(); };
  // A page that scrolls would take the finger away.
  s.touched ??= plane.addEventListener("touchmove", event => { if (s.held) event.preventDefault(); }, { passive: false }) ?? true;
  plane.onkeydown = event => {
    const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const cross = s.cursor ?? (s.value.place.length ? s.value.place : [0, 0]), lifted = s.held?.keys ? s.held.i : -1;
    if (by) {
      const far = event.shiftKey ? 1 : 0.2;
      s.cursor = round(cross.map((value, j) => value + far * by[j]));
      if (lifted >= 0) {
        s.held.at = s.cursor;
        move(lifted, s.cursor);
      }
    } else if (event.key === "Enter" || event.key === " ") {
      const i = under(cross);
      if (lifted >= 0) s.held = null;
      else if (i >= 0) s.held = { i, at: cross, keys: true };
      else press(cross);
    } else if (data.own && +event.key >= 1 && +event.key <= data.n_brushes) {
      s.brush = +event.key - 1;
      if (lifted >= 0) change(lifted, [...s.value.own[lifted].slice(0, 2), s.brush]);
      again();
    } else if (data.own && (event.key === "Delete" || event.key === "Backspace")) {
      const i = under(cross);
      s.held = null;
      remove(i < 0 ? s.value.own.length - 1 : i);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    later();
  };
}
