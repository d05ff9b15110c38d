// How a network and its answer are drawn: signed values from blue over clear to orange, classes in their
// colours, weights as edges. Nothing here knows Streamlit or a hand.
const SHADES = 255, STRONGEST = 0.75;
const channels = color => [1, 3, 5].map(i => parseInt(color.slice(i, i + 2), 16));

// A colour as the four bytes of a dot, red first.
const dot = ([r, g, b], opacity) => ((Math.round(255 * opacity) << 24) | (b << 16) | (g << 8) | r) >>> 0;

// The colours of values from −1 to 1: clear in the middle, so that the page shows through.
function ramp(low, high, strongest = STRONGEST) {
  const shade = i => (2 * i) / SHADES - 1;
  return Uint32Array.from({ length: SHADES + 1 }, (_, i) => dot(channels(shade(i) < 0 ? low : high), strongest * Math.abs(shade(i))));
}
const shadeOf = value => (value <= -1 ? 0 : value >= 1 ? SHADES : (((value + 1) / 2) * SHADES + 0.5) | 0);

// A square grid over the view, row by row from the top.
function makeGrid(net, view, side) {
  const place = i => view[0] + ((i + 0.5) / side) * (view[1] - view[0]);
  const xs = [], ys = [];
  for (let r = 0; r < side; r += 1) for (let c = 0; c < side; c += 1) xs.push(place(c)), ys.push(-place(r));
  return Object.assign(makePlane(net, xs, ys), { side });
}

// What a unit shows, as a value from −1 to 1; `scale` is the largest value of an unbounded one.
const shownAs = (f, scale) => (f === "sigmoid" || f === "heaviside" ? v => 2 * v - 1 : f === "tanh" || f === "softsign" ? v => v : v => v / scale);

// Paint every `step`-th value of a grid into a picture, from a row on.
function paint(dots, row, values, step, side, colors, show) {
  const n = Math.floor(side / step);
  for (let r = 0; r < n; r += 1)
    for (let c = 0; c < n; c += 1) dots[(row + r) * n + c] = colors[shadeOf(show(values[r * step * side + c * step]))];
}
const dotsOf = image => new Uint32Array(image.data.buffer);

// The answer over the plane as pixels: shades between two classes or of a number, or the winner's colour.
function paintAnswer(dots, net, grid, look) {
  const units = grid.units.at(-1), { side } = grid;
  if (units.length === 1) {
    const show = shownAs(net.output, look.scale);
    const value = look.discrete ? v => (show(v) > 0 ? 0.7 : -0.7) : show;
    return paint(dots, 0, units[0], 1, side, look.colors, value);
  }
  for (let p = 0; p < side * side; p += 1) {
    const k = classOf(grid, p), share = net.output === "softmax" ? units[k][p] : (units[k][p] + 1) / 2;
    const sure = look.discrete ? 0.8 : Math.max(0, (share * units.length - 1) / (units.length - 1));
    dots[p] = dot(look.classes[k], 0.62 * sure);
  }
}

// Where the logit crosses zero: marching squares, a piece of line a cell.
function traceBorder(pen, values, side, size) {
  const at = i => ((i + 0.5) / side) * size;
  const cut = (a, b) => a / (a - b);
  pen.beginPath();
  for (let r = 0; r + 1 < side; r += 1)
    for (let c = 0; c + 1 < side; c += 1) {
      const i = r * side + c, [a, b, d, e] = [values[i], values[i + 1], values[i + side], values[i + side + 1]];
      const ends = [];
      if (a > 0 !== b > 0) ends.push([c + cut(a, b), r]);
      if (b > 0 !== e > 0) ends.push([c + 1, r + cut(b, e)]);
      if (d > 0 !== e > 0) ends.push([c + cut(d, e), r + 1]);
      if (a > 0 !== d > 0) ends.push([c, r + cut(a, d)]);
      for (let k = 0; k + 1 < ends.length; k += 2) {
        pen.moveTo(at(ends[k][0]), at(ends[k][1]));
        pen.lineTo(at(ends[k + 1][0]), at(ends[k + 1][1]));
      }
    }
  pen.stroke();
}

// The shape of a class around a place: circle, triangle, square, diamond.
function shape(pen, k, x, y, r) {
  pen.beginPath();
  if (k === 0) pen.arc(x, y, r, 0, 2 * Math.PI);
  else if (k === 2) pen.rect(x - 0.85 * r, y - 0.85 * r, 1.7 * r, 1.7 * r);
  else {
    const corners = k === 1 ? [[0, -1.25], [1.1, 0.75], [-1.1, 0.75]] : [[0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]];
    corners.forEach(([dx, dy], i) => pen[i ? "lineTo" : "moveTo"](x + dx * r, y + dy * r));
    pen.closePath();
  }
}

// Sharp on every screen: a canvas of as many dots as its place has.
function fit(canvas, width, height) {
  const ratio = Math.min(2, devicePixelRatio || 1);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

const WIDEST = 6;                                            // px of an edge
function edge(pen, [x, y], [x2, y2], weight, colors, curved, dashed) {
  const size = Math.abs(weight);
  pen.lineWidth = Math.min(WIDEST, 0.4 + 2 * size);
  pen.globalAlpha = Math.min(1, 0.25 + 0.6 * size);
  pen.strokeStyle = weight < 0 ? colors.negative : colors.positive;
  pen.setLineDash(weight < 0 && dashed ? [6, 4] : []);
  pen.beginPath();
  pen.moveTo(x, y);
  if (curved) pen.bezierCurveTo((x + x2) / 2, y, (x + x2) / 2, y2, x2, y2);
  else pen.lineTo(x2, y2);
  pen.stroke();
}
