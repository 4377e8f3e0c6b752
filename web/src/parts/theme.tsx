import { useState } from "react"

import { kept } from "../client.ts"
import { useApp } from "../state.tsx"

type Theme = "auto" | "light" | "dark"
const THEME = "lumiku.theme"

/** Has the page light or dark, as was chosen here, else as the device is. */
export function showTheme(theme: Theme = kept.read<Theme>(THEME) ?? "auto"): void {
  if (theme === "auto") delete document.documentElement.dataset["theme"]
  else document.documentElement.dataset["theme"] = theme
}

export function ThemeChoice() {
  const { words } = useApp()
  const [theme, setTheme] = useState<Theme>(kept.read<Theme>(THEME) ?? "auto")
  const choose = (chosen: Theme) => {
    setTheme(chosen)
    kept.write(THEME, chosen)
    showTheme(chosen)
  }
  return (
    <label className="field">
      <span>{words.nav.theme}</span>
      <select value={theme} onChange={(event) => choose(event.target.value as Theme)}>
        {(["auto", "light", "dark"] as const).map((name) => (
          <option key={name} value={name}>
            {words.nav.themes[name]}
          </option>
        ))}
      </select>
    </label>
  )
}
