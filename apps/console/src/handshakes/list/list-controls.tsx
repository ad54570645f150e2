import type { StateFilter } from '../model/api.js'

const filters: readonly { value: StateFilter; label: string }[] = [
  { value: 'open', label: 'Open' },
  { value: 'ended', label: 'Ended' },
  { value: 'all', label: 'All' },
]

type ListControlsProps = {
  filter: StateFilter
  onFilter: (filter: StateFilter) => void
  words: string
  onWords: (words: string) => void
}

/** Filter and search above the list. */
export function ListControls({ filter, onFilter, words, onWords }: ListControlsProps) {
  return (
    <div className="mb-4 flex flex-wrap gap-3">
      <fieldset className="flex rounded-lg border border-line bg-sunken p-0.5">
        <legend className="sr-only">State</legend>
        {filters.map(({ value, label }) => (
          <label
            key={value}
            className="grid cursor-pointer place-items-center rounded-md px-3.5 py-1.5 text-sm font-medium text-soft hover:text-ink has-checked:bg-raised has-checked:text-ink has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="state"
              className="sr-only"
              checked={filter === value}
              onChange={() => onFilter(value)}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <input
        type="search"
        aria-label="Search by title, id or owner"
        placeholder="Search title, id or owner"
        className="input min-w-0 flex-1 basis-52 sm:max-w-xs"
        value={words}
        onChange={(event) => onWords(event.target.value)}
      />
    </div>
  )
}
