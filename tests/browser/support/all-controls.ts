import type { Page } from 'playwright-core'

/** One control of every kind, then those that an agent may never see. */
export const controls = `
  <label>Text <input name="text"></label>
  <label>Number <input name="number" type="number" min="0" max="9"></label>
  <label>Ratio <input name="ratio" type="number" step="any"></label>
  <label>Slider <input name="slider" type="range" min="0" max="10"></label>
  <label>Agree <input name="agree" type="checkbox"></label>
  <label><input name="days" type="checkbox" value="mon"> Monday</label>
  <label><input name="days" type="checkbox" value="tue"> Tuesday</label>
  <label><input name="size" type="radio" value="s"> Small</label>
  <label><input name="size" type="radio" value="l"> Large</label>
  <label>Colour <select name="colour"><option value="red">Red</option><option value="blue">Blue</option></select></label>
  <label>Tags <select name="tags" multiple><option>a</option><option>b</option><option>c</option></select></label>
  <label>Day <input name="day" type="date"></label>
  <label>Time <input name="time" type="time"></label>
  <label>Moment <input name="moment" type="datetime-local"></label>
  <label>Long <textarea name="long"></textarea></label>
  <label>Given <input name="given" value="from the page"></label>
  <label>Password <input name="password" type="password"></label>
  <label>File <input name="file" type="file"></label>
  <input name="hidden" type="hidden" value="secret-hidden">
  <label>Card <input name="card" autocomplete="cc-number"></label>
  <fieldset data-handshake="off"><label>Off <input name="off"></label></fieldset>`

/** Keys of the controls that nobody filled in. */
export const keys = [
  'text',
  'number',
  'ratio',
  'slider',
  'agree',
  'days',
  'size',
  'colour',
  'tags',
  'day',
  'time',
  'moment',
  'long',
]

/** What the form would send, without what stays out of a handshake. */
export function formData(page: Page): Promise<Record<string, string[]>> {
  return page.evaluate(() => {
    const data = new FormData(document.querySelector('form')!)
    const kept = [...new Set(data.keys())].filter(
      (key) => !['password', 'file', 'hidden', 'card', 'off'].includes(key),
    )
    return Object.fromEntries(kept.map((key) => [key, data.getAll(key).map(String)]))
  })
}
