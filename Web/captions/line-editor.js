// Final lines that are corrected by hand, before they are copied or saved.

/**
 * @param {HTMLElement} container of the lines, each with its key in `data-key`
 * @param {object} events
 * @param {(key: string, text: string) => void} events.onEdit
 * @param {(key: string) => string} events.textOf
 * @param {() => string} events.label of the field, for those who listen
 */
export function editLines(container, { onEdit, textOf, label }) {
  container.addEventListener("click", ({ target }) => {
    const line = target.closest(".edit")?.closest("[data-key]");
    if (line) {
      open(line);
    }
  });

  function open(line) {
    const { key } = line.dataset;
    const field = document.createElement("textarea");
    field.value = textOf(key);
    field.ariaLabel = label();
    field.rows = Math.max(1, Math.ceil(field.value.length / 40));
    line.classList.add("editing");
    line.append(field);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    let isOver = false;
    const close = (isKept, isByKey = true) => {
      if (isOver) return;
      isOver = true;
      line.classList.remove("editing");
      const text = field.value.replace(/\s+/g, " ").trim();
      field.remove();
      if (isKept && text !== textOf(key)) {
        onEdit(key, text);
      }
      if (isByKey) {
        // After the line is written anew: who uses the keyboard goes on from where he was.
        requestAnimationFrame(() => {
          const again = container.querySelector(`[data-key="${CSS.escape(key)}"] .edit`);
          (again ?? container.closest("[tabindex]"))?.focus();
        });
      }
    };
    field.addEventListener("keydown", (event) => {
      // Enter may end a syllable that is still put together.
      if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        close(true);
      } else if (event.key === "Escape") {
        event.stopPropagation();
        close(false);
      }
    });
    field.addEventListener("blur", () => close(true, false));
  }
}
