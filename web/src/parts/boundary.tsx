import { Component, type ReactNode } from "react"

import { useApp } from "../state.tsx"
import { Notice } from "./trouble.tsx"

/** Where a part of the page cannot be loaded or shown, that is said in its place; the rest goes on. */
export class Boundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false }

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true }
  }

  override render(): ReactNode {
    return this.state.isBroken ? <Broken /> : this.props.children
  }
}

function Broken() {
  const { words } = useApp()
  return (
    <section className="narrow">
      <h1>{words.problems.part}</h1>
      <Notice tone="bad">
        <p>{words.problems.partTells}</p>
        <div className="ways">
          <button type="button" className="button small" onClick={() => location.reload()}>
            {words.problems.reload}
          </button>
        </div>
      </Notice>
    </section>
  )
}
