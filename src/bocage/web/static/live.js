// Values as they arrive: one connection for the whole browser, resumed by position, shared between tabs.
const territory = location.pathname.split("/")[1];
const lang = document.documentElement.lang === "en" ? "en" : "fr";
const local = lang === "en" ? "en-GB" : "fr-FR";
const NARROW = "\u202f";
const seen = new Map();

// As many decimals as say something: the same rule as on the server.
function written(value, unit) {
  if (value === null) return lang === "en" ? "No value" : "Aucune valeur";
  if (typeof value === "boolean") return { en: ["No", "Yes"], fr: ["Non", "Oui"] }[lang][Number(value)];
  if (typeof value === "string") return value;
  const size = Math.abs(value);
  const places = value === 0 || size >= 1000 ? 1 : Math.min(6, Math.max(2, 2 - Math.floor(Math.log10(size))));
  const said = new Intl.NumberFormat(local, { maximumFractionDigits: places }).format(value);
  const close = lang === "en" && (unit === "%" || unit === "°");
  return unit ? said + (close ? "" : NARROW) + unit : said;
}

function tell(reading) {
  const at = Date.parse(reading.time);
  if (at < (seen.get(reading.number) ?? -Infinity)) return;
  seen.set(reading.number, at);
  let text = "";
  for (const place of document.querySelectorAll(`[data-live="${reading.number}"]`)) {
    if (at < Number(place.dataset.at ?? -Infinity)) continue;
    text = written(reading.result, place.dataset.unit || "");
    place.dataset.at = at;
    place.textContent = text;
    place.classList.add("fresh");
    setTimeout(() => place.classList.remove("fresh"), 1600);
  }
  document.dispatchEvent(new CustomEvent("bocage:value", { detail: { datastream: reading.number, text, time: at, result: reading.result, reading } }));
}

function hear(data) {
  for (const reading of data.values) tell(reading);
}

// The tab that holds the lock listens, and tells the others; when it closes, the next one takes over.
function listen(channel) {
  const source = new EventSource(`/api/${territory}/live`);
  source.addEventListener("values", (event) => {
    const data = JSON.parse(event.data);
    hear(data);
    channel?.postMessage(data);
  });
  return source;
}

if (document.querySelector("[data-live], [data-map], [data-chart], [data-again]")) {
  const name = `bocage-live-${territory}`;
  if (navigator.locks && "BroadcastChannel" in window) {
    const channel = new BroadcastChannel(name);
    channel.addEventListener("message", (event) => hear(event.data));
    navigator.locks.request(name, () => new Promise(() => listen(channel)));
  } else {
    listen(null);
  }
}
