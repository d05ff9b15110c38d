// Tells the address bar's writer the values of one movement; mounted last, when the picture is out.
export default function ({ data }) {
  ADDRESS.report(data.page, data.values);
}
