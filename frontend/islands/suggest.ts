/**
 * Suggestions while typing (the combobox pattern of the ARIA Authoring Practices, list autocomplete):
 *
 *     <div data-suggest="/orte/vorschlaege/" data-suggest-target="ags"> <input type="search" name="q" …> </div>
 *
 * The address answers `?q=…` with JSON `{"results": [{"label", "hint"?, "href"?, "key"?}]}`. Choosing an entry
 * goes to its `href`; without one it fills the field, and `key` goes into the hidden field that
 * `data-suggest-target` names. Without JavaScript the field is an ordinary search field.
 */
interface Entry {
  label: string;
  hint?: string;
  href?: string;
  key?: string;
}

const PAUSE = 150; // ms after the last key before asking
let count = 0;

export function start(host: HTMLElement): void {
  const input = host.querySelector<HTMLInputElement>("input:not([type=hidden])");
  const address = host.dataset["suggest"];
  if (!input || !address) return;
  const targetName = host.dataset["suggestTarget"];
  const target = targetName ? host.querySelector<HTMLInputElement>(`input[name="${targetName}"]`) : null;
  const german = !document.documentElement.lang.startsWith("en");

  count += 1;
  const list = document.createElement("ul");
  list.id = `suggest-${count}`;
  list.className = "suggest__list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", german ? "Vorschläge" : "Suggestions");
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "kern-sr-only";
  status.setAttribute("role", "status");
  host.classList.add("suggest");
  host.append(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("autocomplete", "off");

  let entries: Entry[] = [];
  let active = -1;
  let timer = 0;
  let request: AbortController | undefined;

  const close = (): void => {
    request?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (index: number): void => {
    active = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = list.children[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };

  const choose = (entry: Entry): void => {
    close();
    if (entry.href && new URL(entry.href, location.href).origin === location.origin) {
      location.assign(entry.href);
      return;
    }
    input.value = entry.label;
    if (target) target.value = entry.key ?? "";
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const show = (): void => {
    list.replaceChildren(
      ...entries.map((entry, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.className = "suggest__option";
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.append(entry.label);
        if (entry.hint) {
          const hint = document.createElement("span");
          hint.className = "suggest__hint";
          hint.textContent = entry.hint;
          option.append(" ", hint);
        }
        option.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the field
        option.addEventListener("click", () => choose(entry));
        return option;
      }),
    );
    active = -1;
    list.hidden = entries.length === 0;
    input.setAttribute("aria-expanded", String(entries.length > 0));
    status.textContent = german
      ? entries.length === 1 ? "1 Vorschlag" : `${entries.length} Vorschläge`
      : entries.length === 1 ? "1 suggestion" : `${entries.length} suggestions`;
  };

  const ask = async (): Promise<void> => {
    const text = input.value.trim();
    if (text.length < 2) {
      close();
      return;
    }
    request?.abort();
    request = new AbortController();
    const url = new URL(address, location.href);
    url.searchParams.set("q", text);
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" }, signal: request.signal });
      if (!response.ok) return;
      entries = ((await response.json()) as { results: Entry[] }).results.slice(0, 10);
      show();
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) close();
    }
  };

  input.addEventListener("input", () => {
    if (target) target.value = "";
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      close();
      event.preventDefault();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && entries.length > 0) {
      if (list.hidden) show();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(active === -1 && step === -1 ? entries.length - 1 : (active + step + entries.length) % entries.length);
      event.preventDefault();
    } else if (event.key === "Enter" && !list.hidden) {
      const entry = entries[active];
      if (entry) {
        choose(entry);
        event.preventDefault();
      }
    }
  });
  input.addEventListener("blur", close);
}
