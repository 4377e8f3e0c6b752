import type { Item } from "lumiku-client"

import { Icon } from "../parts/icons.tsx"

/** The same without it if it was there, else with it at the end. */
export const toggled = <T,>(list: T[], one: T): T[] => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one])

interface Props {
  found: Item[]
  picked: string[]
  /** What the box of a photo of that name is called. */
  word: (name: string) => string
  onPick: (itemId: string) => void
}

/** Photos with a box each. */
export function PicturesToChoose({ found, picked, word, onPick }: Props) {
  return (
    <ul className="gallery">
      {found.map((one) => (
        <li key={one.itemId} className={picked.includes(one.itemId) ? "shot selected" : "shot"}>
          <span className="picture">{one.thumbnailUrl ? <img src={one.thumbnailUrl} alt="" loading="lazy" /> : <Icon name="photo" />}</span>
          <strong className="file-name">{one.name}</strong>
          <label className="pick">
            <input type="checkbox" aria-label={word(one.name)} checked={picked.includes(one.itemId)} onChange={() => onPick(one.itemId)} />
          </label>
        </li>
      ))}
    </ul>
  )
}
