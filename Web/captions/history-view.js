// The list of earlier transcripts: open one, or delete it.

export class HistoryView {
  #list; #nothing; #clear; #history; #events;
  #texts = null;

  /**
   * @param {{menu: HTMLElement, list: HTMLElement, nothing: HTMLElement, clear: HTMLButtonElement}} parts
   * @param {import("./history.js").History} history
   * @param {{onOpen: (entry: import("./history.js").Entry) => void, mayOpen: () => boolean}} events
   */
  constructor({ menu, list, nothing, clear }, history, events) {
    this.#list = list;
    this.#nothing = nothing;
    this.#clear = clear;
    this.#history = history;
    this.#events = events;
    menu.addEventListener("beforetoggle", ({ newState }) => newState === "open" && this.refresh());
    clear.addEventListener("click", async () => {
      if (confirm(this.#texts.text("history.question"))) {
        await history.clear();
        await this.refresh();
      }
    });
  }

  /** @param {import("./shared/i18n.js").Texts} texts */
  render(texts) {
    this.#texts = texts;
  }

  async refresh() {
    const entries = await this.#history.list();
    this.#nothing.hidden = entries.length > 0;
    this.#clear.hidden = entries.length === 0;
    this.#list.replaceChildren(...entries.map((entry) => this.#item(entry)));
  }

  #item(entry) {
    const texts = this.#texts;
    const when = new Intl.DateTimeFormat(texts.language, { dateStyle: "medium", timeStyle: "short" }).format(entry.at);
    const open = document.createElement("button");
    open.type = "button";
    open.className = "quiet";
    open.disabled = !this.#events.mayOpen();
    const [time, title] = [document.createElement("small"), document.createElement("span")];
    time.textContent = `${when} · ${texts.text("history.count", { count: entry.count })}`;
    title.textContent = entry.title;
    open.append(title, time);
    open.addEventListener("click", () => this.#events.onOpen(entry));
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "quiet";
    remove.textContent = "✕";
    remove.ariaLabel = `${texts.text("history.delete")}: ${when}`;
    remove.addEventListener("click", async () => {
      await this.#history.remove(entry.id);
      await this.refresh();
    });
    const item = document.createElement("li");
    item.append(open, remove);
    return item;
  }
}
