// The elements of demo.html that the script moves. A missing one is a mistake in the page, said at once.

/** The element with this id. Throws when the page has none of that kind. */
function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id)
  if (element instanceof kind) return element
  throw new Error(`demo.html has no ${kind.name} #${id}`)
}

export type DemoPage = ReturnType<typeof findDemoPage>

/** Looks up everything once. */
export function findDemoPage() {
  return {
    form: byId('form', HTMLFormElement),
    status: byId('status', HTMLElement),
    detail: byId('status-detail', HTMLElement),
    problem: byId('problem', HTMLElement),
    timeRow: byId('time-row', HTMLElement),
    timeLeft: byId('time-left', HTMLElement),
    handOver: byId('hand-over', HTMLButtonElement),
    showPrompt: byId('show-prompt', HTMLButtonElement),
    extend: byId('extend', HTMLButtonElement),
    stop: byId('stop', HTMLButtonElement),
    dialog: byId('prompt-dialog', HTMLDialogElement),
    closePrompt: byId('close-prompt', HTMLButtonElement),
    promptText: byId('prompt-text', HTMLTextAreaElement),
    copyPrompt: byId('copy-prompt', HTMLButtonElement),
    curl: byId('curl', HTMLTextAreaElement),
    copyCurl: byId('copy-curl', HTMLButtonElement),
    submitted: byId('submitted', HTMLElement),
  }
}

/** The label of a form's field, as a person reads it. */
export function labelIn(form: HTMLFormElement, key: string): string {
  const found = form.elements.namedItem(key)
  const control = found instanceof RadioNodeList ? found[0] : found
  if (!(control instanceof HTMLElement)) return key
  return control.closest('.field')?.querySelector('legend, label')?.textContent?.trim() || key
}

/** Lights up the field that a value has just arrived in. */
export function lightUp(form: HTMLFormElement, key: string): void {
  const found = form.elements.namedItem(key)
  const control = found instanceof RadioNodeList ? found[0] : found
  const field = control instanceof HTMLElement ? control.closest<HTMLElement>('.field') : null
  if (!field) return
  field.dataset.arrived = ''
  field.addEventListener('animationend', () => delete field.dataset.arrived, { once: true })
}
