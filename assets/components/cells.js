// A picture of cells, each one wide and one high, that a hand points at: a press, and a finger or a mouse drawn over
// it, report the cell live (live.js), counted from the left and from below. The picture shows what is chosen.
export default function ({ data: [data], parentElement, setStateValue }) {
  const s = live(parentElement, data, setStateValue, () => {});
  const { columns, rows } = data, cells = svgElement("rect", { class: "cells" });
  s.placed = over => {
    const rect = over.svg.firstChild ?? over.svg.appendChild(cells);
    const [x, y] = over.toPlace([data.x[0], rows]), [right, bottom] = over.toPlace([data.x[0] + columns, 0]);
    for (const [name, value] of Object.entries({ x, y, width: right - x, height: bottom - y })) rect.setAttribute(name, value);
  };
  const point = event => {
    const [x, y] = s.over.toNumbers(event), inside = (at, n) => Math.min(n - 1, Math.max(0, Math.floor(at)));
    const cell = [inside(x - data.x[0], columns), inside(y, rows)];
    if (`${cell}` === `${s.cell}`) return;
    s.cell = cell;
    s.want(cell);
  };
  cells.onpointerdown = event => {
    event.preventDefault();
    cells.setPointerCapture(event.pointerId);
    s.cell = null;                                           // the slider may have left it meanwhile
    point(event);
  };
  cells.onpointermove = event => { if (cells.hasPointerCapture(event.pointerId)) point(event); };
  if (s.over?.svg) s.placed(s.over);
  else s.over ??= sheet(s, data);
  s.send();
  return ending(parentElement, s.stopSheet);
}
