// A table that is pasted, typed, or read from a file on this machine; it is reported like a slider's value (live.js).
export default function ({ data: [data], parentElement, setStateValue }) {
  const [area, file] = [parentElement.querySelector("textarea"), parentElement.querySelector("input")];
  const [label, fileLabel] = parentElement.querySelectorAll("label");
  label.textContent = data.label;
  fileLabel.textContent = data.file;
  area.placeholder = data.example;
  const s = live(parentElement, data, setStateValue, value => { if (area.value !== value) area.value = value; });
  const say = () => s.want(area.value.slice(0, data.longest + 1));
  area.oninput = say;
  file.onchange = async () => {
    if (!file.files.length) return;
    const bytes = await file.files[0].slice(0, data.longest + 1).arrayBuffer();
    try {
      area.value = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {                                                // a Russian spreadsheet's own encoding
      area.value = new TextDecoder("windows-1251").decode(bytes);
    }
    file.value = "";
    say();
  };
  s.send();
}
