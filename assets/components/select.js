// A list of which one is chosen: many options in one line. It reports like a slider (live.js); Streamlit's own
// forgets its value when its options change their language.
export default function ({ data: [data], parentElement, setStateValue, setTriggerValue }) {
  const select = parentElement.querySelector("select");
  parentElement.querySelector("label").textContent = data.label;
  select.replaceChildren(...data.options.map(([value, text]) => new Option(text, value)));
  const s = live(parentElement, data, setStateValue, (value, s) => { s.shown = value; }, data.shared ? setTriggerValue : null);
  select.value = s.shown;
  select.onchange = () => {
    s.shown = select.value;
    s.want(select.value);
  };
  s.send();
}
