// Small comforts of the desk; every page works without them.
(() => {
  "use strict";
  // On narrow screens the menu starts closed.
  const menu = document.querySelector("details.menu");
  if (menu && window.matchMedia("(max-width: 900px)").matches) menu.removeAttribute("open");

  // Questions that another answer makes needless are put away (the server does not need them either).
  const alone = (form) => form.elements["transport"]?.value === "mqtt" && form.elements["broker.payload"]?.value === "value";
  const mapped = (value, form) => form.elements["plugin"]?.value !== "bocage-json" || alone(form);
  const needed = [
    { name: "openness", fields: ["ground", "reason", "review"], when: (value) => value === "closed" },
    { name: "personal", fields: ["legal_basis", "recipients"], when: (value) => value === "yes" },
    { name: "plugin", fields: ["mapping"], when: mapped },
    { name: "transport", fields: ["mapping"], when: mapped },
    { name: "broker.payload", fields: ["mapping"], when: mapped },
    { name: "transport", fields: ["address", "every_seconds"], when: (value) => value === "poll" },
    { name: "transport", fields: ["broker"], when: (value) => value === "mqtt" },
  ];
  for (const rule of needed) {
    for (const control of document.querySelectorAll(`[name="${rule.name}"], [name$=".${rule.name}"]`)) {
      const prefix = control.name.slice(0, -rule.name.length);
      const follow = () => {
        const value = control.type === "radio" ? control.form.elements[control.name].value : control.value;
        for (const field of rule.fields) {
          for (const place of control.form.querySelectorAll(`[data-field="${prefix}${field}"]`)) place.hidden = !rule.when(value, control.form);
        }
      };
      control.addEventListener("change", follow);
      follow();
    }
  }

  // A filter applies as soon as it is chosen.
  for (const select of document.querySelectorAll("form.filters select")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }

  // A long list is searched as one types; what is ticked stays in sight.
  for (const place of document.querySelectorAll("fieldset[data-search]")) {
    const box = document.createElement("input");
    const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    box.type = "search";
    box.placeholder = place.dataset.search;
    box.setAttribute("aria-label", place.dataset.search);
    box.addEventListener("input", () => {
      const asked = plain(box.value).split(" ").filter(Boolean);
      for (const line of place.querySelectorAll(".choices > .choice")) {
        const said = plain(line.textContent);
        line.hidden = !line.firstElementChild.checked && !asked.every((word) => said.includes(word));
      }
    });
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    place.querySelector(".choices").before(box);
  }

  // A file that is too large is said so before it is sent.
  for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
    input.addEventListener("change", () => {
      const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
      input.setCustomValidity(size > Number(input.dataset.largest) ? input.dataset.large : "");
      input.reportValidity();
    });
  }

  // What is shown once is selected with one click.
  for (const secret of document.querySelectorAll("[data-copy]")) {
    secret.addEventListener("click", () => (secret.select ? secret.select() : window.getSelection().selectAllChildren(secret)));
  }

  // A button beside it copies it, where the browser lets one.
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const held = document.getElementById(button.dataset.copies);
      await navigator.clipboard.writeText(held.value ?? held.textContent);
      button.textContent = button.dataset.copied;
    });
  }

  // A page that waits for something looks again by itself, and shows it once it is there.
  const waiting = document.querySelector("[data-wait]");
  if (waiting) setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(waiting.dataset.wait, { redirect: "error" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("[data-wait]")) location.assign(`${waiting.dataset.wait}#came`);
  }, 4000);

  // A part of a page that changes by itself is shown as it is now, unless somebody works in it.
  const part = document.querySelector("[data-again]");
  const renew = async () => {
    if (document.hidden || part.contains(document.activeElement)) return;
    const answer = await fetch(part.dataset.again, { redirect: "error" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
  };
  if (part) {
    setInterval(renew, 2000);
    document.addEventListener("bocage:value", renew); // a value that arrives is told at once
  }

  // What is wrong is what the reader hears first.
  document.querySelector(".wrongs")?.focus();
})();
