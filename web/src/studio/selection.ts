import { kept } from "../client.ts"

export type Page = "together" | "export" | "carousel"
const placeOf = (page: Page) => `lumiku.selection.${page}`

/** Photos of a project that were selected for a page that is opened later. */
export function rememberSelection(page: Page, projectId: string, itemIds: readonly string[]): void {
  if (itemIds.length) kept.write(placeOf(page), { projectId, itemIds })
}

export function takeSelection(page: Page, projectId: string): string[] | null {
  const found = kept.read<{ projectId: string; itemIds: string[] }>(placeOf(page))
  kept.drop(placeOf(page))
  return found?.projectId === projectId ? found.itemIds : null
}

/** The same in their order, at most `size` at once. */
export function inParts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, part) => all.slice(part * size, (part + 1) * size))
}
