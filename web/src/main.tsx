import "./css/base.css"
import "./css/navigation.css"
import "./css/parts.css"
import "./css/first.css"
import "./css/photo.css"
import "./css/batch.css"
import "./css/lists.css"
import "./css/studio.css"
import "./css/desk.css"
import "./css/templates.css"
import "./css/carousel.css"

import { StrictMode } from "react"
import { createRoot } from "react-dom/client"

import { App } from "./app.tsx"
import { showTheme } from "./parts/theme.tsx"
import { followReturn } from "./routes.ts"
import { AppState } from "./state.tsx"

showTheme()
followReturn()
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <AppState>
      <App />
    </AppState>
  </StrictMode>,
)
