// xterm.js writes its rules into <style> elements and colours into `style` attributes. The content security policy of our
// pages forbids both, and for good reasons; scripts may set the same styles through the object model. So that is what is
// made of them here, and the policy stays as it is.

/**
 * Runs what makes <style> elements, at once: each of them is a sheet of the page instead, until it is removed. WHY not
 * xterm's option `documentOverride`: its scrollbars are made with the global document, whatever document it was given.
 */
export function withOwnSheets<T>(work: () => T): T {
  const create = document.createElement.bind(document)
  Object.defineProperty(document, 'createElement', {
    configurable: true,
    value: (tag: string, options?: ElementCreationOptions) =>
      tag === 'style' ? sheetElement(create('template')) : create(tag, options),
  })
  try {
    return work()
  } finally {
    // The one of the prototype is back.
    Reflect.deleteProperty(document, 'createElement')
  }
}

/** An element that is not shown; what is written into it is a sheet of the page. */
function sheetElement(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet()
  document.adoptedStyleSheets.push(sheet)
  Object.defineProperty(element, 'textContent', {
    set: (text: string) => {
      sheet.replaceSync(text)
    },
  })
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    Element.prototype.remove.call(element)
  }
  return element
}

let isPatched = false

/** Lets `setAttribute('style', …)` of spans, of which xterm.js makes its rows, set the same styles through the object model. */
export function allowStyledSpans(): void {
  if (isPatched) return
  isPatched = true
  const { setAttribute } = Element.prototype
  HTMLSpanElement.prototype.setAttribute = function (this: HTMLSpanElement, name: string, value: string) {
    if (name === 'style') this.style.cssText = value
    else setAttribute.call(this, name, value)
  }
}
