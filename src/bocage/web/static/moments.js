// Writes when a live value was measured, in the same words as the server: an instant, a day, a month or an interval.
const lang = document.documentElement.lang === "en" ? "en" : "fr";
const local = lang === "en" ? "en-GB" : "fr-FR";
const FIRM = "\u00a0";
const within = { fr: (day, start, end) => `${day}, de ${start} à ${end}`, en: (day, start, end) => `${day}, from ${start} to ${end}` }[lang];
const between = { fr: (start, end) => `du ${start} au ${end}`, en: (start, end) => `from ${start} to ${end}` }[lang];

function parts(at, zone) {
  const names = { year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  return Object.fromEntries(new Intl.DateTimeFormat(local, names).formatToParts(at).map((part) => [part.type, part.value]));
}

function day({ day: number, month, year }) {
  return `${lang === "fr" && number === "1" ? "1er" : number} ${month} ${year}`;
}

function moment(found) {
  const hour = Number(found.hour);
  return lang === "fr" ? `${day(found)}, ${hour}${FIRM}h${FIRM}${found.minute}` : `${day(found)}, ${String(hour).padStart(2, "0")}:${found.minute}`;
}

function clock(found) {
  const hour = Number(found.hour);
  if (lang === "en") return `${String(hour).padStart(2, "0")}:${found.minute}`;
  return `${hour}${FIRM}h${found.minute === "00" ? "" : `${FIRM}${found.minute}`}`;
}

function midnight(found) {
  return Number(found.hour) === 0 && Number(found.minute) === 0;
}

export function when(start, end, zone) {
  const first = parts(start, zone);
  if (!(end > start)) return moment(first);
  const last = parts(end, zone);
  const days = (end - start) / 86_400_000;
  if (midnight(first) && midnight(last)) {
    if (days > 0.9 && days < 1.1) return day(first);
    if (first.day === "1" && last.day === "1" && days < 32) return `${first.month} ${first.year}`;
  }
  return day(first) === day(last) ? within(day(first), clock(first), clock(last)) : between(moment(first), moment(last));
}

// The log keeps when a replayed value began: a whole day or month was one there too, however many hours it had.
export function originally(original, start, end, zone) {
  const first = parts(original, zone);
  const named = when(start, end, zone);
  if (midnight(first) && end > start) {
    if (named === day(parts(start, zone))) return day(first);
    if (first.day === "1" && named === `${parts(start, zone).month} ${parts(start, zone).year}`) return `${first.month} ${first.year}`;
  }
  return when(original, original + end - start, zone);
}

document.addEventListener("bocage:value", ({ detail }) => {
  const reading = detail.reading;
  if (!reading) return;
  const start = Date.parse(reading.time);
  const end = reading.end ? Date.parse(reading.end) : start;
  const original = reading.original ? Date.parse(reading.original) : NaN;
  for (const place of document.querySelectorAll(`[data-live-when="${reading.number}"]`)) {
    place.textContent = when(start, end, place.dataset.zone);
  }
  if (Number.isNaN(original)) return;
  for (const place of document.querySelectorAll(`[data-live-original="${reading.number}"]`)) {
    place.textContent = originally(original, start, end, place.dataset.zone);
  }
});
