import type { Ref } from "react"

/** A question before something that cannot be undone. */
export function Sure({
  ref,
  asks,
  yes,
  no,
  onYes,
}: {
  ref: Ref<HTMLDialogElement>
  asks: string
  yes: string
  no: string
  onYes: () => void
}) {
  return (
    <dialog ref={ref} aria-label={asks}>
      <form method="dialog">
        <p>{asks}</p>
        <div className="ways">
          <button className="button quiet">{no}</button>
          <button className="button danger" onClick={onYes}>
            {yes}
          </button>
        </div>
      </form>
    </dialog>
  )
}
