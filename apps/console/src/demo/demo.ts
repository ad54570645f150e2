// The panel beside the form: hands the form to an agent, shows how it goes, and ends it.

import type { FormBinding } from '@parley/handshake/client'
import type { Clock } from '../time/clock.js'
import { formatDuration } from '../time/countdown.js'
import { beginBinding, resumeBinding } from './binding.js'
import { Deadline } from './deadline.js'
import { explainFailure } from './failure.js'
import { type DemoPage, labelIn, lightUp } from './page.js'
import { preparePromptDialog, showPrompt } from './prompt-dialog.js'
import { isActive, type News, nextStatus, type Status } from './status.js'
import { statusWords } from './status-words.js'

const halfHour = 1800

export class Demo {
  readonly #page: DemoPage
  readonly #deadline: Deadline
  #status: Status = { state: 'idle' }
  #binding: FormBinding | undefined
  #isAsking = false

  constructor(page: DemoPage, clock: Clock) {
    this.#page = page
    this.#deadline = new Deadline(clock)
    preparePromptDialog(page, clock)
    page.handOver.addEventListener('click', () => void this.#handOver())
    page.showPrompt.addEventListener('click', () => this.#binding && showPrompt(page, this.#binding))
    page.extend.addEventListener(
      'click',
      () => void this.#try((binding) => binding.client.extend({ extraSeconds: halfHour })),
    )
    page.stop.addEventListener('click', () => void this.#try((binding) => this.#revoke(binding)))
    page.form.addEventListener('submit', (event) => this.#submit(event))
    clock.every(1000, () => this.#tick())
    this.#render()
  }

  /** Goes on with the session of before a reload, if there is one. */
  async resume(): Promise<void> {
    try {
      const binding = await resumeBinding(this.#page.form)
      if (!binding) return
      this.#take({ kind: 'asked' })
      this.#follow(binding)
      this.#learnFullTime(binding)
    } catch (error) {
      this.#explain(error)
    }
  }

  async #handOver(): Promise<void> {
    this.#page.problem.hidden = true
    this.#take({ kind: 'asked' })
    try {
      this.#binding?.stop()
      const binding = await beginBinding(this.#page.form)
      this.#follow(binding)
      showPrompt(this.#page, binding)
    } catch (error) {
      this.#take({ kind: 'failed' })
      this.#explain(error)
    }
  }

  #follow(binding: FormBinding): void {
    this.#binding = binding
    this.#deadline.clear()
    this.#deadline.set(binding.session.expiresIn)
    binding.on('status', ({ status, reason }) => this.#take({ kind: 'socket', status, reason }))
    binding.on('extended', ({ expiresIn }) => {
      this.#deadline.set(expiresIn)
      this.#renderTime()
    })
    binding.on('action', ({ key }) => {
      lightUp(this.#page.form, key)
      this.#deadline.touch()
      this.#take({ kind: 'action' })
    })
    binding.on('done', ({ applied, rejected, missing, values = {} }) => {
      for (const key of Object.keys(values)) lightUp(this.#page.form, key)
      this.#deadline.touch()
      this.#take({ kind: 'done', applied, rejected, missing })
    })
    this.#render()
  }

  /** A resumed session tells what is left of its time; how much it gets anew shows when the agent has used it. */
  #learnFullTime(binding: FormBinding): void {
    const stop = binding.on('done', () => {
      stop()
      void this.#readTime().catch(() => {})
    })
  }

  async #revoke(binding: FormBinding): Promise<void> {
    await binding.revoke()
    this.#take({ kind: 'stopped' })
    this.#page.handOver.focus()
  }

  /** Does something with the session; a failure is told in the panel. */
  async #try(act: (binding: FormBinding) => Promise<unknown>): Promise<void> {
    if (!this.#binding) return
    this.#page.problem.hidden = true
    try {
      await act(this.#binding)
    } catch (error) {
      this.#explain(error)
    }
    this.#render()
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault()
    this.#page.submitted.textContent =
      'Looks complete. In a real page this is where it would be sent, by you.'
  }

  #tick(): void {
    if (isActive(this.#status) && this.#deadline.seconds === 0) void this.#readTime().catch(() => {})
    this.#renderTime()
  }

  /** The server knows best how much time is left. One question at a time; no answer, no change. */
  async #readTime(): Promise<void> {
    if (this.#isAsking || !this.#binding) return
    this.#isAsking = true
    try {
      const { expiresIn } = await this.#binding.client.getContext()
      this.#deadline.set(expiresIn)
    } finally {
      this.#isAsking = false
    }
    this.#renderTime()
  }

  #take(news: News): void {
    this.#status = nextStatus(this.#status, news)
    this.#render()
  }

  #explain(error: unknown): void {
    const { text, needsSignIn } = explainFailure(error)
    this.#page.problem.textContent = text
    if (needsSignIn) this.#page.problem.append(' ', signInLink())
    this.#page.problem.hidden = false
  }

  #render(): void {
    const { status, detail, handOver, showPrompt: show, extend, stop, dialog } = this.#page
    const words = statusWords(this.#status, (key) => labelIn(this.#page.form, key))
    const active = isActive(this.#status)
    status.dataset.state = this.#status.state
    status.className = words.className
    status.textContent = words.badge
    detail.textContent = words.detail
    handOver.hidden = active
    handOver.disabled = this.#status.state === 'starting'
    for (const button of [show, extend, stop]) button.hidden = !active
    if (!active && dialog.open) dialog.close()
    this.#renderTime()
  }

  #renderTime(): void {
    this.#page.timeRow.hidden = !isActive(this.#status)
    this.#page.timeLeft.textContent = formatDuration(this.#deadline.seconds)
  }
}

function signInLink(): HTMLAnchorElement {
  const link = document.createElement('a')
  link.href = '/sign-in'
  link.className = 'link'
  link.textContent = 'How to sign in'
  return link
}
