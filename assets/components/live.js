// How a control reports while it moves. One value is on its way at a time: the next one leaves when
// Python has echoed the serial number of the last, after its picture. The newest value that waits
// wins, the last is never lost; if no echo comes (a lost connection), it is sent again. `take` shows
// a value of Python's: the first one, after a reset or a preset, and the echo of the last one sent.
// Where others show the value, too, `setTriggerValue` is given and Python hears when the hand rests.
const LIVE = new WeakMap();
const PATIENCE = 4000;                                       // ms without an echo
const REST = 300;                                            // ms after the last step of a hand

function live(element, data, setStateValue, take, setTriggerValue) {
  let s = LIVE.get(element);
  if (!s) LIVE.set(element, (s = { rev: null, serial: data.serial, sent: null, waiting: null, timer: 0 }));
  s.home = (element.host ?? element).closest('[class*="st-key-movement-"]');   // pending: a better picture is coming
  s.send = () => {
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
  s.want = value => {
    s.waiting = value;
    s.send();
    if (setTriggerValue) s.rest();
  };
  s.rest = () => {
    clearTimeout(s.resting);
    const busy = () => s.sent !== null || s.waiting !== null || ADDRESS.held || s.home?.explainerPending;
    s.resting = setTimeout(() => (busy() ? s.rest() : setTriggerValue("rested", true)), REST);
  };
  if (s.rev !== data.rev) {                                  // Python moves the control: reset, preset, another page
    clearTimeout(s.timer);
    Object.assign(s, { rev: data.rev, sent: null, waiting: null });
    take(data.value, s);
  } else if (s.sent !== null && data.serial === s.serial) {  // the echo: the picture is on the screen
    clearTimeout(s.timer);
    s.sent = null;
    if (s.waiting === null) take(data.value, s);
  }
  return s;
}
