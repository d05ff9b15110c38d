// A pile of bricks whose rows a hand drags to another place, on the picture that draws them. A press chooses a
// brick. Every new order is reported live (live.js) with the place of the brick in the hand; others show it, too.
export default function ({ data: [data], parentElement, setStateValue, setTriggerValue }) {
  const s = live(parentElement, data, setStateValue, (value, s) => { s.order = [...value.order]; }, setTriggerValue);
  const { left, right, top, height } = data.rows;
  const place = (over, row) => {
    const [x, y] = over.toPlace([left, top - row * height]), [u, v] = over.toPlace([right, top - (row + 1) * height]);
    return { x, y, width: u - x, height: v - y };
  };
  const rowOf = (over, event) => Math.min(s.order.length - 1, Math.max(0, Math.floor((top - over.toNumbers(event)[1]) / height)));
  const say = () => s.want({ order: [...s.order], chosen: s.held });
  const put = (rect, box) => { for (const [name, value] of Object.entries(box)) rect.setAttribute(name, value); };

  function newRow(row) {
    const rect = svgElement("rect", { class: "row" });
    rect.onpointerdown = event => {
      event.preventDefault();
      rect.setPointerCapture(event.pointerId);
      s.choose(row);
    };
    rect.onpointermove = event => { if (rect.hasPointerCapture(event.pointerId)) s.pull(event); };
    rect.onpointerup = rect.onpointercancel = () => s.over.svg.firstChild.classList.remove("held");
    // What a style says of touch inside a drawing is not heard everywhere: a page that scrolls takes the finger away.
    rect.addEventListener("touchmove", event => event.preventDefault(), { passive: false });
    return rect;
  }

  s.choose = row => {
    s.held = row;
    say();
  };
  s.pull = event => {
    const { svg } = s.over, box = place(s.over, 0), row = rowOf(s.over, event);
    put(svg.firstChild, { ...box, y: event.clientY - svg.getBoundingClientRect().top - box.height / 2 });
    svg.firstChild.classList.add("held");
    if (row === s.held) return;
    s.order.splice(row, 0, ...s.order.splice(s.held, 1));
    s.held = row;
    say();
  };
  s.placed = over => {
    s.over = over;
    const { svg } = over;
    if (!svg.firstChild) svg.append(svgElement("rect", { class: "ghost" }));    // what the hand holds
    while (svg.children.length > s.order.length + 1) svg.lastChild.remove();
    while (svg.children.length < s.order.length + 1) svg.append(newRow(svg.children.length - 1));
    [...svg.children].slice(1).forEach((rect, row) => put(rect, place(over, row)));
  };
  if (s.over?.svg) s.placed(s.over);
  else s.over ??= sheet(s, data);
  s.send();
  return ending(parentElement, () => {
    clearTimeout(s.resting);
    s.stopSheet();
  });
}
