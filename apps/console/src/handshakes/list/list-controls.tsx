import { Segments } from '../../ui/segments.js'
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
      <Segments legend="State" options={filters} value={filter} onChange={onFilter} />
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
