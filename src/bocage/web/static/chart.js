// The chart of a series: drawn by the server, made zoomable here. Zooming asks the server for finer values.
(() => {
  "use strict";
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const bars = (drawn) => uPlot.paths.bars({ size: [0.86], align: 1 });

  function series(sent, words) {
    const line = { label: words.title, stroke: colour("--series-1"), width: 1.75, value: (_u, v) => v == null ? "—" : words.number.format(v) + (sent.unit ? " " + sent.unit : ""), spanGaps: false, points: { show: sent.t.length < 120, size: 5, fill: colour("--series-1") } };
    if (sent.shape === "bars") Object.assign(line, { paths: bars(sent), fill: colour("--series-1"), points: { show: false } });
    if (sent.shape === "step") line.paths = uPlot.paths.stepped({ align: 1 });
    const edge = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: false };
    const extremes = sent.low.length ? [{ ...edge, label: words.high }, { ...edge, label: words.low }] : [];
    return [{ label: words.when, value: (_u, v) => v == null ? "" : words.moment.format(new Date(v * 1000)) }, line, ...extremes];
  }

  function columns(sent) {
    return sent.low.length ? [sent.t, sent.v, sent.high, sent.low] : [sent.t, sent.v];
  }

  // The last value is written at the line: nobody has to point at it.
  function last(plot, sent, words) {
    let place = sent.v.length - 1;
    while (place >= 0 && sent.v[place] == null) place -= 1;
    if (place < 0) return;
    const { ctx } = plot;
    const ratio = uPlot.pxRatio;
    const x = plot.valToPos(sent.t[place] + (sent.shape === "bars" ? sent.width / 2 : 0), "x", true);
    const y = plot.valToPos(sent.v[place], "y", true);
    ctx.save();
    ctx.fillStyle = colour("--ink");
    ctx.font = `600 ${12 * ratio}px system-ui, sans-serif`;
    const above = sent.shape === "bars"; // a bar would hide it
    ctx.textAlign = above ? "center" : "left";
    ctx.textBaseline = above ? "bottom" : "middle";
    ctx.fillText(words.number.format(sent.v[place]), x + (above ? 0 : 7 * ratio), y - (above ? 4 * ratio : 0));
    ctx.restore();
  }

  function options(box, sent, words, zoom) {
    const axis = { stroke: colour("--stone"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") }, font: "12px system-ui, sans-serif" };
    const high = sent.v.reduce((most, v) => v != null && v > most ? v : most, -Infinity);
    return {
      width: box.clientWidth, height: 320, title: "", tzDate: (at) => uPlot.tzDate(new Date(at * 1000), words.zone),
      series: series(sent, words), bands: sent.low.length ? [{ series: [2, 3], fill: colour("--series-1") + "2e" }] : [],
      scales: { x: { min: sent.start / 1000, max: sent.end / 1000 }, y: sent.shape === "bars" ? { range: (_u, low) => [Math.min(0, low ?? 0), high > 0 ? high * 1.05 : 1] } : {} },
      axes: [{ ...axis, values: (_u, ticks, _a, _s, step) => ticks.map((at) => words.tick(at, step)) }, { ...axis, size: 64, values: (_u, ticks) => ticks.map((v) => words.number.format(v)) }],
      padding: [12, 60, 0, 0], cursor: { drag: { x: true, y: false } }, legend: { live: true },
      hooks: { draw: [(plot) => last(plot, sent, words)], setSelect: [(plot) => { if (plot.select.width > 4) zoom(plot.posToVal(plot.select.left, "x") * 1000, plot.posToVal(plot.select.left + plot.select.width, "x") * 1000); }] },
    };
  }

  function wording(figure) {
    const { lang, zone, title } = figure.dataset;
    const local = lang === "en" ? "en-GB" : "fr-FR";
    const form = (parts) => new Intl.DateTimeFormat(local, { timeZone: zone, ...parts });
    const [hour, day, month] = [form({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }), form({ day: "numeric", month: "short" }), form({ month: "short", year: "numeric" })];
    return {
      zone, title, number: new Intl.NumberFormat(local, { maximumSignificantDigits: 5 }), moment: form({ dateStyle: "long", timeStyle: "short" }),
      high: lang === "en" ? "highest" : "plus haute", low: lang === "en" ? "lowest" : "plus basse", when: lang === "en" ? "When" : "Date", back: lang === "en" ? "Back to the whole span" : "Revenir à toute la période",
      tick: (at, step) => {
        const date = new Date(at * 1000);
        if (step >= 27 * 86400) return month.format(date);
        // Midnight at the clocks of the territory begins a day: it says which one.
        const clock = hour.format(date);
        if (step >= 86400 || clock.startsWith("00:00")) return day.format(date);
        return lang === "en" ? clock : `${Number(clock.slice(0, 2))} h${clock.endsWith(":00") ? "" : ` ${clock.slice(3)}`}`;
      },
    };
  }

  async function draw(figure) {
    const box = figure.querySelector("[data-drawn]");
    const words = wording(figure);
    let plot = null;
    const back = document.createElement("button");
    back.type = "button"; back.className = "second"; back.textContent = words.back; back.hidden = true;
    const whole = { start: Number(figure.dataset.start), end: Number(figure.dataset.end) };
    async function show(start, end) {
      const answer = await fetch(`${figure.dataset.chart}?start=${Math.round(start)}&end=${Math.round(end)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const sent = await answer.json();
      if (!sent.t.length && !plot) return;
      back.hidden = end >= whole.end && end - start >= whole.end - whole.start;
      const next = document.createElement("div");
      if (plot) plot.destroy();
      box.replaceChildren(next);
      plot = new uPlot(options(box, sent, words, show), columns(sent), next);
      figure.dataset.step = sent.step;
    }
    back.addEventListener("click", () => show(whole.start, whole.end));
    figure.append(back);
    await show(whole.start, whole.end);
    new ResizeObserver(() => plot && plot.setSize({ width: box.clientWidth, height: 320 })).observe(figure);
    // A live value lengthens what is shown.
    document.addEventListener("bocage:value", (event) => { if (String(event.detail.datastream) === figure.dataset.number && back.hidden && !figure.dataset.waiting) { figure.dataset.waiting = "1"; setTimeout(() => { delete figure.dataset.waiting; const grown = Math.max(whole.end, Date.now()); show(figure.dataset.span === "all" ? whole.start : whole.start + (grown - whole.end), grown); }, 4000); } });
  }

  if (typeof uPlot === "undefined") return;
  for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
})();
