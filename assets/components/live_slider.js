// A slider that reports while it moves (live.js).
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const input = parentElement.querySelector("input"), output = parentElement.querySelector("output");
  const show = () => {
    const text = (+input.value).toFixed(data.decimals).replace("-", "−") + data.unit;
    output.value = text;
    input.setAttribute("aria-valuetext", text);
    input.style.setProperty("--filled", `${((input.value - data.min) / (data.max - data.min)) * 100}%`);
  };

  parentElement.querySelector("label").textContent = data.label;
  output.style.minWidth = `${data.widest}ch`;
  Object.assign(input, { min: data.min, max: data.max, step: data.step });
  const s = live(parentElement, data, setStateValue, value => { input.value = value; }, data.shared ? setTriggerValue : null);
  input.oninput = () => {
    show();
    s.want(+input.value);
  };
  input.onkeydown = event => {
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!direction || !event.shiftKey) return;
    event.preventDefault();
    input.value = +input.value + 10 * direction * data.step;
    input.oninput();
  };
  input.onpointerup = input.onpointercancel = () => input.blur();   // the arrows go back to the stage
  show();
  s.send();
}
