import { Component, type ReactNode } from 'react'

type GuardProps = { text: string; otherwise: ReactNode; children: ReactNode }
type GuardState = { text: string; hasFailed: boolean }

/** Shows something simpler for a text that cannot be rendered, such as Markdown that is nested ten thousand deep. */
export class Guard extends Component<GuardProps, GuardState> {
  override state: GuardState = { text: this.props.text, hasFailed: false }

  static getDerivedStateFromError(): Partial<GuardState> {
    return { hasFailed: true }
  }

  /** Another text is another try. */
  static getDerivedStateFromProps({ text }: GuardProps, state: GuardState): GuardState | null {
    return text === state.text ? null : { text, hasFailed: false }
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.otherwise : this.props.children
  }
}
