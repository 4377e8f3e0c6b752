import { useEffect, useRef, useState } from "react"

import { Icon } from "./icons.tsx"

const SIDE_PX = 160
const AT_ONCE = 2
let running = 0
const waiting: (() => void)[] = []

/** Decoding a large photo takes memory, so only a few are decoded at once. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    return await work()
  } finally {
    running--
    waiting.shift()?.()
  }
}

/** A small picture of a file, made when it comes into view; an icon where the browser cannot read it. */
export function Thumbnail({ file, result }: { file: File | undefined; result: string | null }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [isShown, setShown] = useState(false)
  const [isBroken, setBroken] = useState(false)
  useEffect(() => {
    const target = canvas.current
    if (!file || !target || result) return
    let isOver = false
    const draw = () =>
      inTurn(async () => {
        if (isOver) return
        const bitmap = await createImageBitmap(file, { resizeWidth: SIDE_PX, resizeQuality: "medium" })
        target.width = bitmap.width
        target.height = bitmap.height
        target.getContext("2d")?.drawImage(bitmap, 0, 0)
        bitmap.close()
        setShown(true)
      }).catch(() => setShown(false))
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return
      seen.disconnect()
      void draw()
    })
    seen.observe(target)
    return () => {
      isOver = true
      seen.disconnect()
    }
  }, [file, result])
  if (result && !isBroken) {
    return <img className="checkerboard" src={result} alt="" loading="lazy" onError={() => setBroken(true)} />
  }
  return (
    <>
      <canvas ref={canvas} width="1" height="1" className={isShown ? "shown" : undefined} aria-hidden="true" />
      {!isShown && <Icon name="photo" />}
    </>
  )
}
