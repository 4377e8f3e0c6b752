import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

// The content security policy allows no inline script and no data: font or style.
export default defineConfig({
  plugins: [react()],
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
