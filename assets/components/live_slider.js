// A slider that reports while it moves. One value is on its way at a time: the next one leaves when
// Python has echoed the serial number of the last, after its picture. The newest value that waits
// wins, the last is never lost; if no echo comes (a lost connection), it is sent again.
const KEEP = new WeakMap();
const PATIENCE = 4000;                                       // ms without an echo

export default function ({ data, parentElement, setStateValue }) {
  const input = parentElement.querySelector("input"), output = parentElement.querySelector("output");
  let s = KEEP.get(parentElement);
  if (!s) KEEP.set(parentElement, (s = { rev: null, serial: data.serial, sent: null, waiting: null, timer: 0 }));

  const show = () => {
    const text = (+input.value).toFixed(data.decimals).replace("-", "−") + data.unit;
    output.value = text;
    input.setAttribute("aria-valuetext", text);
    input.style.setProperty("--filled", `${((input.value - data.min) / (data.max - data.min)) * 100}%`);
  };
  const send = () => {
    if (s.sent !== null || s.waiting === null) return;
    if (ADDRESS.leaving()) {
      s.timer = setTimeout(() => s.send(), 500);
      return;
    }
    s.sent = s.waiting;
    s.waiting = null;
    s.serial += 1;
    clearTimeout(s.timer);
    s.timer = setTimeout(() => {
      s.waiting ??= s.sent;
      s.sent = null;
      s.send();
    }, PATIENCE);
    setStateValue("moved", { value: s.sent, serial: s.serial, rev: s.rev });
  };
  s.send = send;                                             // the timer outlives this call

  parentElement.querySelector("label").textContent = data.label;
  output.style.minWidth = `${data.widest}ch`;
  Object.assign(input, { min: data.min, max: data.max, step: data.step });
  if (s.rev !== data.rev) {                                  // Python moves the slider: reset, preset, another page
    clearTimeout(s.timer);
    Object.assign(s, { rev: data.rev, sent: null, waiting: null });
    input.value = data.value;
  } else if (s.sent !== null && data.serial === s.serial) {  // the echo: the picture is on the screen
    clearTimeout(s.timer);
    s.sent = null;
    if (s.waiting === null) input.value = data.value;
  }
  input.oninput = () => {
    show();
    s.waiting = +input.value;
    send();
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
  send();
}
