const maxLength = 20_000

/** Any JSON, to be read by people. What is very long is cut. */
export function Json({ value }: { value: unknown }) {
  const text = JSON.stringify(value, null, 2) ?? ''
  return <pre data-parley-json="">{text.length > maxLength ? `${text.slice(0, maxLength)} …` : text}</pre>
}
