import { type ReactNode, useEffect, useState } from "react"

import { type Chosen, fromDrop, fromInput } from "../choosing.ts"
import { useApp } from "../state.tsx"
import { Icon } from "./icons.tsx"

const ACCEPT = "image/*,.heic,.heif,.avif,.tif,.tiff"

/** Where photos come in: dropped, pasted, or chosen. The whole window takes drops. */
export function Dropzone({ onPhotos, hint }: { onPhotos: (photos: Chosen[]) => void; hint?: string }) {
  const { words } = useApp()
  const isOver = useDrops(onPhotos)
  return (
    <div className={isOver ? "dropzone over" : "dropzone"}>
      <Icon name="upload" />
      <p className="drop-here">{words.home.drop}</p>
      <div className="choose">
        <FileButton onPhotos={onPhotos} main>
          {words.home.choose}
        </FileButton>
        <FileButton onPhotos={onPhotos} folder>
          <Icon name="folder" /> {words.home.folder}
        </FileButton>
      </div>
      <p className="fine">{hint ?? words.home.hint}</p>
    </div>
  )
}

/** The browser's own file button speaks the browser's language; this one the page's. */
export function FileButton({
  onPhotos,
  folder = false,
  main = false,
  children,
}: {
  onPhotos: (photos: Chosen[]) => void
  folder?: boolean
  main?: boolean
  children: ReactNode
}) {
  return (
    <label className={`button ${main ? "" : "quiet"} ${folder ? "folder" : ""}`}>
      {children}
      <input
        type="file"
        className="unseen"
        multiple
        {...(folder ? { webkitdirectory: "" } : { accept: ACCEPT })}
        onChange={(event) => {
          if (event.target.files?.length) onPhotos(fromInput(event.target.files))
          event.target.value = ""
        }}
      />
    </label>
  )
}

/** Whether something is held over the window; drops and pastes go to `onPhotos`. */
export function useDrops(onPhotos: (photos: Chosen[]) => void): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      event.preventDefault()
      setOver(false)
      if (event.dataTransfer) void fromDrop(event.dataTransfer).then((photos) => photos.length && onPhotos(photos))
    }
    const paste = (event: ClipboardEvent) => {
      const files = event.clipboardData?.files
      if (files?.length) onPhotos(fromInput(files))
    }
    window.addEventListener("dragover", over)
    window.addEventListener("dragleave", leave)
    window.addEventListener("drop", drop)
    window.addEventListener("paste", paste)
    return () => {
      window.removeEventListener("dragover", over)
      window.removeEventListener("dragleave", leave)
      window.removeEventListener("drop", drop)
      window.removeEventListener("paste", paste)
    }
  }, [onPhotos])
  return isOver
}
