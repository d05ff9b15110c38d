// A choice of small pictures, each of points in a square: radio buttons with names, so the arrows of the keyboard walk
// through them. It reports like a slider (live.js). A point is three signs of base 36: across, upwards, class or value.
const DOTS = 40;                                             // px a side
export default function ({ data: [data], parentElement, setStateValue, setTriggerValue }) {
  const find = name => parentElement.querySelector(name);
  find("legend").textContent = data.label;
  const s = live(parentElement, data, setStateValue, (value, s) => { s.shown = value; }, data.shared ? setTriggerValue : null);
  const told = JSON.stringify(data.options);
  if (s.told !== told) {
    s.told = told;
    find(".pictures").replaceChildren(...data.options.map(([value, text]) => {
      const one = Object.assign(document.createElement("div"), { className: "one", title: text });
      const input = Object.assign(document.createElement("input"), { type: "radio", name: data.name, value });
      const canvas = Object.assign(document.createElement("canvas"), { width: 2 * DOTS, height: 2 * DOTS });
      draw(canvas.getContext("2d"), data.pictures[value], data.colors);
      input.setAttribute("aria-label", text);
      canvas.setAttribute("aria-hidden", true);
      one.append(input, canvas);
      return one;
    }));
  }
  for (const input of find(".pictures").querySelectorAll("input")) {
    input.checked = input.value === s.shown;
    input.onchange = () => {
      s.shown = input.value;
      s.want(input.value);
    };
  }
  s.send();
}

function draw(pen, points, colors) {
  if (!points) {                                             // there are none yet: a hand may set some
    pen.fillStyle = colors[0];
    pen.fillRect(DOTS - 5, 12, 10, 2 * DOTS - 24);
    pen.fillRect(12, DOTS - 5, 2 * DOTS - 24, 10);
  }
  const at = sign => ((parseInt(sign, 36) + 0.5) / 36) * 2 * DOTS;
  for (let i = 0; i < points.length; i += 3) {
    pen.fillStyle = colors[parseInt(points[i + 2], 36)];
    pen.beginPath();
    pen.arc(at(points[i]), 2 * DOTS - at(points[i + 1]), 4, 0, 2 * Math.PI);
    pen.fill();
  }
}
