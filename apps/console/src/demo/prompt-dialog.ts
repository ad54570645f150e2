import type { FormBinding } from '@parley/handshake/client'
import type { Clock } from '../time/clock.js'
import { curlLine } from './curl-line.js'
import type { DemoPage } from './page.js'

const saidMs = 2000

/** Lets the dialog's buttons work. */
export function preparePromptDialog(page: DemoPage, clock: Clock): void {
  page.closePrompt.addEventListener('click', () => page.dialog.close())
  // The button that opened it may be hidden by now, and a browser gives the focus back to that one only.
  page.dialog.addEventListener('close', () => {
    const next = page.showPrompt.hidden ? page.handOver : page.showPrompt
    next.focus()
  })
  copies(page.copyPrompt, page.promptText, clock)
  copies(page.copyCurl, page.curl, clock)
}

/** Shows the prompt of a session and a command to try. */
export function showPrompt(page: DemoPage, binding: FormBinding): void {
  page.promptText.value = binding.prompt({ title: 'Workshop registration' })
  page.curl.value = curlLine(window.location.origin, binding.session)
  page.dialog.showModal()
  page.copyPrompt.focus()
}

function copies(button: HTMLButtonElement, source: HTMLTextAreaElement, clock: Clock): void {
  const label = button.dataset.label ?? ''
  const say = (text: string) => {
    button.textContent = text
    clock.after(saidMs, () => {
      button.textContent = label
    })
  }
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(source.value).then(
      () => say('Copied'),
      () => select(source, say),
    )
  })
}

/** Where the clipboard is closed to us, the text is selected, so that one key copies it. */
function select(source: HTMLTextAreaElement, say: (text: string) => void): void {
  source.focus()
  source.select()
  say('Selected: press Ctrl+C')
}
