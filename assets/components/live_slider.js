// A slider that reports while it moves (live.js). Its number can be typed: a click on it or a digit begins.
export default function ({ data: [data], parentElement, setStateValue, setTriggerValue }) {
  const find = selector => parentElement.querySelector(selector);
  const input = find("[type=range]"), number = find(".number"), junk = find(".junk");
  const words = value => (+value).toFixed(data.decimals).replace("-", "−");
  const show = () => {
    const text = words(input.value) + data.unit;
    if (parentElement.activeElement !== number) number.value = text;
    input.setAttribute("aria-valuetext", text);
    input.style.setProperty("--filled", `${((input.value - data.min) / (data.max - data.min)) * 100}%`);
  };

  find("label").textContent = data.label;
  number.style.width = `${data.widest + 0.5}ch`;
  number.setAttribute("aria-label", `${data.label}: ${data.texts.number}`);
  Object.assign(input, { min: data.min, max: data.max, step: data.step });
  const s = live(parentElement, data, setStateValue, value => { input.value = value; }, data.shared ? setTriggerValue : null);
  input.oninput = () => {
    junk.textContent = "";
    show();
    s.want(+input.value);
  };
  input.onkeydown = event => {
    if (/^[0-9-]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) return number.focus();
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!direction || !event.shiftKey) return;
    event.preventDefault();
    input.value = +input.value + 10 * direction * data.step;
    input.oninput();
  };
  input.onpointerup = input.onpointercancel = () => input.blur();   // the arrows go back to the stage

  number.onfocus = () => {
    number.value = words(input.value);
    number.select();
  };
  number.onkeydown = event => {
    if (event.key === "Escape") number.value = words(input.value);
    if (event.key === "Enter" || event.key === "Escape") number.blur();
  };
  number.onblur = () => {
    const text = number.value.replace(data.unit, "").trim().replace(",", ".").replace("−", "-"), typed = +text;
    if (text === words(input.value).replace("−", "-")) junk.textContent = "";
    else if (text !== "" && typed >= data.min && typed <= data.max) {
      input.value = typed;
      input.oninput();
    } else {                                                 // a sentence, and the last good value
      junk.textContent = data.texts.junk.replace("{low}", data.min).replace("{high}", data.max).replaceAll("-", "−");
      clearTimeout(s.said);
      s.said = setTimeout(() => { junk.textContent = ""; }, 8000);
    }
    show();
  };
  show();
  s.send();
  return ending(parentElement, () => clearTimeout(s.resting));
}
