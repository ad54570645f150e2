import type { SimMessage } from '@parley/relay/protocol'

type ButtonsProps = {
  message: SimMessage
  isDisabled: boolean
  onPress: (message: SimMessage, optionId: string) => void
}

/** The controls below a message, to be pressed. */
export function Buttons({ message, isDisabled, onPress }: ButtonsProps) {
  if (message.options.length === 0) return null
  return (
    <div className="mt-1.5 flex flex-wrap gap-1.5">
      {message.options.map(({ id, label, style = 'secondary' }) => (
        <button
          key={id}
          type="button"
          data-testid="press"
          className={`btn min-h-8 px-3 text-[0.8125rem] whitespace-normal [overflow-wrap:anywhere] ${styles[style]}`}
          disabled={isDisabled}
          onClick={() => onPress(message, id)}
        >
          {label}
        </button>
      ))}
    </div>
  )
}

const styles = {
  primary: 'btn-primary',
  success: 'btn-primary',
  danger: 'btn-danger',
  secondary: '',
}
